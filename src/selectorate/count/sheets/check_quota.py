"""Checks of a sheet's quota (without the papers): it follows from the valid papers and the seats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from selectorate.count import fields
from selectorate.count.objects import Sheet
from selectorate.count.rulesets import Ruleset

_KNOWN: dict[str, Callable[[Fraction, int], Fraction]] = {
    # (valid / (seats + 1) in votes, units in a vote) -> quota in votes
    "whole votes, one above valid / (seats + 1) without its fraction": lambda share, unit: Fraction(
        share.numerator // share.denominator + 1
    ),
    "valid / (seats + 1) cut to the last place, and one unit of that place more": lambda share, unit: (
        Fraction(int(share * unit) + 1, unit)
    ),
    "valid / (seats + 1), exactly": lambda share, unit: share,
    "valid / (seats + 1), if need be up to the next last place": lambda share, unit: Fraction(
        -int(-share * unit // 1), unit
    ),
    "valid / (seats + 1) rounded to the last place, and one more there": lambda share, unit: Fraction(
        int(share * unit + Fraction(1, 2)) + 1, unit
    ),
    "the next last place above valid / (seats + 1)": lambda share, unit: Fraction(
        int(share * unit) + 1, unit
    ),
}


def expected(sheet: Sheet, ruleset: Ruleset) -> Fraction | None:
    """The quota in votes at the first stage; None where the rule set has none, or one that needs the papers."""
    try:
        answer = str(ruleset["quota"])
        places = ruleset.places
    except KeyError:
        return None
    known = _KNOWN.get(answer)
    if known is None:
        return None
    return known(Fraction(sheet.valid, sheet.seats + 1), 10**places)


ITERATED = {
    # answer -> units added to what is cut to the last place
    "at every iteration: (valid - not transferable) / (seats + 1) cut to the last place, and one unit of it more": 1,
    "at every iteration: (valid - not transferable) / (seats + 1)": 0,
}
"""Quotas by keep values: each follows from the votes that nobody holds at its own stage."""


def iterated(sheet: Sheet, ruleset: Ruleset) -> bool:
    """Whether the quota is reckoned at every iteration, and the sheet prints it at every stage."""
    known = any(one.name == "quota" and one.answer in ITERATED for one in ruleset.questions)
    return known and all("quota" in dict(stage.figures) for stage in sheet.stages)


def wrong_iterated(sheet: Sheet, ruleset: Ruleset) -> Iterator[str]:
    """Stages whose quota does not follow from what nobody holds there."""
    more, unit = ITERATED[str(ruleset["quota"])], 10**ruleset.places
    last = ""
    for stage in sheet.stages:
        free = sheet.valid * unit - Fraction(stage.non_transferable)
        last = fields.decimal(int(free // (sheet.seats + 1)) + more, ruleset.places)
        printed = dict(stage.figures)["quota"]
        if printed != last:
            yield f"stage {stage.number}: the quota is {last}, not {printed}"
    if sheet.quota is not None and Fraction(sheet.quota) != Fraction(last):
        yield f"the quota of the last stage is {last}, not {sheet.quota_text}"


def again(ruleset: Ruleset) -> bool:
    """Whether the rule set may reckon the quota again in mid-count."""
    try:
        return ruleset["quota_again"] != "never"
    except KeyError:
        return False
