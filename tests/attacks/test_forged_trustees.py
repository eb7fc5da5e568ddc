"""Dishonest trustees and organisers of threshold groups: keys, ceremonies, decryptions. Test name = row id.

Everything is signed by whoever would have to sign it; only what is named is wrong.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import pytest
from tests.attacks import judges
from tests.attacks.forge import archives
from tests.attacks.forge.ceremony import Ceremony, Single, key_object
from tests.attacks.forge.hand import Hand, compact
from tests.attacks.forge.poll import Poll, approval
from tests.attacks.judges import Forged, Found

pytestmark = pytest.mark.parametrize("judge", judges.JUDGES)

PARTS = {
    "pok": ("E4", ("label", "group", "key", "commitments")),
    "certificate": ("E8", ("label", "message", "end", "commitments")),
    "coefficients": ("E8", ("label", "message", "end", "commitments")),
    "all_certificates": ("E8", ("label", "what", "certificates", "coefficients", "end", "commitments")),
    "key_signature": ("E9", ("label", "message", "end", "commitments")),
}


def judged(judge: str, poll: Poll) -> Found:
    return judges.JUDGES[judge](Forged(poll.write()))


def set_up(trustees: Sequence[Any], **named: Any) -> Poll:
    """An election that nobody has voted in yet."""
    return Poll(trustees[0].hand, [approval(1, 0, 1)], 1, trustees=trustees, **named)


@pytest.mark.parametrize("contexts", [True, False])
def test_honest_groups_beside_a_single_trustee_pass(judge: str, contexts: bool) -> None:
    hand = Hand()
    poll = set_up([Single(hand), Ceremony(hand, contexts=contexts)])
    poll.vote(0, [1])
    found = judged(judge, poll.finish(decrypting=(3, 1, 4)))
    assert (found.failed, found.waiting) == (set(), {})


def test_the_table_of_weak_proofs_names_every_part_that_is_hashed(judge: str) -> None:
    hand = Hand()
    set_up([Single(hand), Ceremony(hand)])
    assert hand.parts == {f"{proof}.{part}" for proof, (_, parts) in PARTS.items() for part in parts}


FAST = ("pok.key", "certificate.message", "coefficients.message", "all_certificates.certificates")


@lru_cache(maxsize=4)
def weak(proof: str, part: str) -> Poll:
    """All trustees' proofs of this kind made without that part in their hash."""
    hand = Hand(omit={f"{proof}.{part}"})
    return set_up([Single(hand)] if proof == "pok" else [Ceremony(hand, 2, 2)])


@pytest.mark.parametrize(
    ("proof", "part"),
    judges.parts({one: listed for one, (_, listed) in PARTS.items()}, (*FAST, "key_signature.message")),
)
def test_p01_p06_a_trustees_proof_that_leaves_a_part_out_of_its_hash_is_refused(
    proof: str, part: str, judge: str
) -> None:
    assert judged(judge, weak(proof, part)).failed == {PARTS[proof][0]}


def test_g05_t01_a_key_that_cancels_the_others_is_refused(judge: str) -> None:
    """The last to come takes the inverse of the others' product times a key of its own; it can prove nothing."""
    hand = Hand()
    honest, own = Single(hand), Single(hand)
    public = hand.text(hand.group.divide(own.share, honest.share))
    rogue = copy.copy(own)
    rogue.entry = ["Single", {**own.entry[1], "public_key": public}]
    poll = set_up([honest, rogue], key=own.share)
    assert judged(judge, poll).failed == {"E4"}


def test_g05_the_identity_as_a_key_is_refused_though_its_proof_is_right(judge: str) -> None:
    hand = Hand()
    assert "E4" in judged(judge, set_up([Single(hand), Single(hand, 0)])).failed


def test_p06_the_same_key_twice_is_refused(judge: str) -> None:
    hand = Hand()
    trustee = Single(hand)
    assert judged(judge, set_up([trustee, trustee])).failed == {"E4"}


def test_p06_a_proof_of_possession_without_challenge_is_refused(judge: str) -> None:
    trustee = Single(Hand())
    trustee.entry[1]["pok"]["challenge"] = "0"
    assert judged(judge, set_up([trustee])).failed == {"E4"}


def test_p06_a_missing_proof_of_possession_is_refused(judge: str) -> None:
    trustee = Single(Hand())
    del trustee.entry[1]["pok"]
    assert judged(judge, set_up([trustee, Single(trustee.hand)])).failed == {"E4"}


def test_g05_keys_whose_product_is_the_identity_are_refused(judge: str) -> None:
    hand = Hand()
    secret = hand.scalar()
    assert "E5" in judged(judge, set_up([Single(hand, secret), Single(hand, hand.q - secret)])).failed


# ---------------------------------------------------------------- ceremonies


