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

from selectorate.roll.facts import KNOWN
from selectorate.roll.keeping import Part
from selectorate.rules.reasons import appeal_sentence, shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from selectorate.rules import Clause, Decision, Finding, Rulebook

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
        made = [Part(self.says, (f"Rulebook of {self.organisation}, version {self.version}.",))]
        for one in self.reasons:
            said = [one.says, *([f"What you can do: {one.todo}"] if one.todo else [])]
            rows = tuple((f.means or f.fact, f.value, f.source, day(f.as_at)) for f in one.looked_at)
            header = ("What we looked at", "What it says", "Where it stands", "As at")
            title = f"{one.clause} ({one.cite}): {one.verdict}"
            made.append(Part(title, tuple(said), (header, *rows) if rows else ()))
        made.append(Part("If you think that this is wrong", (self.appeal, BY_RULES)))
        return tuple(made)


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


_KNOWN = """
WITH ledger AS (SELECT member_id, max(paid_on) AS paid_on FROM payments
  WHERE paid_on <= $freeze AND amount >= 0 AND ($member = '' OR member_id = $member) GROUP BY member_id)
SELECT m.member_id, m.source, m."row", m.paid_to, l.paid_on
FROM members m LEFT JOIN ledger l USING (member_id) WHERE $member = '' OR m.member_id = $member
"""
Places = tuple[str, int, date | None, date | None]
"""Where a member stands in the lists: file, row, end of the paid period as listed, day of the last payment."""


def places(engine: DuckDBPyConnection, freeze: date, member: str = "") -> dict[str, Places]:
    """Where each member stands in the lists as imported; one member alone where a number is given."""
    found = engine.cursor().execute(_KNOWN, {"member": member, "freeze": freeze}).fetchall()
    return {number: (source, row, paid_to, paid_on) for number, source, row, paid_to, paid_on in found}


ADDRESS = ("name", "address_1", "address_2", "locality", "postcode", "country", "email", "branch")
_ADDRESSED = f"""
WITH ledger AS (SELECT member_id, max(paid_on) AS paid_on FROM payments
  WHERE paid_on <= $freeze AND amount >= 0 GROUP BY member_id)
SELECT m.member_id, m.source, m."row", m.paid_to, l.paid_on, {", ".join("m." + name for name in ADDRESS)}
FROM members m LEFT JOIN ledger l USING (member_id) ORDER BY m.member_id
"""  # noqa: S608 - our own names


def addressed(
    engine: DuckDBPyConnection, freeze: date
) -> Iterator[tuple[str, Places, tuple[str | None, ...]]]:
    """(number, place, what ADDRESS names) of everybody on the roll, in the order of the decisions."""
    found = engine.cursor().execute(_ADDRESSED, {"freeze": freeze})
    while lines := found.fetchmany(10_000):
        for number, source, row, paid_to, paid_on, *address in lines:
            yield number, (source, row, paid_to, paid_on), tuple(address)


def sources(
    rulebook: Rulebook, place: Places | None, facts: Sequence[str], read_on: date | None
) -> dict[str, Source]:
    """Where each fact was read: file and row of the list as imported on `read_on`; for what is owed the last
    payment, or the end of the paid period that the list gives. A fact that no list gives is left out, and so
    is everything where the place is not known."""
    if place is None:
        return {}
    source, row, paid_to, paid_on = place
    listed = (f"{source}, row {row}", "" if read_on is None else read_on.isoformat())
    known: dict[str, Source] = {}
    for name in facts:
        fact = rulebook.fact_of[name]
        if name not in KNOWN and fact.reads is None:
            continue
        if fact.source != "ledger":
            known[name] = listed
        elif paid_on is not None:
            known[name] = ("the payments; your last one is of that day", paid_on.isoformat())
        elif paid_to is not None:
            known[name] = (f"{source}, row {row}: paid until that day", paid_to.isoformat())
        else:
            known[name] = ("neither a payment nor a paid period was found", listed[1])
    return known


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
