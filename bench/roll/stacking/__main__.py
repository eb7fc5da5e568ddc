"""Stacking on invented rolls: what a detector finds, whom it flags, what it costs. One table.

    make bench-stacking                                     50,000 members, three seeds drawn from the commit
    make bench-stacking ARGS="--members 1000000 --seeds 20"
    make bench-stacking ARGS="--scale-parameters 2"         the main parameters doubled (0.5: halved)
    make bench-stacking ARGS="--variant second"             rolls of other shapes, from a second generator
    make bench-stacking ARGS="--evade"                      what an operation must spend so as not to be seen

Every detector runs as a program of its own on files of whole numbers; the truth lies in another folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from bench.roll.checks import ROOT
from bench.roll.stacking.evade import CARELESS, Ground, search, told
from bench.roll.stacking.homes import Bools
from bench.roll.stacking.parameters import ORGANISATIONS, changed, commit, read, seed_of
from bench.roll.stacking.running import FREEZE, Detector, baseline, ours, uncalibrated
from bench.roll.stacking.scoring import score, severities, truth
from bench.roll.stacking.table import Column, shown
from bench.roll.stacking.texts import linked

CLEAN_NUMBERS = 1000  # the rolls without stacking have seeds of their own


def main() -> int:
    options = _asked()
    detectors = _detectors(options.only, options.engine)
    columns = [Column(one.name) for one in detectors]
    made_at = commit()
    seeds = [
        seed_of(made_at, options.number + place) if options.seed is None else options.seed + place
        for place in range(options.seeds)
    ]
    print(_heading(options, made_at, seeds), flush=True)
    if options.evade:
        return _evade(options, seeds, detectors)
    for place, seed in enumerate(seeds):
        _one(options, seed, detectors, columns, twice=place == 0 and not options.once)
    for place in range(options.clean_rolls):
        seed = (
            seed_of(made_at, CLEAN_NUMBERS + options.number + place)
            if options.seed is None
            else options.seed + CLEAN_NUMBERS + place
        )
        _clean(options, seed, detectors, columns)
    print(shown(columns))
    return 0


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="make bench-stacking")
    asked.add_argument("--members", type=int, default=50_000)
    asked.add_argument("--organisation", choices=ORGANISATIONS, default="party")
    asked.add_argument("--seeds", type=int, default=3, help="how many rolls")
    asked.add_argument("--number", type=int, default=1, help="the first of the seeds drawn from the commit")
    asked.add_argument("--seed", type=int, help="seeds from this one on instead")
    asked.add_argument("--clean-rolls", type=int, default=2, help="how many rolls without stacking")
    asked.add_argument("--scale-parameters", type=float, default=1.0)
    asked.add_argument("--variant", choices=("first", "second"), default="first")
    asked.add_argument("--clean-history", action="store_true", help="no stacking in earlier years")
    asked.add_argument(
        "--homes",
        choices=("members", "members-household", "members-written"),
        default="members",
        help="which table the detector reads: dwellings alone, the true household, or that of the written address",
    )
    asked.add_argument("--only", nargs="*", help="of selectorate, uncalibrated, fixed-recent, fixed")
    asked.add_argument("--engine", choices=("duckdb", "spark"), help="for selectorate; else its own default")
    asked.add_argument("--once", action="store_true", help="do not run a second time to compare the output")
    asked.add_argument("--evade", action="store_true", help="search for what an operation must spend")
    asked.add_argument(
        "--votes", type=int, nargs="*", default=[20, 60], help="how many it wants, with --evade"
    )
    asked.add_argument("--questions", type=int, default=60, help="how often it may ask, with --evade")
    asked.add_argument("--no-progress", action="store_true")
    return asked.parse_args()


def _detectors(only: list[str] | None, engine: str | None) -> list[Detector]:
    wanted = only or ["selectorate", "uncalibrated", "fixed-recent", "fixed"]
    found = []
    if "selectorate" in wanted:
        own = ours(engine)
        if own is None:
            print(
                "`selectorate roll findings --members` is not there yet: the plain rules alone are measured."
            )
        else:
            found += [one for one in (own, uncalibrated(own)) if one is not None]
    titles = {
        "uncalibrated": "homes counted",
        "fixed-recent": "5 an address, 3 a payer, last year",
        "fixed": "5 an address, 3 a payer",
    }
    found += [baseline(name, title) for name, title in titles.items() if name in wanted]
    return found


def _heading(options: argparse.Namespace, made_at: str, seeds: list[int]) -> str:
    origin = "given" if options.seed is not None else f"drawn from commit {made_at[:12]}"
    if changed():
        origin += ", with changes to the bench since"
    return (
        f"{options.members:,} members, {options.organisation}, generator: {options.variant}, main parameters x"
        f" {options.scale_parameters:g}, earlier years {'clean' if options.clean_history else 'stacked in two'},"
        f" table: {options.homes}\n"
        f"seeds ({origin}): {' '.join(map(str, seeds))}"
    )


def _make(options: argparse.Namespace, seed: int, folder: Path, clean: bool) -> None:
    """In a process of its own, so that its memory is nobody's peak."""
    command = [sys.executable, "-m", "bench.roll.stacking.generate", str(folder), "--seed", str(seed)]
    command += ["--members", str(options.members), "--organisation", options.organisation]
    command += ["--scale-parameters", str(options.scale_parameters), "--variant", options.variant]
    for asked, option in (
        (clean, "--clean"),
        (options.clean_history, "--clean-history"),
        (options.homes == "members-household", "--household"),
        (options.homes == "members-written", "--text"),
    ):
        command += [option] if asked else []
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _say(options: argparse.Namespace, what: str) -> None:
    if sys.stderr.isatty() and not options.no_progress:
        print(what, file=sys.stderr, flush=True)


