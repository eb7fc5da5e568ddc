"""Seeds for the kernel's own fuzz targets, out of the reference elections: `python -m tests.fuzz.seeds`.

Written to rust/fuzz/seeds/: `fixed/` what a target needs to stand on, and one folder of honest inputs for each.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.fuzz.parsers import BLANK, LISTS, MIXED, RANKED, SMALL, events

SEEDS = Path(__file__).parents[2] / "rust" / "fuzz" / "seeds"
FIXED = {"mixed": MIXED, "lists": LISTS, "blank": BLANK, "ranked": RANKED, "small": SMALL}


def write() -> int:
    """Write all seeds again; returns how many."""
    made: dict[str, bytes] = {}
    for short, name in FIXED.items():
        there = events(name)
        setup = there["Setup"][0]
        for part, content in zip(("election", "trustees", "credentials"), setup, strict=False):
            made[f"fixed/{short}-{part}"] = content
        made[f"fixed/{short}-tally"] = there["EncryptedTally"][0][0]
        made[f"setup/{short}"] = b"\n".join(setup[:3])
        made[f"json/{short}"] = setup[1]
        for number, (ballot,) in enumerate(there["Ballot"][:2]):
            made[f"ballot/{short}-{number}"] = ballot
    for short, name in (("small", SMALL), ("mixed", MIXED)):
        for number, content in enumerate(_of_the_group(events(name)["Setup"][0][1])):
            made[f"ceremony/{short}-{number}"] = content
    made["ceremony/held"] = b'{"challenge":"1","response":"2"}'
    made["shuffle/ranked"] = events(RANKED)["Shuffle"][0][0]
    made["decryption/small"] = events(SMALL)["PartialDecryption"][0][0]
    for name, content in made.items():
        (SEEDS / name).parent.mkdir(parents=True, exist_ok=True)
        (SEEDS / name).write_bytes(content)
    return len(made)


def _of_the_group(trustees: bytes) -> list[bytes]:
    """The threshold group's parameters and each of its certificates, as the bytes that stand in the archive."""
    group = next(parameters for kind, parameters in json.loads(trustees) if kind == "Pedersen")
    return [json.dumps(one, separators=(",", ":")).encode() for one in (group, *group["certs"])]


if __name__ == "__main__":
    print(f"{write()} seeds in {SEEDS}")
