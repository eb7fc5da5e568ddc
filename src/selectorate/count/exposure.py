"""How far published rankings point at who marked them, and a reduction that hides what the count never used.

Whoever publishes every ranking publishes those that only one elector gave: an order in the lower places can serve
as a signature that was agreed on beforehand. `exposure` says how many papers are alone or nearly so, and reduces
each paper to what this count used of it: the candidates whom it stood with, one after the other, cut after the
last one whose papers could move. Equal reductions fall together. The reduction is given only when the same count
of the reduced papers gives the same sheet; it proves this count, by these rules, and no other.

(Williams, Baltz and Stewart, Political Analysis 2024, on the feasibility; the elimination path as a sufficient
reduction is this project's.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from selectorate.canon import Digest
from selectorate.count import methods
from selectorate.count.methods import NO_FILE, Papers
from selectorate.count.objects import Profile, Ranking, Sheet, Stage, patterns
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw

RARE = 5
"""Papers that fewer than so many electors marked alike are rare."""
CUTS_MAX = 12
"""More ranks than this are not tried as a place to cut all papers: each try is a count."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How papers fall into groups of equal ones. papers: valid ones; kinds: different ones among them; alone:
    papers like no other; rare: papers in groups of fewer than five, those alone among them."""

    papers: int
    kinds: int
    alone: int
    rare: int

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Seen:
        """From how many papers there are of each kind."""
        found = list(numbers)
        return cls(
            sum(found),
            len(found),
            sum(1 for one in found if one == 1),
            sum(one for one in found if one < RARE),
        )

    def to_plain(self) -> dict[str, Any]:
        return {
            "papers": self.papers,
            "different": self.kinds,
            "alone": self.alone,
            "in_groups_under_5": self.rare,
            "share_alone": percent(self.alone, self.papers),
            "share_in_groups_under_5": percent(self.rare, self.papers),
        }


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a publication of these papers would show. reduced, after: None where the rule set uses whole papers, so
    that nothing less than them gives the same sheet. possible: how many different rankings there are, for a ranked
    paper (0 for others)."""

    ruleset: str
    seats: int
    candidates: int
    possible: int
    before: Seen
    sheet: Sheet
    reduced: Profile | None
    after: Seen | None

    def to_plain(self) -> dict[str, Any]:
        return {
            "ruleset": self.ruleset,
            "seats": self.seats,
            "candidates": self.candidates,
            "possible_rankings": self.possible,
            "as_marked": self.before.to_plain(),
            "reduced": None if self.after is None else self.after.to_plain(),
        }


def exposure(
    papers: Papers, ruleset: Ruleset, seats: int, *, draw: Draw | None = None, digest: Digest = NO_FILE
) -> Exposure:
    """Count, measure, reduce, and count again.

    Four ways to reduce are tried, the one that keeps least first: with whom a paper stood; whom it reached; whom it
    reached in a count that begins anew after exclusions; so many ranks of every paper. Raises Refusal
    `count.seats`, `count.empty`, `count.tie` as the count does.
    """

    def again(these: Papers) -> Sheet:
        fresh = Draw(draw.seed) if draw is not None else None
        return methods.count(these, ruleset, seats, draw=fresh, digest=digest)

    sheet = again(papers)
    reduced = _reduced(papers, sheet, again) if isinstance(papers, Profile) and not papers.order else None
    return Exposure(
        ruleset=ruleset.name,
        seats=seats,
        candidates=len(papers.candidates),
        possible=patterns(len(papers.candidates)) if isinstance(papers, Profile) else 0,
        before=Seen.of(one[1] if isinstance(one, tuple) else one.number for one in papers.papers),
        sheet=sheet,
        reduced=reduced,
        after=None if reduced is None else Seen.of(paper.number for paper in reduced.papers),
    )


def percent(part: int, whole: int) -> str:
    """A share in per cent to one decimal, half up: `percent(1, 8)` is "12.5"."""
    tenths = (2000 * part + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10}"


