"""A statement of reasons for one member: each fact looked at with its source and date, each clause as met, not
met or not known, what to do, until when, and to whom.

The fields are those that a statement of reasons needs to be answered (compare Article 17 of Regulation (EU)
2022/2065): the decision and its scope, the facts, the rule with its explanation, whether a machine decided, and
the ways to contest it. The decisive clause stands first; "not met" and "not known" are worded apart, because the
cure for the one misleads where a fact is merely missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from selectorate.roll.facts import KNOWN, covered, events_sql, told_days
from selectorate.roll.keeping import Part
from selectorate.rules.calendar import FIRST_DAY
from selectorate.rules.history.asat import day_of_knowledge
from selectorate.rules.history.coverage import Span, untold
from selectorate.rules.reasons import appeal_sentence, shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from selectorate.rules import Clause, Decision, Finding, Rulebook
    from selectorate.rules.history.readings import Reading

MET, NOT_MET, NOT_KNOWN = "met", "not met", "not known"
OUTCOMES = {
    "eligible": "You may vote in this election.",
    "not eligible": "You may not vote in this election, for the reasons below.",
    "ask": "We cannot say yet whether you may vote. Nothing is decided against you; we are asking you first.",
}
BY_RULES = (
    "A program compared these facts with the rules, in the same way for everyone. No finding and no score had a "
    "part in it. If you appeal, people decide."
)
Source = tuple[str, str]
"""Where a fact was read, and the day that it is of (ISO, or "")."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One fact that was looked at: its name, what it means, its value in words, where and when it was read."""

    fact: str
    means: str
    value: str
    source: str
    as_at: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One clause. verdict: "met", "not met" or "not known"; todo: what the member can do, "" where nothing."""

    clause: str
    cite: str
    verdict: str
    says: str
    looked_at: tuple[Looked, ...]
    todo: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A decision about one member, ready to be told. Dates are ISO, "" where unknown. Private."""

    member: str
    organisation: str
    version: str
    decided: str
    outcome: str
    says: str
    reasons: tuple[Reason, ...]
    appeal: str
    appeal_to: str
    appeal_until: str

    @property
    def title(self) -> str:
        return f"Member {self.member}: your place on the roll of {self.organisation}"

    def to_json(self) -> dict[str, Any]:
        return {
            "member": self.member,
            "organisation": self.organisation,
            "version": self.version,
            "decided": self.decided,
            "outcome": self.outcome,
            "says": self.says,
            "reasons": [
                {
                    "clause": one.clause,
                    "cite": one.cite,
                    "verdict": one.verdict,
                    "says": one.says,
                    "todo": one.todo,
                    "looked_at": [
                        {
                            "fact": fact.fact,
                            "means": fact.means,
                            "value": fact.value,
                            "source": fact.source,
                            "as_at": fact.as_at,
                        }
                        for fact in one.looked_at
                    ],
                }
                for one in self.reasons
            ],
            "appeal": self.appeal,
            "appeal_to": self.appeal_to,
            "appeal_until": self.appeal_until,
        }

    def parts(self) -> tuple[Part, ...]:
        """The statement as parts of a page or a letter."""
        on = f" Decided on {day(self.decided)}." if self.decided else ""
        made = [Part(self.says, (f"Rulebook of {self.organisation}, version {self.version}.{on}",))]
        for one in self.reasons:
            said = [one.says, *([f"What you can do: {one.todo}"] if one.todo else [])]
            rows = tuple((f.means or f.fact, f.value, f.source, day(f.as_at)) for f in one.looked_at)
            header = ("What we looked at", "What it says", "Where it stands", "As at")
            title = f"{one.clause} ({one.cite}): {one.verdict}"
            made.append(Part(title, tuple(said), (header, *rows) if rows else ()))
        made.append(Part("If you think that this is wrong", (self.appeal, BY_RULES)))
        return tuple(made)


def changed(made: Statement, outcome: str) -> tuple[Part, ...]:
    """What stands first where it is otherwise now than it was decided: nobody should stop reading at the old answer."""
    if outcome == made.outcome:
        return ()
    old = f"the decision of {day(made.decided)}" if made.decided else "the first decision"
    text = f"This has changed. Below stands {old} with its reasons, and at the end what happened since."
    return (Part(f"As it stands now: {OUTCOMES[outcome].partition(',')[0].rstrip('.')}.", (text,)),)


