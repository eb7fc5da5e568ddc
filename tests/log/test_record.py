"""Entries, order, checkpoints and receipts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from selectorate.errors import Refusal
from selectorate.log import order
from selectorate.log.check import check_checkpoints, check_entries, check_receipt, is_size, small_cells
from selectorate.log.make import make_checkpoint, make_receipt
from selectorate.log.note import VerifierKey, open_note
from selectorate.log.objects import Entry, Holder, cell
from selectorate.log.receipt import Receipt
from selectorate.log.tree import Tree

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = "record.example/committee"
VERIFIER = VerifierKey(ORIGIN, KEY.public_key().public_bytes_raw())
ONE, TWO = Holder("returning officer", "Officer One"), Holder("deputy", "Officer Two")
HASH = "0" * 64


def opened() -> Entry:
    data = {
        "organisation": "The Orchard League",
        "origin": ORIGIN,
        "key": str(VERIFIER),
        "demonstration": True,
    }
    return Entry("log.opened", (ONE,), data)


def adopted() -> Entry:
    return Entry(
        "rulebook.adopted", (ONE,), {"document": {"name": "rulebook.toml", "sha256": HASH}, "version": "1"}
    )


def imported(left_out: int | str = 0) -> Entry:
    data = {
        "files": 1,
        "rows": 20,
        "kept": 20,
        "left_out": left_out,
        "refused_columns": [],
        "commitment": HASH,
    }
    return Entry("roll.imported", (ONE,), data)


def frozen(*by: Holder) -> Entry:
    data = {
        "freeze": "2026-12-31", "members": 20, "eligible": 20, "not_eligible": 0, "ask": 0,
        "clauses": [], "commitment": HASH,
    }  # fmt: skip
    return Entry("roll.frozen", by, data)


def verdicts(entries: list[Entry]) -> dict[str, str]:
    checks, sound = check_entries([entry.to_json() for entry in entries])
    assert all(check.claim for check in checks)
    passed = [check.because for check in checks if check.verdict == "passed" and check.duty != "L1"]
    assert set(passed) <= {f"{len(sound)} entries"}
    return {check.duty: check.verdict for check in checks}


def test_a_sound_record_passes_every_check() -> None:
    record = [opened(), adopted(), imported(), frozen(ONE, TWO)]
    assert verdicts(record) == {"L1": "passed", "L3": "passed", "L7": "passed", "L8": "passed"}
    assert order.phase_after(record) == "frozen"


def test_an_act_out_of_order_fails_that_check_alone() -> None:
    assert verdicts([opened(), imported(), adopted()])["L3"] == "failed"
    with pytest.raises(Refusal, match="no roll has been imported"):
        order.walk("adopted", frozen(ONE, TWO))


def test_one_person_alone_cannot_freeze_the_roll() -> None:
    record = [opened(), adopted(), imported()]
    assert verdicts([*record, frozen(ONE)]) == {
        "L1": "passed",
        "L3": "passed",
        "L7": "failed",
        "L8": "passed",
    }
    assert verdicts([*record, frozen(ONE, Holder("deputy", "Officer One"))])["L7"] == "failed"


def test_a_published_number_under_ten_is_found() -> None:
    found = verdicts([opened(), adopted(), imported(left_out=7)])
    assert found == {"L1": "passed", "L3": "passed", "L7": "passed", "L8": "failed"}
    assert cell(7) == "fewer than 10"
    assert cell(0) == 0
    assert cell(10) == 10


def test_an_entry_with_an_unknown_field_or_in_another_form_is_unsound() -> None:
    extra = Entry("rulebook.adopted", (ONE,), {**adopted().data, "note": "x"})
    assert verdicts([opened(), extra])["L1"] == "failed"
    checks, _ = check_entries([opened().to_json() + b" "])
    assert checks[0].verdict == "failed"


def test_every_act_has_a_sentence_and_a_place_in_the_order() -> None:
    for code, act in order.ACTS.items():
        if code != "bel.event":
            assert act.sentence.endswith(".")
            assert act.phases
    reachable = {act.leads_to for act in order.ACTS.values()} | {
        leads for _, _, leads in order.EVENTS.values()
    }
    assert set(order.PHASES) == (reachable - {None}) | {"empty"}


def notes(lines: list[bytes], *, step: timedelta = timedelta(hours=1)) -> dict[str, bytes]:
    tree, made = Tree(), {}
    for number, line in enumerate(lines):
        tree.append(line)
        made[str(len(tree))] = make_checkpoint(tree, ORIGIN, KEY, NOON + number * step, demonstration=True)
    return made


LINES = [opened().to_json(), adopted().to_json(), imported().to_json()]


def test_checkpoints_that_fit_pass() -> None:
    made = notes(LINES)
    assert check_checkpoints(LINES, made, made["3"], VERIFIER).verdict == "passed"


@pytest.mark.parametrize(
    "fault", ["changed entry", "older newest", "time back", "other key", "bent signature"]
)
def test_a_checkpoint_that_does_not_fit_fails(fault: str) -> None:
    made, lines, newest = notes(LINES), list(LINES), notes(LINES)["3"]
    if fault == "changed entry":
        lines[1] = lines[1].replace(b'"1"', b'"2"')
    elif fault == "older newest":
        newest = made["2"]
    elif fault == "time back":
        made = notes(LINES, step=timedelta(hours=-1))
        newest = made["3"]
    elif fault == "other key":
        made["2"] = make_checkpoint(
            Tree(LINES[:2]), ORIGIN, Ed25519PrivateKey.generate(), NOON, demonstration=True
        )
    else:
        made["2"] = made["2"].replace(b"\n\n", b"\n\n", 1)[:-6] + b"AAAA=\n"
    assert check_checkpoints(lines, made, newest, VERIFIER).verdict == "failed"


def test_a_check_says_how_much_it_saw_and_spells_out_three_faults() -> None:
    good = opened().to_json()
    (one, *_), sound = check_entries([good] + [b"{}"] * 3)
    assert (one.duty, one.verdict, len(one.because.split("; entry"))) == ("L1", "failed", 3)
    assert "more" not in one.because
    assert [entry.act for entry in sound] == ["log.opened"]
    (one, *_), _ = check_entries([good] + [b"{}"] * 5)
    assert one.because.endswith("; and 2 more")
    assert one.because.startswith("entry 1: ")
    (one, *_), _ = check_entries([good])
    assert one.because == "1 entries"


def test_faults_name_the_number_of_their_entry() -> None:
    record = [opened(), adopted(), imported(left_out=7), frozen(ONE)]
    checks, _ = check_entries([entry.to_json() for entry in record])
    because = {check.duty: check.because for check in checks}
    assert because["L7"].startswith("entry 3: ")
    assert because["L8"] == "entry 2: left_out is 7"
    checks, _ = check_entries([entry.to_json() for entry in [opened(), imported(), adopted()]])
    assert next(check.because for check in checks if check.duty == "L3").startswith("entry 1: ")


def test_an_act_of_nobody_is_found() -> None:
    record = [opened(), Entry("rulebook.adopted", (), adopted().data)]
    checks, _ = check_entries([entry.to_json() for entry in record])
    found = {check.duty: check for check in checks}
    assert found["L7"].verdict == "failed"
    assert found["L7"].because.endswith("entry 1: nobody is named")


CHECKPOINTS = [
    ({"2": "1"}, "checkpoint 2 speaks of 1 entries"),
    ({"4": "3"}, "checkpoint 4 speaks of 3 entries"),
    ({"2": b"junk"}, "checkpoint 2: "),
]


@pytest.mark.parametrize(("change", "because"), CHECKPOINTS)
def test_a_checkpoint_under_another_name_is_named(change: dict[str, str | bytes], because: str) -> None:
    made = notes(LINES)
    other = made | {
        name: made[source] if isinstance(source, str) else source for name, source in change.items()
    }
    found = check_checkpoints(LINES, other, made["3"], VERIFIER)
    assert (found.duty, found.verdict) == ("L2", "failed")
    assert found.claim
    assert because in found.because


def test_checkpoints_beyond_the_entries_or_of_others_are_named() -> None:
    made = notes(LINES)
    found = check_checkpoints(LINES[:2], made, made["2"], VERIFIER)
    assert found.because == "checkpoint 3 covers 3 entries, 2 are here"
    lines = [LINES[0], LINES[2], LINES[1]]
    found = check_checkpoints(lines, {"1": made["1"], "2": made["2"]} | {"3": notes(lines)["3"]},
                              notes(lines)["3"], VERIFIER)  # fmt: skip
    assert found.because == "checkpoint 2: its root is not that of the entries"
    found = check_checkpoints(LINES, made, made["3"], VERIFIER)
    assert found.because == "3 checkpoints"
    found = check_checkpoints(LINES, {}, b"", VERIFIER)
    assert found.because == "log/checkpoint is not the checkpoint over all 3 entries"


def test_checkpoints_of_one_moment_pass_and_the_order_is_that_of_size() -> None:
    lines = LINES + [imported().to_json()] * 8
    made = notes(lines, step=timedelta(0))
    assert check_checkpoints(lines, made, made["11"], VERIFIER).verdict == "passed"
    made = notes(lines)
    assert check_checkpoints(lines, made, made["11"], VERIFIER).verdict == "passed"


def test_only_whole_numbers_are_names_of_checkpoints() -> None:
    assert all(is_size(name) for name in ("0", "1", "10", "9" * 16))
    assert not any(is_size(name) for name in ("", "01", "-1", "1.", "1\n", "\u0661", "9" * 17, "x"))


def test_small_numbers_are_found_in_lists_too() -> None:
    clauses = [{"not_met": 9, "unknown": 10}, {"not_met": "fewer than 10", "unknown": 1}]
    entry = Entry("roll.frozen", (ONE, TWO), {**frozen(ONE).data, "ask": 3, "clauses": clauses})
    assert small_cells(entry) == [("ask", 3), ("clauses.not_met", 9), ("clauses.unknown", 1)]
    assert small_cells(opened()) == []
    assert small_cells(imported(1)) == [("left_out", 1)]


def test_a_receipt_of_more_than_there_is_and_one_of_another_record_are_refused_by_code() -> None:
    made = notes(LINES)

    def code(lines: list[bytes], key: VerifierKey = VERIFIER, **other: int) -> str:
        tree = Tree(LINES)
        receipt = make_receipt(tree, made["3"], 3, entry=2, tracker="A" * 43, uuid="u" * 14)
        with pytest.raises(Refusal) as refused:
            check_receipt(replace(receipt, **other), lines, key)
        return refused.value.code

    assert code(LINES[:2]) == "log.size"
    assert code([*LINES[:2], LINES[0]]) == "log.consistency"
    assert code(LINES, entry=3) == "log.size"
    assert code(LINES, entry=1) == "log.inclusion"
    receipt = make_receipt(Tree(LINES), made["3"], 3, entry=2, tracker="A" * 43, uuid="u" * 14)
    check_receipt(receipt, LINES, VERIFIER)


def test_signature_lines_of_unknown_witnesses_are_ignored() -> None:
    note = notes(LINES)["3"] + "— witness.example AAAAAAAA\n".encode()
    assert open_note(note, VERIFIER).size == 3


def test_a_receipt_holds_in_a_longer_record_and_not_in_a_rewritten_one() -> None:
    made = notes(LINES)
    receipt = make_receipt(Tree(LINES), made["2"], 2, entry=1, tracker="A" * 43, uuid="u" * 14)
    again = Receipt.from_json(receipt.to_json())
    check_receipt(again, LINES, VERIFIER)
    with pytest.raises(Refusal):
        check_receipt(again, [LINES[0], LINES[2], LINES[1]], VERIFIER)


def test_a_verifier_key_reads_back_and_a_bent_one_is_refused() -> None:
    assert VerifierKey.parse(str(VERIFIER)) == VERIFIER
    for bent in ("", "a+b+c", str(VERIFIER)[:-1], "x" + str(VERIFIER)):
        with pytest.raises(Refusal):
            VerifierKey.parse(bent)


SMALL = {"uuid": "u" * 14, "trustee": 1, "counted": 3, "floor": 10}


def test_word_of_destroyed_letters_may_stand_anywhere_after_the_final_roll() -> None:
    data = {"uuid": "u" * 14, "batch": "001", "letters": 40}
    entry = Entry("letters.destroyed", (ONE,), data)
    for phase in ("final", "polling", "decrypting", "certified"):
        assert order.walk(phase, entry) == phase
    for phase in ("adopted", "imported", "frozen"):
        with pytest.raises(Refusal):
            order.walk(phase, entry)


@pytest.mark.parametrize("act", ["decryption.small", "decryption.refused"])
def test_what_is_said_of_decryptions_stands_between_the_tally_and_the_result(act: str) -> None:
    bad = {"uuid": "u" * 14, "trustee": 1, "duty": "D3", "object": HASH, "document": None}
    entry = Entry(act, (ONE,), SMALL if act == "decryption.small" else bad)
    for phase in ("tallied", "mixing", "mixed", "decrypting"):
        assert order.walk(phase, entry) == phase
    for phase in ("polling", "closed", "ended", "result", "declared"):
        with pytest.raises(Refusal):
            order.walk(phase, entry)


def test_a_proof_of_holding_stands_between_the_final_roll_and_the_opening() -> None:
    data = {
        "uuid": "u" * 14, "trustee": 1, "public_key": "ab", "size": 7, "root": HASH, "challenge": "1", "response": "0",
    }  # fmt: skip
    assert order.walk("final", Entry("trustee.held", (ONE,), data)) == "final"
    with pytest.raises(Refusal):
        order.walk("polling", Entry("trustee.held", (ONE,), data))
    for bent in ({"trustee": 0}, {"challenge": "01"}, {"response": "-1"}, {"root": "ab"}, {"size": -1}):
        with pytest.raises(Refusal, match="is not of its kind"):
            order.fields(Entry("trustee.held", (ONE,), data | bent))


@pytest.mark.parametrize("name", ["refused-0.json", "refused-1.txt", "../refused-1.json", "rulebook.toml"])
def test_a_refused_decryption_is_published_under_its_trustees_number_alone(name: str) -> None:
    bad = {
        "uuid": "u" * 14, "trustee": 1, "duty": "D3", "object": HASH, "document": {"name": name, "sha256": HASH},
    }  # fmt: skip
    with pytest.raises(Refusal):
        order.fields(Entry("decryption.refused", (ONE,), bad))
    good = bad | {"document": {"name": "refused-1.json", "sha256": HASH}}
    order.fields(Entry("decryption.refused", (ONE,), good))
