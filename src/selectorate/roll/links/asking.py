"""Which pairs are a question to both persons, by what agrees between them; how much it weighs is another matter.

The name must agree and something else too. Relatives are no strangers: they share words of the name, a home, a
telephone, and no weight in bits knows about that. So these are no question:

1. dates of birth that say two persons;
2. one shared word of the name, where all that agrees beside it is what a family shares: brothers, sisters, twins;
3. within one home, two full dates of birth with nothing but the year in common;
4. within one home, without a date of birth to compare, a name that is the other with a word more or less, unless
   the e-mail is the same too: a parent and a child of one name look just so;
5. within one home, without a date of birth to compare, any name where e-mail or telephone can be compared and
   none agrees. A name is handed down within a home, so name and home are not two pieces of evidence there, and
   nothing of either person's own speaks for one. Not on a roll that hardly has dates of birth: nothing else
   would be left there by which a second record with another e-mail is found.

`chance` counts strangers over the same pairs, those that 1 and 2 leave; 3 to 5 only make them fewer.
"""

from __future__ import annotations

from enum import Flag, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectorate.roll.links.settings import Comparison, Level


class Agreed(Flag):
    """What the levels of a pair have said so far."""

    NAME = auto()
    ANOTHER = auto()
    AGAINST = auto()
    FAMILY_WORD = auto()
    FAMILY_PLACE = auto()
    ONE_HOME = auto()
    OWN = auto()
    APART = auto()
    HANDED_DOWN = auto()
    NO_BIRTHDAY = auto()
    OTHER_CONTACTS = auto()


def agreed(one: Comparison, level: Level | None) -> Agreed:
    """What a level says; None where nothing could be compared."""
    if level is None:
        return Agreed.NO_BIRTHDAY if one.name == "birth" else Agreed(0)
    said = {
        Agreed.NAME if one.name == "name" else Agreed.ANOTHER: level.agrees,
        Agreed.AGAINST: level.against,
        Agreed.FAMILY_WORD if one.name == "name" else Agreed.FAMILY_PLACE: level.relatives,
        Agreed.ONE_HOME: one.name == "home" and level.relatives,
        Agreed.OWN: level.own,
        Agreed.APART: level.apart,
        Agreed.HANDED_DOWN: level.handed_down,
        Agreed.OTHER_CONTACTS: one.name == "contact" and not level.agrees,
    }
    found = Agreed(0)
    for mark, holds in said.items():
        found |= mark if holds else Agreed(0)
    return found


def asks_strangers(found: Agreed) -> bool:
    """Whether two strangers who agree so much would be asked: all that a share of strangers can be said of."""
    both = Agreed.NAME in found and Agreed.ANOTHER in found and Agreed.AGAINST not in found
    return both and not (Agreed.FAMILY_WORD in found and Agreed.FAMILY_PLACE in found)


def asks(found: Agreed, dated: bool) -> bool:
    """Whether a pair is a question to both. dated: whether most records of the roll have a date of birth."""
    if not asks_strangers(found):
        return False
    if Agreed.ONE_HOME not in found:
        return True
    if Agreed.NO_BIRTHDAY in found:
        handed_down = Agreed.HANDED_DOWN in found and Agreed.OWN not in found
        return not handed_down and not (dated and Agreed.OTHER_CONTACTS in found)
    return Agreed.APART not in found
