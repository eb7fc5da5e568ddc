"""Trustees of a threshold group: make one key together, in different places, with files that can be mailed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.cli import speak

if TYPE_CHECKING:
    from selectorate.ballot.ceremony.objects import Letter, Plan, Standing

PLAN = "ceremony.json"
SEAT = "seat.json"
SEED = "seed.sealed"
KEPT = "polynomial.kept"
SEND = "send"
TAKEN = "taken"
PARAMETERS = "parameters.json"
KEY = "key.json"
_FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.group()
def ceremony() -> None:
    """Make one key of several members, of whom a few are enough to decrypt.

    Nobody ever holds the whole key, and no meeting is needed: every step is a file that is sent to all others.
    """


@ceremony.command(
    epilog="""\b
Example:
  selectorate ceremony new trustees --members 3 --threshold 2 --uuid HJ4caHVMxvLsFH
Then send trustees/ceremony.json to the three members."""
)
@_FOLDER
@click.option("--members", required=True, type=int, help="How many members there are.")
@click.option("--threshold", required=True, type=int, help="How many of them are enough to decrypt.")
@click.option("--group", default="Ed25519", show_default=True, help="The group of the election.")
@click.option("--uuid", required=True, help="The election that the key is for.")
@speak.as_json
def new(folder: Path, members: int, threshold: int, group: str, uuid: str, json_: bool) -> None:
    """Plan a ceremony: writes FOLDER/ceremony.json, which all members must have.

    Whoever plans it has no seat. Taking in the members' letters here too shows how far they are, and gives the
    parameters file in the end.
    """
    from selectorate.ballot.ceremony import make
    from selectorate.office import files

    plan = make.plan(uuid=uuid, group=group, members=members, threshold=threshold)
    files.write(folder / PLAN, plan.to_json() + b"\n", replace=False)
    speak.tell(
        json_,
        {"ceremony": plan.identifier, "plan": str(folder / PLAN)},
        f"Planned: {threshold} of {members} members decrypt the election {uuid}.",
        f"Send {folder / PLAN} to all members, and tell each the number of the own seat.",
        following=f"selectorate ceremony take {folder} FILE...   (with the letters that members send)",
    )


@ceremony.command(
    epilog="""\b
Example:
  selectorate ceremony join my-part --as 2 --name "Trustee Two" ceremony.json
Then send my-part/send/1-certificate-member-2.json to all others."""
)
@_FOLDER
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--as", "number", required=True, type=int, help="The number of your seat.")
@click.option("--name", required=True, help="Your name, as the others know you.")
@speak.with_passphrase
@speak.as_json
def join(
    folder: Path, plan_file: Path, number: int, name: str, passphrase_file: Path | None, json_: bool
) -> None:
    """Take a seat in the ceremony of PLAN, in a new FOLDER of your own, and write your certificate.

    Your secret is kept in FOLDER, sealed with a passphrase. Keep a copy of the whole folder.
    """
    from selectorate import canon
    from selectorate.ballot.ceremony import make
    from selectorate.ballot.ceremony.objects import read_plan
    from selectorate.errors import refuse
    from selectorate.office import files, sealed

    plan = read_plan(files.read(plan_file, bytes_max=64 * 1024).removesuffix(b"\n"))
    if any((folder / SEND).glob("*.json")):
        raise refuse("ceremony.folder", folder=folder, because="it holds a seat already")
    seed, letter = make.certificate(plan, number, name)
    words = speak.new_passphrase(passphrase_file, SEED)
    files.write(folder / PLAN, plan.to_json() + b"\n")
    files.write(folder / SEED, sealed.seal(seed, words, sealed.CEREMONY_SEED), private=True)
    files.write(folder / SEAT, canon.encode({"name": name, "number": number}) + b"\n")
    # The letter last: interrupted before it, the same command starts again, and nobody has seen anything.
    mine = folder / SEND / letter.file_name
    files.write(mine, letter.to_json() + b"\n")
    speak.tell(
        json_,
        {"ceremony": plan.identifier, "send": [str(mine)], "number": number},
        f"You are member {number} of {plan.members}; {plan.threshold} of them will decrypt {plan.uuid}.",
        f"Send {mine} to all other members and to whoever planned it.",
        following=f"selectorate ceremony take {folder} FILE...   (with the certificates of the others)",
    )


@ceremony.command(
    epilog="""\b
