"""Officer, or anyone: how many papers stand between the elected and others, and whether doubts could matter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.cli import speak
from selectorate.cli.officer.search import Search

if TYPE_CHECKING:
    from selectorate.count.margin.bounds import Papers
    from selectorate.count.margin.measure import CountVerdict, Measured
    from selectorate.count.rulesets import Ruleset

_RULES = click.option(
    "--rules", "rules_", required=True, metavar="ID", help="Rule set (selectorate count --list-rules)."
)
_SEATS = click.option("--seats", type=click.IntRange(1, 1000), help="Seats (else what the file says, or 1).")
_SEED = click.option("--seed", help="Seed for lots, should the count need one.")


@click.command(
    epilog="""\b
Examples:
  selectorate margin mayor.txt --rules irv
  selectorate margin branch.blt --rules approval --seats 3 --json
  selectorate margin ward.csv --rules scottish-stv --seats 4"""
)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@_RULES
@_SEATS
@_SEED
@speak.as_json
def margin(path: Path, rules_: str, seats: int | None, seed: str | None, json_: bool) -> None:
    """How many papers of FILE would have to be other than they are before somebody else is elected, or ties.

    Counted in three ways: papers changed, papers put in, papers taken out. Exact for plurality, approval, block votes,
    scores, Borda's points and elimination; elsewhere two bounds. The gap of the last round is never given as a margin.
    Ctrl-C ends a long search with the bounds found so far.
    """
    papers, ruleset, places = _read(path, rules_, seats)
    from selectorate.count.margin.measure import margin as measure

    with Search("the fewest papers that could change who is elected") as told:
        found = measure(papers, ruleset, places, seed=seed, told=told)
    speak.tell(json_, found.to_plain(), *_margin_lines(found))
    if not json_:
        _proof_lines(papers, ruleset, found)


def _margin_lines(found: Measured) -> list[str]:
    lines = [f"Elected by {found.ruleset}: {', '.join(found.winners)}."]
    if found.margin.changes is None:
        return [*lines, "Nobody else stands: no papers could elect others."]
    words = {
        "changes": "papers changed into others",
        "additions": "papers put in",
        "deletions": "papers taken out",
    }
    for kind, what in words.items():
        bounds = getattr(found.margin, kind)
        if bounds.exact:
            said = what.replace("papers", "paper", 1) if bounds.lower == 1 else what
            lines.append(f"  {bounds.lower:>10,}  {said}: with so many somebody else at least ties.")
        else:
            upper = f"a change with {bounds.upper:,} is known" if bounds.upper else "no change is known"
            if not bounds.lower:
                # A bare 0 would read as if the result hung on nothing.
                lines.append(f"  no number is proved of {what}; {upper}.")
                continue
            lines.append(f"  {bounds.lower:>10,}  {what}: at least so many are needed; {upper}.")
    lines.append(
        "These numbers are exact." if found.exact else "These are bounds; the true numbers lie between."
    )
    return lines


def _proof_lines(papers: Papers, ruleset: Ruleset, found: Measured) -> None:
    from selectorate.count.margin.bounds import eliminates
    from selectorate.count.margin.elimination.proofs import assertions

    rankings = eliminates(papers, ruleset)
    if rankings is None or len(found.winners) != 1 or len(rankings.candidates) > 12:
        return
    proof = assertions(rankings, rankings.candidates.index(found.winners[0]))
    if proof.found:
        click.echo(
            f"Why {found.winners[0]} wins, in sums that anybody can check; all hold while the number "
            f"of papers put in or taken out stays below {proof.margin:,}:"
        )
        for one in proof.found:
            click.echo(f"  {one.says(rankings.candidates)}")


@click.command(
    name="certify-count",
    epilog="""\b
Examples:
  selectorate certify-count ward.csv --rules scottish-stv --seats 4 --doubtful 40 --left-out 10
  selectorate certify-count branch.blt --rules irv --doubtful 12 --left-out 0 --json""",
)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@_RULES
@_SEATS
@click.option(
    "--doubtful",
    type=click.IntRange(0),
    required=True,
    metavar="R",
    help="Papers that should perhaps not be there.",
)
@click.option(
    "--left-out",
    type=click.IntRange(0),
    required=True,
    metavar="L",
    help="Papers that should perhaps be there too.",
)
@_SEED
@speak.as_json
def certify_count(
    path: Path,
    rules_: str,
    seats: int | None,
    doubtful: int,
    left_out: int,
    seed: str | None,
    json_: bool,
) -> None:
    """Whether any R papers of FILE taken out and any L put in could elect somebody else.

    Certified: proved that they cannot. Could change: here is an example; that it is possible does not show that it
    happened. Unknown: neither.
    """
    papers, ruleset, places = _read(path, rules_, seats)
    from selectorate.count.margin.measure import certify_count as certify

    with Search("a change within the doubts") as told:
        found = certify(papers, ruleset, places, doubtful, left_out, seed=seed, told=told)
    speak.tell(json_, found.to_plain(), *_verdict_lines(found))


def _verdict_lines(found: CountVerdict) -> list[str]:
    lines = [f"{found.verdict.capitalize()}. {found.because}"]
    if found.example and found.verdict != "certified":
        for word, what in (("remove", "Take out"), ("add", "Put in")):
            for paper, number in found.example[word]:
                lines.append(f"  {what} {number:,} of: {_paper(paper)}")
        lines.append(f"  Elected then, or tied for it: {', '.join(found.example['elected'])}.")
    return lines


def _paper(paper: Any) -> str:
    if isinstance(paper, dict):
        return ", ".join(f"{name} {figure}" for name, figure in paper.items())
    return " > ".join(" = ".join(one) if isinstance(one, list) else one for one in paper)


def _read(path: Path, rules: str, seats: int | None) -> tuple[Papers, Ruleset, int]:
    from selectorate.count import readers, rulesets
    from selectorate.count.cleaning import clean
    from selectorate.office import files

    ruleset = rulesets.load(rules)
    ballots = readers.read_ballots(files.read(path, bytes_max=256 * 1024 * 1024), path.name)
    return clean(ballots, ruleset).papers, ruleset, ruleset.seats(seats, ballots.seats) or 1
