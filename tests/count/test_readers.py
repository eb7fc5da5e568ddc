"""Files of papers: what is read, and that whatever is wrong is refused with its line and a remedy.

Right answers are the files themselves, written by hand; the BLT of the ERS97 model election counts 753 papers
by its published report.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.count.papers import TREES, of

from selectorate.count import readers, writers
from selectorate.count.objects import Paper, Profile
from selectorate.errors import Refusal

CSV = """3,2,
5,2,1,
2,3,
1,
"Candidate 1","Alder","Conifers (C)",
"Candidate 2","Beech","Broad (B)",
"Candidate 3","Cedar","Conifers (C)",
"Grove",
"""
BLT = """# three trees, one withdrawn
3 2
-1   # Alder
5 2 1 0
2 3 0
4
  1 3
  0
1 0
0
"Alder" "Beech" # names
"Cedar"
"Grove"
"""


PAPERS = "a number of papers was expected (at most 12 digits)"
DIGITS = " was expected (at most 12 digits)"
BOUND = "; 1 to 1000000000 were expected"


def refused(data: bytes | str) -> str:
    raw = data.encode() if isinstance(data, str) else data
    with pytest.raises(Refusal) as stopped:
        readers.read(raw, "papers")
    assert stopped.value.code in ("count.file", "count.file.kind", "count.profile", "file.size")
    return stopped.value.sentence


def test_scot_elex_gives_papers_seats_and_title() -> None:
    file = readers.read(CSV.encode(), "papers.csv")
    assert (file.kind, file.seats, file.title) == ("scot-elex", 2, "Grove")
    assert file.profile == Profile(("Alder", "Beech", "Cedar"), (Paper((1, 0), 5), Paper((2,), 2)), blank=1)


def test_blt_takes_withdrawn_candidates_off_the_papers() -> None:
    file = readers.read(BLT.encode(), "papers.blt")
    assert (file.kind, file.seats, file.title) == ("blt", 2, "Grove")
    assert file.profile == Profile(("Beech", "Cedar"), (Paper((0,), 5), Paper((1,), 6)), blank=1)


def test_the_format_is_seen_in_the_content_not_in_the_name() -> None:
    assert readers.read(CSV.encode(), "papers.blt").kind == "scot-elex"
    assert readers.read(BLT.encode(), "papers.csv").kind == "blt"


@pytest.mark.parametrize("text", [CSV, BLT])
def test_windows_1252_and_utf_8_give_the_same_names(text: str) -> None:
    text = text.replace("Cedar", "Cèdre d’Été")
    names = {readers.read(text.encode(code), "p").profile.candidates[-1] for code in ("utf-8", "cp1252")}
    assert names == {"Cèdre d’Été"}


@pytest.mark.parametrize("text", [CSV, BLT])
def test_line_ends_of_windows_change_nothing(text: str) -> None:
    crlf = text.replace("\n", "\r\n").encode()
    assert readers.read(b"\xef\xbb\xbf" + crlf, "p") == readers.read(text.encode(), "p")


def test_bytes_of_neither_encoding_are_refused_with_their_line() -> None:
    assert refused(CSV.encode() + b"\n\xc3\x81\x81\x8d") == (
        "papers, line 10: this is neither UTF-8 nor Windows-1252."
    )


@pytest.mark.parametrize(
    ("find", "put", "line", "because"),
    [
        ("3,2,", "1000000,2,", 1, "there are 1000000 candidates; 1 to 1000 were expected"),
        ("3,2,", "3,0,", 1, "there are 0 seats; 1 to 1000 were expected"),
        ("3,2,", "3,2,1,", 1, "“candidates,seats” was expected"),
        ("5,2,1,", "1000000000000,2,1,", 2, "“1000000000000” stands where " + PAPERS),
        ("5,2,1,", "999999999999,2,1,", 2, "a line stands for 999999999999 papers" + BOUND),
        ("5,2,1,", "999999999,2,1,", 3, "there are more than 1000000000 papers"),
        ("5,2,1,", "-5,2,1,", 2, "a number of papers is negative (-5)"),
        ("5,2,1,", "0,2,1,", 2, "a line stands for 0 papers" + BOUND),
        ("5,2,1,", "5.5,2,1,", 2, "“5.5” stands where a number of papers was expected (at most 12 digits)"),
        ("5,2,1,", "٥,2,1,", 2, "“٥” stands where a number of papers was expected (at most 12 digits)"),
        ("5,2,1,", "5,2,4,", 2, "candidate 4 does not exist; there are 3"),
        ("5,2,1,", "5,2 1,", 2, "“2 1” stands where a candidate's number" + DIGITS),
        ("5,2,1,", "5," + "2," * 1001, 2, "there are more than 1000 ranks"),
        ("Beech", "Alder", 6, "two candidates are called “Alder”"),
        ("Beech", "Be\x1b[31mech", 6, "a name has control characters in it"),
        ("Beech", "", 6, "a name has 0 characters; 1 to 200 were expected"),
        ("Beech", "B" * 201, 6, "a name has 201 characters; 1 to 200 were expected"),
        ('"Candidate 2"', '"Candidate 3"', 6, "candidate 3 stands where candidate 2 was expected"),
        ('"Candidate 3","Cedar","Conifers (C)",\n"Grove",\n', "", 6, "the file ends with 2 names of 3"),
        ('"Grove",\n', '"Grove",\n5,1,\n', 9, "there is something after the title"),
    ],
)  # fmt: skip
def test_a_wrong_line_of_a_csv_is_refused_by_number(find: str, put: str, line: int, because: str) -> None:
    text = CSV.replace(find, put, 1).replace("2,3,\n", "2,3,\n" if "999999999," not in put else "3,3,\n")
    assert refused(text) == f"papers, line {line}: {because}."


@pytest.mark.parametrize(
    ("find", "put", "line", "because"),
    [
        ("3 2\n", "1000000 2\n", 2, "there are 1000000 candidates; 1 to 1000 were expected"),
        ("5 2 1 0", "5 2=4 0", 4, "candidate 4 does not exist; there are 3"),
        ("5 2 1 0", "5 2= 1 0", 4, "“” stands where a candidate's number" + DIGITS),
        ("5 2 1 0", "5 2=1=3=1 0", 4, "one rank has more candidates than there are"),
        ("5 2 1 0", "5 2 -1 0", 4, "a candidate's number is negative (-1)"),
        ("5 2 1 0", "-5 2 1 0", 4, "candidate 5 does not exist; there are 3"),
        ("2 3 0", "-2 3 0", 5, "a number of papers is negative (-2)"),
        ("5 2 1 0", "5" + " 2" * 1001 + " 0", 4, "a paper has more than 1000 ranks, or no 0"),
        ("5 2 1 0\n", "5 2 1\n", 5, "a candidate stands twice on the paper from line 4, or no 0"),
        ("5 2 1 0", "1.5 2 1 0", 4, "“1.5” stands where a number of papers was expected (at most 12 digits)"),
        (
            "1 0\n0\n",
            "1 0\n",
            10,
            "a name stands here: the 0 that ends the papers, or that of the last one, is missing before it",
        ),
        ('"Cedar"', '"Ced\x1b]0;x\x07ar"', 12, "a name has control characters in it"),
        ('"Cedar"\n"Grove"\n', "", 11, "the file ends where the name of candidate 3 was expected."),
        ('"Grove"\n', '"Grove"\n"Wood"\n', 14, "there is something after the title"),
        ('"Cedar"', "Cedar", 12, "a name in quotation marks was expected"),
    ],
)
def test_a_wrong_line_of_a_blt_is_refused_by_number(find: str, put: str, line: int, because: str) -> None:
    sentence = refused(BLT.replace(find, put, 1))
    assert sentence == f"papers, line {line}: {because}".removesuffix(".") + "."


def test_a_blt_without_its_last_zero_is_refused() -> None:
    assert refused("2 1\n3 1 0\n2 2 1\n") == (
        "papers, line 3: the file ends where the 0 that ends a paper was expected."
    )
    assert refused('2 1\n3 1 0\n2 2 1\n"Alder" "Beech"\n') == (
        "papers, line 4: a name stands here: the 0 that ends the paper from line 3 is missing before it."
    )
    assert refused("2 1\n3 1 0\n") == (
        "papers, line 2: the file ends where a line of papers, or the 0 that ends them, was expected."
    )


@pytest.mark.parametrize("text", [CSV, BLT])
def test_escapes_in_a_title_are_made_harmless(text: str) -> None:
    assert readers.read(text.replace("Grove", "Gr\x1b[2Jove").encode(), "p").title == "Gr [2Jove"


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"PK\x03\x04\0\0", b'{"a":1}', b"name;votes\n", CSV.encode("utf-16")]
)
def test_what_is_no_file_of_papers_is_refused_by_what_it_lacks(data: bytes) -> None:
    assert refused(data).startswith("papers is not a file of papers that can be read: ")


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text('0123456789 ,-="\n#A', max_size=120)))
def test_no_bytes_give_a_traceback(data: bytes | str) -> None:
    raw = data.encode() if isinstance(data, str) else data
    try:
        readers.read(raw, "papers")
    except Refusal as reason:
        assert reason.remedy


def test_a_file_beyond_the_bound_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selectorate.count.readers.lines.BYTES_MAX", 100)
    assert refused(b"x" * 101) == "papers has 101 bytes; at most 100 are read."


@pytest.mark.parametrize("marks", ["2=1", "2 - 1", "1 1"])
def test_a_paper_that_needs_a_rule_set_is_refused_where_there_is_none(marks: str) -> None:
    sentence = refused(BLT.replace("5 2 1 0", f"5 {marks} 3 0").replace("-1 ", ""))
    assert sentence.startswith("These papers cannot be counted: 5 papers with ")


def test_what_is_written_as_blt_is_read_back() -> None:
    profile = of("3 ABC, 2 C, 1 BA", blank=2)
    file = readers.read(writers.write_blt(profile, 2, 'The "old" grove\x1b'), "p")
    assert (file.profile, file.seats) == (profile, 2)


def test_rows_of_a_result_are_blank_valid_or_invalid_as_the_page_says() -> None:
    rows = [
        [0, 0, 0],  # blank
        [2, 1, 0],  # Beech, Alder
        [1, 0, 0],
        [3, 1, 2],
        [2, 1, 0],
        [1, 1, 0],  # a rank twice
        [1, 3, 0],  # a gap
        [0, 2, 0],  # no first
        [1, 2, -1],
    ]
    profile = readers.from_ranks(rows, TREES[:3])
    expected = (Paper((0,), 1), Paper((1, 0), 2), Paper((1, 2, 0), 1))
    assert profile == Profile(TREES[:3], expected, blank=1, invalid=4)


@pytest.mark.parametrize("row", [[1, 2], [1, 2, 3, 0], [True, 0, 0], ["1", 0, 0]])
def test_a_row_that_is_no_row_is_refused(row: list[int]) -> None:
    with pytest.raises(Refusal) as stopped:
        readers.from_ranks([[1, 0, 0], row], TREES[:3])
    assert str(stopped.value) == (
        "Row 2 of the result is no paper: one whole number for each of the 3 candidates was expected. "
        "Take the result from the archive again; do not edit it."
    )


@pytest.mark.outside_data
def test_the_model_election_has_its_published_number_of_papers(outside_data: Path) -> None:
    file = readers.read((outside_data / "count" / "ers97.blt").read_bytes(), "model.blt")
    assert (file.seats, file.profile.valid, len(file.profile.candidates)) == (6, 753, 11)
