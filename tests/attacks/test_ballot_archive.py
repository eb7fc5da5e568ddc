"""What a server, an administrator or the credential authority can do to an archive. Test name = row id.

Each archive is re-linked by the forger's kit, so that only the duty named can refuse it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ballot import forge
from tests.ballot.forge import Parts, Step

from selectorate.ballot.check import check_archive
from selectorate.canon import Check
from selectorate.errors import Refusal

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "ballot"
WEIGHTED = forge.archive_file(ROOT / "elections" / "v1b3-ed25519-a-h-3trustees-weights")
RANKED = forge.archive_file(ROOT / "elections" / "v1b-ed25519-c-nh-30-ranked")
NEUTRAL = "0" * 63 + "1"
ZERO_PROOF = {"challenge": "0", "response": "0"}


def parts_of(place: Path) -> Parts:
    return forge.take_apart(place.read_bytes())


def failed(content: bytes, place: Path, **options: bool) -> dict[str, Check]:
    checks, verified = check_archive(content, place.stem, **options)  # type: ignore[arg-type]
    found = {check.duty: check for check in checks if check.verdict == "failed"}
    assert (verified is None) == bool(found)
    return found


def refused(parts: Parts, place: Path, duty: str, *, relink: bool = True) -> Check:
    found = failed(forge.put_together(parts, relink=relink), place)
    assert duty in found, sorted(found)
    return found[duty]


def index(parts: Parts, kind: str) -> int:
    return parts.steps.index(parts.of(kind)[0])


def test_the_kit_changes_nothing_by_itself() -> None:
    for place in (WEIGHTED, RANKED):
        assert forge.put_together(parts_of(place)) == place.read_bytes()
        assert failed(place.read_bytes(), place) == {}


def test_X01_a_second_end_of_voting_amid_the_ballots_is_refused() -> None:
    parts = parts_of(WEIGHTED)
    parts.steps.insert(3, Step("EndBallots", []))
    refused(parts, WEIGHTED, "A3")


def test_X01_a_ballot_after_the_end_of_voting_is_refused() -> None:
    parts = parts_of(WEIGHTED)
    end = index(parts, "EndBallots")
    parts.steps[end - 1], parts.steps[end] = parts.steps[end], parts.steps[end - 1]
    refused(parts, WEIGHTED, "A3")


@pytest.mark.parametrize("position", [1, 5, -1])
def test_X02_a_second_set_up_is_refused_and_never_replaces_the_first(position: int) -> None:
    parts = parts_of(WEIGHTED)
    other = parts_of(RANKED).steps[0]
    parts.steps.insert(position if position > 0 else len(parts.steps), other)
    assert "Setup" in refused(parts, WEIGHTED, "A3").because


def test_X02_another_election_first_is_refused() -> None:
    parts = parts_of(WEIGHTED)
    parts.steps.insert(0, parts_of(RANKED).steps[0])
    found = failed(forge.put_together(parts), WEIGHTED)
    assert {"A3", "E2", "B2"} <= found.keys() or {"A3", "E2", "B1"} <= found.keys()


@pytest.mark.parametrize("place", [WEIGHTED, RANKED])
def test_X03_a_permuted_encrypted_tally_is_refused(place: Path) -> None:
    parts = parts_of(place)
    step = parts.of("EncryptedTally")[0]
    tally = json.loads(step.content[0])
    tally[0][0], tally[0][1] = tally[0][1], tally[0][0]
    step.content[0] = forge.canonical(tally)
    assert "another order" in refused(parts, place, "T1").because


@pytest.mark.parametrize("junk", [b'"junk"', b"[]", b"[[],[]]", b"{}", b"", b"[" * 99, b"[[1.5]]"])
def test_X03_junk_as_encrypted_tally_is_refused(junk: bytes) -> None:
    for place in (WEIGHTED, RANKED):
        parts = parts_of(place)
        parts.of("EncryptedTally")[0].content[0] = junk
        refused(parts, place, "T1")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("num_tallied", 9999),
        ("num_tallied", "9"),
        ("total_weight", 1),
        ("encrypted_tally", "0" * 64),
        ("more", 1),
    ],
)
def test_X03_a_wrong_sized_record_is_refused(field: str, value: object) -> None:
    parts = parts_of(WEIGHTED)
    step = parts.of("EncryptedTally")[0]
    step.content[1] = forge.canonical(json.loads(step.content[1]) | {field: value})
    refused(parts, WEIGHTED, "T2", relink=False)


def test_X03_a_missing_encrypted_tally_is_refused() -> None:
    parts = parts_of(WEIGHTED)
    del parts.steps[index(parts, "EncryptedTally")]
    refused(parts, WEIGHTED, "A3")


@pytest.mark.parametrize(
    ("place", "kind"), [(WEIGHTED, "EndBallots"), (RANKED, "EndBallots"), (RANKED, "EndShuffles")]
)
def test_X05_a_missing_end_is_refused(place: Path, kind: str) -> None:
    parts = parts_of(place)
    del parts.steps[index(parts, kind)]
    refused(parts, place, "A3")


def test_X05_a_ranked_election_without_any_shuffle_is_refused() -> None:
    parts = parts_of(RANKED)
    parts.steps = [step for step in parts.steps if step.kind not in ("Shuffle", "EndShuffles")]
    refused(parts, RANKED, "A3")


def test_X05_shuffles_in_an_election_without_ranked_questions_are_refused() -> None:
    parts = parts_of(WEIGHTED)
    at = index(parts, "EncryptedTally") + 1
    parts.steps[at:at] = [*parts_of(RANKED).of("Shuffle"), Step("EndShuffles", [])]
    refused(parts, WEIGHTED, "A3")


def test_X06_a_result_before_the_decryptions_is_refused() -> None:
    parts = parts_of(WEIGHTED)
    parts.steps.insert(index(parts, "PartialDecryption"), parts.steps.pop())
    refused(parts, WEIGHTED, "A3")


def test_X06_two_results_are_refused() -> None:
    parts = parts_of(WEIGHTED)
    parts.steps.append(Step("Result", [b'{"result":[[1,1,1],[1,1,1,1]]}']))
    refused(parts, WEIGHTED, "A3")


def test_X06_a_result_with_a_decryption_missing_is_refused() -> None:
    parts = parts_of(WEIGHTED)
    del parts.steps[index(parts, "PartialDecryption")]
    assert "trustee 1" in refused(parts, WEIGHTED, "D4").because


RESULT_FORMS: dict[str, Callable[[bytes], bytes]] = {
    "trailing blank": lambda body: body + b" ",
    "leading blank": lambda body: b" " + body,
    "blank inside": lambda body: body.replace(b",", b", ", 1),
    "unknown field": lambda body: body[:-1] + b',"note":"x"}',
    "duplicate field first": lambda body: b'{"result":[[9,9,9]],' + body[1:],
    "numbers as text": lambda body: body.replace(b"[[", b'[["').replace(b",", b'",', 1),
    "a fraction": lambda body: body.replace(b",", b".0,", 1),
    "deep": lambda body: b"[" * 100_000,
    "nothing": lambda body: b"",
}


@pytest.mark.parametrize("form", RESULT_FORMS)
def test_X09_a_result_in_any_other_form_is_refused(form: str) -> None:
    parts = parts_of(WEIGHTED)
    step = parts.of("Result")[0]
    step.content[0] = RESULT_FORMS[form](step.content[0])
    refused(parts, WEIGHTED, "R1")


def test_R01_wrong_counts_are_refused() -> None:
    for change in (1, -1, 10**6, -(10**9)):
        parts = parts_of(WEIGHTED)
        step = parts.of("Result")[0]
        result = json.loads(step.content[0])
        result["result"][0][0] += change
        step.content[0] = forge.canonical(result)
        refused(parts, WEIGHTED, "R1")


def test_M07_result_rows_permuted_or_edited_are_refused() -> None:
    parts = parts_of(RANKED)
    step = parts.of("Result")[0]
    result = json.loads(step.content[0])
    step.content[0] = forge.canonical({"result": [result["result"][0][::-1]]})
    assert "another order" in refused(parts, RANKED, "R1").because
    result["result"][0][0] = [1, 2, 3, 4, 5]
    step.content[0] = forge.canonical(result)
    refused(parts, RANKED, "R1")


def with_credentials(parts: Parts, listed: list[str]) -> Parts:
    parts.steps[0].content[2] = forge.canonical(listed)
    return parts


def test_X10_the_neutral_element_as_credential_is_refused() -> None:
    for place, entry in ((RANKED, NEUTRAL), (WEIGHTED, f"{NEUTRAL},1")):
        listed = json.loads(parts_of(place).steps[0].content[2])
        for changed in ([entry, *listed], sorted([entry, *listed]), [*listed, entry]):
            refused(with_credentials(parts_of(place), changed), place, "E6")


CREDENTIAL_CHANGES: dict[str, Callable[[list[str]], list[str]]] = {
    "X12 reordered": lambda old: [old[1], old[0], *old[2:]],
    "X12 reversed": lambda old: old[::-1],
    "B13 one twice": lambda old: [old[0], *old],
    "B09 a weight missing": lambda old: [old[0].partition(",")[0], *old[1:]],
    "B09 a negative weight": lambda old: [old[0].partition(",")[0] + ",-1", *old[1:]],
    "B09 a weight with a zero before it": lambda old: [old[0].partition(",")[0] + ",01", *old[1:]],
    "B09 a fractional weight": lambda old: [old[0].partition(",")[0] + ",1.5", *old[1:]],
    "B09 a weight in other digits": lambda old: [old[0].partition(",")[0] + ",١", *old[1:]],
    "G06 upper case": lambda old: [old[0].upper(), *old[1:]],
    "G06 not on the curve": lambda old: ["2" * 64 + ",1", *old[1:]],
    "G06 y above the field": lambda old: ["7" + "f" * 63 + ",1", *old[1:]],
    "X13 a login as third field": lambda old: [old[0] + ",v1", *old[1:]],
    "G10 a hundred thousand digits": lambda old: ["0" * 100_000 + ",1", *old[1:]],
    "not text": lambda old: [5, *old[1:]],  # type: ignore[list-item]
}


@pytest.mark.parametrize("change", CREDENTIAL_CHANGES)
def test_X10_X12_B09_B13_G06_a_credential_list_with_a_fault_is_refused(change: str) -> None:
    parts = parts_of(WEIGHTED)
    listed = CREDENTIAL_CHANGES[change](json.loads(parts.steps[0].content[2]))
    refused(with_credentials(parts, listed), WEIGHTED, "E6")


def test_B09_a_weight_in_a_ranked_election_is_refused() -> None:
    parts = parts_of(RANKED)
    with_credentials(parts, [f"{entry},2" for entry in json.loads(parts.steps[0].content[2])])
    assert {"E3", "E6"} & failed(forge.put_together(parts), RANKED).keys()


@pytest.mark.parametrize(
    ("change", "duties"),
    [
        (lambda keys: keys[:2], {"E5"}),
        (lambda keys: [*keys, keys[0]], {"E5"}),
        (lambda keys: [[kind, key | {"public_key": NEUTRAL}] for kind, key in keys], {"E4"}),
        (
            lambda keys: [[kind, key | {"pok": ZERO_PROOF}] for kind, key in keys],
            {"E4"},
        ),
        (lambda keys: [[kind, key | {"pok": keys[0][1]["pok"]}] for kind, key in keys], {"E4"}),
        (lambda keys: [], {"E1", "E4", "E5"}),
    ],
    ids=["one less", "one twice", "neutral", "zero proof", "proof of another", "none"],
)
def test_G05_P06_trustees_with_a_fault_are_refused(
    change: Callable[[list[list[object]]], list[object]], duties: set[str]
) -> None:
    parts = parts_of(WEIGHTED)
    step = parts.of("Setup")[0]
    step.content[1] = forge.canonical(change(json.loads(step.content[1])))
    assert duties & failed(forge.put_together(parts), WEIGHTED).keys()


@pytest.mark.parametrize(
    ("field", "value", "duty"),
    [
        ("version", 0, "E1"),
        ("group", "BELENIOS-1024", "E1"),
        ("group", "BELENIOS-2048", "E4"),
        ("public_key", NEUTRAL, "E5"),
        ("questions", [], "E3"),
        ("questions", [{"answers": ["A"], "min": 2, "max": 1, "question": "?"}], "E3"),
        ("questions", [{"answers": [], "min": 0, "max": 0, "question": "?"}], "E3"),
        ("questions", [{"answers": ["A"], "min": 0, "max": 2, "question": "?"}], "E3"),
        ("questions", [{"answers": ["A"], "min": -1, "max": 1, "question": "?"}], "E3"),
        ("questions", [{"answers": "A", "min": 0, "max": 1, "question": "?"}], "E1"),
        ("uuid", "short", "E2"),
        ("name", 5, "E1"),
    ],
)
def test_G07_G08_an_election_object_with_a_fault_is_refused(field: str, value: object, duty: str) -> None:
    parts = parts_of(WEIGHTED)
    step = parts.of("Setup")[0]
    step.content[0] = forge.canonical(json.loads(step.content[0]) | {field: value})
    found = failed(forge.put_together(parts), WEIGHTED)
    assert duty in found or (duty in ("E3", "E4", "E5") and "E1" in found), sorted(found)


def test_B16_another_version_of_the_protocol_is_not_judged_as_this_one() -> None:
    parts = parts_of(WEIGHTED)
    step = parts.of("Setup")[0]
    step.content[0] = forge.canonical(json.loads(step.content[0]) | {"version": 2})
    with pytest.raises(Refusal, match="not yet supported: protocol version 2"):
        failed(forge.put_together(parts), WEIGHTED)


def test_X11_a_changed_display_name_changes_every_event_that_the_record_holds() -> None:
    parts = parts_of(WEIGHTED)
    step = parts.of("Setup")[0]
    keys = json.loads(step.content[1])
    keys[0][1]["name"] = "Officer One"
    step.content[1] = forge.canonical(keys)
    _, before = check_archive(WEIGHTED.read_bytes(), WEIGHTED.stem)
    _, after = check_archive(forge.put_together(parts), WEIGHTED.stem)
    assert before is not None
    old = {forge.sha(event.record) for event in before.archive.events}
    if after is not None:  # the file alone cannot tell; the record's hashes do
        assert old.isdisjoint(forge.sha(event.record) for event in after.archive.events)


def test_X12_ballots_in_another_order_change_every_event_from_there_on() -> None:
    parts = parts_of(RANKED)
    parts.steps[2], parts.steps[3] = parts.steps[3], parts.steps[2]
    _, after = check_archive(forge.put_together(parts), RANKED.stem)
    _, before = check_archive(RANKED.read_bytes(), RANKED.stem)
    assert before is not None
    assert after is not None
    same = [a.record == b.record for a, b in zip(before.archive.events, after.archive.events, strict=True)]
    assert same == [True, True] + [False] * (len(same) - 2)


@pytest.mark.parametrize("what", [0, 1, 2, 3])
@pytest.mark.parametrize("deep", [b"[" * 100_000, b'{"a":' * 100_000])
def test_X15_deep_nesting_in_the_set_up_is_refused(what: int, deep: bytes) -> None:
    parts = parts_of(WEIGHTED)
    parts.of("Setup")[0].content[what] = deep
    found = failed(forge.put_together(parts, relink=False), WEIGHTED)
    assert found


@pytest.mark.parametrize("kind", ["Ballot", "EncryptedTally", "Shuffle", "PartialDecryption", "Result"])
@pytest.mark.parametrize("member", [0, 1])
@pytest.mark.parametrize(
    "deep", [b"[" * 100_000, b"9" * 100_000, b'"' + b"[" * 1000 + b'"', b"\xff\x00", b"null"]
)
def test_X15_deep_long_or_senseless_members_are_refused(kind: str, member: int, deep: bytes) -> None:
    parts = parts_of(RANKED)
    step = parts.of(kind)[0]
    if member >= len(step.content):
        return
    step.content[member] = deep
    assert failed(forge.put_together(parts, relink=False), RANKED)


def test_L10_names_and_kinds_of_other_archives_are_refused() -> None:
    content = WEIGHTED.read_bytes()
    last = forge.take_apart(content).timestamp
    absolute = forge.member("/etc/passwd", b"x", last)
    above = forge.member("../../x.data.json", b"x", last)
    wrong = forge.member("0" * 64 + ".data.json", b"x", last)
    twice = content[-1024:]
    link = bytearray(forge.member(forge.sha(b"") + ".data.json", b"", last))
    link[156:157] = b"2"
    link[157:161] = b"/etc"
    sparse = forge.member("x", b"", last)[:124] + b"77777777777\0" + bytes(376)
    for hostile in (absolute, above, wrong, twice, bytes(link), sparse, b"\x1f\x8b" + bytes(510)):
        assert "A1" in failed(content + hostile, WEIGHTED)
        assert "A1" in failed(content[:1024] + hostile + content[1024:], WEIGHTED)


def test_L10_an_archive_as_an_ordinary_program_writes_it_is_refused() -> None:
    content = WEIGHTED.read_bytes()
    assert failed(content + bytes(1024), WEIGHTED).keys() == {"A1"}
