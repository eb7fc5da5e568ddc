"""The vault at rest: all its files in one that only a passphrase opens, `DIR/vault.sealed`, while nobody works.

Where that file is, it is the vault: no command works beside it, and what lies in `vault/` is what an interrupted
`lock` or `unlock` has not yet removed or not yet finished, byte for byte the same. Whatever stops one of them, the
sealed file or all clear files are whole, and the same command ends it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from selectorate import canon
from selectorate.errors import refuse
from selectorate.office import files, sealed
from selectorate.office.atrest import stream
from selectorate.office.keeping.retention import shred
from selectorate.office.vault import Vault

if TYPE_CHECKING:
    from selectorate.office.sealed import Cost

NAME = "vault.sealed"
KIND = "vault key"
_LOCK = "lock"
_OPENING = ".opening."
_READ = 1024 * 1024
_LINE_MAX = 4096


@dataclass(frozen=True, slots=True)
class Held:
    """How many files a sealed vault holds, and how many bytes are in them."""

    files: int
    size: int


def is_locked(place: Path) -> bool:
    return (place / NAME).exists()


def lock(place: Path, passphrase: str, cost: Cost = sealed.RFC_9106_SECOND) -> Held:
    """Seal the vault of a workspace and remove its clear files; ends a `lock` that was interrupted.

    The sealed file is read back and compared before anything is removed. Raises Refusal `vault.two` where clear
    files lie beside a sealed vault that does not hold them, and those of `sealed` and `files`.
    """
    vault = Vault(place / "vault")
    if is_locked(place):
        with _alone(vault):
            clear, held = _compared(place, vault, passphrase)
            _remove_clear(vault, clear)
            return held
    from selectorate.office.workspace import Workspace

    workspace = Workspace(place)  # what an interrupted act left is settled; nobody else works until the end
    files.sweep(vault.place)
    _forget_opening(vault)
    key = secrets.token_bytes(32)
    head = sealed.seal(key, passphrase, KIND, cost)
    pieces = itertools.chain((head,), stream.sealed(_packed(vault), key))
    files.write(place / NAME, pieces, private=True, replace=False)
    try:
        clear, held = _compared(place, vault, passphrase)
    except BaseException:
        (place / NAME).unlink(missing_ok=True)  # the clear files are all there
        raise
    _remove_clear(vault, clear)
    workspace.record.close()
    return held


def unlock(place: Path, passphrase: str) -> Held:
    """Open a sealed vault: all its files, or none. Ends an `unlock` that was interrupted, and takes back a `lock`
    that was.

    Raises Refusal `vault.open` where nothing is sealed, `vault.cut`, `vault.two`, and those of `sealed` and `files`.
    """
    vault = Vault(place / "vault")
    if not is_locked(place):
        raise refuse("vault.open", directory=place)
    vault.create()
    with _alone(vault):
        files.sweep(vault.place)
        _forget_opening(vault)
        fresh = vault.path(f"{_OPENING}{secrets.token_hex(4)}")
        try:
            held = _unpacked(place, vault, fresh, passphrase)
            for path in sorted(one for one in fresh.rglob("*") if one.is_file()):
                target = vault.place / path.relative_to(fresh)
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.replace(target)
            for folder in {vault.place, *(one.parent for one in _clear(vault))}:
                files.sync_folder(folder)
        finally:
            _forget_opening(vault)
        (place / NAME).unlink()  # only now: until here it was the vault
        files.sync_folder(place)
        return held


def _unpacked(place: Path, vault: Vault, fresh: Path, passphrase: str) -> Held:
    """Everything into a folder of its own. Raises Refusal `vault.two` before a clear file would be written over."""
    names, size = set(), 0
    for name, pieces in _read(place, passphrase):
        files.write(fresh / name, pieces, private=True)
        names.add(name)
        size += (fresh / name).stat().st_size
    for path in _clear(vault):
        name = path.relative_to(vault.place).as_posix()
        if name not in names or _digest(path) != _digest(fresh / name):
            raise refuse("vault.two", directory=place, name=name)
    return Held(len(names), size)


def _packed(vault: Vault) -> Iterator[bytes]:
    """Each file as a line with its name and size, and its bytes; at the end a line with how many there were."""
    paths = _clear(vault)
    for path in paths:
        size = path.stat().st_size
        yield canon.encode({"name": path.relative_to(vault.place).as_posix(), "size": size}) + b"\n"
        read = 0
        for piece in _pieces(path):
            read += len(piece)
            yield piece
        if read != size:
            raise refuse("file.unreadable", file=path, because="it changed while it was read")
    yield canon.encode({"files": len(paths)}) + b"\n"


def _read(place: Path, passphrase: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(name, its bytes in pieces) of each file in a sealed vault; the pieces are taken before the next file.

    Raises Refusal `vault.cut` for whatever is not whole, at the latest at the end, and those of `sealed.unseal`.
    """
    path = place / NAME
    try:
        file = path.open("rb")
    except OSError as reason:
        raise refuse("file.unreadable", file=path, because=reason.strerror or reason) from None
    with file:
        key = sealed.unseal(file.readline(_LINE_MAX), passphrase, KIND, str(path))
        plain = _Plain(stream.opened(file, key, path), path)
        seen = 0
        while "name" in (line := json.loads(plain.line())):
            yield line["name"], plain.take(line["size"])
            seen += 1
        if line != {"files": seen} or not plain.ended():
            raise refuse("vault.cut", file=path, number=0)


