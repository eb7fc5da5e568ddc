"""The credential authority's folder OUT, and the only places where a private credential is touched.

    batches.json                             what there is: numbers and states, no secret, no person
    letters/batch-001.sealed                 the letters of one delivery, under the passphrase
    letters/batch-replacement-001.sealed     letters made again for lost ones
    for-the-officer/public-credentials.json  elector -> public credential; the last file that `make` writes
    for-the-officer/destroyed-001.json       what the officer logs after a batch was destroyed

Every file is written whole or not at all, mode 0600. A sealed batch is the one truth about its letters: it
holds both halves of each credential, so whatever was interrupted is continued from the batches that are there,
and nobody gets a second credential.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

KIND = "letters"
ROW_MAX = 8000
"""Bytes of one elector's cells: five thousand of them fit into what a sealed file may have."""
BATCH_MAX = 5000
REPLACEMENT = "replacement-"


@dataclass(frozen=True, slots=True)
class About:
    """What the record says of the election, for the letter. Days are ISO dates, "" where it says nothing."""

    organisation: str
    question: str
    kind: str
    opens: str
    closes: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Letter:
    """One elector's letter. cells: what else the list of electors has, in the order of the batch's columns."""

    member: str
    credential: str
    public: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a sealed batch holds."""

    name: str
    uuid: str
    group: str
    about: About
    columns: tuple[str, ...]
    letters: tuple[Letter, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "about": self.about.to_json(),
            "batch": self.name,
            "columns": list(self.columns),
            "group": self.group,
            "letters": [[one.member, one.credential, one.public, *one.cells] for one in self.letters],
            "uuid": self.uuid,
        }


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a batch without its passphrase. clear: every place where `letters` wrote it in clear."""

    letters: int
    opened: bool = False
    destroying: bool = False
    clear: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "clear": list(self.clear),
            "destroying": self.destroying,
            "letters": self.letters,
            "opened": self.opened,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of batches.json."""

    uuid: str
    group: str
    electors: int
    per_batch: int
    batches: dict[str, State]

    def to_json(self) -> dict[str, Any]:
        return {
            "batches": {name: state.to_json() for name, state in self.batches.items()},
            "electors": self.electors,
            "group": self.group,
            "per_batch": self.per_batch,
            "uuid": self.uuid,
        }

    def with_state(self, name: str, state: State) -> Plan:
        return replace(self, batches={**self.batches, name: state})


@dataclass(frozen=True, slots=True)
class PublicList:
    """elector -> public credential, and (old, new) of every replaced letter: what the officer gets."""

    uuid: str
    group: str
    of: dict[str, str]
    replaced: tuple[tuple[str, str], ...]


def planned(uuid: str, group: str, electors: int, per_batch: int) -> Plan:
    """The batches of so many electors, numbered from 001 in the order of their list."""
    starts = range(0, electors, per_batch)
    batches = {
        f"{number:03}": State(min(per_batch, electors - start)) for number, start in enumerate(starts, 1)
    }
    return Plan(uuid, group, electors, per_batch, batches)


class Folder:
    """OUT on the disk."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.list = place / "for-the-officer" / "public-credentials.json"
        self.plan_file = place / "batches.json"

    def sealed(self, name: str) -> Path:
        return self.place / "letters" / f"batch-{name}.sealed"

    def report(self, name: str) -> Path:
        return self.place / "for-the-officer" / f"destroyed-{name}.json"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While a command writes, no other one does. Raises Refusal `record.busy`, `file.full`."""
        from selectorate.errors import refuse
        from selectorate.office import files
        from selectorate.office.vault.lock import Lock

        try:
            self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
            held = Lock(self.place / "lock")
        except OSError as reason:
            raise files.unwritable(self.place / "lock", reason) from None
        try:
            if not held.take():
                raise refuse("record.busy", directory=self.place)
            files.sweep(self.place)
            yield
        finally:
            held.close()

    def plan(self) -> Plan:
        """Raises Refusal `authority.folder` where there is none, or one that was changed."""
        from selectorate import canon
        from selectorate.errors import Refusal, refuse
        from selectorate.office import files

        try:
            return _plan(canon.decode(files.read(self.plan_file), what="batches.json"))
        except (Refusal, KeyError, TypeError, ValueError):
            raise refuse("authority.folder", directory=self.place) from None

    def save(self, plan: Plan) -> None:
        from selectorate import canon
        from selectorate.office import files

        files.write(self.plan_file, canon.encode(plan.to_json()), private=True)

    def public(self) -> PublicList:
        """Raises Refusal `authority.unfinished`, `authority.list`."""
        from selectorate import canon
        from selectorate.errors import Refusal, refuse
        from selectorate.office import files

        if self.plan_file.exists() and not self.list.exists():
            raise refuse("authority.unfinished", directory=self.place)
        data = files.read(self.list)
        try:
            value = canon.decode(data.strip(), what="the list", bytes_max=files.BYTES_MAX)
            return _public_list(value)
        except (Refusal, KeyError, TypeError, ValueError):
            raise refuse("authority.list", file=self.list) from None

    def publish(self, made: PublicList) -> None:
        from selectorate import canon
        from selectorate.office import files

        value = {
            "credentials": made.of,
            "group": made.group,
            "replaced": [list(pair) for pair in made.replaced],
            "uuid": made.uuid,
        }
        files.write(self.list, canon.encode(value) + b"\n", private=True)

    def seal(self, batch: Batch, passphrase: str, *, replace: bool = False) -> None:
        from selectorate import canon
        from selectorate.office import files, sealed

        plain = canon.encode(batch.to_json())
        files.write(
            self.sealed(batch.name), sealed.seal(plain, passphrase, KIND), private=True, replace=replace
        )

    def unseal(self, name: str, plan: Plan, passphrase: str) -> Batch:
        """Raises Refusal `file.missing`, `sealed.*`, `authority.batch` where it is another batch."""
        from selectorate import canon
        from selectorate.errors import Refusal, refuse
        from selectorate.office import files, sealed

        path = self.sealed(name)
        plain = sealed.unseal(
            files.read(path, bytes_max=sealed.SEALED_MAX), passphrase, KIND, path.as_posix()
        )
        try:
            batch = _batch(canon.decode(plain, what="the batch"))
            whole = (batch.name, batch.uuid, batch.group) == (name, plan.uuid, plan.group)
        except (Refusal, KeyError, TypeError, ValueError):
            whole = False
        if not whole:
            raise refuse("authority.batch", file=path, batch=name, uuid=plan.uuid)
        return batch


def _plan(value: Any) -> Plan:
    batches = {
        name: State(int(one["letters"]), bool(one["opened"]), bool(one["destroying"]), _texts(one["clear"]))
        for name, one in value["batches"].items()
    }
    return Plan(
        str(value["uuid"]), str(value["group"]), int(value["electors"]), int(value["per_batch"]), batches
    )


def _public_list(value: Any) -> PublicList:
    if set(value) != {"credentials", "group", "replaced", "uuid"}:
        raise ValueError
    _texts([value["uuid"], value["group"], *value["credentials"].values()])
    pairs = [_texts(pair) for pair in value["replaced"]]
    replaced = tuple((old, new) for old, new in pairs)
    return PublicList(value["uuid"], value["group"], dict(value["credentials"]), replaced)


def _batch(value: Any) -> Batch:
    columns = _texts(value["columns"])
    letters = []
    for row in value["letters"]:
        member, credential, public, *cells = _texts(row)
        if len(cells) != len(columns):
            raise ValueError
        letters.append(Letter(member, credential, public, tuple(cells)))
    about = About(**value["about"])
    _texts(about.to_json().values())
    return Batch(value["batch"], value["uuid"], value["group"], about, columns, tuple(letters))


def _texts(found: Any) -> tuple[str, ...]:
    """Raises ValueError where something is not text."""
    texts = tuple(found)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError
    return texts
