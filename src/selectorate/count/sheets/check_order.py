"""Checks of a sheet's decisions (without the papers): who is elected when, whose papers move, ties, the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from selectorate.count.ballots import NONE_OF_THESE
from selectorate.count.objects import Number, Sheet, Stage, Tie
from selectorate.count.rulesets import Ruleset
from selectorate.count.sheets import check_quota, course
from selectorate.count.sheets.course import Row

_AT, _ABOVE = "at the quota or above", "above the quota"
_LARGEST = ("largest, never deferred", "largest first")
_LOWEST = (
    "one lowest, all papers in one stage at the value received",
    "the lowest",
    "the one with the fewest votes",
)
ONE_WINNER = ("rounds", "runoff", "bucklin")
"""Families that elect one, the one with most votes at the last stage."""
_TOGETHER = ("as many of the lowest together as", "all lowest whose votes together are")
_NEITHER = "those equal throughout are not elected then"
_LATEST = "latest earlier stage that differs, else lot"


def answer(ruleset: Ruleset, question: str) -> str:
    """An answer as text; "" where the family does not ask."""
    try:
        return str(ruleset[question])
    except KeyError:
        return ""


def begins_again(ruleset: Ruleset) -> bool:
    return answer(ruleset, "after_exclusion").startswith("the count begins again")


def _thresholds(sheet: Sheet, stage: Stage) -> tuple[Fraction | None, Fraction | None]:
    """(quota, what is enough) at a stage, in votes: the rule's own figures where the stage prints them."""
    printed = dict(stage.figures)
    quota = _fraction(printed.get("quota")) or (None if sheet.quota is None else Fraction(sheet.quota))
    required = _fraction(printed.get("vote required"))
    return quota, quota if required is None or quota is None else min(quota, required)


def _fraction(text: str | None) -> Fraction | None:
    try:
        return None if text is None else Fraction(text.replace(",", ""))
    except (ValueError, ZeroDivisionError):
        return None


def wrong_elections(sheet: Sheet, ruleset: Ruleset) -> Iterator[str]:
    """Who is elected at a stage although the votes do not say so, or is not although they do."""
    if ruleset.family in ONE_WINNER:
        yield from _not_the_most(sheet)
        return
    unit = 10**sheet.places
    rule = answer(ruleset, "elected_when")
    for row in course.rows(sheet):
        votes = course.held(sheet, row.stage)
        standing = [one for one in row.continuing if row.verb != "exclude" or one not in row.subjects]
        for one in row.stage.elected:
            if one not in standing:
                yield f"{row.label}: {one} is elected, who was no longer in the count"
        quota, enough = _thresholds(sheet, row.stage)
        if quota is None or enough is None or not rule.endswith((_AT, _ABOVE, "or above")):
            continue
        above = rule.endswith(_ABOVE)
        elected = set(row.stage.elected)
        room = row.room - len(elected)
        for one in standing:
            has = Fraction(votes[one]) / unit
            reached = has > quota if above else has >= quota
            equal = [other for other in standing if votes[other] == votes[one] and other not in elected]
            # At an exact quota more can have it than there are seats: then it elects nobody.
            neither = answer(ruleset, "crowded").endswith(_NEITHER) or ruleset.family == "meek"
            crowded = neither and len(equal) > room
            if reached and one not in elected and room > 0 and not crowded:
                yield f"{row.label}: {one} has the quota and is not elected"
            low = has <= enough if above else has < enough
            if one in elected and low and not _last_seats(ruleset, standing, elected, room):
                yield f"{row.label}: {one} is elected below the quota, and it is not the last seat"
        yield from _out_of_order(row, votes, [one for one in row.stage.elected if votes[one] >= quota * unit])


def _not_the_most(sheet: Sheet) -> Iterator[str]:
    """In a count for one winner, whoever is elected has most votes at that stage."""
    for stage in sheet.stages:
        votes = course.held(sheet, stage)
        for one in stage.elected:
            more = [other for other, has in votes.items() if has > votes[one]]
            if more:
                yield f"stage {stage.number}: {more[0]} has more votes than {one}, who is elected"


def _last_seats(ruleset: Ruleset, standing: list[str], elected: set[str], room: int) -> bool:
    """Whether an election below the quota can be one to the last seats."""
    if ruleset.family == "stv":
        return set(standing) <= elected
    return room == 0 or set(standing) <= elected


def _out_of_order(row: Row, votes: dict[str, Number], elected: list[str]) -> Iterator[str]:
    for first, second in pairwise(elected):
        if votes[first] < votes[second]:
            yield f"{row.label}: {second} has more votes than {first} and is listed later"


def wrong_acts(sheet: Sheet, ruleset: Ruleset) -> Iterator[str]:
    """Surpluses out of their turn, and exclusions of somebody who was not lowest."""
    elects = answer(ruleset, "elected_when").startswith("when the surplus moves")
    for row in course.rows(sheet):
        if row.before is None or not row.opens or row.verb in ("first", "other"):
            continue
        votes = course.held(sheet, row.before)
        for one in row.subjects:
            expected = row.pending if row.verb == "surplus" and not elects else row.continuing
            if one not in expected:
                state = "has no surplus to come" if row.verb == "surplus" else "was no longer in the count"
                yield f"{row.label}: {one} {state}"
        if row.verb == "surplus":
            yield from _surplus_in_turn(sheet, ruleset, row, votes)
        else:
            yield from _lowest(sheet, ruleset, row, votes)


