"""What the roll holds about one member, for that member to read: everything of theirs, nobody else made out.

Others appear only as numbers of homes or records ("an account that also paid for 12 other homes"). Tokens are
named by what they are for and never shown: they are of use to nobody without the key, and identify others with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse
from selectorate.roll.keeping import Part
from selectorate.roll.keeping.statement import day
from selectorate.roll.signals import KINDS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LABELS: Mapping[str, str] = {
    "member_id": "Number", "name": "Name", "born_on": "Date of birth", "joined_on": "Joined", "paid_to": "Paid until",
    "suspended": "Suspended", "status": "Standing", "status_by_hand": "Standing set by hand",
    "membership_type": "Kind of membership", "branch": "Branch", "weight": "Votes carried", "email": "E-mail",
    "phone": "Telephone", "address_1": "Address, first line", "address_2": "Address, second line",
    "locality": "Town", "region": "Region", "postcode": "Postcode", "country": "Country", "language": "Language",
    "source": "Read from the file", "row": "In its row", "name_words": "Name as compared",
}  # fmt: skip
_APART = frozenset(("household",))
_KINDS = {"phone": "telephone", "email": "e-mail", "payer": "account"}
_OWN_TABLES = frozenset(("members", "payments", "events", "tokens"))
_OTHERS_PAID = """
SELECT p.paid_on, p.amount, p.method, p.payer IS NOT NULL,
  (SELECT count(DISTINCT o.household) FROM payments q JOIN members o USING (member_id)
   WHERE q.payer = p.payer AND o.household <> m.household)
FROM payments p JOIN members m USING (member_id) WHERE p.member_id = $member ORDER BY p.paid_on, p.amount
"""
_EVENTS = """
SELECT e.kind, e.on_day, e.recorded, e.value, e.before, e.actor IS NOT NULL,
  (SELECT count(DISTINCT o.member_id) FROM events o
   WHERE o.actor = e.actor AND o.kind = e.kind AND o.member_id <> e.member_id)
FROM events e WHERE e.member_id = $member ORDER BY e.on_day, e.kind, e.value
"""
_SHARED = """
SELECT t.kind, (SELECT count(DISTINCT o.member_id) FROM tokens o
  WHERE o.kind = t.kind AND o.token = t.token AND o.member_id <> t.member_id)
