"""A ceremony with honest members makes one group; whoever cheats is named, and nothing comes of it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from tests.ballot.hall import Hall

from selectorate import _kernel, canon
from selectorate.ballot.ceremony import check, make
from selectorate.ballot.ceremony.objects import Letter, Standing, read_letter, read_plan
from selectorate.errors import Refusal

NEUTRAL = "0" * 63 + "1"
"""The neutral element of Ed25519 on the wire: what a coefficient of zero gives."""


def culprits(found: Standing) -> set[int]:
    return {member for fault in found.faults for member in fault.members}


def demand_stopped(found: Standing, member: int, *words: str) -> None:
    """This member alone is named, with these words, and there is nothing to use."""
    assert culprits(found) == {member}, found.faults
    assert found.parameters is None
    assert found.code is None
    for word in words:
        assert word in found.faults[0].because, found.faults[0]


@pytest.mark.parametrize(("members", "threshold"), [(3, 2), (1, 1), (3, 3), (5, 3)])
def test_honest_members_get_one_group_and_each_its_own_key(members: int, threshold: int) -> None:
    hall = Hall(members, threshold)
    found = hall.hold()
    assert found.faults == ()
    assert found.parameters is not None
    group = json.loads(found.parameters)
    assert (group["threshold"], len(group["verification_keys"])) == (threshold, members)
    for number in range(1, members + 1):
        private, public = make.decryption_key(found, hall.seeds[number], number)
        assert _kernel.trustee_public(hall.plan.group, private) == public
        assert group["verification_keys"][number - 1]["public_key"] == public
    assert _kernel.group_key(hall.plan.group, found.parameters)


def test_the_order_in_which_letters_arrive_changes_nothing() -> None:
    hall = Hall()
    found = hall.hold()
    for seed in range(5):
        letters = list(hall.letters)
        random.Random(seed).shuffle(letters)
        assert check.standing(hall.plan, letters).parameters == found.parameters


def test_who_is_late_is_waited_for_and_nobody_is_blamed() -> None:
    hall = Hall()
    hall.hold()
    without = [letter for letter in hall.letters if (letter.step, letter.sender) != ("polynomial", 3)]
    found = check.standing(hall.plan, without)
    assert (found.step, found.waiting, found.faults) == ("polynomial", (3,), ())


def test_a_letter_reads_as_it_was_written() -> None:
    hall = Hall()
    hall.hold()
    for letter in hall.letters:
        assert read_letter(letter.to_json(), hall.plan, "a letter") == letter
    assert read_plan(hall.plan.to_json()) == hall.plan


def test_another_polynomial_than_the_one_committed_to_names_its_member() -> None:
    def change(hall: Hall, letter: Letter) -> Letter:
        if (letter.step, letter.sender) != ("polynomial", 2):
            return letter
        now = hall.standing()
        return hall.again(letter, polynomial=make.polynomial(now, hall.seeds[2]).decode())

    demand_stopped(Hall().hold(change), 2, "another polynomial")


def test_a_copied_commitment_names_the_copier() -> None:
    """The rogue key: member 3 waits for the others and shows what member 1 has drawn."""

    def change(hall: Hall, letter: Letter) -> Letter:
        if letter.sender != 3 or letter.step not in ("commitment", "polynomial"):
            return letter
        first = next(each for each in hall.letters if (each.step, each.sender) == (letter.step, 1))
        return hall.again(letter, polynomial=first.content["polynomial"])

    demand_stopped(Hall().hold(change), 3, "signature")


def _exchanged(hall: Hall, number: int) -> None:
    """This member's kept polynomial with the letters to members 1 and 3 exchanged."""
    found = json.loads(hall.kept[number])
    shares = found["secrets"]
    shares[0], shares[2] = shares[2], shares[0]
    hall.kept[number] = json.dumps(found, separators=(",", ":")).encode()


def _bad_share(hall: Hall, letter: Letter) -> Letter:
    if (letter.step, letter.sender) != ("commitment", 2):
        return letter
    _exchanged(hall, 2)
    return hall.again(letter, polynomial=canon.sha256(hall.kept[2]))


