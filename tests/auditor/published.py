"""Makes an honest public folder around an election of making.py, from the pages in docs/formats.

Knows nothing of selectorate: the signatures are `cryptography`'s, everything else is written here.
"""

from __future__ import annotations

import copy
import hashlib
import json
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.auditor.making import GROUP, UUID, Maker, Poll, canonical, g_to, knows, sha

RULEBOOK = """
[rulebook]
organisation = "Society of Trees"
version = "2027-01-01"
adopted = "General meeting, motion 1"
never_use = ["religion", "hair colour"]
[facts]
joined = { type = "date", from = "roll" }
declared = { type = "bool", from = "case" }
[timetable]
poll_opens = 2027-03-01
freeze = "poll_opens - 60 days"
appeals_end = "poll_opens - 21 days"
poll_closes = "poll_opens + 14 days"
[[eligible]]
id = "E1"
cite = "Rule 4.2"
needs = "joined <= freeze"
says = "You had joined when the roll was frozen."
[appeal]
to = "the panel"
days = 14
[[contest]]
id = "committee"
seats = 2
question = "Who should sit?"
ballot = { kind = "ranked", order = "drawn once" }
count = { method = "scottish-stv", ties = "earlier rounds, then a public draw" }
[[decision]]
id = "P1"
about = "partnership or gift"
cite = "Rule 15.4"
requires = "true"
outcomes = [["refuse", "not declared"], ["accept", "true"]]
"""
ONE = [{"name": "Officer One", "role": "returning officer"}]
TWO = [*ONE, {"name": "Officer Two", "role": "deputy"}]
ORDER_SEED = "5e" * 32
TIE_SEED = "71" * 32


def merkle(leaves: list[bytes]) -> bytes:
    """RFC 6962, straight from its recursive definition."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + merkle(leaves[:k]) + merkle(leaves[k:])).digest()


class Signer:
    """The record's key."""

    def __init__(self, name: str = "record.example/trees") -> None:
        self.name = name
        self.secret = Ed25519PrivateKey.generate()
        material = b"\1" + self.secret.public_key().public_bytes_raw()
        self.identity = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
        self.text = f"{name}+{self.identity.hex()}+{b64encode(material).decode()}"

    def note(self, leaves: list[bytes], time: str) -> bytes:
        root = b64encode(merkle(leaves)).decode()
        text = f"{self.name}\n{len(leaves)}\n{root}\ntime {time} demonstration\n"
        blob = b64encode(self.identity + self.secret.sign(text.encode())).decode()
        return f"{text}\n— {self.name} {blob}\n".encode()


@dataclass
class Folder:
    """A public folder before it is written. `seal` makes hashes and checkpoints right; tests edit before or
    after it."""

    signer: Signer
    entries: list[dict[str, Any]]
    documents: dict[str, Any]
    archive: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    keys: list[int] = field(default_factory=list)

    def entry(self, act: str) -> dict[str, Any]:
        found: dict[str, Any] = next(entry for entry in self.entries if entry["act"] == act)
        return found

    def data(self, act: str) -> dict[str, Any]:
        found: dict[str, Any] = self.entry(act)["data"]
        return found

    def copy(self) -> Folder:
        entries, documents = copy.deepcopy(self.entries), copy.deepcopy(self.documents)
        return Folder(self.signer, entries, documents, self.archive, keys=self.keys)

    def prove_held(self) -> None:
        """Each trustee.held once more, for the record as it now stands before them."""
        held = [entry for entry in self.entries if entry["act"] == "trustee.held"]
        size = self.entries.index(held[0]) if held else 0
        root = merkle([canonical(entry) for entry in self.entries[:size]]).hex()
        for entry in held:
            hold(entry["data"], self.keys[entry["data"]["trustee"] - 1], size, root)

    def seal(
        self, times: tuple[str, str] = ("2027-03-01T09:00:00Z", "2027-03-16T09:00:00Z"), prove: bool = True
    ) -> Folder:
        written = {
            name: value if isinstance(value, bytes) else canonical(value)
            for name, value in self.documents.items()
        }
        for entry in self.entries:
            document = entry["data"].get("document")
            if document and document["name"] in written:
                document["sha256"] = sha(written[document["name"]])
        if prove:
            self.prove_held()
        lines = [canonical(entry) for entry in self.entries]
        half = len(lines) // 2
        notes = {
            half: self.signer.note(lines[:half], times[0]),
            len(lines): self.signer.note(lines, times[1]),
        }
        self.files = {f"documents/{name}": data for name, data in written.items()}
        self.files |= {f"log/checkpoints/{size}": note for size, note in notes.items()}
        self.files["log/checkpoint"] = notes[len(lines)]
        self.files["log/entries.jsonl"] = b"".join(line + b"\n" for line in lines)
        self.files[f"{UUID}.bel"] = self.archive
        self.files["index.html"] = b"<!doctype html>"
        return self

    def write(self, path: Path) -> Path:
        for name, data in self.files.items():
            file = path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return path


