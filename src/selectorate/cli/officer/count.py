"""Officer, or anyone: count papers; officer: certify."""

from __future__ import annotations

import importlib
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.cli import speak

if TYPE_CHECKING:
    from selectorate.cli.officer.counting import Contest
    from selectorate.count.objects import Sheet
    from selectorate.errors import Refusal

DEFAULT_RULES = "scottish-stv"
_OUT = click.Path(path_type=Path, dir_okay=False)


class CountCommand(click.Command):
    """`count PATH`, and beside it a few commands of its own (`count exposure PATH`).

    A file that has the name of one of them is counted as ./exposure.
    """

    further: dict[str, str] = {}  # noqa: RUF012 (a table of names, never changed)

    def inner(self) -> dict[str, click.Command]:
        """The commands beside it, by name."""
        found: dict[str, click.Command] = {}
        for name, place in self.further.items():
            module, _, attribute = place.partition(":")
            found[name] = getattr(importlib.import_module(module), attribute)
        return found

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args and args[0] in self.further:
            named = self.inner()[args[0]]
            return named.make_context(f"{info_name} {args[0]}", args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)


@click.command(
    cls=CountCommand,
    epilog="""\b
Examples:
  selectorate count --list-rules
  selectorate count ward.csv --rules scottish-stv --seats 4
  selectorate count ward.blt --rules scottish-stv --seats 4 --html sheet.html
  selectorate count ward.blt --rules scottish-stv --seats 4 --json
  selectorate count ward.blt --rules scottish-stv --seats 4 --ties all
  selectorate count selection --by "Officer One"        (declares the count of a workspace)""",
)
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--rules", "rules_", default=DEFAULT_RULES, show_default=True, help="Rule set, for a file of papers."
)
@click.option(
    "--seats", type=click.IntRange(1, 1000), help="Seats, for a file of papers (else what the file says)."
)
@click.option(
    "--list-rules", "list_", is_flag=True, help="List the rule sets, and what each was checked against."
)
@click.option(
    "--contest", metavar="NAME", help="Which contest, in a file of several: its id, name or number."
)
@click.option(
    "--about",
    metavar="FILE",
    type=_OUT,
    help="The contest's own file (candidates, settings), for tables of papers.",
)
@click.option(
    "--html", metavar="OUT", type=_OUT, help="Write the sheet as a page, with pictures, ready to print."
)
@click.option("--text", "text_", is_flag=True, help="Print the sheet as text, also beside other forms.")
@click.option("--blt", metavar="OUT", type=_OUT, help="Write the papers as BLT.")
@click.option(
    "--preflib", metavar="OUT", type=_OUT, help="Write the papers as PrefLib (SOC, SOI, TOC or TOI)."
)
@click.option(
    "--rctab", metavar="OUT", type=_OUT, help="Write the sheet as RCTab's summary (JSON), which others draw."
)
@click.option("--csv", "csv_", metavar="OUT", type=_OUT, help="Write the sheet as CSV.")
@click.option("--xlsx", metavar="OUT", type=_OUT, help="Write the sheet as XLSX.")
@click.option(
    "--seed", metavar="S", help="Seed for lots, should a tie need one; commit to it before the poll."
)
@click.option("--randomness", metavar="R", help="Public randomness of a later day, joined to the seed.")
@click.option(
    "--ties",
    type=click.Choice(["lot", "report", "all"]),
    default="lot",
    show_default=True,
    help="Draw lots by the seed; or stop at a tie and say so; or try every outcome of every lot.",
)
@click.option(
    "--groups", metavar="FILE", type=_OUT, help="Minimum and maximum places for groups of candidates (TOML)."
)
@click.option("--by", metavar="NAME", help="Who declares the count, for a workspace.")
@speak.at
@speak.as_json
def count(
    path: Path | None, by: str | None, at_: datetime | None, json_: bool, list_: bool, **asked: Any
) -> None:
    """Count PATH: a file of papers (BLT, PrefLib, CSV, XLSX, JSON ...), or a workspace whose result is there.

    Prints the sheet: every stage, with what was done, under which rule, and where every vote went.
    """
    if list_:
        _list(json_)
    elif path is None:
        raise click.UsageError(
            "Say what to count: a file of papers, or a workspace. --list-rules lists the rules."
        )
    elif path.is_dir():
        sheet = _declare(path, by, at_)
        _tell(sheet, json_, "", f"selectorate certify {path} --by NAME")
    else:
        _file(path, json_, **asked)


def _list(json_: bool) -> None:
    from selectorate.cli.officer import rulesets

    value = rulesets.listed() if json_ else {}
    lines = () if json_ else tuple(rulesets.lines())
    speak.tell(json_, value, *lines, following="selectorate count FILE --rules NAME --seats N")


