"""What can be checked of a count sheet without the papers, and with them (check; docs/formats/count-sheet.md).

Without the papers a sheet is held against itself and its rule set: an outsider can check an official report. With
the papers it is counted again. Every duty is reported; none stops at the first fault of another.

    N1  the rule set is known and can give such a sheet;
    N2  the quota follows from the valid papers and the seats;
    N3  every stage adds up to the same total;
    N4  the transfers explain every change of every tally;
    N5  papers move in the number and at the value that the rule set gives;
    N6  who has the votes for it is elected at that stage, and nobody else;
    N7  surpluses move in their turn, and who is excluded was lowest;
    N8  ties were ties, and were resolved as the rule set says;
    N9  seats, stages and names agree from beginning to end;
    N10 with the papers: the count gives this sheet.
"""

from __future__ import annotations

from collections.abc import Iterable

from selectorate import canon
from selectorate.canon import Check
from selectorate.count import fields, rulesets
from selectorate.count.constraints import KEPT
from selectorate.count.objects import Number, Sheet, Stage, Tie
from selectorate.count.rulesets import Ruleset
from selectorate.count.sheets import check_order, check_quota, check_sums, course
from selectorate.errors import Refusal

CLAIMS = {
    "N1": "The rule set is known, and it can give such a sheet.",
    "N2": "The quota follows from the valid papers and the seats.",
    "N3": "Every stage adds up to the same total: no vote appears and none is lost.",
    "N4": "The transfers of each stage explain every change of every tally.",
    "N5": "Papers move in the number and at the value that the rule set gives.",
    "N6": "Whoever has the votes for it is elected at that stage, and nobody else is.",
    "N7": "Surpluses move in their turn, and whoever is excluded was lowest.",
    "N8": "Ties were ties, and were resolved as the rule set says.",
    "N9": "Seats, stages and names agree from the first stage to the last.",
    "N10": "The papers, counted again, give this sheet.",
}
_FAULTS_TOLD = 3
NO_FILE = canon.sha256(b"")
"""The digest of papers that stand in no file, or of a report that does not name it."""


def check_sheet(sheet: Sheet, seed: str | None = None) -> tuple[Check, ...]:
    """Duties N1 to N9. seed: for drawing lots again; without it a lot is "not checked"."""
    try:
        ruleset = rulesets.load(sheet.ruleset)
    except Refusal as reason:
        first = Check("N1", CLAIMS["N1"], "failed", str(reason))
        without = "the rule set is not known"
        later = [Check(duty, claim, "not checked", without) for duty, claim in CLAIMS.items()]
        return (first, *later[1:9])
    return (
        _said("N1", _head(sheet, ruleset), f"{ruleset.name}: {ruleset.law}"),
        _quota(sheet, ruleset),
        _totals(sheet, ruleset),
        _transfers(sheet),
        _values(sheet, ruleset),
        _elections(sheet, ruleset),
        _acts(sheet, ruleset),
        _ties(sheet, ruleset, seed),
        _said(
            "N9", check_order.wrong_end(sheet, ruleset), f"{len(sheet.elected)} of {sheet.seats} seats filled"
        ),
    )


def _said(duty: str, faults: Iterable[str], passed: str) -> Check:
    """Failed with its first faults, or passed."""
    found = list(faults)
    if not found:
        return Check(duty, CLAIMS[duty], "passed", passed)
    more = f" (and {len(found) - _FAULTS_TOLD} more)" if len(found) > _FAULTS_TOLD else ""
    return Check(duty, CLAIMS[duty], "failed", "; ".join(found[:_FAULTS_TOLD]) + more)


_WORTH = {
    "": "what papers are worth under this rule set is not checked without them",
    "meek": "a paper is shared by keep values, and these follow from all papers, distribution by distribution",
    "rounds": "the sheet is not asked what papers are worth: they move whole, or carry a share of their unit's points",
}


def _left_out(duty: str, because: str) -> Check:
    return Check(duty, CLAIMS[duty], "not checked", because)