def statement(
    rulebook: Rulebook, decision: Decision, decided: date | None, known: Mapping[str, Source]
) -> Statement:
    """The statement for a decision of `Rulebook.eligibility`. known: per fact, see `sources`; a fact that is
    not among them is shown with the source that the rulebook names and no date."""
    clauses = {clause.id: clause for clause in rulebook.clauses}
    ranked = sorted(decision.findings, key=lambda finding: _rank(finding, clauses[finding.clause]))
    return Statement(
        member=decision.subject,
        organisation=rulebook.organisation,
        version=decision.version,
        decided="" if decided is None else decided.isoformat(),
        outcome=decision.outcome,
        says=OUTCOMES[decision.outcome],
        reasons=tuple(_reason(rulebook, clauses[one.clause], one, known) for one in ranked),
        appeal=appeal_sentence(rulebook, decision),
        appeal_to=rulebook.appeal.to,
        appeal_until="" if decision.appeal_until is None else decision.appeal_until.isoformat(),
    )


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a member as it was read. row: None where no file has a row of it (a payment)."""

    kind: str
    on: date | None
    recorded: date
    source: str
    row: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member stands in the lists. paid_to: end of the paid period as listed; paid_on: day of the last
    payment; events: those that the rulebook reads, by day; covered: kind of event -> files, of the whole roll;
    told: the days of which these tell."""

    source: str
    row: int
    paid_to: date | None
    paid_on: date | None
    events: tuple[Happened, ...]
    covered: Mapping[str, tuple[str, ...]]
    told: Mapping[str, tuple[Span, ...]]


ADDRESS = ("name", "address_1", "address_2", "locality", "postcode", "country", "email", "branch")
_PLACED = f"""
WITH ledger AS (SELECT member_id, max(paid_on) AS paid_on FROM payments
  WHERE paid_on <= $freeze AND amount >= 0 AND ($member = '' OR member_id = $member) GROUP BY member_id),
told AS (%s)
SELECT m.member_id, m.source, m."row", m.paid_to, l.paid_on, t.told, {", ".join("m." + name for name in ADDRESS)}
FROM members m LEFT JOIN ledger l USING (member_id) LEFT JOIN told t USING (member_id)
WHERE $member = '' OR m.member_id = $member ORDER BY m.member_id
"""  # noqa: S608 - our own names
_TOLD = """
SELECT member_id, list([kind, on_day::VARCHAR, recorded::VARCHAR, source, "row"::VARCHAR]
  ORDER BY on_day, recorded, seq) AS told
FROM (%s) WHERE kind IN (SELECT unnest($kinds)) AND ($member = '' OR member_id = $member) GROUP BY member_id
"""
_NOTHING_TOLD = "SELECT '' AS member_id, NULL AS told WHERE len($kinds) > 0"


def placed(
    engine: DuckDBPyConnection, rulebook: Rulebook, member: str = ""
) -> Iterator[tuple[str, Place, tuple[str | None, ...]]]:
    """(number, place, what ADDRESS names) of everybody on the roll, in the order of the decisions; of one member
    alone where a number is given."""
    kinds = sorted(set(_kinds(rulebook)))
    told = _TOLD % events_sql(engine) if kinds else _NOTHING_TOLD
    known, days = (covered(engine), told_days(engine)) if kinds else ({}, {})
    values = {"freeze": rulebook.day("freeze"), "member": member, "kinds": kinds}
    found = engine.cursor().execute(_PLACED % told, values)
    while lines := found.fetchmany(10_000):
        for number, source, row, paid_to, paid_on, events, *address in lines:
            happened = tuple(_happened(*event) for event in events or ())
            yield number, Place(source, row, paid_to, paid_on, happened, known, days), tuple(address)


def _kinds(rulebook: Rulebook) -> Iterator[str]:
    """Every kind of event that a fact of the rulebook is read from."""
    spells = {spell.id: spell for spell in rulebook.spells}
    for fact in rulebook.facts:
        if fact.reads is not None:
            yield from fact.reads.kinds(spells)


def _happened(kind: str, on: str | None, recorded: str, source: str | None, row: str | None) -> Happened:
    day_true = None if on is None else date.fromisoformat(on)
    return Happened(
        kind, day_true, date.fromisoformat(recorded), source or "", None if row is None else int(row)
    )


