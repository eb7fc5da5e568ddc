"""What cleared findings teach: a signal whose findings are nearly all cleared loses weight.

Of the findings of one kind that were decided, a share p was cleared. Up to 80 % that changes nothing: one true
finding in five is worth the asking. Beyond it the evidence of the signal is multiplied by

    w = (1 - p) / p  divided by  0.2 / 0.8  =  4 (1 - p) / p,     never below 1/4,     p = cleared / (decided + 1)

that is, by the odds that such a finding is not cleared, against the odds at 80 %. Three reasons for its form:

- It begins at 80 % without a jump, and falls as the odds fall: half the odds, half the weight.
- One finding that is not cleared is imagined beforehand (the 1 below the line), so that fewer than five decided
  findings change nothing: a handful says little.
- It never falls below a quarter. Who wants to blind a signal could have many honest groups found and cleared; the
  signal grows quieter then, and never silent.

Counted are findings, not members: the members of one finding are cleared together. What rests on silence alone
(codes.toml, `answered = false`) counts neither way, because not answering is evidence of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selectorate.roll.settling.decisions import codes

FULL = 1000
LEAST = 250
SHARE = (4, 5)
"""Cleared findings up to this share change nothing."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How the findings of one kind came out. decided: findings; cleared: of them."""

    kind: str
    decided: int
    cleared: int


def weight(reviewed: Reviewed) -> int:
    """What is left of the signal's evidence, in thousandths: 250 .. 1000."""
    if reviewed.cleared <= 0:
        return FULL
    part, whole = SHARE
    odds = part * (reviewed.decided + 1 - reviewed.cleared) * FULL
    return max(LEAST, min(FULL, odds // ((whole - part) * reviewed.cleared)))


def weights(reviewed: Iterable[Reviewed]) -> Mapping[str, int]:
    """The weight of every kind that lost some; kinds that did not are not in it."""
    return {one.kind: weight(one) for one in reviewed if weight(one) < FULL}


def reviewed(
    findings: Sequence[Mapping[str, Any]], last: Mapping[tuple[str, str], Mapping[str, Any]]
) -> tuple[Reviewed, ...]:
    """How the findings came out, by kind in alphabetical order.

    findings: with `id`, `kind`, `members`; last: the last decision by (finding, member), member "" for a finding
    that names nobody. A finding counts once at least half of its members are decided on an answer; it is cleared if
    all of these are.
    """
    counts: dict[str, list[int]] = {}
    for one in findings:
        people = [str(member) for member in one["members"]] or [""]
        answered = [
            last[one["id"], member]["decision"]
            for member in people
            if (one["id"], member) in last and codes()[last[one["id"], member]["code"]].answered
        ]
        if 2 * len(answered) >= len(people):
            known = counts.setdefault(one["kind"], [0, 0])
            known[0] += 1
            known[1] += all(decision == "cleared" for decision in answered)
    return tuple(Reviewed(kind, *numbers) for kind, numbers in sorted(counts.items()))
