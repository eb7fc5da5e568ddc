"""Checkpoints: signed statements of the record's origin, size, root and time.

Form: C2SP signed-note and tlog-checkpoint with Ed25519, one extension line for the time
(docs/formats/checkpoints.md).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from selectorate.errors import refuse

ED25519 = b"\x01"
NAME = re.compile(r"[^\s+]{1,200}", re.ASCII)
TIME = re.compile(r"time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)( demonstration)?", re.ASCII)
NOTE_MAX = 64 * 1024


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Name and public key (32 bytes) under which a record signs; written NAME+ID+KEY."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Raises Refusal `log.key`."""
        parts = text.split("+", 2)
        try:
            raw = base64.b64decode(parts[2], validate=True)
            key = cls(parts[0], raw[1:])
            if raw[:1] != ED25519 or len(raw) != 33 or not NAME.fullmatch(parts[0]) or str(key) != text:
                raise ValueError
        except (ValueError, IndexError, binascii.Error):
            raise refuse("log.key", found=text) from None
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The record had `size` entries with this root at this time (UTC, whole seconds)."""

    origin: str
    size: int
    root: bytes
    time: datetime
    demonstration: bool

    def body(self) -> bytes:
        """What is signed: every line up to and including the newline before the blank line."""
        when = self.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        mark = " demonstration" if self.demonstration else ""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\ntime {when}{mark}\n".encode()


def open_note(note: bytes, key: VerifierKey) -> Checkpoint:
    """Check a note against the record's key and read it.

    Lines of unknown keys are ignored; one of the known key that is malformed or wrong refuses the note.
    Raises Refusal `log.note` (form) or `log.signature`.
    """
    try:
        if len(note) > NOTE_MAX:
            raise ValueError
        body, signatures = note.decode().split("\n\n", 1)
        origin, size, root, when = body.split("\n")
        found = TIME.fullmatch(when)
        if found is None or not re.fullmatch(r"0|[1-9][0-9]{0,15}", size, re.ASCII):
            raise ValueError
        raw_root = base64.b64decode(root, validate=True)
        time = datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        checkpoint = Checkpoint(origin, int(size), raw_root, time, found[2] is not None)
        if (
            len(raw_root) != 32
            or checkpoint.body() != (body + "\n").encode()
            or not signatures.endswith("\n")
        ):
            raise ValueError
        lines = [line.split(" ") for line in signatures[:-1].split("\n")]
        if any(len(line) != 3 or line[0] != "—" for line in lines):
            raise ValueError
        raw = [(name, base64.b64decode(text, validate=True)) for _, name, text in lines]
    except (ValueError, binascii.Error):
        raise refuse("log.note") from None
    ours = [sig for name, sig in raw if name == key.name and sig[:4] == key.key_id]
    if origin != key.name or not ours or not all(_signed(key, sig, body) for sig in ours):
        raise refuse("log.signature", key=str(key))
    return checkpoint


def _signed(key: VerifierKey, signature: bytes, body: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if len(signature) != 4 + 64:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature[4:], (body + "\n").encode())
    except (InvalidSignature, ValueError):
        return False
    return True
