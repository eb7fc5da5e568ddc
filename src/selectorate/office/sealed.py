"""Sealed files: a secret that only its owner's passphrase opens (docs/formats/sealed.md).

Argon2id (RFC 9106) makes the key, ChaCha20-Poly1305 (RFC 8439) seals. Everything in the envelope that is not
ciphertext is authenticated, the kind included: a sealed letter batch cannot be passed off as a trustee's key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import Refusal, refuse

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

TRUSTEE_KEY = "trustee key"
CEREMONY_SEED = "ceremony seed"
LETTERS = "letters"
"""What is sealed: the kinds of docs/formats/sealed.md."""
PASSPHRASE_MIN = 12
PASSPHRASE_MAX = 1000
SEALED_MAX = 64 * 1024 * 1024
"""Bytes of a sealed file that are read; a batch of a thousand letters has less than one megabyte."""
MEMORY_MAX = 256 * 1024
WORK_MAX = 4 * 3 * 64 * 1024
"""Memory times passes: four times what we write ourselves, about a second on one slow core."""
_FIELDS = {"check", "ciphertext", "kdf", "kind", "nonce", "salt"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What Argon2id costs: memory in KiB, passes over it, lanes."""

    memory: int
    passes: int
    lanes: int


RFC_9106_SECOND = Cost(memory=64 * 1024, passes=3, lanes=4)
"""The second recommended option of RFC 9106, section 4: for where the memory of a server is not there."""
SMALLEST = Cost(memory=64, passes=1, lanes=1)
"""For tests alone; no option of a command leads here."""


def seal(secret: bytes, passphrase: str, kind: str, cost: Cost = RFC_9106_SECOND) -> bytes:
    """The sealed file. kind: what the secret is, a short text; unsealing asks for the same.

    Raises Refusal `sealed.passphrase_short`, `sealed.passphrase_form`, `sealed.engine`.
    """
    plain = demand_passphrase(passphrase)
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    envelope: dict[str, Any] = {
        "kdf": {"lanes": cost.lanes, "memory_kib": cost.memory, "name": "argon2id", "passes": cost.passes},
        "kind": kind,
        "nonce": _text(nonce),
        "salt": _text(salt),
    }
    sealed = _cipher(plain, salt, cost).encrypt(nonce, secret, canon.encode(envelope))
    envelope["ciphertext"] = _text(sealed)
    envelope["check"] = hashlib.sha256(canon.encode(envelope)).hexdigest()
    return canon.encode(envelope) + b"\n"


def unseal(sealed: bytes, passphrase: str, kind: str, what: str) -> bytes:
    """The secret in a sealed file. what: its name, for the sentences.

    Raises Refusal `sealed.damaged`, `sealed.kind`, `sealed.cost`, `sealed.passphrase`, `sealed.engine`. What it
    costs is known to be bounded before anything is spent: 256 MiB, four times the work of our own files.
    """
    from cryptography.exceptions import InvalidTag

    envelope = _opened(sealed, what)
    if envelope["kind"] != kind:
        raise refuse("sealed.kind", file=what, found=envelope["kind"], expected=kind)
    cost = _cost(envelope["kdf"], what)
    try:
        salt, nonce, ciphertext = (_bytes(envelope[name]) for name in ("salt", "nonce", "ciphertext"))
        if len(salt) != 16 or len(nonce) != 12:
            raise ValueError
    except ValueError:
        raise refuse("sealed.damaged", file=what) from None
    known = {name: envelope[name] for name in ("kdf", "kind", "nonce", "salt")}
    try:
        return _cipher(_normal(passphrase), salt, cost).decrypt(nonce, ciphertext, canon.encode(known))
    except InvalidTag:
        raise refuse("sealed.passphrase", file=what) from None


def demand_passphrase(passphrase: str) -> bytes:
    """The bytes of a new passphrase. Raises Refusal `sealed.passphrase_short`, `sealed.passphrase_form`."""
    if not passphrase.isprintable() or len(passphrase) > PASSPHRASE_MAX:
        raise refuse("sealed.passphrase_form", allowed=PASSPHRASE_MAX)
    if len(passphrase.strip()) < PASSPHRASE_MIN:
        raise refuse("sealed.passphrase_short", allowed=PASSPHRASE_MIN)
    return _normal(passphrase)


def _normal(passphrase: str) -> bytes:
    """One form for letters that keyboards write in two (RFC 8265, OpaqueString: NFC)."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")


def _opened(sealed: bytes, what: str) -> dict[str, Any]:
    """The envelope, its form and its checksum checked: damage is told apart from a wrong passphrase."""
    try:
        envelope = canon.decode(sealed.removesuffix(b"\n"), what=what, bytes_max=SEALED_MAX)
    except Refusal:
        raise refuse("sealed.damaged", file=what) from None
    if not isinstance(envelope, dict) or set(envelope) != _FIELDS:
        raise refuse("sealed.damaged", file=what)
    rest = {name: value for name, value in envelope.items() if name != "check"}
    if envelope["check"] != hashlib.sha256(canon.encode(rest)).hexdigest():
        raise refuse("sealed.damaged", file=what)
    return envelope


def _cost(kdf: Any, what: str) -> Cost:
    whole = isinstance(kdf, dict) and set(kdf) == {"lanes", "memory_kib", "name", "passes"}
    if not whole or kdf["name"] != "argon2id":
        raise refuse("sealed.damaged", file=what)
    numbers = [kdf[name] for name in ("memory_kib", "passes", "lanes")]
    if any(not isinstance(number, int) or isinstance(number, bool) or number < 1 for number in numbers):
        raise refuse("sealed.damaged", file=what)
    cost = Cost(*numbers)
    if cost.memory > MEMORY_MAX or cost.memory * cost.passes > WORK_MAX or cost.memory < 8 * cost.lanes:
        raise refuse("sealed.cost", file=what)
    return cost


def _cipher(passphrase: bytes, salt: bytes, cost: Cost) -> ChaCha20Poly1305:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        derive = Argon2id(
            salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
        )
        return ChaCha20Poly1305(derive.derive(passphrase))
    except UnsupportedAlgorithm:
        raise refuse("sealed.engine") from None


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: Any) -> bytes:
    """Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError from None
