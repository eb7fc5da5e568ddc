"""Puts the repository's root on the path: the auditor is run from there, and is not installed."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
for place in (str(ROOT), str(ROOT / "tests" / "auditor")):
    if place not in sys.path:
        sys.path.insert(0, place)
