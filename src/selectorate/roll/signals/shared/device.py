"""One device that members of many homes joined on."""

from __future__ import annotations

from selectorate.roll.signals import shared
from selectorate.roll.signals.objects import Asked, Engine, Fact, Seen

KIND = "device"
TITLE = "many homes joined on one device"
HARD = False
SOFT = True
INNOCENT = (
    "a recruitment drive with one tablet, at a stall or from door to door",
    "a computer in a library, a hall or a home that many people use",
    "an officer who entered forms that were filled in on paper",
)
SETTLES = (
    "the drive is named by those who held it: the day, the place, who was there",
    "each member says whether they joined themselves",
)


def look(engine: Engine, asked: Asked) -> Seen:
    return shared.look(engine, asked, KIND, "device")


def sentence(fact: Fact, where: str) -> str:
    return (
        f"{fact.members} members from {fact.homes} homes in {where} joined on one device "
        f"{shared.within(fact)}. {shared.compared(fact, 'device', 'was used by')}"
    )
