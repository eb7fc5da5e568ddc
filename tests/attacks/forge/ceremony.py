"""The trustees, honest or not: single ones, and threshold groups with every piece of their ceremony exchangeable."""

from __future__ import annotations

from typing import Any

from auditor.groups import Element
from tests.attacks.forge.hand import Hand, compact


def key_object(hand: Hand, secret: int, *, name: str | None = None) -> dict[str, Any]:
    """A public key with its proof of possession."""
    public = hand.text(hand.g(secret))
    parts = {"label": "pok|", "group": f"{hand.group.name}|", "key": f"{public}|"}
    made: dict[str, Any] = {"pok": hand.knows("pok", parts, secret), "public_key": public}
    return made if name is None else {**made, "name": name}


class Single:
    """One trustee with a whole key. `entry` may be edited; `secrets` are what decrypts, by place."""

    def __init__(self, hand: Hand, secret: int | None = None) -> None:
        self.hand = hand
        self.secret = hand.scalar() if secret is None else secret
        self.secrets = [self.secret]
        self.entry: list[Any] = ["Single", key_object(hand, self.secret)]

    @property
    def share(self) -> Element:
        """What it gives to the election's key."""
        return self.hand.g(self.secret)


class Ceremony:
    """A threshold group. Change a polynomial, a certificate, a key; `publish` signs anew what is not yet there.

    contexts: as ceremonies are written since certificates carry them; without, as older ones were.
    """

    def __init__(self, hand: Hand, size: int = 3, threshold: int = 2, *, contexts: bool = True) -> None:
        self.hand, self.size, self.threshold, self.contexts = hand, size, threshold, contexts
        self.signing = [hand.scalar() for _ in range(size)]
        self.encryption = [hand.g(hand.scalar()) for _ in range(size)]
        self.polynomials = [[hand.scalar() for _ in range(threshold)] for _ in range(size)]
        self.certificates = [self.certificate(place) for place in range(1, size + 1)]
        self.said_threshold = threshold
        self.own_certificates: dict[
            int, list[Any]
        ] = {}  # what a member signed as all certificates, if others
        self.own_coefficients: dict[int, list[Element]] = {}
        self.own_secrets: dict[int, int] = {}  # keys that the coefficients do not give
        self.key_signers: dict[int, int | None] = {}

    @property
    def secret(self) -> int:
        return sum(one[0] for one in self.polynomials) % self.hand.q

    @property
    def share(self) -> Element:
        return self.hand.group.product([self.coefficients(place)[0] for place in range(1, self.size + 1)])

    @property
    def secrets(self) -> list[int]:
        """What decrypts, by place."""
        return [self.key_secret(place) for place in range(1, self.size + 1)]

    def key_secret(self, place: int) -> int:
        given = sum(a * place**k for one in self.polynomials for k, a in enumerate(one)) % self.hand.q
        return self.own_secrets.get(place, given)

    def coefficients(self, place: int) -> list[Element]:
        return self.own_coefficients.get(place) or [self.hand.g(a) for a in self.polynomials[place - 1]]

    def certificate(self, place: int, **context: Any) -> dict[str, Any]:
        """Signed by its member; context: fields that say something else than the truth."""
        named = {
            "group": self.hand.group.name,
            "size": self.size,
            "threshold": self.threshold,
            "index": place,
        }
        keys = {
            "verification": self.hand.text(self.hand.g(self.signing[place - 1])),
            "encryption": self.hand.text(self.encryption[place - 1]),
        }
        message = compact({"context": {**named, **context}, **keys} if self.contexts else keys).decode()
        return self.signed(place, message, "certificate")

    def signed(self, place: int, message: str, proof: str) -> dict[str, Any]:
        signature = self.hand.signed(message, self.signing[place - 1], proof)
        return {"message": message, "signature": signature}

    def publish(self) -> list[Any]:
        hand, places = self.hand, range(1, self.size + 1)
        lists = {place: {"coefexps": hand.group.texts(self.coefficients(place))} for place in places}
        found: dict[str, Any] = {
            "threshold": self.said_threshold,
            "certs": self.certificates,
            "coefexps": [
                self.signed(place, compact(lists[place]).decode(), "coefficients") for place in places
            ],
        }
        if self.contexts:
            found["signatures"] = [self._all_signed(place, lists[place]) for place in places]
        found["verification_keys"] = [self._key(place) for place in places]
        return ["Pedersen", found]

    def _all_signed(self, place: int, own: dict[str, Any]) -> dict[str, str]:
        certificates = self.own_certificates.get(place, self.certificates)
        parts = {
            "what": "certs_sig|",
            "certificates": compact({"certs": certificates}).decode()[:-1],
            "coefficients": "," + compact(own).decode()[1:],
        }
        return self.hand.signed("", self.signing[place - 1], "all_certificates", parts)

    def _key(self, place: int) -> dict[str, Any]:
        made = key_object(self.hand, self.key_secret(place))
        signer = self.key_signers.get(place, self.signing[place - 1] if self.contexts else None)
        if signer is None:
            return made
        return {**made, "signature": self.hand.signed(made["public_key"], signer, "key_signature")}

    @property
    def entry(self) -> list[Any]:
        return self.publish()
