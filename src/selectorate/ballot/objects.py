"""The frozen values of this room: what stands in an archive, and what is known once it has been verified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from selectorate.ballot.events import EVENT_TYPES, Archive, Event, Events, EventType

__all__ = [
    "EVENT_TYPES",
    "Addition",
    "Answer",
    "Archive",
    "CastBallot",
    "Choice",
    "Credential",
    "Event",
    "EventType",
    "Events",
    "Fault",
    "Head",
    "Parameters",
    "Question",
    "QuestionKind",
    "Ranks",
    "Setup",
    "Stage",
    "Trustees",
    "Verified",
    "lacking",
    "public_keys",
]

Stage = Literal["open", "closed", "declared"]
QuestionKind = Literal["homomorphic", "ranked", "lists"]

Ranks = tuple[int, ...]
"""One integer per answer: 1 the best, 0 unranked in a ranked question; 0 or 1 in a homomorphic one, where the
blank mark stands first if the question has one."""

Choice = Ranks | tuple[Ranks, ...]
"""What one elector says to one question; in a list question one tuple per list, the list's own mark first."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a duty of docs/formats/ballot.md does not hold."""

    duty: str
    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where an archive can be continued.

    height: number of events so far; parent: SHA-256 of the last event record, None before the first;
    last: type of the last event; ranked: whether the election has a ranked question (known from Setup on).
    """

    timestamp: int
    height: int = 0
    parent: str | None = None
    last: EventType | None = None
    ranked: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """Bytes to append to an archive for one event, and where it can be continued afterwards.

    event: SHA-256 of the event record in lower-case hex, as the office's record names it.
    """

    height: int
    type: EventType
    event: str
    record: bytes
    added: bytes
    head: Head


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    answers: of a homomorphic or ranked question; minimum, maximum: how many of them may be chosen (homomorphic
    only); blank: whether a blank vote may be cast instead (homomorphic only; a ranked one is blank when nobody is
    ranked); lists: of a list question, each the list's name and then its candidates; extra: canonical JSON that
    says how a ranked question is counted (`questions.extra_text` writes it), None where nothing is said.
    """

    kind: QuestionKind
    text: str
    answers: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    blank: bool = False
    lists: tuple[tuple[str, ...], ...] = ()
    extra: str | None = None

    @property
    def widths(self) -> tuple[int, ...]:
        """How many numbers a choice has, per list in a list question; one number otherwise."""
        if self.kind == "lists":
            return tuple(len(names) for names in self.lists)
        return (len(self.answers) + self.blank,)


@dataclass(frozen=True, slots=True)
class Trustees:
    """One entry of the list of trustees: a single trustee, or a threshold group.

    first: number of its first (or only) member; keys: public key of each member (element strings), in a
    group the verification keys; threshold: how many of them must decrypt. group: whether it is a threshold
    group; older: what marks the ceremony of a group as one of an older version, "" where nothing does.
    """

    first: int
    keys: tuple[str, ...]
    threshold: int = 1
    group: bool = False
    older: str = ""

    @property
    def numbers(self) -> range:
        """The numbers of its members."""
        return range(self.first, self.first + len(self.keys))


def public_keys(trustees: Iterable[Trustees]) -> tuple[str, ...]:
    """The key of every trustee over the whole list; trustee n is entry n-1."""
    return tuple(key for entry in trustees for key in entry.keys)


def lacking(trustees: Iterable[Trustees], owners: Iterable[int]) -> tuple[str, ...]:
    """What is still missing when these trustees have decrypted, as half sentences; empty when it suffices."""
    there = set(owners)
    missing = []
    for entry in trustees:
        present = sum(number in there for number in entry.numbers)
        if entry.group and present < entry.threshold:
            span = f"{entry.numbers[0]} to {entry.numbers[-1]}" if entry.keys else "of nobody"
            missing.append(f"{entry.threshold - present} more of the trustees {span}")
        elif not entry.group and not present:
            missing.append(f"trustee {entry.first}")
    return tuple(missing)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The election object, as far as other rooms need it. `fingerprint`: unpadded Base64 of SHA-256;
    `language`: code and direction of writing, None where nothing is said."""

    uuid: str
    group: str
    name: str
    description: str
    public_key: str
    questions: tuple[Question, ...]
    fingerprint: str
    administrator: str | None = None
    credential_authority: str | None = None
    language: tuple[str, str] | None = None

    @property
    def ranked(self) -> bool:
        """Whether there is a ranked question, and so a stage of shuffles."""
        return any(question.kind == "ranked" for question in self.questions)


@dataclass(frozen=True, slots=True)
class Credential:
    """An elector's public credential (element string) and its weight."""

    public: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Setup:
    """The four data members of the Setup event, as the exact bytes of the wire."""

    election: bytes
    trustees: bytes
    credentials: bytes
    setup_data: bytes


@dataclass(frozen=True, slots=True)
class CastBallot:
    """A ballot that is counted: `height` of its event, its tracker, its credential and the exact bytes."""

    height: int
    tracker: str
    credential: str
    ballot: bytes


Answer = tuple[int, ...] | tuple[Ranks, ...]
"""Result of one question: counts per answer (blank votes first), one tuple of ranks for each paper, or one
tuple of counts per list (the list's own first)."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What may be used after every duty that applied has passed.

    trustees: public key of each trustee; entries: the list as it stands, with its threshold groups;
    whole: False when only a sample of the ballots was checked (then nothing may be built on it);
    counted: the last ballot of each credential, in the order of the archive; superseded: ballots replaced
    by a later one; trackers: of all Ballot events in order (both are read from the archive's file as they are
    asked for, their lengths are not); encrypted_tally: canonical bytes, None while
    voting goes on; ciphertexts: JSON of what the next partial decryption covers (ranked entries as the
    last shuffle left them), None until shuffling has ended; shuffle_input: JSON of what the next shuffle
    takes (ranked entries only), None unless one may follow; decryptions: (owner, object) of those present;
    result: per question, None before the Result event.
    """

    whole: bool
    stage: Stage
    archive: Archive
    setup: Setup
    parameters: Parameters
    trustees: tuple[str, ...]
    entries: tuple[Trustees, ...]
    credentials: Sequence[Credential]
    weighted: bool
    counted: Sequence[CastBallot]
    superseded: int
    trackers: Sequence[str]
    encrypted_tally: bytes | None
    shuffle_input: bytes | None
    ciphertexts: bytes | None
    shuffle_owners: tuple[int, ...]
    decryptions: tuple[tuple[int, bytes], ...]
    result: tuple[Answer, ...] | None
