"""How many small changes to the checks the tests notice: `make mutants`, or `make mutants SAMPLE=150`.

mutmut makes the mutants: one change at a time in the modules that judge (`only_mutate` in pyproject.toml), of a
comparison, a constant, an argument, a word. Each is tried in a process of its own (the kernel starts threads, and a
process with threads must not be forked), on the fast tests of its module (TESTS below), until one of them fails:
then it is killed. Nine of ten mutants must be killed, else this ends with 1.

What counts:

- killed: a test failed, or the tests could no longer be started.
- survived: nothing noticed. Counts against the tests.
- timeout: was still running after five minutes. Counts against the tests too, although most of these never end.
- sentence: not tried and not counted. The rule: the mutant differs from the code in exactly one string constant, and
  the string has a space between two words. Such strings are reasons for people; what a check decides does not
  depend on them. Names, codes and fields (no space) count, and so does a reason that is lost altogether.

A sample is the first mutants by SHA-256 of seed and name: a run that was broken off goes on where it was, and a
larger sample contains the smaller one. Verdicts are kept in ./mutants with the hash of the changed function; once a
test file has changed, whatever survived it is tried again. `rm -r mutants` starts from nothing.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
COPY: Final = ROOT / "mutants"
VERDICTS: Final = COPY / "verdicts.json"
WANTED: Final = 90  # per cent
SECONDS: Final = 300
COLUMNS: Final = ("killed", "survived", "timeout", "sentence")

# The tests of each module, those first that kill most for their time.
_REPORTS = ("tests/ballot/test_duties.py", "tests/ballot/test_check.py")
_FOLDERS = ("tests/verify/test_duties.py", "tests/verify/test_folder.py")
TESTS: Final[dict[str, tuple[str, ...]]] = {
    "ballot/check/__init__.py": (*_REPORTS, "tests/ballot/test_streaming.py"),
    "ballot/check/casting.py": (
        *_REPORTS,
        "tests/ballot/test_streaming.py",
        "tests/verify/test_resume.py",
    ),
    "ballot/check/form.py": (*_REPORTS, "tests/ballot/test_streaming.py"),
    "ballot/check/ledger.py": _REPORTS,
    "ballot/check/tally.py": (*_REPORTS, "tests/attacks/test_ballot_tally.py"),
    "ballot/check/trustees.py": ("tests/verify/test_duties.py",),
    "ballot/archive.py": ("tests/ballot/test_archive.py", *_REPORTS),
    "count/check.py": ("tests/count/test_check.py", "tests/count/test_margin.py"),
    "log/check.py": ("tests/log/test_record.py", *_FOLDERS),
    "register/check.py": ("tests/register/test_cases.py",),
    "roll/check.py": ("tests/roll/test_electorate.py", *_FOLDERS),
    "rules/check.py": ("tests/rules/test_rulebook.py",),
    "verify/folder.py": _FOLDERS,
    "verify/sheets.py": _FOLDERS,
    "verify/trustees.py": _FOLDERS,
}
# These say the same in dearer groups, or try many random inputs, or are about speed.
LEFT_OUT: Final = (
    "v1a-ff",
    "v1b3-ff",
    "tampered_archive_fails",
    "untouched",
    "X15_deep",
    "in_duckdb",
    "twelve_thousand",
    "damaged_rulebook",
    "no_change_within_the_bound",
    "two_readings",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. name: as mutmut writes it; source: the file it changes, from the root."""

    name: str
    source: Path

    @property
    def module(self) -> str:
        """The changed file without what all have in common."""
        return self.source.relative_to("src/selectorate").as_posix()


def main() -> int:
    """Generate, choose, try, report. Gives the exit code."""
    given = _arguments()
    os.chdir(ROOT)
    mutants = _generate(given.children)
    chosen, sentences = _choose(mutants, given.sample, given.seed)
    verdicts = _tried(chosen, given.children)
    for one, verdict in verdicts.items():
        if verdict != "killed":
            print(f"\n{verdict}: {one.name}\n{_difference(one)}")
    share = _table(verdicts | dict.fromkeys(sentences, "sentence"))
    size = "all" if given.sample is None else f"{len(chosen)} (seed {given.seed}) of"
    print(f"\n{size} {len(mutants)} mutants, sentences among these; {share:.1f} % killed, {WANTED} % wanted")
    return 0 if share >= WANTED else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.run", description="Mutants of the checks.")
    parser.add_argument("--sample", type=int, help="how many mutants that count (default: all)")
    parser.add_argument("--seed", default="1", help="any text; another seed, another sample (default: 1)")
    parser.add_argument("--children", type=int, default=2, help="how many at a time (default: 2)")
    return parser.parse_args()


