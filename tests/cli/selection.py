"""A small selection, played through the real commands: forty members, four candidates, three trustees.

Every phase is built once in a session, from the one before it, and copied for each test that asks for it.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selectorate.cli import run

MEMBERS = 40
CANDIDATES = ("Alder", "Ash", "Beech", "Elm")
RULEBOOK = Path(__file__).with_name("rulebook.toml")
BY = ("--by", "Officer One")
BOTH = (*BY, "--and", "Officer Two")
PAID_BY_ONE = range(21, 33)
IN_ARREARS = ("M-00039", "M-00040")
PASSPHRASE = "alder beech elm rowan willow"  # noqa: S105 - of the tests


@dataclass(frozen=True, slots=True)
class Said:
    """What one command said and how it ended."""

    code: int
    out: str
    err: str


def say(*arguments: str | Path) -> Said:
    """Run one command in this process, as if typed."""
    out, talk = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(talk):
        code = run([str(argument) for argument in arguments])
    return Said(code, out.getvalue(), talk.getvalue())


def done(*arguments: str | Path) -> str:
    """Run one command that has to succeed; its standard output."""
    said = say(*arguments)
    assert said.code == 0, f"{arguments}: exit {said.code}\n{said.out}{said.err}"
    return said.out


class Selection:
    """A selection below one folder: `office` is the officer's workspace, the other seats have their own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.office = root / "office"
        self.public = self.office / "public"
        self.letters = root / "authority"
        self.electors = root / "electors"

    def key(self, number: int) -> Path:
        return self.root / f"trustee-{number}" / "key.json"

    def words(self, number: int) -> Path:
        """The file with a trustee's passphrase, beside the key."""
        return self.root / f"trustee-{number}" / "passphrase.txt"

    def unlock(self, number: int) -> tuple[str | Path, ...]:
        return ("--key", self.key(number), "--passphrase-file", self.words(number))

    def decrypting(self, number: int) -> tuple[str | Path, ...]:
        """The command by which a trustee decrypts; the end of the poll has to be seen before."""
        return ("trustee", "decrypt", *self.unlock(number), self.public, self.sent("decryption", number))

    def sent(self, kind: str, number: int) -> Path:
        return self.root / f"trustee-{number}" / f"{kind}.json"

    def passphrase(self) -> tuple[str, Path]:
        """The option with which the credential authority gives its passphrase."""
        file = self.root / "passphrase.txt"
        if not file.exists():
            file.touch(0o600)
            file.write_text(PASSPHRASE)
        return ("--passphrase-file", file)

    def batch(self, name: str) -> dict[str, str]:
        """Member -> private credential in one sealed batch."""
        from selectorate.cli.authority.folder import Folder

        folder = Folder(self.letters)
        return {one.member: one.credential for one in folder.unseal(name, folder.plan(), PASSPHRASE).letters}

    def credentials(self) -> dict[str, str]:
        """Member -> private credential, the newest letter of each."""
        sealed = sorted((self.letters / "letters").glob("batch-*.sealed"))
        names = [path.stem.removeprefix("batch-") for path in sealed]
        found: dict[str, str] = {}
        for name in names:
            found.update(self.batch(name))
        return found

    def lines(self) -> list[bytes]:
        """The entries as published."""
        return (self.public / "log" / "entries.jsonl").read_bytes().splitlines()

    def acts(self) -> list[str]:
        """Act of each entry; for an event of the archive its type."""
        entries = [json.loads(line) for line in self.lines()]
        return [entry["data"]["type"] if entry["act"] == "bel.event" else entry["act"] for entry in entries]

    def files(self) -> dict[str, bytes]:
        """Every file of the public folder, by path."""
        return {
            path.relative_to(self.public).as_posix(): path.read_bytes()
            for path in sorted(self.public.rglob("*"))
            if path.is_file()
        }

    def opening(self, *more: str) -> tuple[str | Path, ...]:
        trustees = (part for number in (1, 2, 3) for part in ("--trustee", f"{self.key(number)}.pub"))
        return (
            "ballot", "open", self.office, "--credentials", self.public_list(), *trustees,
            "--candidates", self.root / "candidates.toml", *BOTH, "--at", "2027-03-01T09:00:00Z", *more,
        )  # fmt: skip

    def public_list(self) -> Path:
        return self.letters / "for-the-officer" / "public-credentials.json"

    def ballots(self, choices: dict[str, tuple[int, ...]]) -> list[bytes]:
        """Ballots of members by number, each with one rank per candidate in the order of the paper."""
        from selectorate.ballot import make
        from selectorate.cli.elector import open_poll

        setup, _ = open_poll(self.public)
        own = self.credentials()
        texts = [json.dumps([list(ranks)], separators=(",", ":")) for ranks in choices.values()]
        return list(make.ballots(setup, [own[member] for member in choices], texts))


