"""What a demonstration leaves behind, looked at as a stranger, an elector and a thief would."""

from __future__ import annotations

import base64
import csv
import json
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import PAPERS, SENTINEL, Played, selectorate

pytestmark = pytest.mark.slow  # all but one look at a demonstration that takes most of a minute to play

CREDENTIAL = re.compile(
    rb"[1-9A-HJ-NP-Za-km-z]{5}-[1-9A-HJ-NP-Za-km-z]{6}-[1-9A-HJ-NP-Za-km-z]{5}-[1-9A-HJ-NP-Za-km-z]{6}"
)


IDLE = {("A4", "not part of it"), ("E7", "not part of it"), ("E8", "not part of it"), ("E9", "not part of it"),
        ("P8", "not part of it")}  # fmt: skip
"""No earlier copy is given, nobody forms a threshold group, no decryption was refused."""


def not_passed(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["duty"], one["verdict"]) for one in report["checks"] if one["verdict"] != "passed"}


def test_a_stranger_finds_every_check_passed(played: Played) -> None:
    done = selectorate("verify", played.public, "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"], report["stage"]) == (0, "passed", "declared")
    assert not_passed(report) <= IDLE


def test_the_auditor_finds_every_duty_kept_over_the_whole_folder(played: Played, repository: Path) -> None:
    command = [sys.executable, "-I", "-S", repository / "auditor" / "verify.py", played.public, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"], report["stage"]) == (0, "passed", "declared")
    assert {check["verdict"] for check in report["checks"]} <= {"passed", "not part of it"}


def test_the_account_of_ballots_balances_in_the_record_and_on_the_sheet(played: Played) -> None:
    entries = [
        json.loads(line) for line in (played.public / "log" / "entries.jsonl").read_bytes().splitlines()
    ]
    by_act = {entry["act"]: entry["data"] for entry in entries}
    sheet = json.loads((played.public / "documents" / "sheet.json").read_bytes())
    ballots = sum(entry["act"] == "bel.event" and entry["data"]["type"] == "Ballot" for entry in entries)
    commitments = json.loads((played.public / "documents" / "commitments.json").read_bytes())["commitments"]
    assert (sheet["valid"], sheet["blank"], sheet["invalid"]) == (PAPERS, 5, 3)
    assert by_act["poll.closed"]["accepted"] == ballots > PAPERS + 8
    assert by_act["roll.final"]["electors"] == len(commitments) == len(set(commitments))
    assert "replaced by a later one" in played.said


def test_no_private_field_of_the_roll_reaches_the_public_folder(played: Played) -> None:
    wanted = SENTINEL.casefold().encode()
    private = [path for path in files(played.place / "vault") if wanted in path.read_bytes().lower()]
    assert private, "the sentinel stands nowhere: this test would prove nothing"
    for path in files(played.public):
        assert wanted not in path.read_bytes().lower(), path


def test_no_secret_of_the_run_stands_anywhere_but_with_its_owner(played: Played) -> None:
    """Every file that the whole selection wrote, and all that was said: keys, passphrases, credentials in text,
    hex and base64. Only the owner's own file may know each of them."""
    own = [played.people / f"trustee-{n}" for n in (1, 2, 3)]
    typed = played.people / "credential-authority-passphrase.txt"
    vault = played.place / "vault"
    known: list[tuple[str, list[bytes], set[Path]]] = [
        ("the credential authority's passphrase", forms(first_line(typed)), {typed}),
        ("the record's signing key", forms((vault / "log.key").read_bytes()), {vault / "log.key"}),
        ("the key of the tokens", forms((vault / "token.key").read_bytes()), {vault / "token.key"}),
    ]
    for place in own:
        words = place / "passphrase.txt"
        known.append((f"the passphrase of {place.name}", forms(first_line(words)), {words}))
        known.append((f"the key of {place.name}", integer_forms(int(json.loads(opened(place)))), set()))
    letters = list((played.people / "post").glob("*.csv"))
    rows = (row for path in letters for row in csv.DictReader(path.read_text().splitlines()))
    credentials = {row["credential"].encode() for row in rows}
    assert len(credentials) > 10_000
    holders = {
        *letters,
        *(played.people / "post").glob("*.html"),
        played.people / "electors" / "first" / "credential.txt",
    }
    texts = {path: path.read_bytes() for path in files(played.place)} | {
        Path("what was said"): played.said.encode()
    }
    assert played.place / "log.sqlite" in texts
    for path, data in texts.items():
        for name, shapes, where in known:
            assert any(shape in data for shape in shapes) == (path in where), f"{name}: {path}"
        if path not in holders:
            assert not credentials.intersection(spoken(data)), f"a private credential stands in {path}"


def test_no_command_takes_a_secret_as_an_argument_or_from_the_environment(repository: Path) -> None:
    """Arguments and environment are readable by others on the same computer while a command runs."""
    import click
    from tests.cli.test_manual import commands

    for name, command in commands().items():
        for option in command.params:
            assert option.envvar is None, f"{name} {option.name}"
            if (
                re.search("pass|secret|private|credential|key", option.name or "")
                and option.name != "public_key"
            ):
                assert isinstance(option.type, click.Path), f"{name} {option.name} is not the name of a file"
    source = "".join(path.read_text() for path in sorted((repository / "src").rglob("*.py")))
    assert set(re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"", source)) <= {
        "SELECTORATE_DATA",
        "SELECTORATE_JUDGE",
    }


