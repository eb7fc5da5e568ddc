"""Elections that we made, judged by programs that other people wrote.

The right answer is the foreign verifier's. That it can also say no is shown where that is dependable: 2.0 on
whole archives in the finite fields, 3.0 on single ballots in Ed25519.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ballot.own import CHAIR, COMMITTEE, OPENED, RANKED, UUID, Own
from tests.interop.judges import Judge

pytestmark = pytest.mark.interop

Choices = list[tuple[int, tuple[tuple[int, ...], ...]]]
PAPERS: Choices = [
    (0, ((1, 2, 3, 4, 5),)),
    (1, ((2, 1, 0, 0, 0),)),
    (2, ((0, 0, 0, 0, 0),)),  # a blank paper
    (0, ((5, 4, 3, 2, 1),)),  # the first elector votes again
    (3, ((1, 1, 0, 0, 0),)),  # an invalid paper, which shows only at the count
]
MARKS: Choices = [
    (0, ((1, 0, 0), (1, 1, 0, 0))),
    (1, ((0, 1, 0), (0, 0, 0, 0))),
    (2, ((0, 0, 1), (0, 1, 0, 0))),
    (0, ((0, 1, 0), (0, 0, 1, 0))),
]


def ranked(group: str) -> Own:
    """Five electors, one of whom never votes; two mixers, three trustees."""
    own = Own.opened(group, [RANKED], [1, 1, 1, 1, 1])
    own.cast(PAPERS)
    own.close()
    own.mix(2, 1)
    own.decrypt(1, 3, 2)
    own.declare()
    return own


def weighted(group: str) -> Own:
    """Four electors of different weights, one of whom never votes; three trustees."""
    own = Own.opened(group, [CHAIR, COMMITTEE], [3, 1, 20, 7])
    own.cast(MARKS)
    own.close()
    own.decrypt(1, 2, 3)
    own.declare()
    return own


@pytest.mark.parametrize(
    ("group", "make"),
    [("RFC-3526-2048", ranked), ("BELENIOS-2048", weighted), ("Ed25519", ranked), ("Ed25519", weighted)],
)
def test_a_foreign_verifier_accepts_our_election(
    group: str, make: Callable[[str], Own], judge: Callable[[str], Judge], tmp_path: Path
) -> None:
    own = make(group)
    accepted, words = judge(group).accepts(own.content, UUID, tmp_path)
    assert accepted, f"{judge(group).name} says: {words}"


@pytest.mark.parametrize("group", ["BELENIOS-2048", "Ed25519"])
def test_an_open_poll_of_ours_is_accepted_before_anything_is_counted(
    group: str, judge: Callable[[str], Judge], tmp_path: Path
) -> None:
    own = Own.opened(group, [CHAIR, COMMITTEE], [1, 1, 1])
    own.cast(MARKS[:2])
    accepted, words = judge(group).accepts(own.content, UUID, tmp_path)
    assert accepted, f"{judge(group).name} says: {words}"


def test_the_foreign_verifier_refuses_our_election_with_another_result(
    judge: Callable[[str], Judge], tmp_path: Path
) -> None:
    """An archive whose chain holds and whose announced counts are swapped: a yes must be able to be a no."""
    from selectorate.ballot import make

    own = Own.opened("BELENIOS-2048", [CHAIR, COMMITTEE], [3, 1, 20, 7])
    own.cast(MARKS)
    own.close()
    own.decrypt(1, 2, 3)
    false = make.result_event(own.head, b'{"result":[[20,4,0],[0,20,3,0]]}').added
    accepted, _ = judge("BELENIOS-2048").accepts(own.content + false, UUID, tmp_path)
    assert not accepted


def test_a_foreign_verifier_accepts_a_ballot_of_ours_and_refuses_it_when_one_digit_is_changed(
    judge: Callable[[str], Judge], tmp_path: Path
) -> None:
    own = Own.opened("Ed25519", [CHAIR, COMMITTEE], [1, 1, 1])
    ballot = own.ballots(MARKS[:1])[0]
    (tmp_path / f"{UUID}.bel").write_bytes(own.content)
    for content, right in ((ballot, 0), (changed(ballot), 124)):
        (tmp_path / "ballot.json").write_bytes(content)
        done = judge("Ed25519").run(
            *("election", "verify-ballot", "--dir", ".", "--ballot", "ballot.json"),
            folder=tmp_path,
            check=False,
        )
        assert done.returncode == right, done.stderr.decode("utf-8", "replace")


def changed(ballot: bytes) -> bytes:
    """The ballot with the last digit of its first response changed, which no signature covers any more."""
    place = ballot.index(b'"response":"') + len(b'"response":"')
    end = ballot.index(b'"', place)
    digit = b"1" if ballot[end - 1 : end] != b"1" else b"2"
    return ballot[: end - 1] + digit + ballot[end:]


def test_our_archive_says_when_the_poll_was_made_and_nothing_else_about_time() -> None:
    own = Own.opened("Ed25519", [CHAIR], [1])
    assert own.content.count(str(OPENED).encode()) == 1
