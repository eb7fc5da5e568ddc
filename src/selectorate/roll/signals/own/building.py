"""One building that fills faster than it ever did."""

from __future__ import annotations

from selectorate.roll.signals import own
from selectorate.roll.signals.objects import Asked, Engine, Fact, Seen

KIND = "building"
TITLE = "one building fills faster than it ever did"
HARD = False
SOFT = True
CAP = 4000
INNOCENT = (
    "a new building, or a hall or a home that opened this year",
    "neighbours who brought one another along",
)
SETTLES = (
    "a letter and a second way to reach each member",
    "who runs the building says since when people have lived there",
)


def look(engine: Engine, asked: Asked) -> Seen:
    return own.look(engine, asked, KIND, "building", CAP)


def sentence(fact: Fact, where: str) -> str:
    return (
        f"{fact.homes} homes in one building of {where} joined within two months. "
        f"{own.compared(fact, 'building')}"
    )
