"""Shuffles and decryptions are judged one by one as they arrive, against the stored archive."""

from __future__ import annotations

import pytest
from tests.ballot.own import RANKED, UUID, Own

from selectorate.ballot import archive, make
from selectorate.ballot.closing import Closing, closing_of, judge_decryption, judge_shuffle


def closing(own: Own) -> Closing:
    found = closing_of(archive.read(own.content, UUID)[0])
    assert found is not None
    return found


@pytest.fixture(scope="module")
def closed() -> Own:
    own = Own.opened("Ed25519", (RANKED,), (1, 1, 1), trustees=2)
    own.cast([(elector, ((1, 2, 0, 0, 0),)) for elector in range(3)])
    assert closing_of(archive.read(own.content, UUID)[0]) is None
    own.close()
    return own


def test_shuffles_are_taken_in_turn_and_decryptions_after_them(closed: Own) -> None:
    before = closing(closed)
    assert before.ciphertexts is None
    assert before.shuffle_input == closed.verified().shuffle_input is not None
    first = make.shuffle(closed.setup, before.shuffle_input)
    assert judge_shuffle(before, 1, first) == ()
    assert {fault.duty for fault in judge_decryption(before, 1, b"{}")} == {"D1"}
    added = make.shuffle_event(closed.head, 1, first)
    closed.content, closed.head = closed.content + added.added, added.head
    after = closing(closed)
    assert {fault.duty for fault in judge_shuffle(after, 1, first)} >= {"S1"}
    assert {fault.duty for fault in judge_shuffle(after, 3, first)} >= {"S1"}
    assert {fault.duty for fault in judge_shuffle(after, 2, b"{}")} == {"S2"}
    assert judge_shuffle(after, 2, first) != ()
    closed.mix(2)
    mixed = closing(closed)
    assert mixed.shuffle_input is None
    assert mixed.ciphertexts == closed.verified().ciphertexts is not None
    assert {fault.duty for fault in judge_shuffle(mixed, 1, first)} >= {"S1"}
    decryption = make.decryption(closed.setup, closed.keys[0], mixed.ciphertexts)
    assert judge_decryption(mixed, 1, decryption) == ()
    assert {fault.duty for fault in judge_decryption(mixed, 2, decryption)} == {"D3"}
    assert {fault.duty for fault in judge_decryption(mixed, 0, decryption)} == {"D1"}
    closed.decrypt(1)
    assert {fault.duty for fault in judge_decryption(closing(closed), 1, decryption)} == {"D1"}
    closed.decrypt(2)
    closed.declare()
    assert closed.verified().result == ((((1, 2, 0, 0, 0),) * 3),)
