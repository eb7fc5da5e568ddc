"""What a rulebook cannot know by itself: candidates and weights, judged before a poll is opened."""

from __future__ import annotations

from selectorate.errors import refuse
from selectorate.rules.objects import Contest

RANKED_MAX = 30
"""Candidates of a ranked ballot: its cost grows with them, and so does the fingerprint that a long ranking
is."""


def lint_contest(contest: Contest, candidates: int, weighted: bool) -> None:
    """Refuse a contest that cannot be voted on.

    candidates: how many stand; weighted: whether any elector has a weight other than 1.
    Raises Refusal `rules.ranked-weights`, `rules.ranked-candidates`.
    """
    if contest.kind == "ranked" and weighted:
        raise refuse("rules.ranked-weights", contest=contest.id)
    if contest.kind == "ranked" and candidates > RANKED_MAX:
        raise refuse("rules.ranked-candidates", contest=contest.id, found=candidates, allowed=RANKED_MAX)
