"""What may stand in any file, before every reader: NUL bytes, broken encodings, endless lines, escapes.

Each file is one that its reader reads; then one thing is done to it. What comes out is papers that can be shown on a
terminal, or a sentence with a line (in JSON a place) and a remedy; it costs little.
"""

from __future__ import annotations

import json
import re
import time

import pytest
from tests.count.test_formats import CONTEST, COUNTED, OLD_TOI, OPAVOTE, RANKS, RCTAB, TOI, cvr

from selectorate.count import readers
from selectorate.count.constraints.read import read_groups
from selectorate.count.sheets import form
from selectorate.errors import Refusal

SECONDS_MAX = 3
LONG = 300_000
FILES = {
    "blt": '3 2\n-3\n4 1=2 3 0\n2 - 1 0\n0\n"Alder" "Beech"\n"Cedar"\n"Grove"\n',
    "preflib": TOI,
    "old preflib": OLD_TOI,
    "preflib grades": "# NUMBER CATEGORIES: 2\n# CATEGORY NAME 1: Good\n# CATEGORY NAME 2: Poor\n"
    "# ALTERNATIVE NAME 1: Alder\n# ALTERNATIVE NAME 2: Beech\n2: 1,2\n",
    "scot-elex": '2,1,\n5,2,1,\n"Candidate 1","Alder",\n"Candidate 2","Beech",\n"Grove",\n',
    "ranks": RANKS,
    "counted": COUNTED,
    "candidates": "Alder,Beech\n1,2\n2,1\nX,\n",
    "margin-irv": "12,7\nC,D\n-+-\n(7,12) : 5\n",
    "raire": '{"metadata":{"candidates":["Alder","Beech"]},"votes":[{"n":2,"prefs":[1,0]}]}',
    "by name": '{"candidates":["Alder","Beech"],"ballots":[["Alder"]]}',
    "cvr": json.dumps(cvr([("Beech", 1)])),
    "belenios": '{"result":[[[2,1],[1,1]]]}',
}
REPORTS = {"rctab": json.dumps(RCTAB), "opavote": json.dumps(OPAVOTE)}
READERS = [
    *((name, text, readers.read_ballots) for name, text in FILES.items()),
    *((name, text, readers.read_report) for name, text in REPORTS.items()),
    ("contest", CONTEST, readers.read_contest),
]
IDS = [name for name, _, _ in READERS]
EVERY = pytest.mark.parametrize(("text", "read"), [one[1:] for one in READERS], ids=IDS)


def outcome(data: bytes, read: object) -> Refusal | None:
    """The refusal, or None for papers; whichever, it can be printed, and it was quick."""
    begun = time.process_time()
    try:
        found = read(data, "papers")  # type: ignore[operator]
    except Refusal as reason:
        assert time.process_time() - begun < SECONDS_MAX
        assert reason.remedy
        assert reason.sentence.isprintable()
        return reason
    assert time.process_time() - begun < SECONDS_MAX
    for name in (*found.candidates, found.title):
        assert name.isprintable()
    return None


def placed(reason: Refusal | None) -> None:
    """A refusal of a line says which; one of the whole file says why no line can be named."""
    assert reason is not None
    if reason.code == "count.file":
        assert re.search(r"line [0-9]+", reason.sentence)
    else:
        assert reason.code in ("count.file.place", "count.file.kind", "file.size")


@EVERY
def test_the_file_itself_is_read(text: str, read: object) -> None:
    assert outcome(text.encode(), read) is None


@EVERY
def test_a_nul_byte_early_in_a_file_is_refused(text: str, read: object) -> None:
    placed(outcome(text[:3].encode() + b"\0" + text[3:].encode(), read))


@EVERY
def test_a_nul_byte_at_the_end_is_refused_or_harmless(text: str, read: object) -> None:
    outcome(text.encode() + b" " * 50_000 + b"\n\0\n", read)


@EVERY
def test_bytes_of_no_encoding_are_refused_with_their_line(text: str, read: object) -> None:
    lines = text.encode().split(b"\n")
    broken = b"\n".join([*lines[:-1], lines[-1] + b"\xc3\x81\x81\x8d"])
    reason = outcome(broken, read)
    placed(reason)
    assert f"line {len(lines)}: this is neither UTF-8 nor Windows-1252" in str(reason)


@EVERY
@pytest.mark.parametrize("filler", ["9", "(", "[", "x", '"', ",", " ", " 1", "=1"])
def test_an_endless_line_is_refused_or_passed_over_quickly(text: str, read: object, filler: str) -> None:
    first, rest = text.split("\n", 1) if "\n" in text else (text, "")
    for long in (filler * (LONG // len(filler)), first + "\n" + filler * (LONG // len(filler))):
        outcome(f"{long}\n{rest}".encode(), read)


@EVERY
def test_escapes_come_out_of_no_reader(text: str, read: object) -> None:
    for at in range(0, len(text), max(1, len(text) // 25)):
        outcome((text[:at] + "\x1b[31m\x07" + text[at:]).encode(), read)


@EVERY
def test_a_file_that_ends_too_early_is_refused_or_read_as_what_is_left(text: str, read: object) -> None:
    for at in range(1, len(text), max(1, len(text) // 25)):
        outcome(text[:at].encode(), read)


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"[A", b'[A]\ncandidates = ["\\u001b"]', b"\xc3\x81\x81", b"a" * LONG]
)
def test_places_for_groups_and_typed_sheets_refuse_in_a_sentence(data: bytes) -> None:
    for read in (read_groups, form.read):
        try:
            read(data)
        except Refusal as reason:
            assert reason.remedy
            assert reason.sentence.isprintable()
