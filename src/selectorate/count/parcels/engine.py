"""The count by parcels, from the first preferences to the last seat (make).

Each turn moves one surplus, or excludes. After every movement of papers a row is closed: who has the quota (or
the vote required) is elected, and the count may end there, even in the middle of an exclusion.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from selectorate.canon import Digest
from selectorate.count.constraints import BY_BOUNDS, Constraints
from selectorate.count.objects import Number, Profile, Sheet, Stage, Transfer
from selectorate.count.parcels import election, exclusion, sentences, surplus
from selectorate.count.parcels.piles import count_of
from selectorate.count.parcels.rule import Rule, credited
from selectorate.count.parcels.state import State
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw


def run(
    profile: Profile,
    ruleset: Ruleset,
    seats: int,
    draw: Draw,
    digest: Digest,
    constraints: Constraints | None = None,
) -> Sheet:
    """The engine of the family "parcels" (`methods.Engine`).

    Raises Refusal `count.tie` (a lot without a seed), `count.order` (some papers of a kind must be chosen, and
    there is neither a recorded order nor a seed).
    """
    state = State.begin(profile, Rule.read(ruleset), seats, draw, constraints)
    remarks = _first_stage(state, profile)
    while not state.over:
        if state.pending and not exclusion.waits(state):
            _surplus_stage(state)
        else:
            _exclusion_stage(state)
    if state.raised:
        remarks.append(
            f"{sentences.paper(state.raised)} went on at more than they came with: "
            "this rule set values all papers of a surplus alike."
        )
    whole = state.quota % state.rule.unit == 0 and ruleset["places"] == 0
    return Sheet(
        ruleset=ruleset.name,
        seats=seats,
        candidates=profile.candidates,
        valid=profile.valid,
        blank=profile.blank,
        invalid=profile.invalid,
        papers=digest,
        quota=state.quota if whole else Fraction(state.quota, state.rule.unit),
        stages=tuple(state.rows),
        ties=tuple(state.ties),
        elected=tuple(name for row in state.rows for name in row.elected),
        places=ruleset.places,
        vacant=seats - len(state.elected),
        remarks=tuple(remarks),
        anchor=ruleset.anchor,
        title=ruleset.title,
    )


def _first_stage(state: State, profile: Profile) -> list[str]:
    """Every paper to its first preference. Gives the remarks that a reader must see."""
    papers = [(paper.ranking, paper.number) for paper in profile.papers]
    remarks: list[str] = []
    if state.rule.ruleset["papers"] == "in recorded order" and (profile.order or state.draw.seed):
        papers = [(ranking, 1) for ranking in state.draw.papers(profile)]
        state.ordered = True
        if not profile.order:
            remarks.append(
                "No order of the papers was recorded. They lie in an order drawn by the seed: by SHA-256 of "
                "“seed|paper|first name>second name ...|which of the equal papers”, the smallest first."
            )
    state.stage = 1
    transfers = state.first_preferences(papers)
    _close(state, "first preferences", transfers, clauses=("quota",), says=sentences.first(state))
    return remarks


def _surplus_stage(state: State) -> None:
    donor = surplus.next_donor(state)
    state.stage += 1
    held = state.tallies[donor]
    moved = surplus.move(state, donor)
    _close(
        state,
        f"surplus {state.names[donor]}",
        moved.transfers,
        clauses=("transfer_value",),
        says=sentences.surplus(state, moved, held),
        value=moved.value,
    )


def _exclusion_stage(state: State) -> None:
    """Exclude the lowest, or several together, and move their papers batch by batch.

    Where nobody would be left to contend with for the last seats, no paper moves: the others are elected.
    """
    group = exclusion.chosen(state)
    held = sum(state.tallies[one] for one in group)
    why = state.watch.reason(state.elected, state.standing, group)
    says = f"{why}." if why else sentences.excluded(state, group, held)
    for one in group:
        state.continuing[one] = False
    if not state.rule.late and len(state.standing) <= state.room:
        last, _ = election.to_last_seats(state, complete=True)
        needless = sentences.needless(state, group, last)
        _append(state, last, f"{why}. {needless}" if why else needless, by_bounds=bool(why))
        return
    clauses = ("exclusion", "deferral") if state.surplus and state.rule.defers else ("exclusion",)
    clauses = (BY_BOUNDS, *clauses) if why else clauses
    parts, quota = exclusion.batches(state, group), state.quota
    state.stage += 1
    for one in group:
        state.piles[one] = []
    act = f"exclude {', '.join(state.names[one] for one in group)}"
    for part, batch in enumerate(parts, 1):
        if state.over:
            break
        transfers = _move_batch(state, batch)
        papers = sum(count_of(slips) for _, slips in batch.slips)
        words = sentences.batch(state, batch.value, papers, part, len(parts))
        if state.quota < quota:
            words += sentences.lower_quota(state)
            quota = state.quota
        _close(
            state,
            act,
            transfers,
            clauses=clauses if part == 1 else ("batches",),
            says=f"{says} {words}" if part == 1 else words,
            value=batch.value if papers else None,
            excluded=tuple(state.names[one] for one in group) if part == 1 else (),
            part=part if len(parts) > 1 else 0,
            complete=part == len(parts),
        )


def _move_batch(state: State, batch: exclusion.Batch) -> list[Transfer]:
    """One batch at the value it has; what no longer transfers, and fractions that were cut, are booked."""
    transfers, given = state.pass_on(batch.slips, batch.value)
    leaving = sum(batch.votes.values())
    for one, votes in batch.votes.items():
        state.tallies[one] -= votes
    exhausted = credited(batch.value, sum(one.papers for one in transfers if one.heir is None))
    state.non_transferable += exhausted
    state.rounding += leaving - given - exhausted
    if state.rule.requota and not state.elected and exhausted:
        election.requota(state)
    return transfers


def _close(
    state: State,
    act: str,
    transfers: list[Transfer],
    *,
    clauses: tuple[str, ...],
    says: str,
    value: Number | None = None,
    excluded: tuple[str, ...] = (),
    part: int = 0,
    complete: bool = True,
) -> None:
    """End a row: elect, and write down where every vote is."""
    tallies = tuple(state.tallies)
    state.history.append(tallies)
    if complete:
        state.of_stage.append(tallies)
    before = sentences.ties(state)
    by_votes = election.by_votes(state)
    crowd = election.crowded_out(state)
    last, because = election.to_last_seats(state, complete)
    questions = [*clauses]
    if by_votes or last:
        questions.append("elected_when" if by_votes else "last_vacancies")
    figures = [("quota", state.text(state.quota))]
    if state.rule.counts:
        figures.insert(0, ("count", str(len(state.rows) + 1)))
    if state.required is not None:
        figures.append(("vote required", state.text(state.required)))
    if value is not None:
        figures.append(("value of each paper", state.text(value)))
    why = (
        before, says, sentences.ties(state), sentences.elected(state, by_votes, crowd, last, because),
        sentences.ended(state, complete),
    )  # fmt: skip
    bounds = state.watch.news(state.elected, state.standing)
    state.rows.append(
        Stage(
            number=state.stage,
            act=act,
            tallies=tallies,
            non_transferable=state.non_transferable,
            elected=tuple(state.names[one] for one in (*(one for one, _ in by_votes), *last)),
            excluded=excluded,
            part=part,
            rounding=state.rounding,
            set_aside=state.set_aside,
            transfers=tuple(transfers),
            figures=tuple(figures),
            clause="; ".join(
                dict.fromkeys(one if one == BY_BOUNDS else state.clause(one) for one in questions)
            ),
            says=" ".join(part for part in (*why, bounds) if part),
        )
    )


def _append(state: State, last: list[int], says: str, *, by_bounds: bool) -> None:
    """Add those who fill the last seats without another transfer to the row that is already closed."""
    row = state.rows[-1]
    elected = (*row.elected, *(state.names[one] for one in last))
    why = (row.says, sentences.ties(state), says)
    clause = f"{row.clause}; {BY_BOUNDS}" if by_bounds else row.clause
    state.rows[-1] = replace(row, elected=elected, clause=clause, says=" ".join(part for part in why if part))
