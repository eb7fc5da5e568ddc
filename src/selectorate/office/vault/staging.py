"""The vault's new files of one act: they take their names when the act is on the record, all of them or none.

Each file is made under a hidden name. Before the entry is written a note says which names are meant; after a kill
at any moment the next act that opens the workspace reads the note, and the record says what becomes of the files.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from selectorate import canon
from selectorate.errors import Refusal
from selectorate.office import files
from selectorate.office.vault import Vault, spill

NOTE = "staged"
_PIECE = 1 << 22


class Staging:
    """The files of one act, not yet under their names."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._fresh: dict[str, str] = {}

    def path(self, name: str) -> Path:
        """Where the file of that name is made."""
        fresh = self._fresh.setdefault(name, f".{name}.{secrets.token_hex(4)}")
        return self._vault.path(fresh)

    def write(self, name: str, pieces: bytes | Iterable[bytes]) -> None:
        files.write(self.path(name), pieces, private=True)

    def copy(self, name: str) -> Path:
        """A copy of the vault's file of that name, to be changed."""
        with self._vault.path(name).open("rb") as file:
            self.write(name, iter(partial(file.read, _PIECE), b""))
        return self.path(name)

    def save(self, name: str, value: Any) -> None:
        """A value as the vault keeps it."""
        self.write(f"{name}.json", canon.encode(value))

    def commit(self, number: int, entry: bytes, append: Callable[[], Any]) -> None:
        """Append the act's entry and give the files their names. number: the place of the entry on the record;
        entry: its bytes; append: writes it."""
        note = {"entry": canon.sha256(entry), "files": self._fresh, "number": number}
        self._vault.save(NOTE, note)
        append()

    def clear(self) -> None:
        for fresh in self._fresh.values():
            path = self._vault.path(fresh)
            for one in (path, path.with_name(f"{path.name}.wal")):
                one.unlink(missing_ok=True)


@contextmanager
def staged(vault: Vault, stored: Callable[[], Sequence[bytes]]) -> Iterator[Staging]:
    """The files of one act. stored: gives the lines of the record as its file holds them now; they decide at the
    end, however it came, whether the files get their names or go."""
    staging = Staging(vault)
    try:
        yield staging
    finally:
        if not vault.path(f"{NOTE}.json").exists():
            staging.clear()
        else:
            # Where the record cannot be read now, whoever opens it next settles it.
            with contextlib.suppress(Refusal):
                settle(vault, stored())


def settle(vault: Vault, lines: Sequence[bytes]) -> None:
    """Finish what an act left that is on the record, drop what one left that is not, and what a killed one left
    half-written. Only where no act is running."""
    note = vault.load(NOTE, {})
    if note:
        number = note["number"]
        on_record = number < len(lines) and canon.sha256(lines[number]) == note["entry"]
        for name, fresh in note["files"].items():
            path = vault.path(fresh)
            if on_record and path.exists():
                path.replace(vault.path(name))
        files.sync_folder(vault.place)
        vault.path(f"{NOTE}.json").unlink()
    for path in vault.place.glob(".*"):
        if path.name.startswith(spill.NAME):
            spill.take_away(path)
        elif files.is_left_over(path.name.removesuffix(".wal")) and path.is_file():
            path.unlink(missing_ok=True)
