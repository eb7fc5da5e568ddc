"""The pages of findings in a folder of their own, private, and the same as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.cli import speak
from selectorate.cli.officer.ballot import DIRECTORY
from selectorate.cli.officer.evidence.told import State, told

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
    from selectorate.office import files

    look = look_of(workspace)
    if out is None:
        workspace.vault.empty(PLACE)
    folder = out or workspace.vault.path(PLACE)
    for name, content in pages(look).items():
        files.write(folder / name, content, private=True)
    return Written(folder / "index.html", len(look.findings))


def pages(look: Look) -> Mapping[str, bytes]:
    """Every file of the folder, by its name."""
    from selectorate.pages.findings.page import file_name, finding_html, overview_html
    from selectorate.pages.findings.text import look_text

    made = {file_name(one): finding_html(one, look) for one in look.findings}
    return {"index.html": overview_html(look), "findings.txt": look_text(look).encode(), **made}


def listed(
    findings: Sequence[Mapping[str, Any]], titles: Mapping[str, str], freeze: str, settings: str
) -> Look:
    """A look at findings that come from a file: no workspace, no questions."""
    from selectorate.pages.findings.objects import Look

    state = State(titles=titles)
    concerned = {str(member) for one in findings if one["severity"] >= 2 for member in one["members"]}
    return Look(
        organisation="A roll of numbers",
        contest="no contest",
        made="",
        freeze=freeze,
        size=0,
        years=0,
        settings=settings,
        findings=tuple(told(one, state) for one in findings),
        concerned=len(concerned),
    )


@click.command(
    "finding-pages",
    epilog="""\b
Examples:
  selectorate roll finding-pages selection
  selectorate roll finding-pages selection --out for-the-reviewer""",
)
@DIRECTORY
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Another folder than vault/findings."
)
@speak.at
@speak.as_json
def finding_pages(directory: Path, out: Path | None, at_: datetime | None, json_: bool) -> None:
    """Write a page of each finding, an overview and the same as text. Private: they hold members' numbers."""
    from selectorate.office.workspace import Workspace

    made = write_pages(Workspace(directory, at_), out)
    speak.tell(
        json_,
        {"overview": str(made.overview), "findings": made.findings},
        f"Pages of {made.findings:,} findings are written; open {made.overview} in a browser.",
    )


COMMANDS = (finding_pages,)
