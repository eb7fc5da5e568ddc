"""How many of 200 real wards are certified when so many papers are in doubt: PYTHONPATH=src:. python bench/margins.py

For each ward, any r papers taken out and any a put in with r + a up to 0.1, 0.5 and 1 % of the papers: proved that the
same are elected, an example that others are, or neither. Reads $SELECTORATE_DATA (default ../shared/data); what is
printed last is the table. `--every n` takes each n-th ward, `--no-examples` leaves out the search for examples, which
takes most of the time. `--rules ers97,meek-nz` counts the same papers by other rule sets, without examples.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from selectorate import canon
from selectorate.count import methods, readers, rulesets, witness
from selectorate.count.margin import bounds, paths
from selectorate.count.margin.doubt import Doubt
from selectorate.count.objects import Profile, Sheet
from selectorate.count.ties import Draw

SCOTTISH = rulesets.load("scottish-stv")
PER_THOUSAND = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Ward:
    profile: Profile
    seats: int
    sheet: Sheet


def wards(folder: Path, every: int) -> list[Ward]:
    """The wards that the file of winners names, counted."""
    with (folder / "scot_200_wards_winners.csv").open(newline="") as file:
        names = sorted(row["file"] for row in csv.DictReader(file))[::every]
    found = []
    with zipfile.ZipFile(folder / "scot_200_wards.zip") as packed:
        for name in names:
            read = readers.read(packed.read(name), name)
            digest = canon.sha256(packed.read(name))
            sheet = methods.count(read.profile, SCOTTISH, read.seats, draw=Draw("bench"), digest=digest)
            found.append(Ward(read.profile, read.seats, sheet))
    return found


def certified(ward: Ward, doubt: int) -> bool:
    winners = frozenset(ward.profile.candidates.index(name) for name in ward.sheet.elected)
    return paths.same_winners(ward.profile, SCOTTISH, ward.seats, winners, Doubt.of(doubt)) is None


def smallest_example(ward: Ward) -> int | None:
    """The size of the smallest change that a search finds."""
    valid = ward.profile.valid
    found = witness.search(
        ward.profile, SCOTTISH, ward.seats, ward.sheet, doubtful=valid, left_out=2 * (valid + 1)
    )
    return found.size if found else None


def by_other_rules(every: list[Ward], names: list[str]) -> None:
    """The share of wards certified by each of these rule sets."""
    print("rule set               " + "".join(f"{share / 10:>9.1f} %" for share in PER_THOUSAND))
    for name in names:
        ruleset, good = rulesets.load(name), dict.fromkeys(PER_THOUSAND, 0)
        for ward in every:
            sheet = methods.count(ward.profile, ruleset, ward.seats, draw=Draw("bench"))
            test = bounds.test_of(ward.profile, ruleset, ward.seats, sheet)
            for share in PER_THOUSAND:
                doubt = Doubt.of(ward.profile.valid * share // 1000)
                good[share] += test is not None and test.certain(doubt) is None
        shown = [f"{100 * good[share] / len(every):>9.1f} %" for share in PER_THOUSAND]
        print(f"{name:<23}{''.join(shown)}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--every", type=int, default=1, help="take each n-th ward")
    asked.add_argument("--no-examples", action="store_true", help="do not search for examples")
    asked.add_argument("--rules", default="", help="other rule sets, with commas between")
    options = asked.parse_args()
    folder = Path(os.environ.get("SELECTORATE_DATA", "../shared/data")) / "count"
    if not folder.is_dir():
        sys.exit(f"{folder} is not there: set SELECTORATE_DATA to the folder of the wards.")
    every = wards(folder, options.every)
    if options.rules:
        by_other_rules(every, options.rules.split(","))
        return
    good, found, spent = dict.fromkeys(PER_THOUSAND, 0), dict.fromkeys(PER_THOUSAND, 0), 0
    for number, ward in enumerate(every, 1):
        open_ = []
        for share in PER_THOUSAND:
            doubt = ward.profile.valid * share // 1000
            begun = time.process_time_ns()
            sure = certified(ward, doubt)
            spent += time.process_time_ns() - begun
            good[share] += sure
            if not sure:
                open_.append((share, doubt))
        size = smallest_example(ward) if open_ and not options.no_examples else None
        for share, doubt in open_:
            found[share] += size is not None and size <= doubt
        if sys.stderr.isatty() or number % 20 == 0:
            print(f"\r{number} of {len(every)} wards ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    total = len(every)
    print(f"{total} wards, Scottish rules; {spent // 1_000_000 // max(total * 3, 1)} ms for each certificate")
    print("in doubt   certified   example found   unknown")
    for share in PER_THOUSAND:
        unknown = total - good[share] - found[share]
        shown = [f"{100 * one / total:.1f} %" for one in (good[share], found[share], unknown)]
        print(f"{share / 10:>6.1f} %   {shown[0]:>9}   {shown[1]:>13}   {shown[2]:>7}")


if __name__ == "__main__":
    main()
