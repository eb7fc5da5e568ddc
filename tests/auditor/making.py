"""Makes small honest elections for the auditor's tests, from the pages in docs/formats.

Knows nothing of selectorate: the group arithmetic is the auditor's (held to elections of foreign tools in
test_reference.py), the signatures are `cryptography`'s, everything else is written here.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from auditor.archive import base64_hash, tar_header
from auditor.groups import GROUPS, Element

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
