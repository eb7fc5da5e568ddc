"""Answers of ballots, as a dishonest elector makes them: any numbers, with the best proofs that there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from auditor.groups import Element
from tests.attacks.forge.hand import Cipher, Hand, Parts, Secret


@dataclass(frozen=True)
class Booth:
    """Where an answer is made: the forger's hand, the election's key and what names election and elector."""

    hand: Hand
    y: Element
    phi: str
    credential: str

    def parts(self, label: str, *, end: str = "|") -> Parts:
        return {"label": label, "election": f"{self.phi}|", "credential": f"{self.credential}{end}"}

    def whole(self, label: str, secrets: Sequence[Secret]) -> Parts:
        """The parts of a proof over a whole answer."""
        return self.parts(label) | {"choices": ",".join(map(self.hand.pair, secrets)) + "|"}

    def _pair(self, secret: Secret) -> Parts:
        alpha, beta = self.hand.group.texts(list(secret.cipher))
        return {"alpha": f"{alpha},", "beta": f"{beta}|"}

    def individual(self, secret: Secret) -> list[dict[str, str]]:
        parts = self.parts("prove|") | self._pair(secret)
        return self.hand.one_of("individual", parts, self.y, [(secret, 0), (secret, 1)])

    def overall(
        self, secrets: Sequence[Secret], total: Secret, allowed: Sequence[int]
    ) -> list[dict[str, str]]:
        parts = self.whole("prove|", secrets) | self._pair(total)
        return self.hand.one_of("overall", parts, self.y, [(total, m) for m in allowed])


@dataclass
class Answer:
    """One answer as it stands in a ballot, and its ciphertexts in a row."""

    value: dict[str, Any]
    ciphers: list[Cipher]


def choices(
    booth: Booth, marks: Sequence[int], low: int, high: int, *, blank: bool = False, r: int | None = None
) -> Answer:
    """Marks for each answer; with `blank` that of the blank vote first. r: randomness of the first mark."""
    hand, y = booth.hand, booth.y
    secrets = [hand.encrypt(y, mark, None if place else r) for place, mark in enumerate(marks)]
    total = hand.product(secrets[1:] if blank else secrets)
    value: dict[str, Any] = {
        "choices": [hand.cipher(one.cipher) for one in secrets],
        "individual_proofs": [booth.individual(one) for one in secrets],
    }
    if blank:
        allowed = [(total, m) for m in range(low, high + 1)]
        value["overall_proof"] = hand.one_of(
            "bproof1", booth.whole("bproof1|", secrets), y, [(secrets[0], 1), *allowed]
        )
        value["blank_proof"] = hand.one_of(
            "bproof0", booth.whole("bproof0|", secrets), y, [(secrets[0], 0), (total, 0)]
        )
    else:
        value["overall_proof"] = booth.overall(secrets, total, range(low, high + 1))
    return Answer(value, [one.cipher for one in secrets])


def lists(booth: Booth, marks: Sequence[Sequence[int]]) -> Answer:
    """Per list its own mark, then those of its candidates."""
    hand, y = booth.hand, booth.y
    secrets = [[hand.encrypt(y, mark) for mark in row] for row in marks]
    flat = [one for row in secrets for one in row]
    names = hand.product([row[0] for row in secrets])
    own = [hand.product(row[1:]) for row in secrets]
    value = {
        "choices": [[hand.cipher(one.cipher) for one in row] for row in secrets],
        "individual_proofs": [[booth.individual(one) for one in row] for row in secrets],
        "overall_proof": booth.overall(flat, names, [1])[0],
        "list_proofs": [
            hand.one_of("lproof", booth.whole("lproof|", flat), y, [(row[0], 1), (candidates, 0)])
            for row, candidates in zip(secrets, own, strict=True)
        ],
        "nonzero_proof": hand.not_zero(booth.whole("nonzero|", flat), y, hand.product(own)),
    }
    return Answer(value, [one.cipher for one in flat])


def ranked(booth: Booth, ranks: Sequence[int]) -> Answer:
    """One row of ranks."""
    hand, r = booth.hand, booth.hand.scalar()
    beta = hand.group.multiply(hand.group.fixed(booth.y, r), hand.encoded(ranks))
    return of_cipher(booth, (hand.g(r), beta), r)


def of_cipher(booth: Booth, cipher: Cipher, r: int) -> Answer:
    """A ranked answer with this ciphertext, whatever is in it; r: what its maker says its randomness is."""
    hand = booth.hand
    alpha, beta = hand.group.texts(list(cipher))
    key = hand.text(booth.y)
    parts = booth.parts("raweg|") | {"key": f"{key},", "alpha": f"{alpha},", "beta": f"{beta}|"}
    proof = hand.knows("raweg", parts, r)
    return Answer({"choices": {"alpha": alpha, "beta": beta}, "proof": proof}, [cipher])
