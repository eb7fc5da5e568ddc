"""The pages of findings in a folder of their own, private, and the same as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.cli import speak
from selectorate.cli.officer.evidence.told import State, told, told_day

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace
    from selectorate.pages.findings.objects import Look

PLACE = "findings"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the overview and how many findings beside it."""

    overview: Path
    findings: int


def look_of(workspace: Workspace) -> Look:
    """What the last look found, with everything that is known since."""
    from selectorate.cli.officer.evidence.state import look_of as made

    return made(workspace)


def write_pages(workspace: Workspace, out: Path | None = None) -> Written:
    """Write the overview, a page of each finding and `findings.txt` into `out`, else into `vault/findings`; private
    files. Pages of an earlier look in the vault go."""
    look = look_of(workspace)
    if out is None:
        workspace.vault.empty(PLACE)
    return _write(look, out or workspace.vault.path(PLACE))


def _write(look: Look, folder: Path) -> Written:
    from selectorate.office import files

    for name, content in pages(look).items():
        files.write(folder / name, content, private=True)
    return Written(folder / "index.html", len(look.findings))


def pages(look: Look) -> Mapping[str, bytes]:
    """Every file of the folder, by its name."""
    from selectorate.pages.findings.page import file_name, finding_html, overview_html
    from selectorate.pages.findings.text import look_text

    made = {file_name(one): finding_html(one, look) for one in look.findings}
    return {"index.html": overview_html(look), "findings.txt": look_text(look).encode(), **made}


def titles() -> Mapping[str, str]:
    """The title of every kind of signal."""
    from selectorate.roll.signals import KINDS
    from selectorate.roll.signals.looking import MODULES

    return {**KINDS, **{module.KIND: module.TITLE for module in MODULES}}


def of_numbers(found: Mapping[str, Any], what: str) -> Look:
    """A look at the output of `roll findings --members FILE --json`: numbers instead of names, no questions asked.

    Raises Refusal `evidence.output` for a file that is something else.
    """
    from selectorate.errors import refuse
    from selectorate.pages.findings.objects import Look

    state = State(titles=titles())
    try:
        findings = found["findings"]
        return Look(
            organisation="A roll of whole numbers",
            contest="no contest",
            made="Days are numbers in the file; they are shown as days since 1 January 1970.",
            freeze=told_day(int(found.get("freeze", 0))),
            size=int(found.get("size", 0)),
            years=int(found.get("years", 0)),
            settings=str(found.get("settings", "")),
            findings=tuple(replace(told(one, state), steps=(), matters="") for one in findings),
            concerned=len({one for each in findings if each["severity"] >= 2 for one in each["members"]}),
        )
    except (KeyError, TypeError, ValueError) as reason:
        raise refuse("evidence.output", file=what, because=f"{reason!r}") from None


@click.command(
    "finding-pages",
    epilog="""\b
Examples:
  selectorate roll finding-pages selection
  selectorate roll finding-pages selection --out for-the-reviewer
  selectorate roll finding-pages --from findings.json --out pages""",
)
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Another folder than vault/findings."
)
@click.option(
    "--from",
    "from_",
    type=click.Path(path_type=Path),
    default=None,
    help="Without DIR: what `roll findings --members FILE --json` printed.",
)
@speak.at
@speak.as_json
def finding_pages(
    directory: Path | None, out: Path | None, from_: Path | None, at_: datetime | None, json_: bool
) -> None:
    """Write a page of each finding, an overview and the same as text. Private: they hold members' numbers."""
    from selectorate.errors import refuse
    from selectorate.office.workspace import Workspace

    if (directory is None) is (from_ is None) or (from_ is not None and out is None):
        raise refuse("evidence.pages")
    if from_ is not None and out is not None:
        made = _write(of_numbers(printed_findings(from_), str(from_)), out)
    elif directory is not None:
        made = write_pages(Workspace(directory, at_), out)
    speak.tell(
        json_,
        {"overview": str(made.overview), "findings": made.findings},
        f"Pages of {made.findings:,} findings are written; open {made.overview} in a browser.",
    )


def printed_findings(path: Path) -> Mapping[str, Any]:
    """What `roll findings --json` printed into a file. Raises Refusal `evidence.output`, `file.*`."""
    import json

    from selectorate.errors import refuse
    from selectorate.office import files

    try:
        found = json.loads(files.read(path))
    except ValueError as reason:
        raise refuse("evidence.output", file=path, because=str(reason)) from None
    if not isinstance(found, dict) or not isinstance(found.get("findings"), list):
        raise refuse("evidence.output", file=path, because="it has no list of findings")
    return found


COMMANDS = (finding_pages,)
