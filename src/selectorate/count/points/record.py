"""The sheet of a method without transfers, and its numbers in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Protocol

from selectorate.canon import Digest
from selectorate.count.objects import Number, Sheet, Stage, Table, Tie
from selectorate.count.rulesets import Ruleset
from selectorate.errors import refuse


class Counted(Protocol):
    """What every kind of papers says of itself."""

    @property
    def candidates(self) -> tuple[str, ...]: ...
    @property
    def blank(self) -> int: ...
    @property
    def invalid(self) -> int: ...
    @property
    def valid(self) -> int: ...


def draw_up(
    papers: Counted,
    ruleset: Ruleset,
    seats: int,
    digest: Digest,
    *,
    stages: Sequence[Stage],
    ties: Sequence[Tie],
    elected: Sequence[str],
    tables: Sequence[Table] = (),
    cleaning: Sequence[tuple[str, int]] = (),
    remarks: Sequence[str] = (),
) -> Sheet:
    """The sheet; seats that nobody is left to fill are vacant."""
    return Sheet(
        ruleset=ruleset.name,
        seats=seats,
        candidates=papers.candidates,
        valid=papers.valid,
        blank=papers.blank,
        invalid=papers.invalid,
        papers=digest,
        quota=None,
        stages=tuple(stages),
        ties=tuple(ties),
        elected=tuple(elected),
        places=0,
        vacant=seats - len(elected),
        tables=tuple(tables),
        cleaning=tuple(cleaning),
        remarks=tuple(remarks),
        anchor=ruleset.anchor,
    )


def one_seat_only(ruleset: Ruleset, seats: int) -> None:
    """Raises Refusal `count.unfit` where a method for one winner is asked to fill more."""
    if seats > 1:
        raise refuse("count.unfit", name=ruleset.name, because=f"it fills one seat, not {seats}")


def amount(number: Number) -> str:
    """A number as a sentence writes it: 1842 is "1,842"; a fraction stays one: "7/2"."""
    if isinstance(number, Fraction) and number.denominator != 1:
        return f"{number.numerator:,}/{number.denominator:,}"
    return f"{int(number):,}"


def counted(number: Number, noun: str) -> str:
    """ "1 vote", "1,842 votes", "7/2 votes"; a noun that is no plain word ("on average") stays as it is."""
    return f"{amount(number)} {noun if number == 1 or ' ' in noun else noun + 's'}"


def listed(names: Iterable[str]) -> str:
    """ "Ash", "Ash and Beech", "Ash, Beech and Cedar"."""
    found = list(names)
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + f" and {found[-1]}"


def outcome(figures: dict[str, Number], elected: Sequence[str], noun: str) -> str:
    """Who is elected with what, and how far behind the best of the others is."""
    verb = "is" if len(elected) == 1 else "are"
    won = listed(f"{name} with {counted(figures[name], noun)}" for name in elected)
    others = sorted((name for name in figures if name not in elected), key=lambda one: (-figures[one], one))
    if not others:
        return f"{won} {verb} elected; nobody else stands."
    last, best = elected[-1], others[0]
    gap = figures[last] - figures[best]
    if gap == 0:
        return f"{won} {verb} elected; {best} has as many as {last}, and the tie was decided as listed."
    return (
        f"{won} {verb} elected; {best} is next with {amount(figures[best])}, {amount(gap)} fewer than {last}."
    )
