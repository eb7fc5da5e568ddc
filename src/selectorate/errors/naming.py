"""What somebody may have meant who named what there is not."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_CUTOFF = 0.6


def nearest(found: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known names most like the one found: its beginning or a part of theirs first, then the alike; at most `most`.

    Case, blanks, hyphens and underscores do not count.
    """
    word, names = _plain(found[:60]), sorted(set(known))
    plain = {name: _plain(name) for name in names}
    within = [name for name in names if len(word) > 1 and word in plain[name]]
    within.sort(key=lambda name: (not plain[name].startswith(word), len(name)))
    alike = difflib.get_close_matches(word, sorted(set(plain.values())), n=most, cutoff=_CUTOFF)
    also = [name for text in alike for name in names if plain[name] == text]
    return tuple(dict.fromkeys((*within, *also)))[:most]


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """ "Did you mean “x” or “y”? " with a blank after it, or nothing where none is near."""
    near = [f"“{name}”" for name in nearest(found, known)]
    if not near:
        return ""
    *first, last = near
    return f"Did you mean {', '.join(first)} or {last}? " if first else f"Did you mean {last}? "


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()
