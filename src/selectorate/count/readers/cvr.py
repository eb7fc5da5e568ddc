"""Cast vote records in NIST's common data format as JSON (SP 1500-103, version 1).

Of each record the snapshot that was changed by adjudication ("modified") is read if it is the current one, else
the original, else the current one. A selection position counts as a mark where `HasIndication` is "yes". Ranks
are positions with `Rank`; a contest without any rank gives figures (`NumberVotes`, 1 if it is not said). Records
that do not have the contest are no papers of it; one that has it without marks is a blank paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectorate.count.ballots import Ballots, Figures
from selectorate.count.fields import CANDIDATES_MAX, PAPERS_MAX, SEATS_MAX
from selectorate.count.readers.lines import RANKS_MAX, Gathering, candidate_name, unknown
from selectorate.count.readers.plain_json import Place

REPORT = "CVR.CastVoteRecordReport"
WRITE_IN = "Write-in"
_POSITIONS_MAX = 10_000
Mark = tuple[int, int, int]
"""(candidate, rank or 0, votes)."""


@dataclass(slots=True)
class _Contest:
    """One contest of the report: its selections' ids, and the name that each stands for."""

    id: str
    title: str = ""
    seats: int = 0
    names: list[str] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)

    def learn(self, id_: str, name: str, place: Place) -> int:
        if id_ in self.at:
            return self.at[id_]
        if name not in self.names:
            if len(self.names) >= CANDIDATES_MAX:
                raise place.fault(f"there are more than {CANDIDATES_MAX} candidates")
            self.names.append(candidate_name(name, place.file, 1, []))
        self.at[id_] = self.names.index(name.strip())
        return self.at[id_]


def is_cvr(top: Place) -> bool:
    return top.has("@type") and top.value["@type"] == REPORT and top.has("CVR")


def read_cvr(top: Place, data: bytes, *, keep_order: bool, contest: str | None) -> Ballots:
    """The papers of one contest. contest: its id or name, where the report has several.

    Raises Refusal `count.file.place`, `count.file.kind`.
    """
    chosen = _chosen(_contests(top), contest, top)
    found: list[list[Mark]] = []
    for record in top["CVR"].each():
        for marked in _snapshot(record)["CVRContest"].each(CANDIDATES_MAX) if _has_contests(record) else ():
            if marked["ContestId"].text() == chosen.id:
                found.append(_marks(marked, chosen))  # noqa: PERF401 - three steps read better one by one
    if not found or not chosen.names:
        raise unknown(top.file, f"no record has the contest “{chosen.id}”")
    ranked = any(rank for marks in found for _, rank, _ in marks)
    papers = Gathering(top.file, len(chosen.names), keep_order)
    for marks in found:
        papers.add(_ranks(marks) if ranked else _figures(marks, len(chosen.names)), 1, 1)
    return papers.ballots(
        data, "nist-cvr", tuple(chosen.names), kind="ranks" if ranked else "figures", seats=chosen.seats,
        title=chosen.title,
    )  # fmt: skip


def _contests(top: Place) -> list[_Contest]:
    """The contests that the report describes, or those that its records name."""
    found: list[_Contest] = []
    for election in top["Election"].each(CANDIDATES_MAX) if top.has("Election") else ():
        people = {
            one["@id"].text(): _text(one["Name"])
            for one in (election["Candidate"].each(_POSITIONS_MAX) if election.has("Candidate") else ())
            if one.has("Name")
        }
        for contest in election["Contest"].each(_POSITIONS_MAX) if election.has("Contest") else ():
            made = _Contest(contest["@id"].text())
            made.title = contest["Name"].text() if contest.has("Name") else ""
            made.seats = contest["NumberElected"].whole(1, SEATS_MAX) if contest.has("NumberElected") else 0
            for one in (
                contest["ContestSelection"].each(CANDIDATES_MAX) if contest.has("ContestSelection") else ()
            ):
                made.learn(one["@id"].text(), _selection(one, people), one)
            found.append(made)
    if not found:
        ids = {
            marked["ContestId"].text()
            for record in top["CVR"].each()
            if _has_contests(record)
            for marked in _snapshot(record)["CVRContest"].each(CANDIDATES_MAX)
        }
        found = [_Contest(id_) for id_ in sorted(ids)]
    return found


def _chosen(contests: list[_Contest], contest: str | None, top: Place) -> _Contest:
    fitting = [one for one in contests if contest is None or contest in (one.id, one.title)]
    if len(fitting) != 1:
        known = ", ".join(one.id for one in contests[:10])
        raise unknown(top.file, f"it has {len(contests)} contests ({known}); name the one that is meant")
    return fitting[0]


def _selection(one: Place, people: dict[str, str]) -> str:
    """The name of a selection: its candidates' names, or what it says of itself."""
    if one.has("CandidateIds"):
        ids = [member.text() for member in one["CandidateIds"].each(20)]
        if ids:
            return " / ".join(people.get(id_, id_) for id_ in ids)
    if one.has("IsWriteIn") and one.value["IsWriteIn"] is True:
        return WRITE_IN
    for key in ("Selection", "Code"):
        if one.has(key) and isinstance(one.value[key], str):
            return one[key].text()
    return one["@id"].text()


def _text(name: Place) -> str:
    """A name that may stand in several languages: the first of them."""
    if isinstance(name.value, str):
        return name.text()
    first = name["Text"].each(100)
    return first[0]["Content"].text() if first else ""


def _has_contests(record: Place) -> bool:
    return _snapshot(record).has("CVRContest")


def _snapshot(record: Place) -> Place:
    snapshots = record["CVRSnapshot"].each(1000)
    if not snapshots:
        raise record.fault("a snapshot was expected")
    wanted = record.value.get("CurrentSnapshotId")
    current = next((one for one in snapshots if one.has("@id") and one.value["@id"] == wanted), snapshots[-1])
    if current.has("Type") and current.value["Type"] == "modified":
        return current
    return next((one for one in snapshots if one.has("Type") and one.value["Type"] == "original"), current)


def _marks(marked: Place, contest: _Contest) -> list[Mark]:
    found: list[Mark] = []
    for one in (
        marked["CVRContestSelection"].each(_POSITIONS_MAX) if marked.has("CVRContestSelection") else ()
    ):
        positions = one["SelectionPosition"].each(RANKS_MAX) if one.has("SelectionPosition") else []
        shown = [
            each for each in positions if each.has("HasIndication") and each.value["HasIndication"] == "yes"
        ]
        if not shown:
            continue
        id_ = one["ContestSelectionId"].text() if one.has("ContestSelectionId") else WRITE_IN
        candidate = contest.learn(id_, id_, one)
        for each in shown:
            rank = (one if one.has("Rank") else each).value.get("Rank")
            votes = each["NumberVotes"].whole(0, PAPERS_MAX) if each.has("NumberVotes") else 1
            if rank is not None:
                rank = (each if each.has("Rank") else one)["Rank"].whole(1, RANKS_MAX)
            found.append((candidate, rank or 0, votes))
    return found


def _ranks(marks: list[Mark]) -> tuple[tuple[int, ...], ...]:
    ranks: list[set[int]] = [set() for _ in range(max((rank for _, rank, _ in marks), default=0))]
    for candidate, rank, _ in marks:
        if rank:
            ranks[rank - 1].add(candidate)
    return tuple(tuple(sorted(rank)) for rank in ranks)


def _figures(marks: list[Mark], size: int) -> Figures:
    figures: list[int | None] = [None] * size
    for candidate, _, votes in marks:
        figures[candidate] = (figures[candidate] or 0) + votes
    return tuple(figures)
