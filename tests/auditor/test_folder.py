"""An honest public folder passes; each duty of the folder fails alone when its thing is broken.

The folder is made from the pages in docs/formats by making.py, not by selectorate.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from auditor.forms import Report
from tests.auditor import making, published
from tests.auditor.making import Maker, Poll
from tests.auditor.published import Folder, Signer

from auditor import count, verify

CANDIDATES = published.paper_order(["Alder", "Ash", "Beech", "Oak"])
VOTES = [(1, 2, 0, 0)] * 4 + [(0, 1, 2, 0)] * 3 + [(0, 0, 1, 0), (3, 0, 2, 1), (0, 0, 0, 0), (1, 1, 0, 0)]


@lru_cache(maxsize=1)
def election() -> tuple[Signer, Maker, Poll]:
    """Twelve electors; eleven vote, one of them twice; one blank and one invalid paper."""
    signer = Signer()
    maker = Maker(CANDIDATES, 12, description=f"The record: {signer.text}")
    maker.set_up()
    maker.vote(3, (0, 0, 0, 1))
    for elector, ranks in enumerate(VOTES):
        maker.vote(elector, ranks)
    return signer, maker, maker.finish()


@lru_cache(maxsize=1)
def honest_folder() -> Folder:
    signer, maker, poll = election()
    result = poll.of_type("Result")[0][1][0]
    papers, blank, invalid = count.sort_papers(result["result"][0])
    digest = making.sha(making.compact(result))
    counted = count.scottish(tuple(CANDIDATES), 2, papers, published.TIE_SEED)
    sheet = count.sheet_of(counted, papers, blank, invalid, digest)
    bound = count.same_path_bound(counted, papers)
    certificate = {
        "certified_to": bound,
        "changed_from": None,
        "doubtful": 10,
        "example": None,
        "left_out": 0,
        "papers": digest,
        "ruleset": "scottish-stv",
        "seats": 2,
        "word": "not certified",
    }
    return published.folder(signer, maker, poll, sheet, certificate)


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A folder to break. The archive is checked once for all tests that leave it alone."""
    original = verify.check_archive
    known = _archive_checked(original)

    def cached(data: bytes, *rest: Any) -> Any:
        report = rest[-1]
        if data != honest_folder().archive:
            return original(data, *rest)
        found, seen = known
        report.found |= copy.deepcopy(seen.found)
        report.seen |= seen.seen
        return copy.deepcopy(found)

    monkeypatch.setattr(verify, "check_archive", cached)
    return honest_folder().copy()


@lru_cache(maxsize=1)
def _archive_checked(check: Callable[..., Any]) -> tuple[Any, Report]:
    report = Report()
    return check(honest_folder().archive, making.UUID, None, 1, True, report), report


def verdicts(folder: Folder, path: Path, key: str | None = None) -> Report:
    return verify.judge(folder.write(path), None, key, 1)


def test_an_honest_folder_passes(public: Folder, tmp_path: Path) -> None:
    report = verdicts(public.seal(), tmp_path, public.signer.text)
    assert report.against == {}
    assert (report.verdict, report.stage) == ("passed", "declared")
    every = {"L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P9"}
    assert every | {"Q1", "Q2", "Q3", "Q4", "Q5", "C1", "C2", "K1"} <= set(report.seen)


def test_an_open_poll_passes_as_open(public: Folder, tmp_path: Path) -> None:
    _, _, poll = election()
    ballots = 1 + len(poll.of_type("Ballot"))
    public.archive = Poll(poll.events[:ballots]).write()
    last = public.entries.index(public.entry("poll.closed"))
    public.entries = public.entries[:last]
    del public.documents["sheet.json"], public.documents["certificate.json"]
    report = verdicts(public.seal(), tmp_path)
    assert (report.against, report.stage) == ({}, "open")
    assert report.verdict_of("C1") == "not part of it"


def test_a_record_before_any_poll_passes(public: Folder, tmp_path: Path) -> None:
    public.entries = public.entries[:6]  # up to the roll's amendment
    public.documents = {"rulebook.toml": public.documents["rulebook.toml"]}
    public.seal()
    del public.files[f"{making.UUID}.bel"]
    assert verdicts(public, tmp_path).against == {}


