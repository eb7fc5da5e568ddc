"""Minimum and maximum places for groups of candidates: who is guarded, who is doomed.

Groups are names that the rulebook gives ("A", "B"); a candidate declares for this contest alone which apply, may
belong to several or to none, and nothing here knows what they stand for.

After each election and exclusion two questions are put for every candidate still in the count: can the free seats
still be filled within all bounds with this candidate, and without? If not with: doomed, to be excluded as soon as
possible. If not without: guarded, not to be excluded. Grey and Fitzgerald's booklet of the Electoral Reform
Society has the words; I. D. Hill, STV with constraints, Voting matters 9 (1998), looks at all bounds together;
J. Otten, STV with multiple constraints, Voting matters 13 (2001), has the example with two sets of groups.

The answer is exact for groups that overlap: candidates who are in the same groups are alike, so only how many of
each such class are elected is searched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from selectorate.errors import refuse

GROUPS_MAX = 8
"""More groups than a rulebook names; the search grows with the ways in which they overlap."""

KEPT = "Places for groups were kept by guarding and dooming"
"""How the remark begins that a sheet counted with constraints carries."""

BY_BOUNDS = "the contest's bounds on places for groups"
"""The clause by which a candidate goes out whom the bounds doom, or instead of one whom they guard: no rule set has
such a rule, so the sheet names the bounds before the clause by which the papers move."""

Class = tuple[tuple[bool, ...], int]
"""Candidates who are in the same groups: in which, and how many they are."""


@dataclass(frozen=True, slots=True)
class Group:
    """Places for those in one group: at least `minimum`, at most `maximum`, both included.

    Raises Refusal `count.constraints` where the bounds contradict each other or a candidate is named twice.
    """

    name: str
    candidates: tuple[str, ...]
    minimum: int
    maximum: int

    def __post_init__(self) -> None:
        if not self.name or not self.name.isprintable() or self.name != self.name.strip():
            raise refuse("count.constraints", because=f"“{self.name}” is no name of a group")
        if len(set(self.candidates)) != len(self.candidates):
            raise refuse("count.constraints", because=f"group {self.name} names a candidate twice")
        if self.minimum < 0 or self.maximum < self.minimum:
            because = f"group {self.name} has {self.minimum} places at least and {self.maximum} at most"
            raise refuse("count.constraints", because=because)

    def said(self) -> str:
        """The bounds in a sentence: "at least 1 and at most 3 for group A"."""
        if not self.minimum:
            return f"at most {self.maximum} for group {self.name}"
        if self.minimum == self.maximum:
            return f"exactly {self.minimum} for group {self.name}"
        return f"at least {self.minimum} and at most {self.maximum} for group {self.name}"


@dataclass(frozen=True, slots=True)
class Constraints:
    """All groups of a contest, in the order of their names. waives: whether a shortage of nominees waives a bound,
    as the rulebook must say; otherwise it stops the count. Raises Refusal `count.constraints`."""

    groups: tuple[Group, ...]
    waives: bool = False

    def __post_init__(self) -> None:
        names = [group.name for group in self.groups]
        if len(set(names)) != len(names):
            raise refuse("count.constraints", because="two groups have one name")
        if len(names) > GROUPS_MAX:
            because = f"there are {len(names)} groups; at most {GROUPS_MAX} are looked at together"
            raise refuse("count.constraints", because=because)
        object.__setattr__(self, "groups", tuple(sorted(self.groups, key=lambda group: group.name)))

    def fitted(self, candidates: Collection[str], seats: int) -> tuple[Constraints, tuple[str, ...]]:
        """The bounds that are kept, and a sentence for each that a shortage of nominees waives.

        Each group is looked at alone: its minimum falls to the number of its members who stand; its maximum rises to
        the places that too few outside it leave over. A minimum above the number of seats is no shortage. What
        overlapping groups cannot keep together stays for the rulebook (`demand_possible`).
        """
        if not self.waives:
            return self, ()
        groups, said = list[Group](), list[str]()
        for group in self.groups:
            inside = sum(name in candidates for name in group.candidates)
            outside = len(candidates) - inside
            least = min(group.minimum, inside)
            most = max(group.maximum, min(seats, len(candidates)) - outside)
            if least < group.minimum:
                few = _standing_few(f"Of group {group.name}", inside)
                said.append(f"{few}: the minimum of {_places(group.minimum)} is waived: at least {least}.")
            if most > group.maximum:
                few = _standing_few(f"Outside group {group.name}", outside)
                said.append(f"{few}: the maximum of {_places(group.maximum)} is waived: at most {most}.")
            groups.append(replace(group, minimum=least, maximum=most))
        return replace(self, groups=tuple(groups)), tuple(said)

    def demand_possible(self, candidates: Collection[str], seats: int) -> None:
        """Raises Refusal `count.constraints` where a group names somebody who does not stand, or where the bounds
        cannot be met: before any paper is counted."""
        for group in self.groups:
            for name in group.candidates:
                if name not in candidates:
                    because = f"group {group.name} names {name}, who does not stand"
                    raise refuse("count.constraints", because=because)
        unmet = conflict(self, (), candidates, seats)
        if unmet:
            places = "1 seat" if seats == 1 else f"{seats} seats"
            bounds = _listed([group.said() for group in unmet])
            because = f"with {len(candidates)} candidates for {places} nobody could meet {bounds}"
            raise refuse("count.constraints", because=because)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who of the hopeful must be elected, and who cannot be."""

    guarded: frozenset[str]
    doomed: frozenset[str]