FROM tokens t WHERE t.member_id = $member ORDER BY t.kind
"""
_HOME = """
SELECT count(*) FROM members o JOIN members m ON o.household = m.household
WHERE m.member_id = $member AND o.member_id <> m.member_id
"""
_FURTHER = """
SELECT table_name, list(column_name ORDER BY ordinal_position) FROM information_schema.columns
WHERE data_type IN ('DATE', 'BOOLEAN', 'BIGINT', 'INTEGER', 'TIMESTAMP') OR column_name = 'member_id'
GROUP BY table_name HAVING list_contains(list(column_name), 'member_id') ORDER BY 1
"""


def held(engine: DuckDBPyConnection, member: str) -> tuple[Part, ...]:
    """The record, the payments and the tokens of one member. Raises Refusal `roll.member` for no such number."""
    run = engine.cursor()
    found = run.execute("SELECT * FROM members WHERE member_id = $member", {"member": member})
    titles = [column[0] for column in found.description or ()]
    lines = found.fetchall()
    if not lines:
        raise refuse("roll.member", member=member)
    rows = [
        (LABELS.get(title, title), _said(value))
        for title, value in zip(titles, lines[0], strict=True)
        if title not in _APART and value not in (None, "")
    ]
    (others,) = run.execute(_HOME, {"member": member}).fetchall()[0]
    home = "Nobody else on the roll has your address or household." if not others else (
        f"{_people(others)} on the roll {'has' if others == 1 else 'have'} your address, or one household with you."
    )  # fmt: skip
    parts = [
        Part("Your record", (home,), (("Field", "What is held"), *rows)),
        *_payments(run, member),
        *_events(run, member),
    ]
    shared = run.execute(_SHARED, {"member": member}).fetchall()
    if shared:
        said = tuple((_KINDS.get(kind, kind), _alone(number)) for kind, number in shared)
        text = (
            "So that records can be compared without showing what stands in them, the roll holds keyed values of "
            "these. They cannot be turned back without the key, and are destroyed with it."
        )
        parts.append(Part("Values for comparison", (text,), (("Of your", "Who else has the same"), *said)))
    return (*parts, *_further(run, member))


def _payments(run: DuckDBPyConnection, member: str) -> list[Part]:
    rows = []
    for paid_on, amount, method, known, homes in run.execute(_OTHERS_PAID, {"member": member}).fetchall():
        account = "not recorded" if not known else "paid for nobody outside your home"
        if known and homes:
            account = f"an account that also paid for {homes} other {'home' if homes == 1 else 'homes'}"
        rows.append((_said(paid_on), _money(amount), method or "", account))
    head = ("Day", "Amount", "Way", "Paid from")
    return [Part("Your payments", (), (head, *rows))] if rows else [Part("Your payments", ("None is held.",))]


def _events(run: DuckDBPyConnection, member: str) -> list[Part]:
    """What happened to the membership; whoever keyed it in, collected or recruited is told by a number only."""
    rows = []
    for kind, on, recorded, value, before, known, others in run.execute(
        _EVENTS, {"member": member}
    ).fetchall():
        through = "not recorded" if not known else "somebody who did this for nobody else"
        if known and others:
            through = (
                f"somebody who also did this for {others:,} other {'member' if others == 1 else 'members'}"
            )
        rows.append((_said(on), kind.replace("_", " "), value or "", before or "", _said(recorded), through))
    head = ("Day", "What happened", "To", "Before", "Noted on", "Through")
    return [Part("What happened to your membership", (), (head, *rows))] if rows else []


def _further(run: DuckDBPyConnection, member: str) -> list[Part]:
    """Tables that other imports made: days, numbers and yes or no of this member; texts could name others."""
    parts = []
    for table, columns in run.execute(_FURTHER).fetchall():
        if table in _OWN_TABLES:
            continue
        names = [name for name in columns if name != "member_id"]
        wanted = ", ".join(f'"{name}"' for name in names) or "1"
        lines = run.execute(f'SELECT {wanted} FROM "{table}" WHERE member_id = $member', {"member": member})  # noqa: S608
        rows = [tuple(_said(value) for value in line) for line in lines.fetchall()]
        if rows:
            parts.append(Part(f"Further entries: {table}", (), (tuple(names or ["entry"]), *rows)))
    return parts


def links_of(
    member: str, links: Sequence[Mapping[str, Any]], resolved: Mapping[tuple[str, str], Mapping[str, Any]]
) -> tuple[Part, ...]:
    """Possible duplicates that concern the member, and what a human found about each; neither the other record
    nor the reason is told, because its words may name the other person."""
    rows = []
    for one in links:
        if member in (one["left"], one["right"]):
            known = resolved.get((one["left"], one["right"]))
            found = "both persons are asked" if known is None else f"{known['answer']}, on {day(known['on'])}"
            rows.append((str(one["because"]), "; ".join(one.get("evidence", ())), found))
    if not rows:
        return ()
    text = "Another record on the roll may be yours, entered twice, or somebody else's. Nothing was merged."
    head = ("What agrees", "Beside it", "What was found")
    return (Part("Possibly the same person", (text,), (head, *rows)),)


def findings_of(member: str, findings: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    """Findings that touch the member, as one of those concerned may read them."""
    parts = []
    for one in findings:
        if member not in one["members"]:
            continue
        others = max(0, int(one["households"]) - 1)
        seen = (
            f"Seen from {day(one['first'])} to {day(one['last'])}, together with members in {others} other "
            f"{'home' if others == 1 else 'homes'}. {one['expected']}"
        )
        innocent = f"It may be quite innocent: {'; '.join(one['innocent'])}."
        against = f"What does not fit it: {'; '.join(one['against'])}."
        parts.append(
            Part(
                f"A finding ({one['urgency']}): {KINDS.get(one['kind'], one['kind'])}",
                (seen, innocent, against, "A finding excludes nobody."),
            )
        )
    return tuple(parts)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value.isoformat()[:10])
    return "" if value is None else str(value)


def _money(amount: int | None) -> str:
    if amount is None:
        return ""
    sign, amount = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{amount // 100}.{amount % 100:02}"


def _people(number: int) -> str:
    return "One other person" if number == 1 else f"{number:,} other people"


def _alone(number: int) -> str:
    return "nobody else" if not number else f"{number:,} other {'record' if number == 1 else 'records'}"
