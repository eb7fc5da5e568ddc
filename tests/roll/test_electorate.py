"""Claims about commitments and slips. Expected values: hashlib over the documented bytes, by hand here."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selectorate.errors import Refusal
from selectorate.log.objects import cell
from selectorate.roll.check import Q1, SLIP, check_commitments, check_slip
from selectorate.roll.electorate import Electorate, make, small_classes
from selectorate.roll.objects import Elector, Slip

PEOPLE = [Elector(f"M-{number:05d}", f"Member {number} É", 1 + number % 3) for number in range(25)]
SALTS = [hashlib.sha256(bytes([number])).digest() for number in range(25)]


def made() -> tuple[Electorate, dict[str, Any]]:
    electorate = make(PEOPLE, SALTS)
    return electorate, {"electors": 25, "weight": electorate.weight, "root": electorate.root}


def root_by_hand(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, written as its recursion."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + root_by_hand(leaves[:split]) + root_by_hand(leaves[split:])).digest()


def test_the_document_is_the_sorted_hashes_of_salt_and_line() -> None:
    electorate, _ = made()
    lines = [
        json.dumps(
            {"member": one.member, "name": one.name, "weight": one.weight},
            separators=(",", ":"),
            ensure_ascii=False,
        )
        for one in PEOPLE
    ]
    right = sorted(
        hashlib.sha256(salt + line.encode()).hexdigest() for salt, line in zip(SALTS, lines, strict=True)
    )
    weight = sum(one.weight for one in PEOPLE)
    assert (
        electorate.document
        == json.dumps({"commitments": right, "weight": weight}, separators=(",", ":")).encode()
    )
    assert electorate.root == root_by_hand([bytes.fromhex(one) for one in right]).hex()


def test_every_elector_finds_their_own_line() -> None:
    electorate, final = made()
    listed = check_commitments(electorate.document, final)
    assert (listed.duty, listed.claim, listed.verdict) == ("Q1", Q1, "passed")
    assert listed.because.startswith(f"{len(PEOPLE)} commitments, weight ")
    assert sorted(member for member, _ in electorate.slips) == [one.member for one in PEOPLE]
    for member, slip in electorate.slips:
        found = check_slip(slip.to_json(), electorate.document, final)
        assert (found.duty, found.claim, found.verdict) == ("slip", SLIP, "passed")
        assert f"({member}) stands at place {slip.index} with " in found.because
        weight = next(one.weight for one in PEOPLE if one.member == member)
        assert found.because.endswith("with one vote" if weight == 1 else f"with {weight} votes")


def test_a_slip_reads_back_as_it_was_written() -> None:
    slip = made()[0].slips[0][1]
    assert Slip.from_json(slip.to_json()) == slip


def test_a_changed_slip_fails() -> None:
    electorate, final = made()
    slip = json.loads(electorate.slips[3][1].to_json())
    for key, value in (
        ("index", 4),
        ("index", 25),
        ("salt", "00" * 32),
        ("line", slip["line"].replace('"weight":', '"weight":1')),
    ):
        changed = json.dumps(
            slip | {key: value}, separators=(",", ":"), sort_keys=True, ensure_ascii=False
        ).encode()
        found = check_slip(changed, electorate.document, final)
        assert (found.duty, found.claim, found.verdict) == ("slip", SLIP, "failed"), key
        if key != "line":
            assert f"none is {value}" in found.because or "holds another commitment" in found.because


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'{"index":-1,"line":"x","salt":""}',
        b'{"index":true,"line":"x","salt":"' + b"00" * 32 + b'"}',
        b'{"index":0,"line":"x","salt":"' + b"00" * 31 + b'"}',
        b'{"index":0,"line":"{}","salt":"' + b"00" * 32 + b'"}',
        b'{"index":0, "line":"x","salt":"' + b"00" * 32 + b'"}',
    ],
)
def test_what_is_no_slip_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        Slip.from_json(data)
    assert refused.value.code == "roll.slip"
    electorate, final = made()
    assert check_slip(data, electorate.document, final).verdict == "failed"


def changed(document: bytes, **values: Any) -> bytes:
    return json.dumps(json.loads(document) | values, separators=(",", ":"), sort_keys=True).encode()


def test_q1_names_each_thing_that_is_wrong() -> None:
    electorate, final = made()
    listed = json.loads(electorate.document)["commitments"]
    cases = [
        (changed(electorate.document, commitments=listed[::-1]), "not sorted"),
        (changed(electorate.document, commitments=[listed[0], *listed[:-1]]), "distinct"),
        (changed(electorate.document, commitments=listed[1:]), "24 commitments"),
        (changed(electorate.document, weight=electorate.weight + 1), "weights add up"),
        (changed(electorate.document, weight=3), "cannot carry"),
        (changed(electorate.document, commitments=[*listed[:-1], "ff" * 32]), "the root is"),
        (changed(electorate.document, commitments=[*listed[:-1], "FF" * 32]), "lower-case hex"),
        (changed(electorate.document, more=1), "exactly commitments and weight"),
        (electorate.document + b"\n", "canonical"),
        (electorate.document[:-5], "commitments.json"),
    ]
    for document, because in cases:
        found = check_commitments(document, final)
        assert (found.duty, found.claim, found.verdict) == ("Q1", Q1, "failed")
        assert because in found.because


def test_a_slip_does_not_pass_against_a_changed_list() -> None:
    electorate, final = made()
    slip = electorate.slips[0][1].to_json()
    document = changed(electorate.document, commitments=json.loads(electorate.document)["commitments"][:-1])
    found = check_slip(slip, document, final)
    assert (found.duty, found.claim, found.verdict) == ("slip", SLIP, "failed")
    assert found.because.startswith("the list itself is wrong: there are 24 commitments")


@pytest.mark.parametrize(
    ("people", "salts", "code"),
    [
        ([PEOPLE[0], PEOPLE[0]], SALTS[:2], "roll.elector"),
        ([Elector("M-1", "A", 0)], SALTS[:1], "roll.elector"),
        (PEOPLE[:2], SALTS[:1], "roll.salts"),
        (PEOPLE[:2], [SALTS[0], SALTS[0]], "roll.salts"),
        (PEOPLE[:2], [b"a", b"b"], "roll.salts"),
    ],
)
def test_unsound_electors_or_salts_are_refused(people: list[Elector], salts: list[bytes], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        make(people, salts)
    assert refused.value.code == code


def test_an_electorate_of_nobody_is_possible_and_checks() -> None:
    nobody = make([], [])
    final = {"electors": 0, "weight": 0, "root": hashlib.sha256(b"").hexdigest()}
    assert check_commitments(nobody.document, final).verdict == "passed"


def test_small_classes_of_weight_are_named() -> None:
    people = [Elector(f"{number}", "", 1) for number in range(12)] + [Elector("x", "", 5)]
    assert small_classes(one.weight for one in people) == ((5, 1),)


@settings(max_examples=30, deadline=None)
@given(st.integers(min_value=0, max_value=10**6))
def test_a_cell_never_shows_one_to_nine(number: int) -> None:
    assert cell(number) == (number if number == 0 or number > 9 else "fewer than 10")
