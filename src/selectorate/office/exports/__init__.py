"""Exports of membership systems as files: looked at before anything is stored."""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from selectorate.errors import Refusal, refuse
from selectorate.office import files
from selectorate.office.engines import Bar, at_work, showing
from selectorate.workbook import form

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from selectorate.roll.columns import Layout
    from selectorate.roll.reading import Reading
    from selectorate.roll.review.starting import Start

MAP_BYTES_MAX = 256 * 1024
LARGE = 8 * 1024 * 1024
"""Files of so many bytes (some 50,000 rows) and more are read by the engine where their form leaves no doubt."""
LARGE_MAX = 16 * 1024 * 1024 * 1024
PIECE = 1 << 24


def read_export(
    path: Path,
    engine: DuckDBPyConnection | None = None,
    bar: Bar | None = None,
    *,
    encoding: str | None = None,
    dates: str | None = None,
    map_: Path | None = None,
    most: int | None = None,
) -> Reading:
    """One file, read and judged as of today. map_: the officer's own layout in a file, or the name of one of ours, used
    instead of the one recognised; engine: where the lines of a large file lie afterwards, the reading then holding
    none of them.

    Raises Refusals of `roll.reading`, `roll.map` where the file is not of that layout, `engine.trouble`."""
    from selectorate.roll.reading import read_file
    from selectorate.roll.tables import PROBLEMS_MAX

    layout = _layout(map_) if map_ else None
    today = datetime.now(UTC).date()
    if engine is not None and encoding in {None, "utf-8"}:
        found = _read_large(engine, bar, path, layout, dates, today, most or PROBLEMS_MAX)
        if found is not None:
            return found
    return read_file(
        files.read(path),
        path.name,
        encoding=encoding,
        dates=dates,
        layout=layout,
        today=today,
        most=most or PROBLEMS_MAX,
    )


def _layout(map_: Path) -> Layout:
    """The officer's own layout in a file, or the one of ours that is named so.

    Raises Refusal `roll.map`, `roll.map_name`, `file.*`.
    """
    from selectorate.errors.naming import did_you_mean
    from selectorate.roll.columns import layouts, own_layout

    ours = {one.name: one for one in layouts()}
    if map_.exists():
        return own_layout(map_.name, files.read(map_, bytes_max=MAP_BYTES_MAX))
    if str(map_) not in ours:
        raise refuse("roll.map_name", found=map_, near=did_you_mean(map_.stem, ours))
    return ours[str(map_)]


def is_large(path: Path) -> bool:
    """Whether a file has a size for the engine; what cannot be looked at is not."""
    try:
        return LARGE <= path.stat().st_size <= LARGE_MAX
    except OSError:
        return False


def _read_large(
    engine: DuckDBPyConnection,
    bar: Bar | None,
    path: Path,
    layout: Layout | None,
    dates: str | None,
    today: date,
    most: int,
) -> Reading | None:
    """The reading of a large file whose lines then lie in the engine; None where the small reader has to say."""
    import duckdb

    from selectorate.roll.columns import plan
    from selectorate.roll.large.reading import judge, load
    from selectorate.roll.large.shape import look

    if not is_large(path):
        return None
    try:
        shape = look(_pieces(path, bar), path.name)
    except OSError:
        return None
    if shape is None:
        return None
    planned = plan(shape.header, path.name, layout)
    if planned.layout.encoding == "cp1252":
        return None
    number = engine.execute("SELECT count(*) FROM duckdb_tables() WHERE database_name = 'packed'").fetchall()
    table = f"packed.lines_{number[0][0]}"
    statement, values = load(planned, shape, table)
    try:
        with showing(engine, bar, f"Loading {path.name}", shape.rows):
            # a name with a wildcard in it would be several files
            engine.execute(statement, [glob.escape(str(path)), *values])
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return None
    except duckdb.IOException as reason:
        if os.strerror(errno.ENOSPC) in str(reason):
            raise
        because = str(reason).splitlines()[0]
        raise refuse("file.unreadable", file=path, because=because) from None
    with showing(engine, bar, f"Checking {path.name}", shape.rows):
        return judge(engine, path.name, shape, planned, table=table, dates=dates, today=today, most=most)


def _pieces(path: Path, bar: Bar | None) -> Iterator[bytes]:
    """The bytes of a file, a part at a time."""
    size = path.stat().st_size
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            if bar:
                bar(f"Looking at {path.name}, bytes", file.tell(), size)
            yield piece


def read_exports(
    paths: Sequence[Path],
    engine: DuckDBPyConnection | None = None,
    bar: Bar | None = None,
    *,
    encoding: str | None = None,
    dates: str | None = None,
    map_: Path | None = None,
) -> list[Reading]:
    """Several files; map_ is used for those it is for, and has to be for one of them."""
    made, unlike = [], []
    for path in paths:
        try:
            made.append(read_export(path, engine, bar, encoding=encoding, dates=dates, map_=map_))
        except Refusal as reason:
            if reason.code != "roll.map" or "columns it is for" not in str(reason):
                raise
            unlike.append(reason)
            if len(unlike) == len(paths):
                raise
            made.append(read_export(path, engine, bar, encoding=encoding, dates=dates))
    return made


def check_export(
    path: Path,
    *,
    encoding: str | None = None,
    dates: str | None = None,
    map_: Path | None = None,
    repair: Path | None = None,
    bar: Bar | None = None,
) -> Reading:
    """Look at a file; repair: where to write the sheet on which to mend it. Nothing else is stored."""
    if is_large(path):
        with at_work(None, path.resolve().parent) as engine:
            reading = read_export(path, engine, bar, encoding=encoding, dates=dates, map_=map_)
    else:
        reading = read_export(path, encoding=encoding, dates=dates, map_=map_)
    if repair is not None:
        from selectorate.roll.review.repair import MARKED_MAX, repair_sheet
        from selectorate.roll.tables import read_table

        every = read_export(path, encoding=encoding, dates=dates, map_=map_, most=MARKED_MAX)
        spoken = reading.encoding if reading.encoding in {"utf-8", "cp1252"} else None
        table = read_table(files.read(path), path.name, spoken)
        files.write(repair, repair_sheet(table, every), private=True)
    return reading


def start_map(path: Path, out: Path, *, encoding: str | None = None) -> Start:
    """Write a map with a file's columns to fill in; a file that is there already is left alone.

    Raises Refusal `file.exists`, `roll.header` for a file without a header, and those of `tables.read_table`.
    """
    from selectorate.roll.review.starting import starting_map
    from selectorate.roll.tables import read_table

    table = read_table(_beginning(path), path.name, encoding)
    if table.bare:
        because = "the file begins with a member, not with the names of its columns; it is read without a map"
        raise refuse("roll.header", file=path.name, because=because)
    made = starting_map(table.header, path.name)
    files.write(out, made.text.encode(), replace=False)
    return made


def _beginning(path: Path) -> bytes:
    """The file, or of a large one whose lines can be told apart its first ones."""
    if is_large(path):
        with path.open("rb") as file:
            first = file.read(PIECE)
        if not form(first) and first[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
            return first[: first.find(b"\n", first.rfind(b'"') + 1) + 1] or first
    return files.read(path)
