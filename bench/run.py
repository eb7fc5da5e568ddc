"""Every step of an election, side by side with belenios-tool on the same archives; memory of verification.

    make bench            the table
    make bench ARGS=--json

Both sides work on the same election. A figure is user time (all threads) divided by ballots, or by
ciphertexts where a step does not depend on the ballots; a ratio is the median over interleaved pairs,
peer / ours, so that a busy machine slows both. The peer's start-up and its reading of the archive are
measured too and taken off. Where the peer's own user time is so short that it cannot have done the work,
there is no ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import memory
from bench.elections import BLANK, CHOSEN, LISTS, RANKED, UUID, Stages, made
from tests.interop.judges import Judge, judge_for

from selectorate import _kernel
from selectorate.ballot import make
from selectorate.ballot.objects import Question
from selectorate.errors import Refusal

PAIRS = 3
# What one exponentiation costs the peer at the very least, in ms: verifying a ballot of ten choices takes 149
# of them and membership checks, and honest work takes it 5 ms (Ed25519) or 20 ms (2048 bits) or more.
LEAST_MS = {"Ed25519": 5 / 149, "BELENIOS-2048": 20 / 149, "RFC-3526-2048": 20 / 149}
# Per ballot, or per ciphertext where the step is counted so. A tally has products only.
EXPONENTIATIONS = {
    "encryption, 10 choices": 149,
    "verification, 10 choices": 149,
    "encryption, 10 choices or blank": 149,
    "verification, 10 choices or blank": 149,
    "encryption, 2 lists of 4": 80,
    "verification, 2 lists of 4": 80,
    "encryption, ranked": 3,
    "verification, ranked": 4,
    "tally": 0,
    "shuffle": 10,
    "shuffle check": 9,
    "decryption": 3,
    "decryption check": 4,
    "result": 8,
}
KINDS = {CHOSEN: "10 choices", BLANK: "10 choices or blank", LISTS: "2 lists of 4", RANKED: "ranked"}
# electors: enough for the peer to take a few tenths of a second a step; whether all steps are measured, or
# encryption and verification alone
PLAN: tuple[tuple[str, Question, int, bool], ...] = (
    ("Ed25519", CHOSEN, 10, True),
    ("Ed25519", BLANK, 8, False),
    ("Ed25519", LISTS, 8, False),
    ("Ed25519", RANKED, 50, True),
    ("BELENIOS-2048", CHOSEN, 5, True),
    ("BELENIOS-2048", BLANK, 5, False),
    ("RFC-3526-2048", RANKED, 8, True),
)

Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. Times: milliseconds per ballot or ciphertext, user time but for `wall_ms`, the time
    that ours takes on `cores` cores; ratio: peer / ours, None if refused; checked: that the peer's user time was
    long enough for the work."""

    group: str
    step: str
    ballots: int
    ours_ms: float
    peer: str
    peer_ms: float | None
    ratio: float | None
    remark: str
    wall_ms: float = 0.0
    wall_ratio: float | None = None
    cores: int = 1
    checked: bool = False


def user_ms(work: Step, who: int) -> float:
    """User time that `work` takes, of this program with its threads or of the programs it starts."""
    begun = resource.getrusage(who).ru_utime
    work()
    return (resource.getrusage(who).ru_utime - begun) * 1000


def ours_ms(work: Step) -> tuple[float, float]:
    """User and wall time of one run; short work is repeated until it has taken a fiftieth of a second."""
    total, times = 0.0, 0
    begun = time.perf_counter()
    while total < 20.0:
        total += user_ms(work, resource.RUSAGE_SELF)
        times += 1
    return total / times, (time.perf_counter() - begun) * 1000 / times


@dataclass(frozen=True, slots=True)
class Peer:
    """One belenios-tool with the archives of an election, one folder per stage."""

    judge: Judge
    place: Path
    stages: Stages

    @classmethod
    def beside(cls, judge: Judge, stages: Stages, place: Path) -> Peer:
        for name, content in stages.archives.items():
            (place / name).mkdir()
            (place / name / f"{UUID}.bel").write_bytes(content)
        (place / "choice").write_text(stages.answer)
        (place / "key").write_bytes(stages.key)
        for number, secret in enumerate(stages.credentials):
            (place / f"credential{number}").write_text(secret)
            (place / f"ballot{number}").write_bytes(stages.ballots[number])
        return cls(judge, place, stages)

    def ask(self, *arguments: str) -> None:
        self.judge.run("election", *arguments, folder=self.place)

    def verify(self, stage: str) -> None:
        self.ask("verify", "--dir", stage)

    def encrypt_all(self) -> None:
        option = "--choice" if self.judge.version >= (3, 0) else "--ballot"
        for number in range(len(self.stages.ballots)):
            self.ask(
                "generate-ballot", "--dir", "opened", "--privcred", f"credential{number}", option, "choice"
            )

    def verify_each(self) -> None:
        for number in range(len(self.stages.ballots)):
            self.ask("verify-ballot", "--dir", "opened", "--ballot", f"ballot{number}")

    def start_each(self) -> None:
        for _ in self.stages.ballots:
            self.verify("opened")


