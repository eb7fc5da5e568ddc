"""What a detector found, held against the truth of one roll.

Definitions. *Stacked*: members of an operation of the last year (the eight kinds). *Honest*: members of no operation
at all; those of earlier years' operations and those whose contacts were hijacked count on neither side. A member is
*flagged* at a bar of 0.2 % when their evidence is above the lowest value that keeps the flagged honest members at or
below 0.2 % of all honest ones; a tie is flagged whole or not at all. A finding is *right* when more than half of its
members belong to operations (of any year, hijacked and excluded members included). An operation is *hit* when a right
finding holds three or more of its members who leave a trace and at least a third of them. Findings that name no
members speak of a branch: they are counted apart, right when the branch has stacked members.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from bench.roll.stacking.homes import COMMUNITIES, STRATA, Bools, Ints
from bench.roll.stacking.operations import KINDS
from bench.roll.stacking.running import Found
from numpy.typing import NDArray

BARS = (0.001, 0.002, 0.005, 0.01)
MAIN_BAR = 1  # 0.2 %
BANDS = ((8, 15), (16, 40), (41, 10**9))
OTHER_KINDS = ("hijack", "exclusion")
FIRST = 10
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Truth:
    """Arrays by member_id. kind: place in KINDS, then hijack and exclusion, 99 an operation of an earlier year, -1."""

    branch: Ints
    operation: Ints
    kind: Ints
    community: Ints
    stratum: Ints
    drive: Ints
    trace: Bools

    @property
    def honest(self) -> Bools:
        return (self.kind < 0) & (self.community >= 0)

    @property
    def stacked(self) -> Bools:
        return (self.kind >= 0) & (self.kind < len(KINDS))


def truth(folder: Path) -> Truth:
    """Reads the truth of a roll; branches come from the members."""
    table = pq.read_table(folder / "truth" / "truth.parquet")
    ids = table["member_id"].to_numpy()
    order = np.argsort(ids)
    codes = {name: place for place, name in enumerate((*KINDS, *OTHER_KINDS))} | {"": -1}

    def coded(column: str, known: dict[str, int], otherwise: int) -> Ints:
        packed = table[column].cast(pa.string()).combine_chunks().dictionary_encode()
        values = np.array([known.get(one.as_py(), otherwise) for one in packed.dictionary], dtype=np.int64)
        return np.asarray(values[packed.indices.to_numpy()][order])

    places = {name: place for place, name in enumerate(COMMUNITIES)}
    strata = {name: place for place, name in enumerate(STRATA)}
    members = pq.read_table(folder / "roll" / "members.parquet", columns=["member_id", "branch"])
    branch = np.full(ids.size, -1, dtype=np.int64)
    branch[members["member_id"].to_numpy()] = members["branch"].to_numpy()
    return Truth(
        branch=branch,
        operation=table["operation"].to_numpy()[order],
        kind=coded("kind", codes, 99),
        community=coded("community", places, -1),
        stratum=coded("stratum", strata, -1),
        drive=coded("drive", {"": 0, "undeclared": 1, "declared": 2}, 0),
        trace=table["leaves_trace"].to_numpy()[order].astype(np.bool_),
    )


@dataclass(frozen=True, slots=True)
class Score:
    """One detector on one roll. Shares are 0 to 1; nan where there was nothing to find. The bars run along BARS.

    honest: share flagged; precision: of the flagged who are stacked or honest, the stacked; recall, traceable: of the
    stacked; kinds, kinds_traceable: kind x bar; bands: size x bar;
    drives: share of honest participants flagged at the main bar, (undeclared, declared), last year's;
    groups: per branch, at the main bar: honest flagged and honest in each community, then in each stratum.
    """

    honest: Floats
    precision: Floats
    recall: Floats
    traceable: Floats
    kinds: Floats
    kinds_traceable: Floats
    bands: Floats
    first: float
    as_many: float
    hit: float
    hit_kinds: dict[str, float]
    drives: tuple[float, float]
    flagged_by_branch: Floats
    members_by_branch: Floats
    whole: tuple[float, float]
    severities: tuple[int, int, int, int]
    named: int
    branches: int
    branches_right: float
    seconds: float
    worked: float
    memory: float


def share(flagged: Bools, among: Bools) -> float:
    """How many of `among` are flagged; nan where there are none."""
    number = int(among.sum())
    return float((flagged & among).sum() / number) if number else float("nan")


def above(evidence: Floats, honest: Bools, bar: float) -> Bools:
    """Who is flagged when at most `bar` of the honest may be: by ties, whole or not at all."""
    allowed = int(bar * honest.sum())
    known = evidence[honest]
    known = known[known > 0]
    if known.size <= allowed:
        return np.asarray(evidence > 0)
    limit = np.partition(known, known.size - allowed - 1)[known.size - allowed - 1]
    return np.asarray(evidence > limit)


def score(found: Found, true: Truth, recent: Bools) -> Score:
    """Holds what was found against the truth. recent: by member_id, who joined, renewed or came in the last year."""
    evidence = np.zeros(true.kind.size)
    evidence[found.member] = found.evidence
    honest, stacked = true.honest, true.stacked
    bars = [above(evidence, honest, bar) for bar in BARS]
    size = np.bincount(true.operation[stacked], minlength=1) if stacked.any() else np.zeros(1, dtype=np.int64)
    of = np.where(stacked, size[np.where(stacked, true.operation, 0)], 0)
    flagged = bars[MAIN_BAR]
    in_drive = [honest & recent & (true.drive == drive) for drive in (1, 2)]
    by_branch = _by_branch(true, flagged & honest), _by_branch(true, honest)
    first, as_many, hit, hit_kinds = _groups(found, true)
    about_branch = [one for one in found.findings if not one.members.size]
    right_branch = np.unique(true.branch[stacked])
    return Score(
        honest=np.array([share(one, honest) for one in bars]),
        precision=np.array([share(stacked, one & (stacked | honest)) for one in bars]),
        recall=np.array([share(one, stacked) for one in bars]),
        traceable=np.array([share(one, stacked & true.trace) for one in bars]),
        kinds=np.array([[share(one, true.kind == kind) for one in bars] for kind in range(len(KINDS))]),
        kinds_traceable=np.array(
            [[share(one, (true.kind == kind) & true.trace) for one in bars] for kind in range(len(KINDS))]
        ),
        bands=np.array(
            [[share(one, true.trace & (of >= low) & (of <= high)) for one in bars] for low, high in BANDS]
        ),
        first=first,
        as_many=as_many,
        hit=hit,
        hit_kinds=hit_kinds,
        drives=(share(flagged, in_drive[0]), share(flagged, in_drive[1])),
        flagged_by_branch=by_branch[0],
        members_by_branch=by_branch[1],
        whole=(share(evidence > 0, honest), share(evidence > 0, stacked)),
        severities=severities(found),
        named=len(found.findings) - len(about_branch),
        branches=len(about_branch),
        branches_right=_mean([one.branch in right_branch for one in about_branch]),
        seconds=found.seconds,
        worked=found.worked,
        memory=found.memory,
    )


def severities(found: Found) -> tuple[int, int, int, int]:
    """How many findings of severity 1, 2, 3, 4."""
    counts = [sum(one.severity == level for one in found.findings) for level in range(1, 5)]
    return counts[0], counts[1], counts[2], counts[3]


def _by_branch(true: Truth, who: Bools) -> Floats:
    """Branch x (communities, strata): how many."""
    branches = int(true.branch.max()) + 1
    columns = [
        np.bincount(true.branch[who & (kind == place)], minlength=branches)
        for kind, places in ((true.community, len(COMMUNITIES)), (true.stratum, len(STRATA)))
        for place in range(places)
    ]
    return np.array(columns, dtype=np.float64).T


def _mean(values: list[bool]) -> float:
    return float(np.mean(values)) if values else float("nan")


def _groups(found: Found, true: Truth) -> tuple[float, float, float, dict[str, float]]:
    """Right among the first ten and among as many as there are operations; operations hit, and by kind."""
    named = [one for one in found.findings if one.members.size]
    involved = true.operation >= 0
    right = [bool(involved[one.members].mean() > 0.5) for one in named]
    now = involved & (true.kind < 99)
    wanted = np.bincount(true.operation[now & true.trace]) if now.any() else np.zeros(0, dtype=np.int64)
    kind_of = np.full(wanted.size, -1)
    kind_of[true.operation[now & true.trace]] = true.kind[now & true.trace]
    got = np.zeros(wanted.size, dtype=np.bool_)
    for one, is_right in zip(named, right, strict=True):
        there = true.operation[one.members]
        there = there[(there >= 0) & now[one.members] & true.trace[one.members]]
        if is_right and there.size:
            count = np.bincount(there, minlength=wanted.size)
            got |= (count >= 3) & (count * 3 >= wanted)
    operations = np.unique(true.operation[now]).size
    known = wanted > 0
    names = (*KINDS, *OTHER_KINDS)
    by_kind = {
        name: float(got[kind_of == place].mean()) if (kind_of == place).any() else float("nan")
        for place, name in enumerate(names)
    }
    return (
        _mean(right[:FIRST]),
        _mean(right[:operations]),
        float(got[known].mean()) if known.any() else float("nan"),
        by_kind,
    )


def bootstrap(flagged: Floats, members: Floats, seed: int, times: int = 1000) -> dict[str, tuple[float, ...]]:
    """Gap (percentage points) and ratio of honest flag rates over groups, with 95 % intervals over branches.

    Shape: branch x group. A group that no branch has is left out. Gives gap, its 2.5 and 97.5 percentiles, ratio, its.
    """
    keep = members.sum(axis=0) > 0
    flagged, members = flagged[:, keep], members[:, keep]
    dice = np.random.default_rng(seed)
    branches = members.shape[0]

    def both(hit: Floats, all_of: Floats) -> tuple[Floats, Floats]:
        rate = hit / np.maximum(all_of, 1)
        high, low = rate.max(axis=-1), rate.min(axis=-1)
        return 100 * (high - low), np.where(
            low > 0, high / np.where(low > 0, low, 1), np.where(high > 0, np.inf, 1.0)
        )

    gaps, ratios = [], []
    for _ in range(times):
        weight = np.bincount(dice.integers(0, branches, branches), minlength=branches).astype(np.float64)
        gap, ratio = both(weight @ flagged, weight @ members)
        gaps.append(float(gap))
        ratios.append(float(ratio))
    gap, ratio = both(flagged.sum(axis=0), members.sum(axis=0))
    rate = tuple(float(one) for one in 100 * flagged.sum(axis=0) / members.sum(axis=0))
    return {
        "rates": rate,
        "gap": (float(gap), _quantile(gaps, 0.025), _quantile(gaps, 0.975)),
        "ratio": (float(ratio), _quantile(ratios, 0.025), _quantile(ratios, 0.975)),
    }


def _quantile(values: list[float], at: float) -> float:
    """Of values of which some may be infinite: the one at that place."""
    return sorted(values)[min(len(values) - 1, round(at * (len(values) - 1)))]
