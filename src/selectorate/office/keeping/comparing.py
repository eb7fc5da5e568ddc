"""The roll beside a second register, and the assessment of what all this does to the data of members."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.office.engines import at_work
from selectorate.office.keeping import pending

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace
    from selectorate.roll.keeping.movers import Missing


def compare(
    workspace: Workspace, content: bytes, name: str, *, moving: float, years: float, gaps: float
) -> tuple[Missing, ...]:
    """Hold the roll against a second register: CSV in UTF-8 with the columns name and postcode. Nothing of it is
    stored, nobody is named, nothing goes on the record. Raises Refusal `roll.register`, `roll.share`."""
    from selectorate.roll.keeping import movers

    pending.demand_since(workspace, "Comparing the roll with a second register", "roll.imported")
    pending.demand_kept(workspace, "roll.duckdb")
    share = movers.expected_share(moving, years, gaps)
    try:
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as reason:
        raise refuse("roll.register", file=name, because=f"it is no CSV in UTF-8 ({reason})") from None
    if not lines or not {"name", "postcode"} <= set(lines[0]):
        raise refuse("roll.register", file=name, because="it has no columns name and postcode")
    register = [(line["name"] or "", line["postcode"] or "") for line in lines]
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        return movers.judge(movers.count(engine, register), share)


def assess(workspace: Workspace) -> str:
    """The data protection impact assessment as Markdown, filled from the rulebook and the record."""
    from selectorate.roll.keeping.assessment import assessment
    from selectorate.roll.signals import KINDS

    read = workspace.record.find("roll.imported")
    refused = tuple(read.data["refused_columns"]) if read else ()
    return assessment(workspace.rulebook, KINDS, refused, read.data["kept"] if read else None)
