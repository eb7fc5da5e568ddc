"""What a person points the verifier at: a public folder or one archive, opened read-only and bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from selectorate.errors import refuse
from selectorate.log.check import is_size

DOCUMENT_MAX = 512 * 1024 * 1024
ARCHIVE_MAX = 32 * 1024 * 1024 * 1024
DOCUMENTS = ("rulebook.toml", "commitments.json", "candidates.json", "sheet.json", "certificate.json")
REFUSED = re.compile(r"refused-[1-9][0-9]{0,3}\.json", re.ASCII)
TRACKERS = re.compile(r"(index|([0-9a-f]{2}){2})\.html", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one input. uuid: from the archive's file name; archive None where there is none (yet)."""

    path: Path
    folder: bool
    uuid: str = ""
    archive: bytes | None = None
    lines: tuple[bytes, ...] = ()
    ends_well: bool = True
    checkpoints: dict[str, bytes] = field(default_factory=dict)
    newest: bytes = b""
    documents: dict[str, bytes] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def open_source(path: Path) -> Source:
    """Raises Refusal `file.missing`, `file.unreadable`, `file.size`, `verify.form`."""
    try:
        if path.is_dir():
            return _folder(path)
        if not path.exists():
            raise refuse("file.missing", file=path)
        data = _read(path, ARCHIVE_MAX)
        if not data.startswith(b"BELENIOS\0"):
            raise refuse("verify.form", path=path)
        return Source(path, folder=False, uuid=_uuid_of(path), archive=data)
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
        archive=_read(archive, ARCHIVE_MAX) if archive else None,
        lines=tuple(lines),
        ends_well=ends_well,
        checkpoints=checkpoints,
        newest=_read(newest, 64 * 1024) if newest.is_file() else b"",
        documents=documents,
        pages=tuple(pages),
        unknown=tuple(unknown),
    )


def _uuid_of(path: Path) -> str:
    """The uuid that a file's name states; empty for an archive under a name that does not end in .bel."""
    return path.stem if path.suffix == ".bel" else ""


def _read(path: Path, bytes_max: int) -> bytes:
    size = path.stat().st_size
    if size > bytes_max:
        raise refuse("file.size", file=path, found=size, allowed=bytes_max)
    return path.read_bytes()
