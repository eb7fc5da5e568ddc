"""Archives made by making.py, each with one thing forged and every hash around it made right again.

The duty that must fail is worked out from docs/formats/ballot.md. What is forged is forged as well as can be:
signatures and hashes are made anew with the keys, so that only the duty named can find it.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from auditor.archive import tar_header
from auditor.groups import GROUPS, P, add
from tests.auditor import making
from tests.auditor.making import GROUP, Maker, Poll, compact

from auditor import verify

NAMES = ["Alder", "Ash", "Beech"]


def make(mixers: tuple[int, ...] = (1, 2)) -> tuple[Maker, Poll]:
    maker = Maker(NAMES, 5)
    maker.set_up()
    for elector, ranks in enumerate([(1, 2, 3), (0, 1, 0), (2, 1, 0), (0, 0, 0)]):
        maker.vote(elector, ranks)
    maker.vote(1, (3, 2, 1))
    return maker, maker.finish(mixers)


@lru_cache(maxsize=1)
def honest() -> tuple[Maker, Poll]:
    return make()


@pytest.fixture
def poll() -> Poll:
    return copy.deepcopy(honest()[1])


def failures(data: bytes, path: Path) -> set[str]:
    file = path / f"{making.UUID}.bel"
    file.write_bytes(data)
    return set(verify.judge(file, None, None, 1).against)


def test_an_honest_election_passes_at_every_stage(poll: Poll, tmp_path: Path) -> None:
    for length in (1, 3, 6, 7, 8, 9, 10, 11, 12, 14):
        assert failures(Poll(poll.events[:length]).write(), tmp_path) == set(), length


def test_every_truncation_fails(poll: Poll, tmp_path: Path) -> None:
    data = Poll(poll.events[:3]).write()
    for length in (1, 511, 700, len(data) // 2, len(data) - 512, len(data) - 1):
        assert "A1" in failures(data[:length], tmp_path)
    for more in (b"\0", bytes(512), bytes(1024), data[:1024]):
        assert "A1" in failures(data + more, tmp_path)


def test_every_single_byte_counts(poll: Poll, tmp_path: Path) -> None:
    """One changed byte anywhere, sampled evenly, in an archive that holds two ballots."""
    data = Poll(poll.events[:3]).write()
    for place in range(3, len(data), len(data) // 12):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert failures(changed, tmp_path), place


def _written(members: list[tuple[str, Any]]) -> bytes:
    """An archive from its members: ("data", object) or ("event", fields). Parent and payload are made right where
    an event does not state them."""
    out, parent, payload = (
        [("BELENIOS", making.compact({"version": 1, "timestamp": str(making.TIME)}))],
        None,
        None,
    )
    for kind, value in members:
        if kind == "event":
            value = {**({"parent": parent} if parent else {}), **value}
            value = {**value, **({"payload": payload} if payload and "payload" not in value else {})}
        body = value if isinstance(value, bytes) else making.compact(value)
        out.append((f"{making.sha(body)}.{kind}.json", body))
        parent, payload = (making.sha(body), None) if kind == "event" else (parent, making.sha(body))
    return b"".join(tar_header(n, len(b), making.TIME) + b + bytes(-len(b) % 512) for n, b in out)


def test_each_fault_of_the_file_fails_its_duty_alone(poll: Poll, tmp_path: Path) -> None:
    objects = [making.compact(one) for one in _setup(poll)]
    names = dict(zip(("election", "trustees", "credentials"), map(making.sha, objects), strict=True))
    first: list[tuple[str, Any]] = [("data", one) for one in [*objects, making.compact(names)]]
    setup = ("event", {"height": 0, "type": "Setup"})
    ballot = ("data", _ballot(poll))
    cast = ("event", {"height": 1, "type": "Ballot"})
    good = [*first, setup, ballot, cast]
    assert failures(_written(good), tmp_path) == set()
    end = ("event", {"height": 2, "type": "EndBallots"})
    cases: list[tuple[str, list[tuple[str, Any]]]] = [
        ("A1", [*first, setup, ballot, ("event", {"height": 1, "type": "Ballot", "note": 1})]),
        ("A1", [*good, ("data", b"{}")]),
        ("A2", [*first, setup, ballot, ("event", {"height": 2, "type": "Ballot"})]),
        ("A2", [*first, setup, ballot, ("event", {"parent": "ab" * 32, "height": 1, "type": "Ballot"})]),
        ("A2", [*first, setup, ("data", b"{}"), ballot, cast]),
        ("A2", [*good, ("data", b"{}"), end]),
        ("A2", [*first[:3], ("data", {**names, "election": "ab" * 32}), setup, ballot, cast]),
        ("A3", [*good, end, ("event", {"height": 3, "type": "EndBallots"})]),
        ("A3", [*good, ("event", {"height": 2, "type": "Dance"})]),
        ("A3", [*good, ("event", {"height": 2, "type": "EndShuffles"})]),
    ]
    for number, (duty, members) in enumerate(cases):
        assert failures(_written(members), tmp_path) == {duty}, number
    data = _written(good)
    assert failures(data[:-1] + b"x", tmp_path) == {"A1"}


@pytest.mark.slow
def test_events_out_of_order_fail(poll: Poll, tmp_path: Path) -> None:
    for edit in (
        lambda events: events.insert(3, events[0]),  # a second set-up
        lambda events: events.insert(8, events[2]),  # a ballot after the close
        lambda events: events.pop(6),  # no end of ballots
        lambda events: events.pop(10),  # no end of shuffles
        lambda events: events.append(events[-1]),  # two results
    ):
        events = copy.deepcopy(poll.events)
        edit(events)
        assert "A3" in failures(Poll(events).write(), tmp_path)


def _setup(poll: Poll) -> list[Any]:
    found: list[Any] = poll.events[0][1]
    return found


@pytest.mark.parametrize(
    ("value", "duty"),
    [
        ({"version": True}, "E1"),
        ({"group": "Ed448"}, "E1"),
        ({"uuid": "short"}, "E2"),
        ({"public_key": GROUP.text(GROUP.g)}, "E5"),
        ({"questions": []}, "E3"),
        ({"questions": [{"answers": ["A"], "min": 1, "max": 2, "question": "?"}]}, "E3"),
    ],
)
def test_a_forged_election_object_fails(poll: Poll, tmp_path: Path, value: dict[str, Any], duty: str) -> None:
    _setup(poll)[0] |= value
    assert failures(Poll(poll.events[:1]).write(), tmp_path) == {duty}


def test_forged_trustees_and_credentials_fail(poll: Poll, tmp_path: Path) -> None:
    cases = {
        "a trustee without knowledge of the key": (1, "E4"),
        "the identity among the credentials": (2, "E6"),
        "credentials in another order": (2, "E6"),
        "a point outside the subgroup": (2, "E6"),
        "some weights": (2, "E6"),
    }
    outside = GROUP.text(add(GROUP.g, (0, P - 1, 1, 0)))
    for number, (place, duty) in enumerate(cases.values()):
        copied = copy.deepcopy(poll)
        target = _setup(copied)[place]
        if number == 0:
            target[0][1]["pok"] = target[1][1]["pok"]
        elif number == 1:
            target.insert(0, GROUP.text(GROUP.one))
            target.sort(key=GROUP.order_key)
        elif number == 2:
            target.reverse()
        elif number == 3:
            target[0] = outside
            target.sort(key=GROUP.order_key)
        else:
            target[0] += ",1"
        assert failures(Poll(copied.events[:1]).write(), tmp_path) == {duty}, number


def _ballot(poll: Poll, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = poll.of_type("Ballot")[number][1][0]
    return found


def _forged_ballot(poll: Poll, tmp_path: Path, **changes: Any) -> set[str]:
    """The first ballot with these fields, signed again by its elector."""
    maker = honest()[0]
    ballot = {**_ballot(poll), **changes}
    secret = dict(maker.credentials)[_ballot(poll)["credential"]]
    signed = maker.sign(ballot, secret)
    return failures(Poll([poll.events[0], ["Ballot", [signed], None]]).write(), tmp_path)


def test_each_duty_of_a_ballot_finds_its_forgery(poll: Poll, tmp_path: Path) -> None:
    maker = honest()[0]
    answer = _ballot(poll)["answers"][0]
    other = _ballot(poll, 2)["answers"][0]
    one = GROUP.text(GROUP.one)
    outside = GROUP.text(add(GROUP.parse(answer["choices"]["beta"]), (0, P - 1, 1, 0)))
    big = str(int(answer["proof"]["challenge"]) + GROUP.q)
    assert _forged_ballot(poll, tmp_path) == set()
    assert _forged_ballot(poll, tmp_path, note="x") == {"B1"}
    assert _forged_ballot(poll, tmp_path, answers=[answer, answer]) == {"B1"}
    assert _forged_ballot(poll, tmp_path, election_hash="x") == {"B2"}
    assert _forged_ballot(poll, tmp_path, credential=GROUP.text(making.g_to(7))) == {"B3", "B4", "B6"}
    assert _forged_ballot(poll, tmp_path, credential=maker.credentials[4][0]) == {"B4", "B6"}
    forged = Poll([poll.events[0], ["Ballot", [maker.sign(_ballot(poll), 7)], None]])
    assert failures(forged.write(), tmp_path) == {"B4"}
    for choices in ({"alpha": one, "beta": one}, {**answer["choices"], "beta": outside}):
        assert _forged_ballot(poll, tmp_path, answers=[{**answer, "choices": choices}]) == {"B5"}
    upper = {"alpha": answer["choices"]["alpha"].upper() + "", "beta": answer["choices"]["beta"]}
    assert _forged_ballot(poll, tmp_path, answers=[{**answer, "choices": upper}]) == {"B5"}
    proof = {**answer["proof"], "challenge": big}
    assert _forged_ballot(poll, tmp_path, answers=[{**answer, "proof": proof}]) == {"B5"}
    assert _forged_ballot(poll, tmp_path, answers=[{**answer, "proof": other["proof"]}]) == {"B6"}
    assert _forged_ballot(poll, tmp_path, answers=[other]) == {"B6"}


def test_a_ballot_of_a_stranger_fails_for_that_alone(tmp_path: Path) -> None:
    maker = copy.deepcopy(honest()[0])
    maker.credentials.append((GROUP.text(making.g_to(7)), 7))
    maker.poll = Poll(maker.poll.events[:1])
    maker.vote(5, (1, 2, 3))
    assert failures(maker.poll.write(), tmp_path) == {"B3"}


def test_a_repeated_or_copied_ballot_fails(poll: Poll, tmp_path: Path) -> None:
    poll.events.insert(4, copy.deepcopy(poll.events[1]))
    assert "B7" in failures(Poll(poll.events[:6]).write(), tmp_path)


def test_a_forged_tally_fails(poll: Poll, tmp_path: Path) -> None:
    tally, numbers = poll.events[7][1][0], poll.events[7][2]
    tally[0].reverse()
    assert failures(Poll(poll.events[:8]).write(), tmp_path) == {"T1"}
    tally[0].reverse()
    numbers["num_tallied"] = 5
    assert failures(Poll(poll.events[:8]).write(), tmp_path) == {"T2"}


@pytest.mark.slow
def test_forged_shuffles_fail(poll: Poll, tmp_path: Path) -> None:
    def shuffled(edit: Any) -> set[str]:
        events = copy.deepcopy(poll.events[:11])
        edit(events[8], events[9])
        return failures(Poll(events).write(), tmp_path)

    def set_owner(owner: int) -> Any:
        return lambda _, second: second.__setitem__(2, owner)

    def change_scalar(first: Any, _: Any) -> None:
        first[1][0]["proofs"][0][1][0] = "1"

    def change_link(first: Any, _: Any) -> None:
        first[1][0]["proofs"][0][1][4][2] = "1"

    def outside(first: Any, _: Any) -> None:
        cipher = first[1][0]["ciphertexts"][0][0]
        cipher["beta"] = GROUP.text(add(GROUP.parse(cipher["beta"]), (0, P - 1, 1, 0)))

    def shorter(first: Any, _: Any) -> None:
        first[1][0]["ciphertexts"][0].pop()

    def copied(first: Any, _: Any) -> None:
        first[1][0]["ciphertexts"][0][0] = copy.deepcopy(poll.events[7][1][0][0][0])

    assert shuffled(set_owner(1)) == {"S1"}
    assert shuffled(set_owner(99)) == {"S1"}
    assert shuffled(change_scalar) == {"S3"}
    assert shuffled(change_link) == {"S3"}
    assert "S2" in shuffled(outside)
    assert "S2" in shuffled(shorter)
    assert "S2" in shuffled(copied)


@pytest.mark.slow
def test_forged_decryptions_and_results_fail(poll: Poll, tmp_path: Path) -> None:
    def changed(edit: Any) -> set[str]:
        events = copy.deepcopy(poll.events)
        edit(events)
        return failures(Poll(events).write(), tmp_path)

    def owner(events: Any) -> None:
        events[12][2] = 1

    def swapped(events: Any) -> None:
        events[11][2], events[12][2] = 2, 1

    def shorter(events: Any) -> None:
        events[11][1][0]["decryption_factors"][0].pop()

    def missing(events: Any) -> None:
        events.pop(13)

    def outside(events: Any) -> None:
        factors = events[11][1][0]["decryption_factors"][0]
        factors[0] = GROUP.text(add(GROUP.parse(factors[0]), (0, P - 1, 1, 0)))

    def rows(events: Any) -> None:
        events[-1][1][0]["result"][0].reverse()

    def spaced(events: Any) -> None:
        events[-1][1][0] = compact(events[-1][1][0]) + b" "

    assert "D1" in changed(owner)
    assert changed(swapped) == {"D3"}
    assert "D2" in changed(shorter)
    assert "D4" in changed(missing)
    assert "D2" in changed(outside)
    assert changed(rows) == {"R1"}
    assert changed(spaced) == {"R1"}


def test_many_elements_are_tested_together_as_strictly_as_one_by_one() -> None:
    curve = GROUPS["Ed25519"]
    elements = [curve.g]
    while len(elements) < 200:
        elements.append(curve.multiply(elements[-1], curve.g))
    assert curve.outsiders(elements) == []
    elements[150] = add(elements[150], (0, P - 1, 1, 0))  # a part of order two
    assert curve.outsiders(elements) == [150]


def test_every_way_to_multiply_gives_the_same() -> None:
    for group in GROUPS.values():
        exponents = [5, group.q - 3, 2**200 + 17, 0, 1, 99, 2**255 % group.q, 12, 13]
        bases = [group.power(group.g, number + 2) for number in range(len(exponents))]
        one_by_one = group.product([group.power(b, e) for b, e in zip(bases, exponents, strict=True)])
        together = group.big_power_product(list(zip(bases, exponents, strict=True)))
        assert group.same(one_by_one, together)
        assert group.same(group.fixed(bases[0], exponents[2]), group.power(bases[0], exponents[2]))
        for power, exponent in zip(group.powers(bases[1], exponents), exponents, strict=True):
            assert group.same(power, group.power(bases[1], exponent))
