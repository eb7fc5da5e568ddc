"""The engine of the family "rounds": in each round somebody goes out, until somebody has enough votes.

Every paper counts for the first candidate on it who is still in. A round that elects nobody is followed by an
exclusion; the papers of whoever went out pass on, at full worth. Stage 1 is the first preferences, every later
stage one exclusion with the tallies after it, so the round of a US report is the stage of the same number.
Weights: each class of equal papers is moved at once; nothing is rounded.
"""

from __future__ import annotations

from fractions import Fraction

from selectorate.canon import Digest
from selectorate.count.ballots import NONE_OF_THESE, WRITE_INS, Sheaf, SheafProfile
from selectorate.count.objects import Number, Profile, Sheet, Stage, Table, Transfer
from selectorate.count.rounds import pairs, wording
from selectorate.count.rounds.equal import Ties
from selectorate.count.rounds.worth import Moved, counting, plain, shares, transfers, unit_points
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse

_BATCH = "all lowest whose votes together are fewer than the next candidate's; else the one with the fewest"
_BATCH_OR_EQUAL = (
    "all lowest whose votes together are no more than the next candidate's; else the one with the fewest"
)
_HALF = "half of the votes that still count"
_LAST = "the one who is last on the most papers"


def run(papers: Profile | SheafProfile, ruleset: Ruleset, seats: int, draw: Draw, digest: Digest) -> Sheet:
    """The sheet of these papers. Raises Refusal `count.one`, `count.unit`, `count.tie`."""
    if seats != 1:
        raise refuse("count.one", name=ruleset.name, found=seats)
    count = Rounds(papers, ruleset, draw)
    count.to_the_end()
    vacant = count.winner is not None and count.winner == count.nobody
    return Sheet(
        ruleset=ruleset.name,
        seats=1,
        candidates=papers.candidates,
        valid=papers.valid,
        blank=papers.blank,
        invalid=papers.invalid,
        papers=digest,
        quota=None,
        stages=tuple(count.stages),
        ties=tuple(count.ties.met),
        elected=count.stages[-1].elected,
        places=0,
        vacant=int(vacant),
        tables=count.tables(),
        remarks=("Nobody is elected: the seat stays vacant.",) if vacant else (),
        anchor=ruleset.anchor,
    )


