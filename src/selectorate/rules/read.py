"""A rulebook file -> `Rulebook`, or one refusal with every fault in it. The dialect:
docs/formats/rulebook.md."""

from __future__ import annotations

import datetime as dt
import keyword
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, Literal, cast

from selectorate.errors import refuse
from selectorate.rules.calendar import read_timetable
from selectorate.rules.expression import (
    Amount,
    Condition,
    Scope,
    Unfit,
    compile_amount,
    compile_condition,
    where,
)
from selectorate.rules.faults import Faults, TomlLines, printable, suggestion
from selectorate.rules.forbidden import forbidden_name, forbidden_text
from selectorate.rules.history.readings import Spell
from selectorate.rules.history.written import read_known_by, read_reading, read_spell
from selectorate.rules.keys import Table
from selectorate.rules.objects import (
    ELIGIBILITY,
    NOT_READY,
    SMALLEST_TALLY,
    VOTE,
    AppealTerms,
    Clause,
    DecisionRule,
    Fact,
    Right,
    Rulebook,
)
from selectorate.rules.parts import read_contest, read_gap, read_proxy
from selectorate.rules.weights import Weight

BYTES_MAX = 256 * 1024
TABLES_MAX = 200
"""Facts, clauses, contests and decisions that are read, each."""
SOURCES = ("roll", "ledger", "register", "case")

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}", re.ASCII)
_FACT = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def load(data: bytes, name: str, methods: Iterable[str] | None = None) -> Rulebook:
    """Read a rulebook.

    data: the bytes of the file; name: what to call it in a refusal; methods: the ids of the known counting
    rule sets, where the caller has them (a contest that names another is then refused).
    Raises Refusal `rules.rulebook` with all faults at once.
    """
    faults = Faults(name, TomlLines(""))
    table = read_toml(data, faults)
    if table is None:
        raise faults.refusal("rules.rulebook")
    reader = _Reader(table, faults, None if methods is None else tuple(methods))
    rulebook = reader.rulebook(data)
    if faults.found:
        raise faults.refusal("rules.rulebook")
    return rulebook


def read_toml(data: bytes, faults: Faults) -> dict[str, Any] | None:
    """The tables of a TOML file, with `faults.lines` set for it; None and a fault where it is not TOML at
    all."""
    if len(data) > BYTES_MAX:
        faults.add((), "", f"it has {len(data)} bytes; at most {BYTES_MAX} are read.")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as reason:
        line = data[: reason.start].count(b"\n") + 1
        faults.add((), "", f"line {line} is not UTF-8 text. Save the file as UTF-8.")
        return None
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as reason:
        says = "it is nested too deeply" if isinstance(reason, RecursionError) else str(reason)
        faults.add((), "", f"it is not TOML: {says}.")
        return None
    faults.lines = TomlLines(text)
    return table


