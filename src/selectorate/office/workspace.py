"""A workspace: DIR with its record, vault and public folder, and the clock by which it signs."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from selectorate.errors import Refusal, refuse
from selectorate.log import order
from selectorate.log.make import make_checkpoint
from selectorate.log.note import VerifierKey, open_note
from selectorate.log.objects import Entry, Holder
from selectorate.log.tree import Tree
from selectorate.office import files, projection
from selectorate.office.store import Addition, Record
from selectorate.office.vault import Vault, staging
from selectorate.office.vault.staging import Staging

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from selectorate.ballot.objects import Archive, Head
    from selectorate.rules import Rulebook

WAIT_SECONDS = 60
"""How long `ballot accept` waits with `public/` until another act has ended."""


class Workspace:
    """An open workspace. `at`: the time of this act; only a demonstration may name one, everybody else's is
    the computer's clock.

    alone: no other act may run until this one has ended, because an act writes record, vault and `public/`,
    and two at once could leave the vault of the one beside the record of the other. Who only looks, or only
    appends to the record (`ballot accept`), says alone=False. Raises Refusal `record.busy`.
    """

    def __init__(self, place: Path, at: datetime | None = None, *, alone: bool = True) -> None:
        self.place = place
        self.vault = Vault(place / "vault")
        if not (place / "log.sqlite").exists():
            raise refuse("record.missing", directory=place)
        if (place / "vault.sealed").exists():
            raise refuse("vault.locked", directory=place)
        # The lock before the record is read: what is read then is what the act builds on.
        self._lock = self.vault.lock() if alone else None
        self.record = Record(place / "log.sqlite")
        if not self.record.entries:
            raise refuse("record.damaged", file=place / "log.sqlite", because="it has no entries")
        self.public = place / "public"
        if alone:
            staging.settle(self.vault, self.record.lines)
        self.demonstration: bool = self.record.entries[0].data["demonstration"]
        if at is not None and not self.demonstration:
            raise refuse("office.clock")
        self.at = at
        self._read: tuple[int, Archive] | None = (
            None  # the archive as it was when the record had so many entries
        )
        if not projection.is_current(self.record, self.public):
            self._demand_newest()
            if alone:
                self.project()  # an earlier command was stopped between the record and `public/`

    @property
    def now(self) -> datetime:
        """The time of the act; of each batch anew in an act that runs for days, such as `ballot accept`."""
        return self.at or datetime.now(UTC)

    def _demand_newest(self) -> None:
        """Raise Refusal `record.old` where `public/` proves that this record was longer, or another, once.

        Whoever restores an old copy and goes on would sign two histories.
        """
        path = self.public / "log" / "checkpoint"
        if not path.is_file():
            return
        published = open_note(files.read(path, bytes_max=64 * 1024), self.verifier_key)
        tree = self.record.tree
        if self.record.newest_checkpoint()[1] > len(tree):
            raise refuse("record.changed", directory=self.place)
        if published.size > len(tree) or tree.root(published.size) != published.root:
            raise refuse("record.old", directory=self.place, size=len(tree), published=published.size)

    def demand_persons(self, act: str, doing: str, by: Sequence[Holder]) -> None:
        """Before anything is written. Raises Refusal `log.persons` unless enough different persons do the act."""
        needed = order.ACTS[act].persons
        if len({holder.name for holder in by}) < needed:
            raise refuse("log.persons", act=f"{doing}.", persons=needed)

    @cached_property
    def rulebook(self) -> Rulebook:
        from selectorate import rules

        return rules.load(self.record.document("rulebook.toml"), "rulebook.toml")

    @cached_property
    def key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(files.read(self.vault.path("log.key")))

    @property
    def origin(self) -> str:
        return str(self.record.entries[0].data["origin"])

    @property
    def verifier_key(self) -> VerifierKey:
        return VerifierKey.parse(self.record.entries[0].data["key"])

    def append(self, *additions: Addition) -> bytes:
        """Write the entries of one act with the checkpoint that covers them, then bring `public/` up to date."""
        note = self.append_only(additions)
        self.project()
        return note

    def append_only(self, additions: Sequence[Addition]) -> bytes:
        """As `append`, without touching `public/`: for the many small batches of `ballot accept`."""
        return self.record.append(additions, self.seal)

    @contextmanager
    def staged(self) -> Iterator[Staging]:
        """The vault's new files of one act: see `append_staged`."""
        with staging.staged(self.vault, self.record.stored) as made:
            yield made

    def append_staged(self, made: Staging, addition: Addition) -> None:
        """Write the entry of an act, and its files of the vault take their names: both, or neither."""
        made.commit(len(self.record.lines), addition.entry.to_json(), lambda: self.append_only((addition,)))
        staging.settle(self.vault, self.record.lines)
        self.project()

    def seal(self, tree: Tree) -> bytes:
        """The signed checkpoint of a tree: now, or at the time of the newest one if the clock was put back."""
        newest = open_note(self.record.newest_checkpoint()[0], self.verifier_key)
        when = max(self.now, newest.time)
        return make_checkpoint(tree, self.origin, self.key, when, demonstration=self.demonstration)

    def newest_checkpoint(self) -> tuple[bytes, int]:
        """The newest checkpoint (note, size). Raises Refusal `record.changed` where another process made it."""
        note, size = self.record.newest_checkpoint()
        if size != len(self.record.lines):
            raise refuse("record.changed", directory=self.place)
        return note, size

    def archive(self) -> Archive:
        """The election's archive as stored. It was judged before it was stored, and is only read here."""
        from selectorate.ballot import archive

        opened = self.record.find("poll.opened")
        if opened is None:
            raise refuse("log.order", act="Reading the archive", phase=order.PHASES[self.record.phase])
        size = len(self.record.lines)
        if self._read is None or self._read[0] != size:
            found, _ = archive.read(self.record.archive_file(), opened.data["uuid"])
            self._read = (size, found)
        return self._read[1]

    def head(self) -> Head:
        """Where the archive is continued."""
        from selectorate.ballot import archive
        from selectorate.ballot.parameters import read_parameters

        found = self.archive()
        return archive.head_of(found, ranked=read_parameters(found.events[0].data[0]).ranked)

    def project(self) -> None:
        """Rewrite `public/` from the record; pages are made by `publish`. Waits until no act is running.

        Raises Refusal `office.projection`: the record stands, and the next act tries again.
        """
        lock = self._lock or self.vault.lock(seconds=WAIT_SECONDS)
        try:
            projection.write(self.record, self.public)
        except Refusal as reason:
            if reason.code != "file.full":
                raise
            raise refuse("office.projection", **reason.context) from None
        finally:
            if self._lock is None:
                lock.close()


