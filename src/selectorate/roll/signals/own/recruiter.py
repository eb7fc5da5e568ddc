"""One recruiter who brings far more homes than ever."""

from __future__ import annotations

from selectorate.roll.signals import own
from selectorate.roll.signals.objects import Asked, Engine, Fact, Seen

KIND = "recruiter"
TITLE = "one recruiter brings far more homes than ever"
HARD = False
SOFT = True
CAP = 2000
INNOCENT = (
    "a new recruiter with a good season",
    "a drive that was not registered beforehand",
)
SETTLES = (
    "the recruiter says where and when the members were won",
    "each member says whether they joined themselves",
)


def look(engine: Engine, asked: Asked) -> Seen:
    return own.look(engine, asked, KIND, "recruiter", CAP)


def sentence(fact: Fact, where: str) -> str:
    return (
        f"{fact.homes} homes in {where} were brought by one recruiter within two months. "
        f"{own.compared(fact, 'recruiter')}"
    )
