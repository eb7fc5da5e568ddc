"""Files that a person names: read whole and bounded, written whole or not at all.

Raises Refusal `file.missing`, `file.folder`, `file.unreadable`, `file.size`, `file.exists`, `file.full`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from selectorate.errors import Refusal, refuse

BYTES_MAX = 2 * 1024 * 1024 * 1024
"""No single file that a person hands in is larger: a roll of ten million rows has about one gigabyte."""

_LEFT_OVER = re.compile(r"\..+\.[0-9a-f]{8}", re.ASCII)


def read(path: Path | str, *, bytes_max: int = BYTES_MAX) -> bytes:
    """The bytes of a file."""
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > bytes_max:
            raise refuse("file.size", file=path, found=size, allowed=bytes_max)
        return path.read_bytes()
    except FileNotFoundError:
        raise refuse("file.missing", file=path) from None
    except IsADirectoryError:
        raise refuse("file.folder", file=path) from None
    except OSError as reason:
        raise refuse("file.unreadable", file=path, because=reason.strerror or reason) from None


def write(
    path: Path | str,
    data: bytes | Iterable[bytes],
    *,
    private: bool = False,
    replace: bool = True,
    durable: bool = True,
) -> None:
    """Write a file whole: a new file beside it is filled, made durable, then takes its name.

    data: its bytes, or pieces of them in order. private: mode 0600 from the first byte. replace=False refuses a
    file that is there already. durable=False spares the sync, for projections that can be made again. A full disk
    leaves what was there.
    """
    path = Path(path)
    if not replace and path.exists():
        raise refuse("file.exists", file=path)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o755)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
        with os.fdopen(handle, "wb") as file:
            file.writelines((data,) if isinstance(data, bytes) else data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        fresh.replace(path)
        if durable:
            sync_folder(path.parent)
    except OSError as reason:
        raise unwritable(path, reason) from None
    finally:
        # Whatever stopped it, an interrupt too; after the rename there is nothing of that name.
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable: without it a power cut can take back the name of a synced file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what a killed `write` left below a folder. Only for a folder that nobody else writes to now."""
    for path in folder.rglob(".*"):
        if is_left_over(path.name) and path.is_file():
            path.unlink(missing_ok=True)


def is_left_over(name: str) -> bool:
    """Whether that is the name under which a file is filled before it takes its own."""
    return _LEFT_OVER.fullmatch(name) is not None


def unwritable(path: Path | str, reason: OSError) -> Refusal:
    """The refusal for a write that failed."""
    because = "the disk is full" if reason.errno in (errno.ENOSPC, errno.EDQUOT) else reason.strerror
    return refuse("file.full", file=path, because=because or reason)
