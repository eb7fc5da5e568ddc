"""One election made by us, kept at each stage that a step to be measured starts from."""

from __future__ import annotations

from dataclasses import dataclass

from selectorate import _kernel
from selectorate.ballot import make
from selectorate.ballot.objects import Addition, CastBallot, Credential, Head, Question, Setup

TREES = ("Alder", "Ash", "Beech", "Birch", "Cedar", "Elm", "Hazel", "Holly", "Larch", "Lime")
CHOSEN = Question("homomorphic", "Whom do you approve of?", TREES, 0, len(TREES))
RANKED = Question("ranked", "Who shall stand?", TREES)
UUID = "4uWWJpJiV8yYxg"
TIMESTAMP = 1_700_000_000
CHOSEN_ANSWER = "[[1,0,1,0,1,0,1,0,1,0]]"
RANKED_ANSWER = "[[1,2,3,4,5,6,7,8,9,10]]"


@dataclass(frozen=True, slots=True)
class Stages:
    """An election and its archive after each step; those past `voted` are empty without a ranked question.

    tally: ciphertexts that the first shuffle takes; shuffled: what the second gives, ready for decryption.
    """

    setup: Setup
    key: bytes
    credentials: tuple[str, ...]
    answer: str
    ballots: tuple[bytes, ...]
    opened: bytes
    voted: bytes
    tallied: bytes = b""
    mixed: bytes = b""
    tally: bytes = b""
    shuffle: bytes = b""
    shuffled: bytes = b""


def made(group: str, question: Question, electors: int) -> Stages:
    """An election with one question, two trustees and one ballot per elector; ranked ones are mixed twice."""
    keys = [_kernel.new_trustee(group) for _ in range(2)]
    pairs = _kernel.new_credentials(group, UUID, electors)
    listed = [Credential(public) for _, public in pairs]
    setup = make.make_election(
        uuid=UUID,
        name="Grove",
        description="Made to be measured",
        group=group,
        questions=[question],
        trustees=[public for _, public in keys],
        credentials=listed,
    )
    answer = RANKED_ANSWER if question.kind == "ranked" else CHOSEN_ANSWER
    secrets = tuple(secret for secret, _ in pairs)
    ballots = make.ballots(setup, secrets, [answer] * electors)
    content, head = make.begin(TIMESTAMP)
    content, head = _with(content, make.setup_event(head, setup))
    opened = content
    counted = []
    for ballot, (_, public) in zip(ballots, pairs, strict=True):
        counted.append(CastBallot(head.height, make.tracker(ballot), public, ballot))
        content, head = _with(content, make.ballot_event(head, ballot))
    whole = Stages(setup, keys[0][0], secrets, answer, ballots, opened, content)
    return _mixed(whole, head, counted, listed) if question.kind == "ranked" else whole


def _mixed(stages: Stages, head: Head, counted: list[CastBallot], listed: list[Credential]) -> Stages:
    content, head = _with(stages.voted, make.end_ballots_event(head))
    tally = make.encrypted_tally(stages.setup, stages.ballots)
    content, head = _with(content, make.tally_event(head, tally, counted, listed))
    tallied = content
    ciphertexts, shuffle = tally, b""
    for owner in (1, 2):
        shuffle = make.shuffle(stages.setup, ciphertexts)
        content, head = _with(content, make.shuffle_event(head, owner, shuffle))
        if owner == 1:
            ciphertexts = output(shuffle)
    content, head = _with(content, make.end_shuffles_event(head))
    return Stages(
        stages.setup,
        stages.key,
        stages.credentials,
        stages.answer,
        stages.ballots,
        stages.opened,
        stages.voted,
        tallied=tallied,
        mixed=content,
        tally=tally,
        shuffle=make.shuffle(stages.setup, tally),
        shuffled=output(shuffle),
    )


def output(shuffle: bytes) -> bytes:
    """The ciphertexts of a shuffle: its first field, cut out as it stands."""
    return shuffle[len(b'{"ciphertexts":') : shuffle.index(b',"proofs":')]


def _with(content: bytes, added: Addition) -> tuple[bytes, Head]:
    return content + added.added, added.head
