"""Text in lines of a width: what textwrap gives, much sooner for plain sentences, which all letters are made of."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache

_PARTED = re.compile(r"\w[^\W\d_]-|-[-\W]|—|[^\S ]|  |^ | $|^$")
"""Where textwrap may do more than part words at single blanks: hyphens within words, dashes, other blanks."""


@lru_cache(maxsize=4096)
def repeated(text: str, width: int) -> tuple[str, ...]:
    """The lines of a sentence that stands in many letters."""
    return lines(text, width)


def lines(text: str, width: int, first: str = "", then: str = "") -> tuple[str, ...]:
    """The lines of a text; first, then: what the first and every further one begins with."""
    words = text.split(" ")
    if _PARTED.search(text) or max(map(len, words)) > width - max(len(first), len(then)):
        return tuple(textwrap.wrap(text, width, initial_indent=first, subsequent_indent=then))
    made, line = [], first + words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) <= width:
            line += " " + word
        else:
            made.append(line)
            line = then + word
    return (*made, line)
