"""Archives are read from their file, a chunk of ballots at a time; what is read twice has to be the same twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.ballot import forge
from tests.ballot.own import CHAIR, UUID, Own
from tests.thinned import thinned

from selectorate.ballot import archive
from selectorate.ballot.check import Examination, Resumption, casting, examine, ledger
from selectorate.ballot.parameters import Electorate
from selectorate.errors import Refusal

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "ballot"
WEIGHTED = forge.archive_file(ROOT / "elections" / "v1b3-ed25519-a-h-3trustees-weights")
RANKED = forge.archive_file(ROOT / "elections" / "v1b-ed25519-c-nh-30-ranked")


class Kept:
    """What a run keeps of how far it has come."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str]] = []

    def keep(self, ballots: int, prefix: str) -> None:
        self.told.append((ballots, prefix))

    def from_here(self, position: int = -1) -> Resumption:
        return Resumption(*self.told[position], self.keep)


def beginning(kept: Kept) -> Resumption:
    return Resumption(0, "", kept.keep)


def judged(
    monkeypatch: pytest.MonkeyPatch, content: bytes, place: Path, resume: Resumption
) -> tuple[Examination, int]:
    """The examination, and how many ballots the kernel was asked about."""
    asked: list[int] = []
    plain = casting.Casting._verdict

    def counted(self: casting.Casting, *parts: object) -> None:
        asked.append(1)
        plain(self, *parts)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(casting.Casting, "_verdict", counted)
        return examine(content, place.stem, resume=resume), len(asked)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(casting, "CHUNK", 4)
    yield


def failed(found: Examination) -> set[str]:
    return {check.duty for check in found.checks if check.verdict == "failed"}


def test_a_file_is_judged_like_its_bytes() -> None:
    with WEIGHTED.open("rb") as stream:
        assert examine(stream, WEIGHTED.stem).checks == examine(WEIGHTED.read_bytes(), WEIGHTED.stem).checks


def test_a_file_that_changes_while_it_is_read_is_refused() -> None:
    content = bytearray(WEIGHTED.read_bytes())
    stream = io.BytesIO(bytes(content))
    read, _ = archive.read(stream, WEIGHTED.stem)
    place = next(read.events.places("Ballot"))
    at = content.index(read.events.content(place))
    stream.seek(at)
    stream.write(b"x")
    with pytest.raises(Refusal) as refusal:
        read.events.content(place)
    assert refusal.value.code == "ballot.changed"


def test_a_run_tells_after_each_chunk_how_far_it_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept()
    found, asked = judged(monkeypatch, RANKED.read_bytes(), RANKED, beginning(kept))
    assert (failed(found), asked, found.resumed) == (set(), 30, 0)
    assert [ballots for ballots, _ in kept.told] == [4, 8, 12, 16, 20, 24, 28, 30]
    content = RANKED.read_bytes()
    last = content.index(b".event.json", content.index(forge.take_apart(content).of("Ballot")[3].content[0]))
    end = last - 64 + 512
    size = int(content[last - 64 + 124 : last - 64 + 135], 8)
    assert kept.told[0][1] == forge.sha(content[: end + size])


@pytest.mark.parametrize("position", [0, 3, -1])
def test_a_resumed_run_does_not_repeat_proofs_and_comes_to_the_same(
    monkeypatch: pytest.MonkeyPatch, position: int
) -> None:
    kept = Kept()
    whole, _ = judged(monkeypatch, RANKED.read_bytes(), RANKED, beginning(kept))
    there = kept.told[position][0]
    again, asked = judged(monkeypatch, RANKED.read_bytes(), RANKED, kept.from_here(position))
    assert (asked, again.resumed) == (30 - there, there)
    assert [(one.duty, one.verdict) for one in again.checks] == [
        (one.duty, one.verdict) for one in whole.checks
    ]
    assert f"{there} of them checked in an earlier run" in next(
        c.because for c in again.checks if c.duty == "B6"
    )
    assert again.verified is not None
    assert whole.verified is not None
    assert list(again.verified.counted) == list(whole.verified.counted)
    assert list(again.verified.trackers) == list(whole.verified.trackers)


def test_a_poll_that_went_on_is_resumed_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = forge.take_apart(RANKED.read_bytes())
    kept = Kept()
    begun = forge.put_together(forge.Parts(parts.timestamp, parts.steps[:10]))
    judged(monkeypatch, begun, RANKED, beginning(kept))
    _, asked = judged(monkeypatch, RANKED.read_bytes(), RANKED, kept.from_here())
    assert asked == 30 - 9


def test_a_changed_archive_starts_from_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept()
    judged(monkeypatch, RANKED.read_bytes(), RANKED, beginning(kept))
    parts = forge.take_apart(RANKED.read_bytes())
    ballots = parts.of("Ballot")
    ballots[0].content, ballots[1].content = ballots[1].content, ballots[0].content
    found, asked = judged(monkeypatch, forge.put_together(parts), RANKED, kept.from_here())
    assert (asked, found.resumed) == (30, 0)


