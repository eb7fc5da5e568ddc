"""Papers in JSON: raire's, a plain list of ballots by name, a Belenios result, and bare rows of ranks.

raire: {"metadata": {"candidates": [...]}, "num_candidates": n, "votes": [{"n": 2, "prefs": [2, 0]}]}, positions
from 0. By name: {"candidates": [...], "ballots": [{"count": 2, "ranking": ["Ash", ["Elm", "Fir"]]}]}, also with
"papers" or "votes" for "ballots", and a ranking alone for a ballot. Belenios: {"result": [...]}, one entry for
each question; a question that was not added up homomorphically has one row of ranks (1 best, 0 none) for each
ballot. Bare rows are what `belenios-tool method` reads.
"""

from __future__ import annotations

from selectorate.count.ballots import Ballots
from selectorate.count.fields import CANDIDATES_MAX, PAPERS_MAX, SEATS_MAX
from selectorate.count.readers.lines import RANKS_MAX, Gathering, candidate_name, trimmed, unknown
from selectorate.count.readers.plain_json import Place

_BALLOTS = ("ballots", "papers", "votes")
_COUNT = ("count", "n", "number", "weight")
_RANKING = ("ranking", "prefs", "preferences", "ranks")


def is_raire(top: Place) -> bool:
    return top.has("votes") and top.has("metadata")


def read_raire(top: Place, data: bytes, *, keep_order: bool = False) -> Ballots:
    """raire's JSON. Raises Refusal `count.file.place`."""
    names = _names(top["metadata"]["candidates"])
    if top.has("num_candidates"):
        top["num_candidates"].whole(len(names), len(names))
    papers = Gathering(top.file, len(names), keep_order)
    for vote in top["votes"].each():
        prefs = [one.whole(0, len(names) - 1) for one in vote["prefs"].each(RANKS_MAX)]
        _add(papers, trimmed([(one,) for one in prefs]), vote["n"].whole(1, PAPERS_MAX), vote)
    title = top["metadata"]["contest"].text() if top["metadata"].has("contest") else ""
    return papers.ballots(data, "raire", tuple(names), title=title)


def is_by_name(top: Place) -> bool:
    return top.has("candidates") and any(top.has(key) for key in _BALLOTS)


def read_by_name(top: Place, data: bytes, *, keep_order: bool = False) -> Ballots:
    """Ballots by candidates' names. Raises Refusal `count.file.place`."""
    names = _names(top["candidates"])
    at = {one: place for place, one in enumerate(names)}
    papers = Gathering(top.file, len(names), keep_order)
    key = next(key for key in _BALLOTS if top.has(key))
    for ballot in top[key].each():
        number, ranking = 1, ballot
        if isinstance(ballot.value, dict):
            count = next((one for one in _COUNT if ballot.has(one)), None)
            number = ballot[count].whole(1, PAPERS_MAX) if count else 1
            ranking = ballot[next((one for one in _RANKING if ballot.has(one)), _RANKING[0])]
        ranks: list[tuple[int, ...]] = []
        for rank in ranking.each(RANKS_MAX):
            group = rank.each(CANDIDATES_MAX) if isinstance(rank.value, list) else [rank]
            if rank.value is None:
                group = []
            ranks.append(tuple(sorted({_known(one, at) for one in group})))
        _add(papers, trimmed(ranks), number, ballot)
    withdrawn = top["withdrawn"].each(CANDIDATES_MAX) if top.has("withdrawn") else []
    return papers.ballots(
        data, "ballots-json", tuple(names),
        seats=top["seats"].whole(0, SEATS_MAX) if top.has("seats") else 0,
        title=top["title"].text() if top.has("title") else "",
        withdrawn=tuple(names[_known(one, at)] for one in withdrawn),
    )  # fmt: skip


def is_belenios(top: Place) -> bool:
    rows = top.value
    bare = isinstance(rows, list) and bool(rows) and all(isinstance(row, list) for row in rows)
    return bare or (top.has("result") and isinstance(top.value["result"], list))


def read_belenios(
    top: Place, data: bytes, *, keep_order: bool, contest: str | None, names: tuple[str, ...] = ()
) -> Ballots:
    """The papers of one question. contest: its number from 1, where there are several with papers.

    names: of the choices, which a result does not hold; else "Choice 1", "Choice 2", ….
    Raises Refusal `count.file.place`, `count.file.kind`.
    """
    rows = _question(top, contest) if top.has("result") else top
    width = len(rows.each()[0].each(CANDIDATES_MAX)) if rows.value else 0
    if not width or (names and len(names) != width):
        raise unknown(top.file, f"its rows have {width} ranks, and {len(names)} choices are named")
    papers = Gathering(top.file, width, keep_order)
    for row in rows.each():
        cells = [cell.whole(0, RANKS_MAX) for cell in row.each(CANDIDATES_MAX)]
        if len(cells) != width:
            raise row.fault(f"{len(cells)} ranks stand where {width} were expected")
        ranks: list[tuple[int, ...]] = [()] * max(cells)
        for at, rank in enumerate(cells):
            if rank:
                ranks[rank - 1] = (*ranks[rank - 1], at)
        _add(papers, tuple(ranks), 1, row)
    return papers.ballots(data, "belenios", names or tuple(f"Choice {at + 1}" for at in range(width)))


def _question(top: Place, contest: str | None) -> Place:
    """The rows of the question that is meant, or of the only one that has rows."""
    questions = top["result"].each(CANDIDATES_MAX)
    ranked = [one for one in questions if isinstance(one.value, list) and one.value and _is_row(one.value[0])]
    if contest is not None:
        asked = int(contest) if contest.isascii() and contest.isdigit() and len(contest) < 5 else 0
        ranked = (
            [one for one in ranked if one is questions[asked - 1]] if 1 <= asked <= len(questions) else []
        )
    if len(ranked) != 1:
        raise unknown(
            top.file,
            f"{len(ranked)} of its {len(questions)} questions have one row for each ballot; name one of them "
            "by its number (a question that was added up holds sums and no papers)",
        )
    return ranked[0]


def _is_row(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(type(one) is int for one in value)


def _names(listed: Place) -> list[str]:
    names: list[str] = []
    for one in listed.each(CANDIDATES_MAX):
        names.append(candidate_name(one.text(), one.file, 1, names))
    if not names:
        raise listed.fault("no candidate is named")
    return names


def _known(one: Place, at: dict[str, int]) -> int:
    found = at.get(one.text().strip())
    if found is None:
        raise one.fault(f"“{one.text()[:40]}” is none of the {len(at)} candidates")
    return found


def _add(papers: Gathering, marks: tuple[tuple[int, ...], ...], number: int, place: Place) -> None:
    if papers.total + number > PAPERS_MAX:
        raise place.fault(f"there are more than {PAPERS_MAX} papers")
    papers.add(marks, number, 1)