def _set(act: str, name: str, value: Any) -> Callable[[Folder], None]:
    def edit(folder: Folder) -> None:
        folder.data(act)[name] = value

    return edit


def _document(document: str, name: str, value: Any) -> Callable[[Folder], None]:
    def edit(folder: Folder) -> None:
        folder.documents[document][name] = value

    return edit


def _add_field(folder: Folder) -> None:
    folder.data("roll.inspected")["note"] = "x"


def _moved_behind(act: str, other: str) -> Callable[[Folder], None]:
    def edit(folder: Folder) -> None:
        entry = folder.entry(act)
        folder.entries.remove(entry)
        folder.entries.insert(folder.entries.index(folder.entry(other)) + 1, entry)

    return edit


def _two_openings(folder: Folder) -> None:
    folder.entries.append(copy.deepcopy(folder.entry("roll.imported")))


def _other_key(folder: Folder) -> None:
    folder.signer = Signer()
    folder.data("log.opened")["key"] = folder.signer.text


def _lost_event(folder: Folder) -> None:
    ballots = [entry for entry in folder.entries if entry["data"].get("type") == "Ballot"]
    folder.entries.remove(ballots[0])


def _one_officer(folder: Folder) -> None:
    folder.entry("poll.opened")["by"] = [published.ONE[0], published.ONE[0]]


def _nobody(folder: Folder) -> None:
    folder.entry("roll.amended")["by"] = []


def _small_cell(folder: Folder) -> None:
    folder.data("roll.frozen")["clauses"][0]["not_met"] = 3


def _rulebook(old: str, new: str) -> Callable[[Folder], None]:
    def edit(folder: Folder) -> None:
        folder.documents["rulebook.toml"] = published.RULEBOOK.replace(old, new).encode()

    return edit


def _small_rulebook(folder: Folder) -> None:
    _rulebook("[appeal]", "[poll]\nsmallest_tally = 20\n[appeal]")(folder)


def _bad_consent(folder: Folder) -> None:
    folder.documents["candidates.json"]["candidates"][0]["consent"] = "yes"


def _fewer_commitments(folder: Folder) -> None:
    commitments = folder.documents["commitments.json"]["commitments"]
    commitments.pop()
    folder.documents["commitments.json"]["weight"] -= 1
    final = folder.data("roll.final")
    final |= {"electors": final["electors"] - 1, "weight": final["weight"] - 1}
    final["root"] = published.merkle([bytes.fromhex(one) for one in commitments]).hex()


def _unsorted_commitments(folder: Folder) -> None:
    commitments = folder.documents["commitments.json"]["commitments"]
    commitments.reverse()
    folder.data("roll.final")["root"] = published.merkle([bytes.fromhex(one) for one in commitments]).hex()


def _old_still_listed(folder: Folder) -> None:
    folder.data("credential.replaced")["old"] = election()[1].credentials[1][0]


def _exchange_tallies(folder: Folder) -> None:
    tallies = folder.documents["sheet.json"]["stages"][0]["tallies"]
    first, second = CANDIDATES[:2]
    tallies[first], tallies[second] = tallies[second], tallies[first]


def _false_example(folder: Folder) -> None:
    folder.documents["certificate.json"] |= {
        "changed_from": 10,
        "example": {"add": [[[CANDIDATES[0]], 10]], "elected": CANDIDATES[:2], "remove": []},
    }


def _unknown_outcome(folder: Folder) -> None:
    folder.data("case.decided")["outcome"] = "maybe"


def _unlike_outcome(folder: Folder) -> None:
    folder.data("case.decided")["outcome"] = "refuse"


def _no_proof(folder: Folder) -> None:
    folder.entries.remove(folder.entry("trustee.held"))


def _other_holder(folder: Folder) -> None:
    folder.keys = folder.keys[::-1]


def _add(folder: Folder, act: str, data: dict[str, Any], trustee: int) -> None:
    """Before the first decryption."""
    place = next(n for n, one in enumerate(folder.entries) if one["data"].get("type") == "PartialDecryption")
    by = [{"name": f"Trustee {trustee}", "role": "trustee"}]
    folder.entries.insert(
        place, {"act": act, "by": by, "data": {"uuid": making.UUID, "trustee": trustee, **data}}
    )


def _decryption(trustee: int) -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(election()[2].of_type("PartialDecryption")[trustee - 1][1][0])
    return found


