"""Who takes the seats when candidates are ordered by a figure, and how equal ones are told apart.

The rule set's own list of tie rules is asked one after the other, then the lot. Candidates who are equal and are
all elected, or all not, need no lot: they are listed by name, and the order between them says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selectorate.count.objects import Tie
from selectorate.count.ties import Draw

LOT = "lot"
EQUAL_BY_NAME = (
    "Candidates with equal figures who are all elected are listed by name; "
    "the order between them says nothing."
)


@dataclass(frozen=True, slots=True)
class TieRule:
    """by: the rule in the words that the tie is recorded with; figure: for a group of equals, each one's figure
    by that rule, the highest to be preferred."""

    by: str
    figure: Callable[[Sequence[str]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Seated:
    """elected: in order, the highest first; ties: every one that decided about a place; equal: whether some of
    the elected are equal and stand by name."""

    elected: tuple[str, ...]
    ties: tuple[Tie, ...]
    equal: bool = False


def seat(
    figures: Mapping[str, Any],
    seats: int,
    rules: Sequence[TieRule],
    draw: Draw,
    *,
    stage: int,
    purpose: str = "seat",
) -> Seated:
    """The `seats` candidates with the highest figures. Raises Refusal `count.tie` (a lot without a seed)."""
    elected: list[str] = []
    ties: list[Tie] = []
    equal = False
    for group in levels(figures):
        room = seats - len(elected)
        if room <= 0:
            break
        if len(group) <= room:
            equal |= len(group) > 1
            elected.extend(group)
        else:
            chosen = _told_apart(group, room, rules, draw, stage, purpose, ties)
            elected.extend(chosen)
    return Seated(tuple(elected), tuple(ties), equal)


def levels(figures: Mapping[str, Any]) -> list[list[str]]:
    """The candidates by falling figure; equal ones together, by name."""
    groups: dict[Any, list[str]] = {}
    for name in sorted(figures):
        groups.setdefault(figures[name], []).append(name)
    return [groups[figure] for figure in sorted(groups, reverse=True)]


def _told_apart(
    group: list[str],
    room: int,
    rules: Sequence[TieRule],
    draw: Draw,
    stage: int,
    purpose: str,
    ties: list[Tie],
) -> list[str]:
    """`room` of these equal candidates, fewer than they are: by the rules in turn, then one lot after the other."""
    if rules:
        rule, *further = rules
        chosen: list[str] = []
        for part in levels(rule.figure(group)):
            left = room - len(chosen)
            if left <= 0:
                break
            if len(part) <= left:
                between = tuple(name for name in group if name not in chosen)
                ties.extend(Tie(between, rule.by, name, purpose, stage) for name in part)
                chosen += part
            else:
                chosen += _told_apart(part, left, further, draw, stage, purpose, ties)
        return chosen
    return drawn(group, room, draw, stage=stage, purpose=purpose, ties=ties)


def drawn(
    group: Sequence[str], room: int, draw: Draw, *, stage: int, purpose: str, ties: list[Tie]
) -> list[str]:
    """`room` of these candidates by lot, one after the other; each lot is recorded."""
    left, chosen = sorted(group), list[str]()
    while len(chosen) < room and left:
        one = left[0] if len(left) == 1 else draw.one(left, stage)
        if len(left) > 1:
            ties.append(Tie(tuple(left), LOT, one, purpose, stage))
        left.remove(one)
        chosen.append(one)
    return chosen
