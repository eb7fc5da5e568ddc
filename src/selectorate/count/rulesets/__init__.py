"""Rule sets for counting: one TOML in this folder each, the questions of its family answered, with sources.

The folder is the list: `names()` reads it, and help, documents and tests iterate it. A rule set may only give
answers that its engine knows (`questions/`); anything else is refused when it is loaded, not in mid-count.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from typing import Any

from selectorate.count.rulesets.asked import Answer, Asked
from selectorate.errors import refuse
from selectorate.errors.naming import did_you_mean

NO_ANCHOR = "none"
RECORDED = ("scottish-stv",)
"""Rule sets by which a poll on the record can be counted: both verifiers count them again from its archive."""
ONE_SEAT = frozenset(("rounds", "runoff", "bucklin"))
"""Families whose rule sets all fill one seat; others say it in an answer of their own ("fills")."""
_HEAD = ("name", "family", "title", "law", "anchor")
SEEN, NOT_SEEN, NO_TEXT = "seen", "not seen", "none"
"""What is known of the text behind an answer. seen: the words of the statute or rule book were read, in it or in a
published copy; not seen: the place is named, but the answer rests on a description, a program or memory; none: no
text says it, or it does not arise."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question a rule set answers, and where its law or rule book says so. text: `SEEN`, `NOT_SEEN` or `NO_TEXT`,
    so that nothing looks better sourced than it is."""

    name: str
    asks: str
    answer: Answer
    source: str
    text: str

    @property
    def unseen(self) -> bool:
        """Whether it rests on a text that was not seen."""
        return self.text == NOT_SEEN


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A rule set as data. family: which engine counts it. anchor: the official report, foreign program or worked
    example whose every figure the tests compare, or "none"."""

    name: str
    family: str
    title: str
    law: str
    anchor: str
    questions: tuple[Question, ...]

    def __getitem__(self, question: str) -> Answer:
        """The answer to one question. Raises KeyError for one that the family does not ask."""
        for one in self.questions:
            if one.name == question:
                return one.answer
        raise KeyError(question)

    def source(self, question: str) -> str:
        """Where the answer to one question stands: statute or rule book, section."""
        return next(one.source for one in self.questions if one.name == question)

    def clause(self, question: str) -> str:
        """The source without its remarks: up to the first colon or semicolon."""
        return self.source(question).partition(": ")[0].partition("; ")[0]

    def resting(self, text: str) -> int:
        """How many answers rest on such a text: `SEEN`, `NOT_SEEN` or `NO_TEXT`."""
        return sum(one.text == text for one in self.questions)

    @property
    def unseen(self) -> str:
        """How many answers rest on texts that were not seen, in a sentence; empty where none does."""
        few, all_ = self.resting(NOT_SEEN), len(self.questions)
        if not few:
            return ""
        rest = "answer rests on a text that was" if few == 1 else "answers rest on texts that were"
        return f"{few} of {all_} {rest} not seen"

    @property
    def anchored(self) -> bool:
        """Whether the tests compare it with anything from outside."""
        return self.anchor != NO_ANCHOR

    @property
    def places(self) -> int:
        """Decimal places of a vote; one vote is 10^places units. 0 where the family does not ask."""
        return next((int(one.answer) for one in self.questions if one.name == "places"), 0)

    @property
    def fills_one(self) -> bool:
        """Whether it fills one seat and never more."""
        said = any(one.name == "fills" and one.answer == "one seat" for one in self.questions)
        return said or self.family in ONE_SEAT

    def seats(self, asked: int | None, said: int) -> int:
        """How many seats to fill. asked: by whoever counts, if at all. said: by the file, 0 if it says nothing;
        it is about the contest that was held, so a rule set that fills one seat is not held to it."""
        return asked or (1 if self.fills_one else said)

    def quota(self, valid: int, seats: int) -> int:
        """Whole votes that make a candidate safe."""
        return valid // (seats + 1) + 1


def names() -> tuple[str, ...]:
    """The rule sets there are, sorted."""
    folder = resources.files(__name__)
    return tuple(sorted(one.name[:-5] for one in folder.iterdir() if one.name.endswith(".toml")))


def families() -> tuple[str, ...]:
    """The families there are, sorted."""
    folder = resources.files(f"{__name__}.questions")
    return tuple(
        sorted(
            one.name[:-3] for one in folder.iterdir() if one.name[:1].islower() and one.name.endswith(".py")
        )
    )


def asked(family: str) -> dict[str, Asked]:
    """The questions of one family, in order."""
    found: dict[str, Asked] = import_module(f"{__name__}.questions.{family}").QUESTIONS
    return found


@cache
def load(name: str) -> Ruleset:
    """The rule set of that name. Raises Refusal `count.ruleset` if there is none."""
    if name not in names():
        raise refuse("count.ruleset", found=name, near=did_you_mean(name, names()))
    return parse(name, resources.files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))


def parse(name: str, text: str) -> Ruleset:
    """A rule set from its TOML. Raises Refusal `count.ruleset.answer` for what no engine here can do."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise refuse("count.ruleset.answer", name=name, because=str(reason)) from None
    head = {key: plain.pop(key, None) for key in _HEAD}
    if head["name"] != name or not all(isinstance(value, str) and value for value in head.values()):
        raise refuse("count.ruleset.answer", name=name, because=f"{', '.join(_HEAD)} must be given")
    if head["family"] not in families():
        raise refuse(
            "count.ruleset.answer", name=name, because=f"its family must be one of {', '.join(families())}"
        )
    known = asked(head["family"])
    if set(plain) != set(known):
        odd = ", ".join(sorted(set(plain) ^ set(known)))
        raise refuse("count.ruleset.answer", name=name, because=f"missing or unknown questions: {odd}")
    questions = tuple(_question(name, key, one, plain[key]) for key, one in known.items())
    return Ruleset(name, head["family"], head["title"], head["law"], head["anchor"], questions)


def _question(ruleset: str, key: str, known: Asked, plain: Any) -> Question:
    shape = ("answer", "source", "text")
    if not isinstance(plain, dict) or set(plain) != set(shape) or not isinstance(plain["source"], str):
        raise refuse("count.ruleset.answer", name=ruleset, because=f"“{key}” must give {', '.join(shape)}")
    if plain["text"] not in (SEEN, NOT_SEEN, NO_TEXT):
        texts = f"“{SEEN}”, “{NOT_SEEN}” or “{NO_TEXT}”"
        raise refuse("count.ruleset.answer", name=ruleset, because=f"the text of “{key}” must be {texts}")
    # True == 1, so the type is compared too.
    if not any(plain["answer"] == one and type(plain["answer"]) is type(one) for one in known.answers):
        raise refuse("count.ruleset.answer", name=ruleset, because=f"no engine knows this answer to “{key}”")
    return Question(key, known.asks, plain["answer"], plain["source"], plain["text"])
