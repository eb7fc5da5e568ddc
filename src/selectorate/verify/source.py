"""What a person points the verifier at: a public folder or one archive, opened read-only and bounded."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from selectorate.errors import refuse
from selectorate.log.check import is_size

DOCUMENT_MAX = 512 * 1024 * 1024
ARCHIVE_MAX = 32 * 1024 * 1024 * 1024
DOCUMENTS = ("rulebook.toml", "commitments.json", "candidates.json", "sheet.json", "certificate.json")
REFUSED = re.compile(r"refused-[1-9][0-9]{0,3}\.json", re.ASCII)
TRACKERS = re.compile(r"(index|([0-9a-f]{2}){2})\.html", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one input. uuid: from the archive's file name; archive: its file, None where there is none
    (yet); spooled: what came through a pipe, in a file without a name."""

    path: Path
    folder: bool
    uuid: str = ""
    archive: Path | None = None
    spooled: IO[bytes] | None = None
    lines: tuple[bytes, ...] = ()
    ends_well: bool = True
    checkpoints: dict[str, bytes] = field(default_factory=dict)
    newest: bytes = b""
    documents: dict[str, bytes] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @contextmanager
    def opened(self) -> Iterator[BinaryIO | None]:
        """The archive, open for reading and seekable; None where there is none. Raises Refusal `file.unreadable`."""
        if self.spooled is not None:
            yield self.spooled  # type: ignore[misc]
            return
        if self.archive is None:
            yield None
            return
        try:
            stream = self.archive.open("rb")
        except OSError as reason:
            raise refuse("file.unreadable", file=self.archive, because=reason.strerror or reason) from None
        with stream:
            yield stream


def open_source(path: Path) -> Source:
    """What stands at PATH; `-` is an archive that comes through standard input.

    Raises Refusal `file.missing`, `file.unreadable`, `file.size`, `verify.form`.
    """
    try:
        if str(path) == "-":
            return _spooled(path, sys.stdin.buffer)
        if path.is_dir():
            return _folder(path)
        if not path.exists():
            raise refuse("file.missing", file=path)
        if not stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as stream:
                return _spooled(path, stream)
        with path.open("rb") as stream:
            _demand_archive(path, stream)
        return Source(path, folder=False, uuid=_uuid_of(path), archive=path)
    except OSError as reason:
        raise refuse("file.unreadable", file=path, because=reason.strerror or reason) from None


def _folder(path: Path) -> Source:
    entries = path / "log" / "entries.jsonl"
    if not entries.is_file():
        raise refuse("verify.form", path=path)
    raw = _read(entries, DOCUMENT_MAX)
    ends_well = raw.endswith(b"\n")
    lines = raw.removesuffix(b"\n").split(b"\n") if raw else []
    archives = sorted(one for one in path.iterdir() if one.suffix == ".bel" and one.is_file())
    archive = archives[0] if archives else None
    known, pages, unknown = {entries, path / "log" / "checkpoint", archive}, [], []
    checkpoints, documents = {}, {}
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        folder, _, leaf = name.rpartition("/")
        if file.is_symlink() or not (file.is_file() or file.is_dir()):
            unknown.append(name)
        elif file.is_dir() or file in known:
            continue
        elif folder == "log/checkpoints" and is_size(leaf):
            checkpoints[leaf] = _read(file, 64 * 1024)
        elif folder == "documents" and (leaf in DOCUMENTS or REFUSED.fullmatch(leaf)):
            documents[leaf] = _read(file, DOCUMENT_MAX)
        elif name == "index.html" or (folder == "trackers" and TRACKERS.fullmatch(leaf)):
            pages.append(name)
        else:
            unknown.append(name)
    newest = path / "log" / "checkpoint"
    return Source(
        path,
        folder=True,
        uuid=_uuid_of(archive) if archive else "",
        archive=archive,
        lines=tuple(lines),
        ends_well=ends_well,
        checkpoints=checkpoints,
        newest=_read(newest, 64 * 1024) if newest.is_file() else b"",
        documents=documents,
        pages=tuple(pages),
        unknown=tuple(unknown),
    )


def _spooled(path: Path, stream: IO[bytes]) -> Source:
    """A stream that cannot be read twice, in a temporary file that vanishes with the program."""
    spooled = tempfile.TemporaryFile()  # noqa: SIM115 - it has to outlive this function
    shutil.copyfileobj(stream, spooled)
    _demand_archive(path, spooled)
    return Source(path, folder=False, uuid=_uuid_of(path), spooled=spooled)


def _demand_archive(path: Path, stream: IO[bytes]) -> None:
    size = stream.seek(0, os.SEEK_END)
    if size > ARCHIVE_MAX:
        raise refuse("file.size", file=path, found=size, allowed=ARCHIVE_MAX)
    stream.seek(0)
    if not stream.read(9) == b"BELENIOS\0":
        raise refuse("verify.form", path=path)
    stream.seek(0)


def read_if_there(path: Path, bytes_max: int) -> bytes | None:
    """The bytes of a small file, None where there is none. Raises Refusal `file.unreadable`, `file.size`."""
    try:
        return _read(path, bytes_max)
    except FileNotFoundError:
        return None
    except OSError as reason:
        raise refuse("file.unreadable", file=path, because=reason.strerror or reason) from None


def replace(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all. Raises Refusal `file.full`."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as reason:
        raise refuse("file.full", file=path, because=reason.strerror or reason) from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def _uuid_of(path: Path) -> str:
    """The uuid that a file's name states; empty for an archive under a name that does not end in .bel."""
    return path.stem if path.suffix == ".bel" else ""


def _read(path: Path, bytes_max: int) -> bytes:
    size = path.stat().st_size
    if size > bytes_max:
        raise refuse("file.size", file=path, found=size, allowed=bytes_max)
    return path.read_bytes()
