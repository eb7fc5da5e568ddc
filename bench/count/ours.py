"""One count by us through the Python API, as a process of its own: prints what it took, as JSON.

python bench/count/ours.py RULES SEATS FILE [TIMES]: from the file to the whole sheet; imports are not counted.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from selectorate.count import count, read_ballots, ruleset


def main() -> None:
    name, seats, path, times = [*sys.argv[1:], "1"][:4]
    rules = ruleset(name)
    best: dict[str, float] = {}
    for _ in range(int(times)):
        wall, cpu = time.perf_counter(), time.process_time()
        sheet = count(read_ballots(path), rules, int(seats), seed="bench", path="fast")
        took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        best = {key: min(best.get(key, value), value) for key, value in took.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"winners": sorted(sheet.elected), "peak": peak, "stages": len(sheet.stages)}
    sys.stdout.write(json.dumps(best | found) + "\n")


if __name__ == "__main__":
    main()
