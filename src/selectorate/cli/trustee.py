"""Trustee: hold one key of the election, prove it, watch the record, decrypt once, never hand the key over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.cli import speak

if TYPE_CHECKING:
    from selectorate.ballot.objects import Verified
    from selectorate.cli.memory import Log, Memory
    from selectorate.verify.source import Source

GROUPS = ("Ed25519", "BELENIOS-2048", "RFC-3526-2048")
KEY = click.option("--key", "keyfile", required=True, type=click.Path(path_type=Path), help="Your key file.")
PUBLIC = click.argument("public", type=click.Path(path_type=Path))
OUT = click.argument("out", type=click.Path(path_type=Path))
GROUP = click.option(
    "--group", type=click.Choice(GROUPS), default="Ed25519", show_default=True, help="The group of the election."
)  # fmt: skip


@click.group()
def trustee() -> None:
    """Make a key, prove that you hold it, watch the record, decrypt once. The key never leaves your folder."""


@trustee.command(
    epilog="""\b
Example:
  selectorate trustee new my-key.json
Then send my-key.json.pub to the returning officer, and keep my-key.json."""
)
@click.argument("keyfile", type=click.Path(path_type=Path))
@GROUP
@speak.with_passphrase
@speak.as_json
def new(keyfile: Path, group: str, passphrase_file: Path | None, json_: bool) -> None:
    """Make a key pair: KEYFILE (private, sealed with a passphrase) and KEYFILE.pub with a proof that you hold it.

    Nobody can open KEYFILE without the passphrase, and nobody can make either again.
    """
    from selectorate import _kernel
    from selectorate.errors import refuse
    from selectorate.office import files, sealed

    if keyfile.exists():
        raise refuse("file.exists", file=keyfile)
    words = speak.new_passphrase(passphrase_file, keyfile.name)
    private, public = _kernel.new_trustee(group)
    closed = sealed.seal(private, words, sealed.TRUSTEE_KEY)
    shown = keyfile.with_name(keyfile.name + ".pub")
    # The key last: interrupted before it, the same command starts again; a key without its .pub could not.
    files.write(shown, public)
    files.write(keyfile, closed, private=True, replace=False)
    speak.tell(
        json_,
        {"key": str(keyfile), "public": str(shown), "group": group},
        f"Your key is in {keyfile}, sealed; keep it, a copy in another place, and the passphrase. "
        "Nobody can make them again.",
        f"Send {shown} to the returning officer.",
        following=f"selectorate trustee prove --key {keyfile} --by NAME PUBLIC OUT   (when the roll is final)",
    )


@trustee.command(
    epilog="""\b
Example:
  selectorate trustee prove --key my-key.json --by "Trustee One" public proof.json"""
)
@KEY
@PUBLIC
@OUT
@click.option("--by", required=True, metavar="NAME", help="Your name (goes on the record).")
@click.option("--contest", help="The contest that you are a trustee for (default: the first).")
@GROUP
@speak.with_passphrase
@speak.as_json
def prove(
    keyfile: Path, public: Path, out: Path, by: str, contest: str | None, group: str,
    passphrase_file: Path | None, json_: bool,
) -> None:  # fmt: skip
    """The drill before the poll: open your key, and prove in OUT that you still hold it, for the record in PUBLIC.

    The record's key is remembered in KEYFILE.memory; your key decrypts for that record and for no other.
    """
    from selectorate import canon
    from selectorate.cli.memory import Memory, log_of
    from selectorate.office import files
    from selectorate.verify import open_source

    memory = Memory.of(keyfile)
    speak.demand_other(out, keyfile, memory.path)
    source = open_source(public)
    log = log_of(public, source.lines, source.newest)
    memory.demand_extends(log)
    uuid = _promised(log, contest)
    _demand_free(memory, uuid)
    speak.demand_sound(source)
    private = opened(keyfile, passphrase_file)
    mine = _public_key(keyfile, group, private)
    value = _proof(log, group, private, uuid) | {"by": speak.plain_name(by), "public_key": mine}
    memory.see(log)
    memory.proved, memory.public_key, memory.group = uuid, mine, group
    memory.save()
    files.write(out, canon.encode(value) + b"\n")
    late = log.place("poll.opened") is not None
    speak.tell(
        json_,
        {"out": str(out), "uuid": uuid, "size": value["size"], "key": log.key},
        f"Your key opens, and {out} proves that you hold it for election {uuid}.",
        f"This record is remembered: {log.key}. Compare it with the organisation's announcement.",
        "The poll is open already: the officer takes no proof now."
        if late
        else f"Send {out} to the returning officer.",
    )


@trustee.command(
    epilog="""\b