@dataclass(frozen=True, slots=True)
class Measure:
    """One step: our work, the peer's, and what of the peer's time is not that step. `shares`: how many times
    the step is contained in the difference. `items`: what the time is divided by, where not by ballots."""

    step: str
    ours: Step
    peers: Callable[[Peer], None]
    apart: Callable[[Peer], None]
    shares: int = 1
    items: int | None = None


def measures(stages: Stages, judge: Judge | None, question: Question, whole: bool) -> list[Measure]:
    """The steps of one election."""
    setup = stages.setup
    election = _kernel.Election(setup.election, setup.trustees, setup.credentials)
    ballots, credentials = list(stages.ballots), list(stages.credentials)
    # a newer tool's verdict on a whole archive need not look into each ballot; its command for one does
    each = judge is not None and judge.version >= (3, 0)
    found = [
        Measure(
            f"encryption, {KINDS[question]}",
            lambda: election.make_ballots(credentials, [stages.answer] * len(credentials)),
            Peer.encrypt_all,
            Peer.start_each,
        ),
        Measure(
            f"verification, {KINDS[question]}",
            lambda: election.check_ballots(ballots),
            Peer.verify_each if each else lambda peer: peer.verify("voted"),
            Peer.start_each if each else lambda peer: peer.verify("opened"),
        ),
    ]
    if whole:
        found.append(
            Measure(
                "tally",
                lambda: make.encrypted_tally(setup, stages.ballots),
                lambda peer: peer.ask("compute-encrypted-tally", "--dir", "closed"),
                lambda peer: peer.verify("opened"),
            )
        )
        if stages.shuffle:
            found += _of_mixing(stages, election)
        found += _of_decrypting(stages, election)
    return found


def _of_mixing(stages: Stages, election: _kernel.Election) -> list[Measure]:
    return [
        Measure(
            "shuffle",
            lambda: election.shuffle(stages.tally),
            lambda peer: peer.ask("shuffle", "--dir", "tallied", "--trustee-id", "1"),
            lambda peer: peer.verify("opened"),
        ),
        Measure(
            "shuffle check",
            lambda: election.check_shuffle(stages.tally, stages.shuffle),
            lambda peer: peer.verify("mixed"),
            lambda peer: peer.verify("tallied"),
            shares=2,
        ),
    ]


def _of_decrypting(stages: Stages, election: _kernel.Election) -> list[Measure]:
    ciphertexts = stages.shuffled.count(b'"alpha"')

    def result() -> None:
        # The peer's command checks the decryptions before it combines them.
        for owner, decryption in enumerate(stages.decryptions, 1):
            election.check_decryption(owner, stages.shuffled, decryption)
        combine(stages)

    return [
        Measure(
            "decryption",
            lambda: election.decrypt(stages.key, stages.shuffled),
            lambda peer: peer.ask("decrypt", "--dir", "ready", "--privkey", "key", "--trustee-id", "1"),
            lambda peer: peer.verify("opened"),
            items=ciphertexts,
        ),
        Measure(
            "decryption check",
            lambda: election.check_decryption(1, stages.shuffled, stages.decryptions[0]),
            lambda peer: peer.verify("half"),
            lambda peer: peer.verify("ready"),
            items=ciphertexts,
        ),
        Measure(
            "result",
            result,
            lambda peer: peer.ask("compute-result", "--dir", "decrypted"),
            lambda peer: peer.verify("opened"),
            items=ciphertexts,
        ),
    ]


def combine(stages: Stages) -> bytes:
    """The result out of one decryption of each trustee."""
    return make.result(stages.setup, stages.shuffled, list(enumerate(stages.decryptions, 1)))


