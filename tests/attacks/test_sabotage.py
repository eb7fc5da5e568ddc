"""The sabotage matrix: for each duty of each verifier something that only this duty rejects.

Both verifiers must fail exactly that duty (others may only wait for it), and with the duty taken out of their
tables, for the test, neither fails any more. So no duty is idle, none is done by another on the side, and a duty
that is added to the pages without an artefact fails here. Expected are the numbers on the pages of docs/formats,
never what a verifier said.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.attacks import judges
from tests.attacks.forge import archives, folders
from tests.attacks.judges import Forged, Found
from tests.thinned import thinned

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("ballot.md", "entries.md")


def duties_of_pages() -> set[str]:
    """The numbers in the tables of duties."""
    found: set[str] = set()
    for page in PAGES:
        text = (ROOT / "docs" / "formats" / page).read_text(encoding="utf-8")
        found |= set(re.findall(r"^\| ([A-Z][0-9]) \| ", text, re.MULTILINE))
    return found


def named(artefacts: list[archives.Artefact]) -> list[object]:
    return [pytest.param(duty, make, id=f"{duty}: {wrong}") for duty, wrong, make in artefacts]


def sole(found: Found, duty: str) -> dict[str, set[str]]:
    """The duties that wait, where exactly this one fails and they wait for nothing else."""
    reasons = {one: found.reason(one) for one in found.failed}
    assert found.failed == {duty}, reasons
    waiting = found.waiting
    others = {one: found.reason(one) for one, causes in waiting.items() if causes != {duty}}
    assert not others, f"they wait for something else than {duty}: {others}"
    return waiting


def without(found: Found, waited: dict[str, set[str]], duty: str) -> None:
    """Neither fails, and what is not checked is what had waited."""
    assert not found.failed, {one: found.reason(one) for one in found.failed}
    assert set(found.waiting) <= set(waited), {one: found.reason(one) for one in found.waiting}
    assert duty not in found.verdicts


def test_every_duty_of_the_pages_stands_in_the_tables_of_both_verifiers() -> None:
    pages = duties_of_pages()
    assert len(pages) > 50
    assert judges.duties_of_ours() == pages
    assert judges.duties_of_auditor() == pages


def test_every_duty_has_an_artefact() -> None:
    made = {duty for duty, _, _ in archives.ARTEFACTS}
    made |= {duty for duty, _, _ in folders.ARTEFACTS}
    assert made == duties_of_pages()


@pytest.mark.parametrize(("duty", "make"), thinned(named(archives.ARTEFACTS), 4))
def test_an_archive_that_only_this_duty_rejects(
    duty: str, make: archives.Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    reject(duty, make(), monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize(("duty", "make"), named(archives.IN_FIELD))
def test_an_archive_in_a_finite_field_that_only_this_duty_rejects(
    duty: str, make: archives.Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    reject(duty, make(archives.FIELD), monkeypatch)


def reject(duty: str, forged: Forged, patch: pytest.MonkeyPatch) -> None:
    """By both verifiers. Ours looks again without the duty; what the auditor saw is told again without it."""
    audited = judges.audit(forged)
    waiting = {"ours": sole(judges.ours(forged), duty), "auditor": sole(judges.told(audited), duty)}
    judges.take_out(patch, duty)
    without(judges.ours(forged), waiting["ours"], duty)
    without(judges.told(audited), waiting["auditor"], duty)
    judges.COVERED.setdefault(duty, set()).update(waiting)


@pytest.mark.slow
@pytest.mark.parametrize(("duty", "make"), named(archives.ARTEFACTS))
def test_the_auditor_without_the_duty_takes_the_archive_from_the_beginning(
    duty: str, make: archives.Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = judges.auditors(make()).waiting
    judges.take_out(monkeypatch, duty)
    without(judges.auditors(make()), waiting, duty)


@pytest.mark.parametrize(
    ("duty", "make"),
    thinned((pytest.param(d, make, id=f"{d}: {wrong}") for d, wrong, make in folders.ARTEFACTS), 4),
)
def test_a_public_folder_that_only_this_duty_rejects(
    duty: str, make: folders.Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    judges.remember_archive(monkeypatch, folders.honest().archive)
    folder = make().write(tmp_path)
    audited = judges.audit_folder(folder)
    ours = judges.ours_of_folder(folder)
    waiting = {"ours": sole(ours, duty), "auditor": sole(judges.told(audited), duty)}
    judges.take_out(monkeypatch, duty)
    without(judges.ours_of_folder(folder), waiting["ours"], duty)
    without(judges.told(audited), waiting["auditor"], duty)
    judges.COVERED.setdefault(duty, set()).update(waiting)


@pytest.mark.parametrize("judge", judges.FOLDER_JUDGES)
def test_the_honest_folder_passes(judge: str, tmp_path: Path) -> None:
    found = judges.FOLDER_JUDGES[judge](folders.honest().write(tmp_path))
    assert (found.failed, found.waiting) == (set(), {})


@pytest.mark.parametrize("judge", judges.JUDGES)
@pytest.mark.parametrize("make", [archives.finished, lambda: archives.ranked().finish()])
def test_the_honest_archives_pass(judge: str, make: object) -> None:
    found = judges.JUDGES[judge](Forged(make().write()))  # type: ignore[operator]
    assert (found.failed, found.waiting) == (set(), {})