class _Plain:
    """Plain bytes that come in pieces of any size, taken by lines and by number."""

    def __init__(self, pieces: Iterator[bytes], name: object) -> None:
        self._pieces, self._name, self._held = pieces, name, b""

    def line(self) -> bytes:
        while b"\n" not in self._held:
            self._held += self._more()
        line, _, self._held = self._held.partition(b"\n")
        return line

    def take(self, size: int) -> Iterator[bytes]:
        while size:
            piece, self._held = self._held[:size], self._held[size:]
            if piece:
                size -= len(piece)
                yield piece
            else:
                self._held = self._more()

    def _more(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise refuse("vault.cut", file=self._name, number=0)
        return piece

    def ended(self) -> bool:
        return not self._held and next(self._pieces, None) is None


def _compared(place: Path, vault: Vault, passphrase: str) -> tuple[tuple[Path, ...], Held]:
    """The clear files, all of which the sealed vault holds as they are, and what it holds. Raises Refusal
    `vault.two`."""
    there, size = {}, 0
    for name, pieces in _read(place, passphrase):
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
        there[name] = digest.hexdigest()
    clear = _clear(vault)
    for path in clear:
        name = path.relative_to(vault.place).as_posix()
        if there.get(name) != _digest(path):
            raise refuse("vault.two", directory=place, name=name)
    return clear, Held(len(there), size)


def _remove_clear(vault: Vault, clear: Iterable[Path]) -> None:
    """Each file loses its name, is written over and removed; then the empty folders go."""
    for path in clear:
        gone = path.with_name(f".{path.name}.{secrets.token_hex(4)}")  # a name that `files.sweep` knows
        path.replace(gone)
        shred(gone)
    files.sweep(vault.place)
    _forget_opening(vault)
    for folder in sorted((one for one in vault.place.rglob("*") if one.is_dir()), reverse=True):
        folder.rmdir()


def _forget_opening(vault: Vault) -> None:
    """What an interrupted `unlock` left half-made."""
    for left in vault.place.glob(f"{_OPENING}*"):
        for path in sorted(one for one in left.rglob("*") if one.is_file()):
            shred(path)
        shutil.rmtree(left, ignore_errors=True)


def _clear(vault: Vault) -> tuple[Path, ...]:
    """The vault's own files, without the lock and without what was left half-made."""
    found = (path for path in vault.place.rglob("*") if path.is_file() and path != vault.path(_LOCK))
    return tuple(sorted(one for one in found if not _half_made(one.relative_to(vault.place))))


def _half_made(name: Path) -> bool:
    return any(files.is_left_over(part) for part in name.parts)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_READ):
            yield piece


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _alone(vault: Vault) -> Iterator[None]:
    """Nobody else works in the vault meanwhile. Raises Refusal `record.busy`."""
    held = vault.lock()
    try:
        yield
    finally:
        held.close()
