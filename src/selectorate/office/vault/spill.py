"""Folders for what an engine cannot hold in memory: private, and gone when the work is over, however it ends."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selectorate.errors import refuse
from selectorate.office.vault.lock import Lock

NAME = ".selectorate-spill."
IDLE_SECONDS = 60
"""A folder this young may be one whose program has not locked it yet."""


@contextmanager
def spill_folder(near: Path | None) -> Iterator[Path]:
    """A private folder for what does not fit into memory, taken away at the end with what killed programs left."""
    folder = None
    for parent in (near, Path(tempfile.gettempdir())):
        if parent is not None and os.access(parent, os.W_OK):
            own = f"{NAME}{os.getpid()}."
            for left in parent.glob(f"{NAME}*"):
                if not left.name.startswith(own) and time.time() - left.stat().st_mtime > IDLE_SECONDS:
                    take_away(left)
            folder = parent / f"{own}{secrets.token_hex(4)}"
            break
    if folder is None:
        raise refuse("file.unreadable", file=tempfile.gettempdir(), because="nothing can be written there")
    folder.mkdir(mode=0o700)
    held = Lock(folder / "lock")
    held.take()
    try:
        yield folder
    finally:
        held.close()
        shutil.rmtree(folder, ignore_errors=True)


def take_away(left: Path) -> None:
    """Remove a folder of that kind unless a program is at work in it."""
    try:
        held = Lock(left / "lock")
    except OSError:
        return
    if held.take():
        shutil.rmtree(left, ignore_errors=True)
    held.close()
