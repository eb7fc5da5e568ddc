"""The parameters of the invented rolls, read from `parameters.toml`; seeds drawn from the commit."""

from __future__ import annotations

import hashlib
import subprocess
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ORGANISATIONS = ("party", "union", "cooperative", "students", "charity")
DAYS_A_YEAR = 365
MOST_SHARE = 0.95


class Parameters(dict[str, Any]):
    """Value by name. `checkoff` is 0 but in a union."""


def read(organisation: str = "party", scale: float = 1.0) -> Parameters:
    """The parameters of an organisation; the main ones times `scale`.

    Raises KeyError for an organisation that the file does not name.
    """
    with (HERE / "parameters.toml").open("rb") as file:
        found = tomllib.load(file)
    others = found.pop("organisation")[organisation]
    values = {name: one["value"] for name, one in found.items()} | {"checkoff": 0.0} | others
    for name, one in found.items():
        if one.get("main"):
            values[name] = _scaled(name, values[name], scale)
    return Parameters(values)


def _scaled(name: str, value: Any, scale: float) -> Any:
    if name == "surge_factor":
        return [1 + (each - 1) * scale for each in value]
    if name == "drive_rate":
        return value * scale
    if isinstance(value, list):
        return [min(MOST_SHARE, each * scale) for each in value]
    return min(MOST_SHARE, value * scale)


def commit() -> str:
    """The commit that this is run from."""
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=HERE, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.strip()


def changed() -> bool:
    """Whether the generator or its parameters are other than in that commit."""
    done = subprocess.run(
        ["git", "status", "--porcelain", "."], cwd=HERE, stdout=subprocess.PIPE, text=True, check=True
    )
    return bool(done.stdout.strip())


def seed_of(commit_hash: str, number: int) -> int:
    """Seed number so-and-so of a commit: nobody can have tuned on it before the commit was made."""
    return int.from_bytes(hashlib.sha256(f"{commit_hash}:{number}".encode()).digest()[:6], "big")
