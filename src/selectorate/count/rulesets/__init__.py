"""Rule sets for counting: one TOML in this folder each, named questions with answers and their source.

The folder is the list: `names()` reads it, and help, documents and tests iterate it. A rule set may only give
answers that some engine knows (`KNOWN`); anything else is refused when it is loaded, not in mid-count.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from selectorate.errors import refuse

KNOWN: dict[str, tuple[str | int, ...]] = {
    "quota": ("whole votes, one above valid / (seats + 1) without its fraction",),
    "elected_when": ("at the end of any stage, at the quota or above",),
    "order_elected": ("most votes first",),
    "surplus_next": ("largest, never deferred",),
    "papers_examined": ("all papers held",),
    "transfer_value": ("value received x surplus / votes",),
    "places": (0, 2, 3, 4, 5, 6, 9),
    "exclusion": ("one lowest, all papers in one stage at the value received",),
    "ties": ("latest earlier stage that differs, else lot",),
    "last_vacancies": ("as many continue as seats are left, no further transfer",),
}
"""Every question a rule set must answer, with the answers that the engine knows."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question a rule set answers, and where the law says so."""

    name: str
    asks: str
    answer: str | int
    source: str


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A rule set as data. `anchor` names the official report whose every figure the tests compare."""

    name: str
    title: str
    law: str
    anchor: str
    questions: tuple[Question, ...]

    @property
    def places(self) -> int:
        """Decimal places of a vote; one vote is 10^places units."""
        return next(int(one.answer) for one in self.questions if one.name == "places")

    def quota(self, valid: int, seats: int) -> int:
        """Whole votes that make a candidate safe."""
        return valid // (seats + 1) + 1


def names() -> tuple[str, ...]:
    """The rule sets there are, sorted."""
    folder = resources.files(__name__)
    return tuple(sorted(one.name[:-5] for one in folder.iterdir() if one.name.endswith(".toml")))


@cache
def load(name: str) -> Ruleset:
    """The rule set of that name. Raises Refusal `count.ruleset` if there is none."""
    if name not in names():
        raise refuse("count.ruleset", found=name, known=", ".join(names()))
    return parse(name, resources.files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))


def parse(name: str, text: str) -> Ruleset:
    """A rule set from its TOML. Raises Refusal `count.ruleset.answer` for what no engine here can do."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise refuse("count.ruleset.answer", name=name, because=str(reason)) from None
    head = {key: plain.pop(key, None) for key in ("name", "title", "law", "anchor")}
    if head["name"] != name or not all(isinstance(value, str) and value for value in head.values()):
        raise refuse("count.ruleset.answer", name=name, because="name, title, law and anchor must be given")
    if set(plain) != set(KNOWN):
        odd = ", ".join(sorted(set(plain) ^ set(KNOWN)))
        raise refuse("count.ruleset.answer", name=name, because=f"missing or unknown questions: {odd}")
    questions = tuple(_question(name, key, plain[key]) for key in KNOWN)
    return Ruleset(name, head["title"], head["law"], head["anchor"], questions)


def _question(ruleset: str, key: str, plain: Any) -> Question:
    shape = {"asks", "answer", "source"} | ({"rounding"} if key == "places" else set())
    if not isinstance(plain, dict) or set(plain) != shape:
        raise refuse(
            "count.ruleset.answer", name=ruleset, because=f"“{key}” must give {', '.join(sorted(shape))}"
        )
    if plain["answer"] not in KNOWN[key] or plain.get("rounding", "cut") != "cut":
        raise refuse("count.ruleset.answer", name=ruleset, because=f"no engine knows this answer to “{key}”")
    return Question(key, plain["asks"], plain["answer"], plain["source"])
