"""What a report says of every duty of a folder, one change at a time: failed, not checked, not part of it.

The folders are made by tests/auditor from the pages, without our code. A duty that is named nowhere must have passed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.auditor import making, published
from tests.auditor.making import Poll
from tests.auditor.published import Folder
from tests.auditor.test_folder import _add, _decryption, _refuse, _small_rulebook, election, honest_folder

from selectorate.ballot.check import trustees
from selectorate.canon import Report
from selectorate.verify import open_source, verify

NOT_PART, NOT_CHECKED, FAILED = "not part of it", "not checked", "failed"
NEVER = dict.fromkeys(("A4", "E7", "E8", "E9"), NOT_PART)  # no earlier copy, no threshold group
CLOSING = ("T1", "T2", "S1", "S2", "S3", "D1", "D2", "D3", "D4", "R1")
Edit = Callable[[Folder], object]


def report_on(folder: Folder, place: Path) -> Report:
    """Every duty has its claim, and says why it went as it did unless there is nothing to say."""
    report = verify(open_source(folder.write(place)))
    assert all(check.claim for check in report.checks)
    assert all(isinstance(check.because, str) for check in report.checks)
    assert all(check.because for check in report.checks if check.verdict != "passed")
    assert len({check.duty for check in report.checks}) == len(report.checks)
    return report


def said(folder: Folder, place: Path) -> dict[str, str]:
    report = report_on(folder, place)
    return {check.duty: check.verdict for check in report.checks if check.verdict != "passed"}


def because(folder: Folder, place: Path, duty: str) -> str:
    report = report_on(folder, place)
    return next(check.because for check in report.checks if check.duty == duty)


def _open(folder: Folder) -> None:
    _, _, poll = election()
    folder.archive = Poll(poll.events[: 1 + len(poll.of_type("Ballot"))]).write()
    folder.entries = folder.entries[: folder.entries.index(folder.entry("poll.closed"))]
    del folder.documents["sheet.json"], folder.documents["certificate.json"]


def _lost(name: str) -> Edit:
    return lambda folder: folder.files.pop(f"documents/{name}")


def _bad_archive(folder: Folder) -> None:
    """All that a trustee decrypted twice over: only D1 fails, and R1 has enough left."""
    _, _, poll = election()
    events = list(poll.events)
    last = next(n for n, event in enumerate(events) if event[0] == "PartialDecryption")
    folder.archive = Poll([*events[:last], events[last], *events[last:]]).write()


def _refused_as_another(folder: Folder) -> None:
    _refuse(folder, _bad_decryption())
    folder.data("decryption.refused")["object"] = "ab" * 32


def _bad_decryption() -> dict[str, Any]:
    bad = _decryption(2)
    bad["decryption_factors"][0].reverse()
    return bad


def _said_small(**other: Any) -> Edit:
    """Every trustee said yes to a small tally; with `other` the second one to another."""

    def edit(folder: Folder) -> None:
        _small_rulebook(folder)
        for trustee in (1, 2, 3):
            yes = {"counted": 11, "floor": 20} | (other if trustee == 2 else {})
            _add(folder, "decryption.small", yes, trustee)

    return edit


def _held(**other: Any) -> Edit:
    """The second trustee's proof with another field than it was made with."""

    def edit(folder: Folder) -> None:
        held = [entry["data"] for entry in folder.entries if entry["act"] == "trustee.held"]
        held[1] |= other

    return edit


SHEET_LATER = ("Q4", "Q5", "C1", "C2")
BEFORE_SEALING: dict[str, tuple[Edit, dict[str, str]]] = {
    "nothing": (lambda folder: None, {"P8": NOT_PART}),
    "an open poll": (
        _open, dict.fromkeys((*CLOSING, "P4", "P6", "P8", "P9", "Q3", *SHEET_LATER), NOT_PART),
    ),
    "a decryption twice in the archive": (
        _bad_archive,
        {"D1": FAILED, "L5": FAILED, "P8": NOT_PART}
        | dict.fromkeys(
            ("L4", "P2", "P5", "P6", "P7", "P9", "Q2", "Q3", "Q4", "Q5", "C1", "C2"), NOT_CHECKED
        ),
    ),
    "another word than the certificate's": (
        lambda folder: folder.data("certificate.issued").update(word="certified"),
        {"C2": FAILED, "P8": NOT_PART},
    ),
    "others declared elected": (
        lambda folder: folder.data("sheet.declared")["elected"].reverse(), {"C1": FAILED, "P8": NOT_PART},
    ),
    "a bad decryption that was refused": (lambda folder: _refuse(folder, _bad_decryption()), {}),
    "a refused decryption that is another": (_refused_as_another, {"P8": FAILED}),
    "a small tally that all spoke of": (_said_small(), {"P8": NOT_PART}),
    "a small tally with another number": (_said_small(counted=12), {"P8": NOT_PART, "P9": FAILED}),
    "a small tally with another floor": (_said_small(floor=21), {"P8": NOT_PART, "P9": FAILED}),
    "a small tally of another election": (
        _said_small(uuid="TestTestTest13"), {"P8": NOT_PART, "P9": FAILED},
    ),
    "a small tally that another spoke of": (_said_small(trustee=1), {"P8": NOT_PART, "P9": FAILED}),
}  # fmt: skip


