"""Many cases of one claim: some are tried by the fast tests, the rest by the slow ones. None is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def thinned(cases: Iterable[Any], every: int, *, keep: Sequence[str] = ()) -> list[Any]:
    """The cases for `parametrize`: each `every`th and those called as in `keep` stay fast, the others are `slow`.

    A case is a value, a tuple of several, or a `pytest.param`.
    """
    return [
        case
        if place % every == 0 or (isinstance(case, str) and case in keep)
        else pytest.param(
            *_values(case), id=getattr(case, "id", None), marks=(*_marks(case), pytest.mark.slow)
        )
        for place, case in enumerate(cases)
    ]


def _values(case: Any) -> tuple[Any, ...]:
    if hasattr(case, "marks"):
        return tuple(case.values)
    return case if isinstance(case, tuple) else (case,)


def _marks(case: Any) -> tuple[Any, ...]:
    return tuple(getattr(case, "marks", ()))
