"""One election made by us, kept at each stage that a step to be measured starts from."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectorate import _kernel
from selectorate.ballot import make
from selectorate.ballot.objects import Addition, CastBallot, Credential, Head, Question, Setup

TREES = ("Alder", "Ash", "Beech", "Birch", "Cedar", "Elm", "Hazel", "Holly", "Larch", "Lime")
CHOSEN = Question("homomorphic", "Whom do you approve of?", TREES, 0, len(TREES))
BLANK = Question("homomorphic", "Whom do you approve of, if anybody?", TREES, 1, len(TREES), blank=True)
LISTS = Question(
    "lists", "Which list, and whom on it?", lists=(("Broad-leaved", *TREES[:4]), ("Other", *TREES[4:8]))
)
RANKED = Question("ranked", "Who shall stand?", TREES)
ONE = Question("homomorphic", "Shall it be planted?", ("Yes",), 0, 1)
UUID = "4uWWJpJiV8yYxg"
TIMESTAMP = 1_700_000_000
TRUSTEES = 2
# One paper for each kind of question.
ANSWERS = {
    CHOSEN: "[[1,0,1,0,1,0,1,0,1,0]]",
    BLANK: "[[0,1,0,1,0,1,0,1,0,1,0]]",
    LISTS: "[[[1,1,0,1,0],[0,0,0,0,0]]]",
    RANKED: "[[1,2,3,4,5,6,7,8,9,10]]",
    ONE: "[[1]]",
}


@dataclass(frozen=True, slots=True)
class Stages:
    """An election and its archive after each step, by the step's name.

    archives: `opened` (set-up), `voted`, `closed` (voting has ended), `tallied`, `mixed` (ranked questions
    only: after two shuffles), `ready` (for decryption), `half` (one trustee has decrypted), `decrypted` (all
    have). tally: the encrypted tally; shuffled: what the trustees decrypt; shuffle: one shuffle of the tally;
    decryptions: one of each trustee.
    """

    setup: Setup
    key: bytes
    credentials: tuple[str, ...]
    answer: str
    ballots: tuple[bytes, ...]
    archives: dict[str, bytes] = field(default_factory=dict)
    tally: bytes = b""
    shuffle: bytes = b""
    shuffled: bytes = b""
    decryptions: tuple[bytes, ...] = ()


def made(group: str, question: Question, electors: int, *, counted: bool = True) -> Stages:
    """An election with one question, two trustees and one ballot per elector, up to the decryptions where
    `counted`; ranked ones are mixed twice. Raises Refusal, or KernelError "not yet supported: ..."."""
    keys = [_kernel.new_trustee(group) for _ in range(TRUSTEES)]
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
    secrets = tuple(secret for secret, _ in pairs)
    ballots = make.ballots(setup, secrets, [ANSWERS[question]] * electors)
    content, head = make.begin(TIMESTAMP)
    content, head = _with(content, make.setup_event(head, setup))
    archives = {"opened": content}
    cast = []
    for ballot, (_, public) in zip(ballots, pairs, strict=True):
        cast.append(CastBallot(head.height, make.tracker(ballot), public, ballot))
        content, head = _with(content, make.ballot_event(head, ballot))
    archives["voted"] = content
    first = keys[0][0]
    if not counted:
        return Stages(setup, first, secrets, ANSWERS[question], ballots, archives)
    content, head = _with(content, make.end_ballots_event(head))
    archives["closed"] = content
    tally = make.encrypted_tally(setup, ballots)
    content, head = _with(content, make.tally_event(head, tally, cast, listed))
    archives["tallied"] = content
    shuffled, shuffle = tally, b""
    if question.kind == "ranked":
        for owner in range(1, TRUSTEES + 1):
            shuffle = make.shuffle(setup, shuffled)
            content, head = _with(content, make.shuffle_event(head, owner, shuffle))
            shuffled = output(shuffle)
        content, head = _with(content, make.end_shuffles_event(head))
        archives["mixed"] = content
        shuffle = make.shuffle(setup, tally)
    archives["ready"] = content
    decryptions = tuple(make.decryption(setup, private, shuffled) for private, _ in keys)
    for owner, decryption in enumerate(decryptions, 1):
        content, head = _with(content, make.decryption_event(head, owner, decryption))
        archives["half" if owner < TRUSTEES else "decrypted"] = content
    return Stages(
        setup, first, secrets, ANSWERS[question], ballots, archives, tally, shuffle, shuffled, decryptions
    )


def output(shuffle: bytes) -> bytes:
    """The ciphertexts of a shuffle: its first field, cut out as it stands."""
    return shuffle[len(b'{"ciphertexts":') : shuffle.index(b',"proofs":')]


def _with(content: bytes, added: Addition) -> tuple[bytes, Head]:
    return content + added.added, added.head
