"""A rulebook in plain words: what it asks of whom, when, and on which days. Lines of text, no judgement."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator, Mapping

from selectorate.rules.history.readings import Reading, Spell
from selectorate.rules.objects import Clause, Fact, Rulebook
from selectorate.rules.reasons import shown

_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SIGNS: Mapping[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("is before", "is less than"),
    ast.LtE: ("is on or before", "is at most"),
    ast.Gt: ("is after", "is more than"),
    ast.GtE: ("is on or after", "is at least"),
    ast.Eq: ("is", "is"),
    ast.NotEq: ("is not", "is not"),
}


def lines(rulebook: Rulebook) -> Iterator[str]:
    """The whole rulebook for a member who has never seen one."""
    yield f"Rulebook of {rulebook.organisation}, version {rulebook.version}. Adopted: {rulebook.adopted}."
    yield f"SHA-256 of the file: {rulebook.digest}"
    yield "Days:"
    for name, day in sorted(rulebook.timetable, key=lambda pair: pair[1]):
        yield f"  {_WEEK[day.weekday()]} {shown(day)}: {name}"
    for gap in rulebook.gaps:
        bounds = " and ".join(
            text
            for text in (gap.least and f"at least {gap.least}", gap.most and f"at most {gap.most}")
            if text
        )
        yield f"  {gap.id} ({gap.cite}): {gap.later} comes {bounds} after {gap.earlier}. {gap.says}".rstrip()
    yield "What the rules look at, and nothing else:"
    for fact in rulebook.facts:
        yield f"  {fact.name}, from the {fact.source}: {_fact(rulebook, fact)}"
    for right in rulebook.rights:
        yield f"{right.says}" + (f" ({right.cite})" if right.cite else "") + " Who has this right:"
        for clause in right.clauses:
            yield from _clause(rulebook, clause)
    for weight in rulebook.weights:
        whom = in_words(rulebook, weight.when.text)
        yield f"{weight.id} ({weight.cite}): votes carried, {whom}: {weight.votes.text}."
    if rulebook.proxy is not None:
        terms = rulebook.proxy
        last = shown(rulebook.day(terms.by))
        yield f"Proxies ({terms.cite}): one person carries at most {terms.most}, lodged by {last}."
    yield f"Appeals: within {rulebook.appeal.days} days, to {rulebook.appeal.to}."
    for contest in rulebook.contests:
        yield f"Contest {contest.id}: {contest.question} {contest.seats} to be elected, counted by {contest.method}."
    for rule in rulebook.decisions:
        yield f"{rule.id} ({rule.cite}), {rule.about}: decided once {in_words(rulebook, rule.requires.text)}."
        for label, test in rule.outcomes:
            yield f"  {label}: {'where ' if test.facts else ''}{in_words(rulebook, test.text)}"


def in_words(rulebook: Rulebook, text: str) -> str:
    """A test of this rulebook as an English half-sentence. The text must be one that was loaded."""
    return _said(rulebook, ast.parse(text.strip(), mode="eval").body)


def _fact(rulebook: Rulebook, fact: Fact) -> str:
    kind = {"date": "a date", "int": "a whole number", "bool": "yes or no"}.get(fact.type)
    said = kind or "one of " + ", ".join(fact.one_of)
    if fact.means:
        said += f"; {fact.means}"
    if fact.reads is not None:
        said += f"; {_reading(rulebook, fact.reads)}, as at {shown(rulebook.day(fact.reads.as_at))}"
    return said + "."


def _reading(rulebook: Rulebook, reading: Reading) -> str:
    if not reading.spelled:
        back = f" in {reading.length} {reading.unit}s" if reading.length else ""
        of = " of" if reading.form in ("value", "number") else ""
        return f"read as {reading.form}{of} {reading.of}{back}"
    spell = next(one for one in rulebook.spells if one.id == reading.of)
    asks = "whether they are in it" if reading.form == "during" else "its first day"
    return f"{asks}: {_spell(spell)}"


def _spell(spell: Spell) -> str:
    if spell.periods:
        return f"{spell.id} ({spell.cite}) runs through periods of {spell.periods} at most {spell.gap} days apart"
    said = f"{spell.id} ({spell.cite}) begins with {' or '.join(spell.begins)}, ends with {' or '.join(spell.ends)}"
    if spell.restores:
        within = "" if spell.within is None else f" within {spell.within} days"
        said += f", goes on after {' or '.join(spell.restores)}{within}"
    return said


def _clause(rulebook: Rulebook, clause: Clause) -> Iterator[str]:
    text = clause.needs.text
    whom = ""
    if clause.applies is not None:
        text = text.removesuffix(f" (where {clause.applies.text})")
        whom = f", for whoever {in_words(rulebook, clause.applies.text)}"
    yield f"  {clause.id} ({clause.cite}){whom}: {clause.says}"
    yield f"      tested as: {in_words(rulebook, text)}"
    if clause.otherwise == "ask":
        yield "      where it is not met, a person asks first"


def _said(rulebook: Rulebook, node: ast.expr) -> str:
    match node:
        case ast.BoolOp():
            word = " and " if isinstance(node.op, ast.And) else " or "
            return word.join(_part(rulebook, value) for value in node.values)
        case ast.UnaryOp(op=ast.Not()):
            if isinstance(node.operand, ast.Name):
                return f"`{node.operand.id}` is no"
            return f"it is not so that {_part(rulebook, node.operand)}"
        case ast.Compare():
            dated = _dated(rulebook, node)
            said = _value(rulebook, node.left)
            parts = []
            for sign, right in zip(node.ops, node.comparators, strict=True):
                parts.append(f"{said} {_SIGNS[type(sign)][0 if dated else 1]} {_value(rulebook, right)}")
                said = _value(rulebook, right)
            return " and ".join(parts)
        case ast.Name(id="true"):
            return "in every case"
        case ast.Name(id="false"):
            return "in no case"
        case ast.Name():
            return f"`{node.id}` is yes"
    return ast.unparse(node)


def _part(rulebook: Rulebook, node: ast.expr) -> str:
    said = _said(rulebook, node)
    return f"({said})" if isinstance(node, ast.BoolOp) else said


def _dated(rulebook: Rulebook, node: ast.Compare) -> bool:
    days = {name for name, _ in rulebook.timetable} | {
        fact.name for fact in rulebook.facts if fact.type == "date"
    }
    return any(isinstance(inner, ast.Name) and inner.id in days for inner in ast.walk(node))


def _value(rulebook: Rulebook, node: ast.expr) -> str:
    match node:
        case ast.BinOp(
            left=left, op=op, right=ast.Call(func=ast.Name(id=unit), args=[ast.Constant(value=number)])
        ):
            word = "less" if isinstance(op, ast.Sub) else "and"
            unit = unit if number != 1 else unit[:-1]
            said = f"{_value(rulebook, left)} {word} {number!s} {unit}"
            day = _day(rulebook, node)
            return said if day is None else f"{said} ({shown(day)})"
        case ast.BinOp(left=left, op=op, right=right):
            sign = "less" if isinstance(op, ast.Sub) else "plus"
            return f"{_value(rulebook, left)} {sign} {_value(rulebook, right)}"
        case ast.Name(id=name):
            if name in ("true", "false"):
                return "yes" if name == "true" else "no"
            day = dict(rulebook.timetable).get(name)
            return f"`{name}`" if day is None else f"the {name} ({shown(day)})"
        case ast.Constant(value=value) if isinstance(value, str):
            return '"' + value + '"'
    return ast.unparse(node)


def _day(rulebook: Rulebook, node: ast.BinOp) -> dt.date | None:
    """The day that a sum comes to where it names no fact."""
    from selectorate.rules.calendar import add_months

    left = node.left
    start = dict(rulebook.timetable).get(left.id) if isinstance(left, ast.Name) else None
    if start is None or not isinstance(node.right, ast.Call):
        return None
    unit, argument = ast.unparse(node.right.func), node.right.args[0]
    number = argument.value if isinstance(argument, ast.Constant) else 0
    signed = -int(str(number)) if isinstance(node.op, ast.Sub) else int(str(number))
    return add_months(start, signed) if unit == "months" else start + dt.timedelta(days=signed)
