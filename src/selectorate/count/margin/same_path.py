"""The margin (make): how many papers may be other than they are without a change of who is elected.

The same-path bound of docs/formats/certificate.md, section "The same-path bound, exactly"; the words and the
letters A, B, C below are those of the page. The checking twin is `rewalk`.
"""

from __future__ import annotations

from selectorate.canon import Digest
from selectorate.count import stv, witness
from selectorate.count.certificate import Certificate, choose_word
from selectorate.count.objects import Profile, Ranking, Sheet
from selectorate.count.rulesets import Ruleset
from selectorate.errors import refuse

_Held = list[tuple[Ranking, int, int, int, int]]
"""Papers with one candidate: ranking, position of the candidate on it, papers, low, high (units)."""


def certify(
    profile: Profile, ruleset: Ruleset, seats: int, doubtful: int, left_out: int, sheet: Sheet
) -> Certificate:
    """The certificate of this sheet for that many doubtful papers and electors left out (rounded up to tens).

    The example is found by a search that always takes the same way, so the same papers give the same
    certificate. Raises Refusal `count.doubts` for a negative number, `count.mismatch` when the sheet is of
    other papers.
    """
    if min(doubtful, left_out) < 0:
        raise refuse("count.doubts", doubtful=doubtful, left_out=left_out)
    if not _is_of(sheet, profile, ruleset, seats):
        raise refuse("count.mismatch")
    doubtful, left_out = -(-doubtful // 10) * 10, -(-left_out // 10) * 10
    certified_to = bound(profile, sheet, ruleset)
    example = witness.search(profile, ruleset, seats, sheet, doubtful=doubtful, left_out=left_out)
    return Certificate(
        ruleset=ruleset.name,
        seats=seats,
        papers=Digest(sheet.papers),
        doubtful=doubtful,
        left_out=left_out,
        certified_to=certified_to,
        changed_from=example.size if example else None,
        example=example,
        word=choose_word(doubtful, left_out, certified_to, example),
    )


def _is_of(sheet: Sheet, profile: Profile, ruleset: Ruleset, seats: int) -> bool:
    """Whether the sheet is of these papers; where a lot was drawn, whether it may be."""
    said = (sheet.candidates, sheet.valid, sheet.seats, sheet.ruleset)
    if said != (profile.candidates, profile.valid, seats, ruleset.name):
        return False
    if any(tie.by == "lot" for tie in sheet.ties):
        return True
    again = stv.count(profile, ruleset, seats, tie_seed=None, papers_digest=sheet.papers)
    # A sheet read from the record has figures but no words: what stands on the record is compared.
    return bool(again.to_plain()["stages"] == sheet.to_plain()["stages"])


def bound(profile: Profile, sheet: Sheet, ruleset: Ruleset) -> int:
    """L: no removal of r papers and addition of a papers with r + a <= L changes the set of winners."""
    top = sheet.valid - 1  # of V papers one must stay, or there is nothing to count
    good, step = 0, 1
    while good < top and _holds(profile, sheet, ruleset, min(good + step, top)):
        good = min(good + step, top)
        step *= 2
    bad = min(good + step, top + 1)
    while bad - good > 1:
        middle = (good + bad) // 2
        if _holds(profile, sheet, ruleset, middle):
            good = middle
        else:
            bad = middle
    return good


def _holds(profile: Profile, sheet: Sheet, ruleset: Ruleset, k: int) -> bool:
    return _Walk(profile, sheet, ruleset, k).certain()


class _Walk:
    """One walk along the path of the sheet with the intervals for K = k. False means: not certain."""

    __slots__ = (
        "continuing",
        "held",
        "high",
        "k",
        "low",
        "names",
        "pending",
        "ruleset",
        "sheet",
        "stage",
        "unit",
    )

    def __init__(self, profile: Profile, sheet: Sheet, ruleset: Ruleset, k: int) -> None:
        size = len(profile.candidates)
        self.names = {name: index for index, name in enumerate(profile.candidates)}
        self.sheet, self.ruleset, self.k = sheet, ruleset, k
        self.unit: int = 10**ruleset.places
        self.continuing = [True] * size
        self.pending: list[int] = []
        self.held: list[_Held] = [[] for _ in range(size)]
        self.low, self.high = [0] * size, [0] * size
        for paper in profile.papers:
            self._give(paper.ranking[0], (paper.ranking, 0, paper.number, self.unit, self.unit))
        self.stage = 0  # position in sheet.stages of the last stage walked

    def certain(self) -> bool:
        over = self._elections(virtual=False)
        while over is None:
            if self.pending:
                donor, virtual = self._donor()
                if donor is None:
                    return False
                self._surplus(donor)
                self.stage += not virtual
                over = self._elections(virtual)
            else:
                excluded = self._excluded()
                if excluded is None:
                    return False
                self.stage += 1
                self.continuing[excluded] = False
                self._pass(excluded, (1, 1), (1, 1))
                over = self._elections(virtual=False)
        return over

    def _quota(self, valid: int) -> int:
        return self.ruleset.quota(valid, self.sheet.seats) * self.unit

    def _elections(self, virtual: bool) -> bool | None:
        """A: true or false when the path ends here, None when it goes on."""
        standing = [one for one, still in enumerate(self.continuing) if still]
        before = self.sheet.stages[: self.stage + virtual]
        vacancies = self.sheet.seats - sum(len(stage.elected) for stage in before)
        if len(standing) <= vacancies:
            return True
        tallies = self.sheet.stages[self.stage].tallies
        quota = self._quota(self.sheet.valid)
        elected = [one for one in standing if tallies[one] >= quota and not virtual]
        slack = self.k * self.unit
        if any(self.low[one] - slack < self._quota(self.sheet.valid - self.k) for one in elected):
            return False
        if len(elected) == vacancies:
            return True
        ceiling = self._quota(self.sheet.valid + self.k)
        if any(self.high[one] + slack >= ceiling for one in standing if one not in elected):
            return False
        for one in elected:
            self.continuing[one] = False
            self.pending.append(one)
        return None

    def _donor(self) -> tuple[int | None, bool]:
        """B: whose surplus moves, None when not certain; and whether the sheet has no stage for it."""
        tallies = self.sheet.stages[self.stage].tallies
        donor = max(self.pending, key=lambda one: tallies[one])
        rivals = [one for one in self.pending if one != donor]
        if any(self.low[donor] - self.high[one] <= self.k * self.unit for one in rivals):
            return None, False
        return donor, tallies[donor] == self._quota(self.sheet.valid)

    def _surplus(self, donor: int) -> None:
        self.pending.remove(donor)
        least, most = (1, 1), (0, 1)
        for removed in range(self.k + 1):
            added = self.k - removed
            quota = self._quota(self.sheet.valid - removed + added)
            under, over = self.low[donor] - removed * self.unit, self.high[donor] + added * self.unit
            if (under - quota) * least[1] < least[0] * under:
                least = under - quota, under
            if (over - quota) * most[1] > most[0] * over:
                most = over - quota, over
        self._pass(donor, least, most)

    def _excluded(self) -> int | None:
        """C: who is excluded, None when that is not certain."""
        excluded = self.names[self.sheet.stages[self.stage + 1].act.removeprefix("exclude ")]
        for one, still in enumerate(self.continuing):
            if still and one != excluded and self.low[one] - self.high[excluded] <= self.k * self.unit:
                return None
        return excluded

    def _pass(self, donor: int, least: tuple[int, int], most: tuple[int, int]) -> None:
        """Every paper of the donor to the next continuing candidate, low and high cut by these ratios."""
        papers, self.held[donor] = self.held[donor], []
        self.low[donor] = self.high[donor] = 0
        for ranking, position, number, low, high in papers:
            for at in range(position + 1, len(ranking)):
                if self.continuing[ranking[at]]:
                    worth = low * least[0] // least[1], high * most[0] // most[1]
                    self._give(ranking[at], (ranking, at, number, *worth))
                    break

    def _give(self, candidate: int, papers: tuple[Ranking, int, int, int, int]) -> None:
        self.held[candidate].append(papers)
        self.low[candidate] += papers[2] * papers[3]
        self.high[candidate] += papers[2] * papers[4]