def _refuse(folder: Folder, value: dict[str, Any], trustee: int = 2) -> None:
    data, name = making.compact(value), f"refused-{trustee}.json"
    folder.documents[name] = data
    named = {"name": name, "sha256": making.sha(data)}
    _add(folder, "decryption.refused", {"duty": "D3", "object": making.sha(data), "document": named}, trustee)


def _refused_good(folder: Folder) -> None:
    _refuse(folder, _decryption(2))


def _refused_nobody(folder: Folder) -> None:
    _refuse(folder, _decryption(2), 7)


def _one_said_so(folder: Folder) -> None:
    _small_rulebook(folder)
    _add(folder, "decryption.small", {"counted": 11, "floor": 20}, 1)


def _not_transferable(folder: Folder) -> None:
    folder.documents["sheet.json"]["stages"][0]["non_transferable"] = "1.00000"


BEFORE_SEALING = {
    "a trustee who did not prove to hold the key": (_no_proof, {"P7"}),
    "a proof of holding by somebody else": (_other_holder, {"P7"}),
    "a good decryption that was refused": (_refused_good, {"P8"}),
    "a refused decryption of nobody": (_refused_nobody, {"P8"}),
    "a small tally that only one trustee spoke of": (_one_said_so, {"P9"}),
    "papers that a stage loses": (_not_transferable, {"Q5"}),
    "a small sample told exactly": (_set("sample.drawn", "asked", 3), {"L8"}),
    "few confirmations told exactly": (_set("sample.settled", "confirmed", 3), {"L8"}),
    "few duplicates told exactly": (_set("roll.resolved", "same_person", 1), {"L8"}),
    "duplicates that were merged": (_set("roll.resolved", "merged", 12), {"L1"}),
    "duplicates resolved on the final roll": (_moved_behind("roll.resolved", "roll.final"), {"L3"}),
    "few looks told exactly": (_set("vault.viewed", "views", 3), {"L8"}),
    "an appeal decided otherwise": (_set("appeal.decided", "outcome", "upheld"), {"L1"}),
    "a register inspected for a stranger": (_set("register.inspected", "asked_by", "newspaper"), {"L1"}),
    "a destruction due on no day": (_set("vault.destroyed", "due", "soon"), {"L1"}),
    "few letters in a batch": (_set("letters.destroyed", "letters", 3), {"L8"}),
    "an unknown field": (_add_field, {"L1"}),
    "an act out of order": (_moved_behind("roll.inspected", "roll.frozen"), {"L3"}),
    "an act that may occur once occurs twice": (_two_openings, {"L3"}),
    "a record whose key the election does not name": (_other_key, {"L4"}),
    "a ballot that the record lacks": (_lost_event, {"L5"}),
    "one officer where two must act": (_one_officer, {"L7"}),
    "an act of nobody": (_nobody, {"L7"}),
    "a published number under ten": (_small_cell, {"L8"}),
    "a forbidden fact": (_rulebook("joined =", "hair_colour ="), {"P1"}),
    "a fact forbidden everywhere": (_rulebook("joined =", "home_religion ="), {"P1"}),
    "a rulebook of another version": (_set("rulebook.adopted", "version", "2020-01-01"), {"P1"}),
    "another number of seats in the rulebook": (_rulebook("seats = 2", "seats = 3"), {"P2"}),
    "another number of seats on the paper": (_document("candidates.json", "seats", 3), {"P2"}),
    "a candidate without consent": (_bad_consent, {"P2"}),
    "another question": (_document("candidates.json", "question", "Who?"), {"P2"}),
    "another order of candidates": (_set("poll.opened", "order_seed", "01" * 32), {"P3"}),
    "a tie seed changed after the poll": (_set("poll.opened", "tie_commitment", "00" * 32), {"P4"}),
    "rankings published without a yes": (_set("poll.opened", "rankings_public", False), {"P5"}),
    "a wrong number of possible papers": (_set("poll.opened", "patterns", "65"), {"P5"}),
    "too few mixers": (_set("poll.opened", "mixers_at_least", 3), {"P6"}),
    "another root of commitments": (_set("roll.final", "root", "00" * 32), {"Q1"}),
    "unsorted commitments": (_unsorted_commitments, {"Q1"}),
    "more credentials than electors": (_fewer_commitments, {"Q2"}),
    "a replaced credential still on the list": (_old_still_listed, {"Q2"}),
    "a wrong number of accepted ballots": (_set("poll.closed", "accepted", 11), {"Q3"}),
    "a blank paper too many": (_document("sheet.json", "blank", 2), {"Q4"}),
    "a wrong number of valid papers": (_document("sheet.json", "valid", 8), {"Q4"}),
    "exchanged tallies": (_exchange_tallies, {"C1"}),
    "others declared elected": (_set("sheet.declared", "elected", CANDIDATES[2:]), {"C1"}),
    "a bound that is too high": (_document("certificate.json", "certified_to", 5), {"C2"}),
    "a word that does not follow": (_document("certificate.json", "word", "certified"), {"C2"}),
    "an example that changes nothing": (_false_example, {"C2"}),
    "doubts not rounded": (_document("certificate.json", "doubtful", 7), {"C2"}),
    "an unknown outcome": (_unknown_outcome, {"K1"}),
    "another outcome for the same facts": (_unlike_outcome, {"K1"}),
    "other days of appeal": (_set("case.decided", "appeal_days", 7), {"K1"}),
}