def test_a_share_for_another_index_names_who_made_it_to_everybody() -> None:
    hall = Hall()
    demand_stopped(hall.hold(_bad_share), 2, "bad share", "cannot be opened")
    complaints = [letter for letter in hall.letters if "complaint" in letter.content]
    assert {letter.sender for letter in complaints} == {1, 3}
    # One complaint is enough, and its evidence needs nobody's secret.
    alone = [letter for letter in hall.letters if letter.step != "share" or letter is complaints[0]]
    demand_stopped(check.standing(hall.plan, alone), 2, "bad share")


def test_a_share_that_is_not_the_polynomials_value_names_who_made_it() -> None:
    """Member 2 shows the coefficients of one polynomial and seals values of another."""

    def change(hall: Hall, letter: Letter) -> Letter:
        if (letter.step, letter.sender) != ("commitment", 2):
            return letter
        now = hall.standing()
        found = json.loads(hall.kept[2])
        found["secrets"] = json.loads(make.polynomial(now, hall.seeds[2]))["secrets"]
        hall.kept[2] = json.dumps(found, separators=(",", ":")).encode()
        return hall.again(letter, polynomial=canon.sha256(hall.kept[2]))

    demand_stopped(Hall().hold(change), 2, "not the value of the polynomial")


def test_a_false_complaint_names_the_accuser() -> None:
    spoiled = Hall()
    spoiled.hold(_bad_share)
    evidence = next(letter for letter in spoiled.letters if "complaint" in letter.content)

    for complaint in (evidence.content["complaint"], "{}", '{"factor":"' + NEUTRAL + '","proof":{}}'):

        def change(hall: Hall, letter: Letter, complaint: str = complaint) -> Letter:
            if (letter.step, letter.sender) != ("share", 1):
                return letter
            return hall.signed(1, "share", {"against": 2, "complaint": complaint})

        demand_stopped(Hall().hold(change), 1, "falsely", "member 2")


def test_a_complaint_about_nobody_names_the_accuser() -> None:
    def change(hall: Hall, letter: Letter) -> Letter:
        if (letter.step, letter.sender) != ("share", 1):
            return letter
        return hall.signed(1, "share", {"against": 9, "complaint": "{}"})

    demand_stopped(Hall().hold(change), 1, "does not exist")


def _with_coefficients(hall: Hall, letter: Letter, found: list[str]) -> Letter:
    """The commitment to a polynomial whose coefficients are these, all signatures made right."""
    polynomial: dict[str, Any] = json.loads(hall.kept[letter.sender])
    polynomial["coefexps"] = hall.coefficients(letter.sender, found)
    polynomial["signature"] = hall.over_certificates(letter.sender, hall.standing(), found)
    hall.kept[letter.sender] = json.dumps(polynomial, separators=(",", ":")).encode()
    return hall.again(letter, polynomial=canon.sha256(hall.kept[letter.sender]))


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda own: own[:-1], "2 coefficients"),
        (lambda own: [*own, own[0]], "4 coefficients"),
        (lambda own: [NEUTRAL, *own[1:]], "constant term is zero"),
        (lambda own: [*own[:-1], NEUTRAL], "highest coefficient is zero"),
        (lambda own: ["ff" * 32, *own[1:]], "not a canonical member"),
    ],
)
def test_a_polynomial_of_the_wrong_degree_or_without_constant_names_its_member(spoil: Any, word: str) -> None:
    def change(hall: Hall, letter: Letter) -> Letter:
        if (letter.step, letter.sender) != ("commitment", 1):
            return letter
        own = json.loads(json.loads(hall.kept[1])["coefexps"]["message"])["coefexps"]
        return _with_coefficients(hall, letter, spoil(own))

    demand_stopped(Hall(3, 3).hold(change), 1, word)


def test_a_certificate_of_another_ceremony_names_its_member() -> None:
    """Of another threshold, of another seat, of another group."""
    others = [Hall(3, 3), Hall(4, 2), Hall(3, 2, group="BELENIOS-2048")]
    for other in others:
        foreign = make.certificate(other.plan, 2, "Trustee 2")[1].content["certificate"]

        def change(hall: Hall, letter: Letter, foreign: str = foreign) -> Letter:
            if (letter.step, letter.sender) != ("certificate", 2):
                return letter
            return hall.again(letter, certificate=foreign)

        demand_stopped(Hall().hold(change), 2, "faulty certificate")