@pytest.mark.parametrize("name", BEFORE_SEALING)
def test_one_change_of_a_folder_shows_in_its_duties_and_nowhere_else(tmp_path: Path, name: str) -> None:
    edit, wanted = BEFORE_SEALING[name]
    folder = honest_folder().copy()
    edit(folder)
    assert said(folder.seal(), tmp_path) == NEVER | wanted


AFTER_SEALING: dict[str, tuple[Edit, dict[str, str]]] = {
    "no candidates": (
        _lost("candidates.json"), {"L6": FAILED, "P2": NOT_CHECKED, "P3": NOT_CHECKED, "P8": NOT_PART},
    ),
    "no commitments": (_lost("commitments.json"), {"L6": FAILED, "Q1": NOT_CHECKED, "P8": NOT_PART}),
    "no sheet": (_lost("sheet.json"), {"L6": FAILED, "P8": NOT_PART} | dict.fromkeys(SHEET_LATER, FAILED)),
    "no certificate": (_lost("certificate.json"), {"L6": FAILED, "C2": FAILED, "P8": NOT_PART}),
    "no rulebook": (
        _lost("rulebook.toml"),
        {"L6": FAILED, "P1": FAILED, "P8": NOT_PART} | dict.fromkeys(("P2", "P9", "K1"), NOT_CHECKED),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", AFTER_SEALING)
def test_a_file_that_is_lost_shows_in_its_duties_and_nowhere_else(tmp_path: Path, name: str) -> None:
    edit, wanted = AFTER_SEALING[name]
    folder = honest_folder().copy().seal()
    edit(folder)
    assert said(folder, tmp_path) == NEVER | wanted


def test_a_refused_decryption_that_is_lost_is_not_checked(tmp_path: Path) -> None:
    folder = honest_folder().copy()
    _refuse(folder, _bad_decryption())
    folder.seal()
    _lost("refused-2.json")(folder)
    assert said(folder, tmp_path) == NEVER | {"L6": FAILED, "P8": NOT_CHECKED}


def test_a_record_before_any_poll_leaves_the_rest_for_later(tmp_path: Path) -> None:
    folder = honest_folder().copy()
    folder.entries = folder.entries[:6]  # up to the roll's amendment
    folder.documents = {"rulebook.toml": folder.documents["rulebook.toml"]}
    folder.seal()
    del folder.files[f"{making.UUID}.bel"]
    found = said(folder, tmp_path)
    assert set(found.values()) == {NOT_PART}
    later = {f"P{n}" for n in range(2, 10)} | {f"Q{n}" for n in range(1, 6)} | {"L4", "L5", "C1", "C2"}
    assert later <= set(found)
    assert not {"L1", "L2", "L3", "L6", "L7", "L8", "P1"} & set(found)


def test_a_folder_without_the_archive_of_its_record_fails(tmp_path: Path) -> None:
    folder = honest_folder().copy().seal()
    del folder.files[f"{making.UUID}.bel"]
    assert because(folder, tmp_path, "L5") == "the record has events, and there is no archive"


PROOFS: dict[str, tuple[Edit, str]] = {
    "the root of another record": (_held(root="ab" * 32), "trustee 2: its checkpoint is not one of this"),
    "another election": (_held(uuid="TestTestTest13"), "trustee 2: the proof is of another election"),
    "another key": (_held(public_key=making.GROUP.text(making.g_to(7))), "trustee 2: the proof is of another key"),
    "another response": (_held(response="1"), "trustee 2: "),
    "another challenge": (_held(challenge="1"), "trustee 2: "),
    "a trustee that there is not": (_held(trustee=4), "trustee 2: no proof is on the record"),
    "two of one trustee": (_held(trustee=3), "trustee 2: no proof is on the record"),
}  # fmt: skip


@pytest.mark.parametrize("name", PROOFS)
def test_a_proof_of_holding_is_of_this_trustee_election_and_record(tmp_path: Path, name: str) -> None:
    edit, reason = PROOFS[name]
    folder = honest_folder().copy()
    folder.seal()
    edit(folder)
    assert because(folder.seal(prove=False), tmp_path, "P7").startswith(reason)


@pytest.mark.parametrize(("more", "holds"), [(0, False), (1, True), (2, True)])
def test_a_proof_of_holding_covers_the_final_roll(tmp_path: Path, more: int, holds: bool) -> None:
    folder = honest_folder().copy().seal()
    held = [entry for entry in folder.entries if entry["act"] == "trustee.held"]
    size = folder.entries.index(folder.entry("roll.final")) + more
    if size > folder.entries.index(held[0]):
        size = folder.entries.index(held[0])
    root = published.merkle([making.canonical(entry) for entry in folder.entries[:size]]).hex()
    published.hold(held[0]["data"], folder.keys[held[0]["data"]["trustee"] - 1], size, root)
    later = folder.entries.index(held[0]) + 1
    for entry in held[1:]:  # their record now has another line in it
        root = published.merkle([making.canonical(one) for one in folder.entries[:later]]).hex()
        published.hold(entry["data"], folder.keys[entry["data"]["trustee"] - 1], later, root)
    found = said(folder.seal(prove=False), tmp_path)
    assert ("P7" in found) is not holds


def _entry(act: str, name: str, value: Any) -> Edit:
    return lambda folder: folder.data(act).update({name: value})


def _document(document: str, name: str, value: Any) -> Edit:
    return lambda folder: folder.documents[document].update({name: value})


POLL: dict[str, Edit] = {
    "the election object is the logged one": _entry("poll.opened", "election", "ab" * 32),
    "seats in rulebook and candidates file": _document("candidates.json", "seats", 3),
    "question in rulebook and candidates file": _document("candidates.json", "question", "Who?"),
    "contest in record and candidates file": _document("candidates.json", "contest", "other"),
    "election promised with the final roll": _entry("roll.final", "elections", []),
    "rule set in rulebook and sheet": _document("sheet.json", "ruleset", "meek-stv"),
    "seats in rulebook and sheet": _document("sheet.json", "seats", 3),
    "candidates in archive and sheet": _document("sheet.json", "candidates", ["Alder"]),
    "papers of the sheet": _document("sheet.json", "papers", "ab" * 32),
}


@pytest.mark.parametrize("what", POLL)
def test_what_differs_between_record_rulebook_archive_and_papers_is_named(tmp_path: Path, what: str) -> None:
    folder = honest_folder().copy()
    POLL[what](folder)
    assert because(folder.seal(), tmp_path, "P2") == f"differs: {what}"


def test_a_poll_of_another_election_differs_and_was_not_promised(tmp_path: Path) -> None:
    folder = honest_folder().copy()
    folder.data("poll.opened")["uuid"] = "TestTestTest13"
    differs = "differs: uuid in the record and in the archive; differs: election promised with the final roll"
    assert because(folder.seal(), tmp_path, "P2") == differs


@pytest.mark.parametrize("day", ["2027-2-1", "20270201", "2027-02-30", 20270201, None, ""])
def test_a_candidate_consented_on_a_day(tmp_path: Path, day: object) -> None:
    folder = honest_folder().copy()
    folder.documents["candidates.json"]["candidates"][0]["consent"] = day
    assert because(folder.seal(), tmp_path, "P2") == "differs: a day of consent for each candidate"


def _proof_of_holding() -> dict[str, Any]:
    secret = 12345
    data: dict[str, Any] = {"uuid": making.UUID, "public_key": making.GROUP.text(making.g_to(secret))}
    published.hold(data, secret, 7, "ab" * 32)
    return data


def test_a_proof_of_holding_made_from_the_page_holds() -> None:
    assert trustees.held_reason("Ed25519", _proof_of_holding()) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("size", 8), ("root", "cd" * 32), ("uuid", "TestTestTest13"), ("challenge", "1"), ("response", "1"),
     ("public_key", "junk"), ("response", "junk")],
)  # fmt: skip
def test_a_proof_of_holding_is_of_all_its_fields(name: str, value: object) -> None:
    reason = trustees.held_reason("Ed25519", _proof_of_holding() | {name: value})
    assert len(reason.split()) > 1