def _head(sheet: Sheet, ruleset: Ruleset) -> Iterable[str]:
    asked = any(one.name == "places" for one in ruleset.questions)
    if asked and sheet.places != ruleset.places and ruleset["places"]:
        yield f"the rule set reckons to {ruleset.places} places, the sheet to {sheet.places}"
    if sheet.anchor not in ("", ruleset.anchor):
        yield f"the sheet says that its rule set was checked against “{sheet.anchor}”; it was: {ruleset.anchor}"
    both = set(sheet.withdrawn) & set(sheet.candidates)
    if both:
        yield f"{sorted(both)[0]} has withdrawn and stands"
    touched = sheet.valid + sheet.blank + sheet.invalid
    for what, papers in sheet.cleaning:
        if papers > touched:
            yield f"“{what}” is said of {papers} papers; there are {touched}"


def _quota(sheet: Sheet, ruleset: Ruleset) -> Check:
    if check_quota.iterated(sheet, ruleset):
        stages = f"{len(sheet.stages)} stages, each from what nobody holds there"
        return _said("N2", check_quota.wrong_iterated(sheet, ruleset), stages)
    if check_quota.expected(sheet, ruleset) is None:
        if sheet.quota is None and not check_order.answer(ruleset, "quota"):
            return Check("N2", CLAIMS["N2"], "not part of it", "the rule set has no quota")
        return _left_out("N2", "how this rule set reckons its quota is not checked without the papers")
    again = ", reckoned again in the count" if check_quota.again(ruleset) else ""
    return _said("N2", check_order.quota_at_the_start(sheet, ruleset), f"{sheet.quota_text}{again}")


def _totals(sheet: Sheet, ruleset: Ruleset) -> Check:
    if ruleset.family in check_sums.BY_FIGURES:
        return Check("N3", CLAIMS["N3"], "not part of it", "the rule set orders by figures; no votes move")
    return _said(
        "N3", check_sums.unequal_totals(sheet, ruleset), f"{sheet.valid} papers, {len(sheet.stages)} stages"
    )


def _told(sheet: Sheet) -> bool:
    return any(one.transfers for one in sheet.stages)


def _transfers(sheet: Sheet) -> Check:
    if len(sheet.stages) < 2:
        return Check("N4", CLAIMS["N4"], "not part of it", "there is one stage")
    if not _told(sheet):
        return _left_out("N4", "the sheet names no transfers")
    moved = sum(len(one.transfers) for one in sheet.stages)
    return _said("N4", check_sums.unexplained_changes(sheet), f"{moved} transfers")


def _values(sheet: Sheet, ruleset: Ruleset) -> Check:
    if ruleset.family not in check_sums.BY_TRANSFERS:
        return _left_out("N5", _WORTH.get(ruleset.family, _WORTH[""]))
    if not _told(sheet):
        return _left_out("N5", "the sheet names no transfers")
    return _said("N5", check_sums.wrong_values(sheet, ruleset), "every paper from its first preference on")


def _elections(sheet: Sheet, ruleset: Ruleset) -> Check:
    known = check_order.answer(ruleset, "elected_when")
    one = ruleset.family in check_order.ONE_WINNER
    if not one and (not known or sheet.quota is None or check_order.begins_again(ruleset)):
        return _left_out("N6", "when this rule set elects is not checked without the papers")
    if _within_bounds(sheet):
        return _left_out("N6", "places for groups were kept: only papers and groups tell")
    if sheet.elected and not any(one.elected for one in sheet.stages):
        return _left_out("N6", "the sheet does not say at which stage anybody is elected")
    return _said("N6", check_order.wrong_elections(sheet, ruleset), "at every stage")


def _acts(sheet: Sheet, ruleset: Ruleset) -> Check:
    known = check_order.answer(ruleset, "exclusion") and ruleset.family in ("stv", "parcels", "rounds")
    again = check_order.begins_again(ruleset)
    if _within_bounds(sheet):
        return _left_out("N7", "places for groups were kept: only papers and groups tell")
    if ruleset.family == "meek" or again:
        found = _said(
            "N7",
            check_order.lowest_out(sheet, ruleset),
            "whoever was excluded was lowest; no surplus has a turn",
        )
        if found.verdict == "failed" or not again:
            return found
        return _left_out(
            "N7", "whoever was excluded was lowest; whose surplus moves when is told by the papers"
        )
    if not known:
        return _left_out("N7", "whose turn it is under this rule set is not checked without the papers")
    if sheet.elected and not any(one.elected for one in sheet.stages):
        return _left_out("N7", "the sheet does not say at which stage anybody is elected")
    return _said("N7", check_order.wrong_acts(sheet, ruleset), "every surplus and every exclusion")


