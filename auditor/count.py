"""The count by hand-counting rules, and the certificate: docs/formats/sheet.md and certificate.md.

Duties done here: C1 (the sheet is recounted from the papers of the result and compared, figure by figure) and
C2 (the same-path bound is computed anew, the example is counted, the word follows). Q4 uses `sort_papers`.

A paper is a tuple of candidate numbers from first to last; papers that are alike are kept once, with how many
there are. Votes are whole numbers of 0.00001 votes.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import auditor.forms as forms
from auditor.forms import Fault, shown

VOTE = 100_000
OF_ACCOUNT = ("blank", "invalid", "valid")  # these are Q4's, not C1's
SHEET_FIELDS = (
    *("candidates", "elected", "papers", "quota", "ruleset", "seats", "stages", "ties"),
    *OF_ACCOUNT,
)
CERTIFICATE_FIELDS = (
    *("certified_to", "changed_from", "doubtful", "example", "left_out"),
    *("papers", "ruleset", "seats", "word"),
)

Paper = tuple[int, ...]
Papers = Counter[Paper]


@dataclass
class Bundle:
    """Papers alike, all worth the same: `at` is how far along the ranking they are."""

    paper: Paper
    number: int
    value: int
    at: int = 0


@dataclass
class Count:
    """A count under way, and at its end: the sheet and its path."""

    candidates: tuple[str, ...]
    seats: int
    quota: int
    seed: str
    piles: list[list[Bundle]]
    continuing: set[int] = field(default_factory=set)
    pending: list[int] = field(default_factory=list)
    elected: list[int] = field(default_factory=list)
    history: list[list[int]] = field(default_factory=list)  # the tallies of each finished stage
    acts: list[tuple[str, int | None]] = field(default_factory=list)  # what each stage did, to whom
    newly: list[list[int]] = field(default_factory=list)  # who was elected at the end of each stage
    ties: list[dict[str, Any]] = field(default_factory=list)


# ---------------------------------------------------------------- reading papers


def sort_papers(rows: list[list[int]]) -> tuple[Papers, int, int]:
    """The valid papers, and how many are blank and invalid (sheet.md, "Reading a paper")."""
    papers: Papers = Counter()
    blank = invalid = 0
    for ranks in rows:
        marked = sorted((rank, candidate) for candidate, rank in enumerate(ranks) if rank)
        if not marked:
            blank += 1
        elif [rank for rank, _ in marked] == list(range(1, len(marked) + 1)):
            papers[tuple(candidate for _, candidate in marked)] += 1
        else:
            invalid += 1
    return papers, blank, invalid


def quota_of(valid: int, seats: int) -> int:
    return valid // (seats + 1) + 1


# ---------------------------------------------------------------- Scottish STV


def scottish(candidates: tuple[str, ...], seats: int, papers: Papers, seed: str) -> Count:
    """The whole count."""
    count = Count(candidates, seats, quota_of(papers.total(), seats) * VOTE, seed, [[] for _ in candidates])
    count.continuing = set(range(len(candidates)))
    for paper, number in sorted(papers.items()):
        count.piles[paper[0]].append(Bundle(paper, number, VOTE))
    _finish_stage(count, "first preferences", None)
    while count.continuing and len(count.elected) < seats:
        surpluses = [one for one in count.pending if count.history[-1][one] > count.quota]
        if surpluses:
            votes = count.history[-1]
            highest = [one for one in surpluses if votes[one] == max(votes[two] for two in surpluses)]
            chosen = _choose(count, highest, "surplus", len(count.history) + 1)
            _move_surplus(count, chosen)
            _finish_stage(count, "surplus", chosen)
        else:
            votes = count.history[-1]
            least = min(votes[one] for one in count.continuing)
            lowest = [one for one in sorted(count.continuing) if votes[one] == least]
            chosen = _choose(count, lowest, "exclusion", len(count.history) + 1)
            count.continuing.discard(chosen)
            moving, count.piles[chosen] = count.piles[chosen], []
            _pass_on(count, moving)
            _finish_stage(count, "exclude", chosen)
    return count


def _move_surplus(count: Count, donor: int) -> None:
    """Every paper moves on at value * surplus / votes, cut; the donor keeps the quota."""
    votes = count.history[-1][donor]
    moving, count.piles[donor] = count.piles[donor], [Bundle((donor,), 1, count.quota)]
    surplus = votes - count.quota
    for bundle in moving:
        bundle.value = bundle.value * surplus // votes
    count.pending.remove(donor)
    _pass_on(count, moving)


def _pass_on(count: Count, moving: list[Bundle]) -> None:
    """Give each bundle to its next continuing candidate; those without one leave the count."""
    for bundle in moving:
        for at in range(bundle.at + 1, len(bundle.paper)):
            if bundle.paper[at] in count.continuing:
                bundle.at = at
                count.piles[bundle.paper[at]].append(bundle)
                break


def _finish_stage(count: Count, act: str, whom: int | None) -> None:
    tallies = [sum(bundle.number * bundle.value for bundle in pile) for pile in count.piles]
    count.history.append(tallies)
    count.acts.append((act, whom))
    new = [one for one in sorted(count.continuing) if tallies[one] >= count.quota]
    vacancies = count.seats - len(count.elected) - len(new)
    if len(count.continuing) - len(new) <= vacancies:
        new = sorted(count.continuing)
    order = _by_votes(count, new)
    count.continuing -= set(new)
    count.elected += order
    count.pending += order
    count.newly.append(order)


def _by_votes(count: Count, new: list[int]) -> list[int]:
    """Most votes first; those with equal votes one after the other by the rule for ties."""
    order: list[int] = []
    votes = count.history[-1]
    for tally in sorted({votes[one] for one in new}, reverse=True):
        level = [one for one in new if votes[one] == tally]
        while level:
            first = _choose(count, level, "order", len(count.history))
            order.append(first)
            level.remove(first)
    return order


def _choose(count: Count, tied: list[int], purpose: str, stage: int) -> int:
    """One of the tied: by the latest earlier stage at which they differed, then by lot; recorded if tied."""
    if len(tied) == 1:
        return tied[0]
    remaining = list(tied)
    for tallies in reversed(count.history[:-1]):
        pick = min if purpose == "exclusion" else max
        best = pick(tallies[one] for one in remaining)
        remaining = [one for one in remaining if tallies[one] == best]
        if len(remaining) == 1:
            break
    by = "earlier stage" if len(remaining) == 1 else "lot"

    def lot(one: int) -> bytes:
        return hashlib.sha256(f"{count.seed}|{stage}|{count.candidates[one]}".encode()).digest()

    chosen = min(remaining, key=lot)
    names = [count.candidates[one] for one in sorted(tied)]
    count.ties.append(
        {"between": names, "by": by, "chosen": count.candidates[chosen], "for": purpose, "stage": stage}
    )
    return chosen


# ---------------------------------------------------------------- C1: the sheet


def written(votes: int) -> str:
    return f"{votes // VOTE}.{votes % VOTE:05d}"


def sheet_of(count: Count, papers: Papers, blank: int, invalid: int, papers_hash: str) -> dict[str, Any]:
    """The sheet as the format writes it. What no candidate has is non-transferable."""
    names = count.candidates
    valid = papers.total()
    stages = []
    for number, (tallies, (act, whom), new) in enumerate(
        zip(count.history, count.acts, count.newly, strict=True), 1
    ):
        stages.append(
            {
                "act": act if whom is None else f"{act} {names[whom]}",
                "elected": [names[one] for one in new],
                "non_transferable": written(valid * VOTE - sum(tallies)),
                "number": number,
                "tallies": dict(zip(names, map(written, tallies), strict=True)),
            }
        )
    return {
        "blank": blank,
        "candidates": list(names),
        "elected": [names[one] for one in count.elected],
        "invalid": invalid,
        "papers": papers_hash,
        "quota": count.quota // VOTE,
        "ruleset": "scottish-stv",
        "seats": count.seats,
        "stages": stages,
        "ties": count.ties,
        "valid": valid,
    }


def compare_sheets(published: Any, recounted: dict[str, Any]) -> list[str]:
    """Every difference that is C1's, as a sentence. What is non-transferable makes the stage add up: Q5's."""
    forms.entries(published, "the sheet", SHEET_FIELDS)
    wrong = [
        f"{name} is {shown(published[name])} in the sheet and {shown(recounted[name])} in the recount"
        for name in SHEET_FIELDS
        if name not in ("stages", *OF_ACCOUNT) and published[name] != recounted[name]
    ]
    stages = forms.rows(published["stages"], "the sheet's stages")
    if len(stages) != len(recounted["stages"]):
        wrong.append(f"the sheet has {len(stages)} stages and the recount {len(recounted['stages'])}")
    for number, (theirs, ours) in enumerate(zip(stages, recounted["stages"], strict=False), 1):
        if {**theirs, "non_transferable": ours["non_transferable"]} != ours:
            wrong.append(f"stage {number} differs from the recount")
    return wrong


# ---------------------------------------------------------------- C2: the bound


@dataclass
class Span:
    """A bundle whose value is only known to lie between two numbers."""

    paper: Paper
    number: int
    at: int = 0
    low: int = VOTE
    high: int = VOTE


class Walk:
    """certificate.md, "The same-path bound, exactly": can K papers turn any decision of this count?"""

    def __init__(self, count: Count, papers: Papers, changes: int) -> None:
        self.count, self.changes, self.valid, self.seats = count, changes, papers.total(), count.seats
        self.piles: list[list[Span]] = [[] for _ in count.candidates]
        for paper, number in papers.items():
            self.piles[paper[0]].append(Span(paper, number))
        self.continuing = set(range(len(count.candidates)))
        self.pending: list[int] = []
        self.seats_filled = 0
        self.stage = 0  # index of the sheet's stage that was finished last
        self.virtual = False

    def low(self, one: int) -> int:
        return sum(span.number * span.low for span in self.piles[one])

    def high(self, one: int) -> int:
        return sum(span.number * span.high for span in self.piles[one])

    def quota(self, valid: int) -> int:
        return quota_of(valid, self.seats) * VOTE

    def holds(self) -> bool:
        while True:
            settled = self._elections()
            if settled is not None:
                return settled
            if not (self._surplus() if self.pending else self._exclusion()):
                return False

    def _elections(self) -> bool | None:
        """Step A: True or False when the walk ends here, None when it goes on."""
        votes = self.count.history[self.stage]
        margin = self.changes * VOTE
        vacancies = self.seats - self.seats_filled
        if len(self.continuing) <= vacancies:
            return True
        new = [one for one in self.continuing if not self.virtual and votes[one] >= self.count.quota]
        if any(self.low(one) - margin < self.quota(self.valid - self.changes) for one in new):
            return False
        if len(new) == vacancies:
            return True
        others = self.continuing - set(new)
        if any(self.high(one) + margin >= self.quota(self.valid + self.changes) for one in others):
            return False
        self.continuing = others
        self.pending += new
        self.seats_filled += len(new)
        return None

    def _surplus(self) -> bool:
        """Step B."""
        votes = self.count.history[self.stage]
        most = max(votes[one] for one in self.pending)
        donors = [one for one in self.pending if votes[one] == most]
        if len(donors) > 1:
            return False
        donor = donors[0]
        low, high = self.low(donor), self.high(donor)
        self.pending.remove(donor)
        if any(low - self.high(other) <= self.changes * VOTE for other in self.pending):
            return False
        least, greatest = self._ratios(low, high)
        moving, self.piles[donor] = self.piles[donor], []
        for span in moving:
            span.low = span.low * least.numerator // least.denominator
            span.high = span.high * greatest.numerator // greatest.denominator
        self._pass_on(moving)
        self.virtual = most == self.count.quota
        if not self.virtual:
            self.stage += 1
        return True

    def _ratios(self, low: int, high: int) -> tuple[Fraction, Fraction]:
        """The least and the greatest share of its value that a paper can move with, over all splits of K."""
        least, greatest = [], []
        for removed in range(self.changes + 1):
            added = self.changes - removed
            quota = self.quota(self.valid - removed + added)
            least.append(Fraction(low - removed * VOTE - quota, low - removed * VOTE))
            greatest.append(Fraction(high + added * VOTE - quota, high + added * VOTE))
        return min(least), max(greatest)

    def _exclusion(self) -> bool:
        """Step C."""
        out = self.count.acts[self.stage + 1][1]
        if out is None:
            return False
        self.continuing.discard(out)
        high = self.high(out)
        if any(self.low(one) - high <= self.changes * VOTE for one in self.continuing):
            return False
        moving, self.piles[out] = self.piles[out], []
        self._pass_on(moving)
        self.virtual = False
        self.stage += 1
        return True

    def _pass_on(self, moving: list[Span]) -> None:
        for span in moving:
            for at in range(span.at + 1, len(span.paper)):
                if span.paper[at] in self.continuing:
                    span.at = at
                    self.piles[span.paper[at]].append(span)
                    break


def same_path_bound(count: Count, papers: Papers) -> int:
    """The largest K from 1 to V - 1 for which the walk holds, or 0 (it holds for all smaller ones, too)."""
    valid = papers.total()
    return bisect_left(range(1, valid), True, key=lambda changes: not Walk(count, papers, changes).holds())


# ---------------------------------------------------------------- C2: the certificate


def check_certificate(
    value: Any, count: Count, papers: Papers, papers_hash: str, ruleset: str
) -> tuple[list[str], str]:
    """Everything wrong with a certificate, and what it says."""
    fields = forms.entries(value, "the certificate", CERTIFICATE_FIELDS)
    wrong: list[str] = []

    def demand(holds: bool, sentence: str) -> None:
        if not holds:
            wrong.append(sentence)

    doubtful = forms.whole(fields["doubtful"], "doubtful")
    left_out = forms.whole(fields["left_out"], "left_out")
    demand(doubtful % 10 == 0 and left_out % 10 == 0, "doubtful and left_out are not rounded up to tens")
    demand(fields["papers"] == papers_hash, "the certificate is about other papers")
    demand(fields["ruleset"] == ruleset, "the certificate is about another rule set")
    demand(fields["seats"] == count.seats, "the certificate is about another number of seats")
    bound = same_path_bound(count, papers)
    demand(
        fields["certified_to"] == bound,
        f"certified_to is {shown(fields['certified_to'])} but the bound is {bound}",
    )
    removed = added = None
    if fields["example"] is None or fields["changed_from"] is None:
        demand(
            fields["example"] is None and fields["changed_from"] is None,
            "changed_from and example do not agree",
        )
    else:
        removed, added = _check_example(fields["example"], count, papers, demand)
        demand(fields["changed_from"] == removed + added, f"the example changes {removed + added} papers")
        demand(bound < removed + added, "the example lies within the bound")
    within = removed is not None and added is not None and removed <= doubtful and added <= left_out
    word = "certified" if doubtful + left_out <= bound else "could change" if within else "not certified"
    demand(fields["word"] == word, f"the word is {shown(fields['word'])!r} where the numbers say {word!r}")
    return (
        wrong,
        f"bound {bound}, example of {fields['changed_from']} papers, {doubtful + left_out} in doubt: {word}",
    )


def _check_example(value: Any, count: Count, papers: Papers, demand: Any) -> tuple[int, int]:
    """Count the changed papers. Gives how many were removed and added."""
    example = forms.entries(value, "the example", ("add", "elected", "remove"))
    removed = _rankings(example["remove"], count.candidates)
    added = _rankings(example["add"], count.candidates)
    for paper, number in removed.items():
        if number > papers[paper]:
            raise Fault(f"the example removes {number} papers where the result has {papers[paper]}")
    after = Papers(
        {paper: papers[paper] - removed[paper] + added[paper] for paper in papers.keys() | added.keys()}
    )
    recount = scottish(count.candidates, count.seats, +after, count.seed)
    names = [count.candidates[one] for one in recount.elected]
    demand(example["elected"] == names, f"the example elects {shown(names)}")
    demand(set(recount.elected) != set(count.elected), "the example does not change who is elected")
    demand(all(tie["by"] != "lot" for tie in recount.ties), "the example needs a lot")
    return removed.total(), added.total()


def _rankings(value: Any, candidates: tuple[str, ...]) -> Papers:
    """A list of [ranking, how many], sorted, no ranking twice, each a paper that could be valid."""
    number_of = {name: number for number, name in enumerate(candidates)}
    found: Papers = Counter()
    order: list[list[str]] = []
    for pair in forms.rows(value, "the example's papers"):
        names, number = forms.rows(pair, "a paper of the example", 2)
        names = [
            forms.text(name, "a name of the example")
            for name in forms.rows(names, "a ranking of the example")
        ]
        unknown = [name for name in names if name not in number_of]
        if unknown or not names or len(set(names)) < len(names):
            raise Fault("a ranking of the example is not a valid paper")
        order.append(names)
        found[tuple(number_of[name] for name in names)] += forms.whole(number, "a number of the example", 1)
    if order != sorted(order) or len(found) < len(order):
        raise Fault("the example's papers are not sorted, or one is there twice")
    return found