class _Reader:
    """One file on its way to a rulebook: facts and timetable first, because every test names them."""

    def __init__(self, table: dict[str, Any], faults: Faults, methods: tuple[str, ...] | None) -> None:
        self.top = Table(table, (), "", faults)
        self.faults = faults
        self.methods = methods
        self.scope = Scope({}, {}, {})
        self.rights: tuple[Right, ...] = ()
        self.broken: set[str] = set()
        """Facts whose declaration has a fault: a test that names one is not judged on top."""

    def rulebook(self, source: bytes) -> Rulebook:
        head = self.top.sub("rulebook")
        organisation, version = head.text("organisation", most=200), head.text("version", most=60)
        adopted, never_use = head.text("adopted", most=300), head.texts("never_use", [])
        head.done()
        self.scope = Scope({}, {}, {}, never_use)
        facts = self._facts()
        days = self._timetable(facts)
        self.scope = Scope(
            {fact.name: fact.type for fact in facts},
            {fact.name: fact.one_of for fact in facts if fact.type == "text"},
            days,
            never_use,
        )
        spells, known_by = self._history(facts, days)
        gaps = self._each("gap", lambda row: read_gap(row, self._id(row), days))
        self.rights = self._each("right", self._right)
        every = self._each("eligible", self._clause)
        rights = self._with_clauses(self.rights, every)
        clauses = rights[0].clauses
        weights = self._weights()
        proxy = read_proxy(self.top.sub("proxy"), days) if "proxy" in self.top.table else None
        terms = self.top.sub("appeal")
        appeal = AppealTerms(terms.text("to", most=200), terms.whole("days", 1, 365))
        terms.done()
        contests = self._each("contest", lambda row: read_contest(row, self._id(row), self.methods))
        decisions = self._each("decision", self._decision)
        floor = self._smallest_tally()
        self.top.done()
        self._different_ids("contest", [contest.id for contest in contests])
        self._ids_differ(
            ("eligible", [clause.id for clause in every]),
            ("decision", [rule.id for rule in decisions]),
            ("right", [right.id for right in self.rights if right.id != VOTE]),
            ("gap", [gap.id for gap in gaps]),
            ("weight", [weight.id for weight in weights]),
        )
        return Rulebook(
            source=source,
            organisation=organisation,
            version=version,
            adopted=adopted,
            never_use=never_use,
            facts=facts,
            timetable=tuple(days.items()),
            clauses=clauses,
            appeal=appeal,
            contests=contests,
            decisions=decisions,
            smallest_tally=floor,
            fact_of={fact.name: fact for fact in facts},
            eligibility_facts=rights[0].facts,
            rights=rights,
            gaps=gaps,
            spells=spells,
            known_by=known_by,
            weights=weights,
            proxy=proxy,
        )

    def _smallest_tally(self) -> int:
        """`[poll] smallest_tally`, or what holds where the rulebook says nothing."""
        poll = Table(self.top.raw("poll") or {}, ("poll",), "", self.faults)
        floor = poll.whole("smallest_tally", 2, 1000, SMALLEST_TALLY)
        poll.done()
        return floor

    def _facts(self) -> tuple[Fact, ...]:
        table = self.top.sub("facts")
        if len(table.table) > TABLES_MAX:
            self.faults.add(
                ("facts",), "facts", f"{len(table.table)} facts are declared; at most {TABLES_MAX} are read."
            )
            return ()
        facts = [self._fact(name, table) for name in table.table]
        return tuple(fact for fact in facts if fact is not None)

    def _fact(self, name: str, table: Table) -> Fact | None:
        reason = self._judge(name)
        if reason:
            table.raw(name)
            table.where = "facts"
            table.fault(name, f"`{printable(name, 60)}` may not be declared: it {reason}.")
            return None
        if not _FACT.fullmatch(name) or name in ("true", "false", "months", "days"):
            table.fault(
                name, f"`{printable(name, 60)}` is not a name for a fact: small letters, digits and _."
            )
            return None
        if keyword.iskeyword(name):
            says = (
                f"`{name}` cannot stand in a test, whose syntax keeps that word; write `member_{name}`, say."
            )
            table.fault(name, says)
            return None
        before = len(self.faults.found)
        row = table.sub(name)
        row.where = name
        kind = cast(
            Literal["date", "int", "bool", "text"], row.choice("type", ("date", "int", "bool", "text"))
        )
        source, means = row.choice("from", SOURCES), row.text("means", "")
        one_of = row.texts("one_of") if kind == "text" else ()
        if kind == "text" and not one_of:
            row.fault("one_of", 'a text fact lists its values: one_of = ["none", "minor"].')
        reads = read_reading(row, kind, self._judge)
        row.done()
        for text in (means, *one_of):
            word = forbidden_text(text)
            if word:
                says = f"it speaks of who somebody is (`{word}`), which no rule may look at."
                row.fault("means", says)
        if len(self.faults.found) > before:
            self.broken.add(name)
        return Fact(name, kind, source, means, one_of, reads)

    def _history(self, facts: tuple[Fact, ...], days: Mapping[str, object]) -> tuple[tuple[Spell, ...], str]:
        """Spells and the day of knowledge; every reading looks at a spell and a day that exist."""
        judge = self._judge
        spells: tuple[Spell, ...] = self._each(
            "spell", lambda row: read_spell(row, self._id(row, _FACT), judge)
        )
        self._different_ids("spell", [spell.id for spell in spells])
        known = {spell.id for spell in spells}
        for fact in facts:
            reads = fact.reads
            if reads is None:
                continue
            if reads.spelled and reads.of not in known:
                says = f"`{reads.of}` is not a spell of this rulebook.{suggestion(reads.of, known)}"
                self.faults.add(("facts", fact.name), fact.name, says)
            if reads.as_at not in days and days:
                says = f"`{printable(reads.as_at, 60)}` is not a day of the timetable.{suggestion(reads.as_at, days)}"
                self.faults.add(("facts", fact.name), fact.name, says)
        known_by = read_known_by(self.top.sub("history"), days) if "history" in self.top.table else ""
        return spells, known_by

    def _right(self, row: Table) -> Right:
        right = Right(self._id(row), row.text("cite", most=200), row.text("says"), ())
        row.done()
        return right

    def _with_clauses(self, declared: tuple[Right, ...], clauses: tuple[Clause, ...]) -> tuple[Right, ...]:
        """Rights with their clauses; voting first, declared or not."""
        ids = [right.id for right in declared]
        every = {VOTE: Right(VOTE, "", "You may vote.", ())} | {right.id: right for right in declared}
        found = []
        if not clauses and "eligible" not in self.top.table:
            says = "`[[eligible]]` is missing; expected at least one clause that says who may vote."
            self.faults.add((), "", says)
        for right in every.values():
            mine = tuple(clause for clause in clauses if right.id in clause.rights)
            if not mine and clauses:
                place = ids.index(right.id) if right.id in ids else 0
                says = f'no clause is about the right "{right.id}"; name it in `rights` of one at least.'
                self.faults.add(("right", place), right.id, says)
            found.append(Right(right.id, right.cite, right.says, mine))
        return tuple(found)

    def _weights(self) -> tuple[Weight, ...]:
        weights: tuple[Weight, ...] = self._each("weight", self._weight)
        if weights and weights[-1].when.text and weights[-1].when.constant is not True:
            self.faults.add(
                ("weight", len(weights) - 1),
                weights[-1].id,
                'the last weight is for all others: when = "true".',
            )
        return weights

    def _weight(self, row: Table) -> Weight:
        when = self._condition(row, "when", row.text("when", "true"))
        text = row.text("votes")
        votes = Amount("", (), lambda _: None, "NULL")
        try:
            votes = compile_amount(text, self.scope) if text else votes
        except Unfit as reason:
            row.fault("votes", f"votes: {reason}")
        weight = Weight(self._id(row), row.text("cite", most=200), when, votes, row.text("says", ""))
        row.done()
        self._not_from_a_case(row, "votes", weight.facts)
        return weight

    def _judge(self, name: str) -> str | None:
        """Why a fact or a kind of event of this name may not exist; None when it may."""
        return forbidden_name(name, self.scope.never_use)

    def _timetable(self, facts: tuple[Fact, ...]) -> dict[str, dt.date]:
        written = self.top.sub("timetable").table
        known = {fact.name for fact in facts}
        for name in written:
            if name in known:
                self.faults.add(
                    ("timetable", name), "timetable", f"`{name}` is a fact and a day; it must be one of them."
                )
        return read_timetable(written, self.faults) if "timetable" in self.top.table else {}

    def _each(self, key: str, read: Any) -> Any:
        """Every table of one array, read; ids and order as in the file."""
        rows = self.top.raw(key)
        if rows is None:
            return ()
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.faults.add((key,), key, f"expected tables headed [[{key}]].")
            return ()
        if len(rows) > TABLES_MAX:
            self.faults.add((key,), key, f"{len(rows)} tables [[{key}]]; at most {TABLES_MAX} are read.")
            return ()
        return tuple(
            read(Table(row, (key, index), _called(row, key, index), self.faults))
            for index, row in enumerate(rows)
        )

    def _clause(self, row: Table) -> Clause:
        needs = self._condition(row, "needs", row.text("needs"))
        applies = self._condition(row, "applies", row.text("applies")) if "applies" in row.table else None
        rights = row.texts("rights", [VOTE])
        clause = Clause(
            id=self._id(row),
            cite=row.text("cite", most=200),
            needs=needs if applies is None else where(applies, needs),
            says=row.text("says"),
            says_not=row.text("says_not", ""),
            otherwise=cast(
                Literal["not eligible", "ask"],
                row.choice("otherwise", ("not eligible", "ask"), "not eligible"),
            ),
            cure=row.text("cure", ""),
            says_unknown=row.text("says_unknown", ""),
            applies=applies,
            rights=rights,
        )
        self._placeholders(row, "cure", clause.cure)
        row.done()
        known = (VOTE, *(right.id for right in self.rights))
        for right in rights:
            if right not in known:
                row.fault("rights", f"`{printable(right, 60)}` is not a right.{suggestion(right, known)}")
        if needs.text and not needs.facts and needs.constant is not None:
            row.fault("needs", "the test looks at no fact, so it says the same of everybody.")
        self._not_from_a_case(row, "needs", clause.needs.facts)
        return clause

    def _not_from_a_case(self, row: Table, key: str, facts: tuple[str, ...]) -> None:
        declared = self.top.table["facts"]
        for name in facts:
            if isinstance(declared[name], dict) and declared[name].get("from") == "case":
                row.fault(key, f"`{name}` comes from a case; eligibility looks at roll, ledger and register.")

    def _decision(self, row: Table) -> DecisionRule:
        requires = self._condition(row, "requires", row.text("requires", "true"))
        rule_id, about, cite = self._id(row), row.text("about", most=200), row.text("cite", most=200)
        outcomes: list[tuple[str, Condition]] = []
        for label, text in self._pairs(row):
            outcomes.append((label, self._condition(row, "outcomes", text)))
        row.done()
        self._reachable(row, outcomes)
        return DecisionRule(rule_id, about, cite, requires, tuple(outcomes))

    def _reachable(self, row: Table, outcomes: list[tuple[str, Condition]]) -> None:
        """Every outcome can be reached by some facts, and every set of known facts reaches one."""
        labels = [label for label, _ in outcomes]
        for label in sorted({label for label in labels if labels.count(label) > 1}):
            row.fault("outcomes", f'the outcome "{label}" is listed twice.')
        if any(label.casefold() == NOT_READY for label in labels):
            row.fault("outcomes", f'"{NOT_READY}" is kept for cases that cannot be decided yet.')
        for label, test in outcomes:
            if test.constant is False:
                row.fault("outcomes", f'"{label}" can never be the outcome; its test is never true.')
        always = [index for index, (_, test) in enumerate(outcomes) if test.constant is True]
        if always and always[0] < len(outcomes) - 1:
            row.fault(
                "outcomes", f'nothing after "{labels[always[0]]}" can be reached; its test is always true.'
            )
        elif outcomes and not always and outcomes[-1][1].text:
            row.fault("outcomes", 'some facts would have no outcome; the last test must be "true".')

    def _pairs(self, row: Table) -> list[tuple[str, str]]:
        pairs = row.raw("outcomes")
        good = isinstance(pairs, list) and 1 <= len(pairs) <= TABLES_MAX
        for pair in pairs if good else ():
            good = (
                good
                and isinstance(pair, list)
                and len(pair) == 2
                and all(isinstance(text, str) for text in pair)
            )
            good = good and 0 < len(pair[0].strip()) <= 100 and pair[0].isprintable()
        if not good:
            row.fault(
                "outcomes",
                'expected outcomes = [["warning", "finding == \'minor\'"], ["no action", "true"]].',
            )
            return []
        return [(label, text) for label, text in pairs]

    def _condition(self, row: Table, key: str, text: str) -> Condition:
        if text:
            try:
                return compile_condition(text, self.scope)
            except Unfit as reason:
                if self.broken.isdisjoint(re.findall(r"\w+", text)):
                    row.fault(key, f"{key}: {reason}")
        return Condition("", (), lambda _: None, "NULL", None)

    def _id(self, row: Table, form: re.Pattern[str] = _ID) -> str:
        value = row.text("id", most=32)
        if value and not form.fullmatch(value):
            row.fault(
                "id",
                f"`{printable(value, 40)}` is not an id: up to 32 letters, digits, - and _, a letter first.",
            )
        return value

    def _placeholders(self, row: Table, key: str, text: str) -> None:
        """Only days of the timetable may stand in braces."""
        for name in re.findall(r"\{([^{}]*)\}", text):
            if name not in self.scope.days:
                days = ", ".join(self.scope.days)
                row.fault(key, f"{{{name}}} is not a day of the timetable. Days: {days}.")
        if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", text)):
            row.fault(key, f"`{key}` has a brace without its partner.")

    def _ids_differ(self, *kinds: tuple[str, list[str]]) -> None:
        """Rules of all kinds share one set of ids."""
        taken: set[str] = {VOTE, ELIGIBILITY}
        for key, ids in kinds:
            self._different_ids(key, ids, taken)
            taken |= set(ids)

    def _different_ids(self, key: str, ids: list[str], others: Iterable[str] = ()) -> None:
        seen = set(others)
        for index, name in enumerate(ids):
            if name and name in seen:
                self.faults.add((key, index, "id"), name, "another rule has this id; each id is used once.")
            seen.add(name)


def _called(row: Mapping[str, object], key: str, index: int) -> str:
    """What people call a table: its id, or its place in the list."""
    name = row.get("id")
    return name if isinstance(name, str) and _ID.fullmatch(name) else f"{key} {index + 1}"


def compile_rule(rulebook: Rulebook, text: str) -> Condition:
    """One test against the facts and days of a rulebook, as `needs` would be read.

    Raises Refusal `rules.test` with the sentence for its author.
    """
    try:
        return compile_condition(text, rulebook.scope)
    except Unfit as reason:
        raise refuse("rules.test", test=text, because=str(reason)) from None
