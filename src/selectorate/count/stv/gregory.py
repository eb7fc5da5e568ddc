"""A count by weighted inclusive Gregory transfers under way: papers in piles, moved stage by stage.

Read `to_the_end` and `next_stage` first: they are the rule book's order of acts. A pile is what one candidate
holds; every paper in it has a value, 1 vote at the start, and passes on whole at a smaller value when a surplus
moves it, at the same value when its holder is excluded.
"""

from __future__ import annotations

from collections.abc import Iterable

from selectorate.count.constraints import BY_BOUNDS
from selectorate.count.constraints.watch import Watch
from selectorate.count.objects import Number, Paper, Purpose, Ranking, Stage, Tie, Transfer
from selectorate.count.stv import telling
from selectorate.count.stv.rules import Rules
from selectorate.count.stv.telling import Told
from selectorate.count.ties import Draw

Pile = dict[Number, list[tuple[Ranking, int, int]]]
"""What one candidate holds: value of a paper -> (ranking, position of this candidate on it, papers)."""


class Gregory:
    """A count under way. told: also keep what a reader needs (transfers, words), which takes longer.

    out: candidates who are treated as if they had never stood; before: how many stages went before.
    """

    __slots__ = (
        "before", "continuing", "draw", "elected", "flows", "history", "names", "non_transferable", "out", "papers",
        "pending", "piles", "quota", "rounding", "rules", "seats", "stages", "tallies", "ties", "told", "vacancies",
        "valid", "watch",
    )  # fmt: skip

    def __init__(
        self,
        candidates: tuple[str, ...],
        papers: tuple[Paper, ...],
        rules: Rules,
        seats: int,
        draw: Draw,
        *,
        told: bool = True,
        out: frozenset[int] = frozenset(),
        before: int = 0,
        watch: Watch | None = None,
    ) -> None:
        size = len(candidates)
        self.names, self.papers, self.rules, self.seats, self.draw = candidates, papers, rules, seats, draw
        self.told, self.out, self.before = told, out, before
        still = [paper for paper in papers if not out.issuperset(paper.ranking)] if out else papers
        self.valid = sum([paper.number for paper in still])
        self.quota = rules.quota(self.valid, seats)
        self.vacancies = seats
        self.continuing = [one not in out for one in range(size)]
        self.pending: list[int] = []
        self.elected: list[int] = []
        self.watch = watch or Watch(None, candidates, seats)
        self.piles: list[Pile] = [{} for _ in range(size)]
        self.tallies: list[Number] = [0] * size
        self.non_transferable: Number = 0
        self.rounding: Number = 0
        self.history: list[tuple[Number, ...]] = []
        self.flows: dict[tuple[int | None, int | None, Number], int] = {}
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []

    # the order of acts

    def to_the_end(self) -> None:
        self.first_preferences()
        while not self.finished():
            self.next_stage()

    def finished(self) -> bool:
        return not self.vacancies or not any(self.continuing)

    def next_stage(self) -> None:
        """The doomed; the sure losers, where the rule set has them out together; else one surplus; else one
        exclusion."""
        losers = self.doomed() or (self.sure_losers() if self.rules.batch else [])
        waiting = [] if losers else self.with_surplus()
        if losers:
            self.exclude(losers)
        elif waiting:
            self.move_surplus(self._pick(waiting, "surplus"))
        else:
            self.exclude([self.lowest()])

    def first_preferences(self) -> None:
        """Every paper to the first candidate on it who stands, as one vote."""
        self._hand(None, [(paper.ranking, -1, paper.number) for paper in self.papers], self.rules.unit)
        words = telling.first(self.rules, self.valid, self.seats, self.quota, bool(self.out))
        self._close("first preferences", words, ("quota",))

    def with_surplus(self) -> list[int]:
        """Those elected (or at the quota, where they are elected by this) whose surplus is still to move."""
        if self.rules.on_transfer:
            return [one for one in self._standing() if self.tallies[one] > self.quota]
        if not self.rules.empty_surplus:
            self.pending = [one for one in self.pending if self.tallies[one] > self.quota]
        return self.pending

    def move_surplus(self, donor: int) -> None:
        """Every paper of the donor passes on at a part of its value; the donor keeps the quota."""
        total = self.tallies[donor]
        surplus = total - self.quota
        if self.rules.on_transfer:
            self.continuing[donor] = False
            self.vacancies -= 1
            self.elected.append(donor)
        else:
            self.pending.remove(donor)
        told = Told(self.names[donor], total, surplus, self._holds(donor))
        worth = {value: self.rules.worth(value, surplus, total) for value in self.piles[donor]}
        lost = self._empty(donor, worth, surplus)
        self.tallies[donor] = self.quota
        words = telling.surplus(self.rules, told, self.quota, worth, lost) if self.told else ""
        questions = ("transfer_value", "surplus_next")
        first = (donor,) if self.rules.on_transfer else ()
        self._close(f"surplus {self.names[donor]}", words, questions, first=first, lost=lost)

    def exclude(self, losers: list[int]) -> None:
        """Out they go, and all their papers pass on at the value at which they came."""
        losers = sorted(losers, key=lambda one: (self.tallies[one], self.names[one]))
        told = [Told(self.names[one], self.tallies[one], 0, self._holds(one)) for one in losers]
        why = self.watch.reason(self.elected, self._standing(), losers)
        for one in losers:
            self.continuing[one] = False
        stay = self.rules.stays_put and sum(self.continuing) <= self.vacancies
        for one in [] if stay else losers:
            self._empty(one, {value: value for value in self.piles[one]}, self.tallies[one])
            self.tallies[one] = 0
        words = telling.exclusion(self.rules, told, stay, why) if self.told else ""
        names = tuple(one.name for one in told)
        question = "sure_losers" if len(losers) > 1 else "exclusion"
        questions = (BY_BOUNDS, question) if why else (question,)
        self._close(f"exclude {', '.join(names)}", words, questions, excluded=names)

    def lowest(self) -> int:
        """Who is to be excluded next."""
        return self._pick(self.watch.next_out(self.elected, self._standing()), "exclusion")

    def doomed(self) -> list[int]:
        """Those whom the constraints exclude now: all, where sure losers go out together; else the lowest."""
        found = self.watch.doomed(self.elected, self._standing())
        return found if self.rules.batch or len(found) < 2 else [self._pick(found, "exclusion")]

    def sure_losers(self) -> list[int]:
        """The most of the lowest who, with all votes below them and all surpluses, stay under the next above.

        So many must stay that every seat left can be filled.
        """
        standing = sorted(self._standing(), key=lambda one: self.tallies[one])
        within = sum(self.tallies[one] - self.quota for one in self.with_surplus())
        found: list[int] = []
        for place, one in enumerate(standing[: len(standing) - self.vacancies]):
            within += self.tallies[one]
            lower = within < self.tallies[standing[place + 1]]
            if lower and self.watch.may_go(self.elected, standing, standing[: place + 1]):
                found = standing[: place + 1]
        return found

    # papers

    def _standing(self) -> list[int]:
        return [one for one, still in enumerate(self.continuing) if still]

    def _holds(self, candidate: int) -> int:
        """How many papers a candidate holds."""
        if not self.told:
            return 0
        return sum(number for sheaf in self.piles[candidate].values() for _, _, number in sheaf)

    def _empty(self, donor: int, worth: dict[Number, Number], leaving: Number) -> Number:
        """Pass on every paper of the donor, each at its new worth. Returns what is lost by cutting."""
        pile, self.piles[donor] = self.piles[donor], {}
        for value, sheaf in pile.items():
            leaving -= self._hand(donor, sheaf, worth[value])
        if self.rules.apart:
            self.rounding += leaving
        else:
            self.non_transferable += leaving
        return leaving

    def _hand(self, donor: int | None, sheaf: list[tuple[Ranking, int, int]], value: Number) -> Number:
        """Papers at one value, each to the next continuing candidate on it. Returns the votes that went."""
        continuing = self.continuing
        heirs: dict[int | None, list[tuple[Ranking, int, int]]] = {}
        for ranking, position, number in sheaf:
            heir: int | None = None
            at = position
            for at in range(position + 1, len(ranking)):
                if continuing[ranking[at]]:
                    heir = ranking[at]
                    break
            heirs.setdefault(heir, []).append((ranking, at, number))
        gone: Number = 0
        for heir, handed in heirs.items():
            papers = sum([number for _, _, number in handed])
            gone += papers * value
            if heir is None:
                self.non_transferable += papers * value
            else:
                self.piles[heir].setdefault(value, []).extend(handed)
                self.tallies[heir] += papers * value
            if self.told:
                way = (donor, heir, value)
                self.flows[way] = self.flows.get(way, 0) + papers
        return gone

    # the end of a stage

    def _close(
        self,
        act: str,
        words: str,
        questions: Iterable[str],
        *,
        excluded: tuple[str, ...] = (),
        first: tuple[int, ...] = (),
        lost: Number = 0,
    ) -> None:
        """End a stage: elect whoever has the quota, and everybody when no more continue than seats left."""
        self.history.append(tuple(self.tallies))
        all_left = 0 < sum(self.continuing) <= self.vacancies
        chosen = self._in_order(self._reaching(all_left))
        for one in chosen:
            self.continuing[one] = False
            self.pending.append(one)
            self.elected.append(one)
        self.vacancies -= len(chosen)
        chosen = [*first, *chosen]
        elected = tuple(self.names[one] for one in chosen)
        number = self.before + len(self.stages) + 1
        stage = Stage(
            number, act, self.history[-1], self.non_transferable, elected, excluded, rounding=self.rounding
        )
        if self.told:
            stage = self._with_words(stage, words, [*questions], all_left, lost)
        self.stages.append(stage)

    def _reaching(self, all_left: bool) -> list[int]:
        standing = self._standing()
        if all_left:
            return standing
        over = [one for one in standing if self.rules.has_quota(self.tallies[one], self.quota)]
        over = self.watch.admitted(self.elected, standing, over, self.tallies, self._by_lot_in_order)
        return over if not self.rules.on_transfer or len(over) >= self.vacancies else []

    def _with_words(
        self, stage: Stage, words: str, questions: list[str], all_left: bool, lost: Number
    ) -> Stage:
        rules = self.rules
        if stage.elected:
            questions.append("last_vacancies" if all_left else "elected_when")
        says = [words, *telling.of_ties(tie for tie in self.ties if tie.stage == stage.number)]
        if stage.elected:
            votes = dict(zip(self.names, stage.tallies, strict=True))
            says.append(telling.elected(rules, stage, votes, all_left))
        says.append(self.watch.news(self.elected, self._standing()))
        flows, self.flows = self.flows, {}
        return Stage(
            stage.number, stage.act, stage.tallies, stage.non_transferable, stage.elected, stage.excluded,
            rounding=stage.rounding,
            transfers=tuple(
                Transfer(
                    None if giver is None else self.names[giver],
                    None if heir is None else self.names[heir],
                    number, value, number * value,
                )
                for (giver, heir, value), number in sorted(flows.items(), key=self._as_listed)
            ),
            figures=telling.figures(rules, self.quota, stage, lost),
            clause=telling.clause(rules.ruleset, questions),
            says=" ".join(one for one in says if one),
        )  # fmt: skip

    def _as_listed(self, flow: tuple[tuple[int | None, int | None, Number], int]) -> tuple[int, int, Number]:
        """By giver, then heir as the candidates stand (nobody last), the higher value first."""
        (giver, heir, value), _ = flow
        last = len(self.names)
        return (last if giver is None else giver, last if heir is None else heir, -value)

    # ties

    def _in_order(self, chosen: list[int]) -> list[int]:
        """Most votes first; equal votes by the rule for surpluses, or by name where the rules give no order."""
        if not self.rules.ordered:
            return sorted(chosen, key=lambda one: (-self.tallies[one], self.names[one]))
        return self._by_lot_in_order(chosen)

    def _by_lot_in_order(self, chosen: list[int]) -> list[int]:
        """Most votes first; equal votes by the rule for ties, in the end by lot."""
        left, order = list(chosen), []
        while left:
            best = self._pick(left, "order")
            left.remove(best)
            order.append(best)
        return order

    def _pick(self, among: list[int], purpose: Purpose) -> int:
        """The one with the fewest votes (exclusion) or the most; ties as the rule set says, in the end by lot."""
        low = purpose == "exclusion"
        stage = self.before + len(self.stages) + 1
        left = tied = self._extreme(among, self.history[-1], low)
        if self.rules.backward:
            for seen in reversed(self.history[:-1]):
                if len(left) == 1:
                    break
                left = self._extreme(left, seen, low)
        chosen = left[0] if len(left) == 1 else self._lot(left, stage)
        if len(tied) > 1:
            between = tuple(self.names[one] for one in sorted(tied))
            by = "lot" if len(left) > 1 else "earlier stage"
            self.ties.append(Tie(between, by, self.names[chosen], purpose, stage))
        return chosen

    @staticmethod
    def _extreme(among: list[int], votes: tuple[Number, ...], low: bool) -> list[int]:
        there = [votes[one] for one in among]
        extreme = min(there) if low else max(there)
        return [one for one in among if votes[one] == extreme]

    def _lot(self, left: list[int], stage: int) -> int:
        """By lot; where one order is drawn before the count, by the lot of stage 0, the same at every stage."""
        once = self.rules.one_order and self.draw.seed is not None and self.draw.script is None
        return self.names.index(self.draw.one([self.names[one] for one in left], 0 if once else stage))