class Rounds:
    """A count under way. Candidates by position; `inside`: who is still in; `held`: papers by candidate and unit."""

    __slots__ = (
        "ended", "held", "inside", "lost", "names", "nobody", "piles", "points", "rules", "sheaves", "smith",
        "stages", "tallies", "ties", "total", "winner", "write_ins",
    )  # fmt: skip

    def __init__(self, papers: Profile | SheafProfile, ruleset: Ruleset, draw: Draw) -> None:
        self.names = papers.candidates
        self.rules = ruleset
        self.sheaves = _sheaves(papers)
        declared = papers.points if isinstance(papers, SheafProfile) else ()
        self.points = unit_points(ruleset["worth"], self.sheaves, declared)
        self.total: int = papers.valid if self.points is None else sum(self.points.values())
        self.ties = Ties(self.names, str(ruleset["ties"]), draw)
        size = len(self.names)
        self.inside = list(range(size))
        self.piles: list[list[tuple[Sheaf, int]]] = [[] for _ in range(size)]
        self.held: list[dict[str, int]] = [{} for _ in range(size)]
        self.tallies: list[Number] = [0] * size
        self.lost: Number = 0
        self.ended: list[dict[str, int]] = []
        self.stages: list[Stage] = []
        self.winner: int | None = None
        self.smith: list[list[int]] | None = None
        self.nobody = (
            None if ruleset["none_of_these"] == "a name like any other" else self._called(NONE_OF_THESE)
        )
        self.write_ins = None if ruleset["first_out"] == "nobody" else self._called(WRITE_INS)

    def _called(self, known: frozenset[str]) -> int | None:
        return next((one for one, name in enumerate(self.names) if name.casefold() in known), None)

    # --- the rounds ---

    def to_the_end(self) -> None:
        self._first_preferences()
        if self.winner is None and str(self.rules["takes_part"]).startswith("the smallest group"):
            self._leave_the_smith_set()
        while self.winner is None:
            before = len(self.ties.met)
            out, says, clause = self._who_goes_out()
            self._exclude(out, f"{says} {self.ties.sentence(before)}".rstrip(), clause)

    def _first_preferences(self) -> None:
        moved: Moved = {}
        self.ended.append({})
        for sheaf in self.sheaves:
            self._pass_on(sheaf, -1, None, moved)
        valid = sum(sheaf.number for sheaf in self.sheaves)
        says = wording.first(valid)
        if self.points is not None:
            says += f" {len(self.points)} units share their points among the candidates by their papers."
        self._close("first preferences", (), moved, counting(self.held), says, self.rules.source("worth"))

    def _leave_the_smith_set(self) -> None:
        self.smith = pairs.preferred(len(self.names), ((one.ranking, one.number) for one in self.sheaves))
        group = pairs.smith_set(self.smith)
        out = [one for one in range(len(self.names)) if one not in group]
        if not out:
            return
        says = (
            f"Compared two by two, {self._list(group)} beat{'s' * (len(group) == 1)} everybody else: "
            f"{self._list(out)} go{'es' * (len(out) == 1)} out."
        )
        self._exclude(out, says, self.rules.source("takes_part"))

    def _exclude(self, out: list[int], says: str, clause: str) -> None:
        out = sorted(out, key=lambda one: self.names[one])
        before = counting(self.held)
        moved: Moved = {}
        self.inside = [one for one in self.inside if one not in out]
        self.ended.append(dict(self.ended[-1]))
        for one in out:
            pile, self.piles[one], self.held[one] = self.piles[one], [], {}
            for sheaf, at in pile:
                self._pass_on(sheaf, at, one, moved)
        self._close(
            f"exclude {', '.join(self.names[one] for one in out)}", tuple(out), moved, before, says, clause
        )

    def _pass_on(self, sheaf: Sheaf, at: int, giver: int | None, moved: Moved) -> None:
        """To the next candidate on the paper who is still in; else the paper counts no longer."""
        heir = None
        for place in range(at + 1, len(sheaf.ranking)):
            if sheaf.ranking[place] in self.inside:
                heir = sheaf.ranking[place]
                self.piles[heir].append((sheaf, place))
                self.held[heir][sheaf.unit] = self.held[heir].get(sheaf.unit, 0) + sheaf.number
                break
        else:
            why = sheaf.ends or "no further preference"
            self.ended[-1][why] = self.ended[-1].get(why, 0) + sheaf.number
        way = moved.setdefault((giver, heir), {})
        way[sheaf.unit] = way.get(sheaf.unit, 0) + sheaf.number

    # --- who wins, who goes out ---

    def _enough(self) -> int | None:
        """The candidate who is elected as the votes stand, if anybody is."""
        if len(self.inside) == 1:
            return self.inside[0]
        ahead, *others = sorted(self.inside, key=lambda one: -self.tallies[one])
        if len(others) == 1 and self.tallies[others[0]] < self.tallies[ahead]:
            return ahead
        at_once = self.rules["ends"] == "as soon as a candidate has so many"
        return ahead if at_once and self._has_half(ahead) else None

    def _has_half(self, one: int) -> bool:
        """Whether a candidate has as many votes as the rule set demands at once: more than half, or half."""
        twice, base = self.tallies[one] * 2, self._base()
        if self.rules["wins"] == _HALF:
            alone = all(self.tallies[other] < self.tallies[one] for other in self.inside if other != one)
            return twice >= base and alone
        return twice > base

    def _base(self) -> Number:
        """The votes of which half, or more than half, are needed."""
        every = self.rules["wins"] == "more than half of all votes"
        return self.total if every else plain(self.total - self.lost)

    def _who_goes_out(self) -> tuple[list[int], str, str]:
        """Who goes out next, why in words, and by which clause."""
        stage = len(self.stages) + 1
        if stage == 2 and self.write_ins is not None and self.tallies[self.write_ins]:
            says = f"{self.names[self.write_ins]} go out first and alone."
            return [self.write_ins], says, self.rules.source("first_out")
        may = self.inside
        if str(self.rules["none_of_these"]).startswith("never goes out") and len(may) > 2:
            may = [one for one in may if one != self.nobody]
        clause = self.rules.source("exclusion")
        if self.rules["exclusion"] == _LAST:
            lasts = self._last_places()
            most = max(lasts[one] for one in may)
            among = [one for one in may if lasts[one] == most]
            out = self.ties.pick(among, self.tallies, self.stages, "fewest", "exclusion", stage)
            says = f"{self.names[out]} is last on {wording.counted(most, 'paper')}, the most, and goes out."
            if len(among) > 1:
                says = f"{self._list(among)} are each last on {wording.counted(most, 'paper')}; "
                says += f"{self.names[out]} goes out."
            return [out], says, clause
        if batch := self._batch(may):
            return batch, self.why_out(batch), clause
        out = self.ties.pick(may, self.tallies, self.stages, "fewest", "exclusion", stage)
        return [out], self.why_out([out]), clause

    def why_out(self, out: list[int]) -> str:
        """Why these go out, who have the fewest votes as the tallies stand."""
        if len(out) > 1:
            together = wording.counted(plain(sum((self.tallies[one] for one in out), Fraction(0))), "vote")
            return f"{self._list(out)} have {together} together, fewer than the next, and go out."
        one, thing = out[0], "votes" if self.points is None else "points"
        return f"{self.names[one]} has the fewest {thing}, {wording.votes(self.tallies[one])}, and goes out."

    def _batch(self, may: list[int]) -> list[int]:
        """The largest group of two or more lowest whose votes together are fewer (or no more) than the next one's;
        none where the rule set excludes one at a time. Equal candidates are never parted."""
        equal = self.rules["exclusion"] == _BATCH_OR_EQUAL
        if not equal and self.rules["exclusion"] != _BATCH:
            return []
        order = sorted(may, key=lambda one: self.tallies[one])
        largest, together = 0, Fraction(0)
        for place, one in enumerate(order[:-1], 1):
            together += self.tallies[one]
            above = self.tallies[order[place]]
            if together < above or (equal and together == above and self.tallies[one] < above):
                largest = place
        return sorted(order[:largest]) if largest > 1 else []

    def _last_places(self) -> dict[int, Number]:
        """On how many of the papers that count each candidate is last."""
        lasts = dict.fromkeys(self.inside, Fraction(0))
        equal_parts = str(self.rules["last_place"]).startswith("those who are not on it")
        for pile in self.piles:
            for sheaf, _ in pile:
                on_it = [one for one in sheaf.ranking if one in lasts]
                missing = [one for one in self.inside if one not in on_it] if equal_parts else []
                last = missing or on_it[-1:]
                for one in last:
                    lasts[one] += Fraction(sheaf.number, len(last))
        return {one: plain(votes) for one, votes in lasts.items()}

    # --- the sheet ---

    def _close(
        self, act: str, out: tuple[int, ...], moved: Moved, before: dict[str, int], says: str, clause: str
    ) -> None:
        """End a stage: reckon the tallies, and elect whoever has enough."""
        if self.points is None:
            self.tallies = [sum(one.values()) for one in self.held]
        else:
            self.tallies = shares(self.points, self.held)
        self.lost = plain(self.total - sum(self.tallies, Fraction(0)))
        self.winner = self._enough()
        transfers_here = transfers(self.names, moved, self.points, before, self.held)
        says, clause = self.told(out, transfers_here, says, clause)
        elected = self.winner is not None and self.winner != self.nobody
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                act=act,
                tallies=tuple(self.tallies),
                non_transferable=self.lost,
                elected=(self.names[self.winner],) if elected and self.winner is not None else (),
                excluded=tuple(self.names[one] for one in out),
                transfers=transfers_here,
                figures=self.figures(),
                clause=clause,
                says=says,
            )
        )

    def told(
        self, out: tuple[int, ...], transfers_here: tuple[Transfer, ...], says: str, clause: str
    ) -> tuple[str, str]:
        """What a stage says, and by which clauses, once its tallies stand and `winner` is known."""
        if out:
            says += f" {wording.passing(transfers_here)}"
        if not out and self.winner is None:
            says += f" {self._lead()}"
        if self.winner is not None:
            says += f" {self._victory(self.winner)}"
            also = self.rules.source("wins")
            clause = clause if also == clause else f"{clause}; {also}"
        return says, clause

    def figures(self) -> tuple[tuple[str, str], ...]:
        base = self._base()
        if self.points is None:
            return (
                ("papers that count", str(self.total - self.lost)),
                ("votes needed", str(self._needed())),
            )
        return (
            ("papers that count", str(sum(counting(self.held).values()))),
            ("points: more than", wording.votes(Fraction(base, 2))),
        )

    def _needed(self) -> int:
        """Whole votes that win at once, where every paper is one vote."""
        base = int(self._base())
        return (base + 1) // 2 if self.rules["wins"] == _HALF else base // 2 + 1

    def _lead(self) -> str:
        """Who is ahead, and what is needed."""
        most, base = max(self.tallies), self._base()
        ahead = [one for one in self.inside if self.tallies[one] == most]
        needed = f"{self._needed():,} are needed"
        if self.points is not None:
            needed = f"more than {wording.votes(Fraction(base, 2))} points are needed"
        return f"{self._list(ahead)} lead{'s' * (len(ahead) == 1)} with {wording.votes(most)}; {needed}."

    def _victory(self, winner: int) -> str:
        name, votes, base = self.names[winner], self.tallies[winner], self._base()
        thing = "votes" if self.points is None else "points"
        if votes * 2 >= base:
            which = "votes that still count" if self.points is None else "points"
            half = "more than half" if votes * 2 > base else "half"
            why = f"{name} has {wording.votes(votes)} of the {wording.votes(base)} {which}, {half}"
        else:
            why = f"{name} has {wording.votes(votes)} {thing}, the most of those who are left"
        if winner == self.nobody:
            return f"{why}: nobody is elected, and the seat stays vacant."
        return f"{why}, and is elected."

    def _list(self, some: tuple[int, ...] | list[int]) -> str:
        return wording.listed(sorted(self.names[one] for one in some))

    def tables(self) -> tuple[Table, ...]:
        found = []
        kinds = sorted({kind for ended in self.ended for kind in ended})
        if kinds:
            rows = tuple(
                (str(stage), *(str(ended.get(kind, 0)) for kind in kinds), str(sum(ended.values())))
                for stage, ended in enumerate(self.ended, 1)
            )
            found.append(Table("Papers that count no longer, by reason", ("stage", *kinds, "in all"), rows))
        if self.smith is not None:
            found.append(pairs.table(self.names, self.smith))
        return tuple(found)


def _sheaves(papers: Profile | SheafProfile) -> tuple[Sheaf, ...]:
    if isinstance(papers, SheafProfile):
        return papers.papers
    return tuple(Sheaf(paper.ranking, paper.number) for paper in papers.papers)
