"""Dates in files: which one format fits a whole column, and whether two do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

AMBIGUOUS = "ambiguous"
ISO = "%Y-%m-%d"
FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d")
"""What is tried; two-digit years are not, because the century would be a guess."""

_SHAPES = {
    "%Y-%m-%d": re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T][0-9:.]+Z?)?\Z"),
    "%Y/%m/%d": re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})\Z"),
    "%d/%m/%Y": re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z"),
    "%m/%d/%Y": re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z"),
    "%d.%m.%Y": re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})\Z"),
    "%d-%m-%Y": re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})\Z"),
    "%m-%d-%Y": re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})\Z"),
}


def read_date(text: str, form: str) -> date | None:
    """The date that a text means in a format of FORMATS, or None. A time of day after an ISO date is
    dropped."""
    if form == ISO and len(text) == 10:
        try:
            return date.fromisoformat(text) if text[4] == text[7] == "-" else None
        except ValueError:
            return None
    shaped = _SHAPES[form].match(text)
    if shaped is None:
        return None
    parts = dict(zip(re.findall("%([Ymd])", form), map(int, shaped.groups()), strict=True))
    try:
        return datetime(parts["Y"], parts["m"], parts["d"]).date()  # noqa: DTZ001 - a day, not an instant
    except ValueError:
        return None


def column_format(texts: Sequence[str]) -> str | None:
    """The one format that fits every filled text; AMBIGUOUS when two fit with different days; None when the
    column is empty, or when no format fits all (then the commonest reading shows which rows do not fit)."""
    filled = {text for text in texts if text}
    if not filled:
        return None
    fitting = [form for form in FORMATS if all(read_date(text, form) for text in filled)]
    if not fitting:
        return None
    readings = {tuple(read_date(text, form) for text in sorted(filled)) for form in fitting}
    return fitting[0] if len(readings) == 1 else AMBIGUOUS


def best_format(texts: Sequence[str]) -> str:
    """The format that fits most of the filled texts; the earliest of FORMATS where several do."""
    sample = [text for text in texts if text][:5_000]
    return max(FORMATS, key=lambda form: sum(read_date(text, form) is not None for text in sample))