Example:
  selectorate trustee see --key my-key.json public"""
)
@KEY
@PUBLIC
@speak.as_json
def see(keyfile: Path, public: Path, json_: bool) -> None:
    """Remember the newest checkpoint of PUBLIC in KEYFILE.memory, if it continues what you saw before.

    Do this with a copy of the folder that you fetched as anybody would, and compare the line that is printed with
    the other trustees. Nothing is decrypted under a closing checkpoint that you have not seen so. Your key is not
    opened.
    """
    from selectorate.cli.memory import Memory, read_log

    memory, log = Memory.of(keyfile), read_log(public)
    before = memory.seen["size"] if memory.seen else 0
    memory.see(log)
    memory.save()
    root = log.newest.root.hex()
    closed = log.place("bel.event", "EncryptedTally") is not None
    speak.tell(
        json_,
        {"size": log.newest.size, "root": root, "before": before, "closed": closed},
        f"Seen: {log.newest.size:,} entries, root {root}.",
        f"They continue the {before:,} that you saw before."
        if before
        else "This is the first checkpoint that you see of this record.",
        "The poll is closed, and this checkpoint covers its end."
        if closed
        else "The poll is not closed yet: see again afterwards.",
        "Compare the root with the other trustees.",
    )


@trustee.command(
    epilog="""\b
Example:
  selectorate trustee decrypt --key my-key.json public decryption.json"""
)
@KEY
@PUBLIC
@OUT
@click.option(
    "--small",
    metavar="NAME",
    help="Decrypt although fewer ballots are counted than the rulebook's floor; your name goes on the record.",
)
@speak.with_passphrase
@speak.as_json
def decrypt(
    keyfile: Path, public: Path, out: Path, small: str | None, passphrase_file: Path | None, json_: bool
) -> None:
    """Check the whole folder PUBLIC, then decrypt the shuffled tally with your key, with proofs, into OUT.

    The tally is the one in the record that you checked yourself. Refused are: a folder that fails a check, a poll
    that is not closed, an end of the poll that you have not seen before with `trustee see`, another record than
    the one you proved your key for, fewer ballots than the rulebook's floor, and a second decryption.
    """
    from selectorate.ballot import make
    from selectorate.cli.memory import Memory, log_of
    from selectorate.errors import refuse
    from selectorate.office import files
    from selectorate.verify import open_source

    memory = Memory.of(keyfile)
    speak.demand_other(out, keyfile, memory.path)
    if not memory.proved:
        raise refuse("memory.not_proved", file=memory.path)
    source = open_source(public)  # read once: what is checked is what is decrypted
    log = log_of(public, source.lines, source.newest)
    memory.demand_extends(log)
    examined = speak.sound_source(source)
    uuid = examined.parameters.uuid
    if examined.ciphertexts is None:
        raise refuse("trustee.not_ready", directory=public)
    if uuid != memory.proved:
        raise refuse("memory.other_election", file=memory.path, found=uuid, expected=memory.proved)
    if uuid in memory.decrypted:
        _finish(memory, uuid, examined.ciphertexts, out, json_)
        return
    _demand_seen(memory, log)
    said = _said_small(source, examined, small)
    private = opened(keyfile, passphrase_file)
    owner = _owner(keyfile, memory, examined, private)
    with speak.waiting(f"Decrypting {len(examined.counted):,} papers and proving it"):
        content = make.decryption(examined.setup, private, examined.ciphertexts)
    sent = _small_line(said, owner) + speak.sent(owner, content)
    # First the copy, then the memory that names it, then the output: interrupted anywhere, either nothing has
    # left this computer and the command starts again, or the copy is there to be sent.
    kept = keyfile.with_name(f"{keyfile.name}.decryption-{uuid}")
    files.write(kept, sent, private=True)
    memory.decrypted[uuid] = {
        "kept": kept.name, "out": str(out.resolve()), "tally": _tally_hash(examined.ciphertexts)
    }  # fmt: skip
    memory.save()
    files.write(out, sent)
    _tell_decrypted(json_, owner, out, kept)


def opened(keyfile: Path, passphrase_file: Path | None) -> bytes:
    """The private key in a sealed key file. Raises Refusal `sealed.*`, `file.*`."""
    from selectorate.office import files, sealed

    closed = files.read(keyfile, bytes_max=64 * 1024)
    words = speak.passphrase(passphrase_file, keyfile.name)
    return sealed.unseal(closed, words, sealed.TRUSTEE_KEY, str(keyfile))


def _public_key(keyfile: Path, group: str, private: bytes) -> str:
    from selectorate import _kernel
    from selectorate.errors import refuse

    try:
        return _kernel.trustee_public(group, private)
    except _kernel.KernelError:
        raise refuse("trustee.key", file=keyfile, group=group) from None


def _promised(log: Log, contest: str | None) -> str:
    """The uuid that the final roll promised. Raises Refusal `authority.not_final`, `trustee.contest`."""
    from selectorate.errors import refuse

    final = log.place("roll.final")
    if final is None:
        raise refuse("authority.not_final", directory=log.public)
    elections = log.entries[final].data["elections"]
    for one in elections:
        if contest in (None, one["contest"]):
            return str(one["uuid"])
    known = ", ".join(one["contest"] for one in elections)
    raise refuse("trustee.contest", contest=contest or "", known=known)


def _demand_free(memory: Memory, uuid: str) -> None:
    """One key is for one election."""
    from selectorate.errors import refuse

    if memory.proved and memory.proved != uuid:
        raise refuse("memory.other_election", file=memory.path, found=uuid, expected=memory.proved)


def _proof(log: Log, group: str, private: bytes, uuid: str) -> dict[str, Any]:
    import json

    from selectorate import _kernel
    from selectorate.ballot.check.trustees import held_statement

    root = log.newest.root.hex()
    proof = json.loads(_kernel.prove_held(group, private, held_statement(uuid, log.newest.size, root)))
    return {
        "challenge": proof["challenge"],
        "group": group,
        "response": proof["response"],
        "root": root,
        "size": log.newest.size,
        "uuid": uuid,
    }


def _demand_seen(memory: Memory, log: Log) -> None:
    """Raise Refusal `memory.unseen` unless a checkpoint seen before covers the end of the poll and its tally."""
    from selectorate.errors import refuse

    places = (log.place("poll.closed"), log.place("bel.event", "EncryptedTally"))
    seen = memory.seen["size"] if memory.seen else 0
    if any(place is None or place >= seen for place in places):
        raise refuse("memory.unseen", directory=log.public, seen=seen)


def _said_small(source: Source, examined: Verified, name: str | None) -> dict[str, Any] | None:
    """What the trustee says of a small tally, None where it is large enough. Raises Refusal `trustee.small`."""
    from selectorate import rules
    from selectorate.errors import refuse

    document = source.documents.get("rulebook.toml", b"")
    floor, counted = rules.load(document, "rulebook.toml").smallest_tally, len(examined.counted)
    if counted >= floor:
        return None
    if name is None:
        raise refuse("trustee.small", counted=counted, floor=floor)
    return {
        "counted": counted,
        "floor": floor,
        "name": speak.plain_name(name),
        "uuid": examined.parameters.uuid,
    }


def _small_line(said: dict[str, Any] | None, owner: int) -> bytes:
    from selectorate import canon

    return b"" if said is None else canon.encode({"small": said | {"trustee": owner}}) + b"\n"


def _owner(keyfile: Path, memory: Memory, examined: Verified, private: bytes) -> int:
    """This trustee's number. Raises Refusal `trustee.stranger`, `memory.other_key`, `trustee.key`."""
    from selectorate.ballot.parameters import read_parameters
    from selectorate.errors import refuse

    mine = _public_key(keyfile, read_parameters(examined.setup.election).group, private)
    if mine != memory.public_key:
        raise refuse("memory.other_key", file=keyfile, memory=memory.path)
    if mine not in examined.trustees:
        raise refuse("trustee.stranger", file=keyfile)
    return examined.trustees.index(mine) + 1


