"""Assertions checked (check): each by its two sums, and all together by going through every order.

Reads each paper from its first preference on for each assertion; nothing is shared with `proofs`.
"""

from __future__ import annotations

from selectorate.canon import Check
from selectorate.count.margin.elimination.assertion import Assertion, Assertions
from selectorate.count.objects import Profile

SUMS = "Each assertion is true of the papers: its two sums are as it says, the first greater."
COVER = "Whatever the order of elimination, it ends in the winner or breaks an assertion."
_STEPS_MAX = 2_000_000


def check_assertions(claimed: Assertions, profile: Profile) -> tuple[Check, Check]:
    """Whether the assertions are true, and whether they prove the winner with the margin that is claimed."""
    faults = [fault for one in claimed.found if (fault := _fault(one, profile))]
    sums = Check("A1", SUMS, "failed", faults[0]) if faults else _passed("A1", SUMS, claimed)
    least = min((one.margin for one in claimed.found), default=None)
    if least is not None and least != claimed.margin:
        because = f"the least margin is {least}, not {claimed.margin}"
        return sums, Check("A2", COVER, "failed", because)
    order = _open_order(claimed, len(profile.candidates))
    if order is None:
        return sums, _passed("A2", COVER, claimed)
    if not order:
        return sums, Check("A2", COVER, "not checked", "there are too many orders to go through")
    names = ", ".join(profile.candidates[one] for one in order)
    return sums, Check("A2", COVER, "failed", f"nothing speaks against this order: {names}")


def _passed(duty: str, title: str, claimed: Assertions) -> Check:
    return Check(duty, title, "passed", f"{len(claimed.found)} assertions, margin {claimed.margin}")


def _fault(one: Assertion, profile: Profile) -> str:
    more = fewer = 0
    for paper in profile.papers:
        if one.kind == "NEB":
            more += paper.number * (paper.ranking[0] == one.ahead)
            pair = [each for each in paper.ranking if each in (one.ahead, one.behind)]
            fewer += paper.number * (pair[:1] == [one.behind])
        else:
            left = [each for each in paper.ranking if each in one.standing]
            more += paper.number * (left[:1] == [one.ahead])
            fewer += paper.number * (left[:1] == [one.behind])
    if (more, fewer) != (one.more, one.fewer):
        return f"the sums are {more} and {fewer}, not {one.more} and {one.fewer}"
    return "" if more > fewer else f"{more} is not more than {fewer}"


def _open_order(claimed: Assertions, size: int) -> tuple[int, ...] | None:
    """The end of an order that no assertion speaks against; empty when there are too many to go through."""
    ends: list[tuple[int, ...]] = [(one,) for one in range(size) if one != claimed.winner]
    steps = 0
    while ends:
        end = ends.pop()
        steps += 1
        if steps > _STEPS_MAX:
            return ()
        if any(_breaks(end, one) for one in claimed.found):
            continue
        if len(end) == size:
            return end
        ends += [(one, *end) for one in range(size) if one not in end]
    return None


def _breaks(end: tuple[int, ...], one: Assertion) -> bool:
    if one.kind == "NEN":
        start = len(end) - len(one.standing)
        return start >= 0 and end[start] == one.ahead and sorted(end[start:]) == sorted(one.standing)
    lasting = [each for each in end if each in (one.ahead, one.behind)]
    return lasting == [one.behind] or lasting == [one.ahead, one.behind]
