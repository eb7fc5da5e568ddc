"""What an operation must spend so that a detector flags less than half of it: an adversary who may ask the detector.

The adversary wants so many votes in one branch of a roll, and is told after every try which of the members are
flagged at a bar of 0.2 % of the honest members of that roll. The most careful way (everything of one's own, eight
months) comes first; if it passes, each resource in turn is spared as far as less than half stays flagged, the dear
ones first, then again the cheap ones first, and the cheapest way met is told. It is then tried on rolls that it was
not found on. The fixed rule knows no bar: there, flagged is whoever it names.

No real adversary can ask like this: who holds the roll and the detector runs the selection. So the figures are a
lower bound for this kind of search, and an upper bound for nothing: a cleverer search may find a cheaper way.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from bench.roll.stacking.homes import Ints
from bench.roll.stacking.parameters import Parameters
from bench.roll.stacking.running import FREEZE, Detector
from bench.roll.stacking.scoring import BARS, MAIN_BAR, Truth, above, truth

RESOURCES = ("payers", "devices", "contacts", "homes", "days")
LAST_JOINING = 30  # days before the freeze: nobody comes on the very last
FRESH = 1 << 50  # tokens that no roll has: theirs have fifty bits
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Way:
    """Places in the steps of each resource: 0 is careless."""

    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Try:
    """What came of it. flagged, named: shares of the operation above the bar, and in any finding.

    branch: whether a finding speaks of its branch alone."""

    way: Way
    price: float
    flagged: float
    named: float
    branch: bool


class Ground:
    """One roll on which operations are tried: its tables, its truth, and a branch with room."""

    def __init__(self, folder: Path, votes: int, seed: int) -> None:
        self.folder = folder
        self.true: Truth = truth(folder)
        table = pq.read_table(folder / "roll" / "members.parquet")
        self.columns = {name: table[name].to_numpy().copy() for name in table.column_names}
        dice = np.random.default_rng(seed)
        honest = self.true.honest[self.columns["member_id"]]
        sizes = np.bincount(self.columns["branch"][honest])
        roomy = np.flatnonzero((sizes >= 3 * votes) & (sizes <= 12 * votes))
        if not roomy.size:
            raise ValueError(f"no branch of this roll has three to twelve times {votes} honest members")
        self.branch = int(dice.choice(roomy))
        rows = np.flatnonzero(honest & (self.columns["branch"] == self.branch))
        self.rows = dice.permutation(rows)[:votes]
        self.order = dice.permutation(votes)

    def attempt(self, way: Way, detector: Detector, p: Parameters) -> Try:
        """Writes the roll with the operation in it, and asks."""
        place = self.folder / "tried"
        if not place.exists():
            shutil.copytree(self.folder / "roll", place)
        changed = self._stacked(way, p)
        pq.write_table(pa.table(changed), place / "members.parquet", use_dictionary=False)
        found = detector.look(place)
        evidence = np.zeros(self.true.kind.size)
        evidence[found.member] = found.evidence
        theirs = np.zeros(self.true.kind.size, dtype=np.bool_)
        theirs[self.columns["member_id"][self.rows]] = True
        bar = above(evidence, self.true.honest & ~theirs, BARS[MAIN_BAR])
        flagged = bar if detector.barred else evidence > 0
        named = np.zeros_like(theirs)
        for one in found.findings:
            named[one.members] = True
        return Try(
            way,
            price(way, self.rows.size, p),
            float(flagged[theirs].mean()),
            float(named[theirs].mean()),
            any(one.branch == self.branch and not one.members.size for one in found.findings),
        )

    def _stacked(self, way: Way, p: Parameters) -> dict[str, Ints]:
        columns = {name: values.copy() for name, values in self.columns.items()}
        rows, votes = self.rows, self.rows.size
        amount = dict(zip(RESOURCES, amounts(way, votes, p), strict=True))
        days = int(amount["days"])
        columns["join_day"][rows] = FREEZE - LAST_JOINING - days + self.order * days // votes
        for name in ("renewal_day", "transfer_day", "recruiter", "cash_collector"):
            columns[name][rows] = -1
        # the accounts of those who join one after the other are different ones: neighbours in time share nothing
        turn = self.order
        columns["payer"][rows] = FRESH + turn % int(amount["payers"])
        columns["device"][rows] = columns["ip"][rows] = FRESH + turn % int(amount["devices"])
        columns["phone"][rows] = FRESH + turn % int(amount["contacts"])
        columns["email"][rows] = FRESH + turn % int(amount["contacts"])
        columns["building"][rows] = columns["dwelling"][rows] = FRESH + turn % int(amount["homes"])
        return columns


def amounts(way: Way, votes: int, p: Parameters) -> list[float]:
    """Accounts, devices, contacts, homes, days."""
    found: list[float] = []
    for name, place in zip(RESOURCES, way.places, strict=True):
        step = p["evade_steps"][name][place]
        found.append(step if name == "days" else 1 if step == 0 else -(-votes // step))
    return found


def price(way: Way, votes: int, p: Parameters) -> float:
    """Of all of it, in the unit of `evade_price`."""
    return float(
        sum(
            p["evade_price"][name] * amount
            for name, amount in zip(RESOURCES, amounts(way, votes, p), strict=True)
        )
    )


def search(ground: Ground, detector: Detector, p: Parameters, budget: int) -> tuple[Try, int]:
    """The cheapest way found, or the one least flagged where none was enough; and how often the detector was asked."""
    asked: dict[Way, Try] = {}

    def ask(way: Way) -> Try | None:
        if way not in asked:
            if len(asked) >= budget:
                return None
            asked[way] = ground.attempt(way, detector, p)
        return asked[way]

    def passes(way: Way) -> bool:
        tried = ask(way)
        return tried is not None and tried.flagged < ENOUGH

    careful = Way(tuple(len(p["evade_steps"][name]) - 1 for name in RESOURCES))
    dear = sorted(range(len(RESOURCES)), key=lambda place: -p["evade_price"][RESOURCES[place]])
    if passes(careful):
        for order in (dear, dear[::-1]):
            way = careful
            for _ in range(2):  # what one resource needs may change once another is spared
                for place in order:
                    way = _spared(way, place, passes)
    enough = [one for one in asked.values() if one.flagged < ENOUGH]
    if enough:
        return min(enough, key=lambda one: (one.price, one.flagged)), len(asked)
    return min(asked.values(), key=lambda one: one.flagged), len(asked)


def _spared(way: Way, place: int, passes: Callable[[Way], bool]) -> Way:
    """The most careless step of one resource that still passes, by halving; it takes for granted that care helps."""

    def at(step: int) -> Way:
        return Way((*way.places[:place], step, *way.places[place + 1 :]))

    low, high = 0, way.places[place]  # high passes
    while low < high:
        middle = (low + high) // 2
        if passes(at(middle)):
            high = middle
        else:
            low = middle + 1
    return at(high)


CARELESS = Way((0,) * len(RESOURCES))


def told(
    detector: Detector, votes: int, tries: tuple[Try, Try], asked: int, elsewhere: list[Try], p: Parameters
) -> str:
    """The headline for one detector. tries: the careless way, and the best."""
    careless, best = tries
    payers, devices, contacts, homes, days = amounts(best.way, votes, p)
    evaded = best.flagged < ENOUGH
    said = (
        f"{detector.name}: {votes} votes"
        f" {'pass with less than half of them flagged' if evaded else 'did not pass; least flagged'}:"
        f" {payers / votes:.2f} accounts, {devices / votes:.2f} devices, {contacts / votes:.2f} contacts,"
        f" {homes / votes:.2f} homes a vote, {days:g} days ({days / votes:.1f} a vote);"
        f" {100 * best.flagged:.0f} % flagged, {100 * best.named:.0f} % in a finding,"
        f" branch {'named' if best.branch else 'not named'}; {asked} questions asked."
        f" With one account, device and contact, six to a home and a week: {100 * careless.flagged:.0f} % flagged,"
        f" {100 * careless.named:.0f} % in a finding"
    )
    if elsewhere:
        shares = ", ".join(f"{100 * one.flagged:.0f} %" for one in elsewhere)
        said += f". The same on rolls not asked about: {shares} flagged"
    return said + "."