def _tally_hash(ciphertexts: bytes) -> str:
    from selectorate import canon

    return canon.sha256(ciphertexts)


def _finish(memory: Memory, uuid: str, ciphertexts: bytes, out: Path, json_: bool) -> None:
    """An interrupted output is written from the copy; everything else that comes twice is refused.

    Raises Refusal `trustee.again`."""
    from selectorate.ballot.check.tally import owner_of
    from selectorate.errors import refuse
    from selectorate.office import files

    first = memory.decrypted[uuid]
    kept = memory.path.with_name(first["kept"])
    interrupted = first["out"] == str(out.resolve()) and not out.exists()
    if not interrupted or first["tally"] != _tally_hash(ciphertexts):
        raise refuse("trustee.again", uuid=uuid, out=first["out"], kept=kept)
    sent = files.read(kept)
    files.write(out, sent)
    owned = next(found for line in sent.splitlines()[:2] if (found := owner_of(line)))
    _tell_decrypted(json_, owned[0], out, kept)


def _tell_decrypted(json_: bool, owner: int, out: Path, kept: Path) -> None:
    speak.tell(
        json_,
        {"owner": owner, "out": str(out), "kept": str(kept)},
        f"Trustee {owner}: decrypted with proofs, after checking the whole record.",
        f"Send {out} to the returning officer. A copy stays in {kept}.",
    )
