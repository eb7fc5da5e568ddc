"""Files made to break a reader: each gets a sentence with its place and a remedy, before it costs anything."""

from __future__ import annotations

import json
import sys
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.count.test_formats import CONTEST, COUNTED, OLD_TOI, OPAVOTE, RANKS, RCTAB, TOI, cvr
from tests.count.workbooks import workbook

from selectorate.count import readers
from selectorate.errors import Refusal

MANY = 10**12
SECONDS_MAX = 3
HEAD = "# ALTERNATIVE NAME 1: Alder\n# ALTERNATIVE NAME 2: Beech\n"
RAIRE = '{"metadata":{"candidates":["Alder","Beech"]},"votes":[{"n":%s,"prefs":%s}]}'


def refused(data: bytes | str, read: object = None) -> str:
    raw = data.encode() if isinstance(data, str) else data
    begun = time.process_time()
    with pytest.raises(Refusal) as stopped:
        (read or readers.read_ballots)(raw, "papers")  # type: ignore[operator]
    assert time.process_time() - begun < SECONDS_MAX
    assert stopped.value.code in ("count.file", "count.file.kind", "count.file.place", "file.size")
    assert stopped.value.remedy
    assert "\x1b" not in str(stopped.value)
    return stopped.value.sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"2 1\n{MANY} 1 0\n0\n", f"papers, line 2: “{MANY}” stands where a number of papers"),
        (f'2,1\n{MANY},1\n"Candidate 1","A"\n', f"papers, line 2: “{MANY}” stands where a number of papers"),
        (HEAD + f"{MANY}: 1\n", f"papers, line 3: “{MANY}” stands where a number of papers"),
        (f"count,rank1\n{MANY},Ash\n", f"papers, line 2: “{MANY}” stands where a number of papers"),
        (f"1,2\nA,B\n-+-\n(1) : {MANY}\n", f"papers, line 4: “{MANY}” stands where a number of papers"),
        (RAIRE % (MANY, "[0]"), "papers, at votes[0].n: something else stands where a whole number"),
        ("2 1\n999999999 1 0\n2 2 0\n0\n", "papers, line 3: there are more than 1000000000 papers"),
    ],
)
def test_a_number_of_papers_beyond_all_bodies(text: str, sentence: str) -> None:
    assert refused(text).startswith(sentence.replace("something else", f"“{MANY}”"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1000000 1\n", "papers, line 1: there are 1000000 candidates; 1 to 1000 were expected"),
        ("1000000,1\n", "papers, line 1: there are 1000000 candidates; 1 to 1000 were expected"),
        ("1000000\n1,Ash\n", "papers, line 1: there are 1000000 candidates; 1 to 1000 were expected"),
        ("# NUMBER ALTERNATIVES: 1000000\n" + HEAD, "papers, line 1: there are 1000000 candidates"),
        (",".join(f"c{one}" for one in range(2000)) + "\n" + "1," * 1999 + "1\n", "papers is not a file of papers"),
        ("rank1,rank2\n" + "".join(f"c{one},\n" for one in range(2000)), "papers, line 1002: there are more than"),
        (",".join(map(str, range(1, 2000))) + "\nA\n-+-\n", "papers, line 1: there are more than 1000 candidates"),
        (json.dumps({"candidates": ["c"] * 2000, "ballots": []}), "papers, at candidates: the list has 2000"),
        (json.dumps([[0] * 2000]), "papers, at [0]: the list has 2000 members; at most 1000 were expected"),
    ],
)  # fmt: skip
def test_more_candidates_than_any_ballot_paper(text: str, sentence: str) -> None:
    assert refused(text).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2 1\n-4 1 0\n0\n", "papers, line 2: candidate 4 does not exist"),
        ("2 1\n4 1 0\n-4 1 0\n0\n", "papers, line 3: a number of papers is negative (-4)"),
        (HEAD + "-4: 1\n", "papers, line 3: a number of papers is negative (-4)"),
        ("count,rank1\n-4,Ash\n", "papers, line 2: a number of papers is negative (-4)"),
        ("Ash,Elm\n-1,2\n", "papers, line 2: a rank, a score or X is negative (-1)"),
        ("1,2\nA,B\n-+-\n(1) : -4\n", "papers, line 4: a number of papers is negative (-4)"),
        (RAIRE % ("-4", "[0]"), "papers, at votes[0].n: “-4” stands where a whole number from 1"),
        (RAIRE % ("1", "[-1]"), "papers, at votes[0].prefs[0]: “-1” stands where a whole number from 0 to 1"),
        ("[[1,-1]]", "papers, at [0][1]: “-1” stands where a whole number from 0 to 1000"),
    ],
)
def test_negative_numbers(text: str, sentence: str) -> None:
    assert refused(text).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2 1\n3 1 0\n2 2 1\n", "papers, line 3: the file ends where the 0 that ends a paper was expected"),
        (
            "2 1\n3 1 2\n2 2 1 0\n0\n",
            "papers, line 3: a candidate stands twice on the paper from line 2, or no 0",
        ),
        ('2,1\n3,1\n"Candidate 1","Ash"\n', "papers, line 3: the file ends with 1 names of 2"),
        (HEAD + "3: {1,2\n", "papers, line 3: candidates, with braces around equal ones, were expected"),
        (HEAD + "3 1,2\n", "papers, line 3: “papers: first,second,…” was expected"),
        ("2\n1,Ash\n", "papers, line 3: “2,name” was expected"),
        ("2\n1,Ash\n2,Elm\n", "papers, line 4: three sums (voters, papers, orders) were expected"),
        ('count,rank1\n3,"Ash\n', "papers, line 2: this is no CSV"),
        ("1,2\nA,B\n-+-\n(1 : 4\n", "papers, line 4: “(first, second, …) : papers” was expected"),
        ('{"candidates":["Ash"],\n"ballots":[', "papers, line 2: this is no JSON"),
    ],
)
def test_missing_ends(text: str, sentence: str) -> None:
    assert refused(text).startswith(sentence)


