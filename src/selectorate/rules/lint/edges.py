"""The edges of tests: for each fact the values at which some test may change, so that trying them finds what
can happen. Where a test adds facts to each other the edges may miss a case; what is found is always true."""

from __future__ import annotations

import ast
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping

from selectorate.rules.calendar import FIRST_DAY, LAST_DAY, add_months
from selectorate.rules.expression import Value
from selectorate.rules.objects import Rulebook

TRIED_MAX = 20_000


def combinations(
    rulebook: Rulebook, facts: Iterable[str], tests: Iterable[str]
) -> Iterator[dict[str, Value]] | None:
    """Every combination of the edges of these facts in these tests; None where there are more than TRIED_MAX."""
    trees = [ast.parse(text.strip(), mode="eval") for text in tests]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = tuple(facts)
    edges = [_edges(rulebook, name, nodes) for name in names]
    number = 1
    for values in edges:
        number *= len(values)
    if number > TRIED_MAX:
        return None
    return (dict(zip(names, values, strict=True)) for values in itertools.product(*edges))


def _edges(rulebook: Rulebook, name: str, nodes: list[ast.AST]) -> tuple[Value, ...]:
    fact = rulebook.fact_of[name]
    if fact.type == "bool":
        return (True, False)
    if fact.type == "text":
        return fact.one_of
    if fact.type == "int":
        numbers = {node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) is int}
        numbers |= (
            {-number for number in numbers} if any(isinstance(node, ast.USub) for node in nodes) else set()
        )
        return tuple(sorted({near for number in numbers | {0} for near in (number - 1, number, number + 1)}))
    return _days(rulebook, nodes)


def _days(rulebook: Rulebook, nodes: list[ast.AST]) -> tuple[dt.date, ...]:
    named = {node.id for node in nodes if isinstance(node, ast.Name)}
    days = [day for name, day in rulebook.timetable if name in named] or [rulebook.day("freeze")]
    moved = set(days)
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=unit), args=[ast.Constant(value=int(number))]):
                moved |= {shifted for day in days for shifted in _shifted(day, unit, number)}
    near = {day + dt.timedelta(days=step) for day in moved for step in (-1, 0, 1)}
    return tuple(sorted(day for day in near if FIRST_DAY <= day <= LAST_DAY))


def _shifted(day: dt.date, unit: str, number: int) -> tuple[dt.date, dt.date]:
    if unit == "months":
        return add_months(day, number), add_months(day, -number)
    return day + dt.timedelta(days=number), day - dt.timedelta(days=number)


def example(facts: Mapping[str, Value]) -> str:
    """Facts as a reader sees them."""
    from selectorate.rules.reasons import shown

    return ", ".join(f"{name} = {shown(value)}" for name, value in facts.items())
