"""A sheet of the count as the pages take it: figures as they are printed, sentences where the engine has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from selectorate.pages.counted import objects as pages
from selectorate.pages.html import figure

if TYPE_CHECKING:
    from selectorate.count.objects import Number, Sheet, Stage, Tie, Transfer
    from selectorate.count.rulesets import Ruleset


def count_of(sheet: Sheet, heading: str = "") -> pages.Count:
    """Everything the pages show of a count. Raises Refusal `count.ruleset` for a rule set that is not known."""
    from selectorate.count import rulesets

    return _Telling(sheet, rulesets.load(sheet.ruleset)).whole(heading)


def printed(units: Number, places: int) -> str:
    """Votes as people read them: a decimal, or a mixed fraction ("176 2/7") where nothing is rounded."""
    from selectorate.count import fields

    votes = Fraction(units, 10**places)
    if Fraction(units).denominator == 1:
        return fields.decimal(int(units), places)
    whole, rest = divmod(votes.numerator, votes.denominator)
    part = f"{rest}/{votes.denominator}"
    return f"{whole} {part}" if whole else part


NO_VOTES = ("bucklin", "committee", "grades", "pairwise", "points", "positions")
"""Families whose figures order candidates, and are no votes that pass from one to another."""
MOVED = ("parcels", "stv", "whole")
"""Families whose transfers name every paper that moves: what they do not name was carried by none."""


class _Telling:
    """One sheet being told; what is elected or excluded is remembered from stage to stage."""

    __slots__ = ("excluded", "ruleset", "sheet", "won")

    def __init__(self, sheet: Sheet, ruleset: Ruleset) -> None:
        self.sheet = sheet
        self.ruleset = ruleset
        self.won: set[str] = set()
        self.excluded: set[str] = set()

    def whole(self, heading: str) -> pages.Count:
        sheet, ruleset = self.sheet, self.ruleset
        return pages.Count(
            heading=heading or (sheet.title if sheet.title != ruleset.title else ""),
            ruleset=ruleset.name,
            title=ruleset.title,
            law=ruleset.law,
            checked_against=ruleset.anchor if ruleset.anchored else "",
            unseen=ruleset.unseen,
            rules=tuple(
                pages.Rule(one.asks, _answer(one.answer), one.source, one.unseen) for one in ruleset.questions
            ),
            seats=sheet.seats,
            vacant=sheet.vacant,
            valid=sheet.valid,
            blank=sheet.blank,
            invalid=sheet.invalid,
            quota="" if sheet.quota is None else self._quota(),
            line=None if sheet.quota is None else Fraction(sheet.quota),
            candidates=sheet.candidates,
            withdrawn=sheet.withdrawn,
            elected=sheet.elected,
            cleaning=sheet.cleaning,
            remarks=sheet.remarks,
            stages=self._stages(),
            tables=tuple(pages.Grid(one.title, one.columns, one.rows) for one in sheet.tables),
            papers=sheet.papers,
        )

    def _quota(self) -> str:
        quota = self.sheet.quota
        if quota is None or isinstance(quota, int):
            return str(quota)
        return printed(quota * 10**self.sheet.places, self.sheet.places)

    def _figure(self, units: Number) -> pages.Figure:
        return pages.Figure(printed(units, self.sheet.places), Fraction(units, 10**self.sheet.places))

    def _stages(self) -> tuple[pages.Told, ...]:
        before: Stage | None = None
        told = []
        for stage in self.sheet.stages:
            told.append(self._stage(stage, before))
            before = stage
        return tuple(told)

    def _stage(self, stage: Stage, before: Stage | None) -> pages.Told:
        rows = self._rows(stage, before)
        votes = self.ruleset.family not in NO_VOTES
        rest = tuple(self._rest(stage, before)) if votes else ()
        total = sum(stage.tallies) + stage.non_transferable + stage.rounding + stage.set_aside
        passages = tuple(self._passages(stage, before)) if votes else ()
        last = not any(one.number == stage.number and one.part > stage.part for one in self.sheet.stages)
        ties = [
            tie_sentence(one, "equal" if self.ruleset.family in NO_VOTES else "equal votes")
            for one in self.sheet.ties
            if one.stage == stage.number and (last if one.purpose == "order" else stage.part <= 1)
        ]
        return pages.Told(
            label=f"{stage.number}.{stage.part}" if stage.part else str(stage.number),
            title=title_of(stage.act, self._together(stage)),
            says=stage.says or self._sentence(stage, before),
            clause=stage.clause,
            rows=rows,
            rest=rest,
            total=self._figure(total) if votes else None,
            passages=passages,
            figures=tuple(one for one in stage.figures if _worth_telling(*one)),
            elected=stage.elected,
            excluded=stage.excluded,
            ties=tuple(ties),
            counts=_counts(self.ruleset.family, stage),
        )

    def _together(self, stage: Stage) -> tuple[str, ...]:
        """Who goes out at a stage: a later batch of an exclusion is headed as its first."""
        first = next(one for one in self.sheet.stages if one.number == stage.number)
        return stage.excluded or (first.excluded if first.act == stage.act else ())

    def _rows(self, stage: Stage, before: Stage | None) -> tuple[pages.Row, ...]:
        gone = set(_excluded(stage)) & set(self.sheet.candidates)
        self.won |= set(stage.elected)
        self.excluded |= gone
        rows = []
        for at, (name, units) in enumerate(zip(self.sheet.candidates, stage.tallies, strict=True)):
            fate: pages.Fate = "elected" if name in self.won else "excluded" if name in self.excluded else ""
            since = name in stage.elected or name in gone
            change = units - before.tallies[at] if before else 0
            rows.append(pages.Row(name, self._figure(units), self._change(change), fate, since))
        return tuple(rows)

    def _change(self, units: Number) -> str:
        if not units:
            return ""
        return ("+" if units > 0 else "−") + printed(abs(Fraction(units)), self.sheet.places)

    def _rest(self, stage: Stage, before: Stage | None) -> Iterable[pages.Row]:
        """Non-transferable always; rounding and set aside only where the count has any."""
        kinds: tuple[tuple[str, Callable[[Stage], Number]], ...] = (
            ("non-transferable", lambda one: one.non_transferable),
            ("lost to rounding", lambda one: one.rounding),
            ("set aside", lambda one: one.set_aside),
        )
        for at, (name, units) in enumerate(kinds):
            if at and not any(units(one) for one in self.sheet.stages):
                continue
            change = units(stage) - units(before) if before else 0
            yield pages.Row(name, self._figure(units(stage)), self._change(change), "")

    def _passages(self, stage: Stage, before: Stage | None) -> Iterable[pages.Passage]:
        for one in gathered(stage.transfers):
            whole = one.heir or one.value is None or one.value * one.papers == one.votes
            value = "" if one.value is None or not whole else printed(one.value, self.sheet.places)
            yield pages.Passage(one.giver or "", one.heir or "", one.papers, value, self._figure(one.votes))
        if not stage.transfers:
            yield from self._implied(stage, before)
        elif before and self.ruleset.family in MOVED:
            yield from self._carried_by_none(stage, before)

    def _carried_by_none(self, stage: Stage, before: Stage) -> Iterable[pages.Passage]:
        """What left a candidate and no transfer names: fractions that were cut, a surplus without papers."""
        for name, now, was in zip(self.sheet.candidates, stage.tallies, before.tallies, strict=True):
            named = [one.votes for one in stage.transfers if one.giver == name]
            left = was - now - sum(named)
            if named and left > 0:
                yield pages.Passage(name, "", None, "", self._figure(left), cut=True)

    def _implied(self, stage: Stage, before: Stage | None) -> Iterable[pages.Passage]:
        """Where the sheet names no transfers: what the tallies show, if one candidate alone has lost votes."""
        names = self.sheet.candidates
        if before is None:
            for name, units in zip(names, stage.tallies, strict=True):
                if units:
                    yield pages.Passage("", name, None, "", self._figure(units))
            return
        changes = [now - was for now, was in zip(stage.tallies, before.tallies, strict=True)]
        givers = [name for name, change in zip(names, changes, strict=True) if change < 0]
        if len(givers) != 1:
            return
        for name, change in zip(names, changes, strict=True):
            if change > 0:
                yield pages.Passage(givers[0], name, None, "", self._figure(change))
        lost = stage.non_transferable - before.non_transferable
        if lost > 0:
            yield pages.Passage(givers[0], "", None, "", self._figure(lost))

    def _sentence(self, stage: Stage, before: Stage | None) -> str:
        """A stage in plain words, for engines and typed reports that have none."""
        if stage.act == "first preferences":
            return "Every valid paper counts one vote for its first preference."
        verb, _, name = stage.act.partition(" ")
        if before and name in self.sheet.candidates:
            units = before.tallies[self.sheet.candidates.index(name)]
            had = f"{name} has {figure(printed(units, self.sheet.places))} votes"
            if verb == "surplus" and self.sheet.quota is not None:
                return f"{had}, more than the quota of {figure(self._quota())}: what is over the quota passes on."
            if verb == "exclude":
                return f"{had}, fewest of those still in the count, and goes out: these papers pass on."
        return f"{title_of(stage.act)}."


_EACH = "each candidate's figure"
_KEEP = "keep value of "


def _counts(family: str, stage: Stage) -> str:
    """What the figures of a stage are, as its tables are headed."""
    if family not in NO_VOTES or stage.act == "runoff":
        return "Votes"
    said = dict(stage.figures).get(_EACH)
    if said:
        return said[:1].upper() + said[1:]
    what = "preferences" if family == "bucklin" else stage.act.removeprefix("count of ")
    return what.capitalize() if what in ("votes", "marks", "points", "preferences") else "Figures"


def _worth_telling(name: str, value: str) -> bool:
    """Not what a table says anyway: what its figures are, and that somebody keeps all or nothing."""
    return name != _EACH and not (name.startswith(_KEEP) and Fraction(value) in (0, 1))


class _Way:
    """Transfers of one way put together: papers and votes added, the value kept while it is one."""

    __slots__ = ("giver", "heir", "papers", "value", "votes")

    def __init__(self, first: Transfer) -> None:
        self.giver, self.heir = first.giver, first.heir
        self.papers, self.votes = first.papers, first.votes
        self.value: Number | None = first.value


def gathered(transfers: tuple[Transfer, ...]) -> list[_Way]:
    """Transfers in their order; those of one way and one value put together."""
    found: dict[tuple[str | None, str | None, Number], _Way] = {}
    for one in transfers:
        key = (one.giver, one.heir, one.value)
        if key in found:
            found[key].papers += one.papers
            found[key].votes += one.votes
        else:
            found[key] = _Way(one)
    return list(found.values())


def title_of(act: str, excluded: tuple[str, ...] = ()) -> str:
    """The act of a stage as a heading. excluded: whose papers it moves, where the sheet says so."""
    verb, _, name = act.partition(" ")
    if verb == "exclude" and len(excluded) > 1:
        name = f"{', '.join(excluded[:-1])} and {excluded[-1]}"
    if verb == "surplus" and name:
        return f"Surplus of {name}"
    if verb == "exclude" and name:
        return f"Exclusion of {name}"
    return act[:1].upper() + act[1:]


def tie_sentence(tie: Tie, equal: str = "equal votes") -> str:
    """How one tie was resolved."""
    between = (
        ", ".join(tie.between[:-1]) + f" and {tie.between[-1]}" if len(tie.between) > 1 else tie.between[0]
    )
    purpose = {
        "exclusion": "to be excluded",
        "surplus": "to pass on the surplus first",
        "order": "to be listed first",
        "fraction": "to get the paper that a proportion leaves over",
        "seat": "for a seat",
        "runoff": "for the runoff",
    }.get(tie.purpose, f"for: {tie.purpose}")
    by = {
        "earlier stage": "by the votes at an earlier stage",
        "lot": "by lot",
    }.get(tie.by, f"by {tie.by}")
    were = "were equal" if equal == "equal" else f"had {equal}"
    return f"{between} {were}; {tie.chosen} was chosen {purpose}, {by}."


def _excluded(stage: Stage) -> tuple[str, ...]:
    """Who goes out at a stage: as listed, else as the act says."""
    if stage.excluded:
        return stage.excluded
    verb, _, name = stage.act.partition(" ")
    return (name,) if verb == "exclude" else ()


def _answer(answer: object) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return str(answer)
