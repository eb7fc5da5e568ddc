"""No byte of a declared election can be changed, wherever it stands and whatever is made right around it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ballot import forge

from selectorate.ballot.check import check_archive
from selectorate.ballot.check.ledger import ORDER
from selectorate.errors import Refusal

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "ballot" / "elections"
WEIGHTED = forge.archive_file(ROOT / "v1b3-ed25519-a-h-3trustees-weights")
CONTENT = WEIGHTED.read_bytes()
RUNS = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def stages() -> set[bytes]:
    """The archive as it stood after each event: valid so far, at an earlier stage."""
    parts = forge.take_apart(CONTENT)
    lengths = range(1, len(parts.steps) + 1)
    return {forge.put_together(forge.Parts(parts.timestamp, parts.steps[:n])) for n in lengths}


STAGES = stages()


def refused(content: bytes) -> bool:
    try:
        checks, verified = check_archive(content, WEIGHTED.stem)
    except Refusal as refusal:
        return refusal.code == "ballot.unsupported"
    assert [check.duty for check in checks] == list(ORDER)
    return verified is None and any(check.verdict == "failed" for check in checks)


@pytest.mark.slow
@RUNS
@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
def test_L10_any_changed_byte_of_the_file_is_found(position: int, change: int) -> None:
    content = bytearray(CONTENT)
    content[position] ^= change
    assert refused(bytes(content))


@pytest.mark.slow
@RUNS
@given(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), st.integers(1, 127))
def test_P07_any_changed_byte_of_an_object_is_found_with_all_hashes_made_right(
    which: float, where: float, change: int
) -> None:
    parts = forge.take_apart(CONTENT)
    places = [
        (step, n)
        for step in parts.steps
        for n in range(len(step.content))
        if not (step.kind == "Setup" and n == 3) and not (n == 1 and step.kind != "Setup")
    ]
    step, member = places[int(which * len(places))]
    body = bytearray(step.content[member])
    body[int(where * len(body))] ^= change
    step.content[member] = bytes(body)
    assert refused(forge.put_together(parts))


@pytest.mark.slow
@RUNS
@given(st.integers(0, len(CONTENT)), st.binary(max_size=600))
def test_L10_anything_inserted_or_cut_is_found(position: int, inserted: bytes) -> None:
    kept = CONTENT[:position]
    assert not inserted or refused(kept + inserted + CONTENT[position:])
    if kept + inserted not in STAGES:
        assert refused(kept + inserted)


@pytest.mark.parametrize("content", [b"", b"\0" * 512, b"x" * 5000, b"PK\x03\x04", b"{}"])
def test_L10_files_of_another_kind_are_found(content: bytes) -> None:
    assert refused(content)