def _one(
    options: argparse.Namespace, seed: int, detectors: list[Detector], columns: list[Column], twice: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _say(options, f"seed {seed}: a roll of {options.members:,}")
        _make(options, seed, folder, clean=False)
        if options.homes == "members-written":
            print(f"seed {seed}: {linked(folder)}", flush=True)
        true, recent = truth(folder), _recent(folder)
        for detector, column in zip(detectors, columns, strict=True):
            _say(options, f"seed {seed}: {detector.name}")
            found = detector.look(folder / "roll", options.homes)
            column.scores.append(score(found, true, recent))
            if twice:
                column.same_twice = detector.look(folder / "roll", options.homes).digest == found.digest


def _recent(folder: Path) -> Bools:
    """By member_id: joined, renewed or came from another branch in the last year."""
    days = ("join_day", "renewal_day", "transfer_day")
    table = pq.read_table(folder / "roll" / "members.parquet", columns=["member_id", *days])
    day = np.maximum.reduce([table[name].to_numpy() for name in days])
    number = pq.read_metadata(folder / "truth" / "truth.parquet").num_rows
    recent = np.zeros(number, dtype=np.bool_)
    recent[table["member_id"].to_numpy()] = day >= FREEZE - 365
    return recent


def _clean(options: argparse.Namespace, seed: int, detectors: list[Detector], columns: list[Column]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _say(options, f"seed {seed}: a roll of {options.members:,} with no stacking")
        _make(options, seed, folder, clean=True)
        for detector, column in zip(detectors, columns, strict=True):
            column.clean.append(severities(detector.look(folder / "roll", options.homes)))


def _evade(options: argparse.Namespace, seeds: list[int], detectors: list[Detector]) -> int:
    """The first seed's roll is asked about; the others show whether the way found works there too."""
    p = read(options.organisation, options.scale_parameters)
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name) / str(seed) for seed in seeds]
        for seed, folder in zip(seeds, folders, strict=True):
            _make(options, seed, folder, clean=False)
        for votes in options.votes:
            grounds = [Ground(folder, votes, seed) for seed, folder in zip(seeds, folders, strict=True)]
            for detector in detectors:
                _say(options, f"{votes} votes against {detector.name}")
                best, asked = search(grounds[0], detector, p, options.questions)
                elsewhere = [ground.attempt(best.way, detector, p) for ground in grounds[1:]]
                careless = grounds[0].attempt(CARELESS, detector, p)
                print(told(detector, votes, (careless, best), asked, elsewhere, p), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
