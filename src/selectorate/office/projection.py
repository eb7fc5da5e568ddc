"""`public/` as a projection of the record: the same record always gives the same bytes.

Log, archive and documents only; the pages for people are made by `office/publish.py`. Only files whose bytes
differ are written, each whole or not at all.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import BinaryIO

from selectorate.office import files
from selectorate.office.store import Record

_PIECE = 2**20


def contents(record: Record) -> dict[str, bytes]:
    """Every file that verifiers rely on, by its path below `public/`: all from one moment of the record,
    whatever this process or another one has written since it was opened."""
    small, archive = _moment(record)
    return small | {name: stream.read() for name, stream in archive.items()}


def _moment(record: Record) -> tuple[dict[str, bytes], dict[str, BinaryIO]]:
    """The files of one moment; the archive, which is large and only grows, as it was then but not yet read."""
    archive = {}
    with record.moment():
        out = {"log/entries.jsonl": b"".join(line + b"\n" for line in record.stored())}
        notes = record.checkpoints()
        for size, note in notes.items():
            out[f"log/checkpoints/{size}"] = note
        if notes:
            out["log/checkpoint"] = notes[max(notes)]
        for name, data in record.documents().items():
            out[f"documents/{name}"] = data
        opened = record.find("poll.opened")
        if opened is not None:
            archive[f"{opened.data['uuid']}.bel"] = record.archive_file()
    return out, archive


def is_current(record: Record, public: Path) -> bool:
    """Whether the last `write` came to its end: the newest checkpoint is what it writes last."""
    path = public / "log" / "checkpoint"
    return path.is_file() and path.read_bytes() == record.newest_checkpoint()[0]


def write(record: Record, public: Path) -> None:
    """Bring `public/` up to date. Raises Refusal `file.full`. The caller keeps every other writer away.

    The newest checkpoint is written last: whoever copies the folder meanwhile never holds a checkpoint that
    covers more than the entries beside it.
    """
    wanted, archives = _moment(record)
    files.sweep(public)
    last = wanted.pop("log/checkpoint", None)
    for name, stream in archives.items():
        if not _same(public / name, stream):
            stream.seek(0)
            files.write(public / name, iter(partial(stream.read, _PIECE), b""), durable=False)
    for name, data in wanted.items():
        _write(public / name, data)
    if last is not None:
        _write(public / "log/checkpoint", last)


def _write(path: Path, data: bytes) -> None:
    if not path.exists() or path.stat().st_size != len(data) or path.read_bytes() != data:
        files.write(path, data, durable=path.name == "checkpoint")


def _same(path: Path, stream: BinaryIO) -> bool:
    if not path.exists() or path.stat().st_size != stream.seek(0, os.SEEK_END):
        return False
    stream.seek(0)
    with path.open("rb") as there:
        return all(piece == there.read(_PIECE) for piece in iter(partial(stream.read, _PIECE), b""))
