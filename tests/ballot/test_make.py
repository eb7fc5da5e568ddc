"""Elections of our own: made event by event, verified at every stage, the result known beforehand."""

from __future__ import annotations

import json

import pytest
from tests.ballot import forge
from tests.ballot.own import CHAIR, COMMITTEE, RANKED, TREES, UUID, Own

from selectorate import _kernel
from selectorate.ballot import make
from selectorate.ballot.check import check_archive
from selectorate.ballot.objects import Credential
from selectorate.errors import Refusal


@pytest.mark.parametrize("group", ["Ed25519", "BELENIOS-2048"])
def test_a_weighted_election_gives_the_sums_of_its_last_ballots(group: str) -> None:
    own = Own.opened(group, (CHAIR, COMMITTEE), (1, 2, 5, 1_000_000))
    own.cast([(0, ((1, 0, 0), (1, 1, 0, 0))), (3, ((0, 1, 0), (0, 0, 0, 0)))])
    own.cast([(1, ((0, 0, 1), (0, 0, 1, 0))), (3, ((0, 0, 1), (0, 0, 0, 1)))])
    own.close()
    own.decrypt(2, 3, 1)
    own.declare()
    checks, found = check_archive(own.content, UUID, foreign=False)
    assert [check for check in checks if check.verdict == "failed"] == []
    assert found is not None
    assert found.result == ((1, 0, 1_000_002), (1, 1, 2, 1_000_000))
    assert (len(found.counted), found.superseded, found.weighted) == (3, 1, True)


def test_a_small_weighted_election_in_the_dearest_group() -> None:
    own = Own.opened("RFC-3526-2048", (CHAIR,), (3, 4), trustees=1)
    own.cast([(0, ((0, 1, 0),)), (1, ((0, 0, 1),))])
    own.close()
    own.decrypt(1)
    own.declare()
    assert own.verified().result == ((0, 3, 4),)


@pytest.mark.parametrize("group", ["Ed25519", "RFC-3526-2048"])
def test_a_ranked_election_gives_its_papers_back(group: str) -> None:
    papers = [(1, 2, 3, 4, 5), (0, 0, 0, 0, 0), (1, 1, 255, 0, 0)]
    own = Own.opened(group, (RANKED,), (1,) * 4)
    own.cast([(0, ((3, 0, 0, 0, 0),))])
    own.cast([(elector, (paper,)) for elector, paper in enumerate(papers)])
    own.close()
    own.mix(3, 1)
    own.decrypt(1, 2, 3)
    own.declare()
    checks, found = check_archive(own.content, UUID, foreign=False)
    assert [check for check in checks if check.verdict == "failed"] == []
    assert found is not None
    assert found.result is not None
    assert sorted(found.result[0]) == sorted(papers)  # type: ignore[type-var]
    assert (found.shuffle_owners, found.superseded) == ((3, 1), 1)


def test_ranked_and_other_questions_stand_in_one_election() -> None:
    own = Own.opened("Ed25519", (CHAIR, RANKED), (1, 1, 1), trustees=2)
    own.cast([(0, ((1, 0, 0), (1, 0, 0, 0, 0))), (2, ((0, 1, 0), (0, 0, 0, 0, 1)))])
    own.close()
    own.mix(1, 2)
    own.decrypt(1, 2)
    own.declare()
    found = own.verified()
    assert found.result is not None
    assert found.result[0] == (1, 1, 0)
    assert sorted(found.result[1]) == [(0, 0, 0, 0, 1), (1, 0, 0, 0, 0)]  # type: ignore[type-var]


@pytest.mark.parametrize("question", [CHAIR, RANKED])
def test_an_election_without_ballots_can_be_closed_and_declared(question: object) -> None:
    own = Own.opened("Ed25519", (question,), (1, 1), trustees=1)  # type: ignore[arg-type]
    own.close()
    if question is RANKED:
        own.mix(1)
    own.decrypt(1)
    own.declare()
    assert own.verified().result == (((),) if question is RANKED else ((0, 0, 0),))


