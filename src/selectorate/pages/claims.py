"""What a selection may claim, on what condition, and what it does not claim: filled from who held what.

Wording rules: the number of trustees, mixers and witnesses is always said, and whether they are independent;
parts that one person or one computer plays count as one; no word promises more than the condition beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from selectorate.pages.html import figure, several
from selectorate.pages.objects import Custody, PublicStory


@dataclass(frozen=True, slots=True)
class Claim:
    """One property: what it holds on, what breaks it, who can notice."""

    says: str
    holds: str
    broken: str
    noticed: str


@dataclass(frozen=True, slots=True)
class NotClaimed:
    """One property that is not claimed, and why."""

    says: str
    why: str


def parts(custody: Custody) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each person with all the parts that person held, in the order given."""
    held: dict[str, list[str]] = {}
    for holder in custody.holders:
        roles = held.setdefault(holder.name, [])
        if holder.role not in roles:
            roles.append(holder.role)
    return tuple((name, tuple(roles)) for name, roles in held.items())


def independence(custody: Custody) -> str:
    """How many independent persons there were, in one sentence."""
    people = len(parts(custody))
    trustees, mixers = len(custody.names("trustee")), len(custody.names("mixer"))
    witnesses = len(custody.names("witness"))
    watched = (
        several(witnesses, "outside witness", "outside witnesses") if witnesses else "no outside witness"
    )
    counted = (
        f"{several(trustees, 'trustee', 'trustees')} ({_needed(custody)}), "
        f"{several(mixers, 'mixer', 'mixers')}, {watched} of the record"
    )
    if custody.one_computer:
        return f"One computer played every part: {counted}. These are not independent; they count as one."
    shared = sum(1 for _, roles in parts(custody) if len(roles) > 1)
    again = (
        f" {several(shared, 'person holds', 'persons hold')} more than one part and count once."
        if shared
        else ""
    )
    return f"There were {counted}: {several(people, 'person', 'persons')} in all.{again}"


def _needed(custody: Custody) -> str:
    if len(custody.names("trustee")) == custody.needed:
        return "all are needed to open the votes"
    return f"{custody.needed} are needed to open the votes"


def not_claimed(story: PublicStory) -> tuple[NotClaimed, ...]:
    """What nobody may infer from this page, most important first."""
    custody = story.custody
    rows = []
    if custody.one_computer:
        rows.append(
            NotClaimed(
                "That these votes are secret.",
                "In this demonstration one computer plays all parts: officer, trustees, mixers and voters. "
                "It claims no secrecy at all.",
            )
        )
    rows.append(
        NotClaimed(
            "That nobody can be made to show how they voted.",
            "A voter who wants to, or who is forced to, can prove a vote. Voting again helps only if the "
            "other "
            "person is gone before the close and does not keep the voter’s letter." + _signature(story),
        )
    )
    rows.append(
        NotClaimed(
            "That it is secret who took part.",
            "The office and the credential authority together can tell who voted, not how.",
        )
    )
    rows.append(
        NotClaimed(
            "That the secret lasts for ever.",
            "The encrypted ballots are public. A break of today’s mathematics, some day, would open them.",
        )
    )
    rows.append(
        NotClaimed(
            "That a voter’s device did what the voter wanted.",
            "A device that lies can encrypt another vote, and nothing here would show it.",
        )
    )
    if story.doubt.word != "certified":
        rows.append(
            NotClaimed(
                "That the outcome is safe whatever the people in doubt voted.",
                "The doubts are larger than the proof; see “In doubt”.",
            )
        )
    return tuple(rows)


def _signature(story: PublicStory) -> str:
    if not story.custody.rankings_public:
        return ""
    possible = (
        f" There are {figure(story.custody.patterns)} possible papers" if story.custody.patterns else ""
    )
    tail = f"{possible}, so a rare order can serve as a signature." if possible else ""
    return f" The decrypted papers are public, so that anybody can count again.{tail}"


def claimed(story: PublicStory) -> tuple[Claim, ...]:
    """What holds, each with its condition."""
    custody = story.custody
    rows = [
        Claim(
            "The outcome follows from the ballots.",
            "At least one honest person runs the check on the whole record.",
            "A break of today’s mathematics.",
            "Anyone, without a network",
        ),
        Claim(
            "My ballot is counted as it was sent.",
            _counted(custody),
            _split(custody),
            "The voter, with the receipt",
        ),
        Claim(
            "The last ballot of a voter is the one that counts.",
            "Voters keep their receipts.",
            "The office, towards voters who keep none.",
            "The voter, with the receipts",
        ),
        Claim(
            "Only people on the roll voted.",
            "The office and the credential authority are not both dishonest.",
            "Both together; letters that fell into other hands.",
            "Members who ask whether a vote was cast for them",
        ),
        Claim(
            "One member, one vote.",
            "The roll is honest, and people who were left out used their appeal.",
            "People who are on the roll twice or do not exist, and were not found.",
            "Every member; the evidence on the roll",
        ),
    ]
    if not custody.one_computer:
        rows.insert(0, _secrecy(custody))
    if story.doubt.word == "certified":
        rows.append(
            Claim(
                "The outcome is safe whatever the people in doubt voted.",
                f"They are no more than {story.doubt.certified_to}, which is proved.",
                "Doubts that nobody raised.",
                "Anyone: the proof is computed again by the check",
            )
        )
    return tuple(rows)


def _secrecy(custody: Custody) -> Claim:
    trustees = len(custody.names("trustee"))
    few = f"Fewer than {custody.needed} of the {several(trustees, 'trustee', 'trustees')} work together"
    if trustees == custody.needed:
        few = f"At least one of the {several(trustees, 'trustee', 'trustees')} never opens a single vote"
    return Claim(
        "My vote is secret.",
        f"{few}, and the voter’s device and the program on it are honest.",
        f"{custody.needed} trustees together; a spying device; groups so small or so united that the outcome "
        "tells; a later break of the mathematics.",
        "Nobody, afterwards",
    )


def _counted(custody: Custody) -> str:
    if custody.names("witness"):
        return "The voter looks the tracker up after the close, and most witnesses of the record are honest."
    return "The voter looks the tracker up after the close and compares the record’s key with other members."


def _split(custody: Custody) -> str:
    if custody.names("witness"):
        return "The office and all witnesses together; voters who do not look."
    return "An office that shows different records to different people; voters who do not look."