def _file(
    path: Path, json_: bool, *, rules_: str, seats: int | None, contest: str | None, about: Path | None,
    html: Path | None, text_: bool, blt: Path | None, preflib: Path | None, rctab: Path | None,
    csv_: Path | None, xlsx: Path | None,
    seed: str | None, randomness: str | None, ties: str, groups: Path | None,
) -> None:  # fmt: skip
    from selectorate.cli.officer import counting
    from selectorate.count import rulesets
    from selectorate.errors import Refusal

    if randomness is not None and seed is None:
        raise click.UsageError(
            "--randomness is joined to a seed that was committed to before: give --seed too."
        )
    outs = {"html": html, "blt": blt, "preflib": preflib, "rctab": rctab, "csv": csv_, "xlsx": xlsx}
    for out in filter(None, outs.values()):
        speak.demand_other(out, path, *filter(None, (about, groups)))
    found = counting.contest(path, rulesets.load(rules_), seats, contest, about, groups)
    if ties == "all":
        _every_outcome(found, json_)
        return
    try:
        sheet = found.count(None if ties == "report" else counting.seed_of(seed, randomness))
    except Refusal as reason:
        if ties == "report" and reason.code == "count.tie":
            _until_lot(found, reason, json_)
        raise
    written = _write(sheet, found, outs)
    bounds = f" --groups {groups}" if groups else ""
    command = f"selectorate count {path} --rules {rules_} --seats {sheet.seats}{bounds}"
    if json_ or text_ or not written:
        _tell(sheet, json_, found.ballots.title, f"{command} --html sheet.html")
    if written and not json_:
        elected = ", ".join(sheet.elected) or "nobody"
        speak.tell(
            False, {}, f"Elected, in order: {elected}.", *(f"Written: {out}" for out in written),
            following=f"{command} --json > sheet.json; selectorate check-sheet sheet.json --papers {path}{bounds}",
        )  # fmt: skip


def _until_lot(found: Contest, reason: Refusal, json_: bool) -> None:
    """The count up to its first lot, and between whom that is; as JSON, this ends the command."""
    sheet, tie = found.until_lot(int(reason.context["stage"]))
    if not json_:
        _tell(sheet, False, found.ballots.title, None)
        return
    from selectorate.count.sheets import form

    between = str(reason.context["names"]).split(", ") if tie is None else list(tie.between)
    stopped = {"between": between, "for": tie.purpose if tie else "", "stage": reason.context["stage"]}
    plain = form.plain(sheet)
    value = {key: plain[key] for key in ("ruleset", "seats", "elected", "stages")}
    value |= {"stopped": stopped, "says": reason.sentence}
    click.echo(json.dumps(value, ensure_ascii=False))
    click.get_current_context().exit(2)


def _write(sheet: Sheet, found: Contest, outs: dict[str, Path | None]) -> list[Path]:
    """The files that were asked for, written."""
    from selectorate.cli.counted import count_of
    from selectorate.count import writers
    from selectorate.office import files
    from selectorate.pages.counted.document import count_html

    made = {
        "html": lambda: count_html(count_of(sheet, found.ballots.title)),
        "blt": lambda: writers.write_blt(found.ballots, found.seats, found.ballots.title),
        "preflib": lambda: writers.write_preflib(found.ballots, found.seats, found.ballots.title),
        "rctab": lambda: writers.write_rctab(sheet),
        "csv": lambda: writers.sheet_csv(sheet),
        "xlsx": lambda: writers.sheet_xlsx(sheet),
    }
    written = []
    for form, out in outs.items():
        if out is not None:
            files.write(out, made[form](), durable=False)
            written.append(out)
    return written


def _every_outcome(found: Contest, json_: bool) -> None:
    """Whether any lot could change who is elected."""
    with speak.waiting("Trying every outcome of every lot"):
        outcomes = found.outcomes()
    total = sum(outcomes.values())
    value = {
        "ruleset": found.ruleset.name,
        "seats": found.seats,
        "outcomes": total,
        "differ": len(outcomes) > 1,
        "winners": [
            {"elected": list(names), "outcomes": number} for names, number in sorted(outcomes.items())
        ],
    }
    if len(outcomes) == 1:
        names = ", ".join(next(iter(outcomes))) or "nobody"
        lots = (
            "No lot is needed."
            if total == 1
            else f"The lots have {total:,} outcomes, all with the same winners."
        )
        lines = [lots, f"Elected: {names}."]
    else:
        lines = [f"The lots have {total:,} outcomes, and they decide who is elected:"]
        lines += [
            f"  {', '.join(names) or 'nobody'}: {n:,} of {total:,}" for names, n in sorted(outcomes.items())
        ]
    speak.tell(json_, value, *lines)


def _tell(sheet: Sheet, json_: bool, heading: str, following: str | None) -> None:
    """The sheet as JSON, or as text with the next step."""
    from selectorate.count.sheets import form

    if json_:
        click.echo(json.dumps(form.plain(sheet), ensure_ascii=False))
        return
    from selectorate.cli.counted import count_of
    from selectorate.pages.counted.text import count_text

    speak.tell(False, {}, count_text(count_of(sheet, heading)).rstrip(), following=following)


def _declare(directory: Path, by: str | None, at_: datetime | None) -> Sheet:
    from selectorate.office.count import count as act
    from selectorate.office.workspace import Workspace

    if by is None:
        raise click.UsageError("To declare the count of a workspace, say who does it: --by NAME.")
    return act(Workspace(directory, at_), speak.holders(by))


@click.command(epilog='\b\nExample:\n  selectorate certify selection --by "Officer One"')
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@speak.one_person
@speak.at
@speak.as_json
def certify(directory: Path, by: str, at_: datetime | None, json_: bool) -> None:
    """Say whether the electors in doubt could have changed who is elected, and put it on the record."""
    from selectorate.cli.officer.shown import certificate_lines
    from selectorate.office.count import certify as act
    from selectorate.office.workspace import Workspace

    with speak.waiting("Searching for a change within the doubts"):
        made = act(Workspace(directory, at_), speak.holders(by))
    value = json.loads(made.to_json())
    speak.tell(json_, value, *certificate_lines(made), following=f"selectorate publish {directory}")
