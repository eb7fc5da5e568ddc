"""How many papers may be other than they are: what every test of a bound asks of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from selectorate.count.rulesets import Ruleset


@dataclass(frozen=True, slots=True)
class Doubt:
    """Any `removed` papers at most taken out and any `added` at most put in, and no more than `most` in all."""

    removed: int
    added: int
    most: int

    @classmethod
    def of(cls, k: int) -> Doubt:
        """k papers in all, in every split."""
        return cls(k, k, k)

    @classmethod
    def between(cls, doubtful: int, left_out: int) -> Doubt:
        return cls(doubtful, left_out, doubtful + left_out)

    def splits(self) -> Iterator[tuple[int, int]]:
        """Papers taken out and put in: the splits that are not within another."""
        for removed in range(self.removed + 1):
            yield removed, min(self.added, self.most - removed)
        for added in range(self.added + 1):
            yield min(self.removed, self.most - added), added


_FINE = 9


def exact(ruleset: Ruleset) -> bool:
    """Whether the rule set of weighted transfers rounds nothing."""
    return str(ruleset["rounding"]).startswith("none")


def units(ruleset: Ruleset) -> int:
    """Units in a vote: 10^places; where nothing is rounded, of nine places, with intervals rounded outwards."""
    return int(10 ** (_FINE if exact(ruleset) else ruleset.places))


def quota_units(ruleset: Ruleset, valid: int, seats: int) -> int:
    """The quota in units: one whole vote, or one unit, above valid / (seats + 1).

    Where more than the exact quota elects, votes cut to units are enough from here on, and votes rounded up are not
    enough below.
    """
    unit = units(ruleset)
    if str(ruleset["quota"]).startswith("whole votes"):
        return ruleset.quota(valid, seats) * unit
    return valid * unit // (seats + 1) + 1


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the doubts do to the quota, once for all nodes. Units of 10^-places.

    sure: who has so much of the papers that stay is elected; may: who has less cannot be. apart: whoever of the papers
    that stay has more than this above another is above it. least, most: pairs (papers out, quota) and (papers in,
    quota), for the ratio of a surplus.
    """

    sure: int
    may: int
    apart: int
    least: tuple[tuple[int, int], ...]
    most: tuple[tuple[int, int], ...]
    quota: int
    """The smallest quota there can be."""

    @classmethod
    def of(cls, doubt: Doubt, ruleset: Ruleset, valid: int, seats: int) -> Thresholds:
        unit = units(ruleset)
        below = int(exact(ruleset))  # what the exact quota may be less than in units
        least: dict[int, int] = {}
        most: dict[int, int] = {}
        for removed, added in doubt.splits():
            quota = quota_units(ruleset, valid - removed + added, seats)
            least[removed] = max(least.get(removed, 0), quota)
            most[added] = min(most.get(added, quota), quota)
        return cls(
            sure=max(removed * unit + quota for removed, quota in least.items()),
            may=min(quota - added * unit for added, quota in most.items()),
            apart=min(doubt.most, doubt.removed + doubt.added) * unit,
            least=tuple((removed * unit, quota) for removed, quota in sorted(least.items())),
            most=tuple((added * unit, quota - below) for added, quota in sorted(most.items())),
            quota=min(most.values()) - below,
        )

    def ratio(self, low: int, high: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The least and the most share (over, under) of its papers' value that a surplus moves, of tallies between."""
        under, over = (0, 1), (0, 1)
        worst = None
        for removed, quota in self.least:
            left = low - removed
            share = (left - quota, left) if left > quota else (0, 1)
            if worst is None or share[0] * worst[1] < worst[0] * share[1]:
                worst = share
        under = worst or under
        for added, quota in self.most:
            held = high + added
            if held > quota and (held - quota) * over[1] > over[0] * held:
                over = held - quota, held
        return under, over
