"""What the keeper of a roll owes to those who stand on it: reasons, a way to answer, what is held about them,
who may see what, how long it is kept, and samples that treat all alike.

Every module takes plain values and gives plain values; `Part` is what pages and letters are put together from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Part(NamedTuple):
    """One part of a page or a letter. rows: a table; its first row is the header; () where there is none."""

    heading: str
    sentences: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def plain(parts: Sequence[Part]) -> list[dict[str, object]]:
    """Parts as they stand in JSON."""
    return [
        {"heading": one.heading, "sentences": list(one.sentences), "rows": [list(row) for row in one.rows]}
        for one in parts
    ]