def _over(sheet: Sheet, row: Row, votes: dict[str, Number]) -> dict[str, Number]:
    """Elected candidates with a surplus that has not moved -> votes."""
    quota = _thresholds(sheet, row.before or row.stage)[0]
    if quota is None:
        return {}
    return {one: votes[one] for one in row.pending if votes[one] > quota * 10**sheet.places}


def _surplus_in_turn(sheet: Sheet, ruleset: Ruleset, row: Row, votes: dict[str, Number]) -> Iterator[str]:
    over = _over(sheet, row, votes)
    donor = row.subjects[0]
    if not answer(ruleset, "surplus_next").startswith(_LARGEST) or donor not in over:
        return
    larger = [one for one, has in over.items() if has > over[donor]]
    if larger:
        yield f"{row.label}: the surplus of {larger[0]} is larger than that of {donor} and moves first"
    equal = [one for one, has in over.items() if has == over[donor]]
    yield from _untold_tie(sheet, row, equal, donor, "surplus")


def _lowest(sheet: Sheet, ruleset: Ruleset, row: Row, votes: dict[str, Number]) -> Iterator[str]:
    rule = answer(ruleset, "exclusion")
    gone = [one for one in row.subjects if one in row.continuing]
    left = [one for one in row.continuing if one not in gone]
    never = "never" in answer(ruleset, "surplus_next") or answer(ruleset, "deferral") == "never"
    waiting = _over(sheet, row, votes)
    if never and waiting and answer(ruleset, "sure_losers") in ("", "they wait until they are lowest"):
        yield f"{row.label}: {', '.join(waiting)} has a surplus, which must move before anybody is excluded"
    if not gone or not left or not (rule in _LOWEST or rule.startswith(_TOGETHER)):
        return
    if answer(ruleset, "first_out") not in ("", "nobody") or _bounded(sheet):
        return
    if answer(ruleset, "takes_part").startswith("the smallest group") and row.stage.number == 2:
        return  # those outside the group go out first, however many votes they have
    if answer(ruleset, "none_of_these").startswith("never goes out") and len(left) > 1:
        left = [one for one in left if one.casefold() not in NONE_OF_THESE]
    most = max(gone, key=lambda one: votes[one])
    fewer = [one for one in left if votes[one] < votes[most]]
    if fewer:
        yield f"{row.label}: {fewer[0]} has fewer votes than {most}, who is excluded"
    if len(gone) > 1:
        if rule in _LOWEST and answer(ruleset, "sure_losers") in ("", "they wait until they are lowest"):
            yield f"{row.label}: {len(gone)} are excluded at once; the rule excludes one"
        together = sum(votes[one] for one in gone)
        if together > min(votes[one] for one in left):
            yield f"{row.label}: those excluded together have more votes than the next above"
    else:
        equal = [*gone, *(one for one in left if votes[one] == votes[most])]
        yield from _untold_tie(sheet, row, equal, gone[0], "exclusion")


def _bounded(sheet: Sheet) -> bool:
    """Whether the rulebook bounds groups in this count, so that others than the lowest may have to go out."""
    return any("guarded" in stage.says or "doomed" in stage.says for stage in sheet.stages)


def _untold_tie(sheet: Sheet, row: Row, equal: list[str], chosen: str, purpose: str) -> Iterator[str]:
    if len(equal) < 2:
        return
    told = [one for one in sheet.ties if one.stage == row.stage.number and one.purpose == purpose]
    if not any(one.chosen == chosen for one in told):
        yield f"{row.label}: {' and '.join(sorted(equal))} had equal votes, and no tie is recorded"


def wrong_ties(sheet: Sheet, ruleset: Ruleset, seed: str | None) -> Iterator[str]:
    """Ties between candidates who were not equal, and choices that the rule or the lot does not give."""
    for tie in sheet.ties:
        rows = _looked_at(sheet, tie)
        where = f"the tie of stage {tie.stage}"
        if len(tie.between) < 2:
            yield f"{where} is between fewer than two"
            continue
        if not rows or tie.purpose not in ("exclusion", "surplus", "order"):
            continue
        index = [sheet.candidates.index(one) for one in tie.between]
        compared = ruleset.family in ("stv", "parcels", "rounds")  # elsewhere a tie may be of other figures,
        if tie.purpose == "order" and answer(ruleset, "transfer_value").startswith("one vote"):
            compared = False  # as here, of the fractions of papers
        if compared and len({rows[-1].tallies[at] for at in index}) > 1:
            yield f"{where}: {' and '.join(tie.between)} had not equal votes"
            continue
        if answer(ruleset, "ties") == _LATEST:
            yield from _backwards(sheet, tie, rows, seed, where)


