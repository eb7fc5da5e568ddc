"""Which event may follow which, and what each carries: one table for writing and for checking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from selectorate.ballot.objects import EventType, Stage

_ANY: Final = (False, True)


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one type of event.

    members: names of its data members in order (the last one is the payload);
    after: (type of the event before or None, whether that is so without and with ranked questions).
    """

    members: tuple[str, ...]
    after: tuple[tuple[EventType | None, tuple[bool, ...]], ...]


RULES: Final[dict[EventType, Rule]] = {
    "Setup": Rule(("election", "trustees", "credentials", "setup data"), ((None, _ANY),)),
    "Ballot": Rule(("ballot",), (("Setup", _ANY), ("Ballot", _ANY))),
    "EndBallots": Rule((), (("Setup", _ANY), ("Ballot", _ANY))),
    "EncryptedTally": Rule(("encrypted tally", "sized record"), (("EndBallots", _ANY),)),
    "Shuffle": Rule(("shuffle", "owned record"), (("EncryptedTally", (True,)), ("Shuffle", _ANY))),
    "EndShuffles": Rule((), (("Shuffle", _ANY),)),
    "PartialDecryption": Rule(
        ("partial decryption", "owned record"),
        (("EncryptedTally", (False,)), ("EndShuffles", _ANY), ("PartialDecryption", _ANY)),
    ),
    "Result": Rule(("result",), (("PartialDecryption", _ANY),)),
}


def may_follow(last: EventType | None, following: EventType, *, ranked: bool) -> bool:
    """Whether an event of type `following` may stand directly after one of type `last` (None: the start)."""
    return any(before == last and ranked in when for before, when in RULES[following].after)


def successors(last: EventType | None, *, ranked: bool) -> tuple[EventType, ...]:
    """The types that may stand directly after `last`, in the order of an election; empty after Result."""
    return tuple(following for following in RULES if may_follow(last, following, ranked=ranked))


def stage(types: Iterable[EventType]) -> Stage:
    """How far an election with these events has come. Any event of the tally means that voting has ended."""
    there = set(types)
    if "Result" in there:
        return "declared"
    return "open" if there <= {"Setup", "Ballot"} else "closed"