def hold(data: dict[str, Any], key: int, size: int, root: str) -> None:
    """The proof that the trustee still holds the key, made for this size and root of the record."""
    data |= {"size": size, "root": root}
    data |= knows(f"held|{data['uuid']}|{size}|{root}|{data['public_key']}|", key)


def events_of(archive: bytes) -> list[tuple[str, str]]:
    """Type and hash of each event, read by scanning for names."""
    found = []
    place = 0
    while place < len(archive):
        name = archive[place : place + 100].rstrip(b"\0").decode()
        size = int(archive[place + 124 : place + 135], 8)
        if name.endswith(".event.json"):
            found.append((json.loads(archive[place + 512 : place + 512 + size])["type"], name[:64]))
        place += 512 + (size + 511) // 512 * 512
    return found


def folder(
    signer: Signer, maker: Maker, poll: Poll, sheet: dict[str, Any], certificate: dict[str, Any]
) -> Folder:
    """An honest record of this poll, in order."""
    archive = poll.write()
    events = events_of(archive)
    ballots = sum(kind == "Ballot" for kind, _ in events)
    commitments = sorted(secrets.token_hex(32) for _ in range(maker.electors))
    hidden = "ab" * 32

    def act(name: str, data: dict[str, Any], by: list[dict[str, str]] | None = None) -> dict[str, Any]:
        return {"act": name, "by": ONE if by is None else by, "data": data}

    def document(name: str) -> dict[str, str]:
        return {"name": name, "sha256": ""}

    def event(height: int) -> dict[str, Any]:
        return act("bel.event", {"height": height, "type": events[height][0], "event": events[height][1]}, [])

    case = {
        "decision": "P1",
        "about": "partnership or gift",
        "cite": "Rule 15.4",
        "outcome": "accept",
        "fingerprint": "f1" * 32,
        "appeal_days": 14,
        "departure": None,
        "subject": hidden,
    }
    entries = [
        act(
            "log.opened",
            {
                "organisation": "Society of Trees",
                "origin": signer.name,
                "key": signer.text,
                "demonstration": True,
            },
        ),
        act("rulebook.adopted", {"document": document("rulebook.toml"), "version": "2027-01-01"}),
        act(
            "roll.imported",
            {
                "files": 1,
                "rows": 20,
                "kept": 20,
                "left_out": 0,
                "refused_columns": ["faith"],
                "commitment": hidden,
            },
        ),
        act(
            "roll.inspected",
            {"findings": [{"kind": "payer", "findings": 0, "members": "fewer than 10"}], "asked": 0},
        ),
        act(
            "roll.resolved",
            {"same_person": 0, "two_persons": "fewer than 10", "not_settled": 12, "resolutions": hidden},
        ),
        act(
            "roll.frozen",
            {
                "freeze": "2026-12-31",
                "members": 20,
                "eligible": 14,
                "not_eligible": "fewer than 10",
                "ask": 0,
                "clauses": [{"id": "E1", "cite": "Rule 4.2", "not_met": "fewer than 10", "unknown": 0}],
                "commitment": hidden,
            },
            TWO,
        ),
        act("roll.amended", {"change": "put back", "clause": "E1", "decision": hidden}),
        act("appeal.decided", {"outcome": "dismissed", "clause": "E1", "decision": hidden}),
        act(
            "sample.drawn",
            {
                "sample": 1,
                "members": 20,
                "asked": "fewer than 10",
                "bound_permille": 50,
                "confidence_permille": 950,
                "throw": "no throw",
                "seed": hidden,
                "listed": hidden,
            },
        ),
        act(
            "sample.settled", {"sample": 1, "confirmed": "fewer than 10", "reached": True, "answers": hidden}
        ),
        act(
            "register.inspected",
            {
                "asked_by": "candidate",
                "outcome": "inspected",
                "found": "accurate",
                "because": "Fifty entries were compared.",
                "request": hidden,
            },
        ),
        act("vault.viewed", {"views": 12, "operators": "fewer than 10", "journal": hidden}),
        act(
            "vault.destroyed",
            {"kind": "evidence", "rule": "90 days", "due": "2027-05-09", "files": 3, "listed": hidden},
        ),
        act(
            "roll.final",
            {
                "document": document("commitments.json"),
                "electors": maker.electors,
                "weight": maker.electors,
                "root": merkle([bytes.fromhex(one) for one in commitments]).hex(),
                "clauses": [{"id": "E1", "excluded": "fewer than 10"}],
                "elections": [{"contest": "committee", "uuid": UUID}],
            },
        ),
        act(
            "credential.replaced", {"uuid": UUID, "old": GROUP.text(g_to(5)), "new": maker.credentials[0][0]}
        ),
        *(
            act(
                "trustee.held",
                {"uuid": UUID, "trustee": number, "public_key": GROUP.text(g_to(key))},
                [{"name": f"Trustee {number}", "role": "trustee"}],
            )
            for number, key in enumerate(maker.keys, 1)
        ),
        act("letters.destroyed", {"uuid": UUID, "batch": "first", "letters": "fewer than 10"}),
        act(
            "poll.opened",
            {
                "contest": "committee",
                "uuid": UUID,
                "election": sha(maker.election),
                "document": document("candidates.json"),
                "order_seed": ORDER_SEED,
                "tie_commitment": sha(bytes.fromhex(TIE_SEED)),
                "rankings_public": True,
                "patterns": "64",  # 4 + 12 + 24 + 24
                "unused_permille": 800,
                "mixers_at_least": 2,
            },
            TWO,
        ),
        *(event(height) for height in range(ballots + 1)),
        act("case.decided", case),
        act("poll.closed", {"uuid": UUID, "accepted": ballots}, TWO),
        *(event(height) for height in range(ballots + 1, len(events))),
        act(
            "sheet.declared",
            {
                "document": document("sheet.json"),
                "uuid": UUID,
                "tie_seed": TIE_SEED,
                "elected": sheet["elected"],
            },
        ),
        act(
            "certificate.issued",
            {"document": document("certificate.json"), "uuid": UUID, "word": certificate["word"]},
        ),
        act("case.decided", {**case, "subject": "cd" * 32}),
    ]
    documents = {
        "rulebook.toml": RULEBOOK.encode(),
        "commitments.json": {"commitments": commitments, "weight": maker.electors},
        "candidates.json": {
            "candidates": [{"consent": "2027-01-20", "name": name} for name in maker.candidates],
            "contest": "committee",
            "question": maker.question,
            "seats": 2,
        },
        "sheet.json": sheet,
        "certificate.json": certificate,
    }
    return Folder(signer, entries, documents, archive, keys=maker.keys)


def paper_order(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: hashlib.sha256(f"{ORDER_SEED}|{name}".encode()).digest())
