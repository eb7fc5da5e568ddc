"""An invented roll with known duplicates, in six ways in which names are built. No name in it is anybody's.

Every word is made of the same syllables, whatever the scheme; a scheme says only how words become a name and how
the second record of one person differs:

plain            two words; the second record has a slip of the pen in one word (half of the time)
few surnames     the same, but twenty surnames are nine tenths of all
mononym          one word; it stands in either field, or in both
double surname   a given name and two surnames; one is dropped, or they are joined with a hyphen
patronymic       given name, the father's name with an ending, a family word; in another order, one more or less
transliteration  two words, each written again with other letters for the same sounds

What else the second record says: the birthday is the same in 92 of 100, missing in 4, a digit wrong in 2, 1
January of that year in 2; the address the same in 70, another in 25, missing in 5; the e-mail the same in 45,
another in 35, missing in 20; the telephone the same in 50, another in 25, missing in 25. These shares were set
before anything was measured, and have not been touched since.

What must not be linked, beside strangers: homes of one to five with one surname, a fifth of them with one
telephone and a tenth with one e-mail; twins in one of 50 homes of two or more; a parent and a child of one name
in another.
One birthday in twenty is recorded as 1 January.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

SCHEMES = ("plain", "few surnames", "mononym", "double surname", "patronymic", "transliteration")
ONSETS = (
    "b",
    "d",
    "f",
    "g",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "z",
    "br",
    "st",
    "sh",
    "kh",
    "ph",
    "tr",
    "gl",
    "q",
    "w",
    "y",
)
VOWELS = ("a", "e", "i", "o", "u", "ai", "ou", "ee")
CODAS = ("", "", "", "n", "r", "l", "s", "k", "m", "nd", "rt")
DAYS = 26_000
LAST_DAY = date(2008, 12, 31)
STREETS = ("Street", "Road", "Avenue", "Lane", "Close")
SHORT = {"Street": "St", "Road": "Rd", "Avenue": "Ave", "Lane": "Ln", "Close": "Cl"}


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the roll. person: who it is; scheme: how the name is built; born: ISO, or ""."""

    person: int
    scheme: str
    name: str
    born: str
    email: str
    phone: str
    street: str
    postcode: str


