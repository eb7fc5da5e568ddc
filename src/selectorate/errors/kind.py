"""One way to be refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal["bad input", "out of order", "rule not met", "check failed", "engine trouble"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to be refused: which family, what is said, what to do about it."""

    family: Family
    sentence: str
    remedy: str
