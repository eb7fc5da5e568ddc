"""The engine of the family "runoff": first preferences, then a second round between those who lead.

The second round is reckoned from the same papers (supplementary vote, contingent vote) or is another poll; then
the sheet elects nobody and says between whom the second ballot is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectorate.canon import Digest
from selectorate.count.objects import Profile, Ranking, Sheet, Stage, Transfer
from selectorate.count.rounds import wording
from selectorate.count.rounds.equal import Ties
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse

_SECOND_BALLOT = "a second ballot, which is another poll"
_SECOND_PREFERENCE = "the second preference of each paper whose first is out"


def run(papers: Profile, ruleset: Ruleset, seats: int, draw: Draw, digest: Digest) -> Sheet:
    """The sheet of these papers. Raises Refusal `count.one`, `count.tie`."""
    if seats != 1:
        raise refuse("count.one", name=ruleset.name, found=seats)
    count = _Runoff(papers, ruleset, Ties(papers.candidates, str(ruleset["ties"]), draw))
    remarks = count.to_the_end()
    return Sheet(
        ruleset=ruleset.name,
        seats=1,
        candidates=papers.candidates,
        valid=papers.valid,
        blank=papers.blank,
        invalid=papers.invalid,
        papers=digest,
        quota=papers.valid // 2 + 1,
        stages=tuple(count.stages),
        ties=tuple(count.ties.met),
        elected=count.stages[-1].elected,
        places=0,
        remarks=remarks,
        anchor=ruleset.anchor,
    )


@dataclass(slots=True)
class _Runoff:
    profile: Profile
    rules: Ruleset
    ties: Ties
    tallies: list[int] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)

    def to_the_end(self) -> tuple[str, ...]:
        """Count; what the reader must be told beside the stages."""
        names, needed = self.profile.candidates, self.profile.valid // 2 + 1
        self.tallies = [0] * len(names)
        for paper in self.profile.papers:
            self.tallies[paper.ranking[0]] += paper.number
        most = max(self.tallies)
        ahead = self.tallies.index(most)
        moved = tuple(
            Transfer(None, name, votes, 1, votes)
            for name, votes in zip(names, self.tallies, strict=True)
            if votes
        )
        says = f"There are {wording.counted(self.profile.valid, 'valid paper')}; {needed:,} first preferences win "
        says += (
            f"at once. {names[ahead]} has {most:,} and is elected."
            if most >= needed
            else "at once; nobody has so many."
        )
        elected = (names[ahead],) if most >= needed else ()
        clause = self.rules.source("first_round")
        self._close("first preferences", elected, (), moved, clause, says)
        if elected:
            return ()
        on = self._go_on()
        if self.rules["second_round"] == _SECOND_BALLOT:
            who = wording.listed(sorted(names[one] for one in on))
            return (f"Nobody is elected yet: a second ballot is needed, between {who}.",)
        self._second_round(on)
        return ()

    def _go_on(self) -> list[int]:
        """Who takes part in the second round."""
        by_votes = sorted(range(len(self.tallies)), key=lambda one: -self.tallies[one])
        top = [one for one in by_votes if self.tallies[one] == self.tallies[by_votes[0]]]
        if self.rules["goes_on"] != "the two with the most first preferences":
            if len(top) > 1 or len(by_votes) == 1:
                return sorted(top)
            return sorted(one for one in by_votes if self.tallies[one] >= self.tallies[by_votes[1]])
        if len(by_votes) <= 2:
            return sorted(by_votes)
        first = by_votes[0]
        if len(top) > 2:
            first = self.ties.pick(top, self.tallies, (), "most", "order", 1)
        rest = [one for one in by_votes if one != first]
        return sorted([first, self.ties.pick(rest, self.tallies, (), "most", "order", 1)])

    def _second_round(self, on: list[int]) -> None:
        names = self.profile.candidates
        out = sorted(set(range(len(names))) - set(on), key=lambda one: names[one])
        ways: dict[tuple[int, bool, int], int] = {}
        before = len(self.ties.met)
        for paper in self.profile.papers:
            first = paper.ranking[0]
            if first in out:
                heir = self._heir(paper.ranking, on)
                way = (first, heir is None, -1 if heir is None else heir)
                ways[way] = ways.get(way, 0) + paper.number
                self.tallies[first] -= paper.number
                if heir is not None:
                    self.tallies[heir] += paper.number
        moved = tuple(
            Transfer(names[giver], None if ended else names[heir], number, 1, number)
            for (giver, ended, heir), number in sorted(ways.items())
        )
        said_before = self.ties.sentence(0)
        winner = self.ties.pick(on, self.tallies, self._looked_back(), "most", "order", 2)
        both = wording.listed(sorted(names[one] for one in on))
        says = f"{both} go on to the second round. {said_before}".rstrip()
        says += f" {wording.passing(moved)} {self.ties.sentence(before)}".rstrip()
        says += (
            f" {names[winner]} has {wording.counted(self.tallies[winner], 'vote')}, the most, and is elected."
        )
        act = f"exclude {', '.join(names[one] for one in out)}" if out else "second round"
        sources = dict.fromkeys((self.rules.source("goes_on"), self.rules.source("second_round")))
        clause = "; ".join(sources)
        self._close(act, (names[winner],), tuple(names[one] for one in out), moved, clause, says)

    def _looked_back(self) -> list[Stage]:
        return self.stages if self.rules["ties"] == "more first preferences, else lot" else []

    def _heir(self, ranking: Ranking, on: list[int]) -> int | None:
        """For whom a paper counts in the second round whose first preference is out."""
        looked_at = ranking[1:2] if self.rules["second_round"] == _SECOND_PREFERENCE else ranking[1:]
        return next((one for one in looked_at if one in on), None)

    def _close(
        self,
        act: str,
        elected: tuple[str, ...],
        excluded: tuple[str, ...],
        transfers: tuple[Transfer, ...],
        clause: str,
        says: str,
    ) -> None:
        lost = self.profile.valid - sum(self.tallies)
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                act=act,
                tallies=tuple(self.tallies),
                non_transferable=lost,
                elected=elected,
                excluded=excluded,
                transfers=transfers,
                figures=(("papers that count", str(self.profile.valid - lost)),),
                clause=clause,
                says=says,
            )
        )
