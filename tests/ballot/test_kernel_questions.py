"""The kernel on elections of other programs with blank votes, lists, grades and several questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from selectorate._kernel import Election

ELECTIONS = Path(__file__).parents[2] / "vectors" / "ballot" / "elections"
ALL = sorted(path.name for path in ELECTIONS.iterdir())


def members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """(kind, bytes) of each member of an archive after the first."""
    at = 0
    while at < len(content):
        header = content[at : at + 512]
        size = int(header[124:135], 8)
        yield header[:100].rstrip(b"\0").decode(), content[at + 512 : at + 512 + size]
        at += 512 + (size + 511) // 512 * 512


class Recorded:
    """The objects of one recorded election by the event that they belong to."""

    def __init__(self, path: Path) -> None:
        self.of: dict[str, list[list[bytes]]] = {}
        waiting: list[bytes] = []
        for kind, content in members(path.read_bytes()):
            if kind.endswith(".data.json"):
                waiting.append(content)
            elif kind.endswith(".event.json"):
                self.of.setdefault(json.loads(content)["type"], []).append(waiting)
                waiting = []
        self.setup = self.of["Setup"][0]
        self.ballots = [ballot for (ballot,) in self.of["Ballot"]]
        self.tally = self.of["EncryptedTally"][0][0]

    def opened(self) -> Election:
        return Election(*self.setup[:3])

    def last(self) -> list[bytes]:
        """The last ballot of each credential."""
        return list({json.loads(ballot)["credential"]: ballot for ballot in self.ballots}.values())

    def ciphertexts(self) -> bytes:
        """What the trustees decrypted: the tally with the last shuffle's output."""
        entries: list[Any] = json.loads(self.tally)
        if "Shuffle" in self.of:
            questions = json.loads(self.setup[0])["questions"]
            ranked = [n for n, q in enumerate(questions) if q.get("type") == "NonHomomorphic"]
            output = json.loads(self.of["Shuffle"][-1][0])["ciphertexts"]
            for place, shuffled in zip(ranked, output, strict=True):
                entries[place] = shuffled
        return json.dumps(entries, separators=(",", ":")).encode()

    def decryptions(self) -> list[tuple[int, bytes]]:
        pairs = self.of["PartialDecryption"]
        return [(json.loads(owned)["owner"], content) for content, owned in pairs]


@pytest.mark.parametrize("name", ALL)
def test_every_recorded_ballot_passes_and_gives_the_recorded_tally(name: str) -> None:
    recorded = Recorded(next((ELECTIONS / name).glob("*.bel")))
    election = recorded.opened()
    credentials = [json.loads(ballot)["credential"] for ballot in recorded.ballots]
    assert election.check_ballots(recorded.ballots) == [(credential, []) for credential in credentials]
    tally = election.tally()
    for ballot in recorded.last():
        tally.add([ballot])
    assert tally.finish() == recorded.tally


@pytest.mark.parametrize("name", ALL)
def test_the_recorded_decryptions_give_the_recorded_result(name: str) -> None:
    recorded = Recorded(next((ELECTIONS / name).glob("*.bel")))
    election = recorded.opened()
    ciphertexts, decryptions = recorded.ciphertexts(), recorded.decryptions()
    for owner, content in decryptions:
        assert election.check_decryption(owner, ciphertexts, content) == []
    assert election.result(ciphertexts, decryptions[::-1]) == recorded.of["Result"][0][0]


def test_a_lowered_threshold_fails_at_the_group() -> None:
    path = ELECTIONS.parent / "tampered" / "t32-threshold-lowered.CmmX9s8DuQ1HWA.bel"
    assert {duty for duty, _ in Recorded(path).opened().check_setup()} == {"E7"}