def test_the_set_up_has_the_fields_and_order_of_the_wire() -> None:
    own = Own.opened("Ed25519", (CHAIR, RANKED), (1, 1))
    election = json.loads(own.setup.election)
    assert list(election) == ["version", "description", "name", "group", "public_key", "questions", "uuid"]
    assert list(election["questions"][0]) == ["answers", "min", "max", "question"]
    assert election["questions"][1] == {
        "type": "NonHomomorphic",
        "value": {"answers": list(TREES), "question": RANKED.text},
    }
    assert all(list(key) == ["pok", "public_key"] for kind, key in json.loads(own.setup.trustees))
    assert all("," not in entry for entry in json.loads(own.setup.credentials))
    assert forge.take_apart(own.content).steps[0].content[3] == own.setup.setup_data


def test_weights_stand_on_all_credentials_or_on_none() -> None:
    own = Own.opened("Ed25519", (CHAIR,), (1, 7))
    weights = sorted(entry.partition(",")[2] for entry in json.loads(own.setup.credentials))
    assert weights == ["1", "7"]


def test_our_archives_are_the_bytes_that_another_writer_gives() -> None:
    own = Own.opened("Ed25519", (CHAIR,), (1, 1))
    own.cast([(0, ((1, 0, 0),))])
    own.close()
    assert forge.put_together(forge.take_apart(own.content)) == own.content


def _refused(**changes: object) -> str:
    _, public = _kernel.new_trustee("Ed25519")
    (_, credential), (_, other) = _kernel.new_credentials("Ed25519", UUID, 2)
    values: dict[str, object] = {
        "uuid": UUID,
        "name": "Grove",
        "description": "",
        "group": "Ed25519",
        "questions": (CHAIR,),
        "trustees": [public],
        "credentials": [Credential(credential), Credential(other)],
    }
    with pytest.raises(Refusal) as refusal:
        make.make_election(**(values | changes))  # type: ignore[arg-type]
    assert refusal.value.code == "ballot.setup"
    return str(refusal.value.context["duty"])


def test_a_set_up_that_no_verifier_would_pass_is_not_made() -> None:
    (_, twice), (_, weighty) = _kernel.new_credentials("Ed25519", UUID, 2)
    neutral = "0" * 63 + "1"
    assert _refused(uuid="0OIl") == "E2"
    assert _refused(trustees=[b"[]"]) == "E4"
    assert _refused(credentials=[Credential(twice), Credential(twice)]) == "E6"
    assert _refused(credentials=[Credential(neutral)]) == "E6"
    assert _refused(questions=(RANKED,), credentials=[Credential(weighty, 2)]) == "E3"
    assert _refused(questions=()) in ("E1", "E3")


def test_a_private_key_of_another_trustee_makes_a_decryption_that_fails() -> None:
    own = Own.opened("Ed25519", (CHAIR,), (1,), trustees=2)
    own.cast([(0, ((1, 0, 0),))])
    own.close()
    own.keys.reverse()
    ciphertexts = own.verified().ciphertexts
    assert ciphertexts is not None
    wrong = make.decryption_event(own.head, 1, make.decryption(own.setup, own.keys[0], ciphertexts))
    checks, found = check_archive(own.content + wrong.added, UUID)
    assert {check.duty for check in checks if check.verdict == "failed"} == {"D3"}
    assert "trustee 1" in next(check.because for check in checks if check.duty == "D3")
    assert found is None


def test_an_identifier_is_made_from_the_random_bytes_given() -> None:
    assert make.new_uuid(bytes(32)) == "1" * 14
    assert make.new_uuid(bytes(31) + b"\x01") != make.new_uuid(bytes(31) + b"\x02")
    with pytest.raises(Refusal):
        make.new_uuid(b"short")


def test_a_tracker_is_that_of_the_whole_ballot() -> None:
    assert make.tracker(b"") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"


def test_what_the_kernel_cannot_make_is_refused_with_a_sentence() -> None:
    own = Own.opened("Ed25519", (CHAIR,), (1,))
    attempts = (
        lambda: make.ballots(own.setup, own.secrets, ["[[1,1,0]]"]),
        lambda: make.ballots(own.setup, ["no credential"], ["[[1,0,0]]"]),
        lambda: make.encrypted_tally(own.setup, [b"{}"]),
        lambda: make.shuffle(own.setup, b"{}"),
        lambda: make.decryption(own.setup, b"no key", b"[[]]"),
        lambda: make.result(own.setup, b"[[]]", []),
    )
    for attempt in attempts:
        with pytest.raises(Refusal) as refusal:
            attempt()
        assert refusal.value.code == "ballot.kernel"
        assert "cannot be made" in str(refusal.value)
