"""One count by one peer, as a process of its own in the peers' environment: prints what it took, as JSON.

    .tools/peers/bin/python bench/count/peers.py PROGRAM RULE SEATS FILE

From the file to the winners; imports are not counted. Uses nothing of selectorate.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

SEED = 1


def rows(path: str) -> list[tuple[str, ...]]:
    with open(path, newline="", encoding="ascii") as file:  # noqa: PTH123
        reader = csv.reader(file)
        next(reader)
        return [tuple(row) for row in reader]


def pyrankvote_count(rule: str, seats: int, path: str) -> Callable[[], list[str]]:
    import pyrankvote  # type: ignore[import-not-found]
    from pyrankvote import Ballot, Candidate

    def run() -> list[str]:
        known: dict[str, Any] = {}
        ballots = []
        for row in rows(path):
            ranked = [known.setdefault(name, Candidate(name)) for name in row]
            ballots.append(Ballot(ranked_candidates=ranked))
        everybody = sorted(known.values(), key=lambda one: int(one.name))
        if rule == "irv":
            found = pyrankvote.instant_runoff_voting(everybody, ballots)
        else:
            found = pyrankvote.single_transferable_vote(everybody, ballots, number_of_seats=seats)
        return [one.name for one in found.get_winners()]

    return run


def votekit_count(rule: str, seats: int, path: str) -> Callable[[], list[str]]:
    """Its fast class where there is one, equal papers put together first: the quickest way that it offers."""
    import votekit  # type: ignore[import-not-found]
    from votekit import elections

    def run() -> list[str]:
        counts = Counter(rows(path))
        ballots = tuple(
            votekit.RankBallot(ranking=tuple(frozenset((name,)) for name in row), weight=number)
            for row, number in counts.items()
        )
        profile = votekit.RankProfile(ballots=ballots)
        election = elections.IRV(profile) if rule == "irv" else elections.FastSTV(profile, m=seats)
        return [name for group in election.get_elected() for name in group]

    return run


PROGRAMS = {"pyrankvote": pyrankvote_count, "votekit": votekit_count}


def main() -> None:
    import random

    program, rule, seats, path = sys.argv[1:]
    random.seed(SEED)
    run = PROGRAMS[program](rule, int(seats), path)
    wall, cpu = time.perf_counter(), time.process_time()
    winners = run()
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(took | {"winners": sorted(winners), "peak": peak}) + "\n")


if __name__ == "__main__":
    main()
