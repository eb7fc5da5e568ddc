"""Credential authority: make one voting credential per elector, hand the officer the public half only."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import click

from selectorate.cli import speak

BATCH = 1000
"""Letters per file: one batch is what one delivery takes."""


@click.group()
def credentials() -> None:
    """Make voting letters. The private credentials stay in your folder, one file per delivery batch."""


@credentials.command(
    epilog="""\b
Example:
  selectorate credentials make public electorate.csv letters"""
)
@click.argument("public", type=click.Path(path_type=Path))
@click.argument("electorate", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--group",
    type=click.Choice(("Ed25519", "BELENIOS-2048", "RFC-3526-2048")),
    default="Ed25519",
    show_default=True,
)
@speak.as_json
def make(public: Path, electorate: Path, out: Path, group: str, json_: bool) -> None:
    """Make a credential for each elector of ELECTORATE (the officer's electorate.csv) in the folder OUT.

    OUT/for-the-officer/public-credentials.json goes to the officer; OUT/letters/batch-*.csv (private, 0600) are
    for mail merge: each elector's own credential, delivered to nobody else.
    """
    from selectorate import _kernel
    from selectorate.errors import refuse
    from selectorate.office import files

    uuid = _promised(public)
    rows = _electors(files.read(electorate))
    if (out / "for-the-officer").exists():
        raise refuse("file.exists", file=out / "for-the-officer")
    pairs = _kernel.new_credentials(group, uuid, len(rows))
    letters = [{**row, "credential": private} for row, (private, _) in zip(rows, pairs, strict=True)]
    for start in range(0, len(letters), BATCH):
        name = f"batch-{start // BATCH + 1:03}.csv"
        files.write(out / "letters" / name, _csv(letters[start : start + BATCH]), private=True)
    of = {row["member"]: public_half for row, (_, public_half) in zip(rows, pairs, strict=True)}
    _save(out, uuid, group, of, [])
    speak.tell(
        json_,
        {"uuid": uuid, "electors": len(rows), "for_the_officer": str(_list(out))},
        f"{len(rows):,} credentials made for election {uuid}.",
        f"Give {_list(out)} to the returning officer, and nothing else.",
        f"Deliver the letters in {out / 'letters'}; destroy the files afterwards.",
    )


@credentials.command(
    epilog="""\b
Example:
  selectorate credentials replace letters M-00017 M-00324"""
)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("members", nargs=-1, required=True)
@speak.as_json
def replace(out: Path, members: tuple[str, ...], json_: bool) -> None:
    """Replace lost letters before the poll opens: a new credential for each elector named, the old one is void.

    The public list is rewritten and names each replacement; the officer puts them on the record at opening.
    Once the poll is open the list is fixed, and a lost letter can only be sent again.
    """
    from selectorate import _kernel
    from selectorate.errors import refuse
    from selectorate.office import files

    value = _made(out)
    of, replaced = dict(value["credentials"]), [list(pair) for pair in value["replaced"]]
    unknown = [member for member in members if member not in of]
    if unknown:
        raise refuse("authority.elector", members=", ".join(unknown))
    letters = []
    pairs = _kernel.new_credentials(value["group"], value["uuid"], len(members))
    for member, (private, public_half) in zip(members, pairs, strict=True):
        replaced.append([of[member], public_half])
        of[member] = public_half
        letters.append({"member": member, "credential": private})
    # Named after the list it belongs to: interrupted before the list is saved, the next run writes it again.
    name = f"replacement-{len(value['replaced']) + 1:03}.csv"
    files.write(out / "letters" / name, _csv(letters), private=True)
    _save(out, value["uuid"], value["group"], of, replaced)
    speak.tell(
        json_,
        {"replaced": len(members), "for_the_officer": str(_list(out))},
        f"{len(members)} letters replaced; the old credentials are void.",
        f"Give {_list(out)} to the returning officer again.",
    )


def _promised(public: Path) -> str:
    """The election that the record promised with the final roll."""
    from selectorate.errors import refuse
    from selectorate.log.objects import Entry
    from selectorate.office import files

    for number, line in enumerate(files.read(public / "log" / "entries.jsonl").splitlines()):
        entry = Entry.from_json(line, number)
        if entry.act == "roll.final":
            return str(entry.data["elections"][0]["uuid"])
    raise refuse("authority.not_final", directory=public)


def _electors(data: bytes) -> list[dict[str, str]]:
    from selectorate.errors import refuse

    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8"))))
    except (UnicodeDecodeError, csv.Error) as reason:
        raise refuse("authority.electorate", because=f"it is not a table in UTF-8 ({reason})") from None
    if not rows or "member" not in rows[0]:
        raise refuse("authority.electorate", because="it has no column `member`, or no row")
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise refuse("authority.electorate", because=f"row {number} has another number of cells")
        if not row["member"] or row["member"] in seen:
            raise refuse("authority.electorate", because=f"row {number} has no number of its own")
        seen.add(row["member"])
    return rows


def _made(out: Path) -> dict[str, Any]:
    from selectorate.errors import refuse
    from selectorate.office import files

    try:
        value = json.loads(files.read(_list(out)))
        sound = isinstance(value, dict) and set(value) == {"credentials", "group", "replaced", "uuid"}
    except ValueError:
        sound = False
    if not sound:
        raise refuse("authority.list", file=_list(out))
    return dict(value)


def _csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _list(out: Path) -> Path:
    return out / "for-the-officer" / "public-credentials.json"


def _save(out: Path, uuid: str, group: str, of: dict[str, str], replaced: list[Any]) -> None:
    from selectorate import canon
    from selectorate.office import files

    value = {"credentials": of, "group": group, "replaced": replaced, "uuid": uuid}
    files.write(_list(out), canon.encode(value) + b"\n")
