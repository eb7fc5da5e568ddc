"""What may stand in the repository: nothing of anybody's machine, nothing without a passport."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.house.source_graph import ROOT

TEXT_MAX = 2_000_000
MACHINE = re.compile(r"(?<![\w.$}~-])/(?:root|work|home|Users|opt|mnt|srv)/[\w.-]+")
ADDRESS = re.compile(r"\b(?:https?|ftp|ssh|git)://([\w.-]+)")
MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
INSIDE = re.compile(
    r"(?<![\d.])(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)\.\d{1,3}\.\d{1,3}(?![\d.])"
)
PUBLIC_PLACES = (
    "apache.org", "belenios.org", "c2sp.org", "rfc-editor.org", "datatracker.ietf.org", "w3.org",
    "legislation.gov.uk",
    "rustup.rs", "python.org", "docs.rs", "keepachangelog.com", "semver.org", "doi.org", "eprint.iacr.org",
    "electoralreform.org.uk", "csrc.nist.gov", "nvlpubs.nist.gov", "opavote.com", "github.com", "pyo3.rs",
    "openxmlformats.org", "purl.org", "schemas.microsoft.com",
)  # fmt: skip
INVENTED = ("example", "invalid", "test", "localhost")
FOREIGN_NAMES = ("count/", "febrl", "historical_figures", "fake_1000")


def tracked() -> list[Path]:
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if answer.returncode != 0:
        pytest.skip("this is not a git checkout")
    return [ROOT / name for name in answer.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" not in raw and len(raw) <= TEXT_MAX:
            found.append((path.relative_to(ROOT).as_posix(), raw.decode("utf-8", "replace")))
    return found


def invented(host: str) -> bool:
    return host.rsplit(".", 1)[-1] in INVENTED or re.search(r"\bexample\b", host) is not None


def public(host: str) -> bool:
    return any(host == place or host.endswith("." + place) for place in PUBLIC_PLACES)


def test_no_path_of_anybodys_machine() -> None:
    wrong = [
        f"{name}: {hit}"
        for name, text in texts()
        if name != "tests/house/test_repository.py"
        for hit in sorted({match[0] for match in MACHINE.finditer(text)})
    ]
    assert not wrong, "\n".join(wrong)


def test_no_host_but_public_places_and_invented_ones() -> None:
    wrong = []
    for name, text in texts():
        if name.startswith("vectors/roll/"):
            continue  # invented members write invented addresses
        hosts = {match[1].lower() for match in ADDRESS.finditer(text)}
        mail = {match[1].lower() for match in MAIL.finditer(text)}
        wrong += [f"{name}: {host}" for host in sorted(hosts) if not (invented(host) or public(host))]
        wrong += [f"{name}: mail to {host}" for host in sorted(mail) if not invented(host)]
        wrong += [f"{name}: {match[0]}" for match in INSIDE.finditer(text)]
    assert not wrong, "\n".join(wrong)


def test_locks_name_versions_and_hashes_only() -> None:
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-peers.txt",
        "requirements-spark.txt",
    ):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()[1:]:
            assert re.fullmatch(r"[\w.-]+==[\w.+!-]+ \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?", line), line


def test_every_vector_has_a_passport() -> None:
    """vectors/ROOM/NAME/SOURCE.md, or one at the room for what lies directly in it."""
    places = {path.parent for path in tracked() if (ROOT / "vectors") in path.parents}
    lost = [
        place.relative_to(ROOT).as_posix()
        for place in sorted(places)
        if not any(
            (above / "SOURCE.md").is_file()
            for above in [place, *place.parents]
            if ROOT / "vectors" in above.parents
        )
    ]
    assert not lost, f"no SOURCE.md says where these come from and who says what is right: {lost}"


def test_data_of_other_projects_is_not_here() -> None:
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if "vectors" in path.parts and any(word in path.name.lower() for word in FOREIGN_NAMES)
    ]
    assert not wrong, str(wrong)


def test_nothing_is_larger_than_a_reader_would_fetch() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {path.stat().st_size}"
        for path in tracked()
        if path.stat().st_size > 5_000_000
    ]
    assert not wrong, "\n".join(wrong)


def test_the_pages_for_newcomers_are_there() -> None:
    for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE"):
        assert (ROOT / name).is_file(), name
    pages = len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split()) / 500
    assert pages <= 3, f"ARCHITECTURE.md has {pages:.1f} pages of 500 words; at most three"


def test_every_decision_ends_with_its_price() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert decisions
    for number, page in enumerate(decisions, start=1):
        text = page.read_text(encoding="utf-8")
        assert page.name.startswith(f"{number:04d}-"), f"{page.name}: numbers have no gaps"
        assert re.findall(r"^## .*$", text, re.MULTILINE)[-1] == "## What this costs", page.name
        assert len(text.split()) <= 600, f"{page.name} is longer than a page"