def test_nothing_is_kept_from_the_first_bad_ballot_on(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = forge.take_apart(RANKED.read_bytes())
    parts.of("Ballot")[9].content[0] += b" "
    kept = Kept()
    found, _ = judged(monkeypatch, forge.put_together(parts), RANKED, beginning(kept))
    assert "B1" in failed(found)
    assert [ballots for ballots, _ in kept.told] == [4, 8]
    again, asked = judged(monkeypatch, forge.put_together(parts), RANKED, kept.from_here())
    assert asked == 22
    assert failed(again) == failed(found)


def test_a_repeat_of_a_ballot_that_was_checked_earlier_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Own.opened("Ed25519", (CHAIR,), (1,) * 6)
    own.cast([(elector, ((1, 0, 0),)) for elector in range(5)])
    parts = forge.take_apart(own.content)
    kept = Kept()
    place = Path(f"{UUID}.bel")
    judged(monkeypatch, own.content, place, beginning(kept))
    parts.steps.append(parts.steps[2])
    found, asked = judged(monkeypatch, forge.put_together(parts), place, kept.from_here())
    assert (asked, failed(found)) == (1, {"B7"})


@pytest.mark.parametrize("place", [WEIGHTED, RANKED], ids=["weighted", "ranked"])
def test_an_earlier_copy_is_the_beginning_of_the_archive(place: Path) -> None:
    content = place.read_bytes()
    parts = forge.take_apart(content)
    for length in (1, 5, len(parts.steps)):
        copy = forge.put_together(forge.Parts(parts.timestamp, parts.steps[:length]))
        found = examine(content, place.stem, earlier=copy)
        assert failed(found) == set()
        assert next(check.verdict for check in found.checks if check.duty == "A4") == "passed"


def test_an_earlier_copy_that_says_otherwise_fails_only_that_duty() -> None:
    parts = forge.take_apart(WEIGHTED.read_bytes())
    steps = parts.steps
    open_ = forge.put_together(forge.Parts(parts.timestamp, steps[:8]))
    longer = forge.put_together(forge.Parts(parts.timestamp, steps[:9]))
    other = forge.put_together(forge.Parts(parts.timestamp, [*steps[:3], *steps[4:8]]))
    ours = WEIGHTED.stem
    assert failed(examine(open_, ours, earlier=longer)) == {"A4"}
    assert failed(examine(longer, ours, earlier=other)) == {"A4"}
    assert failed(examine(open_, ours, earlier=RANKED.read_bytes())) == {"A4"}
    assert failed(examine(open_, ours, earlier=open_[:-1])) == {"A4"}
    assert failed(examine(open_, ours, earlier=b"")) == {"A4"}


def test_without_an_earlier_copy_that_duty_is_not_part_of_it() -> None:
    found = examine(WEIGHTED.read_bytes(), WEIGHTED.stem)
    assert next(check.verdict for check in found.checks if check.duty == "A4") == "not part of it"


@pytest.mark.parametrize(
    ("name", "duties"),
    thinned(
        [
            ("t32-threshold-lowered", {"E7"}),
            ("t05-raw-byte", {"A1", "A2", "B4", "B6"}),
            ("t13-event-dropped-not-relinked", {"A2"}),
            ("t28-truncated", {"A1"}),
            ("t14-wrong-result", {"R1"}),
        ],
        5,
    ),
)
def test_with_its_duties_taken_out_of_the_table_a_bad_archive_passes(
    monkeypatch: pytest.MonkeyPatch, name: str, duties: set[str]
) -> None:
    place = next((ROOT / "tampered").glob(f"{name}.*.bel"))
    content, uuid = place.read_bytes(), place.suffixes[0][1:]
    assert failed(examine(content, uuid)) == duties
    for duty in duties:
        monkeypatch.delitem(ledger.CLAIMS, duty)
    checks = examine(content, uuid).checks
    assert {check.verdict for check in checks} <= {"passed", "not part of it"}
    assert duties.isdisjoint(check.duty for check in checks)


def test_credentials_are_found_by_their_text_and_keep_their_weight() -> None:
    listed = forge.take_apart(WEIGHTED.read_bytes()).steps[0].content[2]
    electorate = Electorate(listed)
    assert len(electorate) == len(list(electorate))
    for credential in electorate:
        number = electorate.number(credential.public)
        assert number is not None
        assert electorate.weight(number) == credential.weight
    assert electorate.number("0" * 64) is None
    assert electorate.total == sum(credential.weight for credential in electorate)
    assert electorate[0] == next(iter(electorate))
    assert list(Electorate(b'[ "a,3" , "b,1" ]')) == list(Electorate(b'["a,3","b,1"]'))