@pytest.mark.parametrize("name", BEFORE_SEALING)
def test_a_broken_thing_fails_its_duty_alone(public: Folder, tmp_path: Path, name: str) -> None:
    edit, duties = BEFORE_SEALING[name]
    edit(public)
    assert set(verdicts(public.seal(), tmp_path).against) == duties, name


def test_who_says_so_may_decrypt_a_small_tally(public: Folder, tmp_path: Path) -> None:
    _small_rulebook(public)
    for trustee in (1, 2, 3):
        _add(public, "decryption.small", {"counted": 11, "floor": 20}, trustee)
    report = verdicts(public.seal(), tmp_path)
    assert (report.against, report.verdict_of("P9")) == ({}, "passed")


def test_a_bad_decryption_may_be_refused(public: Folder, tmp_path: Path) -> None:
    bad = _decryption(2)
    bad["decryption_factors"][0].reverse()
    _refuse(public, bad)
    _add(public, "decryption.refused", {"duty": "D2", "object": "ab" * 32, "document": None}, 1)
    report = verdicts(public.seal(), tmp_path)
    assert (report.against, report.verdict_of("P8")) == ({}, "passed")


def test_an_earlier_copy_of_the_folder_is_its_beginning(public: Folder, tmp_path: Path) -> None:
    _, _, poll = election()
    early = public.copy()
    early.archive = Poll(poll.events[: 1 + len(poll.of_type("Ballot"))]).write()
    early.entries = early.entries[: early.entries.index(early.entry("poll.closed"))]
    del early.documents["sheet.json"], early.documents["certificate.json"]
    early.seal().write(tmp_path / "early")
    public.prove_held()
    for entry, other in zip(public.entries, early.entries, strict=False):
        entry["data"] = copy.deepcopy(other["data"])
    public.seal(prove=False).write(tmp_path / "late")
    late = tmp_path / "late"
    report = verify.judge(late, None, None, 1, tmp_path / "early")
    assert (report.against, report.verdict_of("A4")) == ({}, "passed")
    assert set(verify.judge(tmp_path / "early", None, None, 1, late).against) == {"A4"}
    public.data("roll.imported")["kept"] = 19
    public.seal().write(tmp_path / "other")
    assert set(verify.judge(tmp_path / "other", None, None, 1, tmp_path / "early").against) == {"A4"}
    assert verify.judge(late, None, None, 1).verdict_of("A4") == "not part of it"


def test_a_departure_on_the_record_explains_another_outcome(public: Folder, tmp_path: Path) -> None:
    _unlike_outcome(public)
    public.data("case.decided")["departure"] = {"computed": "accept", "reason": "Heard in person."}
    assert verdicts(public.seal(), tmp_path).against == {}


