"""A small prover for choices, blank votes, lists and threshold groups, honest or not, for the auditor's tests.

Each function makes the best proofs that somebody can make who knows the randomness of the ciphertexts: for a
statement that is true they are valid, for one that is false they are not, and nothing else in the ballot is
wrong. The arithmetic is the auditor's, held to elections of foreign tools in test_reference.py.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from auditor.groups import Element
from tests.auditor.making import GROUP, UUID, Maker, Q, base64_hash, compact, g_to, knows, scalar

Cipher = tuple[Element, Element]


def y_to(y: Element, exponent: int) -> Element:
    return GROUP.fixed(y, exponent)


@dataclass
class Secret:
    """A ciphertext and what its maker knows of it."""

    cipher: Cipher
    r: int
    m: int

    @property
    def texts(self) -> dict[str, str]:
        alpha, beta = GROUP.texts(list(self.cipher))
        return {"alpha": alpha, "beta": beta}


def encrypt(y: Element, m: int) -> Secret:
    r = scalar()
    return Secret((g_to(r), GROUP.multiply(y_to(y, r), g_to(m))), r, m)


def total(secrets: list[Secret]) -> Secret:
    """The product of ciphertexts encrypts the sum."""
    cipher = tuple(GROUP.product([one.cipher[half] for one in secrets]) for half in (0, 1))
    return Secret((cipher[0], cipher[1]), sum(one.r for one in secrets) % Q, sum(one.m for one in secrets))


def one_of(prefix: str, y: Element, options: list[tuple[Secret, int]]) -> list[dict[str, str]]:
    """Proves that some secret has the number beside it, by the first that has; if none has, as if the first."""
    true = next((place for place, (secret, m) in enumerate(options) if secret.m == m), 0)
    commitments: list[Element] = []
    made: list[tuple[int, int]] = []
    w = scalar()
    for place, (secret, m) in enumerate(options):
        c, r = (0, w) if place == true else (scalar(), scalar())
        a, b = secret.cipher
        commitments.append(GROUP.multiply(g_to(r), GROUP.power(a, c)))
        shifted = GROUP.divide(b, g_to(m))
        commitments.append(GROUP.multiply(y_to(y, r), GROUP.power(shifted, c)))
        made.append((c, r))
    c = (GROUP.challenge(prefix, commitments) - sum(one for one, _ in made)) % Q
    made[true] = (c, (w - options[true][0].r * c) % Q)
    return [{"challenge": str(c), "response": str(r)} for c, r in made]


def pair(secret: Secret) -> str:
    return f"{secret.texts['alpha']},{secret.texts['beta']}"


def individual(s0: str, y: Element, secret: Secret) -> list[dict[str, str]]:
    return one_of(f"prove|{s0}|{pair(secret)}|", y, [(secret, 0), (secret, 1)])


def choices(s0: str, y: Element, marks: list[int], low: int, high: int, blank: bool) -> dict[str, Any]:
    """An answer; with `blank` the first mark is the blank vote."""
    secrets = [encrypt(y, mark) for mark in marks]
    whole = f"{s0}|" + ",".join(map(pair, secrets))
    chosen = total(secrets[1:] if blank else secrets)
    allowed = [(chosen, m) for m in range(low, high + 1)]
    answer: dict[str, Any] = {
        "choices": [one.texts for one in secrets],
        "individual_proofs": [individual(s0, y, one) for one in secrets],
    }
    if not blank:
        answer["overall_proof"] = one_of(f"prove|{whole}|{pair(chosen)}|", y, allowed)
        return answer
    answer["overall_proof"] = one_of(f"bproof1|{whole}|", y, [(secrets[0], 1), *allowed])
    answer["blank_proof"] = one_of(f"bproof0|{whole}|", y, [(secrets[0], 0), (chosen, 0)])
    return answer


def lists(s0: str, y: Element, marks: list[list[int]]) -> dict[str, Any]:
    """An answer to a list question: per list its own mark, then those of its candidates."""
    secrets = [[encrypt(y, mark) for mark in row] for row in marks]
    whole = f"{s0}|" + ",".join(pair(one) for row in secrets for one in row)
    names = total([row[0] for row in secrets])
    candidates = [total(row[1:]) for row in secrets]
    return {
        "choices": [[one.texts for one in row] for row in secrets],
        "individual_proofs": [[individual(s0, y, one) for one in row] for row in secrets],
        "overall_proof": one_of(f"prove|{whole}|{pair(names)}|", y, [(names, 1)])[0],
        "list_proofs": [
            one_of(f"lproof|{whole}|", y, [(row[0], 1), (own, 0)])
            for row, own in zip(secrets, candidates, strict=True)
        ],
        "nonzero_proof": not_zero(f"nonzero|{whole}|", y, total(candidates)),
    }


def not_zero(prefix: str, y: Element, secret: Secret) -> dict[str, Any]:
    """That the number is not zero. If it is, the commitment is another one than it would have to be."""
    s, w1, w2 = scalar(), scalar(), scalar()
    alpha, beta = secret.cipher
    commitment = g_to(secret.m * s) if secret.m else g_to(s)
    a1 = GROUP.multiply(GROUP.power(alpha, w1), g_to(w2))
    a2 = GROUP.multiply(GROUP.power(beta, w1), y_to(y, w2))
    c = GROUP.challenge(prefix, [commitment, a1, a2])
    t1, t2 = (w1 - s * c) % Q, (w2 + s * secret.r * c) % Q
    text = GROUP.text(commitment)
    return {"commitment": text, "challenge": str(c), "response": [str(t1), str(t2)]}


# ---------------------------------------------------------------- threshold groups


def sign(key: int, message: str) -> dict[str, Any]:
    return {"message": message, "signature": knows(f"sigmsg|{message}|", key)}


def text_of(value: Any) -> str:
    return compact(value).decode()


@dataclass
class Group:
    """A threshold group's secrets. Change what you like, then `publish`: all is signed anew."""

    size: int
    threshold: int
    contexts: bool = True

    def __post_init__(self) -> None:
        self.signing = [scalar() for _ in range(self.size)]
        self.encryption = [GROUP.text(g_to(scalar())) for _ in range(self.size)]
        self.polynomials = [[scalar() for _ in range(self.threshold)] for _ in range(self.size)]

    @property
    def secret(self) -> int:
        return sum(one[0] for one in self.polynomials) % Q

    def share(self, place: int) -> int:
        return sum(a * place**k for one in self.polynomials for k, a in enumerate(one)) % Q

    def publish(self) -> list[Any]:
        certificates = [
            sign(key, text_of(self.certificate(place))) for place, key in enumerate(self.signing, 1)
        ]
        coefficients = [{"coefexps": GROUP.texts([g_to(a) for a in one])} for one in self.polynomials]
        signatures = [
            sign(key, "certs_sig|" + text_of({"certs": certificates, **own}))["signature"]
            for key, own in zip(self.signing, coefficients, strict=True)
        ]
        found = {
            "threshold": self.threshold,
            "certs": certificates,
            "coefexps": [
                sign(key, text_of(own)) for key, own in zip(self.signing, coefficients, strict=True)
            ],
            "signatures": signatures,
            "verification_keys": [self.key(place, self.share(place)) for place in range(1, self.size + 1)],
        }
        if not self.contexts:
            del found["signatures"]
        return ["Pedersen", found]

    def certificate(self, place: int) -> dict[str, Any]:
        context = {"group": GROUP.name, "size": self.size, "threshold": self.threshold, "index": place}
        keys = {
            "verification": GROUP.text(g_to(self.signing[place - 1])),
            "encryption": self.encryption[place - 1],
        }
        return {"context": context, **keys} if self.contexts else keys

    def key(self, place: int, secret: int) -> dict[str, Any]:
        public = GROUP.text(g_to(secret))
        made: dict[str, Any] = {"pok": knows(f"pok|{GROUP.name}|{public}|", secret), "public_key": public}
        if self.contexts:
            made["signature"] = sign(self.signing[place - 1], public)["signature"]
        return made


