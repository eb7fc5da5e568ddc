"""What several counts together give, and papers reduced to some of the candidates."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from selectorate.count.objects import Profile, Ranking, Sheet
from selectorate.count.ties import Draw

Count = Callable[[Profile, int], Sheet]
"""Counts a profile for so many seats, by one rule set and with one seed."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The result of several counts. elected: in order where the method gives one. counts: (what it was for, sheet).
    says: what was done, step by step. vacant: seats that nobody fills."""

    elected: tuple[str, ...]
    counts: tuple[tuple[str, Sheet], ...]
    says: tuple[str, ...]
    vacant: int = 0


def standing(profile: Profile, names: Collection[str]) -> Profile:
    """The same papers with only these candidates on them, in the order of the profile. A paper on which none of
    them stands is blank."""
    kept = [at for at, name in enumerate(profile.candidates) if name in names]
    new = {at: place for place, at in enumerate(kept)}
    counts: dict[Ranking, int] = {}
    blank = profile.blank
    for paper in profile.papers:
        ranking = tuple(new[one] for one in paper.ranking if one in new)
        if ranking:
            counts[ranking] = counts.get(ranking, 0) + paper.number
        else:
            blank += paper.number
    left = tuple(profile.candidates[at] for at in kept)
    return Profile.gather(left, counts, blank=blank, invalid=profile.invalid)


def by_first_preferences(profile: Profile, names: Collection[str], draw: Draw, stage: int) -> list[str]:
    """These candidates, most first preferences first; equal ones by lot."""
    firsts = dict.fromkeys(profile.candidates, 0)
    for paper in profile.papers:
        firsts[profile.candidates[paper.ranking[0]]] += paper.number
    order: list[str] = []
    for votes in sorted({firsts[name] for name in names}, reverse=True):
        equal = [name for name in names if firsts[name] == votes]
        order += draw.order(equal, stage) if len(equal) > 1 else equal
    return order
