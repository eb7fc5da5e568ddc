"""Groups of members and instruments that hang together, bounded in size and strength.

Members and values are the two sides of a graph; an edge is a link of the year before the freeze that is rarer
than one in twenty. What hangs together and has three homes or more is a group. A group that has grown beyond
a few hundred is a chain of groups: its weakest links are cut until it falls apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from selectorate.roll.signals.objects import Links, Seen, Whole, nothing
from selectorate.roll.signals.settings import Settings


@dataclass(frozen=True, slots=True)
class Edges:
    """Links of all kinds in the year looked at: kind is the place of the signal in the list. Equal lengths."""

    member: Whole
    kind: Whole
    value: Whole
    units: Whole


@dataclass(frozen=True, slots=True)
class Group:
    """Members (ascending) and the edges among them, rows of `Edges`."""

    members: Whole
    edges: Whole


def edges(seen: Sequence[Seen], settings: Settings) -> Edges:
    """The edges of this year that are strong enough to hold a group together."""
    parts = []
    for number, one in enumerate(seen):
        links: Links = one.links
        strong = (links.year == 0) & (links.units >= settings.edge)
        kind = np.full(int(strong.sum()), number, dtype=np.int64)
        parts.append((links.member[strong], kind, links.value[strong], links.units[strong]))
    member, kind, value, units = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Edges(member, kind, value, units)


def at_home(found: Edges, branch: Whole, settings: Settings) -> Edges:
    """The edges without the few that tie members of other branches to a small coincidence.

    branch: of each edge's member. A pair of homes with one account in two branches is a family; taken as a
    tie it would chain one branch's group to the next, and so all of them.
    """
    _, value = np.unique(np.stack([found.kind, found.value]), axis=1, return_inverse=True)
    value = value.reshape(-1)
    size = np.bincount(value, minlength=1)
    pairs, place, counts = np.unique(
        np.stack([value, branch]), axis=1, return_inverse=True, return_counts=True
    )
    order = np.lexsort((pairs[1], -counts, pairs[0]))
    _, first = np.unique(pairs[0][order], return_index=True)
    best = np.zeros(len(counts), dtype=np.bool_)
    best[order[first]] = True
    kept = (size[value] > settings.weak_homes_max) | best[place.reshape(-1)]
    return Edges(found.member[kept], found.kind[kept], found.value[kept], found.units[kept])


def untangled(found: Edges, soft: Sequence[bool]) -> Edges:
    """The edges without those that would only chain one group to another.

    A device, a recruiter, a building are what any honest drive or house has. They belong to a group that an
    account or a telephone holds together where at least half of their members do; else they make a group of
    their own, of the members whom nothing else holds.
    """
    weak = np.array([*soft, False])[found.kind]
    hard = np.nonzero(~weak)[0]
    where = {
        member: number
        for number, part in enumerate(_parts(found, hard))
        for member in found.member[part].tolist()
    }
    rows = np.nonzero(weak)[0]
    of = np.fromiter(
        (where.get(one, -1) for one in found.member[rows].tolist()), dtype=np.int64, count=len(rows)
    )
    _, value = np.unique(np.stack([found.kind[rows], found.value[rows]]), axis=1, return_inverse=True)
    value = value.reshape(-1)
    total = np.bincount(value, minlength=1)
    pairs, counts = np.unique(np.stack([value, of]), axis=1, return_counts=True)
    most = np.zeros(len(total), dtype=np.int64)
    best = np.full(len(total), -1, dtype=np.int64)
    for (one, part), count in zip(pairs.T.tolist(), counts.tolist(), strict=True):
        if part >= 0 and count > most[one]:
            most[one], best[one] = count, part
    held = 2 * most[value] >= total[value]
    kept = np.where(held, (of == best[value]) | (of < 0), of < 0)
    chosen = np.sort(np.concatenate([hard, rows[kept]]))
    return Edges(found.member[chosen], found.kind[chosen], found.value[chosen], found.units[chosen])


def groups(found: Edges, homes: Mapping[int, int], settings: Settings) -> list[Group]:
    """The groups of at least the least number of homes. homes: the home of each member who has an edge."""
    out = []
    pending = [(np.arange(len(found.member), dtype=np.int64), settings.edge)]
    while pending:
        rows, threshold = pending.pop()
        rows = rows[found.units[rows] >= threshold]
        for part in _parts(found, rows):
            members = np.unique(found.member[part])
            if len({homes[member] for member in members.tolist()}) < settings.homes_min:
                continue
            weakest = int(found.units[part].min())
            if len(members) > settings.group_max and weakest < int(found.units[part].max()):
                pending.append((part, min(weakest + 250, int(found.units[part].max()))))
            else:
                out.append(Group(members, part))
    return sorted(out, key=lambda one: (int(one.members[0]), len(one.members)))


def _parts(found: Edges, rows: Whole) -> list[Whole]:
    """The rows of each connected part."""
    if not len(rows):
        return []
    _, people = np.unique(found.member[rows], return_inverse=True)
    pairs = np.stack([found.kind[rows], found.value[rows]])
    _, values = np.unique(pairs, axis=1, return_inverse=True)
    label = labels(people, values.reshape(-1) + int(people.max()) + 1)
    order = np.argsort(label, kind="stable")
    cuts = np.nonzero(np.diff(label[order]))[0] + 1
    return [rows[part] for part in np.split(order, cuts)]


def labels(left: Whole, right: Whole) -> Whole:
    """For each edge the smallest node of the part it belongs to: labels fall along edges and are then
    shortened, until nothing changes."""
    label = np.arange(int(max(left.max(), right.max())) + 1, dtype=np.int64)
    while True:
        low = np.minimum(label[left], label[right])
        fresh = label.copy()
        np.minimum.at(fresh, left, low)
        np.minimum.at(fresh, right, low)
        np.minimum.at(fresh, label[left], low)
        np.minimum.at(fresh, label[right], low)
        fresh = fresh[fresh]
        if np.array_equal(fresh, label):
            found: Whole = label[left]
            return found
        label = fresh


def member_units(
    seen: Sequence[Seen], soft: Sequence[bool], settings: Settings, year: int
) -> tuple[Whole, Whole]:
    """Members and their evidence in one year: the sum over signals of the strongest link of each.

    soft: whether a signal is one of those that any honest drive sets off; of these only the strongest counts,
    and up to a bound.
    """
    alone = _summed([one for one, weak in zip(seen, soft, strict=True) if not weak], year, np.add)
    drive = _summed([one for one, weak in zip(seen, soft, strict=True) if weak], year, np.maximum)
    everyone, place = np.unique(np.concatenate([alone[0], drive[0]]), return_inverse=True)
    total = np.zeros(len(everyone), dtype=np.int64)
    np.add.at(
        total,
        place,
        np.concatenate(
            [alone[1], np.where(drive[1] < settings.soft_floor, 0, np.minimum(drive[1], settings.soft_cap))]
        ),
    )
    said = total > 0
    return everyone[said], total[said]


def _summed(seen: Sequence[Seen], year: int, together: np.ufunc) -> tuple[Whole, Whole]:
    members, units = [nothing()], [nothing()]
    for one in seen:
        here = one.links.year == year
        people, place = np.unique(one.links.member[here], return_inverse=True)
        best = np.zeros(len(people), dtype=np.int64)
        np.maximum.at(best, place, one.links.units[here])
        members.append(people)
        units.append(best)
    everyone, place = np.unique(np.concatenate(members), return_inverse=True)
    total = np.zeros(len(everyone), dtype=np.int64)
    together.at(total, place, np.concatenate(units))
    return everyone, total
