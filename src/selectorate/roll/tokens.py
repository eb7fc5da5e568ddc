"""Keyed tokens: what is compared without being kept, and the normal forms that are compared.

token = HMAC-SHA-256(organisation's key, kind ‖ 0x00 ‖ normal form), hex. Without the key nobody can try out
telephone numbers or account numbers against it; a new key makes all old tokens useless.
Two values of different kinds never share a token.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable, Sequence

from selectorate.errors import refuse

KEY_BYTES = 32
_WORD = re.compile(r"[^\W_]+")
PHONE_DIGITS = 9
"""The last nine digits: the same number with and without its country's code is the same number."""


def tokens(key: bytes, kind: str, texts: Sequence[str]) -> list[str | None]:
    """The token of each text after normalisation; None for an empty one.

    kind: "payer", "phone", "email", "address", "household", "actor" or "identity". Raises
    Refusal `roll.key` for a key of another length than 32 bytes.
    """
    if len(key) != KEY_BYTES:
        raise refuse("roll.key", found=len(key))
    normal, made = _NORMAL[kind], dict[str, str | None]()
    prefix = kind.encode() + b"\x00"
    for text in set(texts):
        form = normal(text)
        made[text] = hmac.digest(key, prefix + form.encode(), "sha256").hex() if form else None
    return [made[text] for text in texts]


def email(text: str) -> str:
    """An address without case, outer blanks and a +tag; empty where there is no @. Dots stay: only some
    providers ignore them."""
    name, at, domain = _plain(text).replace(" ", "").rpartition("@")
    return name.split("+", 1)[0] + "@" + domain if at and name and domain else ""


def phone(text: str) -> str:
    """The last nine digits; empty for fewer than six."""
    digits = "".join(str(unicodedata.digit(char)) for char in text if char.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= 6 else ""


def reference(text: str) -> str:
    """An account, mandate or household reference: letters and digits only, without case."""
    return re.sub(r"\W|_", "", _plain(text))


def address(text: str) -> str:
    """First line and postcode as words and numbers, without case, marks and punctuation."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """The words of a text without case, marks, punctuation and invisible characters."""
    if not text.isascii():
        bare = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
        text = "".join(char for char in bare if unicodedata.category(char) != "Cf")
    return _WORD.findall(text.casefold())


def name_words(text: str) -> str:
    """A name as its sorted set of words: the order in which they are written does not matter."""
    return " ".join(sorted(set(words(text))))


def _plain(text: str) -> str:
    if not text.isascii():
        wide = unicodedata.normalize("NFKC", text)
        text = "".join(char for char in wide if unicodedata.category(char) != "Cf")
    return text.casefold().strip()


_NORMAL: dict[str, Callable[[str], str]] = {
    "payer": reference,
    "phone": phone,
    "email": email,
    "address": address,
    "household": reference,
    "actor": reference,
    "identity": reference,
}