def _generate(children: int) -> list[Mutant]:
    """The mutated copy of the repository, brought up to date, and every mutant in it."""
    from mutmut.__main__ import create_mutants
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.utils import file_utils

    os.environ["MUTANT_UNDER_TEST"] = "mutant_generation"
    for stale in (COPY / "tests", *(COPY / "src" / "selectorate").glob("_kernel*.so")):
        if stale.is_dir():
            shutil.rmtree(stale)
        elif stale.exists():
            stale.unlink()
    (COPY / "src").mkdir(parents=True, exist_ok=True)
    with (COPY / "generating.log").open("w") as log:
        sys.stdout, before = log, sys.stdout
        try:
            file_utils.copy_src_dir()
            file_utils.copy_also_copy_files()
            create_mutants(children)
        finally:
            sys.stdout = before
    mutants = []
    for path in sorted(file_utils.walk_mutatable_files()):
        found = SourceFileMutationData(path=path)
        found.load()
        mutants += [Mutant(name, path) for name in found.exit_code_by_key]
    return mutants


def _choose(mutants: Sequence[Mutant], sample: int | None, seed: str) -> tuple[list[Mutant], list[Mutant]]:
    """So many mutants that count, and the sentences that came up on the way."""
    order = sorted(mutants, key=lambda one: hashlib.sha256(f"{seed}|{one.name}".encode()).digest())
    chosen: list[Mutant] = []
    sentences: list[Mutant] = []
    for one in order:
        if sample is not None and len(chosen) == sample:
            break
        (sentences if is_sentence(*_sources(one)) else chosen).append(one)
    return chosen, sentences


def is_sentence(before: str, after: str) -> bool:
    """Whether two functions differ in exactly one string constant, and that one is words with spaces between."""
    differing = list(_differing(ast.parse(before).body[0], ast.parse(after).body[0]))
    if len(differing) != 1:
        return False
    old, new = differing[0]
    return all(isinstance(one, str) for one in (old, new)) and len(str(old).split()) > 1


def _differing(old: object, new: object) -> Iterator[tuple[object, object]]:
    """The smallest parts in which two trees differ, the name of the function apart."""
    if isinstance(old, ast.AST) and type(old) is type(new):
        for field in old._fields:
            if not (isinstance(old, ast.FunctionDef) and field == "name"):
                yield from _differing(getattr(old, field), getattr(new, field))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from _differing(one, other)
    elif old != new:
        yield old, new


def _sources(mutant: Mutant) -> tuple[str, str]:
    """The function before and after the change."""
    from mutmut.mutation.data import MutantLineSpans
    from mutmut.mutation.diff_apply import generated_function_names

    spans = MutantLineSpans.load(mutant.source)
    if spans is None:
        raise SystemExit(f"{mutant.source} was mutated by another version of mutmut: rm -r mutants")
    before, after = spans.read_function_sources(generated_function_names(mutant.name))
    return textwrap.dedent(before), textwrap.dedent(after)


def _tried(mutants: Sequence[Mutant], children: int) -> dict[Mutant, str]:
    """The verdict on each, from an earlier run where neither the function nor its tests have changed since."""
    kept: dict[str, str] = json.loads(VERDICTS.read_text()) if VERDICTS.exists() else {}
    labels = {one: _labels(one) for one in mutants}
    found = {one: verdict for one in mutants if (verdict := _kept(kept, labels[one]))}
    left = [one for one in mutants if one not in found]
    print(f"{len(mutants)} mutants, {len(left)} of them to try", flush=True)
    with ThreadPoolExecutor(children) as pool:
        _require_clean(sorted({test for one in left for test in _tests(one)}), pool, kept)
        for number, (one, verdict) in enumerate(zip(left, pool.map(_try, left), strict=True), 1):
            found[one] = verdict
            kept[labels[one][verdict != "killed"]] = verdict
            VERDICTS.write_text(json.dumps(kept, indent=1))
            print(f"{number} of {len(left)}: {verdict} {one.name}", flush=True)
    return {one: found[one] for one in mutants}