class Election(Maker):
    """An election with other questions than ranked ones, or with threshold trustees."""

    def prepare(self, questions: list[dict[str, Any]], group: Group | None = None) -> None:
        self.set_up()
        election, trustees, _ = self.poll.events[0][1]
        self.whole = sum(self.keys)
        if group:
            trustees.append(group.publish())
            self.keys += [group.share(place) for place in range(1, group.size + 1)]
            self.whole += group.secret
            self.y = GROUP.multiply(self.y, g_to(group.secret))
            self.y_text = election["public_key"] = GROUP.text(self.y)
        election["questions"] = questions or election["questions"]
        self.election = compact(election)
        self.phi = base64_hash(self.election)

    def result(self) -> None:
        plain = [GROUP.divide(beta, GROUP.power(alpha, self.whole)) for alpha, beta in self.ciphers]
        rows = [GROUP.to_ints(len(self.candidates), text) for text in GROUP.texts(plain)]
        self.poll.events.append(["Result", [{"result": [rows]}], None])

    def context(self, elector: int) -> str:
        return f"{self.phi}|{self.credentials[elector][0]}"

    def ballot(self, elector: int, answers: list[dict[str, Any]]) -> list[Any]:
        credential, secret = self.credentials[elector]
        unsigned = {
            "election_uuid": UUID,
            "election_hash": self.phi,
            "credential": credential,
            "answers": copy.deepcopy(answers),
        }
        return ["Ballot", [self.sign(unsigned, secret)], None]