@pytest.mark.parametrize(
    "text",
    [
        '1 1\n1 1 0\n0\n"A\x1b[31mlder"\n"t"\n',
        '1,1\n1,1\n"Candidate 1","A\x1b[31mlder"\n"t"\n',
        "# ALTERNATIVE NAME 1: A\x1b[31mlder\n1: 1\n",
        "count,rank1\n1,A\x1b[31mlder\n",
        "A\x1b[31mlder,Beech\n1,2\n",
        "\x1b[31m1,2\nA,B\n-+-\n(1) : 4\n",
        '{"candidates":["A\\u001b[31mlder"],"ballots":[]}',
        '{"metadata":{"candidates":["A\\u001b[31mlder"]},"votes":[]}',
    ],
)
def test_escapes_never_reach_a_terminal(text: str) -> None:
    assert "control characters" in refused(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[" * 100_000, "papers, line 1: this JSON is nested too deeply."),
        ('{"a":' * 50_000, "papers, line 1: this JSON is nested too deeply."),
        ('{"candidates":["Ash"],\n"ballots":[],\n"ballots":[["Ash"]]}', "papers, line 3: the key “ballots”"),
        ('{"candidates":["Ash"],\n"ballots":[{"count":NaN}]}', "papers, line 2: NaN is no number of papers"),
        ('{"candidates":["Ash"],\n\n"x":-Infinity}', "papers, line 3: -Infinity is no number of papers"),
        (RAIRE % ("1e9", "[0]"), "papers, at votes[0].n: “1e9” stands where a whole number"),
        (RAIRE % ("1.0", "[0]"), "papers, at votes[0].n: “1.0” stands where a whole number"),
        (RAIRE % ("true", "[0]"), "papers, at votes[0].n: “True” stands where a whole number"),
        (RAIRE % ("9" * 100_000, "[0]"), "papers, line 1: 99999999999999999999… has more than 15 digits"),
        (RAIRE % ("1", "[0" + ",0" * 2000 + "]"), "papers, at votes[0].prefs: the list has 2001 members"),
        ("[[1,2],[1]]", "papers, at [1]: 1 ranks stand where 2 were expected"),
        ('{"x":1}', "papers is not a file of papers that can be read: it is JSON, but none of those"),
    ],
)  # fmt: skip
def test_json_that_json_lets_through(text: str, sentence: str) -> None:
    assert refused(text).startswith(sentence)