Example:
  selectorate ceremony take my-part mail/1-certificate-member-1.json mail/1-certificate-member-3.json"""
)
@_FOLDER
@click.argument("letters", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path))
@speak.with_passphrase
@speak.as_json
def take(folder: Path, letters: tuple[Path, ...], passphrase_file: Path | None, json_: bool) -> None:
    """Take in what others sent, check all of it, and do every step of yours that is possible now.

    Says what was checked, what you have to send, and for whom the ceremony waits. Where somebody cheats it
    says who, and stops. The same file may be taken in twice.
    """
    place = _Place(folder)
    place.take(letters)
    standing = place.standing()
    _demand_sound(place, standing)
    written: list[Path] = []
    seat = None if place.number is None else _Seat(place, place.number, passphrase_file)
    while seat is not None and standing.step is not None and seat.number in standing.waiting:
        written.append(seat.write(standing))
        standing = place.standing()
        _demand_sound(place, standing)
    _finish(place, standing, seat)
    _tell(json_, place, standing, written)


@ceremony.command(
    epilog="""\b
Example:
  selectorate ceremony status my-part"""
)
@_FOLDER
@speak.as_json
def status(folder: Path, json_: bool) -> None:
    """Say how far the ceremony in FOLDER is, what was checked, and for whom it waits."""
    place = _Place(folder)
    standing = place.standing()
    _demand_sound(place, standing)
    _tell(json_, place, standing, [])


class _Place:
    """One folder of a ceremony, a member's or an observer's: everything in it but secrets."""

    def __init__(self, folder: Path) -> None:
        from selectorate import canon
        from selectorate.ballot.ceremony.objects import read_plan
        from selectorate.errors import refuse
        from selectorate.office import files

        self.folder = folder
        if not (folder / PLAN).is_file():
            raise refuse("ceremony.folder", folder=folder, because=f"it has no {PLAN}")
        self.plan: Plan = read_plan(files.read(folder / PLAN, bytes_max=64 * 1024).removesuffix(b"\n"))
        self.number: int | None = None
        if (folder / SEAT).is_file():
            seat = canon.decode(files.read(folder / SEAT).removesuffix(b"\n"), what=SEAT)
            self.number = seat["number"] if isinstance(seat, dict) else None
            if not isinstance(self.number, int) or not any((folder / SEND).glob("1-*.json")):
                raise refuse("ceremony.folder", folder=folder, because="joining was not finished; join again")
        self.letters = self._kept()

    def _kept(self) -> list[Letter]:
        """What lies in the folder was checked when it came in; it is checked again, for disks and hands err."""
        paths = [path for part in (SEND, TAKEN) for path in sorted((self.folder / part).glob("*.json"))]
        return self._checked(paths, [])

    def _checked(self, paths: Iterable[Path], known: list[Letter]) -> list[Letter]:
        """Letters in these files that are signed by their senders. Raises Refusal `ceremony.*`."""
        from selectorate.ballot.ceremony import check
        from selectorate.ballot.ceremony.objects import LETTER_MAX, STEPS, read_letter
        from selectorate.errors import refuse
        from selectorate.office import files

        pairs = [
            (path, read_letter(files.read(path, bytes_max=LETTER_MAX), self.plan, path.name))
            for path in paths
        ]
        pairs.sort(key=lambda pair: STEPS.index(pair[1].step))
        sound: list[Letter] = []
        for path, letter in pairs:
            if letter.step == "certificate":
                own = [check.own_certificate(letter)]
            else:
                own = [
                    check.own_certificate(each)
                    for each in (*known, *sound)
                    if each.step == "certificate" and each.sender == letter.sender
                ]
            if not own:
                raise refuse("ceremony.early", file=path.name, member=letter.sender)
            reasons = [check.signature_fault(self.plan, letter, certificate) for certificate in own]
            if all(reasons):
                raise refuse("ceremony.unsigned", file=path.name, member=letter.sender, because=reasons[0])
            sound.append(letter)
        return sound

    def take(self, paths: Iterable[Path]) -> None:
        """Keep what others sent, once all of it was found to be signed; each letter under a name of its own."""
        from selectorate import canon
        from selectorate.office import files

        known = {letter.to_json() for letter in self.letters}
        for letter in self._checked(paths, self.letters):
            content = letter.to_json()
            if content not in known:
                known.add(content)
                name = f"{letter.file_name.removesuffix('.json')}-{canon.sha256(content)[:8]}.json"
                files.write(self.folder / TAKEN / name, content + b"\n")
                self.letters.append(letter)

    def standing(self) -> Standing:
        """How far all letters that are here have brought it."""
        from selectorate.ballot.ceremony import check

        return check.standing(self.plan, self.letters)


class _Seat:
    """A member's own steps. The secret is opened when the first of them needs it, and asked for once."""

    def __init__(self, place: _Place, number: int, passphrase_file: Path | None) -> None:
        self.number = number
        self.place = place
        self.passphrase_file = passphrase_file
        self._words: str | None = None
        self._seed: bytes | None = None

    def words(self) -> str:
        if self._words is None:
            self._words = speak.passphrase(self.passphrase_file, SEED)
        return self._words

    def seed(self) -> bytes:
        from selectorate.office import files, sealed

        if self._seed is None:
            path = self.place.folder / SEED
            self._seed = sealed.unseal(
                files.read(path, bytes_max=64 * 1024), self.words(), sealed.CEREMONY_SEED, SEED
            )
        return self._seed

    def write(self, standing: Standing) -> Path:
        """The own letter of the step that the ceremony is at: made once, kept, then shown."""
        from selectorate.ballot.ceremony import make
        from selectorate.office import files

        step, seed = standing.step, self.seed()
        if step == "commitment":
            letter = make.commitment(standing, seed, self.number, self._polynomial(standing))
        elif step == "polynomial":
            letter = make.reveal(standing, seed, self.number, self._polynomial(standing))
        else:
            letter = make.share(standing, seed, self.number)
        path = self.place.folder / SEND / letter.file_name
        files.write(path, letter.to_json() + b"\n", replace=False)
        self.place.letters.append(letter)
        return path

    def _polynomial(self, standing: Standing) -> bytes:
        """The polynomial that is kept back until all have committed; drawn once."""
        from selectorate.ballot.ceremony import make
        from selectorate.ballot.ceremony.objects import LETTER_MAX
        from selectorate.office import files

        path = self.place.folder / KEPT
        if path.is_file():
            return files.read(path, bytes_max=LETTER_MAX)
        drawn = make.polynomial(standing, self.seed())
        files.write(path, drawn, private=True)
        return drawn

    def keep_key(self, standing: Standing) -> None:
        """The decryption key, sealed, once the own key was found in the parameters."""
        from selectorate.ballot.ceremony import make
        from selectorate.office import files, sealed

        path = self.place.folder / KEY
        if not path.exists():
            private, _ = make.decryption_key(standing, self.seed(), self.number)
            files.write(
                path, sealed.seal(private, self.words(), sealed.TRUSTEE_KEY), private=True, replace=False
            )


