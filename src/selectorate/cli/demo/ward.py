"""The papers of the demonstration: those of a real election, or a ward made up in the same size.

Real candidates are never shown: they appear as trees, parties are dropped.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TREES = (
    "Alder", "Ash", "Aspen", "Beech", "Birch", "Box", "Cedar", "Elder", "Elm", "Fir", "Hazel", "Holly", "Juniper",
    "Larch", "Lime", "Maple", "Oak", "Pine", "Plane", "Poplar", "Rowan", "Sallow", "Spruce", "Sycamore", "Thorn",
    "Walnut", "Whitebeam", "Willow", "Wych", "Yew",
)  # fmt: skip
LINN = ("count", "glasgow_2007_linn.csv")
"""Glasgow City Council election of 3 May 2007, ward 1 Linn: 9,567 valid papers, 11 candidates, 4 seats."""


@dataclass(frozen=True, slots=True)
class Ward:
    """candidates: trees, in the order of the file; papers: rankings as positions in `candidates`."""

    title: str
    real: bool
    seats: int
    candidates: tuple[str, ...]
    papers: tuple[tuple[int, ...], ...]


def find(ballots: Path | None, read: Callable[[Path], bytes]) -> Ward:
    """The ward to use: the file named, else the real one under $SELECTORATE_DATA, else one made up.

    Raises Refusal for a file that cannot be read or has more than 30 candidates.
    """
    if ballots is not None:
        return _from_file(ballots, read, f"papers of {ballots.name}")
    place = Path(os.environ.get("SELECTORATE_DATA") or Path("..") / "shared" / "data").joinpath(*LINN)
    if place.is_file():
        return _from_file(place, read, "Glasgow City Council 2007, ward 1 Linn (candidates shown as trees)")
    return invented()


def _from_file(path: Path, read: Callable[[Path], bytes], title: str) -> Ward:
    from selectorate.count import readers
    from selectorate.errors import refuse

    found = readers.read(read(path), path.name)
    profile = found.profile
    number = len(profile.candidates)
    if number > len(TREES):
        raise refuse("demo.candidates", file=path, found=number, allowed=len(TREES))
    papers = [paper.ranking for paper in profile.papers for _ in range(paper.number)]
    return Ward(title, True, found.seats, trees(number), tuple(papers))


def trees(number: int) -> tuple[str, ...]:
    """Names for so many candidates, spread over the alphabet."""
    step = len(TREES) / number
    return tuple(TREES[int(place * step)] for place in range(number))


def invented(papers: int = 9_567, candidates: int = 11, seats: int = 4, seed: int = 2007) -> Ward:
    """A ward of the same size for a clone alone: electors and candidates on a line, the nearer the liked."""
    draw = random.Random(seed)  # noqa: S311 - invented papers, no secret
    places = [draw.randrange(10_000) for _ in range(candidates)]
    appeal = [draw.randrange(2_500) for _ in range(candidates)]
    made = []
    for _ in range(papers):
        here = draw.choice((draw.gauss(3_000, 1_500), draw.gauss(7_000, 1_800)))
        liking = [
            abs(place - here) - extra + draw.gauss(0, 900)
            for place, extra in zip(places, appeal, strict=True)
        ]
        length = min(candidates, 1 + int(draw.expovariate(1 / 2.2)))
        order = sorted(range(candidates), key=liking.__getitem__)
        made.append(tuple(order[:length]))
    title = f"an invented ward of {papers:,} papers (no real papers were found)"
    return Ward(title, False, seats, trees(candidates), tuple(made))
