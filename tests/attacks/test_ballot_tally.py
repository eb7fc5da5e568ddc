"""What trustees, mixers and a server can do after the end of voting. Test name = row id."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.ballot import forge
from tests.ballot.forge import Parts

from selectorate.ballot.check import check_archive
from selectorate.canon import Check

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "ballot"
WEIGHTED = forge.archive_file(ROOT / "elections" / "v1b3-ed25519-a-h-3trustees-weights")
RANKED = forge.archive_file(ROOT / "elections" / "v1b-ed25519-c-nh-30-ranked")
FIELD = forge.archive_file(ROOT / "elections" / "v1a-ff-a-h-3trustees-weights")
NEUTRAL = "0" * 63 + "1"
TWO_TORSION = "7" + "f" * 61 + "ec"


def parts_of(place: Path) -> Parts:
    return forge.take_apart(place.read_bytes())


def failed(parts: Parts, place: Path) -> dict[str, Check]:
    checks, _ = check_archive(forge.put_together(parts), place.stem)
    return {check.duty: check for check in checks if check.verdict == "failed"}


def set_owner(parts: Parts, kind: str, number: int, owner: object) -> None:
    step = parts.of(kind)[number]
    step.content[1] = forge.canonical(json.loads(step.content[1]) | {"owner": owner})


def edit(parts: Parts, kind: str, number: int, change: Callable[[Any], Any]) -> Parts:
    step = parts.of(kind)[number]
    found = json.loads(step.content[0])
    step.content[0] = forge.canonical(change(found) or found)
    return parts


def test_X07_an_invalid_decryption_before_a_valid_one_of_the_same_owner_is_refused() -> None:
    parts = parts_of(WEIGHTED)
    first = parts.of("PartialDecryption")[0]
    bad = forge.Step("PartialDecryption", list(parts.of("PartialDecryption")[1].content))
    bad.content[1] = first.content[1]
    parts.steps.insert(parts.steps.index(first), bad)
    found = failed(parts, WEIGHTED)
    assert {"D1", "D3"} <= found.keys()
    assert "trustee 1" in found["D1"].because
    assert "trustee 1" in found["D3"].because


def test_X07_the_same_decryption_twice_is_refused() -> None:
    parts = parts_of(WEIGHTED)
    first = parts.of("PartialDecryption")[0]
    parts.steps.insert(parts.steps.index(first), first)
    assert set(failed(parts, WEIGHTED)) == {"D1"}


def test_X08_both_shuffles_of_one_trustee_are_refused() -> None:
    parts = parts_of(RANKED)
    set_owner(parts, "Shuffle", 1, 1)
    found = failed(parts, RANKED)
    assert set(found) == {"S1"}
    assert "trustee 1 owns more than one" in found["S1"].because


@pytest.mark.parametrize("owner", [0, 3, 99, -1, 10**9, "1", 1.0, True, None])
@pytest.mark.parametrize(("kind", "duty"), [("Shuffle", "S1"), ("PartialDecryption", "D1")])
def test_X08_an_owner_that_is_no_trustee_is_refused(kind: str, duty: str, owner: object) -> None:
    parts = parts_of(RANKED)
    set_owner(parts, kind, 0, owner)
    # A2 speaks where the record does not hold a small whole number at all: then it has no owner to judge.
    readable = isinstance(owner, int) and not isinstance(owner, bool) and 0 <= owner < 10**6
    assert (duty if readable else "A2") in failed(parts, RANKED)


ORDER = 2**252 + 27742317777372353535851937790883648493


def mauled(decryption: Any) -> None:
    proof = decryption["decryption_proofs"][0][0]
    proof["challenge"] = str(int(proof["challenge"]) + ORDER)


def permuted(decryption: Any) -> None:
    for part in decryption.values():
        part[0].reverse()


FACTOR_CHANGES: dict[str, Callable[[Any], Any]] = {
    "a wrong factor": lambda d: d["decryption_factors"][0].__setitem__(0, d["decryption_factors"][0][1]),
    "two factors exchanged": lambda d: d["decryption_factors"][0].reverse(),
    "factors and proofs permuted": permuted,
    "proof of another ciphertext": lambda d: d["decryption_proofs"][0].reverse(),
    "zero proof": lambda d: d["decryption_proofs"][0].__setitem__(0, {"challenge": "0", "response": "0"}),
    "P04 challenge plus q": mauled,
}
SHAPE_CHANGES: dict[str, Callable[[Any], Any]] = {
    "one factor less": lambda d: d["decryption_factors"][0].pop() and d,
    "one proof less": lambda d: d["decryption_proofs"][0].pop() and d,
    "one question less": lambda d: d["decryption_factors"].pop() and d,
    "G02 a factor of small order": lambda d: d["decryption_factors"][0].__setitem__(0, TWO_TORSION),
    "G06 a factor off the curve": lambda d: d["decryption_factors"][0].__setitem__(0, "2" * 64),
    "no proofs": lambda d: {"decryption_factors": d["decryption_factors"]},
    "a list": lambda d: [d],
}


@pytest.mark.parametrize("change", FACTOR_CHANGES)
def test_T04_a_wrong_factor_or_proof_is_refused_and_its_owner_named(change: str) -> None:
    found = failed(edit(parts_of(WEIGHTED), "PartialDecryption", 1, FACTOR_CHANGES[change]), WEIGHTED)
    assert {"D2", "D3"} & found.keys()
    assert "trustee 2" in (found.get("D3") or found["D2"]).because


@pytest.mark.parametrize("change", SHAPE_CHANGES)
def test_T04_a_decryption_of_another_shape_is_refused_and_its_owner_named(change: str) -> None:
    found = failed(edit(parts_of(WEIGHTED), "PartialDecryption", 1, SHAPE_CHANGES[change]), WEIGHTED)
    assert "D2" in found
    assert "trustee 2" in found["D2"].because


def test_T04_another_trustees_file_is_refused() -> None:
    parts = parts_of(WEIGHTED)
    parts.of("PartialDecryption")[0].content[0] = parts.of("PartialDecryption")[1].content[0]
    found = failed(parts, WEIGHTED)
    assert "trustee 1" in found["D3"].because
    assert "trustee 2" not in found["D3"].because


def test_T04_a_decryption_of_another_election_is_refused() -> None:
    parts = parts_of(WEIGHTED)
    other = parts_of(ROOT / "elections" / "v1b-ed25519-a-h-3trustees-weights" / "zYwWhTYTwQ9emf.bel")
    parts.of("PartialDecryption")[0].content[0] = other.of("PartialDecryption")[0].content[0]
    assert "D3" in failed(parts, WEIGHTED)


def test_G02_a_factor_times_minus_one_is_refused_in_the_finite_field() -> None:
    p = forge.BELENIOS.p
    parts = edit(
        parts_of(FIELD),
        "PartialDecryption",
        0,
        lambda d: d["decryption_factors"][0].__setitem__(0, str(p - int(d["decryption_factors"][0][0]))),
    )
    assert "D2" in failed(parts, FIELD)


MIXES: dict[str, tuple[Callable[[list[Any]], Any], set[str]]] = {
    "drop": (lambda c: c.pop(), {"S2"}),
    "append": (lambda c: c.append(c[0]), {"S2"}),
    "duplicate": (lambda c: c.__setitem__(0, c[1]), {"S3"}),
    "swap": (lambda c: c.__setitem__(slice(0, 2), [c[1], c[0]]), {"S3"}),
    "exchange parts": (lambda c: c[0].update(alpha=c[1]["alpha"]), {"S3"}),
    "neutral": (lambda c: c[0].update(alpha=NEUTRAL, beta=NEUTRAL), {"S2", "S3"}),
    "G02 small order": (lambda c: c[0].update(beta=TWO_TORSION), {"S2"}),
    "off the curve": (lambda c: c[0].update(alpha="2" * 64), {"S2"}),
    "upper case": (lambda c: c[0].update(alpha=c[0]["alpha"].upper()), {"S2"}),
    "empty": (lambda c: c.clear(), {"S2"}),
}


@pytest.mark.parametrize("change", MIXES)
def test_M01_a_changed_output_of_a_shuffle_is_refused_and_its_owner_named(change: str) -> None:
    how, duties = MIXES[change]
    parts = edit(parts_of(RANKED), "Shuffle", 0, lambda s: (how(s["ciphertexts"][0]) and s) or s)
    found = failed(parts, RANKED)
    assert duties & found.keys(), sorted(found)
    assert any("shuffle 1 of trustee 1" in found[duty].because for duty in duties & found.keys())


def test_M01_a_ciphertext_of_nobody_in_place_of_one_is_refused() -> None:
    stranger = parts_of(RANKED).ballots[0]["answers"][0]["choices"]
    parts = edit(parts_of(RANKED), "Shuffle", 1, lambda s: s["ciphertexts"][0].__setitem__(3, stranger))
    assert "shuffle 2 of trustee 2" in failed(parts, RANKED)["S3"].because


def test_M02_ciphertexts_copied_unchanged_are_refused() -> None:
    tally = json.loads(parts_of(RANKED).of("EncryptedTally")[0].content[0])
    parts = edit(parts_of(RANKED), "Shuffle", 0, lambda s: s | {"ciphertexts": tally})
    assert "S2" in failed(parts, RANKED)


def test_M05_a_shuffle_of_another_input_than_the_last_output_is_refused() -> None:
    parts = parts_of(RANKED)
    parts.of("Shuffle")[1].content[0] = parts.of("Shuffle")[0].content[0]
    found = failed(parts, RANKED)
    assert {"S2", "S3"} & found.keys()


def test_M05_exchanged_shuffles_are_refused() -> None:
    parts = parts_of(RANKED)
    at = parts.steps.index(parts.of("Shuffle")[0])
    parts.steps[at], parts.steps[at + 1] = parts.steps[at + 1], parts.steps[at]
    assert "S3" in failed(parts, RANKED)


def test_M05_a_shuffle_after_the_end_of_shuffling_is_refused() -> None:
    parts = parts_of(RANKED)
    last = parts.steps.index(parts.of("EndShuffles")[0])
    parts.steps[last - 1], parts.steps[last] = parts.steps[last], parts.steps[last - 1]
    assert "A3" in failed(parts, RANKED)


def test_M05_a_shuffle_after_a_decryption_is_refused() -> None:
    parts = parts_of(RANKED)
    shuffle = parts.of("Shuffle")[1]
    parts.steps.remove(shuffle)
    parts.steps.insert(parts.steps.index(parts.of("PartialDecryption")[0]) + 1, shuffle)
    assert "A3" in failed(parts, RANKED)


def test_M03_a_proof_with_a_changed_number_is_refused() -> None:
    for path in ([0, 0], [1, 0], [1, 3], [1, 4, 0], [1, 5, 0], [2, 0], [3, 0]):

        def change(shuffle: Any, path: list[int] = path) -> None:
            *inner, last = path
            place = shuffle["proofs"][0]
            for step in inner:
                place = place[step]
            place[last] = place[last][:-1] + ("1" if place[last][-1] != "1" else "2")

        found = failed(edit(parts_of(RANKED), "Shuffle", 0, change), RANKED)
        assert {"S2", "S3"} & found.keys(), path


def test_M03_a_proof_that_lost_or_gained_parts_is_refused() -> None:
    for part in range(4):
        for change in (lambda p: p.pop(), lambda p: p.append(p[0])):

            def edited(shuffle: Any, part: int = part, change: Callable[[Any], Any] = change) -> None:
                change(shuffle["proofs"][0][part])

            assert {"S2", "S3"} & failed(edit(parts_of(RANKED), "Shuffle", 0, edited), RANKED).keys()


def test_nobody_is_blamed_for_a_published_tally_that_is_not_theirs() -> None:
    for place in (RANKED, WEIGHTED):
        parts = parts_of(place)
        tally = parts.of("EncryptedTally")[0]
        found = json.loads(tally.content[0])
        found[0][0], found[0][1] = found[0][1], found[0][0]
        tally.content[0] = forge.canonical(found)
        assert set(failed(parts, place)) == {"T1"}


JUNK = (None, 5, "x", [], {}, [None], {"alpha": None, "beta": None}, {"alpha": "\ud800", "beta": "1"})


@pytest.mark.parametrize("junk", JUNK, ids=ascii)
@pytest.mark.parametrize("kind", ["EncryptedTally", "Shuffle", "PartialDecryption"])
def test_X15_junk_in_the_place_of_a_ciphertext_is_refused_and_nothing_stops(kind: str, junk: object) -> None:
    for place in (RANKED, WEIGHTED):
        parts = parts_of(place)
        for step in parts.of(kind)[:1]:
            found = json.loads(step.content[0])
            lists = found if kind == "EncryptedTally" else next(iter(found.values()))
            lists[0][0] = junk
            step.content[0] = json.dumps(found, separators=(",", ":")).encode()
            assert {"T1", "S2", "D2"} & failed(parts, place).keys()
