"""A stream of any length under one key: pieces of 64 KiB, each sealed by ChaCha20-Poly1305 (RFC 8439) under its
number and under whether it is the last, so that none can be left out, exchanged, repeated or cut off unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from selectorate.errors import refuse

PIECE = 64 * 1024
TAG = 16


def sealed(plain: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """The pieces of what `plain` gives, sealed. key: 32 fresh random bytes, used for this stream alone."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    cipher = ChaCha20Poly1305(key)
    held, number = bytearray(), 0
    for part in plain:
        held += part
        while len(held) > PIECE:  # the last piece is only known to be the last at the end
            yield cipher.encrypt(_nonce(number, last=False), bytes(held[:PIECE]), None)
            del held[:PIECE]
            number += 1
    yield cipher.encrypt(_nonce(number, last=True), bytes(held), None)


def opened(file: BinaryIO, key: bytes, name: object) -> Iterator[bytes]:
    """The plain bytes of a sealed stream, piece by piece; nothing of a piece is given before it is known to be whole.

    Raises Refusal `vault.cut` where the file was changed or ends too early; what was given before then may be the
    beginning of more, so nothing is done with it before the end was seen.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    cipher, number = ChaCha20Poly1305(key), 0
    piece = file.read(PIECE + TAG)
    while True:
        following = file.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), piece, None)
        except InvalidTag:
            raise refuse("vault.cut", file=name, number=number + 1) from None
        if not following:
            return
        piece, number = following, number + 1


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")
