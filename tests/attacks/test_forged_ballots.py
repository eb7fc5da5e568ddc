"""Dishonest electors: ballots with the best proofs that there are for what is not allowed, or with weak ones.

Each is judged in an open poll by both verifiers, ballot by ballot, and by acceptance. Test name = row id.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pytest
from tests.attacks import judges
from tests.attacks.forge import answers as making
from tests.attacks.forge.answers import Answer
from tests.attacks.forge.hand import Hand, compact
from tests.attacks.forge.poll import Poll, approval, of_lists, of_ranks
from tests.attacks.judges import Forged

FIELD = "BELENIOS-2048"
KINDS: dict[str, tuple[dict[str, Any], Any]] = {
    "choices": (approval(2, 0, 1), [1, 0]),
    "blank": (approval(1, 1, 1, blank=True), [0, 1]),
    "lists": (of_lists(), [[1, 1], [0, 0, 0]]),
    "ranked": (of_ranks(2), [1, 2]),
}
# What stands in each text that is hashed into a challenge, by kind of question and by proof.
WEAK: dict[tuple[str, str], tuple[str, ...]] = {
    ("choices", "ballot"): ("label", "hash", "end", "commitments"),
    ("choices", "individual"): ("label", "election", "credential", "alpha", "beta", "commitments"),
    ("choices", "overall"): ("label", "election", "credential", "choices", "alpha", "beta", "commitments"),
    ("blank", "individual"): ("label", "election", "credential", "alpha", "beta", "commitments"),
    ("blank", "bproof0"): ("label", "election", "credential", "choices", "commitments"),
    ("blank", "bproof1"): ("label", "election", "credential", "choices", "commitments"),
    ("lists", "individual"): ("label", "election", "credential", "alpha", "beta", "commitments"),
    ("lists", "overall"): ("label", "election", "credential", "choices", "alpha", "beta", "commitments"),
    ("lists", "lproof"): ("label", "election", "credential", "choices", "commitments"),
    ("lists", "nonzero"): ("label", "election", "credential", "choices", "commitments"),
    ("ranked", "raweg"): ("label", "election", "credential", "key", "alpha", "beta", "commitments"),
}


@lru_cache(maxsize=8)
def _poll(kind: str, group: str = "Ed25519") -> Poll:
    return Poll(Hand(group), [KINDS[kind][0]], 8)


def poll_of(kind: str, group: str = "Ed25519") -> Poll:
    return _poll(kind, group).again()


def refused(poll: Poll, ballots: Sequence[dict[str, Any] | bytes], duty: str) -> None:
    """Both verifiers and acceptance refuse each of these at exactly this duty."""
    for ballot in ballots:
        poll.cast(ballot, None)
    count = len(ballots)
    assert judges.ballots_at_acceptance(poll) == [duty] * count
    assert judges.ballots_of_auditor(poll) == [{duty}] * count
    found = judges.ours(Forged(poll.write()))
    assert found.failed == {duty}, {one: found.reason(one) for one in found.failed}
    assert found.reason(duty).startswith(f"{count} of {count} ballots fail")


def forged(poll: Poll, elector: int, answers: Sequence[Answer]) -> dict[str, Any]:
    return poll.ballot(poll.credentials[elector], answers)


@pytest.mark.parametrize("kind", KINDS)
def test_the_forgers_honest_ballots_are_accepted(kind: str) -> None:
    poll = poll_of(kind)
    poll.vote(0, KINDS[kind][1])
    assert judges.ballots_at_acceptance(poll) == [""]
    assert judges.ballots_of_auditor(poll) == [set()]


def test_the_table_of_weak_proofs_names_every_part_that_is_hashed() -> None:
    for kind in KINDS:
        hand = Hand()
        poll = poll_of(kind)
        poll.hand = hand
        poll.vote(0, KINDS[kind][1])
        listed = {f"{proof}.{part}" for (one, proof), parts in WEAK.items() if one == kind for part in parts}
        assert {part for part in hand.parts if kind == "choices" or not part.startswith("ballot.")} == listed


FAST = [("choices", "overall"), ("lists", "lproof"), ("ranked", "raweg")]


@pytest.mark.parametrize(
    ("kind", "proof"), [pytest.param(*one, marks=() if one in FAST else pytest.mark.slow) for one in WEAK]
)
def test_p01_a_proof_that_leaves_any_part_out_of_its_hash_is_refused(kind: str, proof: str) -> None:
    poll = poll_of(kind)
    ballots = []
    for elector, part in enumerate(WEAK[kind, proof]):
        poll.hand = Hand(omit={f"{proof}.{part}"})
        ballots.append(forged(poll, elector, poll.answers(poll.credentials[elector], [KINDS[kind][1]])))
    refused(poll, ballots, "B4" if proof == "ballot" else "B6")


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "proof"), [key for key in WEAK if key[0] != "ranked"])
def test_p01_a_weak_proof_in_a_finite_field_is_refused(kind: str, proof: str) -> None:
    poll = poll_of(kind, FIELD)
    ballots = []
    for elector, part in enumerate(WEAK[kind, proof][:5]):
        poll.hand = Hand(FIELD, omit={f"{proof}.{part}"})
        ballots.append(forged(poll, elector, poll.answers(poll.credentials[elector], [KINDS[kind][1]])))
    refused(poll, ballots, "B4" if proof == "ballot" else "B6")


FALSE_CHOICES = {
    "two votes in one place": [2, 0],
    "a vote less than none": [-1, 1],
    "the order of the group less one": "q-1",
    "five votes": [5, 0],
    "votes that cancel": [2, -1],
    "more than the most": [1, 1],
}


def test_p05_choices_that_are_not_allowed_are_refused_whatever_their_proofs() -> None:
    poll = poll_of("choices")
    marks = [[poll.hand.q - 1, 1] if one == "q-1" else one for one in FALSE_CHOICES.values()]
    refused(
        poll, [forged(poll, n, poll.answers(poll.credentials[n], [one])) for n, one in enumerate(marks)], "B6"
    )


@pytest.mark.slow
def test_p05_choices_that_are_not_allowed_are_refused_in_a_finite_field() -> None:
    poll = poll_of("choices", FIELD)
    marks = [[2, 0], [-1, 1], [5, 0], [1, 1]]
    refused(
        poll, [forged(poll, n, poll.answers(poll.credentials[n], [one])) for n, one in enumerate(marks)], "B6"
    )


def test_p05_fewer_than_the_least_are_refused() -> None:
    poll = Poll(Hand(), [approval(2, 1, 2)], 1)
    refused(poll, [forged(poll, 0, poll.answers(poll.credentials[0], [[0, 0]]))], "B6")


def test_p05_a_blank_vote_together_with_a_choice_or_neither_is_refused() -> None:
    poll = poll_of("blank")
    marks = [[1, 1], [0, 0], [2, 0], [0, 2]]
    refused(
        poll, [forged(poll, n, poll.answers(poll.credentials[n], [one])) for n, one in enumerate(marks)], "B6"
    )


def test_p05_broken_rules_of_lists_are_refused() -> None:
    poll = poll_of("lists")
    broken = [
        [[1, 1], [1, 1, 0]],  # two lists
        [[1, 0], [0, 0, 0]],  # a list without a candidate
        [[0, 0], [0, 0, 0]],  # no list
        [[1, 1], [0, 1, 0]],  # a candidate of a list that was not chosen
        [[1, 2], [0, 0, 0]],  # two votes for one
        [[1, 0], [0, 1, -1]],  # nothing in sum
    ]
    refused(
        poll,
        [forged(poll, n, poll.answers(poll.credentials[n], [one])) for n, one in enumerate(broken)],
        "B6",
    )


def test_p05_a_blank_proof_left_out_is_refused() -> None:
    poll = poll_of("blank")
    made = poll.answers(poll.credentials[0], [[0, 1]])
    del made[0].value["blank_proof"]
    refused(poll, [forged(poll, 0, made)], "B1")


def test_p05_a_blank_proof_where_no_blank_vote_is_asked_for_is_refused() -> None:
    poll = poll_of("choices")
    made = poll.answers(poll.credentials[0], [[0, 1]])
    made[0].value["blank_proof"] = made[0].value["individual_proofs"][0]
    refused(poll, [forged(poll, 0, made)], "B1")


def test_p03_proofs_exchanged_dropped_or_added_in_lists_are_refused() -> None:
    poll = poll_of("lists")
    fewer, more = (poll.answers(poll.credentials[n], [KINDS["lists"][1]]) for n in range(2))
    fewer[0].value["list_proofs"].pop()
    more[0].value["list_proofs"].append(more[0].value["list_proofs"][0])
    refused(poll, [forged(poll, 0, fewer), forged(poll, 1, more)], "B1")
    poll = poll_of("lists")
    swapped = poll.answers(poll.credentials[0], [KINDS["lists"][1]])
    swapped[0].value["list_proofs"].reverse()
    refused(poll, [forged(poll, 0, swapped)], "B6")


def test_p04_the_overall_proof_of_another_question_is_refused() -> None:
    poll = Poll(Hand(), [approval(2, 0, 1), approval(2, 0, 1)], 1)
    made = poll.answers(poll.credentials[0], [[1, 0], [0, 1]])
    first, second = (one.value for one in made)
    first["overall_proof"], second["overall_proof"] = second["overall_proof"], first["overall_proof"]
    refused(poll, [forged(poll, 0, made)], "B6")


def test_g04_a_ciphertext_without_randomness_is_refused_with_right_proofs() -> None:
    poll = Poll(Hand(), [approval(2, 0, 1)], 1)
    question, booth = poll.questions[0], poll.booth(poll.credentials[0])
    bare = making.choices(booth, [1, 0], question["min"], question["max"], r=0)
    refused(poll, [forged(poll, 0, [bare])], "B5")


def test_g05_the_identity_as_the_commitment_of_a_list_is_refused() -> None:
    poll = poll_of("lists")
    made = poll.answers(poll.credentials[0], [KINDS["lists"][1]])
    made[0].value["nonzero_proof"]["commitment"] = poll.hand.text(poll.hand.group.one)
    refused(poll, [forged(poll, 0, made)], "B6")


def test_g02_g06_points_outside_the_subgroup_are_refused() -> None:
    """On the curve there is a point of order 2, (0, -1): alpha and beta times it, with the proofs as they were."""
    poll = poll_of("choices")
    group, two = poll.hand.group, (0, 2**255 - 20, 1, 0)
    ballots = []
    for elector, part in enumerate(("alpha", "beta")):
        made = poll.answers(poll.credentials[elector], [[1, 0]])
        choice = made[0].value["choices"][0]
        choice[part] = group.text(group.multiply(group.parse(choice[part]), two))
        ballots.append(forged(poll, elector, made))
    refused(poll, ballots, "B5")


@pytest.mark.slow
def test_g02_factors_minus_one_in_a_ballot_are_refused_in_a_finite_field() -> None:
    poll = poll_of("choices", FIELD)
    group = poll.hand.group
    ballots = []
    for elector, part in enumerate(("alpha", "beta")):
        made = poll.answers(poll.credentials[elector], [[1, 0]])
        choice = made[0].value["choices"][0]
        choice[part] = group.text(poll.hand.minus(group.parse(choice[part])))
        ballots.append(forged(poll, elector, made))
    refused(poll, ballots, "B5")


def test_p08_separators_inside_what_is_hashed_are_refused() -> None:
    """A part that holds the separator of the next could make two texts alike: no part can hold one."""
    poll = poll_of("ranked")
    made = poll.answers(poll.credentials[0], [[1, 2]])
    alpha = made[0].value["choices"]["alpha"]
    made[0].value["choices"]["alpha"] = f"{alpha[:32]},{alpha[32:]}"
    refused(poll, [forged(poll, 0, made)], "B5")
    poll = poll_of("ranked")
    credential = poll.credentials[0]
    ballot = poll.ballot(credential, poll.answers(credential, [[1, 2]]))
    ballot = poll.sign({**ballot, "credential": f"{credential}|"}, poll.secrets[credential])
    assert set().union(*judges.ballots_of_auditor(_with(poll, ballot))) & {"B3", "B5"}
    assert judges.ballots_at_acceptance(poll)[0] in ("B1", "B3", "B5")


def _with(poll: Poll, ballot: dict[str, Any]) -> Poll:
    poll.cast(ballot, None)
    return poll


def test_b03_the_tracker_of_another_ballot_cannot_be_had_again() -> None:
    poll = poll_of("choices")
    poll.vote(0, [1, 0])
    body = poll.events[-1].bodies[0]
    poll.cast(body, None)
    assert judges.ballots_at_acceptance(poll) == ["", "B7"]
    for judge in judges.JUDGES.values():
        assert judge(Forged(poll.write())).failed == {"B7"}


def test_x04_the_same_answers_under_another_order_of_signing_are_refused() -> None:
    """The signature is made again over the same ballot: other bytes, the same hash under the same credential."""
    poll = poll_of("choices")
    made = poll.answers(poll.credentials[0], [[1, 0]])
    first = forged(poll, 0, made)
    poll.cast(first, made)
    poll.cast(poll.sign(first, poll.secrets[poll.credentials[0]]), None)
    assert judges.ballots_at_acceptance(poll) == ["", "B7"]
    for judge in judges.JUDGES.values():
        assert judge(Forged(poll.write())).failed == {"B7"}


def test_m06_a_ranked_ciphertext_of_another_elector_is_refused_with_a_right_proof() -> None:
    poll = poll_of("ranked")
    r = poll.hand.scalar()
    beta = poll.hand.group.multiply(poll.hand.group.fixed(poll.y, r), poll.hand.encoded([1, 2]))
    for elector in (0, 1):
        answer = making.of_cipher(poll.booth(poll.credentials[elector]), (poll.hand.g(r), beta), r)
        poll.cast(forged(poll, elector, [answer]), [answer])
    assert judges.ballots_at_acceptance(poll) == ["", "B7"]
    for judge in judges.JUDGES.values():
        assert judge(Forged(poll.write())).failed == {"B7"}


def test_b05_ballots_of_one_elector_in_another_order_than_seen_before_are_found() -> None:
    poll = poll_of("choices")
    poll.vote(0, [1, 0])
    poll.vote(0, [0, 1])
    earlier = poll.write()
    poll.events[-2:] = poll.events[:-3:-1]
    for judge in judges.JUDGES.values():
        assert judge(Forged(poll.write(), earlier=earlier)).failed == {"A4"}


def test_b06_ballots_for_those_who_did_not_vote_show_in_the_number_of_credentials() -> None:
    """Whoever holds the credentials can cast for them; the number that voted is published and cannot be less."""
    poll = poll_of("choices")
    for elector in range(3):
        poll.vote(elector, [1, 0])
    poll.close(numbers={"num_tallied": 2, "total_weight": 2})
    for judge in judges.JUDGES.values():
        assert judge(Forged(poll.write())).failed == {"T2"}


def test_b08_a_ballot_after_the_end_of_voting_is_refused() -> None:
    poll = poll_of("choices")
    poll.vote(0, [1, 0])
    late = poll.again()
    late.vote(1, [0, 1])
    poll.close()
    poll.events.append(late.events[-1])
    for judge in judges.JUDGES.values():
        assert "A3" in judge(Forged(poll.write())).failed


def test_p09_no_randomness_is_used_twice() -> None:
    """Forty ballots of one elector with the same choice: no ciphertext, commitment or challenge occurs twice."""
    from selectorate import _kernel

    uuid = "4tRc8WxJmKq2Nh"
    ((private, public),) = _kernel.new_credentials("Ed25519", uuid, 1)
    poll = poll_of("choices")
    election = _kernel.Election(poll.election_bytes, poll.events[0].bodies[1], compact([public]))
    made = election.make_ballots([private] * 40, ["[[1,0]]"] * 40)
    alphas, challenges = [], []
    for ballot in map(json.loads, made):
        answer = ballot["answers"][0]
        alphas += [one["alpha"] for one in answer["choices"]]
        proofs = [*answer["individual_proofs"][0], *answer["overall_proof"], ballot["signature"]["proof"]]
        challenges += [one["challenge"] for one in proofs]
    assert len(set(alphas)) == len(alphas) == 80
    assert len(set(challenges)) == len(challenges)


@pytest.mark.slow
def test_g09_papers_are_encoded_inside_the_group_only() -> None:
    """Whether an element is a square would tell one bit of a paper: all encodings of all rows of four are."""
    from itertools import product

    hand = Hand("RFC-3526-2048")
    poll = Poll(hand, [of_ranks(3)], 1)
    rows = list(product(range(4), repeat=3))
    from selectorate import _kernel

    ((private, public),) = _kernel.new_credentials(hand.group.name, poll.election["uuid"], 1)
    election = _kernel.Election(poll.election_bytes, poll.events[0].bodies[1], compact([public]))
    made = election.make_ballots([private] * len(rows), [compact([list(row)]).decode() for row in rows])
    texts = [
        json.loads(ballot)["answers"][0]["choices"][part] for ballot in made for part in ("alpha", "beta")
    ]
    assert hand.group.outsiders([hand.group.parse(text) for text in texts]) == []


def test_r02_a_ballot_for_a_number_without_end_does_not_make_the_count_endless() -> None:
    poll = Poll(Hand(), [approval(1, 0, 1)], 1)
    poll.vote(0, [poll.hand.q // 3])
    poll.close()
    poll.decrypt(1, 2)
    poll.declare([[1]])
    for judge in judges.JUDGES.values():
        assert judge(Forged(poll.write())).failed == {"B6", "R1"}
