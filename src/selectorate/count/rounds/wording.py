"""Rounds in words that a losing candidate understands."""

from __future__ import annotations

from collections.abc import Iterable

from selectorate.count.objects import Number, Transfer


def votes(number: Number) -> str:
    """ "1,842"; a fraction to two decimal places, as "1,842.33"."""
    if number.denominator == 1:
        return f"{int(number):,}"
    front, back = divmod((200 * number.numerator + number.denominator) // (2 * number.denominator), 100)
    return f"{front:,}.{back:02d}"


def counted(number: Number, thing: str) -> str:
    """ "1 vote", "2 votes"."""
    return f"{votes(number)} {thing}" if number == 1 else f"{votes(number)} {thing}s"


def first(valid: int) -> str:
    return f"There are {counted(valid, 'valid paper')}; each counts for its first preference."


def listed(parts: Iterable[str]) -> str:
    """ "Ash, Beech and Cedar"."""
    every = list(parts)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"


def passing(transfers: Iterable[Transfer]) -> str:
    """Where the papers of those who went out are now."""
    heirs: dict[str | None, int] = {}
    for one in transfers:
        if one.giver is not None:
            heirs[one.heir] = heirs.get(one.heir, 0) + one.papers
    ended = heirs.pop(None, 0)
    named = sorted((str(heir), papers) for heir, papers in heirs.items() if papers)
    said = [f"{votes(papers)} to {heir}" for heir, papers in named]
    rest = f"{counted(ended, 'paper')} with no such preference no longer count{'s' * (ended == 1)}"
    if said:
        where = f"By the next preference for a candidate who is still in, papers pass: {listed(said)}"
        return f"{where}; {rest}." if ended else f"{where}."
    rest = (
        f"{counted(ended, 'paper')} with nobody on them who is still in no longer count{'s' * (ended == 1)}."
    )
    return rest if ended else "No paper moves."