def test_reports_are_bounded_too() -> None:
    deep = json.dumps(RCTAB).replace('"5"', "1e999999999")
    assert "at results[0].tally.Alder: “1e999999999”" in refused(deep, readers.read_report)
    assert "at precision" in refused(json.dumps(OPAVOTE | {"precision": 10**9}), readers.read_report)
    assert "at rules.numberOfWinners" in refused(
        CONTEST.replace('"numberOfWinners": "2"', '"numberOfWinners": "2000000"'), readers.read_contest
    )


def bomb() -> bytes:
    return workbook([["a", "b"]], sheet=f"<worksheet><sheetData>{' ' * 30_000_000}</sheetData></worksheet>")


def sheet(cells: str) -> bytes:
    return workbook([["a"]], sheet=f"<worksheet><sheetData>{cells}</sheetData></worksheet>")


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (bomb, "unpacks to more than 100 times its size"),
        (lambda: workbook([["a"]])[:-30], "zip is damaged"),
        (lambda: workbook([["a"]], extra={"xl/workbook.xml": b"<a><b></a>"}), "not well formed"),
        (
            lambda: workbook(
                [["a"]], extra={"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><sst>&b;</sst>'}
            ),
            "document type declaration",
        ),
        (lambda: workbook([["a"]], extra={"xl/workbook.xml": b"<workbook/>"}), "no first sheet"),
        (lambda: sheet('<row r="1"><c r="XFC1"><v>1</v></c></row>'), "more than 1020 columns"),
        (lambda: sheet('<row r="9999999"><c><v>1</v></c></row>'), "reaches to row 9999999"),
        (
            lambda: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            "at most 30000000 cells",
        ),
        (lambda: sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'), "has a formula"),
        (
            lambda: sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
            "it cannot be read",
        ),
        (lambda: sheet('<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>'), "an error or a truth value"),
        (lambda: sheet(""), "it has no papers"),
    ],
)
def test_workbooks_made_to_hurt(data: object, because: str) -> None:
    assert because in refused(data())  # type: ignore[operator]


def test_a_workbook_without_the_library_that_reads_it_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(Refusal) as stopped:
        readers.read_ballots(workbook([["Alder", "Beech"], ["1", "2"]]), "papers")
    assert (stopped.value.code, stopped.value.family) == ("count.engine", "engine trouble")


def test_a_zip_that_is_no_workbook_is_said_to_be_none(tmp_path: object) -> None:
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "x")
    assert "it is a zip, but no workbook" in refused(out.getvalue())


SEEDS = [
    '3 2\n-3\n4 1=2 3 0\n2 - 1 0\n0\n"A" "B"\n"C"\n"Grove"\n', TOI, OLD_TOI, RANKS, COUNTED, "A,B\n1,2\nX,\n",
    "12,7\nC,D\n-+-\n(7,12) : 5\n", RAIRE % ("2", "[1,0]"), json.dumps(cvr([("Beech", 1)])), "[[2,1],[1,1]]",
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(0, 400), st.integers(0, 12), st.text(max_size=6))
def test_damage_gives_papers_or_a_sentence_and_never_a_traceback(
    seed: str, at: int, cut: int, put: str
) -> None:
    damaged = seed[:at] + put + seed[at + cut :]
    try:
        found = readers.read_ballots(damaged.encode("utf-8", "replace"), "papers", keep_order=True)
    except Refusal as reason:
        assert reason.remedy
        return
    assert len(found.order) == sum(number for _, number in found.papers)
