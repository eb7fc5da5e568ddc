"""One account that pays for many homes."""

from __future__ import annotations

from selectorate.roll.signals import shared
from selectorate.roll.signals.objects import Asked, Engine, Fact, Seen

KIND = "payer"
TITLE = "one account pays for many homes"
HARD = True
SOFT = False
INNOCENT = (
    "an employer, a union or a home that pays for its people by arrangement",
    "a treasurer who banks what members paid in cash",
    "somebody who pays for relatives and friends who asked for it",
)
SETTLES = (
    "each member says whether they joined themselves, and whether they paid or agreed that another pays",
    "the holder of the account, asked once, says why",
    "a receipt or a written arrangement",
)


def look(engine: Engine, asked: Asked) -> Seen:
    return shared.look(engine, asked, KIND, "payer")


def sentence(fact: Fact, where: str) -> str:
    return (
        f"{fact.members} members from {fact.homes} homes in {where} were paid for by one account "
        f"{shared.within(fact)}. {shared.compared(fact, 'account', 'paid for')}"
    )
