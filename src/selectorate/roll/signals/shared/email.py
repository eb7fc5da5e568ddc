"""One e-mail address for many homes."""

from __future__ import annotations

from selectorate.roll.signals import shared
from selectorate.roll.signals.objects import Asked, Engine, Fact, Seen

KIND = "email"
TITLE = "one e-mail address stands for many homes"
HARD = True
SOFT = False
INNOCENT = (
    "somebody who reads the post of relatives or neighbours who are not online",
    "an address of the branch office that was entered where none was known",
)
SETTLES = (
    "each member says whether the address is theirs and how to reach them",
    "a second way to reach each of them",
)


def look(engine: Engine, asked: Asked) -> Seen:
    return shared.look(engine, asked, KIND, "email")


def sentence(fact: Fact, where: str) -> str:
    return (
        f"{fact.members} members from {fact.homes} homes in {where} gave one e-mail address "
        f"{shared.within(fact)}. {shared.compared(fact, 'e-mail address', 'stood for')}"
    )
