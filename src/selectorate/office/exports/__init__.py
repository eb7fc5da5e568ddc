"""Exports of membership systems as files: looked at before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from selectorate.errors import Refusal
from selectorate.office import files

if TYPE_CHECKING:
    from selectorate.roll.reading import Reading

MAP_BYTES_MAX = 256 * 1024


def read_export(
    path: Path,
    *,
    encoding: str | None = None,
    dates: str | None = None,
    map_: Path | None = None,
    most: int | None = None,
) -> Reading:
    """One file, read and judged as of today. map_: the officer's own layout, used instead of the one
    recognised. Raises Refusals of `roll.reading`, and `roll.map` where the file is not of that layout."""
    from selectorate.roll.columns import own_layout
    from selectorate.roll.reading import read_file
    from selectorate.roll.tables import PROBLEMS_MAX

    layout = own_layout(map_.name, files.read(map_, bytes_max=MAP_BYTES_MAX)) if map_ else None
    return read_file(
        files.read(path),
        path.name,
        encoding=encoding,
        dates=dates,
        layout=layout,
        today=datetime.now(UTC).date(),
        most=most or PROBLEMS_MAX,
    )


def read_exports(
    paths: Sequence[Path],
    *,
    encoding: str | None = None,
    dates: str | None = None,
    map_: Path | None = None,
) -> list[Reading]:
    """Several files; map_ is used for those it is for, and has to be for one of them."""
    made, unlike = [], []
    for path in paths:
        try:
            made.append(read_export(path, encoding=encoding, dates=dates, map_=map_))
        except Refusal as reason:
            if reason.code != "roll.map" or "columns it is for" not in str(reason):
                raise
            unlike.append(reason)
            if len(unlike) == len(paths):
                raise
            made.append(read_export(path, encoding=encoding, dates=dates))
    return made


def check_export(
    path: Path,
    *,
    encoding: str | None = None,
    dates: str | None = None,
    map_: Path | None = None,
    repair: Path | None = None,
) -> Reading:
    """Look at a file; repair: where to write the sheet on which to mend it. Nothing else is stored."""
    reading = read_export(path, encoding=encoding, dates=dates, map_=map_)
    if repair is not None:
        from selectorate.roll.review.repair import MARKED_MAX, repair_sheet
        from selectorate.roll.tables import read_table

        every = read_export(path, encoding=encoding, dates=dates, map_=map_, most=MARKED_MAX)
        spoken = reading.encoding if reading.encoding in {"utf-8", "cp1252"} else None
        table = read_table(files.read(path), path.name, spoken)
        files.write(repair, repair_sheet(table, every), private=True)
    return reading
