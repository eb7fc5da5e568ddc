"""What a trustee's tool remembers beside its key, in KEYFILE.memory: the record it was made for, the newest
checkpoint that it saw, what it decrypted (docs/formats/sealed.md).

Nothing secret stands in it. It is written whole and durable before anything that it speaks of leaves the
trustee's computer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import Refusal, refuse
from selectorate.office import files

if TYPE_CHECKING:
    from selectorate.log.note import Checkpoint
    from selectorate.log.objects import Entry
    from selectorate.log.tree import Tree

MEMORY_MAX = 1024 * 1024
FIELDS = {"decrypted", "group", "key", "proved", "public_key", "seen"}


@dataclass(slots=True)
class Memory:
    """key: the record's verifier key; public_key, group: this trustee's own; proved: uuid of the election;
    seen: {"note","root","size"} of the newest checkpoint; decrypted: uuid -> {"kept","out","tally"} (file names and
    the SHA-256 of what was decrypted). Empty text and None: nothing yet."""

    path: Path
    key: str = ""
    public_key: str = ""
    group: str = ""
    proved: str = ""
    seen: dict[str, Any] | None = None
    decrypted: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, keyfile: Path) -> Memory:
        """The memory beside a key file. Raises Refusal `memory.damaged`."""
        path = keyfile.with_name(keyfile.name + ".memory")
        if not path.exists():
            return cls(path)
        try:
            value = canon.decode(files.read(path, bytes_max=MEMORY_MAX).removesuffix(b"\n"), what=str(path))
            if set(value) != FIELDS:
                raise TypeError
            texts = {name: value[name] for name in ("key", "public_key", "group", "proved")}
            seen = value["seen"]
            sound = all(isinstance(text, str) for text in texts.values())
            sound = sound and _is_decrypted(value["decrypted"])
            if not sound or (seen is not None and set(seen) != {"note", "root", "size"}):
                raise TypeError
            if seen is not None and not isinstance(seen["size"], int):
                raise TypeError
        except (Refusal, TypeError):
            raise refuse("memory.damaged", file=path) from None
        return cls(path, seen=seen, decrypted=value["decrypted"], **texts)

    def save(self) -> None:
        """Durable when it returns."""
        value = {
            "decrypted": self.decrypted,
            "group": self.group,
            "key": self.key,
            "proved": self.proved,
            "public_key": self.public_key,
            "seen": self.seen,
        }
        files.write(self.path, canon.encode(value) + b"\n", private=True)

    def demand_record(self, key: str) -> None:
        """Raise Refusal `memory.other_record` unless this is the record remembered, where there is one."""
        if self.key and self.key != key:
            raise refuse("memory.other_record", file=self.path, found=key, expected=self.key)

    def demand_extends(self, log: Log) -> None:
        """Raise Refusal `memory.forked` or `memory.older` unless the record continues the one seen before."""
        self.demand_record(log.key)
        if self.seen is None:
            return
        size = self.seen["size"]
        if size > len(log.tree):
            raise refuse("memory.older", directory=log.public, size=len(log.tree), seen=size)
        if log.tree.root(size).hex() != self.seen["root"]:
            raise refuse("memory.forked", directory=log.public, size=size, file=self.path)

    def see(self, log: Log) -> None:
        """Remember the newest checkpoint of a record that continues what was seen before. Does not save."""
        self.demand_extends(log)
        newest = log.newest
        if self.seen is None or newest.size >= self.seen["size"]:
            self.key = log.key
            self.seen = {"note": log.note.decode(), "root": newest.root.hex(), "size": newest.size}


def _is_decrypted(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, dict)
        and set(one) == {"kept", "out", "tally"}
        and all(isinstance(text, str) for text in one.values())
        for one in value.values()
    )


@dataclass(frozen=True, slots=True)
class Log:
    """The record of a public folder: its entries, its newest checkpoint, signed over all of them."""

    public: Path
    key: str
    entries: tuple[Entry, ...]
    tree: Tree
    newest: Checkpoint
    note: bytes

    def place(self, act: str, kind: str = "") -> int | None:
        """The number of the first entry of an act (of an event of that type)."""
        for number, entry in enumerate(self.entries):
            if entry.act == act and (not kind or entry.data["type"] == kind):
                return number
        return None


def read_log(public: Path) -> Log:
    """The record of a folder. Raises Refusal `file.*`, `log.*`, `canon.form`, `memory.checkpoint`."""
    lines = files.read(public / "log" / "entries.jsonl").removesuffix(b"\n").split(b"\n")
    return log_of(public, lines, files.read(public / "log" / "checkpoint", bytes_max=64 * 1024))


def log_of(public: Path, lines: Sequence[bytes], note: bytes) -> Log:
    """The record out of what was read of a folder already: the lines of the entries and the newest checkpoint."""
    from selectorate.log import order
    from selectorate.log.note import VerifierKey, open_note
    from selectorate.log.objects import Entry
    from selectorate.log.tree import Tree

    entries = tuple(Entry.from_json(line, number) for number, line in enumerate(lines))
    for entry in entries:
        order.fields(entry)
    if not entries or entries[0].act != "log.opened":
        raise refuse("log.entry", number=0, because="a record begins with log.opened")
    key = entries[0].data["key"]
    newest = open_note(note, VerifierKey.parse(key))
    tree = Tree(lines)
    if newest.size != len(tree) or newest.root != tree.root():
        raise refuse("memory.checkpoint", directory=public)
    return Log(public, key, entries, tree, newest, note)
