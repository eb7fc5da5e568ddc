"""Random elections as plain values: what is asked, who votes what, and what must come out.

A plan is drawn from a seed alone, so that a failure can be made again from the line that names it. The expected
result is added up here from the choices as they were drawn, before anything is encrypted: it owes nothing to any
program that makes or judges ballots.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["choices", "blank", "lists", "ranked", "graded"]
Group = Literal["Ed25519", "BELENIOS-2048", "RFC-3526-2048"]
Choice = list[Any]

WORDS = ("Alder", "Ash", "Beech", "Birch", "Cedar", "Elm", "Hazel", "Holly", "Larch", "Lime", "Oak", "Yew")
FRAGMENTS = (
    *('"', "\\", "\t", "\n", "/", "'", "<b>", "&amp;", "\\u0041"),
    *("山毛榉", "ブナの木", "é–ß", "🌳", "e\u0301", "\u2028"),
)
EXTRAS: dict[str, tuple[dict[str, Any] | None, ...]] = {
    "ranked": (None, {"method": "Schulze"}, {"method": "Schulze", "blank": True}, {"method": "STV"}),
    "graded": ({"method": "MajorityJudgment", "blank": True, "grades": ["Good", "Fair", "Poor"]},),
}
ANSWERS_MAX = {"Ed25519": 6, "BELENIOS-2048": 5, "RFC-3526-2048": 3}
WEIGHT_LARGE = 2**30
"""From here on a number of the result is written as text."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. sizes: the number of answers, or of candidates per list; both bounds for `choices` only."""

    kind: Kind
    wire: dict[str, Any]
    sizes: tuple[int, ...]
    minimum: int = 0
    maximum: int = 0

    @property
    def secret_order(self) -> bool:
        """Whether the papers of this question are mixed instead of added up."""
        return self.kind in ("ranked", "graded")


