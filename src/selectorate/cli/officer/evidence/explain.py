"""One finding computed again from what it was found in, and said byte for byte or by its differences."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.cli import speak
from selectorate.cli.officer.evidence.numbers import files_of_numbers, given
from selectorate.cli.officer.evidence.pages import printed_findings, titles
from selectorate.cli.officer.evidence.told import State, told

if TYPE_CHECKING:
    from selectorate.office.evidence import Files


@click.command(
    "explain",
    epilog="""\b
Examples:
  selectorate roll explain payer-2f60aa91c0 selection
  selectorate roll explain payer-2f60aa91c0 --members members.parquet --freeze 20643 --against findings.json
  selectorate roll explain payer-2f60aa91c0 --members members.parquet --freeze 20643 --sql recount.sql""",
)
@click.argument("finding")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@files_of_numbers
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    default=None,
    help="Without DIR: what `roll findings --json` printed, to compare with.",
)
@click.option(
    "--sql",
    type=click.Path(path_type=Path),
    default=None,
    help="Without DIR: write the SQL with which anybody counts the finding again.",
)
@speak.at
@speak.as_json
def explain(
    finding: str, directory: Path | None, members: Path | None, freeze: str | None, against: Path | None,
    sql: Path | None, at_: datetime | None, json_: bool, **others: Any,
) -> int:  # fmt: skip
    """Compute one finding again from the roll as it was looked at, and say what each sign adds to it.

    The exit code is 0 where it comes out byte for byte (or nothing was given to compare with), 1 where it differs.
    """
    from selectorate.errors import refuse

    numbers = (members, freeze, against, sql, *(value or None for value in others.values()))
    if directory is not None and any(each is not None for each in numbers):
        raise refuse("evidence.either", found="both")
    if directory is None and (members is None or freeze is None):
        raise refuse("evidence.either", found="neither")
    with speak.waiting("Looking at the roll again"):
        if directory is not None:
            kept, now, settings = _of_workspace(directory, finding, at_)
        else:
            kept, now, settings = _of_numbers(finding, members, freeze, others, against, sql)
    return _tell(finding, kept, now, settings, json_)


def _of_workspace(
    directory: Path, finding: str, at: datetime | None
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None, tuple[str, str]]:
    from selectorate.office.evidence.vaulted import recomputed
    from selectorate.office.keeping.pending import demand_kept
    from selectorate.office.settling.reviews import of
    from selectorate.office.workspace import Workspace
    from selectorate.roll.signals.settings import settings

    workspace = Workspace(directory, at, alone=False)
    demand_kept(workspace, "findings.json")
    kept = of(workspace.vault, finding)
    inputs = workspace.vault.load("looked")
    found = {one.id: one.to_json() for one in recomputed(workspace, inputs)}
    return kept, found.get(finding), (str(inputs["settings"]), settings().digest)


def _of_numbers(
    finding: str, members: Path | None, freeze: str | None, others: dict[str, Any], against: Path | None,
    sql: Path | None,
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None, tuple[str, str]]:  # fmt: skip
    from selectorate.office import evidence, files

    files_, calibrated = given(members or Path(), others)
    before = printed_findings(against) if against is not None else None
    made = evidence.look(files_, evidence.day(freeze or ""), calibrated=calibrated)
    now = {one["id"]: one for one in made["findings"]}.get(finding)
    kept = {one["id"]: one for one in before["findings"]}.get(finding) if before is not None else now
    if kept is None:
        raise _unknown(finding, (before or made)["findings"])
    if sql is not None and now is not None:
        files.write(sql, _sql(files_, now, made["freeze"]))
    settings = str(made["settings"])
    return kept if before else None, now, (str((before or made).get("settings", "")), settings)


def _sql(files_: Files, one: Mapping[str, Any], freeze: int) -> bytes:
    from selectorate.office.evidence import has_households
    from selectorate.roll.settling.recount import recount

    return recount(one, freeze, str(files_.members), household=has_households(files_.members)).encode()


def _unknown(finding: str, listed: list[dict[str, Any]]) -> Exception:
    from selectorate.errors import refuse

    return refuse("roll.finding", finding=finding, known=", ".join(one["id"] for one in listed[:5]) or "none")


def _tell(
    finding: str,
    kept: Mapping[str, Any] | None,
    now: Mapping[str, Any] | None,
    settings: tuple[str, str],
    json_: bool,
) -> int:
    from selectorate.pages.findings.text import finding_text, parts

    digests = [hashlib.sha256(_bytes(one)).hexdigest() if one is not None else "" for one in (kept, now)]
    differing = differences(kept, now) if kept is not None else []
    same = None if kept is None else not differing
    lines = [f"SHA-256 of the finding: {digests[1] or 'none'}; of the settings: {settings[1]}."]
    if settings[0] != settings[1]:
        lines.insert(0, f"The settings are others now; then they had the SHA-256 {settings[0]}.")
    if same:
        lines.insert(0, f"{finding} comes out byte for byte as it was.")
    elif same is None:
        lines.insert(0, f"{finding} was computed; nothing was given to compare it with (--against).")
    elif now is None:
        lines.insert(0, f"{finding} does not come out again.")
    else:
        lines.insert(0, f"{finding} comes out differently:")
        lines[1:1] = [f"  {text}" for text in differing]
    added: tuple[str, ...] = ()
    if now is not None:
        page = replace(told(now, State(titles=titles())), steps=(), matters="")
        added = parts(page)
        lines += ["", finding_text(page).rstrip("\n")]
    value = {
        "finding": finding,
        "same": same,
        "differences": differing,
        "sha256": digests[1],
        "settings": settings[1],
        "adds": list(added),
    }
    speak.tell(json_, value, *lines)
    return 1 if same is False else 0


def _bytes(one: Mapping[str, Any]) -> bytes:
    """One form for the comparison; numbers with decimals stand as they are printed."""
    import json

    return json.dumps(one, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def differences(kept: Mapping[str, Any], now: Mapping[str, Any] | None) -> list[str]:
    """What differs, field by field, in words; empty for the same bytes."""
    if now is None:
        return ["it is not among the findings"]
    if _bytes(kept) == _bytes(now):
        return []
    said = []
    for name in sorted(kept.keys() | now.keys()):
        before, after = kept.get(name), now.get(name)
        if before != after:
            short = [
                f"{len(one)} entries" if isinstance(one, list | tuple) else str(one)[:80]
                for one in (before, after)
            ]
            said.append(f"{name}: {short[0]} then, {short[1]} now")
    return said or ["the same values in other bytes"]


COMMANDS = (explain,)
