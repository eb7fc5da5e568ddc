"""Questions as the election object has them: read, written, and what a ranked one says of its counting.

Takes and gives plain values (what `wire` reads and writes) and `Question`s. Whether a question makes sense in
its group is the kernel's to find (duty E3).
"""

from __future__ import annotations

from typing import Any

from selectorate.ballot import wire
from selectorate.ballot.objects import Question
from selectorate.ballot.wire import Fields
from selectorate.errors import refuse


def read_question(number: int, found: Any) -> Question:
    """One entry of the election's list of questions. Raises Refusal `ballot.form`."""
    what = f"question {number}"
    fields = Fields(what, found)
    if "type" not in fields.found:
        return Question(
            "homomorphic",
            fields.text("question"),
            fields.texts("answers"),
            fields.number("min"),
            fields.number("max"),
            fields.flag("blank"),
        )
    kind = fields.text("type")
    if kind not in ("Lists", "NonHomomorphic"):
        raise refuse("ballot.form", what=what, because=f"there are no questions of the kind {kind}")
    inner = Fields(what, fields.found.get("value"))
    if kind == "Lists":
        lists = tuple(Fields(what, {"answers": names}).texts("answers") for names in inner.listed("answers"))
        return Question("lists", inner.text("question"), lists=lists)
    extra = _text(fields.found["extra"]) if "extra" in fields.found else None
    return Question("ranked", inner.text("question"), inner.texts("answers"), extra=extra)


def write_question(question: Question) -> dict[str, Any]:
    """The entry of a question, fields in the order of the wire. Raises Refusal `ballot.form` for bad extra."""
    if question.kind == "lists":
        value: dict[str, Any] = {"answers": [list(names) for names in question.lists]}
        return {"type": "Lists", "value": value | {"question": question.text}}
    if question.kind == "ranked":
        value = {"answers": list(question.answers), "question": question.text}
        entry: dict[str, Any] = {"type": "NonHomomorphic", "value": value}
        if question.extra is not None:
            entry["extra"] = wire.decode(
                question.extra.encode(), what="what the question says of its counting"
            )
        return entry
    blank = {"blank": True} if question.blank else {}
    limits = {"min": question.minimum, "max": question.maximum, "question": question.text}
    return {"answers": list(question.answers)} | blank | limits


def extra_text(method: str, *, blank: bool = False, grades: tuple[str, ...] = ()) -> str:
    """What a ranked question says of its counting, for `Question.extra`.

    method: "Schulze", "STV" or "MajorityJudgment", or any other name; grades: of a graded question, the best
    first; blank: whether a paper without any rank is a blank vote of its own.
    """
    fields: dict[str, Any] = {"method": method}
    if blank:
        fields["blank"] = True
    if grades:
        fields["grades"] = list(grades)
    return wire.encode(fields).decode()


def method_of(question: Question) -> str | None:
    """The counting method that a ranked question names, or None."""
    name = _extra(question).get("method")
    return name if isinstance(name, str) else None


def grades_of(question: Question) -> tuple[str, ...]:
    """The grades of a graded question, the best first; empty where ranks are given."""
    names = _extra(question).get("grades")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return ()
    return tuple(names)


def _extra(question: Question) -> dict[str, Any]:
    if question.extra is None:
        return {}
    found = wire.decode(question.extra.encode("utf-8", "surrogatepass"), what="the extra", canonical=False)
    return found if isinstance(found, dict) else {}


def _text(extra: Any) -> str:
    return wire.encode_read(extra).decode("utf-8", "surrogatepass")
