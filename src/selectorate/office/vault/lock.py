"""A file that says that somebody is at work."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Lock:
    """A file that one process at a time may hold; the system lets go of it when the process ends, however."""

    def __init__(self, path: Path) -> None:
        self._open: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self) -> bool:
        try:
            fcntl.lockf(self._open or 0, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def close(self) -> None:
        if self._open is not None:
            os.close(self._open)
            self._open = None

    def __del__(self) -> None:
        self.close()
