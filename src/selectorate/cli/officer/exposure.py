"""Officer, or anyone: what publishing a file of papers would show, and a reduction that shows less."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from selectorate.cli import speak

if TYPE_CHECKING:
    from selectorate.count.exposure import Exposure, Seen

ARCHIVE = (
    "This is about plain files of papers. The archive of an electronic poll publishes every ranking in its result; "
    "no reduction takes that back."
)


@click.command(
    epilog="""\b
Examples:
  selectorate count exposure ward.blt --rules scottish-stv --seats 4
  selectorate count exposure ward.blt --rules irv --reduced published.blt"""
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--rules", "rules_", required=True, help="Rule set that the papers are counted by.")
@click.option("--seats", type=click.IntRange(1, 1000), help="Seats (else what the file says).")
@click.option("--seed", help="Seed (hex) for lots, should a tie need one.")
@click.option(
    "--reduced",
    type=click.Path(path_type=Path),
    metavar="OUT.blt",
    help="Write the reduced papers here (BLT), for publication.",
)
@speak.as_json
def exposure(
    path: Path, rules_: str, seats: int | None, seed: str | None, reduced: Path | None, json_: bool
) -> None:
    """Say how many rankings in PATH are unique or nearly so, and reduce them to what the count used.

    An elector can be told to use an agreed order in the lower places as a signature. The reduction keeps of each
    paper only the candidates with whom it stood in this count; counting it again gives the same sheet.
    """
    found, title = _measured(path, rules_, seats, seed)
    if reduced is not None:
        _written(found, title, path, reduced)
    speak.tell(json_, found.to_plain(), *_sentences(found, reduced))


def _measured(path: Path, rules: str, seats: int | None, seed: str | None) -> tuple[Exposure, str]:
    from selectorate import canon
    from selectorate.count import exposure as room
    from selectorate.count import rulesets
    from selectorate.count.cleaning import clean
    from selectorate.count.readers import read_ballots
    from selectorate.count.readers.lines import BYTES_MAX
    from selectorate.count.ties import Draw
    from selectorate.office import files

    data = files.read(path, bytes_max=BYTES_MAX)
    ruleset = rulesets.load(rules)
    ballots = read_ballots(data, path.name)
    papers = clean(ballots, ruleset).papers
    draw = None if seed is None else Draw(seed)
    found = room.exposure(
        papers, ruleset, ruleset.seats(seats, ballots.seats) or 1, draw=draw, digest=canon.sha256(data)
    )
    return found, ballots.title


def _written(found: Exposure, title: str, path: Path, out: Path) -> None:
    """The reduced papers as a file. Raises Refusal `count.reduced` where the rule set uses whole papers."""
    from selectorate.count.writers import write_blt
    from selectorate.errors import refuse
    from selectorate.office import files

    if found.reduced is None:
        raise refuse("count.reduced", name=found.ruleset)
    speak.demand_other(out, path)
    files.write(out, write_blt(found.reduced, found.seats, title))


def _sentences(found: Exposure, out: Path | None) -> list[str]:
    said = [_seen("As marked", found.before)]
    if found.possible:
        said.append(
            f"{found.candidates} candidates can be ranked in {found.possible:,} ways, so there are always unused "
            "orders that somebody could be told to use."
        )
    if found.after is None:
        said.append(f"{found.ruleset} uses whole papers: nothing less than them gives the same sheet. Publish the "
                    "sheet and its tables, and leave the papers with the scrutineers.")  # fmt: skip
    else:
        said.append(_seen("Reduced to what this count used", found.after))
        said.append(f"The count of the reduced papers by {found.ruleset} gives the same sheet in every figure; another "
                    "method cannot be counted from them.")  # fmt: skip
    if out is not None:
        said.append(f"The reduced papers are in {out}.")
    return [*said, ARCHIVE]


def _seen(when: str, seen: Seen) -> str:
    from selectorate.count.exposure import percent

    alone, rare = percent(seen.alone, seen.papers), percent(seen.rare, seen.papers)
    return (
        f"{when}: {seen.papers:,} papers of {seen.kinds:,} kinds; {alone} % are like no other, {rare} % are in groups "
        "of fewer than 5."
    )
