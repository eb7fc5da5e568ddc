"""A count by keep values under way: distribute, reckon the quota, elect, reckon keep values anew, exclude.

Read `to_the_end`, then `_test_in_every_iteration` (New Zealand, Proportional Representation Foundation) or
`_test_at_rest` (Hill, Wichmann and Woodall; Warren): they are the rule books' order of acts. A stage ends where
something is decided: somebody elected, or somebody to be excluded.
"""

from __future__ import annotations

from selectorate.count.constraints.watch import Watch
from selectorate.count.meek import telling
from selectorate.count.meek.papers import Tree
from selectorate.count.meek.rules import Rules
from selectorate.count.meek.ties import behind_at_first_difference, number_at, pseudo_random_numbers
from selectorate.count.objects import Profile, Stage, Tie, Transfer
from selectorate.count.rulesets.questions import meek as asked
from selectorate.count.ties import Draw

FIRST, KEEP = "first preferences", "new keep values"


class Iteration:
    """A count under way. keep, votes, quota, excess: units; hopeful: neither elected nor excluded."""

    __slots__ = (
        "act", "draw", "excess", "excluded", "history", "hopeful", "iterations", "keep", "names", "numbers",
        "out", "profile", "quota", "rules", "seats", "shown", "stages", "ties", "tree", "votes", "watch",
        "why", "why_out", "winners",
    )  # fmt: skip

    def __init__(
        self, profile: Profile, rules: Rules, seats: int, draw: Draw, watch: Watch | None = None
    ) -> None:
        size = len(profile.candidates)
        self.profile, self.rules, self.seats, self.draw = profile, rules, seats, draw
        self.names = profile.candidates
        self.watch = watch or Watch(None, profile.candidates, seats)
        self.tree = Tree(profile.papers, frozenset())
        self.keep = [rules.unit] * size
        self.hopeful = list(range(size))
        self.winners: list[int] = []
        self.out: frozenset[int] = frozenset()
        self.votes = [0] * size
        self.excess = self.quota = self.iterations = self.shown = 0
        self.history: list[tuple[int, ...]] = []
        self.numbers: list[int] = []
        if rules.ties == asked.FIRST_DIFFERENCE:
            self.numbers = pseudo_random_numbers(size, seats, profile.valid)
        self.act, self.excluded, self.why, self.why_out = FIRST, "", "", ""
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []

    # the order of acts

    def to_the_end(self) -> None:
        if len(self.hopeful) <= self.seats:
            self._distribute()
            self._elect_all_left()
        elif self.rules.at_rest:
            self._test_at_rest()
        else:
            self._test_in_every_iteration()

    def _test_in_every_iteration(self) -> None:
        """Hopefuls against the quota each time; the lowest out as soon as the rule set's end is reached."""
        restarts = self.rules.ends == asked.SURPLUS_GONE_OR_STILL
        before: int | None = None
        while self._vacancies():
            self._distribute()
            newly = self._reaching()
            if newly:
                self._elect(newly)
                before = None
                if restarts or not self._vacancies():
                    continue
            if self._doomed():
                before, self.why = None, telling.DOOMED
                if self._exclude_lowest():
                    return
                continue
            ended, surplus = self._ended(before), self._surplus()
            if ended and self._exclude_lowest():
                return
            before = None if ended else surplus
            if restarts and ended:
                continue
            if not self._reckon_keep_values() and not ended and not restarts:
                self.why = telling.NO_CHANGE
                if self._exclude_lowest():
                    return

    def _test_at_rest(self) -> None:
        """Hopefuls against the quota only where the keep values are at rest, as at the first distribution.

        The printed program reckons keep values anew in its last round too: the next begins from these.
        """
        while self._vacancies():
            self._distribute()
            while not self._doomed() and not self._near_quota() and self._reckon_keep_values():
                self._distribute()
            newly = self._reaching()
            if newly:
                self._elect(newly)
            else:
                self.why = telling.DOOMED if self._doomed() else telling.AT_REST
                if self._exclude_lowest():
                    return
            self._reckon_keep_values()

    # steps

    def _vacancies(self) -> int:
        return self.seats - len(self.winners)

    def _distribute(self) -> None:
        """Every paper along its candidates by the keep values; then the quota of what they have."""
        self.iterations += 1
        self.votes, self.excess = self.tree.distribute(self.keep, self.rules)
        self.quota = self.rules.quota(self.profile.valid, self.excess, self.seats)
        if self.numbers:
            self.history.append(tuple(self.votes))

    def _reaching(self) -> list[int]:
        """Hopefuls at the quota or above, who are elected now.

        Should they be more than the seats left: by Algorithm 123 (the multi-way tie) nobody, and the lowest go out;
        else those above it, and the lowest of them not.
        """
        over = [one for one in self.hopeful if self.votes[one] >= self.quota]
        if len(over) > self._vacancies():
            over = [] if self.rules.at_rest else [one for one in over if self.votes[one] > self.quota]
        over = self.watch.admitted(self.winners, self.hopeful, over, self.votes, self._by_lot_in_order)
        while len(over) > self._vacancies():
            over.remove(self._fewest(over, "order"))
        return over

    def _by_lot_in_order(self, equal: list[int]) -> list[int]:
        """Equal candidates in the order in which constraints admit them: who goes out last is first."""
        left, order = list(equal), list[int]()
        while left:
            last = self._fewest(left, "order")
            left.remove(last)
            order.insert(0, last)
        return order

    def _doomed(self) -> list[int]:
        """Those whom the constraints exclude now, before anything else, one after the other."""
        return self.watch.doomed(self.winners, self.hopeful)

    def _surplus(self) -> int:
        return self.rules.surplus(self.votes, self.quota, self.winners)

    def _ended(self, before: int | None) -> bool:
        """Whether the keep values are good enough, or the lowest is sure to be lowest. before: the surplus."""
        surplus = self._surplus()
        if self.rules.ends == asked.SURPLUS_GONE_OR_STILL:
            still = before is not None and surplus >= before
            self.why = telling.STILL if still else telling.GONE_PRF
            return surplus * 1_000_000 < self.rules.unit or still
        among = self.watch.next_out(self.winners, self.hopeful)
        fewest = sorted(self.votes[one] for one in among)[:2]
        safe = fewest[0] + surplus < fewest[-1]
        self.why = telling.SAFE if safe else telling.GONE_NZ
        return surplus * 10_000 < self.rules.unit or safe

    def _near_quota(self) -> bool:
        if self._surplus() * 1_000_000 < self.rules.unit:
            return True  # where nearly all papers have ended, votes and quota can shrink together for ever
        return all(abs(self.votes[one] - self.quota) * 100_000 <= self.votes[one] for one in self.winners)

    def _reckon_keep_values(self) -> bool:
        """New keep values of those elected, or of those above the quota. Whether one changed."""
        before = list(self.keep)
        for one in self.winners:
            if self.votes[one] > self.quota or not self.rules.above:
                self.keep[one] = self.rules.new_keep(self.keep[one], self.quota, self.votes[one])
        return self.keep != before

    def _elect(self, newly: list[int]) -> None:
        """Elect these, most votes first, and end the stage; nothing if there are none."""
        if not newly:
            return
        newly = sorted(newly, key=lambda one: (-self.votes[one], self.names[one]))
        self.winners += newly
        self.hopeful = [one for one in self.hopeful if one not in newly]
        self._close(newly, False)

    def _elect_all_left(self) -> None:
        left = sorted(self.hopeful, key=lambda one: (-self.votes[one], self.names[one]))
        self.winners += left
        self.hopeful = []
        self._close(left, True)

    def _exclude_lowest(self) -> bool:
        """The stage is ended, then the lowest is out. Whether the count is over by this."""
        if self.shown < self.iterations:
            self._close([], False)
        lowest = self._fewest(self.watch.next_out(self.winners, self.hopeful), "exclusion")
        self.why_out = self.watch.reason(self.winners, self.hopeful, [lowest])
        self.hopeful.remove(lowest)
        self.act, self.excluded = f"exclude {self.names[lowest]}", self.names[lowest]
        self.keep[lowest] = 0
        if len(self.hopeful) <= self._vacancies():
            self._elect_all_left()
            return True
        self.out |= {lowest}
        self.tree = Tree(self.profile.papers, self.out)
        return False

    # ties

    def _fewest(self, among: list[int], purpose: str) -> int:
        """The one with the fewest votes; ties as the rule set says."""
        most = min(self.votes[one] for one in among)
        if self.rules.within and purpose == "exclusion":
            most += self._surplus()
        tied = left = [one for one in among if self.votes[one] <= most]
        if len(tied) == 1:
            return tied[0]
        stage = len(self.stages) + 1
        by = "lot"
        if self.rules.ties == asked.FIRST_DIFFERENCE:
            left = behind_at_first_difference(tied, self.history)
            by = "the first difference" if len(left) == 1 else "the pseudo-random number"
            chosen = min(left, key=lambda one: number_at(self.numbers[one], self.iterations))
        else:
            once = self.rules.ties == asked.ONE_ORDER and self.draw.seed is not None
            drawn = self.draw.one([self.names[one] for one in tied], 0 if once else stage)
            chosen = self.names.index(drawn)
        between = tuple(self.names[one] for one in sorted(tied))
        self.ties.append(Tie(between, by, self.names[chosen], purpose, stage))
        return chosen

    # the sheet

    def _close(self, newly: list[int], all_left: bool) -> None:
        """End a stage and write it down."""
        number = len(self.stages) + 1
        moved = not all_left or self.act == FIRST
        flows = self.tree.flows(self.keep, self.rules) if moved else {}
        transfers = tuple(
            Transfer(
                None if giver is None else self.names[giver],
                None if heir is None else self.names[heir],
                papers, left, papers * left,
            )
            for (giver, heir, left), papers in sorted(flows.items(), key=_as_listed)
        )  # fmt: skip
        told = telling.Told(
            self.act, self.excluded, self.names, tuple(self.votes), tuple(self.keep), self.quota,
            self._surplus(), self.shown, self.iterations, tuple(self.names[one] for one in newly), all_left,
            self.profile.valid, self.seats, self.stages[-1].tallies if self.stages else (), self.why,
            tuple(tie for tie in self.ties if tie.stage == number), self.why_out,
            self.watch.news(self.winners, self.hopeful),
        )  # fmt: skip
        self.stages.append(
            Stage(
                number=number,
                act=self.act,
                tallies=tuple(self.votes),
                non_transferable=self.excess,
                elected=told.newly,
                excluded=(self.excluded,) if self.excluded else (),
                transfers=transfers,
                figures=telling.figures(self.rules, told),
                clause=telling.clause(self.rules, told),
                says=telling.says(self.rules, told),
            )
        )
        self.act, self.excluded, self.shown, self.why, self.why_out = KEEP, "", self.iterations, "", ""


def _as_listed(flow: tuple[tuple[int | None, int | None, int], int]) -> tuple[int, int, int]:
    """By giver (first preferences first), then heir (nobody last), the higher value first."""
    (giver, heir, left), _ = flow
    return (-1 if giver is None else giver, 1 << 30 if heir is None else heir, -left)
