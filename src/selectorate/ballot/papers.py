"""Choices and results as tuples of whole numbers.

Takes and gives plain tuples; the kernel and the wire have them as JSON. Nothing here says which ranks make a
valid paper: that is for the count's rule set, and any number of 0 to 255 may come out of a ranked question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from selectorate.ballot import wire
from selectorate.ballot.objects import Answer, Choice, Parameters, Question, Ranks
from selectorate.errors import refuse

RANK_MAX: Final = 255
CHOICE_BYTES_MAX: Final = 2**20


def choice_text(answers: Sequence[Choice], questions: Sequence[Question]) -> str:
    """One elector's choice as the kernel's `make_ballots` takes it: one list per question.

    answers: per question one number per answer; 0 or 1 (with a blank option its mark stands first), or ranks in
    a ranked question; in a list question one tuple per list, the list's own mark first.
    Raises Refusal `ballot.choice` where it does not fit the questions.
    """
    if len(answers) != len(questions):
        raise refuse("ballot.choice", because=f"{len(answers)} answers for {len(questions)} questions")
    for number, (answer, question) in enumerate(zip(answers, questions, strict=True), 1):
        _demand_fit(number, answer, question)
    return wire.encode(answers).decode()


def read_choice(content: bytes, questions: Sequence[Question]) -> tuple[Choice, ...]:
    """The choice that `choice_text` would write so (blanks between its parts are allowed).

    Raises Refusal `ballot.form` or `ballot.choice`.
    """
    found = wire.decode(content, what="the choice", bytes_max=CHOICE_BYTES_MAX, canonical=False)
    if not isinstance(found, list) or not all(isinstance(answer, list) for answer in found):
        raise refuse("ballot.choice", because="it is not a list of lists")
    answers = tuple(tuple(tuple(row) if isinstance(row, list) else row for row in answer) for answer in found)
    choice_text(answers, questions)
    return answers


def ranks_of(order: Iterable[int], answers: int) -> Ranks:
    """Ranks per answer from positions in order of preference: (2, 0) of 3 answers gives (2, 0, 1).

    Raises Refusal `ballot.choice` for a position that is not on the paper or occurs twice.
    """
    ranks = [0] * answers
    for rank, position in enumerate(order, 1):
        if not 0 <= position < answers or ranks[position]:
            raise refuse("ballot.choice", because=f"position {position} is not on the paper or occurs twice")
        ranks[position] = rank
    return tuple(ranks)


def read_result(content: bytes, parameters: Parameters) -> tuple[Answer, ...]:
    """The result object as values: per question the counts (blank votes first), one tuple of ranks per paper, or
    one tuple of counts per list.

    Raises Refusal `ballot.form` where it does not have the shape that the questions require.
    """
    found = wire.decode(content, what="the result")
    if not isinstance(found, dict) or list(found) != ["result"] or not isinstance(found["result"], list):
        raise refuse("ballot.form", what="the result", because="its one field must be result, a list")
    if len(found["result"]) != len(parameters.questions):
        raise refuse("ballot.form", what="the result", because="it must have one entry per question")
    return tuple(
        _answer(number, entry, question)
        for number, (entry, question) in enumerate(zip(found["result"], parameters.questions, strict=True), 1)
    )


def _answer(number: int, entry: Any, question: Question) -> Answer:
    what = f"the result of question {number}"
    if not isinstance(entry, list):
        raise refuse("ballot.form", what=what, because="it is not a list")
    if question.kind == "ranked":
        return tuple(_numbers(what, row, len(question.answers)) for row in entry)
    if question.kind == "homomorphic":
        return _counts(what, entry, question.widths[0])
    if len(entry) != len(question.lists):
        raise refuse(
            "ballot.form",
            what=what,
            because=f"it is not one list of counts for each of {len(question.lists)} lists",
        )
    return tuple(_counts(what, row, width) for row, width in zip(entry, question.widths, strict=True))


def _counts(what: str, row: Any, width: int) -> Ranks:
    counts = [wire.weight_value(count) for count in row] if isinstance(row, list) else []
    if len(counts) != width or None in counts:
        raise refuse("ballot.form", what=what, because=f"it is not one count for each of {width} answers")
    return tuple(count for count in counts if count is not None)


def _numbers(what: str, row: Any, width: int) -> Ranks:
    if not isinstance(row, list) or len(row) != width or not all(_whole(rank) for rank in row):
        raise refuse(
            "ballot.form", what=what, because=f"a paper is not a list of {width} numbers of 0 to {RANK_MAX}"
        )
    return tuple(row)


def _demand_fit(number: int, answer: Choice, question: Question) -> None:
    what = f"the answer to question {number}"
    if question.kind == "lists":
        _demand_one_list(what, answer, question)
    else:
        _demand_marks(what, answer, question)


def _demand_marks(what: str, answer: Choice, question: Question) -> None:
    (width,) = question.widths
    marks = [mark for mark in answer if not isinstance(mark, tuple) and _whole(mark)]
    if len(answer) != width or len(marks) != width:
        first = ", the blank mark first" if question.blank else ""
        raise refuse("ballot.choice", because=f"{what} is not one number for each of {width} answers{first}")
    if question.kind == "ranked":
        return
    low, high = question.minimum or 0, question.maximum or 0
    chosen = sum(marks[question.blank :])
    blank = question.blank and marks[0] == 1
    if any(mark > 1 for mark in marks) or not (chosen == 0 if blank else low <= chosen <= high):
        instead = ", or be blank and choose none" if question.blank else ""
        raise refuse(
            "ballot.choice", because=f"{what} must choose {low} to {high} answers, each by a 1{instead}"
        )


def _demand_one_list(what: str, answer: Choice, question: Question) -> None:
    rows = [row for row in answer if isinstance(row, tuple)]
    fit = len(rows) == len(answer) and tuple(len(row) for row in rows) == question.widths
    if not fit or not all(_whole(mark) and mark <= 1 for row in rows for mark in row):
        raise refuse(
            "ballot.choice",
            because=f"{what} is not one list of marks, 0 or 1, for each list, its own mark first",
        )
    if sum(row[0] for row in rows) != 1 or any(any(row[1:]) != bool(row[0]) for row in rows):
        raise refuse(
            "ballot.choice", because=f"{what} must choose one list and at least one of its candidates"
        )


def _whole(rank: Any) -> bool:
    return isinstance(rank, int) and not isinstance(rank, bool) and 0 <= rank <= RANK_MAX
