"""A forger's hand: the proofs of the wire protocol, made as well as they can be made, for statements true or false.

Written from docs/formats/ballot.md and the protocol's description, apart from the package: the arithmetic on
public values is the auditor's (held to elections of foreign tools in tests/auditor/test_reference.py).

Every text that is hashed into a challenge is given in named parts. `omit` leaves some of them out: that is the
weak form of the proof, in which the part can be chosen after the challenge. Names are PROOF.PART.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.groups import GROUPS, Element, FiniteField

Cipher = tuple[Element, Element]
Parts = dict[str, str]
Proof = dict[str, str]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def short(data: bytes) -> str:
    """Fingerprints of the protocol: unpadded base64 of the SHA-256."""
    return b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass
class Secret:
    """A ciphertext and what its maker knows of it: the randomness and the number."""

    cipher: Cipher
    r: int
    m: int


class Hand:
    """One forger in one group."""

    def __init__(self, group: str = "Ed25519", omit: Iterable[str] = ()) -> None:
        self.group = GROUPS[group]
        self.q = self.group.q
        self.omit = frozenset(omit)
        self.parts: set[str] = (
            set()
        )  # every part of every proof that was made, for the tests that leave one out

    # ------------------------------------------------------------ arithmetic

    def scalar(self) -> int:
        return secrets.randbelow(self.q - 1) + 1

    def g(self, exponent: int) -> Element:
        return self.group.fixed(self.group.g, exponent)

    def to(self, base: Element, exponent: int) -> Element:
        return self.group.power(base, exponent)

    def text(self, element: Element) -> str:
        return self.group.text(element)

    def minus(self, element: Element) -> Element:
        """The element times -1, which has order 2: outside the subgroup. Finite fields only."""
        if not isinstance(self.group, FiniteField):
            raise TypeError("only a finite field has this element")
        return (self.group.p - element[0],)

    def encrypt(self, y: Element, m: int, r: int | None = None) -> Secret:
        r = self.scalar() if r is None else r
        return Secret((self.g(r), self.group.multiply(self.group.fixed(y, r), self.g(m))), r, m)

    def encoded(self, ranks: Sequence[int]) -> Element:
        """The element that stands for a row of ranks."""
        number = 0
        for rank in ranks:
            number = number * 256 + rank
        number <<= self.group.int_bits
        while True:
            try:
                text = str(number) if isinstance(self.group, FiniteField) else f"{number:064x}"
                element = self.group.parse(text)
            except Exception:
                number += 1
                continue
            if not self.group.outsiders([element]):
                return element
            number += 1

    def product(self, listed: Sequence[Secret]) -> Secret:
        """The product of ciphertexts encrypts the sum."""
        alpha = self.group.product([one.cipher[0] for one in listed])
        beta = self.group.product([one.cipher[1] for one in listed])
        return Secret((alpha, beta), sum(one.r for one in listed) % self.q, sum(one.m for one in listed))

    def cipher(self, cipher: Cipher) -> dict[str, str]:
        alpha, beta = self.group.texts(list(cipher))
        return {"alpha": alpha, "beta": beta}

    def pair(self, secret: Secret) -> str:
        return ",".join(self.group.texts(list(secret.cipher)))

    # ------------------------------------------------------------ challenges and proofs

    def joined(self, proof: str, parts: Parts) -> str:
        self.parts |= {f"{proof}.{name}" for name in parts}
        return "".join(value for name, value in parts.items() if f"{proof}.{name}" not in self.omit)

    def challenge(self, proof: str, parts: Parts, commitments: Sequence[Element]) -> int:
        parts = {**parts, "commitments": ",".join(self.group.texts(list(commitments)))}
        return int(sha(self.joined(proof, parts).encode()), 16) % self.q

    def knows(self, proof: str, parts: Parts, secret: int, bases: Sequence[Element] | None = None) -> Proof:
        """That somebody knows the exponent `secret`, the same for all bases (the generator by default)."""
        w = self.scalar()
        made = [self.g(w)] if bases is None else [self.to(base, w) for base in bases]
        c = self.challenge(proof, parts, made)
        return {"challenge": str(c), "response": str((w - secret * c) % self.q)}

    def signed(self, message: str, secret: int, proof: str = "sigmsg", parts: Parts | None = None) -> Proof:
        """A signature of `message`; `parts` when the message itself is to be taken apart."""
        return self.knows(proof, {"label": "sigmsg|", **(parts or {"message": message}), "end": "|"}, secret)

    def one_of(
        self, proof: str, parts: Parts, y: Element, options: Sequence[tuple[Secret, int]]
    ) -> list[Proof]:
        """That some secret has the number beside it, by the first that has; if none has, as if the first had."""
        true = next((n for n, (secret, m) in enumerate(options) if (secret.m - m) % self.q == 0), 0)
        group, w = self.group, self.scalar()
        commitments: list[Element] = []
        made: list[tuple[int, int]] = []
        for place, (secret, m) in enumerate(options):
            c, r = (0, w) if place == true else (self.scalar(), self.scalar())
            alpha, beta = secret.cipher
            shifted = group.divide(beta, self.g(m))
            if place == true:
                commitments += [self.g(r), group.fixed(y, r)]
            else:
                commitments.append(group.multiply(self.g(r), self.to(alpha, c)))
                commitments.append(group.multiply(group.fixed(y, r), self.to(shifted, c)))
            made.append((c, r))
        c = (self.challenge(proof, parts, commitments) - sum(one for one, _ in made)) % self.q
        made[true] = (c, (w - options[true][0].r * c) % self.q)
        return [{"challenge": str(c), "response": str(r)} for c, r in made]

    def not_zero(self, parts: Parts, y: Element, secret: Secret) -> dict[str, Any]:
        """That the number is not zero. If it is, the commitment is another one than it would have to be."""
        group, s, w1, w2 = self.group, self.scalar(), self.scalar(), self.scalar()
        alpha, beta = secret.cipher
        commitment = self.g(secret.m * s) if secret.m % self.q else self.g(s)
        a1 = group.multiply(self.to(alpha, w1), self.g(w2))
        a2 = group.multiply(self.to(beta, w1), group.fixed(y, w2))
        c = self.challenge("nonzero", parts, [commitment, a1, a2])
        responses = [str((w1 - s * c) % self.q), str((w2 + s * secret.r * c) % self.q)]
        return {"commitment": self.text(commitment), "challenge": str(c), "response": responses}
