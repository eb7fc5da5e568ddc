"""Puts the repository's root on the path: the auditor is run from there, and is not installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
for place in (str(ROOT), str(ROOT / "tests" / "auditor")):
    if place not in sys.path:
        sys.path.insert(0, place)


@pytest.fixture(scope="session")
def reference(vectors: Path, outside_data: Path) -> Path:
    """Elections of foreign tools and tampered copies of them: those in vectors/ if they are there."""
    inside = vectors / "ballot"
    return inside if (inside / "elections").is_dir() else outside_data / "ballot"
