"""One collector who takes cash from far more homes than ever."""

from __future__ import annotations

from selectorate.roll.signals import own
from selectorate.roll.signals.objects import Asked, Engine, Fact, Seen

KIND = "collector"
TITLE = "one collector takes cash from far more homes than ever"
HARD = False
CAP = 1000
INNOCENT = (
    "a branch whose members pay in cash, and a new treasurer",
    "a street stall",
)
SETTLES = (
    "the book of receipts",
    "a sample of the members says whether they paid",
)


def look(engine: Engine, asked: Asked) -> Seen:
    return own.look(engine, asked, KIND, "collector", CAP)


def sentence(fact: Fact, where: str) -> str:
    return (
        f"{fact.homes} homes in {where} paid one collector in cash within two months. "
        f"{own.compared(fact, 'collector')}"
    )
