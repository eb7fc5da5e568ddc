"""One telephone for many homes."""

from __future__ import annotations

from selectorate.roll.signals import shared
from selectorate.roll.signals.objects import Asked, Engine, Fact, Seen

KIND = "phone"
TITLE = "one telephone stands for many homes"
HARD = True
SOFT = False
INNOCENT = (
    "a family whose relatives live in several homes and share one telephone",
    "somebody who keeps in touch with people who have no telephone",
    "a number of the branch office that was entered where none was known",
)
SETTLES = (
    "each member says whether the number is theirs and how to reach them",
    "a second way to reach each of them",
)


def look(engine: Engine, asked: Asked) -> Seen:
    return shared.look(engine, asked, KIND, "phone")


def sentence(fact: Fact, where: str) -> str:
    return (
        f"{fact.members} members from {fact.homes} homes in {where} gave one telephone number "
        f"{shared.within(fact)}. {shared.compared(fact, 'telephone', 'stood for')}"
    )