ONE = {"challenge": "1", "response": "0"}


@pytest.mark.parametrize(
    ("factors", "proofs", "more", "publishable"),
    [
        ([["0", "1", "ab" * 32]], [[ONE, ONE, ONE]], {}, True),
        ([[["9" * 2000]]], [[[ONE]]], {}, True),
        ([], [], {}, True),
        ([["9" * 2001]], [[ONE]], {}, False),
        ([["01"]], [[ONE]], {}, False),
        ([["ab" * 31]], [[ONE]], {}, False),
        ([["AB" * 32]], [[ONE]], {}, False),
        ([["hello"]], [[ONE]], {}, False),
        ([["1\n"]], [[ONE]], {}, False),
        ([[1]], [[ONE]], {}, False),
        ("1", [[ONE]], {}, False),
        ([["1"]], ONE, {}, False),
        ([["1"]], [["1"]], {}, False),
        ([["1"]], [[{"challenge": "1"}]], {}, False),
        ([["1"]], [[ONE | {"more": "1"}]], {}, False),
        ([["1"]], [[{"challenge": "1", "response": "hello"}]], {}, False),
        ([["1"], "hello"], [[ONE]], {}, False),
        ([["1"]], [[ONE]], {"more": "1"}, False),
    ],
)
def test_only_elements_and_numbers_are_published(
    factors: object, proofs: object, more: dict[str, str], publishable: bool
) -> None:
    value = {"decryption_factors": factors, "decryption_proofs": proofs} | more
    assert trustees.is_publishable(making.compact(value)) is publishable


@pytest.mark.parametrize("content", [b"", b"[]", b'{"decryption_factors":[]}', b"\xff", b'"x"'])
def test_another_object_is_not_published(content: bytes) -> None:
    assert trustees.is_publishable(content) is False
