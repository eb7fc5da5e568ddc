"""Ballots and threshold groups forged by the prover in dishonest.py, and hostile JSON.

The duty that must fail, and no other, is worked out from docs/formats/ballot.md.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from auditor.forms import Fault, belenios, ours, plain
from dishonest import Election, Group, choices, lists, sign, text_of
from tests.auditor import making
from tests.auditor.making import GROUP, Poll, base64_hash, compact, g_to
from tests.thinned import thinned

from auditor import forms, verify

BLANK = {"answers": ["Alder", "Ash", "Beech"], "blank": True, "min": 1, "max": 2, "question": "Which?"}
PLAIN = {"answers": ["Alder", "Ash", "Beech"], "min": 1, "max": 2, "question": "Which?"}
LISTS = {
    "type": "Lists",
    "value": {"answers": [["Hedge", "Alder", "Ash"], ["Grove", "Beech"]], "question": "Which list?"},
}


def report_of(data: bytes, path: Path) -> forms.Report:
    file = path / f"{making.UUID}.bel"
    file.write_bytes(data)
    return verify.judge(file, None, None, 1)


def failures(events: list[Any], path: Path) -> set[str]:
    return set(report_of(Poll(events).write(), path).against)


@lru_cache(maxsize=1)
def election() -> Election:
    made = Election([], 2, trustees=1)
    made.prepare([BLANK, PLAIN, LISTS])
    return made


def cast(path: Path, blank: list[int], plain_marks: list[int], marks: list[list[int]]) -> set[str]:
    made = election()
    s0, y = made.context(0), made.y
    answers = [
        choices(s0, y, blank, 1, 2, True),
        choices(s0, y, plain_marks, 1, 2, False),
        lists(s0, y, marks),
    ]
    return failures([made.poll.events[0], made.ballot(0, answers)], path)


GOOD = ([0, 1, 1, 0], [0, 1, 0], [[1, 0, 1], [0, 0]])


def test_honest_answers_pass(tmp_path: Path) -> None:
    assert cast(tmp_path, *GOOD) == set()
    assert cast(tmp_path, [1, 0, 0, 0], [1, 1, 0], [[0, 0, 0], [1, 1]]) == set()


@pytest.mark.parametrize(
    ("place", "marks"),
    thinned(
        [
            (0, [1, 1, 0, 0]),  # blank and a choice
            (0, [0, 0, 0, 0]),  # neither
            (0, [0, 1, 1, 1]),  # three where two are allowed
            (0, [0, 2, 0, 0]),  # two marks for one
            (0, [-1, 1, 1, 0]),
            (1, [0, 0, 0]),
            (1, [2, 0, 0]),
            (1, [-1, 1, 1]),
            (2, [[1, 1, 0], [1, 1]]),  # two lists
            (2, [[0, 0, 0], [0, 0]]),  # no list
            (2, [[1, 0, 0], [0, 0]]),  # a list without a candidate of it
            (2, [[1, 1, 0], [0, 1]]),  # a candidate of another list
            (2, [[1, 2, 0], [0, 0]]),
        ],
        4,
    ),
)
def test_an_answer_against_the_rules_fails_its_proofs_alone(
    tmp_path: Path, place: int, marks: list[Any]
) -> None:
    answers: list[Any] = list(GOOD)
    answers[place] = marks
    assert cast(tmp_path, *answers) == {"B6"}


@lru_cache(maxsize=1)
def good_answers() -> list[dict[str, Any]]:
    s0, y = election().context(0), election().y
    return [choices(s0, y, GOOD[0], 1, 2, True), choices(s0, y, GOOD[1], 1, 2, False), lists(s0, y, GOOD[2])]


def _changed(path: Path, edit: Callable[[list[dict[str, Any]]], None]) -> set[str]:
    answers = copy.deepcopy(good_answers())
    edit(answers)
    return failures([election().poll.events[0], election().ballot(0, answers)], path)


def test_missing_and_added_parts_of_an_answer_fail_its_form(tmp_path: Path) -> None:
    edits: list[Callable[[list[dict[str, Any]]], None]] = [
        lambda answers: answers[0].pop("blank_proof"),
        lambda answers: answers[1].update(blank_proof=answers[0]["blank_proof"]),
        lambda answers: answers[1]["overall_proof"].pop(),
        lambda answers: answers[2]["list_proofs"].pop(),
        lambda answers: answers[2]["choices"][0].append(answers[2]["choices"][1].pop()),
        lambda answers: answers[2]["nonzero_proof"]["response"].append("0"),
        lambda answers: answers[0]["choices"][0].update(note="x"),
    ]
    for edit in edits:
        assert _changed(tmp_path, edit) == {"B1"}


def test_numbers_and_elements_out_of_range_fail_that_alone(tmp_path: Path) -> None:
    def commitment(answers: list[dict[str, Any]]) -> None:
        proof = answers[2]["nonzero_proof"]
        proof["commitment"] = proof["commitment"].upper()

    def plus_order(answers: list[dict[str, Any]]) -> None:
        proof = answers[2]["list_proofs"][0][0]
        proof["challenge"] = str(int(proof["challenge"]) + GROUP.q)

    def other_digits(answers: list[dict[str, Any]]) -> None:
        answers[1]["overall_proof"][0]["response"] = "\u0661\u0662"

    for edit in (commitment, plus_order, other_digits):
        assert _changed(tmp_path, edit) == {"B5"}
    for written in ("+1", "01", " 1", "1_0", "0x1", ""):

        def spelled(answers: list[dict[str, Any]], written: str = written) -> None:
            answers[0]["blank_proof"][1]["response"] = written

        assert _changed(tmp_path, spelled) == {"B5"}, written


# ---------------------------------------------------------------- threshold groups


def group_failures(path: Path, group: Group, edit: Callable[[Any], None] | None = None) -> set[str]:
    made = Election([], 1, trustees=1)
    made.candidates = ["Alder", "Ash"]
    made.prepare([], group)
    if edit:
        edit(made.poll.events[0][1][1][1][1])
    return failures(made.poll.events, path)


@pytest.mark.parametrize("contexts", [True, False])
def test_honest_threshold_groups_pass(tmp_path: Path, contexts: bool) -> None:
    for size, threshold in ((1, 1), (2, 1), (3, 2)):
        assert group_failures(tmp_path, Group(size, threshold, contexts)) == set()


def test_a_changed_coefficient_or_signature_fails(tmp_path: Path) -> None:
    def coefficient(params: Any) -> None:
        """Signed anew, but not what the signature over all certificates or the keys say."""
        texts = [GROUP.text(g_to(group.polynomials[0][0])), GROUP.text(g_to(5))]
        params["coefexps"][0] = sign(group.signing[0], text_of({"coefexps": texts}))

    def signature(params: Any) -> None:
        params["coefexps"][1]["signature"] = params["coefexps"][0]["signature"]

    def over_all(params: Any) -> None:
        params["signatures"].reverse()

    def no_signatures(params: Any) -> None:
        del params["signatures"]

    for contexts, edit, duties in (
        (True, coefficient, {"E8", "E9"}),
        (False, coefficient, {"E9"}),
        (False, signature, {"E8"}),
        (True, over_all, {"E8"}),
        (True, no_signatures, {"E8"}),
    ):
        group = Group(3, 2, contexts)
        assert group_failures(tmp_path, group, edit) == duties, edit.__name__


def test_a_key_that_the_coefficients_do_not_give_fails(tmp_path: Path) -> None:
    group = Group(3, 2)

    def own_key(params: Any) -> None:
        params["verification_keys"][1] = group.key(2, 12345)

    def some_signed(params: Any) -> None:
        del params["verification_keys"][1]["signature"]

    def other_signature(params: Any) -> None:
        params["verification_keys"][1]["signature"] = params["verification_keys"][0]["signature"]

    def no_proof(params: Any) -> None:
        params["verification_keys"][1]["pok"] = params["verification_keys"][0]["pok"]

    for edit, duty in ((own_key, "E9"), (some_signed, "E9"), (other_signature, "E9"), (no_proof, "E4")):
        assert group_failures(tmp_path, group, edit) == {duty}, edit.__name__


def test_a_threshold_that_is_not_borne_out_fails(tmp_path: Path) -> None:
    lowered = Group(3, 2, contexts=False)
    assert group_failures(tmp_path, lowered, lambda params: params.update(threshold=1)) == {"E7"}
    degree = Group(3, 2)
    degree.polynomials[0].append(7)
    assert group_failures(tmp_path, degree) == {"E7"}
    assert group_failures(tmp_path, Group(2, 3)) == {"E7"}


def test_certificates_for_another_place_or_group_fail(tmp_path: Path) -> None:
    group = Group(2, 2)
    group.certificate = lambda place: Group.certificate(group, 3 - place)  # type: ignore[method-assign]
    assert "E8" in group_failures(tmp_path, group)
    mixed = Group(2, 2)

    def without_context(place: int) -> dict[str, Any]:
        found = Group.certificate(mixed, place)
        return found if place == 1 else {name: found[name] for name in ("verification", "encryption")}

    mixed.certificate = without_context  # type: ignore[method-assign]
    assert group_failures(tmp_path, mixed) == {"E8"}


# ---------------------------------------------------------------- opening with a threshold group


@lru_cache(maxsize=1)
def opened() -> Poll:
    """A single trustee and a group of two out of three; trustees 1, 2, 3, 4 decrypt at heights 8 to 11."""
    made = Election(["Alder", "Ash"], 3, trustees=1)
    made.prepare([], Group(3, 2))
    for elector, ranks in enumerate([(1, 2), (2, 1), (0, 0)]):
        made.vote(elector, ranks)
    made.close()
    made.shuffle(1)
    made.shuffle(3)
    made.poll.events.append(["EndShuffles", [], None])
    for owner in (4, 1, 3, 2):
        made.decrypt(owner)
    made.result()
    return made.poll


def _opened(path: Path, edit: Callable[[list[Any]], None]) -> forms.Report:
    poll = copy.deepcopy(opened())
    edit(poll.events)
    return report_of(poll.write(), path)


def _wrong(events: list[Any], owner: int) -> None:
    """One factor of this trustee is another one."""
    event = next(event for event in events if event[0] == "PartialDecryption" and event[2] == owner)
    rows = event[1][0]["decryption_factors"]
    rows[0][0] = rows[0][1]


def _without(events: list[Any], *owners: int) -> None:
    events[:] = [event for event in events if event[0] != "PartialDecryption" or event[2] not in owners]


def test_any_two_of_three_can_open(tmp_path: Path) -> None:
    for missing in ((), (2,)):
        report = _opened(tmp_path, lambda events, missing=missing: _without(events, *missing))  # type: ignore[misc]
        assert (report.verdict, report.against) == ("passed", {}), missing


def test_one_bad_decryption_among_enough_good_ones_names_the_trustee(tmp_path: Path) -> None:
    report = _opened(tmp_path, lambda events: _wrong(events, 2))
    assert set(report.against) == {"D3"}
    assert "trustee 2" in report.because("D3")
    assert report.verdict_of("R1") == "passed"


def test_a_bad_decryption_among_too_few_keeps_the_result_from_being_judged(tmp_path: Path) -> None:
    def edit(events: list[Any]) -> None:
        _wrong(events, 2)
        _without(events, 3)

    report = _opened(tmp_path, edit)
    assert set(report.against) == {"D3"}
    assert report.because("R1") == "waits for D3"
    report = _opened(tmp_path, lambda events: _wrong(events, 1))
    assert (set(report.against), report.because("R1")) == ({"D3"}, "waits for D3")


def test_too_few_decryptions_fail_that_alone(tmp_path: Path) -> None:
    for owners in ((1,), (2, 3)):
        report = _opened(tmp_path, lambda events, owners=owners: _without(events, *owners))  # type: ignore[misc]
        assert (set(report.against), report.because("R1")) == ({"D4"}, "waits for D4")


def test_a_second_good_decryption_fails_that_alone(tmp_path: Path) -> None:
    report = _opened(tmp_path, lambda events: events.insert(-1, copy.deepcopy(events[-2])))
    assert set(report.against) == {"D1"}
    assert report.verdict_of("R1") == "passed"


def test_a_result_in_another_spelling_fails(tmp_path: Path) -> None:
    def spaced(events: list[Any]) -> None:
        events[-1][1] = [compact(events[-1][1][0]).replace(b"],[", b"], [")]

    def text(events: list[Any]) -> None:
        events[-1][1][0]["result"][0][0][0] = "1"

    for edit in (spaced, text):
        assert set(_opened(tmp_path, edit).against) == {"R1"}


def test_a_false_tally_that_was_mixed_and_opened_blames_nobody_after_it(tmp_path: Path) -> None:
    """A ballot of the archive is left out of the tally: its numbers say so, and mixers and trustees go on."""
    made = Election(["Alder", "Ash"], 3, trustees=2)
    made.prepare([])
    for elector in range(3):
        made.vote(elector, (1, 2))
    del made.last[made.credentials[0][0]]
    poll = made.finish()
    assert set(report_of(poll.write(), tmp_path).against) == {"T1", "T2"}
    tally = next(event for event in poll.events if event[0] == "EncryptedTally")
    tally[2] = {"num_tallied": 3, "total_weight": 3}
    assert set(report_of(poll.write(), tmp_path).against) == {"T1"}


# ---------------------------------------------------------------- reading


def test_hostile_json_is_refused_with_a_sentence() -> None:
    deep = b"[" * 17 + b"]" * 17
    for data in (
        b"", b"{", b"[1", b"\xff", b"[1.0]", b"[1e3]", b"[NaN]", b"[Infinity]", b"[-Infinity]", b"[01]",
        b"[+1]", b"[0x1]", b"[" + b"9" * 30 + b"]", b'{"a":1,"a":1}', b'["\\ud800"]', b"\xef\xbb\xbf[]",
        b"[" * 100_000, b'{"a":' * 100_000, deep, b"[}", b'["', b"nul", "[\u0661]".encode(), b"[]x",
    ):  # fmt: skip
        for read in (belenios, ours, lambda data, what: plain(data, what, [])):
            with pytest.raises(Fault):
                read(data, "it")
    assert belenios(deep[1:-1], "it") is not None


def test_another_spelling_is_not_canonical_but_read_where_that_is_allowed() -> None:
    for data in (b"[1, 2]", b' "x"', b'"\\u0041"', b'"\\/"', b"[-0]", b"[]\n"):
        remarks: list[str] = []
        plain(data, "it", remarks)
        assert remarks == ["it is not in canonical form"]
        with pytest.raises(Fault):
            belenios(data, "it")


def test_what_is_too_long_is_not_parsed() -> None:
    with pytest.raises(Fault, match="more than"):
        belenios(b"[" + b" " * 1000 + b"]", "it", 100)


def _setup(*edits: Callable[[list[Any]], None]) -> list[Any]:
    event: list[Any] = copy.deepcopy(election().poll.events[0])
    for edit in edits:
        edit(event[1])
    return event


def test_a_form_that_need_not_be_canonical_is_remarked_and_fails_nothing(tmp_path: Path) -> None:
    def spaced(members: list[Any]) -> None:
        members[0] = compact(members[0]).replace(b'","', b'", "')

    def unknown(members: list[Any]) -> None:
        members[0]["colour"] = "green"
        members[1][0][1]["colour"] = "green"

    for edit, duty, sentence in (
        (spaced, "E1", "the election is not in canonical form"),
        (unknown, "E1", "the election has an unknown field 'colour'"),
        (unknown, "E4", "trustee 1 has an unknown field 'colour'"),
    ):
        report = report_of(Poll([_setup(edit)]).write(), tmp_path)
        assert (report.verdict, report.against) == ("passed", {})
        assert sentence in report.because(duty)


@pytest.mark.parametrize(
    ("place", "data", "duty"),
    [
        (0, b'{"version":1,"version":1}', "E1"),
        (0, b'{"version":1.0}', "E1"),
        (0, b"[" * 99, "E1"),
        (1, b'["\\ud800"]', "E4"),
        (1, b"[]", "E4"),
        (2, b"[NaN]", "E6"),
        (2, b'{"a":1}', "E6"),
    ],
)
def test_a_set_up_that_cannot_be_read_fails_one_duty_and_the_rest_waits(
    tmp_path: Path, place: int, data: bytes, duty: str
) -> None:
    def exchange(members: list[Any]) -> None:
        members[place] = data

    ballot = election().ballot(0, [])
    report = report_of(Poll([_setup(exchange), ballot]).write(), tmp_path)
    assert set(report.against) == {duty}
    assert report.because("B6") == f"waits for {duty}"
    assert report.verdict_of("B6") == "not checked"


def test_a_duty_taken_out_of_the_table_takes_what_waits_for_it_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exchange(members: list[Any]) -> None:
        members[2] = b"[NaN]"

    data = Poll([_setup(exchange)]).write()
    assert report_of(data, tmp_path).exit_code == 1
    monkeypatch.delitem(forms.CLAIMS, "E6")
    report = report_of(data, tmp_path)
    assert report.exit_code == 0
    assert all(check["verdict"] in ("passed", "not part of it") for check in report.to_json()["checks"])  # type: ignore[attr-defined]


def test_the_fingerprint_is_that_of_the_bytes() -> None:
    assert base64_hash(b"") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
