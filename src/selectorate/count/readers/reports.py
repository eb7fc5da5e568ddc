"""What other programs publish beside the papers: a contest's own file, and a finished count.

RCTab's contest file (JSON) names candidates, aliases, seats, and how many ranks count: `read_contest`. RCTab's
summary and OpaVote's result (JSON) hold rounds and no papers: `read_report`. Neither is counted; a report is
compared with our sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from selectorate.count.fields import CANDIDATES_MAX, SEATS_MAX
from selectorate.count.readers.lines import RANKS_MAX, candidate_name, plain_title, unknown
from selectorate.count.readers.plain_json import Place, read_json
from selectorate.count.readers.tables import Contest

_ROUNDS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Round:
    """One round as reported: candidate -> votes, who was elected and who went out in it."""

    tally: tuple[tuple[str, Fraction], ...]
    elected: tuple[str, ...]
    excluded: tuple[str, ...]
    threshold: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """Another program's count of a contest."""

    format: str
    title: str
    seats: int
    candidates: tuple[str, ...]
    elected: tuple[str, ...]
    rounds: tuple[Round, ...]


def is_contest(top: Place) -> bool:
    return top.has("candidates") and (
        top.has("outputSettings") or top.has("cvrFileSources") or top.has("rules")
    )


def is_report(top: Place) -> bool:
    return (top.has("config") and top.has("results")) or (top.has("rounds") and top.has("candidates"))


def read_contest(data: bytes, name: str) -> Contest:
    """RCTab's contest file. Candidates who are marked as excluded have withdrawn.

    Raises Refusal `count.file`, `count.file.place`, `count.file.kind`.
    """
    top = Place(name, read_json(data, name))
    if not is_contest(top):
        raise unknown(name, "it is no contest file of RCTab (“candidates” and “rules”)")
    names: list[str] = []
    withdrawn: list[str] = []
    aliases: list[tuple[str, str]] = []
    for one in top["candidates"].each(CANDIDATES_MAX):
        names.append(candidate_name(one["name"].text(), name, 1, names))
        if one.has("excluded") and one.value["excluded"] is True:
            withdrawn.append(names[-1])
        spelled = [each.text() for each in one["aliases"].each(100)] if one.has("aliases") else []
        if one.has("code") and one.value["code"]:
            spelled.append(one["code"].text())
        aliases += [(each.strip(), names[-1]) for each in spelled]
    rules = top["rules"] if top.has("rules") else Place(name, {}, None, "rules")
    output = top["outputSettings"] if top.has("outputSettings") else Place(name, {}, None, "outputSettings")
    ranks = rules.value.get("maxRankingsAllowed", "max")
    return Contest(
        tuple(names),
        seats=_setting(rules, "numberOfWinners", SEATS_MAX) if rules.has("numberOfWinners") else 0,
        title=plain_title(output["contestName"].text()) if output.has("contestName") else "",
        withdrawn=tuple(withdrawn),
        ranks_max=RANKS_MAX if ranks == "max" else _setting(rules, "maxRankingsAllowed", RANKS_MAX),
        aliases=tuple(aliases),
    )


def _setting(rules: Place, key: str, most: int) -> int:
    """A whole number that these files write as a number or as text."""
    found = rules[key].number()
    if found.denominator != 1 or not 0 <= found <= most:
        raise rules[key].fault(f"a whole number up to {most} was expected")
    return int(found)


def read_report(data: bytes, name: str) -> Reported:
    """RCTab's summary or OpaVote's result. Raises Refusal `count.file`, `count.file.place`, `count.file.kind`."""
    top = Place(name, read_json(data, name))
    if not is_report(top):
        raise unknown(name, "it is neither a summary of RCTab nor a result of OpaVote")
    return _rctab(top) if top.has("config") else _opavote(top)


def _rctab(top: Place) -> Reported:
    rounds: list[Round] = []
    elected: list[str] = []
    for one in top["results"].each(_ROUNDS_MAX):
        tally = tuple((who, one["tally"][who].number()) for who in _keys(one["tally"]))
        happened = one["tallyResults"].each(CANDIDATES_MAX) if one.has("tallyResults") else []
        won = tuple(each["elected"].text() for each in happened if each.has("elected"))
        out = tuple(each["eliminated"].text() for each in happened if each.has("eliminated"))
        quota = one["threshold"].number() if one.has("threshold") else None
        rounds.append(Round(tally, won, out, quota))
        elected += won
    if not rounds:
        raise top["results"].fault("there is no round")
    config = top["config"]
    return Reported(
        "rctab", plain_title(config["contest"].text()) if config.has("contest") else "", len(elected),
        tuple(who for who, _ in rounds[0].tally), tuple(elected), tuple(rounds),
    )  # fmt: skip


def _keys(tally: Place) -> list[str]:
    if not isinstance(tally.value, dict) or len(tally.value) > CANDIDATES_MAX:
        raise tally.fault("candidates with their votes were expected")
    return [candidate_name(who, tally.file, 1, []) for who in tally.value]


def _opavote(top: Place) -> Reported:
    """OpaVote: candidates by position, votes as whole numbers of 10^-precision; winners are told cumulatively,
    losers in the round after."""
    names: list[str] = []
    for one in top["candidates"].each(CANDIDATES_MAX):
        names.append(candidate_name(one.text(), top.file, 1, names))
    unit = 10 ** (top["precision"].whole(0, 20) if top.has("precision") else 0)
    rounds: list[Round] = []
    won: list[int] = []
    for one in top["rounds"].each(_ROUNDS_MAX):
        counted = one["count"].each(CANDIDATES_MAX)
        if len(counted) != len(names):
            raise one["count"].fault(f"{len(names)} figures were expected")
        now = [each.whole(0, len(names) - 1) for each in one["winners"].each(CANDIDATES_MAX)]
        lost = [each.whole(0, len(names) - 1) for each in one["losers"].each(CANDIDATES_MAX)]
        tally = tuple((who, each.number() / unit) for who, each in zip(names, counted, strict=True))
        fresh = [each for each in now if each not in won]
        won += fresh
        quota = one["thresh"].number() / unit if one.has("thresh") else None
        rounds.append(Round(tally, tuple(names[at] for at in fresh), tuple(names[at] for at in lost), quota))
    seats = top["n_seats"].whole(0, SEATS_MAX) if top.has("n_seats") else len(won)
    title = plain_title(top["title"].text()) if top.has("title") else ""
    elected = tuple(names[at] for at in won)
    return Reported("opavote", title, seats, tuple(names), elected, tuple(rounds))