def feasible(
    constraints: Constraints, elected: Iterable[str], hopeful: Iterable[str], seats_left: int
) -> bool:
    """Whether some of the hopeful fill the free seats so that, with the elected, every bound is met.

    Where fewer are hopeful than seats are free, all of them are elected and the other seats stay vacant.
    """
    groups = constraints.groups
    return _possible(groups, [*elected], _classes(groups, hopeful), seats_left)


def standing(
    constraints: Constraints, elected: Collection[str], hopeful: Collection[str], seats_left: int
) -> Standing:
    """Guarded and doomed of the hopeful. Where the bounds cannot be met at all, everybody is both."""
    return _standing(constraints.groups, elected, hopeful, seats_left)


def conflict(
    constraints: Constraints, elected: Collection[str], hopeful: Collection[str], seats_left: int
) -> tuple[Group, ...]:
    """The fewest groups whose bounds together cannot be met; of equally few the first by name. Empty: all can."""
    for some in _fewest_first(constraints.groups):
        if not _possible(some, elected, _classes(some, hopeful), seats_left):
            return some
    return ()


def because_of(
    constraints: Constraints,
    elected: Collection[str],
    hopeful: Collection[str],
    seats_left: int,
    name: str,
    *,
    doomed: bool,
) -> tuple[Group, ...]:
    """The fewest groups whose bounds alone doom (or guard) a candidate; of equally few the first by name."""
    others = [one for one in hopeful if one != name]
    for some in _fewest_first(constraints.groups):
        classes = _classes(some, others)
        fits = (
            _possible(some, [*elected, name], classes, seats_left - 1)
            if doomed
            else len(others) >= seats_left and _possible(some, elected, classes, seats_left)
        )
        if not fits:
            return some
    return ()


def _standing(
    groups: tuple[Group, ...], elected: Collection[str], hopeful: Collection[str], seats_left: int
) -> Standing:
    guarded: set[str] = set()
    doomed: set[str] = set()
    alike: dict[tuple[bool, ...], list[str]] = {}
    for name in hopeful:
        alike.setdefault(_signature(groups, name), []).append(name)
    for names in alike.values():
        others = [one for one in hopeful if one != names[0]]
        classes = _classes(groups, others)
        if not seats_left or not _possible(groups, [*elected, names[0]], classes, seats_left - 1):
            doomed.update(names)
        if len(others) < seats_left or not _possible(groups, elected, classes, seats_left):
            guarded.update(names)
    return Standing(frozenset(guarded), frozenset(doomed))


def _signature(groups: tuple[Group, ...], name: str) -> tuple[bool, ...]:
    return tuple(name in group.candidates for group in groups)


def _classes(groups: tuple[Group, ...], names: Iterable[str]) -> tuple[Class, ...]:
    """Candidates by the groups they are in, how many of each; in an order that does not depend on theirs."""
    counts: dict[tuple[bool, ...], int] = {}
    for name in names:
        signature = _signature(groups, name)
        counts[signature] = counts.get(signature, 0) + 1
    return tuple(sorted(counts.items(), reverse=True))


def _possible(
    groups: tuple[Group, ...], elected: Collection[str], classes: tuple[Class, ...], seats_left: int
) -> bool:
    """Whether so many of these classes can be added to the elected within all bounds."""
    seats_left = min(seats_left, sum(number for _, number in classes))
    has = [sum(name in group.candidates for name in elected) for group in groups]
    needs = tuple(max(0, group.minimum - now) for group, now in zip(groups, has, strict=True))
    rooms = tuple(min(seats_left, group.maximum - now) for group, now in zip(groups, has, strict=True))
    return seats_left >= 0 and _search(classes, 0, seats_left, needs, rooms, set())


def _search(
    classes: tuple[Class, ...],
    at: int,
    left: int,
    needs: tuple[int, ...],
    rooms: tuple[int, ...],
    failed: set[tuple[int, int, tuple[int, ...], tuple[int, ...]]],
) -> bool:
    """Whether the classes from `at` on can give `left` candidates with what each group needs and has room for.

    failed: what was tried in vain; the same question comes again by other ways.
    """
    if min(rooms, default=0) < 0 or max(needs, default=0) > left:
        return False
    if at == len(classes):
        return left == 0 and not any(needs)
    # No class gives more than the groups it is in have room for.
    rest = [
        (signature, min([number, *(room for room, inside in zip(rooms, signature, strict=True) if inside)]))
        for signature, number in classes[at:]
    ]
    if sum(number for _, number in rest) < left:
        return False
    for group, need in enumerate(needs):
        if sum(number for signature, number in rest if signature[group]) < need:
            return False
    question = (at, left, needs, rooms)
    if question in failed:
        return False
    signature, number = rest[0]
    for taken in range(min(number, left), -1, -1):
        then = left - taken
        needed = tuple(
            max(0, need - taken) if inside else need for need, inside in zip(needs, signature, strict=True)
        )
        open_ = tuple(
            min(then, room - taken if inside else room) for room, inside in zip(rooms, signature, strict=True)
        )
        if _search(classes, at + 1, then, needed, open_, failed):
            return True
    failed.add(question)
    return False


def _fewest_first(groups: tuple[Group, ...]) -> Iterator[tuple[Group, ...]]:
    """Every choice of the groups, the smallest first, in the order of their names."""
    for size in range(len(groups) + 1):
        yield from combinations(groups, size)


def _listed(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _standing_few(where: str, number: int) -> str:
    return f"{where} {'nobody stands' if not number else 'only 1 stands' if number == 1 else f'only {number} stand'}"


def _places(number: int) -> str:
    return "1 place" if number == 1 else f"{number} places"