def _looked_at(sheet: Sheet, tie: Tie) -> list[Stage]:
    """The stages that a tie looks back at: up to the one before its own, or its own for the order."""
    last = tie.stage if tie.purpose == "order" else tie.stage - 1
    return [stage for stage in sheet.stages if stage.number <= last]


def _backwards(sheet: Sheet, tie: Tie, rows: list[Stage], seed: str | None, where: str) -> Iterator[str]:
    """The latest earlier stage that differs; step by step among those who are still equal; else the lot."""
    pick = min if tie.purpose == "exclusion" else max
    left = list(tie.between)
    for stage in reversed(rows):
        votes = course.held(sheet, stage)
        extreme = pick(votes[one] for one in left)
        left = [one for one in left if votes[one] == extreme]
    if tie.chosen not in left:
        yield f"{where}: an earlier stage says {' or '.join(left)}, not {tie.chosen}"
    elif len(left) == 1 and tie.by == "lot":
        yield f"{where}: an earlier stage tells them apart, and no lot is drawn"
    elif len(left) > 1 and tie.by == "earlier stage":
        yield f"{where}: no earlier stage tells {' and '.join(left)} apart"
    elif len(left) > 1 and seed is not None:
        first = min(left, key=lambda one: hashlib.sha256(f"{seed}|{tie.stage}|{one}".encode()).digest())
        if first != tie.chosen:
            yield f"{where}: the lot by this seed is {first}'s, not {tie.chosen}'s"


def undrawn_lots(sheet: Sheet, seed: str | None) -> bool:
    """Whether there is a lot that cannot be drawn again here."""
    return seed is None and any("lot" in str(one.by) for one in sheet.ties)


def wrong_end(sheet: Sheet, ruleset: Ruleset) -> Iterator[str]:
    """Seats, numbers of stages, and whether the count ends where it must."""
    listed = tuple(one for stage in sheet.stages for one in stage.elected)
    if listed and listed != sheet.elected and not begins_again(ruleset):
        yield "the elected are not those of the stages, one after the other"
    if len(set(listed)) != len(listed) and not begins_again(ruleset):
        yield "somebody is elected twice"
    if len(sheet.elected) + sheet.vacant > sheet.seats:
        yield f"{len(sheet.elected)} elected and {sheet.vacant} vacant are more than {sheet.seats} seats"
    gone = {one for row in course.rows(sheet) if row.verb == "exclude" for one in row.subjects}
    both = gone & set(sheet.elected)
    if both and not begins_again(ruleset):
        yield f"{sorted(both)[0]} is excluded and elected"
    yield from _numbers(sheet)
    if begins_again(ruleset) or not listed:
        return
    every = list(course.rows(sheet))
    for row in every[1:]:
        if row.room <= 0:
            yield f"every seat was filled before {row.label}"
            break
    left = set(sheet.candidates) - gone - set(sheet.elected)
    if len(sheet.elected) + sheet.vacant < sheet.seats and left and ruleset.family in ("stv", "parcels"):
        yield f"the count ends with free seats, and {', '.join(sorted(left))} still in it"


def _numbers(sheet: Sheet) -> Iterator[str]:
    number, part = 0, 0
    for stage in sheet.stages:
        follows = stage.number == number + 1 and stage.part <= 1
        batch = stage.number == number and part and stage.part == part + 1
        if not (follows or batch):
            yield f"stage {stage.number} follows stage {number}"
            return
        number, part = stage.number, stage.part


def lowest_out(sheet: Sheet, ruleset: Ruleset) -> Iterator[str]:
    """Whoever is excluded had the fewest votes of those still in the count, on the row above, or lay no further
    above these than the total surplus where the rule set calls that a tie."""
    within = answer(ruleset, "exclusion").startswith("one of those no further above the lowest")
    elected: set[str] = set()
    for row in course.rows(sheet):
        if row.before is not None:
            elected.update(row.before.elected)
        if row.verb != "exclude" or row.before is None or not row.opens:
            continue
        held = course.held(sheet, row.before)
        least: Number = min((held[name] for name in row.continuing), default=0)
        quota = _thresholds(sheet, row.before)[0]
        if within and quota is not None:
            least += max(0, sum(held[name] - quota * 10**sheet.places for name in elected))
        for name in row.subjects:
            if held[name] > least:
                yield f"{row.label}: {name} is excluded, and somebody else had fewer votes"


def quota_at_the_start(sheet: Sheet, ruleset: Ruleset) -> Iterator[str]:
    """The quota of the sheet, where the rule set says how it follows from papers and seats."""
    expected = check_quota.expected(sheet, ruleset)
    if expected is None:
        return
    if sheet.quota is None:
        yield f"there is no quota; the rule set gives {expected}"
        return
    found = Fraction(sheet.quota)
    if check_quota.again(ruleset):
        printed = _fraction(dict(sheet.stages[0].figures).get("quota"))
        if found > expected or (printed is not None and printed != expected):
            yield f"the quota of stage 1 is {expected}, and it never rises"
    elif found != expected:
        yield f"the quota is {expected}, not {found}"
