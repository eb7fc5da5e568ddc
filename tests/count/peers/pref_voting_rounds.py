"""Started with the interpreter of the peers, never imported: winners by pref_voting of elections on standard input.

Reads JSON, a list of [number of candidates, [[ranking, papers], ...], complete]; writes, for each, who wins by each
method, "" for a method that this program does not define for such papers.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

warnings.simplefilter("ignore")


def winners(size: int, papers: list[tuple[list[int], int]], complete: bool) -> dict[str, list[int]]:
    from pref_voting import combined_methods, iterative_methods, other_methods
    from pref_voting.profiles import Profile
    from pref_voting.profiles_with_ties import ProfileWithTies

    rankings = [{one: place for place, one in enumerate(ranking, 1)} for ranking, _ in papers]
    numbers = [number for _, number in papers]
    weak = ProfileWithTies(rankings, rcounts=numbers, candidates=list(range(size)))
    weak.use_extended_strict_preference()
    asked: list[tuple[str, Callable[..., Any], Any]] = [
        ("irv", iterative_methods.instant_runoff_for_truncated_linear_orders, weak),
        ("bucklin", other_methods.bucklin_for_truncated_linear_orders, weak),
    ]
    if complete:
        whole = Profile([tuple(ranking) for ranking, _ in papers], rcounts=numbers)
        asked += [
            ("irv", iterative_methods.instant_runoff, whole),
            ("coombs", iterative_methods.coombs, whole),
            ("bucklin", other_methods.bucklin, whole),
            ("smith-irv", combined_methods.smith_irv, whole),
        ]
    return {
        f"{name} {kind.__class__.__name__}": [int(one) for one in rule(kind)] for name, rule, kind in asked
    }


def main() -> None:
    told = [winners(size, papers, complete) for size, papers, complete in json.load(sys.stdin)]
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
