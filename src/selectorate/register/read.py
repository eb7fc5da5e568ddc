"""A case file (TOML or JSON with the same keys) -> `Case`. The keys: docs/manual/cases.md."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any, Literal, cast

from selectorate.register.objects import Case, Evidence
from selectorate.rules import Appeal, Reply, Value
from selectorate.rules.faults import Faults, TomlLines, printable
from selectorate.rules.keys import Table
from selectorate.rules.read import BYTES_MAX, read_toml

EVIDENCE_MAX = 24
"""Items of evidence of one case: the search for independent ones looks at their subsets."""
SUMMARY_MAX = 4000
REASON_MAX = 300
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


def read_case(data: bytes, name: str) -> Case:
    """Read a case file; `name` is what to call it in a refusal.

    Raises Refusal `register.case` with all faults at once. Facts are typed later, against the rulebook.
    """
    faults = Faults(name, TomlLines(""))
    table = _read_json(data, faults) if data.lstrip()[:1] == b"{" else read_toml(data, faults)
    if table is None:
        raise faults.refusal("register.case")
    case = _case(Table(table, (), "", faults), faults)
    if faults.found:
        raise faults.refusal("register.case")
    return case


def _read_json(data: bytes, faults: Faults) -> dict[str, Any] | None:
    if len(data) > BYTES_MAX:
        faults.add((), "", f"it has {len(data)} bytes; at most {BYTES_MAX} are read.")
        return None
    try:
        table = json.loads(data.decode("utf-8"), object_pairs_hook=_no_twins)
    except (ValueError, RecursionError) as reason:
        faults.add((), "", f"it is not JSON: {printable(reason, 200)}.")
        return None
    return cast(dict[str, Any], table)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return table


def _case(top: Table, faults: Faults) -> Case:
    head = top.sub("case")
    sources = ("complaint", "request", "own initiative")
    source = cast(Literal["complaint", "request", "own initiative"], head.choice("source", sources))
    case = Case(
        id=head.text("id", most=60),
        decision=head.text("decision", most=32),
        subject=head.text("subject", most=200),
        opened=head.day("opened", required=True) or dt.date.min,
        source=source,
        brought_by=head.text("brought_by", "" if source == "own initiative" else None, most=200),
        facts=_facts(top, "facts"),
        evidence=_evidence(top, faults),
        notice_sent=head.day("notice_sent"),
        reply_by=head.day("reply_by"),
        reply=_reply(top),
        decided=head.day("decided"),
        deciders=head.texts("deciders", []),
        recusals=head.texts("recusals", []),
        outcome=head.text("outcome", "", most=100),
        appeal=_appeal(top),
    )
    head.done()
    top.done()
    return case


def _facts(table: Table, key: str) -> tuple[tuple[str, Value], ...]:
    if table.raw(key) is None:
        return ()
    facts = table.sub(key)
    for name, value in facts.table.items():
        if not isinstance(value, bool | int | str | dt.date) and value is not None:
            facts.fault(
                name,
                f"`{name}` is {printable(repr(value), 60)}; expected true or false, a number, text or date.",
            )
    return tuple(facts.table.items())


def _reply(top: Table) -> Reply | None:
    if top.raw("reply") is None:
        return None
    table = top.sub("reply")
    reply = Reply(
        table.day("received", required=True) or dt.date.min, table.text("summary", most=SUMMARY_MAX)
    )
    table.done()
    return reply


def _evidence(top: Table, faults: Faults) -> tuple[Evidence, ...]:
    rows = top.raw("evidence")
    if rows is None:
        return ()
    if not isinstance(rows, list) or len(rows) > EVIDENCE_MAX:
        top.fault("evidence", f"expected at most {EVIDENCE_MAX} tables headed [[evidence]].")
        return ()
    items = []
    for index, row in enumerate(rows):
        table = Table(row, ("evidence", index), f"evidence {index + 1}", faults)
        item = Evidence(
            id=table.text("id", most=60),
            kind=table.text("kind", most=200),
            independent_of=table.texts("independent_of", []),
            commitment=table.text("commitment", most=64),
            shown=table.day("shown"),
        )
        table.done()
        if item.commitment and not _HEX.fullmatch(item.commitment):
            table.fault("commitment", "`commitment` is the salted SHA-256 of the file: 64 digits 0-9, a-f.")
        items.append((table, item))
    ids = [item.id for _, item in items]
    for table, item in items:
        if ids.count(item.id) > 1:
            table.fault("id", f"`{item.id}` is the id of more than one item.")
        for other in item.independent_of:
            if other not in ids or other == item.id:
                table.fault("independent_of", f"`{printable(other, 60)}` is not the id of another item.")
    return tuple(item for _, item in items)


def _appeal(top: Table) -> Appeal | None:
    if top.raw("appeal") is None:
        return None
    table = top.sub("appeal")
    appeal = Appeal(
        lodged=table.day("lodged", required=True) or dt.date.min,
        decided=table.day("decided", required=True) or dt.date.min,
        deciders=table.texts("deciders"),
        facts=_facts(table, "facts"),
        outcome=table.text("outcome", "", most=100) or None,
        reason=table.text("reason", "", most=REASON_MAX),
        admitted_because=table.text("admitted_because", "", most=REASON_MAX),
    )
    table.done()
    return appeal
