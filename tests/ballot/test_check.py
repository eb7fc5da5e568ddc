"""Every duty, on foreign elections (right answers: vectors/ballot/SOURCE.md) and on changed ones."""

from __future__ import annotations

import csv
import functools
import json
from pathlib import Path

import pytest
from tests.ballot import forge
from tests.thinned import thinned

from selectorate.ballot.check import CLAIMS, Examination, check_archive, examine
from selectorate.ballot.check.ledger import ORDER
from selectorate.canon import Report

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "ballot"
SUPPORTED = tuple(sorted(path.name for path in (ROOT / "elections").iterdir()))
LISTED = tuple(name for name in SUPPORTED if "-a-" in name or "-c-" in name)
"""Those with the foreign tool's own list of ballots beside them."""
BESIDE = {
    "t01-proof-digit": {"B6"},  # the changed proof is not valid either
    "t05-raw-byte": {"A2", "B4", "B6"},  # its event and its signature name the bytes that were there
    "t20-credential-not-on-list": {"B6"},  # its proofs name the credential that it was made with
    "t23-weight-changed": {"T2"},  # the total weight counted no longer is that of the credentials
}
"""What else must fail beside the duty of duties.csv, reasoned from each change."""


def tampered() -> dict[str, tuple[Path, str, str]]:
    """Name -> (file, accept or reject, duty that must fail)."""
    with (ROOT / "tampered" / "EXPECTED.csv").open(newline="") as listed:
        right = {row["archive"]: row["right_verdict"] for row in csv.DictReader(listed)}
    with (ROOT / "tampered" / "duties.csv").open(newline="") as listed:
        duty = {row["archive"]: row["duty"] for row in csv.DictReader(listed)}
    return {
        name: (next((ROOT / "tampered").glob(f"{name}.*.bel")), verdict, duty.get(name, ""))
        for name, verdict in right.items()
    }


TAMPERED = tampered()
REJECTED = sorted(name for name, (_, verdict, duty) in TAMPERED.items() if verdict == "reject" and duty)


@functools.cache
def foreign(name: str) -> Examination:
    place = forge.archive_file(ROOT / "elections" / name)
    return examine(place.read_bytes(), place.stem)


def failed(found: Examination) -> set[str]:
    return {check.duty for check in found.checks if check.verdict == "failed"}


def verdict(found: Examination) -> str:
    return Report(found.stage, found.checks).verdict


@pytest.mark.parametrize("name", thinned(SUPPORTED, 3))
def test_a_foreign_election_passes_with_the_foreign_result(name: str) -> None:
    place = forge.archive_file(ROOT / "elections" / name)
    found = foreign(name)
    assert [(check.duty, check.because) for check in found.checks if check.verdict == "failed"] == []
    assert (verdict(found), found.stage) == ("passed", "declared")
    assert found.verified is not None
    assert found.verified.whole
    wanted = json.loads((place.parent / "result.json").read_bytes())["result"]
    assert json.loads(json.dumps(found.verified.result)) == wanted
    published = forge.take_apart(place.read_bytes()).of("EncryptedTally")[0].content[0]
    assert found.verified.encrypted_tally == published


@pytest.mark.parametrize("name", LISTED)
def test_last_ballots_and_trackers_are_those_of_the_foreign_summary(name: str) -> None:
    place = forge.archive_file(ROOT / "elections" / name)
    found = foreign(name).verified
    assert found is not None
    cast = json.loads((place.parent / "votes.json").read_bytes())
    voted = {vote["credential"] for vote in cast}
    assert len(found.trackers) == len(cast)
    assert len(found.counted) == len(voted)
    assert found.superseded == len(cast) - len(voted)
    summary = [entry["hash"] for entry in json.loads((place.parent / "ballot_summary.json").read_bytes())]
    hashes = [forge.sha(ballot.ballot) for ballot in found.counted]
    if name.startswith("v1a"):  # 2.0 lists superseded ballots too, in the order of casting
        assert summary == [
            forge.sha(event.data[0]) for event in found.archive.events if event.type == "Ballot"
        ]
    else:  # later versions list the last ballot of each voter, newest first
        assert summary == hashes[::-1]


@pytest.mark.parametrize("name", LISTED)
def test_an_open_poll_passes_as_such(name: str) -> None:
    folder = ROOT / "elections" / name
    uuid = forge.archive_file(folder).stem
    found = examine((folder / "stage1-ballots.bel_").read_bytes(), uuid)
    assert (verdict(found), found.stage) == ("passed", "open")
    assert found.verified is not None
    assert found.verified.result is None
    assert {check.verdict for check in found.checks if check.duty[0] in "TSDR"} == {"not part of it"}


@pytest.mark.slow
@pytest.mark.parametrize("name", SUPPORTED)
def test_an_archive_that_stops_after_any_ballot_is_an_open_poll(name: str) -> None:
    place = forge.archive_file(ROOT / "elections" / name)
    parts = forge.take_apart(place.read_bytes())
    for length in range(1, 2 + len(parts.of("Ballot"))):
        found = examine(forge.put_together(forge.Parts(parts.timestamp, parts.steps[:length])), place.stem)
        assert (failed(found), verdict(found), found.stage) == (set(), "passed", "open")


