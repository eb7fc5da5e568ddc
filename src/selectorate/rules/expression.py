"""The tests that rules are made of: a small part of Python's syntax with its own, three-valued meaning.

Takes the text of a test and a `Scope` (declared facts, days of the timetable); gives a `Condition` with one
meaning and two back ends: `holds(facts)` for one member or case, `sql` for a whole table in DuckDB. The
grammar and the types are on docs/formats/rulebook.md.

Deliberately absent: calls other than `months(n)` and `days(n)`, attributes, subscripts, comprehensions,
lists, multiplication, floats, and any way to loop.
"""

from __future__ import annotations

import ast
import datetime as dt
import operator
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from selectorate.rules.calendar import DAYS_MAX, MONTHS_MAX, add_months
from selectorate.rules.faults import suggestion
from selectorate.rules.forbidden import forbidden_name

LENGTH_MAX = 200
INTEGER_MAX = 2**53

Value = None | bool | int | str | dt.date
Run = Callable[[Mapping[str, Value]], Any]


class Unfit(ValueError):  # noqa: N818 - what it says of a test
    """A test that cannot be read; the text is a sentence for its author."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a test may name. types: declared facts ("date", "int", "bool", "text"); values: one_of of text
    facts; days: the timetable; never_use: the rulebook's own list of forbidden names."""

    types: Mapping[str, str]
    values: Mapping[str, tuple[str, ...]]
    days: Mapping[str, dt.date]
    never_use: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled test.

    text: as written; facts: the facts it names, in order of appearance; holds: facts -> True, False or None
    (unknown), Kleene's logic; sql: a DuckDB expression over columns of the same names, NULL for unknown;
    constant: its value where it names no fact.
    """

    text: str
    facts: tuple[str, ...]
    holds: Callable[[Mapping[str, Value]], bool | None]
    sql: str
    constant: bool | None


@dataclass(frozen=True, slots=True)
class Amount:
    """A compiled whole number: text, facts and sql as of a `Condition`; value: facts -> number, or None where
    one of them is unknown."""

    text: str
    facts: tuple[str, ...]
    value: Callable[[Mapping[str, Value]], int | None]
    sql: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One node: its type, how to compute it, the same in SQL; `value` where it is a literal, else None."""

    type: str
    run: Run
    sql: str
    value: Value = None
    fact: str = ""


def compile_condition(text: str, scope: Scope) -> Condition:
    """Read one test and check its types. Raises `Unfit` with a sentence."""
    tree = _parse(text)
    part = _Reader(scope).read(tree)
    if part.type != "bool":
        raise Unfit(f"the test must be true or false, and this is {_A[part.type]}.")
    facts = tuple(dict.fromkeys(node.id for node in _names(tree) if node.id in scope.types))
    constant = None if facts else part.run({})
    return Condition(text, facts, part.run, part.sql, constant)


def compile_amount(text: str, scope: Scope) -> Amount:
    """Read one whole number, made of facts and constants by + and -. Raises `Unfit` with a sentence."""
    tree = _parse(text)
    part = _Reader(scope).read(tree)
    if part.type != "int":
        raise Unfit(f"a whole number is expected, and this is {_A[part.type]}.")
    facts = tuple(dict.fromkeys(node.id for node in _names(tree) if node.id in scope.types))
    return Amount(text, facts, part.run, part.sql)


def where(applies: Condition, needs: Condition) -> Condition:
    """The condition `needs` where `applies` holds: met by whoever it does not apply to (not applies or
    needs, in Kleene's logic)."""
    return Condition(
        text=f"{needs.text} (where {applies.text})",
        facts=tuple(dict.fromkeys((*applies.facts, *needs.facts))),
        holds=_any_of((_negated(applies.holds), needs.holds)),
        sql=f"((NOT {applies.sql}) OR {needs.sql})",
        constant=None,
    )