def _within_bounds(sheet: Sheet) -> bool:
    """Whether constraints, which the sheet does not carry, had a say in who was elected and excluded."""
    return any(remark.startswith(KEPT) for remark in sheet.remarks)


def _ties(sheet: Sheet, ruleset: Ruleset, seed: str | None) -> Check:
    if not sheet.ties:
        return Check("N8", CLAIMS["N8"], "not part of it", "no tie is recorded")
    found = _said("N8", check_order.wrong_ties(sheet, ruleset, seed), f"{len(sheet.ties)} of them")
    if found.verdict == "passed" and check_order.undrawn_lots(sheet, seed):
        return _left_out("N8", "a lot was drawn, and there is no seed to draw it again")
    return found


def check_papers(sheet: Sheet, again: Sheet, by: str, seed: str | None = None) -> Check:
    """Duty N10. again: the sheet that the papers give, counted by somebody else than who made this one; by: whom.

    Only what the sheet tells is compared: a typed report without transfers is not blamed for their absence.
    """
    found = _said("N10", _differences(sheet, again), f"{len(again.stages)} stages, counted again by {by}")
    if found.verdict == "passed" and check_order.undrawn_lots(sheet, seed):
        return _left_out("N10", "a lot was drawn, and there is no seed to draw it again")
    return found


def _differences(sheet: Sheet, again: Sheet) -> Iterable[str]:
    if sheet.papers not in (NO_FILE, again.papers):
        yield "the papers are another file than the sheet names (SHA-256)"
    for what in ("seats", "places", "valid", "quota", "withdrawn", "elected", "vacant"):
        said, found = getattr(sheet, what), getattr(again, what)
        if said != found:
            yield f"{what}: the sheet says {_plain(said)}, the papers give {_plain(found)}"
    if set(sheet.candidates) != set(again.candidates):
        yield "the candidates are not those of the papers"
        return
    if sheet.cleaning and dict(sheet.cleaning) != dict(again.cleaning):
        yield "what was cleaned on the papers is not what the sheet says"
    if len(sheet.stages) != len(again.stages):
        yield f"the sheet has {len(sheet.stages)} stages, the papers give {len(again.stages)}"
    for said, found in zip(sheet.stages, again.stages, strict=False):
        yield from _stage_differences(sheet, said, again, found)
    if sheet.ties and {_tie(one) for one in sheet.ties} != {_tie(one) for one in again.ties}:
        yield "the ties are not those that the papers give"


def _stage_differences(sheet: Sheet, said: Stage, again: Sheet, found: Stage) -> Iterable[str]:
    where = f"stage {said.number}" + (f", part {said.part}" if said.part else "")
    if said.act != found.act:
        yield f"{where} is “{said.act}”; the papers give “{found.act}”"
    votes = course.held(again, found)
    for name, units in course.held(sheet, said).items():
        if units != votes[name]:
            yield f"{where}: {name} has {fields.number(votes[name], again.places)} by the papers"
    for what in ("non_transferable", "rounding", "set_aside"):
        if getattr(said, what) != getattr(found, what):
            yield f"{where}: {what.replace('_', ' ')} is not what the papers give"
    if said.elected and said.elected != found.elected:
        yield f"{where}: elected by the papers: {', '.join(found.elected) or 'nobody'}"
    if said.excluded and set(said.excluded) != set(found.excluded):  # those who go together go in no order
        yield f"{where}: excluded by the papers: {', '.join(found.excluded) or 'nobody'}"
    if said.transfers and found.transfers and _ways(said) != _ways(found):
        yield f"{where}: the transfers are not those of the papers"


def _ways(stage: Stage) -> dict[tuple[str | None, str | None, Number], tuple[int, Number]]:
    """Papers and votes that went each way at each value, in however many bundles."""
    ways: dict[tuple[str | None, str | None, Number], tuple[int, Number]] = {}
    for one in stage.transfers:
        papers, votes = ways.get((one.giver, one.heir, one.value), (0, 0))
        ways[one.giver, one.heir, one.value] = (papers + one.papers, votes + one.votes)
    return ways


def _tie(tie: Tie) -> tuple[frozenset[str], str, int]:
    return frozenset(tie.between), tie.chosen, tie.stage


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