AFTER_SEALING: dict[str, tuple[Callable[[dict[str, bytes]], None], set[str]]] = {
    "a file that no page knows": (lambda files: files.update({"notes.txt": b"x"}), {"L6"}),
    "a document exchanged": (
        lambda files: files.update({"documents/rulebook.toml": published.RULEBOOK.encode() + b"#"}),
        {"L6"},
    ),
    "an older checkpoint as the newest": (
        lambda files: files.update({"log/checkpoint": files[min(_notes(files), key=_size)]}),
        {"L2"},
    ),
    "a signature changed": (lambda files: _edit_newest(files, _flip_signature), {"L2"}),
    "an entry changed after signing": (
        lambda files: files.update(
            {"log/entries.jsonl": files["log/entries.jsonl"].replace(b'_permille":800', b'_permille":801')}
        ),
        {"L2"},
    ),
    "no newline at the end": (
        lambda files: files.update({"log/entries.jsonl": files["log/entries.jsonl"][:-1]}),
        {"L1"},
    ),
}


def _notes(files: dict[str, bytes]) -> list[str]:
    return [name for name in files if name.startswith("log/checkpoints/")]


def _size(name: str) -> int:
    return int(name.rpartition("/")[2])


def _edit_newest(files: dict[str, bytes], edit: Callable[[bytes], bytes]) -> None:
    newest = max(_notes(files), key=_size)
    files[newest] = files["log/checkpoint"] = edit(files[newest])


def _flip_signature(note: bytes) -> bytes:
    """Change one base64 digit in the middle of the signature."""
    place = len(note) - 40
    return note[:place] + (b"A" if note[place : place + 1] != b"A" else b"B") + note[place + 1 :]


@pytest.mark.parametrize("name", AFTER_SEALING)
def test_a_file_changed_afterwards_fails_its_duty_alone(public: Folder, tmp_path: Path, name: str) -> None:
    edit, duties = AFTER_SEALING[name]
    public.seal()
    edit(public.files)
    assert set(verdicts(public, tmp_path).against) == duties, name


def test_times_that_go_back_fail(public: Folder, tmp_path: Path) -> None:
    public.seal(times=("2027-03-16T09:00:00Z", "2027-03-01T09:00:00Z"))
    assert set(verdicts(public, tmp_path).against) == {"L2"}


def test_a_key_that_the_reader_does_not_expect_fails(public: Folder, tmp_path: Path) -> None:
    report = verdicts(public.seal(), tmp_path, Signer().text)
    assert set(report.against) == {"L2"}


def test_signatures_of_witnesses_are_ignored(public: Folder, tmp_path: Path) -> None:
    public.seal()
    _edit_newest(public.files, lambda note: note + "— witness.example AAAA\n".encode())
    assert verdicts(public, tmp_path).against == {}


def test_a_missing_archive_fails(public: Folder, tmp_path: Path) -> None:
    public.seal()
    del public.files[f"{making.UUID}.bel"]
    assert "L5" in verdicts(public, tmp_path).against


def test_hostile_files_fail_without_a_traceback(public: Folder, tmp_path: Path) -> None:
    hostile = [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"{}",
        b"null",
        b'{"a":1e999}',
        b'{"n":' + b"9" * 5000 + b"}",
    ]
    for number, garbage in enumerate(hostile):
        for name in (
            "log/entries.jsonl",
            "log/checkpoint",
            "documents/sheet.json",
            "documents/rulebook.toml",
        ):
            public.seal()
            public.files[name] = garbage
            report = verdicts(public, tmp_path / f"{number}{name.replace('/', '-')}")
            assert report.exit_code == 1


def test_hostile_documents_that_the_record_names_fail_without_a_traceback(
    public: Folder, tmp_path: Path
) -> None:
    for number, value in enumerate(
        ([], {}, {"candidates": 3}, "x", None, {"stages": [1], "valid": "x"}, [[]])
    ):
        for name in ("commitments.json", "candidates.json", "sheet.json", "certificate.json"):
            folder = honest_folder().copy()
            folder.documents[name] = value
            report = verdicts(folder.seal(), tmp_path / f"{number}{name}")
            assert report.exit_code == 1, (name, value)


def test_the_report_has_the_form_that_both_verifiers_give(
    public: Folder, tmp_path: Path, capsys: Any
) -> None:
    public.seal().write(tmp_path)
    assert verify.main([str(tmp_path), "--json", "--processes", "1"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"verdict", "stage", "checks"}
    assert all(set(check) == {"duty", "claim", "verdict", "because"} for check in report["checks"])
    assert verify.main([str(tmp_path), "--processes", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("PASSED (the result is declared)")
    assert lines[-1].startswith("Not checked by this or any verifier")
