"""Every kind of file in a public folder has its page under docs/formats, and every page is listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.house.source_graph import ROOT

PAGES = ROOT / "docs" / "formats"
LISTING = PAGES / "README.md"
BLANKS = {"UUID": r"[1-9A-HJ-NP-Za-km-z]{14,}", "SIZE": r"(0|[1-9][0-9]*)", "*": r"[^/]+"}


def kinds() -> dict[str, str]:
    """Pattern of the file's path -> its page, from the table in docs/formats/README.md."""
    found = {}
    for line in LISTING.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 3:
            page = re.search(r"\]\(([a-z]+\.md)\)", cells[1])
            assert page, f"no page is named for {cells[0]}"
            for name in re.findall(r"`([^`]+)`", cells[0]):
                found[name] = page[1]
    return found


def pattern(kind: str) -> re.Pattern[str]:
    parts = re.split(r"(UUID|SIZE|\*)", kind)
    return re.compile("".join(BLANKS.get(part, re.escape(part)) for part in parts))


def unknown(public: Path) -> list[str]:
    """Files of a public folder that no page describes."""
    known = [pattern(kind) for kind in kinds()]
    names = [path.relative_to(public).as_posix() for path in sorted(public.rglob("*")) if path.is_file()]
    return [name for name in names if not any(each.fullmatch(name) for each in known)]


def test_every_kind_of_file_has_its_page() -> None:
    assert len(kinds()) >= 9
    for kind, page in kinds().items():
        assert (PAGES / page).is_file(), f"{kind}: {page} is not there"


def test_every_page_is_listed() -> None:
    text = LISTING.read_text(encoding="utf-8")
    lost = [
        page.name for page in PAGES.glob("*.md") if page.name != "README.md" and f"({page.name})" not in text
    ]
    assert not lost, f"nothing leads to {lost}"


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in sorted(ROOT.glob("docs/**/*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} leads to {target}"


def test_a_file_without_a_page_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "log" / "checkpoints").mkdir(parents=True)
    for name in ("log/entries.jsonl", "log/checkpoints/17", "log/checkpoints/017", "notes.txt"):
        (tmp_path / name).write_text("")
    assert unknown(tmp_path) == ["log/checkpoints/017", "notes.txt"]


def test_the_demo_writes_no_file_without_a_page() -> None:
    public = ROOT / "demo" / "public"
    if not public.is_dir():
        pytest.skip("no demo has been run here; .ci/run asks again after its own")
    assert unknown(public) == []