def create(
    place: Path,
    rulebook: bytes,
    name: str,
    *,
    by: Holder,
    demonstration: bool,
    at: datetime | None = None,
) -> Workspace:
    """The first act: a workspace with its record opened and the rulebook in force. name: the rulebook's file.

    Raises Refusal `office.not_empty` where DIR is a workspace already, and whatever `rules.load` finds.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from selectorate import canon, rules

    if (place / "log.sqlite").exists() or (place / "public").exists():
        raise refuse("office.not_empty", directory=place)
    if at is not None and not demonstration:
        raise refuse("office.clock")
    book = rules.load(rulebook, name)
    key = Ed25519PrivateKey.generate()
    origin = f"{_slug(book.organisation)}/{secrets.token_hex(4)}"
    verifier = VerifierKey(origin, key.public_key().public_bytes_raw())
    opened = {
        "organisation": book.organisation,
        "origin": origin,
        "key": str(verifier),
        "demonstration": demonstration,
    }
    document = {"name": "rulebook.toml", "sha256": canon.sha256(rulebook)}
    adopted = {"document": document, "version": book.version}
    # The vault first, the record last: a workspace without a record is not one, and can be made again.
    place.mkdir(parents=True, exist_ok=True)
    vault = Vault(place / "vault")
    vault.create()
    vault.save_bytes("log.key", key.private_bytes_raw())
    vault.save_bytes("token.key", secrets.token_bytes(32))
    additions = (
        Addition(Entry("log.opened", (by,), opened)),
        Addition(Entry("rulebook.adopted", (by,), adopted), documents=(("rulebook.toml", rulebook),)),
    )
    now = at or datetime.now(UTC)
    seal = partial(make_checkpoint, origin=origin, key=key, now=now, demonstration=demonstration)
    Record.create(place / "log.sqlite", additions, seal)
    workspace = Workspace(place, at)
    workspace.project()
    return workspace


def _slug(organisation: str) -> str:
    """The organisation's name as the first part of a record's name: ASCII letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", organisation.lower()).strip("-") or "record"
