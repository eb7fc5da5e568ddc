"""The door for whoever counts from Python: `read_ballots(path)`, `count(ballots, ruleset("scottish-stv"), seats=4)`.

The one place in the rooms that opens a file, and only to read it (ARCHITECTURE.md, invariant 1). Everything else
here chooses between the two paths: the fast one for files of many different rankings, the readable engine with its
sentences for all else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, Protocol, runtime_checkable

from selectorate.count import fast, methods, readers, rulesets
from selectorate.count.ballots import Ballots
from selectorate.count.cleaning import Cleaned, clean
from selectorate.count.fast import PackedBallots
from selectorate.count.fields import SEATS_MAX
from selectorate.count.objects import Profile, Sheet
from selectorate.count.readers.lines import BYTES_MAX
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse

MANY = 2_000
"""From so many different rankings on, the fast path counts where nothing else is asked for."""

Path = Literal["fast", "readable"]


@runtime_checkable
class _Named(Protocol):
    """A path object."""

    def __fspath__(self) -> str: ...


def ruleset(name: str) -> Ruleset:
    """The rule set of that name. Raises Refusal `count.ruleset` with the names there are."""
    return rulesets.load(name)


def read_ballots(source: str | bytes | _Named, *, keep_order: bool = False) -> Ballots | PackedBallots:
    """The papers of a file: a path, or its bytes. Large plain files stay packed with the kernel.

    keep_order: keep the order of single papers, for rule sets that move whole papers. Raises Refusal
    `file.unreadable`, `file.size`, and what `readers.read_ballots` raises.
    """
    data, name = (source, "the papers") if isinstance(source, bytes) else _opened(source)
    packed = None if keep_order else fast.read(data)
    return packed if packed is not None else readers.read_ballots(data, name, keep_order=keep_order)


def _opened(source: str | _Named) -> tuple[bytes, str]:
    path = source if isinstance(source, str) else source.__fspath__()
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read(BYTES_MAX + 1)
    except OSError as reason:
        raise refuse("file.unreadable", file=path, because=reason.strerror or "it cannot be opened") from None
    return data, path.rpartition("/")[2]


def count(
    ballots: Ballots | PackedBallots | methods.Papers,
    rules: Ruleset,
    seats: int = 0,
    *,
    seed: str | None = None,
    path: Path | None = None,
) -> Sheet:
    """The sheet of these papers by this rule set. seats: 0 for what the file says, or one.

    seed: for lots; without one, a tie that needs a lot is refused. path: "fast" or "readable", to insist.
    Raises Refusal `count.seats`, `count.empty`, `count.tie`, `count.papers`, and `count.path` where the fast path is
    insisted on and does not know the rule set.
    """
    seats = rules.seats(seats, getattr(ballots, "seats", 0)) or 1
    if not 1 <= seats <= SEATS_MAX:
        raise refuse("count.seats", found=seats, allowed=SEATS_MAX)
    if isinstance(ballots, PackedBallots):
        # packed papers have lost their order: where it counts, the readable engine draws one and says so
        ordered = any(one.name == "papers" and one.answer == "in recorded order" for one in rules.questions)
        if path == "fast" or (path is None and len(ballots.packed) >= MANY and not ordered):
            sheet = fast.count_ballots(ballots, rules, seats, seed)
            if sheet is not None:
                return sheet
            _insisted(path, rules)
        ballots = ballots.unpacked()
    cleaned = clean(ballots, rules) if isinstance(ballots, Ballots) else Cleaned(ballots, ())
    digest = ballots.digest if isinstance(ballots, Ballots) else methods.NO_FILE
    papers = cleaned.papers
    sheet = None
    if path == "fast":
        if isinstance(papers, Profile) and papers.papers and rules.family in fast.FAMILIES:
            sheet = fast.count(papers, rules, seats, seed, digest)
        if sheet is None:
            _insisted(path, rules)
    if sheet is None:
        sheet = methods.count(papers, rules, seats, draw=Draw(seed), digest=digest)
    if isinstance(ballots, Ballots):
        sheet = replace(sheet, cleaning=cleaned.report, withdrawn=cleaned.withdrawn, title=ballots.title)
    return sheet


def _insisted(path: Path | None, rules: Ruleset) -> None:
    if path == "fast":
        raise refuse("count.path", name=rules.name)