@pytest.mark.parametrize("name", [name for name in SUPPORTED if "ed25519" in name])
def test_an_archive_that_stops_after_any_event_passes_at_its_stage(name: str) -> None:
    place = forge.archive_file(ROOT / "elections" / name)
    parts = forge.take_apart(place.read_bytes())
    for length in range(len(parts.of("Setup") + parts.of("Ballot")), len(parts.steps)):
        shorter = forge.put_together(forge.Parts(parts.timestamp, parts.steps[:length]))
        found = examine(shorter, place.stem)
        assert failed(found) == set()
        assert verdict(found) == "passed"


def test_the_untouched_archive_passes() -> None:
    place = TAMPERED["t00-untouched"][0]
    assert verdict(examine(place.read_bytes(), place.suffixes[0][1:])) == "passed"


@pytest.mark.parametrize("name", thinned(REJECTED, 4))
def test_a_tampered_archive_fails_at_the_right_duty(name: str) -> None:
    place, _, duty = TAMPERED[name]
    found = examine(place.read_bytes(), place.suffixes[0][1:])
    assert failed(found) == {duty} | BESIDE.get(name, set())
    assert verdict(found) == "failed"
    assert found.verified is None


def test_every_tampered_archive_but_the_control_is_judged() -> None:
    assert len(REJECTED) == 18


def test_older_key_ceremonies_are_told() -> None:
    said = {check.duty: check.because for check in foreign("v1b-ed25519-b-threshold-2of3").checks}
    assert "made by an older key ceremony: keys that are not signed" in said["E8"]
    newer = {check.duty: check.because for check in foreign("v1b3-ed25519-b-threshold-2of3").checks}
    assert "older" not in newer["E8"]


def test_the_duties_stand_in_the_order_of_the_page(repository: Path) -> None:
    page = (repository / "docs" / "formats" / "ballot.md").read_text()
    rows = [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")]
    assert [row for row in rows if row in CLAIMS] == list(ORDER)
    assert [check.duty for check in check_archive(b"", "x")[0]] == list(ORDER)


def test_a_sample_leaves_the_ballots_not_checked() -> None:
    place = forge.archive_file(ROOT / "elections" / "v1b-ed25519-c-nh-30-ranked")
    found = examine(place.read_bytes(), place.stem, sample=5)
    assert verdict(found) == "incomplete"
    assert {check.duty for check in found.checks if check.verdict == "not checked"} == {
        f"B{n}" for n in range(1, 7)
    }
    assert found.verified is not None
    assert not found.verified.whole


def test_progress_counts_every_ballot() -> None:
    place = forge.archive_file(ROOT / "elections" / "v1b-ed25519-c-nh-30-ranked")
    seen: list[tuple[int, int]] = []
    examine(place.read_bytes(), place.stem, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (30, 30)


def test_one_shuffle_fails_only_in_an_election_of_our_own() -> None:
    place = forge.archive_file(ROOT / "elections" / "v1b-ed25519-c-nh-30-ranked")
    parts = forge.take_apart(place.read_bytes())
    second = parts.steps.index(parts.of("Shuffle")[1])
    del parts.steps[second]
    del parts.steps[second + 1 :]
    one = forge.put_together(parts)
    assert failed(examine(one, place.stem)) == set()
    assert failed(examine(one, place.stem, foreign=False)) == {"S1"}
    shuffled_once = {check.duty: check.because for check in examine(one, place.stem).checks}
    assert "only one trustee has shuffled" in shuffled_once["S1"]


def test_an_archive_under_another_name_fails() -> None:
    place = forge.archive_file(ROOT / "elections" / "v1b3-ed25519-a-h-3trustees-weights")
    assert failed(examine(place.read_bytes(), "LdZfDz1gETkssC")) == {"E2"}


def test_every_missing_part_is_named_and_nothing_stops_the_rest() -> None:
    place = forge.archive_file(ROOT / "elections" / "v1b3-ed25519-a-h-3trustees-weights")
    content = place.read_bytes()
    found = examine(content[1024:], place.stem)
    assert {"A1"} <= failed(found)
    assert len(found.checks) == len(CLAIMS)
    empty = examine(content[:1024], place.stem)
    assert failed(empty) == {"A3"}
    assert verdict(empty) == "failed"


def test_a_later_versions_field_is_reported_and_not_failed() -> None:
    place = forge.archive_file(ROOT / "elections" / "v1b-ed25519-c-nh-30-ranked")
    parts = forge.take_apart(place.read_bytes())
    for kind, duty in (("Shuffle", "S3"), ("PartialDecryption", "D3")):
        step = parts.of(kind)[0]
        step.content[0] = forge.canonical(json.loads(step.content[0]) | {"later": 1})
        found = examine(forge.put_together(parts), place.stem)
        assert failed(found) == set()
        assert "later" in next(check.because for check in found.checks if check.duty == duty)


def test_setup_objects_in_another_form_are_reported_and_not_failed() -> None:
    place = forge.archive_file(ROOT / "elections" / "v1b3-ed25519-a-h-3trustees-weights")
    parts = forge.take_apart(place.read_bytes())
    parts.steps = parts.steps[:1]
    keys = json.loads(parts.steps[0].content[1])
    keys[0][1]["later"] = "x"
    parts.steps[0].content[:2] = [parts.steps[0].content[0] + b"\n", forge.canonical(keys)]
    found = examine(forge.put_together(parts), place.stem)
    assert failed(found) == set()
    said = {check.duty: check.because for check in found.checks}
    assert "not in canonical form" in said["E1"]
    assert "later" in said["E4"]
