"""Counting a file of papers: reading, cleaning, the count itself, and every outcome of its lots."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selectorate.count.ballots import Ballots
    from selectorate.count.cleaning import Cleaned
    from selectorate.count.constraints import Constraints
    from selectorate.count.objects import Sheet, Tie
    from selectorate.count.rulesets import Ruleset

BYTES_MAX = 256 * 1024 * 1024
SEVERAL = ("quota", "seats")
"""Questions that only rule sets for several winners answer."""


@dataclass(frozen=True, slots=True)
class Contest:
    """A file of papers, read and cleaned by one rule set. seats: as asked for, else as the file says;
    constraints: places for groups, where they were asked for."""

    ballots: Ballots
    cleaned: Cleaned
    ruleset: Ruleset
    seats: int
    constraints: Constraints | None = None

    def count(self, seed: str | None) -> Sheet:
        """The sheet, with what was cleaned. Raises Refusal `count.tie` where a lot is needed and there is no seed,
        and what the engine refuses."""
        from selectorate.count.ties import Draw

        return self._counted(Draw(seed))

    def until_lot(self, stage: int) -> tuple[Sheet, Tie | None]:
        """The sheet up to its first lot, which is at that stage, and the tie that needs it."""
        from selectorate.count.sheets import cut
        from selectorate.count.ties import Draw

        return cut.until_lot(self._counted(Draw(script=())), stage)

    def outcomes(self) -> Counter[tuple[str, ...]]:
        """Over every outcome of every lot: who is elected (sorted) -> in how many outcomes.

        Raises Refusal `count.universes` if there are too many to try.
        """
        from selectorate.count import ties

        found: Counter[tuple[str, ...]] = Counter()
        for sheet in ties.universes(self._counted):
            found[tuple(sorted(sheet.elected))] += 1
        return found

    def _counted(self, draw: Any) -> Sheet:
        from selectorate.count import cleaning, methods

        # A sheet of this family says why papers count no longer, so it is told what cut them short.
        told = self.ruleset.family == "rounds" and self.cleaned.ends
        papers = cleaning.sheaves(self.cleaned) if told else self.cleaned.papers
        sheet = methods.count(
            papers,
            self.ruleset,
            self.seats,
            draw=draw,
            digest=self.ballots.digest,
            constraints=self.constraints,
        )
        return replace(
            sheet,
            cleaning=(*self.cleaned.report, *sheet.cleaning),
            withdrawn=sheet.withdrawn or self.cleaned.withdrawn,
            anchor=self.ruleset.anchor,
            title=self.ruleset.title,
        )


def contest(
    path: Path,
    ruleset: Ruleset,
    seats: int | None,
    which: str | None = None,
    about: Path | None = None,
    groups: Path | None = None,
) -> Contest:
    """A file read and cleaned. which: one contest of several in the file. about: a contest's own file beside it.
    groups: a file of places for groups.

    Raises Refusal `file.*`, `count.file*`, `count.papers`, `count.constraints`.
    """
    from selectorate.count import cleaning, readers
    from selectorate.count.constraints.read import read_groups
    from selectorate.office import files

    data = files.read(path, bytes_max=BYTES_MAX)
    beside = None
    if about is not None:
        beside = readers.read_contest(files.read(about, bytes_max=BYTES_MAX), about.name)
    ordered = _answer(ruleset, "papers") == "in recorded order"
    ballots = readers.read_ballots(data, path.name, keep_order=ordered, contest=which, about=beside)
    cleaned = cleaning.clean(ballots, ruleset)
    bounds = None if groups is None else read_groups(files.read(groups, bytes_max=BYTES_MAX))
    return Contest(ballots, cleaned, ruleset, ruleset.seats(seats, ballots.seats) or _seats(ruleset), bounds)


def _answer(ruleset: Ruleset, question: str) -> object:
    return next((one.answer for one in ruleset.questions if one.name == question), None)


def _seats(ruleset: Ruleset) -> int:
    """One, where nobody says how many and the rule set knows no quota; else 0, which is refused with the remedy."""
    return 0 if any(_answer(ruleset, one) is not None for one in SEVERAL) else 1


def seed_of(seed: str | None, randomness: str | None) -> str | None:
    """The seed for lots: what was committed, joined with public randomness if there is any."""
    from selectorate.count import ties

    if seed is None or randomness is None:
        return seed
    return ties.seed_of(seed, randomness)
