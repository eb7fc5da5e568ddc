"""Writing the record: the next entry in order, the signed checkpoint, the receipt of an entry."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING

from selectorate.log.note import Checkpoint, VerifierKey
from selectorate.log.receipt import Receipt
from selectorate.log.tree import Tree

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def make_checkpoint(
    tree: Tree, origin: str, key: Ed25519PrivateKey, now: datetime, *, demonstration: bool
) -> bytes:
    """The signed note over the whole tree. `now`: aware; written in UTC, whole seconds."""
    checkpoint = Checkpoint(origin, len(tree), tree.root(), now, demonstration)
    verifier = VerifierKey(origin, key.public_key().public_bytes_raw())
    body = checkpoint.body()
    signature = base64.b64encode(verifier.key_id + key.sign(body)).decode()
    return body + f"\n— {verifier.name} {signature}\n".encode()


def make_receipt(tree: Tree, note: bytes, size: int, *, entry: int, tracker: str, uuid: str) -> Receipt:
    """The receipt of the ballot in entry `entry`, under a checkpoint `note` of `size` entries."""
    return Receipt(tracker, uuid, entry, note.decode(), tree.inclusion(entry, size))