def _reduced(papers: Profile, sheet: Sheet, again: Callable[[Papers], Sheet]) -> Profile | None:
    """The smallest reduction whose sheet is the same; None if there is none short of the papers themselves."""
    moments = _moments(sheet)
    if not moments:
        return None
    # What reads ranks by their number (a second preference that counts only as the second) is cut at a rank.
    cuts = [partial(_first, ranks=ranks) for ranks in range(1, min(CUTS_MAX, len(papers.candidates)))]
    paths: list[Callable[[Ranking, list[_Moment]], Ranking]] = [_held, _reached, _restarted, *cuts]
    used = False  # whether every preference on every paper was: then the papers are their own reduction
    for path in paths:
        counts: Counter[Ranking] = Counter()
        for paper in papers.papers:
            counts[path(paper.ranking, moments)] += paper.number
        made = Profile.gather(papers.candidates, counts, blank=papers.blank, invalid=papers.invalid)
        if made.papers == papers.papers:
            used = used or path in (_held, _reached, _restarted)
        elif replace(again(made), papers=sheet.papers) == sheet:
            return made
    return papers if used else None


@dataclass(frozen=True, slots=True)
class _Moment:
    """One row of a sheet while its papers move. standing: who may receive; out: who is excluded; givers: whose
    papers may move."""

    standing: frozenset[int]
    out: frozenset[int]
    givers: frozenset[int]
    winners: frozenset[int]
    """Whoever is elected at any time of the count."""


def _moments(sheet: Sheet) -> list[_Moment]:
    """Who stood, who was out and who gave at each row of the sheet, the first preferences first."""
    at = {name: place for place, name in enumerate(sheet.candidates)}
    every = frozenset(at.values())
    winners = frozenset(at[name] for stage in sheet.stages for name in stage.elected)
    won: set[int] = set()
    out: set[int] = set()
    found: list[_Moment] = []
    for stage in sheet.stages:
        gone = {at[name] for name in _excluded(stage, at)}
        # An exclusion that moves in batches names its candidates in one row; their papers move in all of them.
        same = {at[name] for one in sheet.stages if one.number == stage.number for name in _excluded(one, at)}
        out |= gone
        givers = (
            {at[one.giver] for one in stage.transfers if one.giver is not None} | same | _surplus(stage, at)
        )
        found.append(_Moment(every - won - out, frozenset(out), frozenset(givers), winners))
        won |= {at[name] for name in stage.elected}
    return found


def _excluded(stage: Stage, at: dict[str, int]) -> Sequence[str]:
    if stage.excluded:
        return stage.excluded
    name = stage.act.removeprefix("exclude ")
    return (name,) if name != stage.act and name in at else ()


def _surplus(stage: Stage, at: dict[str, int]) -> set[int]:
    name = stage.act.removeprefix("surplus ")
    return {at[name]} if name != stage.act and name in at else set()


def _restarted(ranking: Ranking, moments: list[_Moment]) -> Ranking:
    """The candidates whom a paper reaches where the count begins anew after an exclusion (Wright): at each moment all
    who are not out, up to and including the first who is never elected, and so always stands."""
    kept: set[int] = set()
    for out, winners in {(moment.out, moment.winners) for moment in moments}:
        for place, one in enumerate(ranking):
            if one in out:
                continue
            kept.add(place)
            if one not in winners:
                break
    return tuple(ranking[place] for place in sorted(kept)) or ranking[:1]


def _first(ranking: Ranking, _: list[_Moment], ranks: int) -> Ranking:
    """The first so many ranks."""
    return ranking[:ranks]


def _held(ranking: Ranking, moments: list[_Moment]) -> Ranking:
    """The candidates with whom a paper can have stood, in order: where those who are elected receive nothing.

    At each moment in which a holder's papers may move, the next one on the paper who stands may hold it too.
    Whoever lies between is passed over by the count as well, so leaving them out changes no movement.
    """
    start = next((place for place, one in enumerate(ranking) if one not in moments[0].out), 0)
    holders = {start}
    for moment in moments[1:]:
        for place in [one for one in holders if ranking[one] in moment.givers]:
            heir = next(
                (next_ for next_ in range(place + 1, len(ranking)) if ranking[next_] in moment.standing), None
            )
            if heir is not None:
                holders.add(heir)
    return tuple(ranking[place] for place in sorted(holders))


def _reached(ranking: Ranking, moments: list[_Moment]) -> Ranking:
    """The candidates whom a paper reaches where the elected go on receiving (Meek): at each moment all who are not
    out, up to and including the first who is neither out nor elected."""
    kept: set[int] = set()
    for moment in moments:
        for place, one in enumerate(ranking):
            if one in moment.out:
                continue
            kept.add(place)
            if one in moment.standing:
                break
    return tuple(ranking[place] for place in sorted(kept)) or ranking[:1]