def lower(group: Ceremony) -> None:
    """The number alone is edited: the certificates and the lists of coefficients say another."""
    group.said_threshold = 1


def mix_certificates(group: Ceremony) -> None:
    """One member's certificate is that of another ceremony, signed as such."""
    group.certificates[1] = Ceremony(group.hand).certificates[1]


def copy_certificate(group: Ceremony) -> None:
    group.certificates[1] = group.certificates[0]


def exchange_certificates(group: Ceremony) -> None:
    group.certificates[0], group.certificates[1] = group.certificates[1], group.certificates[0]


def other_index(group: Ceremony) -> None:
    group.certificates[1] = group.certificate(2, index=3)


def other_size(group: Ceremony) -> None:
    group.certificates[1] = group.certificate(2, size=4)


def other_group(group: Ceremony) -> None:
    group.certificates[1] = group.certificate(2, group="RFC-3526-2048")


def exchange_coefficients(group: Ceremony) -> None:
    """Two members' lists are exchanged, each signed by the one under whose name it stands."""
    group.own_coefficients = {1: group.coefficients(2), 2: group.coefficients(1)}


def other_coefficients(group: Ceremony) -> None:
    """One member publishes others than the shares were made from."""
    group.own_coefficients[1] = [group.hand.g(group.hand.scalar()) for _ in range(group.threshold)]


def longer(group: Ceremony) -> None:
    """One coefficient more than the threshold, in the keys too."""
    group.polynomials[1].append(5)


def exchange_keys(group: Ceremony) -> None:
    group.own_secrets = {1: group.key_secret(2), 2: group.key_secret(1)}


def unsigned_key(group: Ceremony) -> None:
    group.key_signers[2] = None


def key_signed_by_another(group: Ceremony) -> None:
    group.key_signers[2] = group.signing[0]


CEREMONIES: dict[str, tuple[Callable[[Ceremony], None], set[str]]] = {
    "threshold lowered": (lower, {"E7", "E8"}),
    "a certificate of another ceremony": (mix_certificates, {"E8"}),
    "a certificate copied": (copy_certificate, {"E8"}),
    "certificates exchanged": (exchange_certificates, {"E8"}),
    "a certificate for another place": (other_index, {"E8"}),
    "a certificate for another number of members": (other_size, {"E8"}),
    "a certificate for another group": (other_group, {"E8"}),
    "other coefficients than the shares": (other_coefficients, {"E9"}),
    "a polynomial of a higher degree": (longer, {"E7"}),
    "verification keys exchanged": (exchange_keys, {"E9"}),
    "one key of three not signed": (unsigned_key, {"E9"}),
    "a key signed by another member": (key_signed_by_another, {"E9"}),
}


@pytest.mark.parametrize("change", CEREMONIES)
def test_t02_t03_a_ceremony_with_an_exchanged_piece_is_refused(change: str, judge: str) -> None:
    group = Ceremony(Hand())
    edit, duties = CEREMONIES[change]
    edit(group)
    found = judged(judge, set_up([group]))
    # A certificate that is not the signer's takes the signatures on keys along: they are made with its key.
    assert duties <= found.failed <= duties | ({"E9"} if "E8" in duties else set())


def test_t03_lists_of_coefficients_exchanged_and_signed_anew_change_nothing_that_matters(judge: str) -> None:
    """The sum of all polynomials stays what it was, so each key fits: what stands there is one ceremony's."""
    group = Ceremony(Hand())
    exchange_coefficients(group)
    assert judged(judge, set_up([group])).failed == set()


def test_t03_lists_of_coefficients_exchanged_with_their_signatures_are_refused(judge: str) -> None:
    group = Ceremony(Hand())
    poll = set_up([group])
    listed = json.loads(poll.events[0].bodies[1])
    lists = listed[0][1]["coefexps"]
    lists[0], lists[1] = lists[1], lists[0]
    poll.events[0].bodies[1] = compact(listed)
    assert judged(judge, poll).failed == {"E8"}


@pytest.mark.parametrize("threshold", [0, 4])
def test_t03_a_threshold_that_no_group_can_have_is_refused(threshold: int, judge: str) -> None:
    group = Ceremony(Hand(), contexts=False)
    group.said_threshold = threshold
    assert judged(judge, set_up([group])).failed == {"E7"}


@pytest.mark.parametrize("name", ["certs", "coefexps", "verification_keys"])
def test_t03_a_group_with_a_piece_missing_is_refused(name: str, judge: str) -> None:
    poll = set_up([Ceremony(Hand(), contexts=False)])
    listed = json.loads(poll.events[0].bodies[1])
    listed[0][1][name].pop()
    poll.events[0].bodies[1] = compact(listed)
    assert "E7" in judged(judge, poll).failed


# ---------------------------------------------------------------- decryptions


