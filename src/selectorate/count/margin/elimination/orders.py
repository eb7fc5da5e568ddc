"""What an order of elimination demands of the papers: tallies on it, and the program of the fewest papers.

A *suffix* is the last candidates of an order, the winner last. On it each paper is with its first preference of
those standing, and moves on when that one goes out; which members a paper is with in turn is all that matters of it
(its *chain*). After Magrino, Rivest, Shen and Wagner (EVT/WOTE 2011) and Blom, Teague, Stuckey and Tidhar (2016).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from selectorate.count.margin.elimination.solver import Program
from selectorate.count.margin.found import Change, Kind
from selectorate.count.objects import Ranking

Suffix = tuple[int, ...]
Chains = dict[int, int]
"""Chain of positions in the suffix as bits (bit i: the paper is with member i at some time) -> papers."""
Counts = dict[Ranking, int]


Flow = tuple[int, int]
"""Papers put in that pass from one position of the suffix to a later one; from -1: from outside."""


def chain(ranking: Ranking, place: Sequence[int]) -> int:
    """The chain of one ranking. place: for each candidate its position in the suffix, or -1."""
    bits, last = 0, -1
    for one in ranking:
        if place[one] > last:
            last = place[one]
            bits |= 1 << last
    return bits


def places(suffix: Suffix, size: int) -> list[int]:
    place = [-1] * size
    for at, one in enumerate(suffix):
        place[one] = at
    return place


def chains(counts: Counts, suffix: Suffix, size: int) -> Chains:
    place = places(suffix, size)
    found: Chains = {}
    for ranking, number in counts.items():
        bits = chain(ranking, place)
        found[bits] = found.get(bits, 0) + number
    return found


def holder(bits: int, step: int) -> int:
    """The position whose paper this is when the members before `step` are out; -1: nobody's."""
    left = bits >> step
    return step + (left & -left).bit_length() - 1 if left else -1


def tallies(found: Chains, step: int, length: int) -> list[int]:
    votes = [0] * length
    for bits, number in found.items():
        at = holder(bits, step)
        if at >= 0:
            votes[at] += number
    return votes


def program(
    found: Chains, length: int, kind: Kind, most: int, lead: tuple[int, int] = (0, 0)
) -> tuple[Program, list[int], list[Flow]]:
    """The fewest papers (changed, put in, taken out, both together) so that the suffix can go out in its order.

    At each step the member who goes out has no more than any later one. One variable for each chain present says how
    many are taken out; one for each pair h < k how many of those put in pass from h to k (h = -1: from outside).
    most: no solution of more papers is of interest. lead: for "changes", by how many fewer than the greater of the two
    may be taken out and put in. Returns the program, the chains and the flows of its first columns.
    """
    task = Program(within=most)
    rows: dict[tuple[int, int], int] = {}
    for step in range(length - 1):
        votes = tallies(found, step, length)
        for later in range(step + 1, length):
            rows[step, later] = task.row(votes[step] - votes[later])
    taken = task.row(lead[0]) if kind == "changes" else -1
    put = task.row(lead[1]) if kind == "changes" else -1
    removals: list[int] = []
    if kind != "additions":
        for bits, number in sorted(found.items()):
            entries = _entries(bits, rows, length, -1)
            if entries:
                if taken >= 0:
                    entries.append((taken, -1))
                task.column(0 if kind == "changes" else 1, number, entries)
                removals.append(bits)
    flows: list[Flow] = []
    if kind != "deletions":
        keep = [task.row(0) for _ in range(length)]
        for giver in range(-1, length - 1):
            for heir in range(giver + 1, length):
                entries = [(rows[step, heir], 1) for step in range(giver + 1, min(heir, length - 1))]
                entries += _goes_out(heir, giver, rows, length)
                entries.append((keep[heir], 1))
                if giver >= 0:
                    entries.append((keep[giver], -1))
                elif put >= 0:
                    entries.append((put, -1))
                task.column(1 if kind != "changes" and giver < 0 else 0, None, entries)
                flows.append((giver, heir))
    if kind == "changes":
        task.column(1, None, [(taken, 1), (put, 1)])
    return task, removals, flows


def _goes_out(at: int, giver: int, rows: dict[tuple[int, int], int], length: int) -> list[tuple[int, int]]:
    """A vote with member `at` while it goes out itself stands against every later one."""
    return [(rows[at, later], -1) for later in range(at + 1, length)] if giver < at < length - 1 else []


def _entries(bits: int, rows: dict[tuple[int, int], int], length: int, sign: int) -> list[tuple[int, int]]:
    """What one more paper of a chain does to each row; sign -1: one less."""
    entries: list[tuple[int, int]] = []
    for step in range(length - 1):
        at = holder(bits, step)
        if at == step:
            entries += [(rows[step, later], -sign) for later in range(step + 1, length)]
        elif at > step:
            entries.append((rows[step, at], sign))
    return entries


def change(
    counts: Counts, suffix: Suffix, size: int, values: list[int], removals: list[int], flows: list[Flow]
) -> Change:
    """The papers that a solution of the program for a whole order stands for."""
    wanted = {bits: number for bits, number in zip(removals, values, strict=False) if number}
    place = places(suffix, size)
    remove: Counts = {}
    for ranking in sorted(counts):
        bits = chain(ranking, place)
        taken = min(wanted.get(bits, 0), counts[ranking])
        if taken:
            remove[ranking] = taken
            wanted[bits] -= taken
    add: Counts = {}
    left = {flow: number for flow, number in zip(flows, values[len(removals) :], strict=False) if number}
    while any(giver < 0 for giver, _ in left):
        path, number = _one_path(left)
        ranking = tuple(suffix[at] for at in path)
        add[ranking] = add.get(ranking, 0) + number
    return Change(tuple(sorted(remove.items())), tuple(sorted(add.items())), suffix[-1])


def _one_path(left: dict[Flow, int]) -> tuple[list[int], int]:
    """One path from outside, taken off the flows: the papers that take it all the way."""
    path: list[int] = []
    at, number = -1, 0
    while True:
        onward = sorted(heir for giver, heir in left if giver == at)
        if not onward:
            break
        flow = (at, onward[0])
        number = min(number, left[flow]) if path else left[flow]
        at = onward[0]
        path.append(at)
    for flow in zip([-1, *path], path, strict=False):
        left[flow] -= number
        if not left[flow]:
            del left[flow]
    return path, number


def changed(counts: Counts, found: Change) -> Counts | None:
    """The papers after the change; None when it takes out papers that there are not."""
    after = dict(counts)
    for ranking, number in found.remove:
        after[ranking] = after.get(ranking, 0) - number
        if after[ranking] < 0:
            return None
    for ranking, number in found.add:
        after[ranking] = after.get(ranking, 0) + number
    return {ranking: number for ranking, number in after.items() if number}


def can_go_out(counts: Counts, order: Suffix, size: int) -> bool:
    """Whether these papers, ties resolved to its favour, let the candidates go out in this order.

    By following papers, not chains: this is what a found change is tried with.
    """
    standing = set(order)
    for out in order[:-1]:
        votes = first_of(counts, standing)
        if any(votes[one] < votes[out] for one in standing):
            return False
        standing.discard(out)
    return True


def first_of(counts: Counts, standing: Iterable[int]) -> dict[int, int]:
    """Each standing candidate's papers: those on which it comes first of the standing."""
    votes = dict.fromkeys(standing, 0)
    for ranking, number in counts.items():
        for one in ranking:
            if one in votes:
                votes[one] += number
                break
    return votes
