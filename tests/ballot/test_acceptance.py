"""Ballots are judged one by one as they arrive; a refused or unstored one leaves no trace."""

from __future__ import annotations

import pytest
from tests.ballot.own import RANKED, Own

from selectorate.ballot import make
from selectorate.ballot.acceptance import Acceptance
from selectorate.errors import Refusal


@pytest.fixture(scope="module")
def own() -> Own:
    return Own.opened("Ed25519", (RANKED,), (1, 1, 1))


@pytest.fixture(scope="module")
def ballots(own: Own) -> tuple[bytes, ...]:
    paper = ((1, 2, 0, 0, 0),)
    return own.ballots([(0, paper), (0, paper), (1, paper), (2, paper)])


@pytest.fixture
def acceptance(own: Own) -> Acceptance:
    return Acceptance(own.setup.election, own.setup.trustees, own.setup.credentials)


def test_honest_ballots_are_accepted_and_a_later_one_replaces_the_earlier(
    acceptance: Acceptance, ballots: tuple[bytes, ...]
) -> None:
    verdicts = acceptance.judge(ballots)
    assert all(verdict.accepted for verdict in verdicts)
    assert verdicts[1].replaces == verdicts[0].tracker == make.tracker(ballots[0])
    assert [verdict.replaces for verdict in verdicts[2:]] == [None, None]


def test_judging_remembers_nothing_until_the_ballot_is_stored(
    acceptance: Acceptance, ballots: tuple[bytes, ...]
) -> None:
    assert acceptance.judge(ballots[:1])[0].accepted
    verdicts = acceptance.judge(ballots[:1])
    assert verdicts[0].accepted
    assert acceptance.voted == 0
    acceptance.admit(verdicts)
    assert acceptance.voted == 1
    assert acceptance.judge(ballots[:1])[0].duty == "B7"
    assert acceptance.judge(ballots[1:2])[0].replaces == verdicts[0].tracker


def test_a_repeat_within_one_batch_is_refused(acceptance: Acceptance, ballots: tuple[bytes, ...]) -> None:
    first, second = acceptance.judge((ballots[2], ballots[2]))
    assert (first.duty, second.duty) == ("", "B7")


def test_a_poll_that_is_resumed_remembers_its_ballots(own: Own, ballots: tuple[bytes, ...]) -> None:
    resumed = Acceptance(own.setup.election, own.setup.trustees, own.setup.credentials, ballots[:3])
    assert resumed.voted == 2
    assert [verdict.duty for verdict in resumed.judge(ballots)] == ["B7", "B7", "B7", ""]


@pytest.mark.parametrize(
    "hostile", [b"", b"{}", b"[" * 5000, b"x" * 100_000, b"\xff", b'{"election_uuid":1}']
)
def test_bytes_that_are_no_ballot_are_refused_and_named(acceptance: Acceptance, hostile: bytes) -> None:
    (verdict,) = acceptance.judge((hostile,))
    assert verdict.duty == "B1"
    assert verdict.reason
    assert verdict.tracker == make.tracker(hostile)


def test_a_ballot_of_another_election_is_refused(acceptance: Acceptance) -> None:
    other = Own.opened("Ed25519", (RANKED,), (1,))
    (ballot,) = other.ballots([(0, ((0, 0, 0, 0, 0),))])
    assert acceptance.judge((ballot,))[0].duty == "B2"


def test_a_set_up_with_a_fault_is_not_opened(own: Own) -> None:
    trustees = own.setup.trustees.replace(b'"challenge":"', b'"challenge":"1', 1)
    with pytest.raises(Refusal) as refusal:
        Acceptance(own.setup.election, trustees, own.setup.credentials)
    assert refusal.value.code == "ballot.setup"