@dataclass(frozen=True, slots=True)
class Keys:
    """One entry of the list of trustees: a single one (threshold None), or a threshold group of `size`."""

    size: int = 1
    threshold: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One election to be made. ballots: (elector's number, a choice per question) in the order of casting;
    mixers, openers: numbers of trustees from 1, in their order."""

    seed: str
    group: Group
    name: str
    description: str
    questions: tuple[Question, ...]
    weights: tuple[int, ...]
    trustees: tuple[Keys, ...]
    ballots: tuple[tuple[int, list[Choice]], ...]
    mixers: tuple[int, ...]
    openers: tuple[int, ...]

    @property
    def mixed(self) -> bool:
        return any(question.secret_order for question in self.questions)

    @property
    def kinds(self) -> set[str]:
        """What this election has of the features that the tables count."""
        found: set[str] = {question.kind for question in self.questions}
        found |= {"several questions"} if len(self.questions) > 1 else set()
        found |= {"weights"} if set(self.weights) != {1} else set()
        found |= {"threshold" if keys.threshold is not None else "single" for keys in self.trustees}
        found |= {"revote"} if len({elector for elector, _ in self.ballots}) < len(self.ballots) else set()
        return found | ({"nobody voted"} if not self.ballots else set())

    def counted(self) -> dict[int, list[Choice]]:
        """The last ballot of each elector who voted."""
        return dict(self.ballots)

    def expected(self) -> list[Any]:
        """The result: sums in the shape of the choices, or the papers of a question that is mixed, sorted."""
        last = self.counted()
        found: list[Any] = []
        for place, question in enumerate(self.questions):
            papers = [(self.weights[elector], choices[place]) for elector, choices in last.items()]
            if question.secret_order:
                found.append(sorted(paper for _, paper in papers))
            elif question.kind == "lists":
                found.append(
                    [
                        [
                            sum(weight * paper[row][column] for weight, paper in papers)
                            for column in range(size + 1)
                        ]
                        for row, size in enumerate(question.sizes)
                    ]
                )
            else:
                columns = question.sizes[0] + (question.kind == "blank")
                found.append(
                    [sum(weight * paper[column] for weight, paper in papers) for column in range(columns)]
                )
        return found

    def agrees(self, result: Sequence[Any]) -> bool:
        """Whether an announced result is the expected one; mixed papers may come in any order."""
        if len(result) != len(self.questions):
            return False
        plain = [numbers(entry) for entry in result]
        pairs = zip(plain, self.questions, strict=True)
        return [
            sorted(entry) if question.secret_order else entry for entry, question in pairs
        ] == self.expected()

    def __str__(self) -> str:
        return f"plan {self.seed} ({self.group}; {', '.join(sorted(self.kinds))})"


def numbers(value: Any) -> Any:
    """Nested sequences as nested lists; large numbers, which stand as text, as numbers."""
    if isinstance(value, list | tuple):
        return [numbers(each) for each in value]
    return int(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be drawn: groups with repetition for their share, whether a maker or judge knows lists, the least
    number of mixers; proper_thresholds: fewer than all of a group's members must be enough; electors: least and
    most of them; kinds, thresholds: what else a maker may not know; small: little to compute, for many runs."""

    groups: tuple[Group, ...]
    lists: bool
    electors: tuple[int, int] = (3, 6)
    kinds: frozenset[Kind] | None = None
    thresholds: bool = True
    mixers_min: int = 1
    proper_thresholds: bool = False
    small: bool = False
    zero_weights: bool = True


def draw(seed: str, limits: Limits) -> Plan:
    """The election of a seed."""
    chance = random.Random(seed)
    group = chance.choice(limits.groups)
    slow = group == "RFC-3526-2048" or limits.small
    questions = _questions(chance, group, limits, slow)
    least, most = limits.electors
    electors = chance.randint(least, max(least, min(most, 4)) if slow else most)
    mixed = any(question.secret_order for question in questions)
    trustees = _trustees(chance, limits, limits.mixers_min if mixed else 1, slow)
    owners, openers = _openers(chance, trustees)
    mixers = (
        chance.sample(range(1, owners + 1), min(owners, chance.choice((limits.mixers_min, 2))))
        if mixed
        else []
    )
    weights = [1] * electors
    if not mixed and chance.random() < 0.5:
        least = 0 if limits.zero_weights else 1
        weights = [chance.choice((least, 1, 2, 3, chance.randint(4, 60))) for _ in range(electors)]
        if chance.random() < 0.15:
            weights[0] = WEIGHT_LARGE + chance.randint(-1, 1)
    plan = Plan(
        *(
            seed,
            group,
            _text(chance),
            _text(chance) + " " + _text(chance),
            questions,
            tuple(weights),
            trustees,
        ),
        *((), tuple(mixers), tuple(openers)),
    )
    return replace(plan, ballots=_ballots(chance, questions, electors))


def _questions(chance: random.Random, group: Group, limits: Limits, slow: bool) -> tuple[Question, ...]:
    kinds: list[Kind] = ["choices", "choices", "blank"]
    kinds += ["lists"] if limits.lists else []
    kinds += ["ranked", "graded"] if group != "BELENIOS-2048" else []
    if group == "RFC-3526-2048":  # dear: the other group has its share of choices
        kinds += ["ranked", "ranked", "graded", "graded"]
    if limits.kinds is not None:
        kinds = [kind for kind in kinds if kind in limits.kinds]
    count = chance.choice((1, 1, 1, 2)) if slow else chance.choice((1, 1, 2, 2, 3, 4, 5))
    most = min(ANSWERS_MAX[group], 3 if limits.small else 99)
    return tuple(_question(chance, chance.choice(kinds), most) for _ in range(count))


def _question(chance: random.Random, kind: Kind, most: int) -> Question:
    text = _text(chance) + "?"
    if kind == "lists":
        sizes = tuple(chance.randint(1, min(3, most)) for _ in range(chance.randint(1, min(3, most))))
        answers: list[Any] = [
            [f"List {row}: {_text(chance)}", *_names(chance, size)] for row, size in enumerate(sizes)
        ]
        return Question(kind, {"type": "Lists", "value": {"answers": answers, "question": text}}, sizes)
    size = chance.randint(1, max(2, most))
    answers = _names(chance, size)
    if kind in ("ranked", "graded"):
        wire: dict[str, Any] = {"type": "NonHomomorphic", "value": {"answers": answers, "question": text}}
        extra = chance.choice(EXTRAS[kind])
        return Question(kind, wire | ({"extra": extra} if extra else {}), (size,))
    minimum = chance.choice((0, 0, 1, chance.randint(0, size)))
    maximum = chance.randint(minimum, size)
    wire = {"answers": answers, "min": minimum, "max": maximum, "question": text}
    if kind == "blank":
        wire = {"answers": answers, "blank": True, "min": minimum, "max": maximum, "question": text}
    return Question(kind, wire, (size,), minimum, maximum)


def _trustees(chance: random.Random, limits: Limits, owners_min: int, slow: bool) -> tuple[Keys, ...]:
    def group(least: int, most: int) -> Keys:
        gap = 1 if limits.proper_thresholds else 0
        size = chance.randint(max(least, 1 + gap), most)
        return Keys(size, chance.randint(1, size - gap))

    shape = chance.choice(("one", "singles", "threshold", "threshold", "both", "around"))
    if shape == "one" and owners_min > 1:
        shape = "singles"
    if shape in ("one", "singles") or not limits.thresholds:
        return (Keys(),) * (1 if shape == "one" else chance.randint(2, 3))
    if shape == "threshold":
        return (group(owners_min, 2 if slow else 4),)
    if shape == "both" or slow:
        return (Keys(), group(1, 2 if slow else 3))
    return (group(1, 3), Keys(), group(1, 2))


def _openers(chance: random.Random, trustees: Sequence[Keys]) -> tuple[int, list[int]]:
    """The number of trustees, and those who decrypt: every single one, enough of each group, in any order."""
    openers: list[int] = []
    first = 1
    for keys in trustees:
        owners = range(first, first + keys.size)
        openers += chance.sample(owners, chance.randint(keys.threshold or keys.size, keys.size))
        first += keys.size
    chance.shuffle(openers)
    return first - 1, openers


def _ballots(
    chance: random.Random, questions: Sequence[Question], electors: int
) -> tuple[tuple[int, list[Choice]], ...]:
    share = chance.choice((0.0, 0.6, 0.9, 0.9, 1.0)) if chance.random() < 0.3 else 0.85
    order = [elector for elector in range(electors) if chance.random() < share]
    order += [elector for elector in order if chance.random() < 0.25]
    chance.shuffle(order)
    return tuple((elector, [_choice(chance, question) for question in questions]) for elector in order)


def _choice(chance: random.Random, question: Question) -> Choice:
    if question.kind == "lists":
        chosen = chance.randrange(len(question.sizes))
        rows = [[int(row == chosen)] + [0] * size for row, size in enumerate(question.sizes)]
        size = question.sizes[chosen]
        for column in chance.sample(range(1, size + 1), chance.randint(1, size)):
            rows[chosen][column] = 1
        return rows
    size = question.sizes[0]
    if question.secret_order:
        if chance.random() < 0.2:
            return [0] * size
        top = 3 if question.kind == "graded" else chance.choice((size, size, 255))
        return [chance.randint(0, top) for _ in range(size)]
    if question.kind == "blank" and chance.random() < 0.3:
        return [1] + [0] * size
    picked = chance.sample(range(size), chance.randint(question.minimum, question.maximum))
    marks = [int(column in picked) for column in range(size)]
    return [0, *marks] if question.kind == "blank" else marks


def _names(chance: random.Random, size: int) -> list[str]:
    return [
        word if chance.random() < 0.7 else word + _fragment(chance) for word in chance.sample(WORDS, size)
    ]


def _text(chance: random.Random) -> str:
    return chance.choice(WORDS) + (_fragment(chance) if chance.random() < 0.5 else "")


def _fragment(chance: random.Random) -> str:
    return " " + "".join(chance.sample(FRAGMENTS, chance.randint(1, 3)))
