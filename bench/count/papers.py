"""A million papers of an invented contest: voters and candidates on a line, one to ten ranks, always the same."""

from __future__ import annotations

import random
import sys
from itertools import accumulate
from pathlib import Path

CANDIDATES = 10
KINDS = 400_000
SEED = 42


def write(path: Path, papers: int, orders: int = KINDS) -> None:
    """A table with one column a rank, cells the candidates' numbers. orders: voters who differ, before cutting."""
    draw = random.Random(SEED)
    places = sorted(draw.random() for _ in range(CANDIDATES))
    kinds = []
    for _ in range(orders):
        own = draw.gauss(0.5, 0.22)
        near = [abs(place - own) + draw.gauss(0, 0.085) for place in places]
        kinds.append([str(one + 1) for one in sorted(range(CANDIDATES), key=near.__getitem__)])
    weights = list(accumulate(1 / (at + 3_000) for at in range(orders)))
    heading = ",".join(f"rank {rank}" for rank in range(1, CANDIDATES + 1))
    with path.open("w", encoding="ascii") as file:
        file.write(heading + "\n")
        for order in draw.choices(kinds, cum_weights=weights, k=papers):
            file.write(",".join(order[: 1 + int(draw.random() ** 1.45 * CANDIDATES)]) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), *map(int, sys.argv[2:]))
