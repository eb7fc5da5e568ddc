"""Anyone: check a count sheet, without the papers or with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selectorate.cli import speak

if TYPE_CHECKING:
    from selectorate.canon import Check
    from selectorate.count.objects import Sheet

_NUMBERS = {2: "two", 3: "three"}


@click.command(
    "check-sheet",
    epilog="""\b
Examples:
  selectorate check-sheet sheet.json
  selectorate check-sheet sheet.json --papers ward.blt
  selectorate check-sheet sheet.json --papers ward.blt --seed acorn --json

\b
Exit codes: 0 passed, 1 failed, 2 unusable, 3 incomplete (nothing failed, something could not be checked).
The form of SHEET: docs/formats/count-sheet.md. An official report can be typed in it.""",
)
@click.argument("sheet", metavar="SHEET", type=click.Path(path_type=Path))
@click.option(
    "--papers", metavar="FILE", type=click.Path(path_type=Path), help="The papers: they are counted again."
)
@click.option(
    "--contest", metavar="NAME", help="Which contest, in a file of several: its id, name or number."
)
@click.option("--about", metavar="FILE", type=click.Path(path_type=Path), help="The contest's own file.")
@click.option(
    "--groups", metavar="FILE", type=click.Path(path_type=Path), help="Places for groups, as for the count."
)
@click.option("--seed", metavar="S", help="The seed for lots, to draw them again.")
@click.option("--randomness", metavar="R", help="Public randomness that was joined to the seed.")
@speak.as_json
@click.pass_context
def check_sheet(
    context: click.Context, sheet: Path, papers: Path | None, contest: str | None, about: Path | None,
    groups: Path | None, seed: str | None, randomness: str | None, json_: bool,
) -> None:  # fmt: skip
    """Check the count sheet SHEET (JSON) against itself, its rule set, and the papers if they are given."""
    from selectorate.canon import Report
    from selectorate.cli.officer import counting
    from selectorate.count.sheets import check, form
    from selectorate.office import files
    from selectorate.pages import terminal

    if randomness is not None and seed is None:
        raise click.UsageError(
            "--randomness is joined to a seed that was committed to before: give --seed too."
        )
    read = form.read(files.read(sheet, bytes_max=form.BYTES_MAX))
    lots = counting.seed_of(seed, randomness)
    checks = check.check_sheet(read, lots)
    if papers is not None and checks[0].verdict == "passed":
        checks = (*checks, _with_papers(read, papers, contest, about, lots, groups))
    report = Report("declared", checks)
    first, *lines = terminal.report_text(report).rstrip().split("\n")
    first = first.replace("; declared", f"; {read.ruleset}, {len(read.elected)} elected")
    following = None if papers is not None else f"selectorate check-sheet {sheet} --papers FILE"
    value = {"verdict": report.verdict, "ruleset": read.ruleset, "checks": [one.to_json() for one in checks]}
    speak.tell(json_, value, first, *lines, following=following)
    context.exit(report.exit_code)


def _with_papers(
    sheet: Sheet,
    papers: Path,
    which: str | None,
    about: Path | None,
    seed: str | None,
    groups: Path | None,
) -> Check:
    """Duty N10: the papers counted again, by every engine there is for the rule set."""
    from selectorate.canon import Check
    from selectorate.cli.officer import counting
    from selectorate.count import check as second
    from selectorate.count import fast, rulesets
    from selectorate.count.constraints import KEPT
    from selectorate.count.objects import Profile
    from selectorate.count.sheets import check
    from selectorate.errors import Refusal

    if groups is None and any(remark.startswith(KEPT) for remark in sheet.remarks):
        because = "places for groups were kept: give the groups too (--groups)"
        return Check("N10", check.CLAIMS["N10"], "not checked", because)
    ruleset = rulesets.load(sheet.ruleset)
    found = counting.contest(papers, ruleset, sheet.seats, which, about, groups)
    try:
        again = found.count(seed)
    except Refusal as reason:
        if reason.code != "count.tie":
            raise
        return Check("N10", check.CLAIMS["N10"], "not checked", reason.sentence)
    counted = check.check_papers(sheet, again, "this program", seed)
    profile = found.cleaned.papers
    # The other engines keep no places for groups.
    if counted.verdict != "passed" or groups is not None or not isinstance(profile, Profile):
        return counted
    ways, faults = 1, []
    third = (
        fast.count(profile, ruleset, found.seats, seed, again.papers)
        if ruleset.family in fast.FAMILIES
        else None
    )
    if third is not None:
        ways += 1
        apart = check.check_papers(
            again, replace(third, cleaning=again.cleaning, withdrawn=again.withdrawn), "", seed
        )
        faults += [apart.because] if apart.verdict == "failed" else []
    if ruleset.name == "scottish-stv":
        ways += 1
        apart = next(one for one in second.check_sheet(again, profile, seed) if one.duty == "C1")
        faults += [apart.because] if apart.verdict == "failed" else []
    if faults:
        because = f"the engines of this program do not agree with each other: {'; '.join(faults)}"
        return Check("N10", counted.claim, "failed", because)
    if ways == 1:
        return counted
    because = f"{len(again.stages)} stages, counted again in {_NUMBERS[ways]} ways that share no arithmetic"
    return Check("N10", counted.claim, "passed", because)