def members_csv(number: int = MEMBERS) -> bytes:
    """An invented roll; every row has its own home."""
    rows = ["member_id,full_name,joined_on,paid_to,email,address_1,postcode,branch"]
    for n in range(1, number + 1):
        paid = "2026-01-31" if f"M-{n:05}" in IN_ARREARS else "2027-06-30"
        rows.append(
            f"M-{n:05},Member {n},20{10 + n % 12}-0{1 + n % 9}-1{n % 10},{paid},"
            f"member{n}@orchard.example,{n} Orchard Lane,OR{n % 90:02} 1XX,{'North' if n % 2 else 'South'}"
        )
    return "\n".join(rows).encode() + b"\n"


def payer(n: int) -> str:
    """Everybody pays for themselves, but for twelve whom one account pays for."""
    return "ACC-PAYS-FOR-MANY" if n in PAID_BY_ONE else f"ACC-{n:05}"


def payments_csv(number: int = MEMBERS) -> bytes:
    rows = ["member_id,paid_on,amount,payer_ref,method"]
    rows += [
        f"M-{n:05},2026-07-0{1 + n % 9},24.00,{payer(n)},transfer"
        for n in range(1, number + 1)
        if f"M-{n:05}" not in IN_ARREARS
    ]
    return "\n".join(rows).encode() + b"\n"


def _new(s: Selection) -> None:
    (s.root / "members.csv").write_bytes(members_csv())
    (s.root / "payments.csv").write_bytes(payments_csv())
    done("new", s.office, "--rulebook", RULEBOOK, "--demonstration", *BY, "--at", "2026-12-01T09:00:00Z")


def _imported(s: Selection) -> None:
    files = (s.root / "members.csv", s.root / "payments.csv")
    done("roll", "import", s.office, *files, *BY, "--at", "2027-01-02T09:00:00Z")


def _asked(s: Selection) -> None:
    done(
        "roll",
        "findings",
        s.office,
        "--answer-to",
        "roll@orchard.example",
        *BY,
        "--at",
        "2027-01-04T09:00:00Z",
    )
    done("roll", "asked", s.office, "--on", "2027-01-05", *BY, "--at", "2027-01-05T09:00:00Z")


def _frozen(s: Selection) -> None:
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-20T09:00:00Z")


def decision(member: str = IN_ARREARS[0], change: str = "put back") -> str:
    return (
        f'[decision]\nmember = "{member}"\nchange = "{change}"\nclause = "E2"\ndecided_by = "Appeals panel"\n'
        'on = 2027-02-05\nreason = "Paid in January; the receipt was seen."\n\n[facts]\narrears_months = 0\n'
    )


def _final(s: Selection) -> None:
    (s.root / "decision.toml").write_text(decision())
    appeal = ("--on", "2027-01-25", "--at", "2027-01-25T09:00:00Z")
    for member in IN_ARREARS:
        done("roll", "appeal", s.office, "--member", member, *appeal)
    done("roll", "amend", s.office, s.root / "decision.toml", *BY, "--at", "2027-02-05T09:00:00Z")
    done("roll", "final", s.office, *BY, "--at", "2027-02-09T09:00:00Z")


def secret(path: Path, text: str) -> None:
    """A file that only its owner may read."""
    path.touch(mode=0o600)
    path.write_text(text)


def making_a_key(s: Selection) -> tuple[str | Path, ...]:
    """A command that makes a new trustee's key."""
    if not (s.root / "words.txt").exists():
        secret(s.root / "words.txt", "eleven tall trees by the river\n")
    return ("trustee", "new", s.root / "key.json", "--passphrase-file", s.root / "words.txt")


def quick(key: Path, words: Path) -> None:
    """The same key sealed so that opening it costs a test nothing."""
    from selectorate.office import sealed

    typed = words.read_text().rstrip("\n")
    private = sealed.unseal(key.read_bytes(), typed, sealed.TRUSTEE_KEY, str(key))
    key.write_bytes(sealed.seal(private, typed, sealed.TRUSTEE_KEY, sealed.SMALLEST))


def prove(s: Selection, number: int) -> None:
    name = f"Trustee {('One', 'Two', 'Three')[number - 1]}"
    done("trustee", "prove", *s.unlock(number), "--by", name, s.public, s.sent("proof", number))


def _proved(s: Selection) -> None:
    """Each trustee has a sealed key and a proof that it opens."""
    for number in (1, 2, 3):
        s.words(number).parent.mkdir()
        secret(s.words(number), f"tall tree number {number} by the river\n")
        done("trustee", "new", s.key(number), "--passphrase-file", s.words(number))
        quick(s.key(number), s.words(number))
        prove(s, number)


