"""Sealed files: only the passphrase opens them, damage and hostile costs are told before anything is spent."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from selectorate.errors import Refusal
from selectorate.office import sealed

WORDS = "eleven tall trees by the river"
SECRET = b'"12345678901234567890"'


def closed(kind: str = "trustee key") -> bytes:
    return sealed.seal(SECRET, WORDS, kind, sealed.SMALLEST)


def changed(**fields: Any) -> bytes:
    """A sealed file with other fields and a checksum that fits, as somebody who edits it on purpose makes it."""
    envelope = json.loads(closed())
    envelope.update(fields)
    del envelope["check"]
    plain = json.dumps(envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    envelope["check"] = hashlib.sha256(plain).hexdigest()
    return json.dumps(envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def refused(data: bytes, words: str = WORDS, kind: str = "trustee key") -> str:
    with pytest.raises(Refusal) as told:
        sealed.unseal(data, words, kind, "key.json")
    return told.value.code


def test_what_is_sealed_opens_with_its_passphrase_and_does_not_stand_in_the_file() -> None:
    file = closed()
    assert sealed.unseal(file, WORDS, "trustee key", "key.json") == SECRET
    assert SECRET not in file
    assert closed() != file, "salt and nonce are fresh"


def test_the_page_is_enough_to_open_a_sealed_file() -> None:
    envelope = json.loads(sealed.seal(SECRET, WORDS, "letters"))
    kdf = envelope["kdf"]
    assert (kdf["memory_kib"], kdf["passes"], kdf["lanes"]) == (65536, 3, 4), "RFC 9106, second option"
    salt, nonce, ciphertext = (base64.b64decode(envelope[name]) for name in ("salt", "nonce", "ciphertext"))
    key = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=65536).derive(WORDS.encode())
    known = {name: envelope[name] for name in ("kdf", "kind", "nonce", "salt")}
    additional = json.dumps(known, sort_keys=True, separators=(",", ":")).encode()
    assert ChaCha20Poly1305(key).decrypt(nonce, ciphertext, additional) == SECRET


def test_another_passphrase_does_not_open() -> None:
    assert refused(closed(), WORDS + ".") == "sealed.passphrase"


def test_two_ways_to_write_a_letter_are_one_passphrase() -> None:
    file = sealed.seal(SECRET, "caf\u00e9 caf\u00e9 caf\u00e9", "letters", sealed.SMALLEST)
    assert sealed.unseal(file, "cafe\u0301 cafe\u0301 cafe\u0301", "letters", "f") == SECRET


def test_a_damaged_file_is_told_from_a_wrong_passphrase() -> None:
    file = closed()
    for place in range(0, len(file) - 1, 7):
        damaged = file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]
        assert refused(damaged) == "sealed.damaged", place
    for cut in (b"", file[:40], b"[]", b"{}", b"\xff", b"[" * 100_000):
        assert refused(cut) == "sealed.damaged"


def test_a_kind_cannot_be_exchanged_for_another() -> None:
    assert refused(closed("letters")) == "sealed.kind"
    assert refused(changed(kind="letters"), kind="letters") == "sealed.passphrase", (
        "the kind is authenticated"
    )


@pytest.mark.parametrize("fields", [
    {"salt": base64.b64encode(bytes(16)).decode()},
    {"nonce": base64.b64encode(bytes(12)).decode()},
    {"kdf": {"lanes": 1, "memory_kib": 65, "name": "argon2id", "passes": 1}},
    {"ciphertext": base64.b64encode(bytes(40)).decode()},
])  # fmt: skip
def test_every_field_is_authenticated(fields: dict[str, Any]) -> None:
    assert refused(changed(**fields)) == "sealed.passphrase"


@pytest.mark.parametrize(("memory", "passes", "lanes"), [
    (2**31, 1, 1), (2**21, 1, 4), (64, 2**31, 1), (262_144, 4, 4), (262_145, 1, 1), (8, 1, 2),
])  # fmt: skip
def test_a_file_that_would_cost_too_much_is_refused_at_once(memory: int, passes: int, lanes: int) -> None:
    begun = time.process_time()
    kdf = {"lanes": lanes, "memory_kib": memory, "name": "argon2id", "passes": passes}
    assert refused(changed(kdf=kdf)) == "sealed.cost"
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("fields", [
    {"kdf": {"lanes": 1, "memory_kib": 64, "name": "scrypt", "passes": 1}}, {"kdf": 3}, {"salt": 3},
    {"kdf": {"lanes": True, "memory_kib": 64, "name": "argon2id", "passes": 1}}, {"salt": "AAAA"},
    {"kdf": {"lanes": 1, "memory_kib": -64, "name": "argon2id", "passes": 1}}, {"ciphertext": "ä"},
])  # fmt: skip
def test_fields_of_another_form_are_refused(fields: dict[str, Any]) -> None:
    assert refused(changed(**fields)) == "sealed.damaged"


@pytest.mark.parametrize(("words", "code"), [
    ("short", "sealed.passphrase_short"), (" " * 20, "sealed.passphrase_short"),
    ("eleven\ttall trees", "sealed.passphrase_form"), ("a" * 1001, "sealed.passphrase_form"),
])  # fmt: skip
def test_a_short_passphrase_is_not_taken(words: str, code: str) -> None:
    with pytest.raises(Refusal) as told:
        sealed.seal(SECRET, words, "letters", sealed.SMALLEST)
    assert told.value.code == code
