"""Makes small honest elections and public folders for the auditor's tests, from the pages in docs/formats.

Knows nothing of selectorate: the group arithmetic is the auditor's (held to elections of foreign tools in
test_reference.py), the signatures are `cryptography`'s, everything else is written here.
"""

from __future__ import annotations

import copy
import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.archive import base64_hash, tar_header
from auditor.groups import GROUPS, Element
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

GROUP = GROUPS["Ed25519"]
Q = GROUP.q
UUID = "TestTestTest12"
TIME = 1_800_000_000


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def canonical(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode()


def scalar() -> int:
    return secrets.randbelow(Q)


def g_to(exponent: int) -> Element:
    return GROUP.fixed(GROUP.g, exponent)


def knows(prefix: str, secret: int, bases: tuple[Element, ...] = (GROUP.g,)) -> dict[str, str]:
    """A proof of knowledge of the exponent, the same for all bases."""
    w = scalar()
    challenge = GROUP.challenge(
        prefix, [GROUP.fixed(base, w) if base is GROUP.g else GROUP.power(base, w) for base in bases]
    )
    return {"challenge": str(challenge), "response": str((w - secret * challenge) % Q)}


_encoded: dict[tuple[int, ...], Element] = {}


def encode(ranks: tuple[int, ...]) -> Element:
    """The point that stands for a row of ranks."""
    if ranks not in _encoded:
        number = 0
        for rank in ranks:
            number = number * 256 + rank
        number <<= 14
        while True:
            try:
                point = GROUP.parse(f"{number:064x}")
            except Exception:
                number += 1
                continue
            if GROUP.same(GROUP.power_product([(point, Q - 1), (point, 1)]), GROUP.one):
                break
            number += 1
        _encoded[ranks] = point
    return _encoded[ranks]


@dataclass
class Poll:
    """An election's events before they are linked: [type, data objects, owner]. Tests edit, then `write`."""

    events: list[list[Any]] = field(default_factory=list)

    def of_type(self, kind: str) -> list[list[Any]]:
        return [event for event in self.events if event[0] == kind]

    def write(self) -> bytes:
        """The archive, with every hash that names another record made right."""
        out = bytearray()
        parent = None

        def member(name: str, body: bytes) -> None:
            out.extend(tar_header(name, len(body), TIME) + body + bytes(-len(body) % 512))

        member("BELENIOS", compact({"version": 1, "timestamp": str(TIME)}))
        for height, (kind, objects, owner) in enumerate(self.events):
            bodies = [one if isinstance(one, bytes) else compact(one) for one in objects]
            if kind == "Setup":
                names = dict(zip(("election", "trustees", "credentials"), map(sha, bodies), strict=True))
                bodies.append(compact(names))
            if kind == "EncryptedTally":
                bodies.append(compact({**owner, "encrypted_tally": sha(bodies[0])}))
            if kind in ("Shuffle", "PartialDecryption"):
                bodies.append(compact({"owner": owner, "payload": sha(bodies[0])}))
            for body in bodies:
                member(f"{sha(body)}.data.json", body)
            event: dict[str, Any] = {"parent": parent} if parent else {}
            event |= {"height": height, "type": kind}
            if bodies:
                event["payload"] = sha(bodies[-1])
            body = compact(event)
            parent = sha(body)
            member(f"{parent}.event.json", body)
        return bytes(out)


@dataclass
class Maker:
    """Keys of one election; makes each event."""

    candidates: list[str]
    electors: int
    description: str = ""
    trustees: int = 3
    question: str = "Who should sit?"
    poll: Poll = field(default_factory=Poll)

    def set_up(self) -> None:
        self.keys = [scalar() for _ in range(self.trustees)]
        self.y = g_to(sum(self.keys))
        self.y_text = GROUP.text(self.y)
        secrets_of = {GROUP.text(g_to(secret)): secret for secret in (scalar() for _ in range(self.electors))}
        self.credentials = sorted(secrets_of.items(), key=lambda pair: GROUP.order_key(pair[0]))
        election = {
            "version": 1,
            "description": self.description,
            "name": "Committee",
            "group": "Ed25519",
            "public_key": self.y_text,
            "questions": [
                {"type": "NonHomomorphic", "value": {"answers": self.candidates, "question": self.question}}
            ],
            "uuid": UUID,
        }
        self.election = compact(election)
        self.phi = base64_hash(self.election)
        trustees = []
        for key in self.keys:
            public = GROUP.text(g_to(key))
            trustees.append(["Single", {"pok": knows(f"pok|Ed25519|{public}|", key), "public_key": public}])
        self.poll.events.append(["Setup", [election, trustees, [text for text, _ in self.credentials]], None])
        self.last: dict[str, tuple[Element, Element]] = {}

    def vote(self, elector: int, ranks: tuple[int, ...]) -> None:
        r = scalar()
        self.cast(elector, (g_to(r), GROUP.multiply(GROUP.fixed(self.y, r), encode(ranks))), r)

    def cast(self, elector: int, cipher: tuple[Element, Element], r: int) -> None:
        credential, secret = self.credentials[elector]
        alpha, beta = GROUP.texts(list(cipher))
        proof = knows(f"raweg|{self.phi}|{credential}|{self.y_text},{alpha},{beta}|", r)
        ballot = {
            "election_uuid": UUID,
            "election_hash": self.phi,
            "credential": credential,
            "answers": [{"choices": {"alpha": alpha, "beta": beta}, "proof": proof}],
        }
        self.poll.events.append(["Ballot", [self.sign(ballot, secret)], None])
        self.last[credential] = cipher

    def sign(self, ballot: dict[str, Any], secret: int) -> dict[str, Any]:
        unsigned = {name: value for name, value in ballot.items() if name != "signature"}
        digest = base64_hash(compact(unsigned))
        return {**unsigned, "signature": {"hash": digest, "proof": knows(f"sig|{digest}|", secret)}}

    def close(self) -> None:
        self.poll.events.append(["EndBallots", [], None])
        texts = [tuple(GROUP.texts(list(cipher))) for cipher in self.last.values()]
        order = sorted(
            zip(texts, self.last.values(), strict=True),
            key=lambda pair: (GROUP.order_key(pair[0][0]), GROUP.order_key(pair[0][1])),
        )
        self.ciphers = [cipher for _, cipher in order]
        tally = [[{"alpha": a, "beta": b} for (a, b), _ in order]]
        numbers = {"num_tallied": len(order), "total_weight": len(order)}
        self.poll.events.append(["EncryptedTally", [tally], numbers])

    def shuffle(self, owner: int) -> None:
        value, self.ciphers = shuffle(self.ciphers, self.y, self.phi)
        self.poll.events.append(["Shuffle", [value], owner])

    def decrypt(self, owner: int) -> None:
        key = self.keys[owner - 1]
        public = GROUP.text(g_to(key))
        factors = [GROUP.power(alpha, key) for alpha, _ in self.ciphers]
        proofs = [knows(f"decrypt|{self.phi}|{public}|", key, (GROUP.g, alpha)) for alpha, _ in self.ciphers]
        value = {"decryption_factors": [GROUP.texts(factors)], "decryption_proofs": [proofs]}
        self.poll.events.append(["PartialDecryption", [value], owner])

    def result(self) -> None:
        whole = sum(self.keys)
        plain = [GROUP.divide(beta, GROUP.power(alpha, whole)) for alpha, beta in self.ciphers]
        rows = [GROUP.to_ints(len(self.candidates), text) for text in GROUP.texts(plain)]
        self.poll.events.append(["Result", [{"result": [rows]}], None])

    def finish(self, mixers: tuple[int, ...] = (1, 2)) -> Poll:
        self.close()
        for owner in mixers:
            self.shuffle(owner)
        self.poll.events.append(["EndShuffles", [], None])
        for owner in range(1, self.trustees + 1):
            self.decrypt(owner)
        self.result()
        return self.poll


def shuffle(
    ciphers: list[tuple[Element, Element]], y: Element, phi: str
) -> tuple[dict[str, Any], list[tuple[Element, Element]]]:
    """Permute, re-encrypt, prove. The permutation: output i is input order[i]."""
    n = len(ciphers)
    order = list(range(n))
    secrets.SystemRandom().shuffle(order)
    r_new = [scalar() for _ in range(n)]  # by input
    moved = [
        (
            GROUP.multiply(ciphers[j][0], g_to(r_new[j])),
            GROUP.multiply(ciphers[j][1], GROUP.fixed(y, r_new[j])),
        )
        for j in order
    ]
    h, *h_i = [GROUP.derived_generator(index) for index in range(-1, n)]
    r = [0] * n
    c: list[Element] = [GROUP.one] * n
    for i, j in enumerate(order):
        r[j] = scalar()
        c[j] = GROUP.multiply(g_to(r[j]), h_i[i])

    def pairs(listed: list[tuple[Element, Element]]) -> str:
        texts = GROUP.texts([one for pair in listed for one in pair])
        return "".join(f"{one}," for one in texts)

    c_texts = GROUP.texts(c)
    statement = pairs(ciphers) + pairs(moved) + "".join(f"{one}," for one in c_texts)
    seed = sha(f"shuffle-challenges|{phi}|{statement}".encode())
    u = [int(sha((seed + sha(str(i).encode())).encode()), 16) % Q for i in range(n)]
    u_new = [u[j] for j in order]
    r_hat = [scalar() for _ in range(n)]
    chain: list[Element] = []
    previous = h
    for i in range(n):
        previous = GROUP.multiply(g_to(r_hat[i]), GROUP.power(previous, u_new[i]))
        chain.append(previous)
    w = [scalar() for _ in range(4)]
    w_hat = [scalar() for _ in range(n)]
    w_new = [scalar() for _ in range(n)]
    t = [
        g_to(w[0]),
        g_to(w[1]),
        GROUP.big_power_product([(GROUP.g, w[2]), *zip(h_i, w_new, strict=True)]),
        GROUP.big_power_product([(y, -w[3]), *zip((b for _, b in moved), w_new, strict=True)]),
        GROUP.big_power_product([(GROUP.g, -w[3]), *zip((a for a, _ in moved), w_new, strict=True)]),
    ]
    t_hat = [
        GROUP.multiply(g_to(w_hat[i]), GROUP.power(chain[i - 1] if i else h, w_new[i])) for i in range(n)
    ]
    t_texts, t_hat_texts, chain_texts = GROUP.texts(t), GROUP.texts(t_hat), GROUP.texts(chain) if n else []
    commitments = "".join(f"{one}," for one in t_texts + t_hat_texts)
    links = "".join(f"{one}," for one in chain_texts)
    text = f"shuffle-challenge|{phi}|{commitments}{statement}{links}{GROUP.text(y)}"
    challenge = int(sha(text.encode()), 16) % Q
    v = [1] * n
    for i in range(n - 2, -1, -1):
        v[i] = u_new[i + 1] * v[i + 1] % Q
    s = [
        w[0] + challenge * sum(r),
        w[1] + challenge * sum(one * two for one, two in zip(r_hat, v, strict=True)),
        w[2] + challenge * sum(one * two for one, two in zip(r, u, strict=True)),
        w[3] + challenge * sum(one * two for one, two in zip(r_new, u, strict=True)),
    ]
    s_hat = [(one + challenge * two) % Q for one, two in zip(w_hat, r_hat, strict=True)]
    s_new = [(one + challenge * two) % Q for one, two in zip(w_new, u_new, strict=True)]
    proof = [
        [*t_texts[:3], t_texts[3:], t_hat_texts],
        [*(str(one % Q) for one in s), list(map(str, s_hat)), list(map(str, s_new))],
        c_texts,
        chain_texts,
    ]
    texts = GROUP.texts([one for pair in moved for one in pair])
    output = [{"alpha": a, "beta": b} for a, b in zip(texts[::2], texts[1::2], strict=True)]
    return {"ciphertexts": [output], "proofs": [proof]}, moved


# ---------------------------------------------------------------- the public folder

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


Edit = Callable[[Folder], None]