def compare(group: str, ballots: int, measure: Measure, peer: Peer | None, pairs: int) -> Line:
    """The line of one step: interleaved pairs, medians."""
    items = measure.items or ballots
    ours, walls, theirs = [], [], []
    measure.ours()
    for _ in range(pairs):
        user, wall = ours_ms(measure.ours)
        ours.append(user / items)
        walls.append(wall / items)
        if peer is not None:
            whole = user_ms(lambda: measure.peers(peer), resource.RUSAGE_CHILDREN)
            apart = user_ms(lambda: measure.apart(peer), resource.RUSAGE_CHILDREN)
            theirs.append((whole - apart) / items / measure.shares)
    mine, wall, cores = statistics.median(ours), statistics.median(walls), os.cpu_count() or 1
    if peer is None:
        remark = "no peer for this group and kind was found"
        return Line(group, measure.step, items, mine, "", None, None, remark, wall, None, cores)
    median = statistics.median(theirs)
    least = LEAST_MS[group] * EXPONENTIATIONS[measure.step]
    name = peer.judge.name
    if median <= least:
        remark = f"no ratio: under {least:.1f} ms the peer did not do the work"
        return Line(group, measure.step, items, mine, name, median, None, remark, wall, None, cores)
    ratio = statistics.median(their / our for their, our in zip(theirs, ours, strict=True))
    spread = statistics.median(their / our for their, our in zip(theirs, walls, strict=True))
    return Line(group, measure.step, items, mine, name, median, ratio, "", wall, spread, cores, True)


def table(lines: Sequence[Line]) -> str:
    """A Markdown table."""
    rows = [
        "| group | step | of | ours, ms | peer | peer, ms | peer / ours | peer / ours by the clock | user time |",
        "|---|---|--:|--:|---|--:|--:|--:|---|",
    ]
    for line in lines:
        cells = (
            line.group,
            line.step,
            str(line.ballots),
            f"{line.ours_ms:.3f}",
            line.peer or "none",
            "" if line.peer_ms is None else f"{line.peer_ms:.2f}",
            line.remark if line.ratio is None else f"{line.ratio:.1f}",
            "" if line.wall_ratio is None else f"{line.wall_ratio:.1f} on {line.cores} cores",
            "checked" if line.checked else "",
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def lines_of(group: str, question: Question, electors: int, whole: bool, pairs: int) -> list[Line]:
    """The lines of one election."""
    sys.stderr.write(f"{group}, {KINDS[question]}: {electors} ballots\n")
    try:
        stages = made(group, question, electors, counted=whole)
    except (Refusal, _kernel.KernelError) as reason:
        sys.stderr.write(f"  left out: {reason}\n")
        return []
    judge = judge_for(group)
    if question is LISTS and judge is not None and judge.version < (3, 0):
        judge = None
    lines = []
    with tempfile.TemporaryDirectory() as place:
        peer = Peer.beside(judge, stages, Path(place)) if judge else None
        for measure in measures(stages, judge, question, whole):
            lines.append(compare(group, electors, measure, peer, pairs))
            sys.stderr.write(f"  {measure.step}\n")
    return lines


def memory_line(found: memory.Memory) -> str:
    """What was found about memory, as a sentence."""
    peaks = " and ".join(
        f"{peak / 2**20:.0f} MiB for {size:,} ballots"
        for size, peak in zip(found.sizes, found.peaks, strict=True)
    )
    return (
        f"Memory of verifying an archive ({found.group}, ballots of {found.ballot_bytes:,} bytes): at most {peaks}; "
        f"{found.slope:,} bytes for each ballot more."
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Every step, side by side with belenios-tool.")
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="interleaved runs per step")
    parser.add_argument("--group", help="only this group, without the memory line")
    parser.add_argument(
        "--kind", choices=sorted(KINDS.values()), help="only this kind, without the memory line"
    )
    asked = parser.parse_args(arguments)
    lines: list[Line] = []
    for group, question, electors, whole in PLAN:
        if asked.group in (None, group) and asked.kind in (None, KINDS[question]):
            lines += lines_of(group, question, electors, whole, asked.pairs)
    found = None
    if asked.group is None and asked.kind is None:
        sys.stderr.write("memory\n")
        found = memory.measured()
    if asked.json:
        whole_answer = {"lines": [asdict(line) for line in lines], "memory": asdict(found) if found else None}
        print(json.dumps(whole_answer, indent=1))
    else:
        print(table(lines))
        print("\nUser time of all threads, medians of interleaved pairs. Quote the ratios only.")
        if found:
            print(memory_line(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
