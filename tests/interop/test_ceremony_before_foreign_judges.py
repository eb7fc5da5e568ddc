"""Groups made in our ceremony, in elections judged by programs that other people wrote.

The right answer is the foreign verifier's: 2.0 in the finite field, 3.0 in Ed25519.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ballot.hall import Hall
from tests.ballot.own import CHAIR, COMMITTEE, OPENED, UUID, Own
from tests.interop.judges import Judge

from selectorate import _kernel
from selectorate.ballot import make
from selectorate.ballot.ceremony import make as ceremony
from selectorate.ballot.objects import Credential

pytestmark = pytest.mark.interop

MARKS: list[tuple[int, tuple[tuple[int, ...], ...]]] = [
    (0, ((1, 0, 0), (1, 1, 0, 0))),
    (1, ((0, 1, 0), (0, 0, 0, 0))),
    (2, ((0, 0, 1), (0, 1, 0, 0))),
]
COUNTS = ((1, 1, 1), (1, 2, 0, 0))
"""Added up by hand from the marks."""


def opened(group: str, members: int, threshold: int, *, server: bool) -> Own:
    """An election whose trustees are a group, after a single one where there is a server."""
    hall = Hall(members, threshold, group=group, uuid=UUID)
    found = hall.hold()
    assert found.parameters is not None
    keys = [ceremony.decryption_key(found, hall.seeds[n], n)[0] for n in range(1, members + 1)]
    trustees = [found.parameters]
    if server:
        private, public = _kernel.new_trustee(group)
        keys.insert(0, private)
        trustees.insert(0, public)
    credentials = _kernel.new_credentials(group, UUID, 3)
    questions = (CHAIR, COMMITTEE)
    setup = make.make_election(
        uuid=UUID,
        name="Grove",
        description="A selection of trees",
        group=group,
        questions=questions,
        trustees=trustees,
        credentials=[Credential(public, 1) for _, public in credentials],
    )
    content, head = make.begin(OPENED)
    added = make.setup_event(head, setup)
    secrets = [secret for secret, _ in credentials]
    return Own(setup, questions, keys, secrets, content + added.added, added.head)


@pytest.mark.parametrize("group", ["BELENIOS-2048", "Ed25519"])
@pytest.mark.parametrize(
    ("members", "threshold", "server", "who"),
    [(3, 2, False, (3, 1)), (3, 2, True, (1, 4, 2)), (1, 1, False, (1,)), (3, 3, False, (1, 2, 3))],
)
def test_a_foreign_verifier_accepts_an_election_of_our_group(
    group: str,
    members: int,
    threshold: int,
    server: bool,
    who: tuple[int, ...],
    judge: Callable[[str], Judge],
    tmp_path: Path,
) -> None:
    own = opened(group, members, threshold, server=server)
    own.cast(MARKS)
    own.close()
    own.decrypt(*who)
    own.declare()
    accepted, words = judge(group).accepts(own.content, UUID, tmp_path)
    assert accepted, f"{judge(group).name} says: {words}"
    assert own.verified().result == COUNTS
