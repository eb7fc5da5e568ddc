"""The option that says which days a file tells of, where those are not all."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

Covers = tuple[tuple[str, tuple[date | None, date | None]], ...]


class _Days(click.ParamType[tuple[str, tuple[date | None, date | None]]]):
    name = "FILE=FROM..TO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        file, _, days = str(value).rpartition("=")
        first, dots, last = days.partition("..")
        try:
            begin, end = (date.fromisoformat(day) if day else None for day in (first, last))
        except ValueError:
            begin = end = None
        if not (file and dots and (begin or end)) or (begin and end and begin > end):
            self.fail(f"{value} says no days; write renewals.csv=2020-01-01..2022-12-31.", param, ctx)
        return file, (begin, end)


COVERS = click.option(
    "--covers",
    multiple=True,
    type=_Days(),
    help="The first and last day that a file of payments or events tells of, where those are not all; either may be "
    "left out. What other days could change is then not known.",
)
