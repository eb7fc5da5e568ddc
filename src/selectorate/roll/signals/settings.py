"""The constants of the signals, from `signals.toml`, each with its reason there."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """Whole numbers only. digest: SHA-256 of the file, which stands in every result."""

    years_max: int
    small_roll: int
    stained_years: int
    stained_of: int
    known_numerator: int
    known_denominator: int
    units_cap: int
    prior_members: int
    prior_millionths: int
    prior_falls: int
    edge: int
    homes_min: int
    group_max: int
    links_year_max: int
    full_house: int
    soft_cap: int
    soft_floor: int
    weak_homes_max: int
    warehouse_days: int
    cohort_days: int
    scatter: int
    rejoin_homes: int
    rejoin_chance: int
    rejoin_told: int
    surge_joins: int
    surge_chance: int
    surge_years: int
    surge_scatter: int
    surge_restless: int
    branch_prior: int
    blocks_years: int
    blocks_homes: int
    blocks_rare: int
    blocks_usual: int
    blocks_least: int
    blocks_apart: int
    blocks_season_days: int
    blocks_season_years: int
    network_members: int
    pooled_floor: int
    edits_day: int
    edits_week: int
    edits_month: int
    edits_homes: int
    edits_evenly: int
    edits_floor: int
    heard_vote: int
    receipts_homes: int
    receipts_minutes: int
    exclusions_members: int
    exclusions_times: int
    exclusions_days: int
    signins_least: int
    enough: int
    step_least: int
    step_most: int
    weight_step: int
    chance_grave: int
    chance_notice: int
    ask_homes: int
    now_homes: int
    vote_homes: int
    digest: str

    @property
    def known(self) -> float:
        """The share of a count that explains it where a row is known for so many."""
        return self.known_denominator / self.known_numerator


def parsed(text: bytes) -> Settings:
    values: dict[str, Any] = tomllib.loads(text.decode())
    known = {each.name for each in fields(Settings)} - {"digest"}
    if set(values) != known or not all(type(value) is int for value in values.values()):
        raise ValueError(f"signals.toml does not have exactly {sorted(known)} as whole numbers")
    return Settings(**values, digest=hashlib.sha256(text).hexdigest())


@cache
def settings() -> Settings:
    """The settings that come with this version."""
    return parsed(resources.files("selectorate.roll.signals").joinpath("signals.toml").read_bytes())