def test_a_copied_certificate_names_the_copier() -> None:
    """Keys of member 1 under a certificate of an own place: only who has the secret can sign that one."""
    hall = Hall(2, 2)

    def change(hall: Hall, letter: Letter) -> Letter:
        if letter.sender != 2 or letter.step != "certificate":
            return letter
        first = json.loads(json.loads(hall.letters[0].content["certificate"])["message"])
        second = json.loads(json.loads(letter.content["certificate"])["message"])
        message = json.dumps({**second, "encryption": first["encryption"]}, separators=(",", ":"))
        signature = json.loads(_kernel.pedersen_sign(hall.plan.group, hall.seeds[2], message))
        copied = json.dumps({"message": message, "signature": signature}, separators=(",", ":"))
        return hall.again(letter, certificate=copied)

    demand_stopped(hall.hold(change), 2, "key of member 1")


def test_two_certificates_of_one_member_for_different_people_are_found_by_the_commitments() -> None:
    hall = Hall()

    def change(hall: Hall, letter: Letter) -> Letter:
        if (letter.step, letter.sender) != ("commitment", 3):
            return letter
        marks = list(letter.content["certificates"])
        marks[0] = "0" * 64
        return hall.again(letter, certificates=marks)

    found = hall.hold(change)
    assert culprits(found) == {1, 3}
    assert "another certificate of member 1" in found.faults[0].because


def test_letters_of_a_ceremony_with_another_threshold_are_not_taken() -> None:
    """The plan is under every signature: who edits the threshold has another ceremony."""
    hall, edited = Hall(), Hall(3, 1)
    hall.hold()
    for letter in hall.letters:
        with pytest.raises(Refusal, match="another ceremony") as refusal:
            read_letter(letter.to_json(), edited.plan, "letter.json")
        assert refusal.value.code == "ceremony.other"


def test_the_election_is_under_every_signature() -> None:
    hall = Hall()
    hall.hold()
    other = Hall(uuid="HJ4caHVMxvLsFJ")
    moved = [
        Letter(other.plan.identifier, each.step, each.sender, each.content, each.signature)
        for each in hall.letters
    ]
    certificates = {each.sender: check.own_certificate(each) for each in moved if each.step == "certificate"}
    for letter in moved:
        assert "not valid" in check.signature_fault(other.plan, letter, certificates[letter.sender])


def test_a_verification_key_of_another_member_names_who_sent_it() -> None:
    def change(hall: Hall, letter: Letter) -> Letter:
        if (letter.step, letter.sender) != ("share", 3):
            return letter
        first = next(each for each in hall.letters if (each.step, each.sender) == ("share", 1))
        return hall.again(letter, voutput=first.content["voutput"])

    demand_stopped(Hall().hold(change), 3, "verification key")


@pytest.mark.parametrize("step", ["certificate", "commitment", "polynomial", "share"])
def test_two_different_letters_of_one_step_name_their_writer(step: str) -> None:
    hall = Hall()
    hall.hold()
    first = next(each for each in hall.letters if (each.step, each.sender) == (step, 2))
    field = {"certificate": "name", "share": "voutput"}.get(step, "polynomial")
    hall.letters.append(hall.again(first, **{field: "x"}))
    demand_stopped(hall.standing(), 2, "two different letters", step)


def test_the_same_letter_signed_twice_is_no_fault() -> None:
    hall = Hall()
    found = hall.hold()
    hall.letters.append(hall.again(hall.letters[4]))
    assert hall.letters[4] != hall.letters[-1]
    assert hall.standing().parameters == found.parameters


@pytest.mark.parametrize(
    "changed",
    [
        {"members": 0},
        {"threshold": 4},
        {"threshold": 0},
        {"group": "Curve"},
        {"uuid": "short"},
        {"members": 100},
        {"nonce": "00"},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(changed: dict[str, Any]) -> None:
    plan = json.loads(Hall().plan.to_json())
    with pytest.raises(Refusal) as refusal:
        read_plan(canon.encode({**plan, **changed}))
    assert refusal.value.code == "ceremony.plan"
