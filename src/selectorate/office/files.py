"""Files that a person names: read whole and bounded, written whole or not at all.

Raises Refusal `file.missing`, `file.unreadable`, `file.size`, `file.exists`, `file.full`.
"""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from selectorate.errors import Refusal, refuse

BYTES_MAX = 2 * 1024 * 1024 * 1024
"""No single file that a person hands in is larger: a roll of ten million rows has about one gigabyte."""


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
    except OSError as reason:
        raise refuse("file.unreadable", file=path, because=reason.strerror or reason) from None


def write(
    path: Path | str, data: bytes, *, private: bool = False, replace: bool = True, durable: bool = True
) -> None:
    """Write a file whole: a new file beside it is filled, made durable, then takes its name.

    private: mode 0600 from the first byte. replace=False refuses a file that is there already. durable=False
    spares the sync, for projections that can be made again. A full disk leaves what was there.
    """
    path = Path(path)
    if not replace and path.exists():
        raise refuse("file.exists", file=path)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o755)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as reason:
        fresh.unlink(missing_ok=True)
        raise unwritable(path, reason) from None


def unwritable(path: Path | str, reason: OSError) -> Refusal:
    """The refusal for a write that failed."""
    because = "the disk is full" if reason.errno in (errno.ENOSPC, errno.EDQUOT) else reason.strerror
    return refuse("file.full", file=path, because=because or reason)
