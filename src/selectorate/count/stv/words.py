"""Sentences of a stage, as a candidate reads them: numbers, lists of names, ties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from selectorate.count.objects import Number, Tie


def votes(units: Number, places: int) -> str:
    """Votes in a sentence: thousands apart, no zeros at the end; a fraction as whole and rest.

    `votes(184250000, 5)` is "1,842.5"; `votes(Fraction(7, 3), 0)` is "2 1/3".
    """
    if units.denominator != 1:
        whole, rest = divmod(Fraction(units, 10**places), 1)
        return f"{whole:,} {rest}" if whole else str(rest)
    front, back = divmod(int(units), 10**places)
    decimals = f"{back:0{places}d}".rstrip("0") if places else ""
    return f"{front:,}.{decimals}" if decimals else f"{front:,}"


def counted(units: Number, places: int) -> str:
    """Votes with the word: "1 vote", "2.5 votes"."""
    text = votes(units, places)
    return f"{text} vote" if text == "1" else f"{text} votes"


def papers(number: int) -> str:
    return "1 paper" if number == 1 else f"{number:,} papers"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "Alder", "Alder and Beech", "Alder, Beech and Cedar"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def they(names: Sequence[str], one: str, several: str) -> str:
    """The names with the verb that fits: "Alder is", "Alder and Beech are"."""
    return f"{listed(names)} {one if len(names) == 1 else several}"


def of_ties(ties: Iterable[Tie]) -> list[str]:
    """A sentence for each tie: who was equal, what told them apart, who was chosen for what."""
    chosen_for = {"exclusion": "goes out", "surplus": "goes first", "order": "stands first"}
    return [
        f"{listed(sorted(tie.between))} had equal votes: by {_by(tie.by)}, {tie.chosen} "
        f"{chosen_for.get(tie.purpose, 'is chosen')}."
        for tie in ties
    ]


def _by(by: str) -> str:
    return {"earlier stage": "an earlier stage at which they differed"}.get(by, by)
