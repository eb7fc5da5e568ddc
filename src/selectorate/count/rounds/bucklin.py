"""The engine of the family "bucklin": first preferences, then second ones are added, then third ones, until somebody
has more votes than half of the papers.

Tallies grow from stage to stage, for a paper counts for everybody down to the rank that is reached. What is not
counted yet stands as `set_aside`, so that every stage has the same total: all preferences on all papers.
"""

from __future__ import annotations

from selectorate.canon import Digest
from selectorate.count.objects import Profile, Sheet, Stage, Transfer
from selectorate.count.rounds.equal import Ties
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse

_ORDINAL = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def run(papers: Profile, ruleset: Ruleset, seats: int, draw: Draw, digest: Digest) -> Sheet:
    """The sheet of these papers. Raises Refusal `count.one`, `count.tie`."""
    if seats != 1:
        raise refuse("count.one", name=ruleset.name, found=seats)
    ties = Ties(papers.candidates, str(ruleset["ties"]), draw)
    stages = _stages(papers, ruleset, ties)
    return Sheet(
        ruleset=ruleset.name,
        seats=1,
        candidates=papers.candidates,
        valid=papers.valid,
        blank=papers.blank,
        invalid=papers.invalid,
        papers=digest,
        quota=papers.valid // 2 + 1,
        stages=tuple(stages),
        ties=tuple(ties.met),
        elected=stages[-1].elected,
        places=0,
        remarks=(
            "Votes of a stage are all preferences down to its rank; together they are more than the papers.",
        )
        if len(stages) > 1
        else (),
        anchor=ruleset.anchor,
    )


def _stages(papers: Profile, ruleset: Ruleset, ties: Ties) -> list[Stage]:
    names, needed = papers.candidates, papers.valid // 2 + 1
    deepest = max(len(paper.ranking) for paper in papers.papers)
    aside = sum(len(paper.ranking) * paper.number for paper in papers.papers)
    tallies = [0] * len(names)
    stages: list[Stage] = []
    for rank in range(1, deepest + 1):
        added = [0] * len(names)
        for paper in papers.papers:
            if len(paper.ranking) >= rank:
                added[paper.ranking[rank - 1]] += paper.number
        tallies = [votes + more for votes, more in zip(tallies, added, strict=True)]
        aside -= sum(added)
        enough = max(tallies) >= needed
        elected: tuple[str, ...] = ()
        says = f"{_rank(rank).capitalize()} are counted. {needed:,} votes win; nobody has so many yet."
        if enough or rank == deepest:
            chosen = ties.pick(range(len(names)), tallies, stages, "most", "order", rank)
            elected = (names[chosen],)
            says = f"{_rank(rank).capitalize()} are counted. {names[chosen]} has {tallies[chosen]:,} votes, "
            says += (
                "the most, "
                if enough
                else "the most, though no more preference is left and half is not passed, "
            )
            says += f"where {needed:,} are needed, and is elected. {ties.sentence(0)}".rstrip()
        clause = ruleset.source("wins") if enough or not elected else ruleset.source("nobody")
        stages.append(
            Stage(
                number=rank,
                act=_rank(rank) if rank == 1 else f"add {_rank(rank)}",
                tallies=tuple(tallies),
                non_transferable=0,
                elected=elected,
                set_aside=aside,
                transfers=tuple(
                    Transfer(None, name, more, 1, more)
                    for name, more in zip(names, added, strict=True)
                    if more
                ),
                figures=(("votes needed", str(needed)),),
                clause=clause,
                says=says,
            )
        )
        if elected:
            break
    return stages


def _rank(rank: int) -> str:
    return f"{_ORDINAL[rank]} preferences" if rank < len(_ORDINAL) else f"preferences at rank {rank}"
