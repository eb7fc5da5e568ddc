"""Branches, households, and where they live. Numbers only: a token is a whole number that stands for a thing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from bench.roll.stacking.parameters import Parameters
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
STRATA = ("general", "large household", "student", "care", "cash", "low diversity")
GENERAL, LARGE, STUDENT, CARE, CASH, LOW = range(6)
COMMUNITIES = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class Homes:
    """One element a household, in the order of branches. building and dwelling: tokens, -1 where not known."""

    branches: int
    branch: Ints
    stratum: Ints
    community: Ints
    size: Ints
    building: Ints
    dwelling: Ints


def homes(members: int, p: Parameters, dice: np.random.Generator) -> Homes:
    """Households for so many members; the last one may be cut."""
    branches = max(8, members // int(p["branch_members"]))
    weight = dice.lognormal(0.0, p["branch_sigma"], branches)
    branch = np.sort(
        dice.choice(branches, size=members, p=weight / weight.sum())
    )  # more than enough; cut below
    stratum = _clustered(p["strata"], p["clustering"], branch, branches, dice)
    community = _clustered(p["communities"], p["clustering"], branch, branches, dice)
    size = _sizes(stratum, community, p, dice)
    keep, size = cut(size, members, dice)
    branch, stratum, community = branch[keep], stratum[keep], community[keep]
    building, dwelling = _addresses(branch, branches, stratum, community, p, dice)
    return Homes(branches, branch, stratum, community, size, building, dwelling)


def _clustered(
    mix: list[float], strength: float, branch: Ints, branches: int, dice: np.random.Generator
) -> Ints:
    """A kind for each, drawn from its branch's own mix."""
    shares = np.maximum(np.array(mix), 1e-9) * strength
    limits = dice.dirichlet(shares, branches).cumsum(axis=1)
    drawn = dice.random(branch.size)
    kind = np.zeros(branch.size, dtype=np.int64)
    for column in range(len(mix) - 1):
        kind += drawn > limits[branch, column]
    return kind


def _sizes(stratum: Ints, community: Ints, p: Parameters, dice: np.random.Generator) -> Ints:
    number = stratum.size
    alone = (stratum == STUDENT) | (stratum == CARE)
    as_large = dice.random(number) < np.array(p["large_by_community"])[community]
    large = (stratum == LARGE) | (as_large & ~alone)
    size = 1 + dice.choice(len(p["household_general"]), size=number, p=p["household_general"])
    many = 1 + dice.choice(len(p["household_large"]), size=number, p=p["household_large"])
    size = np.where(large, many, size)
    return np.where(alone, 1, size).astype(np.int64)


def cut(size: Ints, members: int, dice: np.random.Generator) -> tuple[Ints, Ints]:
    """Households at random until there are exactly so many members, in their old order; one may be made smaller."""
    order = dice.permutation(size.size)
    enough = int(np.searchsorted(size[order].cumsum(), members)) + 1
    kept = np.sort(order[:enough])
    left = size[kept]
    over = int(left.sum()) - members
    left[np.flatnonzero(left > over)[-1]] -= over
    return kept, left


def _addresses(
    branch: Ints, branches: int, stratum: Ints, community: Ints, p: Parameters, dice: np.random.Generator
) -> tuple[Ints, Ints]:
    number = branch.size
    own = np.arange(number, dtype=np.int64)
    building, dwelling = own.copy(), own.copy()
    token = number
    plain = (stratum != STUDENT) & (stratum != CARE)
    # blocks of flats
    block = plain & (dice.random(number) < p["block_share"])
    a_branch = np.bincount(branch[block], minlength=branches)
    blocks = np.maximum(1, np.ceil(a_branch / p["block_households"])).astype(np.int64)
    first = token + np.concatenate([[0], blocks.cumsum()[:-1]])
    building[block] = (first[branch] + (dice.random(number) * blocks[branch]).astype(np.int64))[block]
    token += int(blocks.sum())
    unnumbered = np.array(p["unit_missing_block"])[community]
    dwelling[block & (dice.random(number) < unnumbered)] = -1
    # an address that several homes share: everybody there seems to live in one dwelling
    rural = plain & ~block & (dice.random(number) < np.array(p["rural_shared"])[community])
    sites = np.maximum(1, np.bincount(branch[rural], minlength=branches) // int(p["rural_households"]))
    first = token + np.concatenate([[0], sites.cumsum()[:-1]])
    site = first[branch] + (dice.random(number) * sites[branch]).astype(np.int64)
    building[rural] = site[rural]
    dwelling[rural] = site[rural]
    token += int(sites.sum())
    # halls and care homes
    for kind, places, missing in (
        (STUDENT, int(p["halls"]), p["unit_missing_hall"]),
        (CARE, int(p["care_homes"]), p["unit_missing_care"]),
    ):
        there = stratum == kind
        which = token + branch * places + dice.integers(0, places, number)
        building[there] = which[there]
        dwelling[there & (dice.random(number) < missing)] = -1
        token += branches * places
    return building, dwelling