def _ready(s: Selection) -> None:
    """Trustees and credential authority have done their part."""
    for number in (1, 2, 3):
        done("ballot", "hold", s.office, s.sent("proof", number), "--at", "2027-02-20T09:00:00Z")
    electorate = s.office / "vault" / "electorate.csv"
    done("credentials", "make", s.public, electorate, s.letters, *s.passphrase())
    done("credentials", "replace", s.letters, "M-00007", *s.passphrase())
    consents = "".join(f'[[candidate]]\nname = "{name}"\nconsent = 2027-01-20\n\n' for name in CANDIDATES)
    (s.root / "candidates.toml").write_text(consents)


def _polling(s: Selection) -> None:
    done(*s.opening("--rankings-public", "yes"))


RANKS = ((1, 2, 3, 4), (2, 1, 0, 0), (0, 0, 1, 2), (3, 2, 1, 0), (0, 1, 0, 2))


def _voted(s: Selection) -> None:
    voters = [f"M-{n:05}" for n in range(1, 31)]
    lines = s.ballots({voter: RANKS[n % len(RANKS)] for n, voter in enumerate(voters)})
    lines += s.ballots({"M-00001": (4, 3, 2, 1), "M-00031": (0, 0, 0, 0), "M-00032": (1, 1, 0, 0)})
    s.electors.mkdir()
    (s.electors / "ballots.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    done("ballot", "accept", s.office, s.electors / "ballots.jsonl", "--at", "2027-03-14T09:00:00Z")


def _closed(s: Selection) -> None:
    done("ballot", "close", s.office, *BOTH, "--at", "2027-03-15T20:00:00Z")


def mix(s: Selection) -> None:
    for n in (1, 2):
        done("mix", s.public, s.sent("shuffle", n), "--owner", str(n))
        done("ballot", "take-shuffle", s.office, s.sent("shuffle", n), "--at", f"2027-03-15T2{n}:00:00Z")


def _mixed(s: Selection) -> None:
    for n in (1, 2, 3):
        done("trustee", "see", "--key", s.key(n), s.public)
    mix(s)


def _decrypted(s: Selection) -> None:
    for n in (1, 2, 3):
        done(*s.decrypting(n))
        done(
            "ballot", "take-decryption", s.office, s.sent("decryption", n), "--at", f"2027-03-15T23:0{n}:00Z"
        )


def _result(s: Selection) -> None:
    done("ballot", "result", s.office, "--at", "2027-03-15T23:30:00Z")


def _declared(s: Selection) -> None:
    done("count", s.office, *BY, "--at", "2027-03-16T09:00:00Z")


def _certified(s: Selection) -> None:
    done("certify", s.office, *BY, "--at", "2027-03-16T10:00:00Z")


def _published(s: Selection) -> None:
    done("publish", s.office, "--at", "2027-03-16T11:00:00Z")


PHASES: dict[str, Callable[[Selection], None]] = {
    "new": _new,
    "imported": _imported,
    "asked": _asked,
    "frozen": _frozen,
    "final": _final,
    "proved": _proved,
    "ready": _ready,
    "polling": _polling,
    "voted": _voted,
    "closed": _closed,
    "mixed": _mixed,
    "decrypted": _decrypted,
    "result": _result,
    "declared": _declared,
    "certified": _certified,
    "published": _published,
}


class Theatre:
    """Keeps one selection per phase, and hands out copies."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.copies = 0

    def at(self, phase: str) -> Selection:
        """A selection of its own that has come as far as `phase`."""
        kept = self._kept(phase)
        self.copies += 1
        return Selection(Path(shutil.copytree(kept, self.root / f"copy-{self.copies}")))

    def _kept(self, phase: str) -> Path:
        place = self.root / "kept" / phase
        if not place.exists():
            number = list(PHASES).index(phase)
            before = list(PHASES)[number - 1] if number else None
            fresh = self.root / "making" / phase
            if before is None:
                fresh.mkdir(parents=True)
            else:
                shutil.copytree(self._kept(before), fresh)
            PHASES[phase](Selection(fresh))
            place.parent.mkdir(parents=True, exist_ok=True)
            fresh.rename(place)
        return place


def report(public: Path) -> tuple[int, list[Any]]:
    """(exit code, failed checks) of `verify`."""
    said = say("verify", public, "--json")
    return said.code, [check for check in json.loads(said.out)["checks"] if check["verdict"] == "failed"]


_playing: list[Theatre] = []


def theatre_of_the_session(root: Callable[[], Path]) -> Theatre:
    """The one theatre of this run of the tests, whichever folder asks first."""
    if not _playing:
        _playing.append(Theatre(root()))
    return _playing[0]