def test_private_files_are_readable_by_their_owner_alone(played: Played) -> None:
    private = [*files(played.place / "vault"), played.place / "officer.html"]
    kept = ("key.json", "key.json.memory", "passphrase.txt")
    private += [played.people / f"trustee-{n}" / name for n in (1, 2, 3) for name in kept]
    private += list((played.people / "post").glob("*.csv"))
    for path in private:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_one_electors_story_holds_offline_against_a_copy(played: Played, tmp_path: Path) -> None:
    own = played.people / "electors" / "first"
    copy = tmp_path / "stick"
    shutil.copytree(played.public, copy)
    slip = selectorate("slip", "check", own / "slip.json", copy)
    assert slip.returncode == 0
    assert "You are on the final roll" in slip.stdout
    receipts = [
        json.loads(line) for line in (played.people / "electors" / "receipts.jsonl").read_bytes().splitlines()
    ]
    (tmp_path / "first.json").write_text(
        json.dumps(receipts[0], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    )
    first = selectorate("receipt", "check", tmp_path / "first.json", copy, "--json")
    last = selectorate("receipt", "check", own / "receipt.json", copy, "--json")
    assert (first.returncode, last.returncode) == (0, 0)
    assert json.loads(first.stdout)["replaced"] is True
    assert json.loads(last.stdout)["replaced"] is False
    tracker = json.loads(last.stdout)["tracker"]
    page = (copy / "trackers" / f"{tracker[:2].encode().hex()}.html").read_text()
    assert tracker in page


def test_a_receipt_and_a_slip_of_another_record_are_refused(played: Played, tmp_path: Path) -> None:
    own = played.people / "electors" / "first"
    value = json.loads((own / "receipt.json").read_bytes())
    for name, change in (("entry", value["entry"] - 1), ("tracker", "A" * 43)):
        bent = json.dumps({**value, name: change}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        (tmp_path / "bent.json").write_text(bent)
        assert selectorate("receipt", "check", tmp_path / "bent.json", played.public).returncode == 1
    slip = json.loads((own / "slip.json").read_bytes())
    bent = json.dumps({**slip, "index": slip["index"] + 1}, sort_keys=True, separators=(",", ":"))
    (tmp_path / "slip.json").write_text(bent)
    assert selectorate("slip", "check", tmp_path / "slip.json", played.public).returncode == 1


def test_nothing_in_the_public_folder_lacks_a_page_on_its_format(played: Played, repository: Path) -> None:
    known = (repository / "docs" / "formats" / "README.md").read_text()
    for path in files(played.public):
        name = path.relative_to(played.public).as_posix()
        if name.endswith(".bel"):
            name = "UUID.bel"
        elif name.startswith("log/checkpoints/"):
            name = "log/checkpoints/SIZE"
        elif name.startswith("trackers/"):
            name = "trackers/*.html"
        assert f"`{name}`" in known, name


def test_the_public_folder_is_written_again_byte_for_byte_from_the_record(
    played: Played, tmp_path: Path
) -> None:
    from selectorate.office import projection
    from selectorate.office.store import Record

    projection.write(Record(played.place / "log.sqlite"), tmp_path / "again")
    for path in files(tmp_path / "again"):
        assert path.read_bytes() == (played.public / path.relative_to(tmp_path / "again")).read_bytes(), path


def test_the_planted_operation_is_found_and_its_members_are_electors_like_all(played: Played) -> None:
    findings = json.loads((played.place / "vault" / "findings.json").read_bytes())
    found = max((one for one in findings if one["members"]), key=lambda one: len(one["members"]))
    assert len(found["members"]) >= 20
    of = json.loads((played.place / "vault" / "credentials.json").read_bytes())
    assert set(found["members"]) <= set(of)


def test_every_step_is_told_with_its_time(played: Played) -> None:
    for number in range(1, 13):
        assert re.search(rf"^ ?{number}/12 ", played.said, re.MULTILINE)
    assert "none was found" in played.said
    assert "no real papers were found" in played.said


@pytest.mark.parametrize("word", ["fraud", "fake", "guilty"])
def test_no_page_or_letter_accuses_anybody(played: Played, word: str) -> None:
    for path in (
        played.place / "officer.html",
        played.public / "index.html",
        *files(played.place / "vault" / "letters"),
    ):
        assert word not in path.read_text(encoding="utf-8").casefold(), path


def files(place: Path) -> Iterator[Path]:
    return (path for path in sorted(place.rglob("*")) if path.is_file())


def first_line(path: Path) -> bytes:
    return path.read_bytes().partition(b"\n")[0]


def opened(place: Path) -> bytes:
    """A trustee's private key, out of the sealed file."""
    from selectorate.office import sealed

    words = first_line(place / "passphrase.txt").decode()
    return sealed.unseal((place / "key.json").read_bytes(), words, sealed.TRUSTEE_KEY, "key.json")


def forms(raw: bytes) -> list[bytes]:
    """A secret as it stands, in hex, and in base64 at each of the three alignments."""
    found = [raw, raw.hex().encode(), raw.hex().upper().encode()]
    for before in range(3):
        whole = base64.b64encode(bytes(before) + raw)
        cut = whole[4 if before else 0 : len(whole) - 4]
        found += [cut, cut.replace(b"+", b"-").replace(b"/", b"_")]
    return found


def integer_forms(number: int) -> list[bytes]:
    big, little = number.to_bytes(32, "big"), number.to_bytes(32, "little")
    return [*forms(str(number).encode()), *forms(big), *forms(little)]


def spoken(data: bytes) -> Iterator[bytes]:
    """Whatever has the form of a credential: as text, in hex, in base64 at any alignment."""
    yield from CREDENTIAL.findall(data)
    for run in re.findall(rb"(?:[0-9a-f]{2}){25,}|(?:[0-9A-F]{2}){25,}", data):
        yield from CREDENTIAL.findall(bytes.fromhex(run.decode()))
        yield from CREDENTIAL.findall(
            bytes.fromhex(run[1:-1].decode()) if len(run) % 2 == 0 and len(run) > 50 else b""
        )
    for run in re.findall(rb"[A-Za-z0-9+/]{33,}", data):
        for shift in range(4):
            part = run[shift:]
            yield from CREDENTIAL.findall(base64.b64decode(part[: len(part) // 4 * 4]))