_A = {
    "date": "a date",
    "int": "a whole number",
    "bool": "true or false",
    "text": "a text",
    "period": "a length of time",
}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def _parse(text: str) -> ast.expr:
    if len(text) > LENGTH_MAX:
        raise Unfit(f"it has {len(text)} characters; at most {LENGTH_MAX} are read. Split it into two rules.")
    if "\\" in text or not text.isprintable() or not _QUOTED.sub("", text).isascii():
        raise Unfit("outside quotes only plain ASCII characters on one line are read, and no backslash.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError, Warning):
        raise Unfit(
            "this is not a test. Expected something like `arrears_months <= 3 and not suspended`."
        ) from None


def _names(tree: ast.expr) -> Iterable[ast.Name]:
    """The names of a tree in the order in which they are written."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return sorted(names, key=lambda node: node.col_offset)


_COMPARE: dict[type[ast.cmpop], tuple[Callable[[Any, Any], bool], str]] = {
    ast.Lt: (operator.lt, "<"),
    ast.LtE: (operator.le, "<="),
    ast.Gt: (operator.gt, ">"),
    ast.GtE: (operator.ge, ">="),
    ast.Eq: (operator.eq, "="),
    ast.NotEq: (operator.ne, "<>"),
}
_NOT_READ: tuple[tuple[tuple[type[ast.AST], ...], str], ...] = (
    ((ast.Attribute,), "A dot reads inside a value; rules look at declared facts as a whole."),
    ((ast.Call,), "The only calls are months(n) and days(n) with a whole number n."),
    ((ast.Subscript,), "Square brackets are not read; rules look at declared facts as a whole."),
    ((ast.List, ast.Tuple, ast.Set, ast.Dict), "Lists are not read; write `x == 'a' or x == 'b'`."),
    ((ast.IfExp,), "`if` is not read; write and, or, not."),
    ((ast.JoinedStr,), "Texts stand in plain quotes."),
)


class _Reader:
    """Syntax tree -> parts. One method for each kind of node that is read; every other kind is refused."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def read(self, node: ast.expr) -> _Part:
        match node:
            case ast.BoolOp():
                return self._logic(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.BinOp():
                return self._sum(node)
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node.id)
            case ast.Call(
                func=ast.Name(id="months" | "days" as unit), args=[ast.Constant(value=n)], keywords=[]
            ):
                return self._period(unit, n)
        for kinds, sentence in _NOT_READ:
            if isinstance(node, kinds):
                raise Unfit(f"`{ast.unparse(node)}` is not read. {sentence}")
        raise Unfit(
            f"`{ast.unparse(node)}` is not read. Expected facts, constants, comparisons, and, or, not, +, -."
        )

    def _logic(self, node: ast.BoolOp) -> _Part:
        parts = [self._expect(value, "bool") for value in node.values]
        runs = tuple(part.run for part in parts)
        if isinstance(node.op, ast.And):
            return _Part("bool", _all_of(runs), "(" + " AND ".join(part.sql for part in parts) + ")")
        return _Part("bool", _any_of(runs), "(" + " OR ".join(part.sql for part in parts) + ")")

    def _unary(self, node: ast.UnaryOp) -> _Part:
        if isinstance(node.op, ast.Not):
            part = self._expect(node.operand, "bool")
            return _Part("bool", _negated(part.run), f"(NOT {part.sql})")
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            part = self._expect(node.operand, "int")
            assert isinstance(part.value, int)  # noqa: S101 - narrows the type; a constant of type int has a value
            return _number(-part.value)
        raise Unfit(f"`{ast.unparse(node)}` is not read. A minus sign stands before a number or between two.")

    def _comparison(self, node: ast.Compare) -> _Part:
        operands = [self.read(operand) for operand in (node.left, *node.comparators)]
        pairs = []
        for sign, left, right in zip(node.ops, operands, operands[1:], strict=False):
            if type(sign) not in _COMPARE:
                raise Unfit(f"`{ast.unparse(node)}` is not read. Comparisons are ==, !=, <, <=, > and >=.")
            pairs.append(self._pair(node, sign, left, right))
        if len(pairs) == 1:
            return pairs[0]
        sql = "(" + " AND ".join(pair.sql for pair in pairs) + ")"
        return _Part("bool", _all_of(tuple(pair.run for pair in pairs)), sql)

    def _pair(self, node: ast.Compare, sign: ast.cmpop, left: _Part, right: _Part) -> _Part:
        written = ast.unparse(node)
        if left.type != right.type:
            raise Unfit(
                f"`{written}` compares {_A[left.type]} with {_A[right.type]}; both sides must be of one type."
            )
        if left.type == "period" or (
            left.type in ("text", "bool") and not isinstance(sign, ast.Eq | ast.NotEq)
        ):
            raise Unfit(f"`{written}` orders values that have no order. Use == or !=.")
        self._known_value(left, right)
        self._known_value(right, left)
        compare, symbol = _COMPARE[type(sign)]
        return _Part("bool", _compared(compare, left.run, right.run), f"({left.sql} {symbol} {right.sql})")

    def _known_value(self, fact: _Part, other: _Part) -> None:
        """A text compared with a fact must be one of the values that the fact can have."""
        values = self.scope.values.get(fact.fact)
        if values is not None and isinstance(other.value, str) and other.value not in values:
            allowed = ", ".join(f"'{value}'" for value in values)
            near = suggestion(other.value, values)
            raise Unfit(f"`{fact.fact}` is never '{other.value}'; it is one of {allowed}.{near}")

    def _sum(self, node: ast.BinOp) -> _Part:
        if not isinstance(node.op, ast.Add | ast.Sub):
            raise Unfit(f"`{ast.unparse(node)}` is not read. Of arithmetic there are only + and -.")
        left, right = self.read(node.left), self.read(node.right)
        sign = 1 if isinstance(node.op, ast.Add) else -1
        symbol = "+" if sign == 1 else "-"
        if left.type == right.type == "int":
            return _Part("int", _added(sign, left.run, right.run), f"({left.sql} {symbol} {right.sql})")
        if left.type == "date" and right.type == "period":
            assert isinstance(right.value, str)  # noqa: S101 - narrows the type; a period always has its text
            unit, number = right.value.split()
            sql = f"CAST({left.sql} {symbol} INTERVAL {number} {unit[:-1].upper()} AS DATE)"
            return _Part("date", _shifted(left.run, unit, sign * int(number)), sql)
        raise Unfit(
            f"`{ast.unparse(node)}` adds {_A[right.type]} to {_A[left.type]}. "
            "Expected a date and months(n) or days(n), or two whole numbers."
        )

    def _constant(self, node: ast.Constant) -> _Part:
        value = node.value
        if isinstance(value, bool):
            raise Unfit(f"`{value}` is written {str(value).lower()} here.")
        if isinstance(value, int):
            return _number(value)
        if isinstance(value, str) and node.kind is None:
            return _Part("text", lambda _: value, "'" + value.replace("'", "''") + "'", value)
        raise Unfit(
            f"`{ast.unparse(node)}` is not read. Constants are whole numbers, quoted texts, true and false."
        )

    def _name(self, name: str) -> _Part:
        if name in ("true", "false"):
            truth = name == "true"
            return _Part("bool", lambda _: truth, name.upper())
        if name in self.scope.days:
            day = self.scope.days[name]
            return _Part("date", lambda _: day, f"DATE '{day.isoformat()}'")
        reason = forbidden_name(name, self.scope.never_use)
        if reason:
            raise Unfit(f"`{name}` may not be used by any rule: it {reason}.")
        kind = self.scope.types.get(name)
        if kind is None:
            near = suggestion(name, [*self.scope.types, *self.scope.days])
            raise Unfit(f"`{name}` is not a declared fact.{near}")
        sql = f'CAST("{name}" AS BIGINT)' if kind == "int" else f'"{name}"'
        return _Part(kind, lambda facts: facts.get(name), sql, None, name)

    def _period(self, unit: str, n: object) -> _Part:
        most = MONTHS_MAX if unit == "months" else DAYS_MAX
        if isinstance(n, bool) or not isinstance(n, int) or not 0 <= n <= most:
            raise Unfit(f"`{unit}({n})` is not read. Expected a whole number from 0 to {most}.")
        return _Part("period", lambda _: None, "", f"{unit} {n}")

    def _expect(self, node: ast.expr, kind: str) -> _Part:
        part = self.read(node)
        if part.type != kind:
            raise Unfit(f"`{ast.unparse(node)}` is {_A[part.type]}; expected {_A[kind]} here.")
        return part


def _number(value: int) -> _Part:
    if abs(value) > INTEGER_MAX:
        raise Unfit(f"`{value}` is beyond 2^53, the largest number that is read.")
    return _Part("int", lambda _: value, f"CAST({value} AS BIGINT)", value)


def _all_of(runs: tuple[Run, ...]) -> Run:
    def run(facts: Mapping[str, Value]) -> bool | None:
        result: bool | None = True
        for part in runs:
            value = part(facts)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    return run


def _any_of(runs: tuple[Run, ...]) -> Run:
    def run(facts: Mapping[str, Value]) -> bool | None:
        result: bool | None = False
        for part in runs:
            value = part(facts)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return run


def _negated(inner: Run) -> Run:
    def run(facts: Mapping[str, Value]) -> bool | None:
        value = inner(facts)
        return None if value is None else not value

    return run


def _compared(compare: Callable[[Any, Any], bool], left: Run, right: Run) -> Run:
    def run(facts: Mapping[str, Value]) -> bool | None:
        a, b = left(facts), right(facts)
        return None if a is None or b is None else compare(a, b)

    return run


def _added(sign: int, left: Run, right: Run) -> Run:
    def run(facts: Mapping[str, Value]) -> int | None:
        a, b = left(facts), right(facts)
        if a is None or b is None:
            return None
        total: int = a + sign * b
        return total

    return run


def _shifted(inner: Run, unit: str, number: int) -> Run:
    def run(facts: Mapping[str, Value]) -> dt.date | None:
        day: dt.date | None = inner(facts)
        if day is None:
            return None
        return add_months(day, number) if unit == "months" else day + dt.timedelta(days=number)

    return run
