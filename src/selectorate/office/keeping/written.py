"""A decision of people about one member, as its file has it: who decided what under which clause, when and why, and
the facts as they are now known. One form for an amendment of the roll and for an appeal."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

from selectorate.errors import refuse


@dataclass(frozen=True, slots=True)
class Form:
    """table, key: where the file says what was decided; answers: what that may be; code: of its refusals."""

    table: str
    key: str
    answers: tuple[str, ...]
    code: str


AMENDMENT = Form("decision", "change", ("put back", "answered", "taken out"), "roll.decision")
APPEAL = Form("appeal", "outcome", ("upheld", "dismissed"), "roll.appeal_decision")


@dataclass(frozen=True, slots=True)
class Written:
    """answer: one of the form's answers; facts: by name, as they are now known."""

    member: str
    answer: str
    clause: str
    decided_by: str
    on: date
    reason: str
    facts: dict[str, Any]


def read(content: bytes, name: str, form: Form) -> Written:
    """Raises a Refusal with the form's code. name: of the file, for the sentence."""
    try:
        value = tomllib.loads(content.decode("utf-8"))
        given = value[form.table]
        answer, on, facts = str(given[form.key]).strip(), given["on"], dict(value.get("facts", {}))
        texts = {key: str(given[key]).strip() for key in ("member", "clause", "decided_by", "reason")}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as reason:
        raise refuse(form.code, file=name, because=f"{reason} is missing or unreadable") from None
    if answer not in form.answers:
        raise refuse(form.code, file=name, because=f"{form.key} is {answer}")
    if type(on) is not date or not texts["reason"] or not texts["decided_by"]:
        because = "it needs a date `on`, `decided_by` and a written `reason`"
        raise refuse(form.code, file=name, because=because)
    return Written(answer=answer, on=on, facts=facts, **texts)