def _demand_sound(place: _Place, standing: Standing) -> None:
    """Raise Refusal `ceremony.stopped` that names who is at fault."""
    from selectorate.errors import refuse

    if standing.faults:
        said = [f"{_both(standing, fault.members)} {fault.because}" for fault in standing.faults]
        raise refuse("ceremony.stopped", because="; ".join(said), folder=place.folder)


def _both(standing: Standing, members: tuple[int, ...]) -> str:
    who = " or ".join(standing.person(number) for number in members)
    return who if len(members) == 1 else f"{who}:"


def _finish(place: _Place, standing: Standing, seat: _Seat | None) -> None:
    from selectorate.office import files

    if standing.parameters is None:
        return
    if seat is not None:
        seat.keep_key(standing)
    files.write(place.folder / PARAMETERS, standing.parameters)


def _tell(json_: bool, place: _Place, standing: Standing, written: list[Path]) -> None:
    folder = place.folder
    done = standing.parameters is not None
    value: dict[str, Any] = {
        "ceremony": place.plan.identifier,
        "step": standing.step,
        "checked": list(standing.checked),
        "send": [str(path) for path in written],
        "waiting": [{"number": each, "name": standing.names.get(each)} for each in standing.waiting],
        "code": standing.code,
        "parameters": str(folder / PARAMETERS) if done and (folder / PARAMETERS).exists() else None,
        "key": str(folder / KEY) if (folder / KEY).exists() else None,
    }
    lines = [f"Checked: {what}." for what in standing.checked]
    lines += [f"Send {path} to all other members and to whoever planned it." for path in written]
    following = None
    if done:
        plan = place.plan
        lines.append(
            f"The key is made: any {plan.threshold} of {plan.members} members can decrypt {plan.uuid}."
        )
        lines.append(f"Its code is {standing.code}. Read it to each other: if two codes differ, use nothing.")
        if (folder / KEY).exists():
            lines.append(f"Your own key is in {folder / KEY}, sealed; keep it, and a copy in another place.")
        following = f"the returning officer opens the poll with --trustee {PARAMETERS}"
    else:
        who = ", ".join(standing.person(number) for number in standing.waiting)
        lines.append(f"Waiting for the {standing.step} of {who}.")
        mine = place.number in standing.waiting
        following = f"selectorate ceremony take {folder}" + ("" if mine else " FILE...")
    speak.tell(json_, value, *lines, following=following)
