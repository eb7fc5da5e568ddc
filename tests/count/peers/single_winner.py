"""Started by a Python that has pref_voting, never imported: elections as JSON on standard input, winners out.

In: a list of {"kind": "linear" | "weak" | "grades", "papers": [[figures, how many], ...]}; figures are ranks (1
best, 0 unranked) or grades, one for each candidate. Out: for each election method -> the sorted winners.
"""

import json
import sys
from collections import Counter
from math import factorial, prod

from pref_voting import grade_methods, margin_based_methods, voting_methods
from pref_voting.grade_profiles import GradeProfile
from pref_voting.profiles import Profile
from pref_voting.profiles_with_ties import ProfileWithTies


def few_orders(profile, size):
    """Whether comparisons of equal strength leave few orders: the peer tries every one, drawn ones both ways."""
    margins = [profile.margin(one, other) for one in range(size) for other in range(size) if one != other]
    return prod(factorial(number) for margin, number in Counter(margins).items() if margin >= 0) <= 200


def none_drawn(profile, size):
    """A drawn comparison has a strength in papers for the peer; for us it has none."""
    return all(profile.margin(one, other) for one in range(size) for other in range(one))


def linear(papers):
    size = len(papers[0][0])
    rankings = [sorted(range(size), key=ranks.__getitem__) for ranks, _ in papers]
    profile = Profile(rankings, [number for _, number in papers])
    found = {
        "schulze": margin_based_methods.beat_path(profile),
        "minimax": margin_based_methods.minimax(profile),
        "copeland": voting_methods.copeland(profile),
        "kemeny": voting_methods.kemeny_young(profile),
        "borda": voting_methods.borda(profile),
        "fptp": voting_methods.plurality(profile),
    }
    if few_orders(profile, size):
        found["ranked-pairs"] = margin_based_methods.ranked_pairs(profile)
    return found


def weak(papers):
    size = len(papers[0][0])
    rankings = [{one: rank for one, rank in enumerate(ranks) if rank} for ranks, _ in papers]
    numbers = [number for _, number in papers]
    profile = ProfileWithTies(rankings, rcounts=numbers, candidates=list(range(size)))
    profile.use_extended_strict_preference()
    support = profile.support
    found = {
        "schulze": margin_based_methods.beat_path(profile, strength_function=support),
        "minimax": margin_based_methods.minimax(profile, strength_function=support),
        "schulze by margins": margin_based_methods.beat_path(profile),
        "minimax by margins": margin_based_methods.minimax(profile),
        "copeland": voting_methods.copeland(profile),
    }
    if few_orders(profile, size):
        found["ranked-pairs by margins"] = margin_based_methods.ranked_pairs(profile)
    if few_orders(profile, size) and none_drawn(profile, size):
        found["ranked-pairs"] = margin_based_methods.ranked_pairs(profile, strength_function=support)
    return found


def grades(papers):
    numbers = [number for _, number in papers]
    scored = [dict(enumerate(figures)) for figures, _ in papers]
    profile = GradeProfile(scored, [0, 1, 2, 3, 4, 5], gcounts=numbers)
    approved = [{one: int(figure > 2) for one, figure in enumerate(figures)} for figures, _ in papers]
    medians = [profile.median(one) for one in profile.candidates]
    found = {
        "score": grade_methods.score_voting(profile),
        "approval": grade_methods.approval(GradeProfile(approved, [0, 1], gcounts=numbers)),
        "star": grade_methods.star(profile),
    }
    if medians.count(max(medians)) == 1:
        found["majority-judgment-lower"] = [medians.index(max(medians))]
    return found


COUNTS = {"linear": linear, "weak": weak, "grades": grades}
elections = json.load(sys.stdin)
answers = [COUNTS[one["kind"]](one["papers"]) for one in elections]
json.dump([{name: sorted(map(int, won)) for name, won in one.items()} for one in answers], sys.stdout)
