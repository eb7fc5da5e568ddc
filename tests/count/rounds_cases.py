"""What the tests of counting by rounds share: contests as they lie in the folder of outside data."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.count.papers import NO_FILE

from selectorate.count.ballots import OVERVOTE, Ballots, Marks
from selectorate.count.objects import Profile

WRITE_INS = "Undeclared write-ins"


def contest(folder: Path, name: str) -> Ballots:
    """A US contest: `count,rank1,rank2 ...`, reading only the ranks that its rules allow."""
    rules = json.loads((folder / f"{name}_rules.json").read_text())
    names = (*(one["name"] for one in rules["candidates"]), WRITE_INS)
    at = {one: place for place, one in enumerate(names)}
    tokens: dict[str, tuple[int, ...]] = {
        "": (), "undervote": (), "overvote": (OVERVOTE,), "UWI": (at[WRITE_INS],),
    }  # fmt: skip
    papers: list[tuple[Marks, int]] = []
    with (folder / f"{name}_ballots.csv").open(newline="") as file:
        for number, *cells in csv.reader(file):
            ranks = [cell.strip() for cell in cells[: int(rules["rules"]["maxRankingsAllowed"])]]
            papers.append(
                (tuple(tokens[cell] if cell in tokens else (at[cell],) for cell in ranks), int(number))
            )
    return Ballots("ranks", names, tuple(papers), "ranks as columns", NO_FILE)


class Report:
    """RCTab's report of a contest, by its row names. Each round has three cells: votes, share, transfer."""

    def __init__(self, folder: Path, name: str) -> None:
        with (folder / f"{name}_expected.csv").open(newline="") as file:
            self.rows = {row[0]: row[1:] for row in csv.reader(file) if row}
        self.rounds = sum(cell.endswith(" Votes") for cell in self.rows["Rounds"])

    def whole(self, row: str) -> list[int]:
        """A row's figure at each round."""
        return [int(cell) for cell in self.rows[row][: 3 * self.rounds : 3]]

    def lost(self, row: str) -> list[int]:
        """A row of inactive ballots at each round (its third cell is what is added)."""
        return self.whole(row)

    def named(self, row: str) -> list[set[str]]:
        """Who is named at each round, as our candidates are called."""
        cells = self.rows[row][: 3 * self.rounds : 3]
        return [
            {
                one.strip().rstrip("*").replace("Undeclared Write-ins", WRITE_INS)
                for one in cell.split(";")
                if one.strip()
            }
            for cell in cells
        ]


def margin_irv(text: str) -> Profile:
    """margin-irv's ballots: candidate ids, labels, a line, then `(ranking) : count`."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    ids = [one.strip() for one in lines[0].split(",")]
    names = tuple(f"Candidate {one}" for one in ids)
    counts: dict[tuple[int, ...], int] = {}
    for line in lines:
        ranking, colon, number = line.rpartition(":")
        inside = ranking.strip().removeprefix("(").removesuffix(")").strip(", ")
        if not colon or not ranking.strip().startswith("(") or not inside:
            continue
        places = tuple(ids.index(one.strip()) for one in inside.split(","))
        counts[places] = counts.get(places, 0) + int(number)
    return Profile.gather(names, counts)


def raire(data: bytes) -> Profile:
    """raire-rs' JSON: candidates' names, and rankings with their numbers."""
    plain = json.loads(data)
    counts: dict[tuple[int, ...], int] = {}
    for vote in plain["votes"]:
        if vote["prefs"]:
            ranking = tuple(vote["prefs"])
            counts[ranking] = counts.get(ranking, 0) + vote["n"]
    return Profile.gather(tuple(plain["metadata"]["candidates"]), counts)