def one_vote(trustees: Sequence[Any] | None = None) -> Poll:
    hand = trustees[0].hand if trustees else Hand()
    poll = Poll(hand, [approval(2, 0, 2)], 1, trustees=trustees)
    poll.vote(0, [1, 0])
    poll.close()
    return poll


@pytest.mark.parametrize(
    ("proof", "part"),
    judges.parts({"decrypt": ("label", "election", "key", "commitments")}, ("decrypt.election",)),
)
def test_p01_a_decryption_that_leaves_a_part_out_of_its_hash_is_refused(
    proof: str, part: str, judge: str
) -> None:
    poll = one_vote()
    poll.decrypt(1)
    poll.hand = Hand(omit={f"{proof}.{part}"})
    poll.decrypt(2)
    poll.declare()
    found = judged(judge, poll)
    assert found.failed == {"D3"}
    assert "trustee 2" in found.reason("D3")


def permuted(poll: Poll) -> dict[str, Any]:
    found = poll.decryption(poll.secret_of(2))
    return {name: [rows[0][::-1]] for name, rows in found.items()}


def of_another(poll: Poll) -> dict[str, Any]:
    return poll.decryption(poll.secret_of(2), [poll.ciphers[0][:1] * 2])


def of_another_key(poll: Poll) -> dict[str, Any]:
    return poll.decryption(poll.hand.scalar())


def of_another_trustee(poll: Poll) -> dict[str, Any]:
    return poll.decryption(poll.secret_of(1))


def of_one_ballot(poll: Poll) -> dict[str, Any]:
    """Of single ciphertexts instead of the tally: what a server would like to have decrypted."""
    return poll.decryption(poll.secret_of(2), [[poll.hand.encrypt(poll.y, 1).cipher for _ in range(2)]])


@pytest.mark.parametrize(
    "make",
    [
        permuted,
        of_another_trustee,
        *(pytest.param(make, marks=pytest.mark.slow) for make in (of_another, of_another_key, of_one_ballot)),
    ],
)
def test_t04_t06_a_decryption_of_something_else_or_somebody_else_is_refused_and_its_owner_named(
    make: Callable[[Poll], dict[str, Any]], judge: str
) -> None:
    poll = one_vote()
    poll.decrypt(1)
    poll.decrypted(2, make(poll))
    poll.declare()
    found = judged(judge, poll)
    assert found.failed == {"D3"}
    assert "trustee 2" in found.reason("D3")


def test_t04_the_decryption_of_another_election_is_refused(judge: str) -> None:
    poll = one_vote()
    poll.decrypt(1)
    right, poll.phi = poll.phi, "A" * 43
    poll.decrypt(2)
    poll.phi = right
    poll.declare()
    assert judged(judge, poll).failed == {"D3"}


def test_t05_one_bad_decryption_among_enough_good_ones_is_named_and_the_result_is_judged(judge: str) -> None:
    poll = one_vote([Ceremony(Hand())])
    poll.decrypted(1, poll.decryption(poll.hand.scalar()))
    poll.decrypt(2, 3)
    poll.declare()
    found = judged(judge, poll)
    assert found.failed == {"D3"}
    assert "trustee 1" in found.reason("D3")
    assert found.verdicts["R1"][0] == "passed"


def test_t05_a_wrong_result_beside_one_bad_decryption_among_enough_is_refused(judge: str) -> None:
    poll = one_vote([Ceremony(Hand())])
    poll.decrypted(1, poll.decryption(poll.hand.scalar()))
    poll.decrypt(2, 3)
    poll.declare([[0, 1]])
    assert judged(judge, poll).failed == {"D3", "R1"}


def test_t05_fewer_than_the_threshold_give_no_result(judge: str) -> None:
    poll = one_vote([Ceremony(Hand(), 3, 3)])
    poll.decrypt(1, 3)
    poll.declare()
    assert judged(judge, poll).failed == {"D4"}


def test_t07_a_decryption_while_ballots_may_come_is_refused(judge: str) -> None:
    poll = archives.open_poll()
    closed = poll.again()
    closed.close()
    poll.decrypted(1, closed.decryption(closed.secret_of(1)))
    assert "A3" in judged(judge, poll).failed


def test_x07_a_bad_decryption_before_a_good_one_of_the_same_trustee_is_not_forgotten(judge: str) -> None:
    poll = one_vote()
    poll.decrypted(1, poll.decryption(poll.hand.scalar()))
    poll.decrypt(1, 2)
    poll.declare()
    assert judged(judge, poll).failed == {"D1", "D3"}


def test_t10_the_parts_of_a_key_object_are_what_its_proof_is_about(judge: str) -> None:
    """A name beside the key is no part of the proof: changing it is seen in the hash of the set-up alone (X11)."""
    hand = Hand()
    named = Single(hand)
    named.entry = ["Single", key_object(hand, named.secret, name="Trustee One")]
    assert judged(judge, set_up([named])).failed == set()
