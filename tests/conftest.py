"""Fixtures every room's tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Cases with passports that are part of the repository."""
    return ROOT / "vectors"


@pytest.fixture(scope="session")
def outside_data() -> Path:
    """Data that is not part of the repository: skipped where absent, a failure in CI."""
    place = Path(os.environ.get("SELECTORATE_DATA") or ROOT.parent / "shared" / "data")
    if not (place / "count").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"outside data is not at {place}; CI must have it (set SELECTORATE_DATA)")
        pytest.skip(f"outside data is not at {place}; set SELECTORATE_DATA to run this test")
    return place
