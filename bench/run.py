"""Encrypt, verify, shuffle, check a shuffle, decrypt: per ballot, side by side with belenios-tool.

    make bench            the table
    make bench ARGS=--json

Both sides work on the same election. A figure is user time (all threads) divided by ballots; a ratio is the
median over interleaved pairs, peer / ours, so that a busy machine slows both. The peer's start-up and its
reading of the archive are measured too and taken off. Where the peer's own time is so short that it cannot
have done the work, there is no ratio.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.elections import CHOSEN, RANKED, UUID, Stages, made
from tests.interop.judges import Judge, judge_for

from selectorate._kernel import Election

PAIRS = 5
# What one exponentiation costs the peer at the very least, in ms: verifying a ballot of ten choices takes 149
# of them and membership checks, and honest work takes it 5 ms (Ed25519) or 20 ms (2048 bits) or more.
LEAST_MS = {"Ed25519": 5 / 149, "BELENIOS-2048": 20 / 149, "RFC-3526-2048": 20 / 149}
EXPONENTIATIONS = {
    "encryption, 10 choices": 149,
    "verification, 10 choices": 149,
    "shuffle": 10,
    "shuffle check": 9,
    "decryption": 3,
}
# electors: enough for the peer to take a few tenths of a second a step
PLAN = (
    ("Ed25519", CHOSEN, 10),
    ("BELENIOS-2048", CHOSEN, 6),
    ("Ed25519", RANKED, 60),
    ("RFC-3526-2048", RANKED, 10),
)

Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. Times: user milliseconds per ballot; ratio: peer / ours, None if refused."""

    group: str
    step: str
    ballots: int
    ours_ms: float
    peer: str
    peer_ms: float | None
    ratio: float | None
    remark: str


def user_ms(work: Step, who: int) -> float:
    """User time that `work` takes, of this program with its threads or of the programs it starts."""
    begun = resource.getrusage(who).ru_utime
    work()
    return (resource.getrusage(who).ru_utime - begun) * 1000


def ours_ms(work: Step) -> float:
    """User time of one run; short work is repeated until it has taken a fiftieth of a second."""
    total, times = 0.0, 0
    while total < 20.0:
        total += user_ms(work, resource.RUSAGE_SELF)
        times += 1
    return total / times


@dataclass(frozen=True, slots=True)
class Peer:
    """One belenios-tool with the archives of an election, one folder per stage."""

    judge: Judge
    place: Path
    stages: Stages

    @classmethod
    def beside(cls, judge: Judge, stages: Stages, place: Path) -> Peer:
        contents = {
            "opened": stages.opened, "voted": stages.voted, "tallied": stages.tallied, "mixed": stages.mixed,
        }  # fmt: skip
        for name, content in contents.items():
            if content:
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
    the step is contained in the difference."""

    step: str
    ours: Step
    peers: Callable[[Peer], None]
    apart: Callable[[Peer], None]
    shares: int = 1


def measures(stages: Stages, judge: Judge | None, ranked: bool) -> list[Measure]:
    """The steps of one election. An Election is set up anew where that belongs to the work."""
    setup = stages.setup
    election = Election(setup.election, setup.trustees, setup.credentials)
    ballots, credentials = list(stages.ballots), list(stages.credentials)
    if not ranked:
        # a newer tool's verdict on a whole archive need not look into each ballot; its command for one does
        each = judge is not None and judge.version >= (3, 0)
        return [
            Measure(
                "encryption, 10 choices",
                lambda: election.make_ballots(credentials, [stages.answer] * len(credentials)),
                Peer.encrypt_all,
                Peer.start_each,
            ),
            Measure(
                "verification, 10 choices",
                lambda: election.check_ballots(ballots),
                Peer.verify_each if each else lambda peer: peer.verify("voted"),
                Peer.start_each if each else lambda peer: peer.verify("opened"),
            ),
        ]
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
        Measure(
            "decryption",
            lambda: election.decrypt(stages.key, stages.shuffled),
            lambda peer: peer.ask("decrypt", "--dir", "mixed", "--privkey", "key", "--trustee-id", "1"),
            lambda peer: peer.verify("opened"),
        ),
    ]


def compare(group: str, ballots: int, measure: Measure, peer: Peer | None, pairs: int) -> Line:
    """The line of one step: interleaved pairs, medians."""
    ours, theirs = [], []
    measure.ours()
    for _ in range(pairs):
        ours.append(ours_ms(measure.ours) / ballots)
        if peer is not None:
            whole = user_ms(lambda: measure.peers(peer), resource.RUSAGE_CHILDREN)
            apart = user_ms(lambda: measure.apart(peer), resource.RUSAGE_CHILDREN)
            theirs.append((whole - apart) / ballots / measure.shares)
    mine = statistics.median(ours)
    if peer is None:
        return Line(group, measure.step, ballots, mine, "", None, None, "no peer for this group was found")
    median = statistics.median(theirs)
    least = LEAST_MS[group] * EXPONENTIATIONS[measure.step]
    if median < least:
        remark = f"no ratio: under {least:.1f} ms the peer did not do the work"
        return Line(group, measure.step, ballots, mine, peer.judge.name, median, None, remark)
    ratio = statistics.median(their / our for their, our in zip(theirs, ours, strict=True))
    return Line(group, measure.step, ballots, mine, peer.judge.name, median, ratio, "")


def table(lines: Sequence[Line]) -> str:
    """A Markdown table."""
    rows = [
        "| group | step | ballots | ours, ms | peer | peer, ms | peer / ours |",
        "|---|---|--:|--:|---|--:|--:|",
    ]
    for line in lines:
        theirs = "" if line.peer_ms is None else f"{line.peer_ms:.2f}"
        ratio = line.remark if line.ratio is None else f"{line.ratio:.1f}"
        cells = (
            line.group,
            line.step,
            line.ballots,
            f"{line.ours_ms:.3f}",
            line.peer or "none",
            theirs,
            ratio,
        )
        rows.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(rows)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Per ballot, side by side with belenios-tool.")
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="interleaved runs per step")
    parser.add_argument("--group", help="only this group")
    asked = parser.parse_args(arguments)
    lines: list[Line] = []
    for group, question, electors in PLAN:
        if asked.group not in (None, group):
            continue
        sys.stderr.write(f"{group}, {question.kind}: {electors} ballots\n")
        stages = made(group, question, electors)
        judge = judge_for(group)
        with tempfile.TemporaryDirectory() as place:
            peer = Peer.beside(judge, stages, Path(place)) if judge else None
            for measure in measures(stages, judge, question.kind == "ranked"):
                lines.append(compare(group, electors, measure, peer, asked.pairs))
                sys.stderr.write(f"  {measure.step}\n")
    if asked.json:
        print(json.dumps([asdict(line) for line in lines], indent=1))
    else:
        print(table(lines))
        print("\nUser time of all threads per ballot, medians of interleaved pairs. Quote the ratios only.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