def sources(
    rulebook: Rulebook, place: Place | None, facts: Sequence[str], read_on: date | None
) -> dict[str, Source]:
    """Where each fact was read: file and row of the list as imported on `read_on`; for what is owed the last
    payment, or the end of the paid period that the list gives; for what is read from events their files and
    rows, and the day as at which they are read. A fact that no list gives is left out, and so is everything
    where the place is not known."""
    if place is None:
        return {}
    listed = (f"{place.source}, row {place.row}", "" if read_on is None else read_on.isoformat())
    known: dict[str, Source] = {}
    for name in facts:
        fact = rulebook.fact_of[name]
        if fact.reads is not None:
            known[name] = (_read_in(rulebook, fact.reads, place), rulebook.day(fact.reads.as_at).isoformat())
        elif name not in KNOWN:
            continue
        elif fact.source != "ledger":
            known[name] = listed
        elif place.paid_on is not None:
            known[name] = ("the payments; your last one is of that day", place.paid_on.isoformat())
        elif place.paid_to is not None:
            known[name] = (f"{listed[0]}: paid until that day", place.paid_to.isoformat())
        else:
            known[name] = ("neither a payment nor a paid period was found", listed[1])
    return known


ROWS_MAX = 6
"""No more rows of one file are named: the last ones in it."""


def _read_in(rulebook: Rulebook, reading: Reading, place: Place) -> str:
    """The files and rows of the events that a reading looked at, or that there was nothing to look at."""
    spells = {spell.id: spell for spell in rulebook.spells}
    kinds = reading.kinds(spells)
    if missing := [kind for kind in kinds if kind not in place.covered]:
        return f"no list that was read tells of this ({', '.join(missing).replace('_', ' ')})"
    day, by = rulebook.day(reading.as_at), day_of_knowledge(rulebook, None)
    looked = [
        one
        for one in place.events
        if one.kind in kinds and one.recorded <= by and (one.on is None or one.on <= day)
    ]
    if not looked:
        files = sorted({source for kind in kinds for source in place.covered[kind]}) or [place.source]
        return f"{' and '.join(files)}: nothing of this about you{_only(place, kinds, day)}"
    rows: dict[str, list[int]] = {}
    for one in looked:
        at = rows.setdefault(one.source or "the payments", [])
        if one.row is not None:
            at.append(one.row)
    return "; ".join(_rows(source, sorted(at)) for source, at in rows.items()) + _only(place, kinds, day)


def _only(place: Place, kinds: Sequence[str], day: date) -> str:
    """The days of which the files do not tell, where there are such days."""
    gap = untold(place.told, kinds, day)
    if gap is None:
        return ""
    since = f"from {shown(gap.first)} " if gap.first > FIRST_DAY else ""
    return f"; nothing was read of some days {since}up to {shown(gap.last)}"


def _rows(source: str, at: Sequence[int]) -> str:
    if not at:
        return source
    shown_, more = at[-ROWS_MAX:], len(at) - ROWS_MAX
    listed = ", ".join(str(row) for row in shown_)
    return f"{source}, row{'s' if len(at) > 1 else ''} {listed}{f' and {more} more' if more > 0 else ''}"


def _rank(finding: Finding, clause: Clause) -> int:
    if finding.holds is False:
        return 0 if clause.otherwise == "not eligible" else 1
    return 2 if finding.holds is None else 3


def _reason(rulebook: Rulebook, clause: Clause, finding: Finding, known: Mapping[str, Source]) -> Reason:
    until = shown(rulebook.day("appeals_end"))
    if finding.holds and clause.applies is not None and clause.applies.holds(dict(finding.because)) is False:
        verdict, says, todo = MET, "This rule is not about you.", ""
    elif finding.holds:
        verdict, says, todo = MET, clause.says, ""
    elif finding.holds is None:
        verdict = NOT_KNOWN
        asks = clause.says_unknown or f"The rule asks for this: {clause.says}"
        says = f"We could not find out. {asks}"
        todo = f"Tell us, with something that shows it, by {until}."
    else:
        verdict = NOT_MET
        says = clause.says_not or f"On what we have, this is not so: {clause.says}"
        todo = with_days(rulebook, clause.cure)
        if clause.otherwise == "ask":
            says = f"{says} A person asks you before anything is decided."
    looked = []
    for name, value in finding.because:
        fact = rulebook.fact_of[name]
        where, as_at = known.get(name, (f"the {fact.source}", ""))
        looked.append(Looked(name, fact.means, shown(value), where, as_at))
    return Reason(clause.id, clause.cite, verdict, says, tuple(looked), todo)


def with_days(rulebook: Rulebook, text: str) -> str:
    """A sentence of the rulebook with the days of its timetable filled in."""
    for name, when in rulebook.timetable:
        text = text.replace("{" + name + "}", shown(when))
    return text


def day(iso: str) -> str:
    """An ISO day in words, as 1 March 2027; "" stays empty."""
    return shown(date.fromisoformat(iso)) if iso else ""