def _kept(kept: dict[str, str], labels: tuple[str, str]) -> str | None:
    return kept.get(labels[0]) or kept.get(labels[1])


def _labels(mutant: Mutant) -> tuple[str, str]:
    """What a verdict is kept under: "killed" for this very change, any other for these very tests too."""
    digest = hashlib.sha256("|".join(_sources(mutant)).encode())
    label = f"{mutant.name} {digest.hexdigest()}"
    for test in _tests(mutant):
        digest.update((ROOT / test).read_bytes())
    return label, f"{mutant.name} {digest.hexdigest()}"


def _tests(mutant: Mutant) -> tuple[str, ...]:
    return tuple(test for test in TESTS[mutant.module] if (ROOT / test).exists())


def _require_clean(tests: Sequence[str], pool: ThreadPoolExecutor, kept: dict[str, str]) -> None:
    """A test that fails on the unchanged code kills everything and says nothing."""
    sources = b"".join(path.read_bytes() for path in sorted((ROOT / "src").rglob("*.py")))
    labels = {
        test: f"{test} {hashlib.sha256(sources + (ROOT / test).read_bytes()).hexdigest()}" for test in tests
    }
    left = [test for test in tests if labels[test] not in kept]
    for test, fault in zip(left, pool.map(lambda test: _fault("", (test,)), left), strict=True):
        if fault != "":
            raise SystemExit(f"{test} does not pass on the unchanged code: {fault}")
        kept[labels[test]] = "clean"
        VERDICTS.write_text(json.dumps(kept, indent=1))
        print(f"passes on the unchanged code: {test}", flush=True)


def _try(mutant: Mutant) -> str:
    fault = _fault(mutant.name, _tests(mutant))
    return "timeout" if fault is None else "killed" if fault else "survived"


def _fault(name: str, tests: Sequence[str]) -> str | None:
    """The first thing that fails with this mutant ("": none is active), "" for nothing, None for no end."""
    without = " and ".join(f"not {left_out}" for left_out in LEFT_OUT)
    command = [
        *(sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=line", "--rootdir=."),
        *("-m", "not slow and not interop", "-k", without, *tests),
    ]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(COPY / "src"), str(COPY))),
        "MUTANT_UNDER_TEST": name,
        "RAYON_NUM_THREADS": "1",  # as many mutants at a time as there are cores
    }
    try:
        ended = subprocess.run(
            command, cwd=COPY, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return f"{ended.returncode}: {ended.stdout[-500:]}{ended.stderr[-500:]}" if ended.returncode else ""


def _difference(mutant: Mutant) -> str:
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    return get_diff_for_mutant(mutant.name, path=mutant.source)


def _table(verdicts: dict[Mutant, str]) -> float:
    """Prints module by verdict; gives the share of killed mutants among those that count, in per cent."""
    counts: dict[str, Counter[str]] = {}
    for one, verdict in verdicts.items():
        counts.setdefault(one.module, Counter())[verdict] += 1
    width = max(map(len, counts), default=0)
    print("\n" + "module".ljust(width) + "".join(name.rjust(10) for name in COLUMNS) + "  killed %")
    total: Counter[str] = Counter()
    for module, found in sorted(counts.items()):
        print(module.ljust(width) + "".join(str(found[name]).rjust(10) for name in COLUMNS) + _share(found))
        total += found
    print("all".ljust(width) + "".join(str(total[name]).rjust(10) for name in COLUMNS) + _share(total))
    judged = total.total() - total["sentence"]
    return 100 * total["killed"] / judged if judged else 0.0


def _share(found: Counter[str]) -> str:
    judged = found.total() - found["sentence"]
    return f"{100 * found['killed'] / judged:10.1f}" if judged else " ".rjust(10)


if __name__ == "__main__":
    sys.exit(main())
