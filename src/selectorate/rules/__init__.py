"""Rules: a rulebook is a file; facts go in, decisions with their reasons come out.

Takes the bytes of a rulebook (TOML, docs/formats/rulebook.md) and facts about one member or one case, as
plain values. Gives a `Rulebook` whose clauses are compiled once, `Decision`s with a finding for every
clause, the same clauses as SQL for whole tables, statements of reasons as text, and the check P1.

Refuses a rulebook with any fault (all faults at once, with their lines), facts that are not declared or of
another type, and every fact that speaks of who somebody is: protected attributes cannot be declared.

Three truth values: true, false and unknown. A missing fact is unknown; it asks, it never excludes.

Deliberately absent: a clock (dates come from the rulebook's timetable), floats, calls, loops, any way for a
rule to see a name, and any command that turns a finding of another room into an exclusion.
"""

from selectorate.rules.calendar import Gap
from selectorate.rules.expression import Value
from selectorate.rules.history.asat import facts_as_at
from selectorate.rules.history.readings import Event, Reading, Spell
from selectorate.rules.history.table import EVENTS, facts_sql
from selectorate.rules.lint import lint_contest
from selectorate.rules.objects import (
    Appeal,
    AppealTerms,
    Clause,
    Contest,
    Decision,
    DecisionRule,
    Departure,
    Fact,
    Finding,
    Reply,
    Right,
    Rulebook,
)
from selectorate.rules.read import compile_rule, load
from selectorate.rules.reasons import statement
from selectorate.rules.weights import Appointment, ProxyTerms, Standing, Weight, proxies

__all__ = [
    "EVENTS",
    "Appeal",
    "AppealTerms",
    "Appointment",
    "Clause",
    "Contest",
    "Decision",
    "DecisionRule",
    "Departure",
    "Event",
    "Fact",
    "Finding",
    "Gap",
    "ProxyTerms",
    "Reading",
    "Reply",
    "Right",
    "Rulebook",
    "Spell",
    "Standing",
    "Value",
    "Weight",
    "compile_rule",
    "facts_as_at",
    "facts_sql",
    "lint_contest",
    "load",
    "proxies",
    "statement",
]
