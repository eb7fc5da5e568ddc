"""Archives of foreign tools are read whole and rebuilt byte for byte; broken ones are named as broken."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from tests.ballot import forge

from selectorate.ballot import archive, grammar
from selectorate.ballot.objects import Event
from selectorate.errors import Refusal

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "ballot"
WHOLE = sorted(ROOT.glob("elections/*/*.bel")) + sorted(ROOT.glob("elections/*/*.bel_"))


def duties(found: bytes, uuid: str = "x") -> set[str]:
    return {fault.duty for fault in archive.read(found, uuid)[1]}


@pytest.fixture(scope="module")
def weighted() -> bytes:
    return forge.archive_file(ROOT / "elections" / "v1b3-ed25519-a-h-3trustees-weights").read_bytes()


@pytest.mark.parametrize("place", WHOLE, ids=lambda place: f"{place.parent.name}-{place.suffix}")
def test_archives_of_foreign_tools_are_rebuilt_byte_for_byte(place: Path) -> None:
    content = place.read_bytes()
    found, faults = archive.read(content, place.stem)
    assert faults == ()
    assert archive.rewritten(found) == content


@pytest.mark.parametrize("place", WHOLE, ids=lambda place: f"{place.parent.name}-{place.suffix}")
def test_writing_event_by_event_gives_the_foreign_bytes_and_each_step_is_an_archive(place: Path) -> None:
    content = place.read_bytes()
    found, _ = archive.read(content, place.stem)
    ranked = any(event.type == "Shuffle" for event in found.events)
    written, head = archive.beginning(found.timestamp)
    for event in found.events:
        added = archive.addition(head, event.type, event.data, ranked=ranked)
        assert added.record == event.record
        written, head = written + added.added, added.head
        assert content.startswith(written)
    assert written == content
    assert archive.head_of(found, ranked=ranked) == head


def test_a_stream_is_read_like_bytes(weighted: bytes) -> None:
    assert archive.read(io.BytesIO(weighted), "x") == archive.read(weighted, "x")


@pytest.mark.parametrize("cut", [1, 511, 512, 600, 1100])
def test_a_truncated_archive_is_named_as_truncated(weighted: bytes, cut: int) -> None:
    assert "A1" in duties(weighted[:-cut])


@pytest.mark.parametrize("rest", [b"\0", bytes(512), bytes(1024), b"x" * 512])
def test_bytes_after_the_last_member_are_refused(weighted: bytes, rest: bytes) -> None:
    assert duties(weighted + rest) == {"A1"}


def test_an_empty_file_is_refused() -> None:
    assert duties(b"") == {"A1"}


@pytest.mark.parametrize("position", [99, 100, 110, 140, 150, 156, 157, 257, 345, 511])
def test_any_other_byte_in_a_header_is_refused(weighted: bytes, position: int) -> None:
    changed = bytearray(weighted)
    changed[1024 + position] ^= 0x01
    assert "A1" in duties(bytes(changed))


def test_padding_that_is_not_empty_is_refused(weighted: bytes) -> None:
    changed = bytearray(weighted)
    changed[1023] = 1
    assert duties(bytes(changed)) == {"A1"}


def test_an_announced_size_costs_no_memory(weighted: bytes) -> None:
    huge = forge.member("0" * 64 + ".data.json", b"", 0).replace(b"00000000000\0" * 1, b"77777777777\0", 1)
    found, faults = archive.read(weighted + huge, "x")
    assert {fault.duty for fault in faults} == {"A1"}
    assert found.events


def test_a_second_header_record_is_refused(weighted: bytes) -> None:
    assert duties(weighted + weighted[:1024]) == {"A1"}


def test_another_protocol_version_is_not_yet_supported() -> None:
    body = b'{"version":2,"timestamp":"1"}'
    with pytest.raises(Refusal, match=r"^not yet supported: protocol version 2"):
        archive.read(forge.member("BELENIOS", body, 1), "x")


@pytest.mark.parametrize(
    "body",
    [
        b'{"version":1,"timestamp":1}',
        b'{"version":1,"timestamp":"01"}',
        b'{"timestamp":"1","version":1}',
        b'{"version":1,"timestamp":"1","more":1}',
        b'{"version":1, "timestamp":"1"}',
        b"[" * 400,
        b"\xff",
        b"",
    ],
)
def test_a_header_record_in_another_form_is_refused(body: bytes) -> None:
    assert duties(forge.member("BELENIOS", body, 1)) == {"A1"}


def test_a_file_above_the_limit_is_refused_before_it_is_read_whole(weighted: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        archive.read(weighted, "x", bytes_max=10_000)
    assert refusal.value.code == "ballot.size"


def test_an_event_out_of_order_cannot_be_written() -> None:
    _, head = archive.beginning(1)
    with pytest.raises(Refusal) as refusal:
        archive.addition(head, "Ballot", (b"{}",))
    assert refusal.value.code == "ballot.order"
    head = archive.addition(head, "Setup", (b"a", b"b", b"c", b"d"), ranked=False).head
    with pytest.raises(Refusal):
        archive.addition(head, "Setup", (b"a", b"b", b"c", b"d"), ranked=False)
    head = archive.addition(head, "EndBallots").head
    head = archive.addition(head, "EncryptedTally", (b"t", b"s")).head
    with pytest.raises(Refusal):
        archive.addition(head, "Shuffle", (b"s", b"o"))
    with pytest.raises(Refusal):
        archive.addition(head, "PartialDecryption", (b"s",))


def test_a_time_that_the_header_cannot_hold_is_refused() -> None:
    for timestamp in (-1, 8**11):
        with pytest.raises(Refusal):
            archive.beginning(timestamp)


def test_the_grammar_has_one_way_through_an_election() -> None:
    assert grammar.successors(None, ranked=True) == ("Setup",)
    assert grammar.successors("EncryptedTally", ranked=True) == ("Shuffle",)
    assert grammar.successors("EncryptedTally", ranked=False) == ("PartialDecryption",)
    assert grammar.successors("Result", ranked=True) == ()
    assert [
        grammar.stage(kinds) for kinds in (("Setup", "Ballot"), ("Setup", "EndBallots"), ("Result",))
    ] == [
        "open",
        "closed",
        "declared",
    ]


def test_faults_are_counted_beyond_a_number() -> None:
    event = Event(7, "EndBallots", "0" * 64, None, b"x", ())
    faults = archive.chain_faults([event] * 50)
    assert len(faults) == archive.FAULTS_MAX + 1
    assert "more of this kind" in faults[-1].reason