class Inventor:
    """Makes homes of people, and second records. The same seed gives the same roll."""

    def __init__(self, seed: int, people: int) -> None:
        self.dice = random.Random(seed)
        self.given = self._words(4_000)
        self.family = self._words(20_000)
        self.single = self._words(8_000)
        self.few = self._words(20)
        self.streets = self._words(2_000)
        self.towns = max(20, people // 400)
        self.person = 0

    def _words(self, number: int) -> list[str]:
        made: dict[str, None] = {}
        while len(made) < number:
            syllables = self.dice.choice((2, 2, 3))
            word = "".join(self.dice.choice(ONSETS) + self.dice.choice(VOWELS) for _ in range(syllables))
            made[(word + self.dice.choice(CODAS)).capitalize()] = None
        return list(made)

    def _pick(self, words: list[str]) -> str:
        """The first words are common, the last are rare."""
        return words[int(len(words) * self.dice.random() ** 2.5)]

    def homes(self) -> Iterator[list[Record]]:
        """Without end: everybody of one address."""
        while True:
            scheme = self.dice.choice(SCHEMES)
            dice = self.dice
            street = f"{dice.randint(1, 180)} {self._pick(self.streets)} {dice.choice(STREETS)}"
            postcode = f"{dice.randint(0, self.towns):04}{dice.randint(0, 19):02}"
            shared = self._surname(scheme)
            phone = self._phone() if dice.random() < 0.2 else ""
            email = self._email() if dice.random() < 0.1 else ""
            home = []
            for _ in range(dice.choice((1, 1, 2, 2, 3, 4, 5))):
                self.person += 1
                mail = email or (self._email() if dice.random() < 0.85 else "")
                call = phone or (self._phone() if dice.random() < 0.8 else "")
                name = self._name(scheme, shared)
                home.append(Record(self.person, scheme, name, self._birthday(), mail, call, street, postcode))
            if len(home) > 1 and dice.random() < 0.02:
                home[1] = replace(home[1], born=home[0].born)  # twins
            elif len(home) > 1 and dice.random() < 0.02:
                home[1] = replace(home[1], name=home[0].name)  # a parent and a child
            yield home

    def _surname(self, scheme: str) -> str:
        if scheme == "few surnames":
            return self.dice.choice(self.few) if self.dice.random() < 0.9 else self._pick(self.family)
        if scheme == "double surname":
            return f"{self._pick(self.family)} {self._pick(self.family)}"
        return self._pick(self.family)

    def _name(self, scheme: str, shared: str) -> str:
        if scheme == "mononym":
            return self._pick(self.single)
        given = self._pick(self.given)
        if scheme == "patronymic":
            return f"{given} {self._pick(self.given)}{self.dice.choice(('ov', 'dat', 'zen'))} {shared}"
        return f"{given} {shared}"

    def _birthday(self) -> str:
        day = LAST_DAY - timedelta(days=self.dice.randrange(DAYS))
        return (day.replace(month=1, day=1) if self.dice.random() < 0.05 else day).isoformat()

    def _phone(self) -> str:
        return f"07{self.dice.randrange(10**9):09}"

    def _email(self) -> str:
        name = self.dice.choice(self.given).lower()
        return f"{name}{self.dice.randrange(10**6)}@mail{self.dice.randrange(6)}.example"

    def again(self, first: Record) -> Record:
        """A second record of the same person."""
        dice, name = self.dice, self._again_named(first)
        at = dice.random()
        born = first.born
        if at < 0.04:
            born = ""
        elif at < 0.06 and born:
            place = dice.choice((3, 6, 9))
            other = f"{born[:place]}{dice.choice('0123')}{born[place + 1 :]}"
            born = other if _is_date(other) else born
        elif at < 0.08 and born:
            born = f"{born[:4]}-01-01"
        at, street, postcode = dice.random(), first.street, first.postcode
        if at < 0.25:
            street = f"{dice.randint(1, 180)} {self._pick(self.streets)} {dice.choice(STREETS)}"
            postcode = f"{dice.randint(0, self.towns):04}{dice.randint(0, 19):02}"
        elif at < 0.30:
            street = postcode = ""
        elif at < 0.55:
            *head, kind = street.split(" ")
            street = " ".join([*head, SHORT[kind]])
        at = dice.random()
        email = first.email if at < 0.45 else self._email() if at < 0.8 else ""
        at = dice.random()
        phone = first.phone if at < 0.5 else self._phone() if at < 0.75 else ""
        if phone and dice.random() < 0.3:
            phone = "+44" + phone[1:]
        return Record(first.person, first.scheme, name, born, email, phone, street, postcode)

    def _again_named(self, first: Record) -> str:
        dice, words = self.dice, first.name.split(" ")
        match first.scheme:
            case "mononym":
                return dice.choice((words[0], f"{words[0]} {words[0]}", words[0].upper()))
            case "double surname":
                given, one, two = words
                return dice.choice(
                    (f"{given} {one}", f"{given} {two}", f"{given} {one}-{two}", f"{one} {two}, {given}")
                )
            case "patronymic":
                given, father, family = words
                extra = f"{given} {self._pick(self.given)} {father} {family}"
                return dice.choice(
                    (f"{family} {given} {father}", f"{given} {family}", f"{family} {given}", extra)
                )
            case "transliteration":
                return " ".join(self._written_again(word) for word in words)
            case _:
                if dice.random() < 0.5:
                    place = dice.randrange(len(words))
                    words[place] = self._slip(words[place])
                return " ".join(words)

    def _slip(self, word: str) -> str:
        dice = self.dice
        place = dice.randrange(1, len(word))
        letter = dice.choice("abcdefghijklmnopqrstuvwxyz")
        return dice.choice(
            (
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
            )
        )

    def _written_again(self, word: str) -> str:
        """The same sounds in other letters; each place is changed with a chance of two in five."""
        ways = (
            ("ph", "f"), ("kh", "k"), ("sh", "sch"), ("ai", "ei"), ("ou", "u"), ("ee", "i"), ("q", "k"), ("k", "c"),
            ("z", "s"), ("w", "v"), ("y", "j"), ("a", "e"), ("o", "u"), ("i", "y"), ("l", "ll"), ("n", "nn"),
            ("t", "th"),
        )  # fmt: skip
        made, rest = "", word.lower()
        while rest:
            way = next((one for one in ways if rest.startswith(one[0])), None)
            if way is None:
                made, rest = made + rest[0], rest[1:]
            else:
                made, rest = made + (way[1] if self.dice.random() < 0.4 else way[0]), rest[len(way[0]) :]
        return made.capitalize()


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def roll(records: int, seed: int = 1, twice: int = 6_000) -> list[Record]:
    """So many records, `twice` of them second records, as many for each scheme; in an order without meaning."""
    maker = Inventor(seed, records)
    people: list[Record] = []
    for home in maker.homes():
        people += home
        if len(people) >= records - twice:
            break
    del people[records - twice :]
    each = {scheme: [one for one in people if one.scheme == scheme] for scheme in SCHEMES}
    seconds = [
        maker.again(one)
        for own in each.values()
        for one in maker.dice.sample(own, min(len(own), twice // len(SCHEMES)))
    ]
    made = people + seconds
    maker.dice.shuffle(made)
    return made
