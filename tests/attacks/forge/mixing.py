"""One mixer's shuffle of one ranked question, honest or not, with the best proof that can be made of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.groups import Element
from tests.attacks.forge.hand import Cipher, Hand, sha

Tamper = Callable[[list[Cipher]], list[Cipher]]


@dataclass
class Mixer:
    """What a dishonest mixer may choose. Output i is input order[i], encrypted anew with r[order[i]].

    tamper: changes the output before the proof is made; committed: the order that the commitments are made to;
    claimed: the input that the proof speaks of; generators: others than those derived by hashing.
    """

    order: Sequence[int] | None = None
    r: Sequence[int] | None = None
    tamper: Tamper | None = None
    committed: Sequence[int] | None = None
    claimed: list[Cipher] | None = None
    generators: list[Element] | None = None

    def shuffle(
        self, hand: Hand, y: Element, phi: str, ciphers: list[Cipher]
    ) -> tuple[list[dict[str, str]], list[Any], list[Cipher]]:
        """(ciphertexts as written, proof as written, ciphertexts)."""
        n, group = len(ciphers), hand.group
        order = list(range(n)) if self.order is None else list(self.order)
        if self.order is None:
            secrets.SystemRandom().shuffle(order)
        r_new = [hand.scalar() for _ in range(n)] if self.r is None else list(self.r)
        moved = [
            (
                group.multiply(ciphers[j][0], hand.g(r_new[j])),
                group.multiply(ciphers[j][1], group.fixed(y, r_new[j])),
            )
            for j in order
        ]
        if self.tamper:
            moved = self.tamper(moved)
        proof = self._prove(hand, y, phi, self.claimed or ciphers, moved, order, r_new)
        return [hand.cipher(one) for one in moved], proof, moved

    def _prove(
        self,
        hand: Hand,
        y: Element,
        phi: str,
        ciphers: list[Cipher],
        moved: list[Cipher],
        order: list[int],
        r_new: list[int],
    ) -> list[Any]:
        n, group, q = len(ciphers), hand.group, hand.q
        h, *h_i = self.generators or [group.derived_generator(index) for index in range(-1, n)]
        committed = list(self.committed or order)
        r, c = [0] * n, [group.one] * n
        for i, j in enumerate(committed):
            r[j] = hand.scalar()
            c[j] = group.multiply(hand.g(r[j]), h_i[i])
        c_texts = group.texts(c) if n else []
        stated = {
            "input": _pairs(hand, ciphers),
            "output": _pairs(hand, moved),
            "permutation": each(c_texts),
        }
        label = {"label": "shuffle-challenges|", "election": f"{phi}|"}
        seed = sha(hand.joined("mixing_numbers", label | stated).encode())
        u = [int(sha((seed + sha(str(i).encode())).encode()), 16) % q for i in range(n)]
        u_new = [u[j] for j in order]
        r_hat = [hand.scalar() for _ in range(n)]
        chain: list[Element] = []
        for i in range(n):
            chain.append(group.multiply(hand.g(r_hat[i]), hand.to(chain[-1] if i else h, u_new[i])))
        w = [hand.scalar() for _ in range(4)]
        w_hat, w_new = ([hand.scalar() for _ in range(n)] for _ in range(2))
        t = [
            hand.g(w[0]),
            hand.g(w[1]),
            group.big_power_product([(group.g, w[2]), *zip(h_i, w_new, strict=True)]),
            group.big_power_product([(y, -w[3]), *zip((b for _, b in moved), w_new, strict=True)]),
            group.big_power_product([(group.g, -w[3]), *zip((a for a, _ in moved), w_new, strict=True)]),
        ]
        t_hat = [
            group.multiply(hand.g(w_hat[i]), hand.to(chain[i - 1] if i else h, w_new[i])) for i in range(n)
        ]
        t_texts = group.texts(t)
        hat_texts, chain_texts = (group.texts(one) if n else [] for one in (t_hat, chain))
        label = {"label": "shuffle-challenge|", "election": f"{phi}|"}
        said = {"commitments": each(t_texts), "links": each(hat_texts)}
        key = {"chain": each(chain_texts), "key": hand.text(y)}
        challenge = int(sha(hand.joined("mixing", label | said | stated | key).encode()), 16) % q
        responses = _responses(q, challenge, (r, r_hat, r_new), (u, u_new), (w, w_hat, w_new))
        return [[*t_texts[:3], t_texts[3:], hat_texts], responses, c_texts, chain_texts]


def _responses(
    q: int,
    challenge: int,
    randomness: tuple[list[int], list[int], list[int]],
    numbers: tuple[list[int], list[int]],
    nonces: tuple[list[int], list[int], list[int]],
) -> list[Any]:
    """s1 to s4, then the lists of shat_i and s'_i, as text."""
    (r, r_hat, r_new), (u, u_new), (w, w_hat, w_new) = randomness, numbers, nonces
    n = len(u)
    v = [1] * n
    for i in range(n - 2, -1, -1):
        v[i] = u_new[i + 1] * v[i + 1] % q
    sums = (
        sum(r),
        sum(one * two for one, two in zip(r_hat, v, strict=True)),
        sum(one * two for one, two in zip(r, u, strict=True)),
        sum(one * two for one, two in zip(r_new, u, strict=True)),
    )
    return [
        *(str((nonce + challenge * total) % q) for nonce, total in zip(w, sums, strict=True)),
        [str((one + challenge * two) % q) for one, two in zip(w_hat, r_hat, strict=True)],
        [str((one + challenge * two) % q) for one, two in zip(w_new, u_new, strict=True)],
    ]


def _pairs(hand: Hand, ciphers: list[Cipher]) -> str:
    return each(hand.group.texts([one for pair in ciphers for one in pair]) if ciphers else [])


def each(texts: Sequence[str]) -> str:
    return "".join(f"{one}," for one in texts)
