"""The officer's private files: DIR/vault, mode 0700, every file 0600.

Holds what the acts need again: the record's signing key, the key for tokens, the roll's tables, decisions,
slips, seeds not yet revealed, which elector has which public credential. Never holds a trustee's key, a
private credential, a clear choice, a permutation or encryption randomness.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from selectorate import canon
from selectorate.errors import refuse
from selectorate.office import files
from selectorate.office.vault.lock import Lock


class Vault:
    """Private values by name; each is one canonical JSON file, written whole or not at all."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def create(self) -> None:
        self.place.mkdir(parents=True, exist_ok=True, mode=0o700)

    def lock(self, seconds: int = 0) -> Lock:
        """The lock of the workspace, waited for at most so many seconds. Raises Refusal `record.busy`."""
        until = time.monotonic() + seconds
        try:
            held = Lock(self.path("lock"))
        except OSError as reason:
            raise files.unwritable(self.path("lock"), reason) from None
        while not held.take():
            if time.monotonic() >= until:
                held.close()
                raise refuse("record.busy", directory=self.place.parent)
            time.sleep(0.05)
        return held

    def path(self, name: str) -> Path:
        return self.place / name

    def save(self, name: str, value: Any) -> None:
        files.write(self.path(f"{name}.json"), canon.encode(value), private=True)

    def load(self, name: str, default: Any = None) -> Any:
        """The value, or the default. Raises Refusal `vault.missing` when there is neither."""
        path = self.path(f"{name}.json")
        if not path.exists():
            if default is None:
                raise refuse("vault.missing", name=name, directory=self.place.parent)
            return default
        return canon.decode(files.read(path), what=str(path), bytes_max=files.BYTES_MAX)

    def save_bytes(self, name: str, data: bytes) -> None:
        files.write(self.path(name), data, private=True)

    def empty(self, name: str) -> None:
        """Remove the files of a folder of the vault that an act makes anew."""
        folder = self.path(name)
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            path.unlink()
