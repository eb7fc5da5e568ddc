"""What no rule may look at, whatever the rulebook says (architecture, invariant 11).

A list of words cannot know every name for every group: it stops the honest mistake and makes the dishonest
one deliberate. That is why the rulebook is a public document and every fact must say what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Beginnings of words that speak of who somebody is, in any text of a fact: its name, its meaning, its values.
_STEMS = tuple(
    """
    religi ethnic racial racis nationalit citizen birthplace ancest heritage immigra refugee asylum sexual
    transgend disab handicap pregnan muslim islam christian catholic protestan hindu buddhis jewish judais
    atheis secular indigen aborigin gypsy caucasian
    staatsang herkunft ethnie geburtsort muttersprach origen nacionalid
    """.split()  # noqa: SIM905 - one list of words, to be read as such
)
# Whole words of that kind; too short to be beginnings.
_WORDS = frozenset(
    """
    race races faith church mosque synagogue temple denomination caste tribe tribal clan descent creed belief
    beliefs tongue accent skin complexion gender sex marital jew jews sikh sikhs foreign foreigner foreigners
    migrant migrants passport visa
    rasse glaube sprache langue idioma raza
    """.split()  # noqa: SIM905
)
# Words that are forbidden as (part of) the name of a fact only: in a sentence they may be harmless.
_NAMES = frozenset(
    """
    name names forename surname firstname lastname fullname nickname origin origins language languages country
    countries nation nations native homeland opinion opinions colour color
    nom prenom nachname vorname apellido
    """.split()  # noqa: SIM905
)
_JOINED = ("placeofbirth", "countryofbirth", "birthcountry", "mothertongue", "skincolo", "firstlanguage")


def forbidden_name(name: str, never_use: Iterable[str]) -> str | None:
    """Why a fact of this name may not exist, as half a sentence; None when it may.

    never_use: the rulebook's own list, on top of the built-in one. Compares words, so that `home_religion`
    falls with `religion` and `nominations` does not fall with `nation`.
    """
    words = _words(name)
    for banned in never_use:
        if _same(words, _words(banned)):
            return f"is on the rulebook's never_use list ({banned})"
    if any(word in _NAMES for word in words) or forbidden_text(name):
        return "speaks of who somebody is, which no rule may look at"
    return None


def forbidden_text(text: str) -> str | None:
    """The first word of a text that speaks of a protected attribute, or None."""
    words = _words(text)
    for word in words:
        if word in _WORDS or word.startswith(_STEMS):
            return word
    joined = "".join(words)
    return next((part for part in _JOINED if part in joined), None)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.casefold()))


def _same(words: tuple[str, ...], banned: tuple[str, ...]) -> bool:
    """Whether the banned word stands among the words, joined or apart, in one or several."""
    whole, part = "".join(words), "".join(banned)
    if not part:
        return False
    return (
        whole == part
        or any(word in (part, part + "s") for word in words)
        or (len(part) > 4 and part in whole)
    )
