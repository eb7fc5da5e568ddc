"""A dishonest keeper of the record: it holds the record's key and signs whatever it likes. Test name = row id."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.attacks import judges
from tests.attacks.forge import folders
from tests.attacks.forge.hand import Hand
from tests.auditor import published
from tests.auditor.published import Folder, Signer

from auditor import verify as auditing
from selectorate.errors import Refusal
from selectorate.log import tree
from selectorate.verify import not_covered, open_source

JUDGES = pytest.mark.parametrize("judge", judges.FOLDER_JUDGES)
NOTE = "log/checkpoint"
HELD = ("label", "uuid", "size", "root", "key", "commitments")


@pytest.fixture(autouse=True)
def archive_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judges.remember_archive(monkeypatch, folders.honest().archive)


def sealed() -> Folder:
    return folders.honest().copy().seal()


def judged(judge: str, folder: Folder, place: Path) -> judges.Found:
    return judges.FOLDER_JUDGES[judge](folder.write(place))


def newest(folder: Folder, edit: Callable[[bytes], bytes]) -> Folder:
    """The newest checkpoint changed in both its places."""
    lines = folder.files["log/entries.jsonl"].count(b"\n")
    folder.files[NOTE] = folder.files[f"log/checkpoints/{lines}"] = edit(folder.files[NOTE])
    return folder


@JUDGES
def test_l01_a_checkpoint_of_the_same_size_over_other_entries_is_refused(judge: str, tmp_path: Path) -> None:
    folder = sealed()
    lines = folder.files["log/entries.jsonl"].splitlines()
    other = folder.signer.note([b"{}", *lines[1:]], "2027-03-16T09:00:00Z")
    assert judged(judge, newest(folder, lambda _: other), tmp_path).failed == {"L2"}


def test_l01_l02_an_earlier_copy_with_another_or_a_longer_record_is_evidence(tmp_path: Path) -> None:
    folder = sealed()
    folder.write(tmp_path / "now")
    other = folders.honest().copy()
    other.data("roll.inspected")["asked"] = 10
    other.seal().write(tmp_path / "other")
    longer = folders.honest().copy()
    longer.entries.append(longer.entries[-1])
    longer.seal().write(tmp_path / "longer")
    for earlier in ("other", "longer"):
        report = auditing.judge(tmp_path / "now", None, None, 1, tmp_path / earlier)
        assert set(report.against) == {"A4"}, earlier
    report = auditing.judge(tmp_path / "now", None, None, 1, tmp_path / "now")
    assert set(report.against) == set()


def test_l03_proofs_of_growth_of_another_size_or_length_are_refused() -> None:
    leaves = [bytes([n]) for n in range(9)]
    grown = tree.Tree(leaves)
    path = grown.consistency(4, 9)
    roots = {size: published.merkle(leaves[:size]) for size in range(10)}
    tree.check_consistency(4, 9, roots[4], roots[9], path)
    wrong = [
        (3, 9, roots[3], roots[9], path),
        (4, 8, roots[4], roots[8], path),
        (4, 9, roots[4], roots[9], []),
        (4, 9, roots[4], roots[9], [*path, path[0]]),
        (4, 9, roots[4], roots[9], [path[0]] * 64),
        (4, 9, roots[3], roots[9], path),
        (0, 9, roots[1], roots[9], []),
        (9, 4, roots[9], roots[4], path),
    ]
    for old, size, old_root, new_root, hashes in wrong:
        with pytest.raises(Refusal):
            tree.check_consistency(old, size, old_root, new_root, hashes)


@JUDGES
def test_l04_another_key_or_another_origin_is_refused(judge: str, tmp_path: Path) -> None:
    rekeyed = folders.honest().copy()
    rekeyed.signer = Signer()
    rekeyed.data("log.opened")["key"] = rekeyed.signer.text
    assert judged(judge, rekeyed.seal(), tmp_path / "key").failed == {"L4"}
    renamed = folders.honest().copy()
    renamed.signer = Signer("record.example/other")
    renamed.data("log.opened")["key"] = renamed.signer.text
    assert {"L4"} <= judged(judge, renamed.seal(), tmp_path / "name").failed <= {"L2", "L4"}


def test_l05_no_entry_can_be_taken_for_a_node_and_no_node_for_an_entry() -> None:
    """Two leaves whose hashes, put together, would be the text of one leaf: three different roots."""
    first, second = b"a", b"b"
    joined = published.merkle([first]) + published.merkle([second])
    assert tree.root([first, second]) == published.merkle([first, second])
    roots = {tree.root([first, second]), tree.root([joined]), tree.root([b"\x01" + joined])}
    assert len(roots) == 3


@JUDGES
def test_l06_times_that_go_back_are_refused(judge: str, tmp_path: Path) -> None:
    folder = folders.honest().copy().seal(times=("2027-03-16T09:00:00Z", "2027-03-16T08:59:59Z"))
    assert judged(judge, folder, tmp_path).failed == {"L2"}


@JUDGES
@pytest.mark.parametrize("known", [False, True], ids=["another's key", "the record's key"])
def test_l08_lines_of_unknown_keys_are_ignored_and_a_bad_one_of_the_known_key_is_not(
    known: bool, judge: str, tmp_path: Path
) -> None:
    folder = sealed()
    signer = folder.signer if known else Signer("witness.example/elm")
    blob = base64.b64encode(signer.identity + bytes(64)).decode()
    line = f"— {signer.name} {blob}\n".encode()
    found = judged(judge, newest(folder, lambda note: note + line), tmp_path)
    assert found.failed == ({"L2"} if known else set())


@JUDGES
def test_l08_a_checkpoint_that_only_a_stranger_signed_is_refused(judge: str, tmp_path: Path) -> None:
    folder = sealed()
    lines = folder.files["log/entries.jsonl"].splitlines()
    stranger = Signer(folder.signer.name)
    note = stranger.note(lines, "2027-03-16T09:00:00Z")
    assert judged(judge, newest(folder, lambda _: note), tmp_path).failed == {"L2"}


def test_l09_a_report_says_what_it_did_not_look_at(tmp_path: Path) -> None:
    folder = sealed().write(tmp_path)
    assert any("projections" in sentence for sentence in not_covered(open_source(folder)))
    assert any("compare the checkpoint" in sentence for sentence in not_covered(open_source(folder)))
    assert "Not checked" in auditing.NOT_COVERED


@JUDGES
@pytest.mark.parametrize(("proof", "part"), judges.parts({"held": HELD}, ("held.root",)))
def test_p01_t10_a_proof_of_holding_that_leaves_a_part_out_of_its_hash_is_refused(
    proof: str, part: str, judge: str, tmp_path: Path
) -> None:
    folder = sealed()
    held = next(entry["data"] for entry in folder.entries if entry["act"] == "trustee.held")
    parts = {"label": "held|"} | {name: f"{held[name]}|" for name in ("uuid", "size", "root")}
    parts["key"] = f"{held['public_key']}|"
    hand = Hand(omit={f"{proof}.{part}"})
    held |= hand.knows(proof, parts, folder.keys[0])
    assert hand.parts == {f"{proof}.{name}" for name in HELD}
    assert judged(judge, folder.seal(prove=False), tmp_path).failed == {"P7"}


@JUDGES
def test_t10_the_proof_of_holding_of_another_trustee_is_refused(judge: str, tmp_path: Path) -> None:
    folder = sealed()
    first, second = [entry["data"] for entry in folder.entries if entry["act"] == "trustee.held"][:2]
    first |= {name: second[name] for name in ("public_key", "challenge", "response")}
    assert judged(judge, folder.seal(prove=False), tmp_path).failed == {"P7"}
