"""A pair in words: what is alike, what differs, how much each weighs, and how many such pairs chance explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectorate.roll.objects import Link

if TYPE_CHECKING:
    from selectorate.roll.links.compare import Compared, Pair

_NAMES = {
    "the names are the same": "the same name",
    "one name holds the other": "a name that is part of the other",
}
_LESS = "a name that is nearly the same"
_SHORT = {
    "the dates of birth agree": "date of birth",
    "the e-mail is the same": "e-mail",
    "the telephone is the same": "telephone",
    "the address is the same": "address",
}


def link(pair: Pair, compared: Compared) -> Link:
    """The pair for the officer and, by `because`, for the letter to both. The smaller number stands first."""
    left, right = sorted((pair.left, pair.right))
    name, *others = compared.comparisons
    agreed = [one.levels[place] for one, place in zip(others, pair.levels[1:], strict=True) if place >= 0]
    shared = [_SHORT[level.says] for level in agreed if level.says in _SHORT]
    because = _NAMES.get(name.levels[pair.levels[0]].says, _LESS)
    if shared:
        because += f" with the same {_listed(shared)}"
    return Link(left, right, because, (*_waterfall(pair, compared), compared.chance.sentence(pair.bits)))


def _waterfall(pair: Pair, compared: Compared) -> tuple[str, ...]:
    """One sentence for each comparison, the heaviest first: what was found and what it weighs."""
    said = []
    for one, place, bits in zip(compared.comparisons, pair.levels, pair.parts, strict=True):
        if place < 0:
            said.append((0.0, one.says_missing))
        else:
            said.append((abs(bits), f"{one.levels[place].says} ({_weight(bits)})"))
    return tuple(text for _, text in sorted(said, key=lambda pair: -pair[0]))


def _weight(bits: float) -> str:
    """A weight in words: how many times as often in two records of one person as in two of strangers."""
    if abs(bits) < 0.5:
        return "says little either way"
    times = f"{_round(2 ** abs(bits)):,}"
    return f"{times} times likelier {'of one person' if bits > 0 else 'of two persons'}"


def _round(times: float) -> int:
    """Two leading figures: more would pretend to a precision that nobody has."""
    whole = max(round(times), 1)
    digits = len(str(whole)) - 2
    return round(whole, -digits) if digits > 0 else whole


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
