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
    chance_grave: int
    chance_notice: int
    ask_homes: int
    now_homes: int
    vote_homes: int
    digest: str


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
