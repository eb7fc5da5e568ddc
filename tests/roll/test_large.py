"""Claims about large files: whatever the engine reads, its reading is that of the small reader, or none.

The expected reading is that of `reading.read_file`, which shares no way of reading with the engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selectorate.errors import Refusal
from selectorate.roll.columns import plan
from selectorate.roll.large.reading import TABLE, judge, load
from selectorate.roll.large.shape import look
from selectorate.roll.reading import Reading, read_file

TODAY = date(2026, 11, 22)


def large(data: bytes, folder: Path, piece: int = 1 << 20, dates: str | None = None) -> Reading | None:
    path = folder / "members.csv"
    path.write_bytes(data)
    shape = look((data[start : start + piece] for start in range(0, len(data), piece)), path.name)
    if shape is None:
        return None
    planned = plan(shape.header, path.name)
    with duckdb.connect(config={"threads": 1}) as engine:
        statement, values = load(planned, shape)
        try:
            engine.execute(statement, [str(path), *values])
        except duckdb.Error:
            return None
        return judge(engine, path.name, shape, planned, dates=dates, today=TODAY)


def same(one: Reading, two: Reading) -> None:
    assert one.to_json() == two.to_json()
    assert list(one.lines()) == list(two.lines())
    for part in ("sha256", "left_out", "problems", "remarks", "notes", "refused", "kept", "total"):
        assert getattr(one, part) == getattr(two, part), part


HEAD = (
    "member_id",
    "full_name",
    "born_on",
    "joined_on",
    "paid_to",
    "email",
    "phone",
    "weight",
    "is_test",
    "Religion",
)
CELLS = (
    st.sampled_from(("1", "2", "3", "17", " 4", "", "A-9")),
    st.sampled_from(("Member One", "Member, Two", "\u00a0Mémber\u3000", "A \"B\" C", "x" * 1001, "a\x07b", "",
        "two\nlines", "=1+1")),
    st.sampled_from(("1900-01-01", "1980-02-03", "1880-01-01", "2030-01-01", "", "nonsense")),
    st.sampled_from(("2020-05-06", "1970-01-01", "03/04/2020", "", "2020-05-06 10:00:00")),
    st.sampled_from(("2027-01-01", "2019-01-01", "", "1.2.2020")),
    st.sampled_from(("one@example.org", "one", "one@@example.org", "ö@example.org", "a b@example.org", "")),
    st.sampled_from(("+33 6 12 34 56 78", "123", "٠١٢٣٤٥", "5" * 21, "")),
    st.sampled_from(("", "1", "2", "two", "+1")),
    st.sampled_from(("", "0", "1", "Yes", "perhaps")),
    st.sampled_from(("", "SENTINEL", "a;b")),
)  # fmt: skip
LINES = st.lists(st.tuples(*CELLS), min_size=1, max_size=12)


def written(lines: list[tuple[str, ...]], delimiter: str, end: str, quoted: bool) -> bytes:
    def cell(text: str) -> str:
        wants = quoted or any(sign in text for sign in (delimiter, '"', "\n", "\r"))
        return '"' + text.replace('"', '""') + '"' if wants else text

    return "".join(delimiter.join(map(cell, line)) + end for line in (HEAD, *lines)).encode()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    LINES,
    st.sampled_from((",", ";", "\t")),
    st.sampled_from(("\n", "\r\n")),
    st.booleans(),
    st.integers(9, 400),
)
def test_the_engine_gives_the_reading_of_the_small_reader(
    tmp_path: Path, lines: list[tuple[str, ...]], delimiter: str, end: str, quoted: bool, piece: int
) -> None:
    data = written(lines, delimiter, end, quoted)
    found = large(data, tmp_path, max(piece, 200))
    if found is not None:
        same(found, read_file(data, "members.csv", today=TODAY))
    else:
        # in doubt only where a line is blank in all used cells
        assert any(not "".join(line[:9]).strip() for line in lines)


BYTES = (b"1", b"a", b",", b",", b"\n", b"\n", b"\r\n", b'"', b" ", b"\xff", b"\xc3\xa9", b"\t", b"\\")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(BYTES), max_size=30))
def test_a_file_of_any_form_is_read_alike_or_left_to_the_small_reader(
    tmp_path: Path, body: list[bytes]
) -> None:
    data = b"member_id,full_name,weight\n" + b"".join(body)
    found = large(data, tmp_path)
    if found is not None:
        same(found, read_file(data, "members.csv", today=TODAY))


@pytest.mark.parametrize(
    "body",
    [
        b"1,2,3,\n", b"1,2\n", b"1,2,3\n\n4,5,6\n", b'1, "y",3\n', b'1,"x"y,3\n', b'1,x"y,3\n', b"1,2,3\r\n4,5,6\n",
        b"1,\xff,3\n", b"1,\x00,3\n", b'1,"open,3\n', b"1,2,3\r4,5,6\n",
    ],
)  # fmt: skip
def test_a_form_that_readers_read_differently_is_in_doubt(body: bytes) -> None:
    assert look([b"member_id,full_name,weight\n" + body], "members.csv") is None


def test_a_plain_file_is_in_no_doubt_however_it_is_cut() -> None:
    data = b'\xef\xbb\xbfmember_id,"full\r\nname",weight\r\n1,"a ""b"", \xc3\xa9",\r\n2,"two\nlines",3'
    for cut in range(len(data)):
        seen = look([data[:cut], data[cut:]], "members.csv")
        assert seen is not None
        assert (seen.rows, seen.header) == (2, ("member_id", "full\r\nname", "weight"))


def test_refused_columns_are_never_in_the_engine(tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes(b"member_id,full_name,Religion\n1,A,SENTINEL\n2,B,SENTINEL\n")
    shape = look([path.read_bytes()], path.name)
    assert shape is not None
    planned = plan(shape.header, path.name)
    statement, values = load(planned, shape)
    with duckdb.connect() as engine:
        engine.execute(statement, [str(path), *values])
        assert "SENTINEL" not in repr(engine.table(TABLE).fetchall())
        assert "c2" not in statement.split("FROM")[0]


def test_dates_that_fit_two_ways_are_asked_about_and_a_declared_order_is_used(tmp_path: Path) -> None:
    data = b"member_id,full_name,joined_on\n" + b"".join(b"%d,A,03/04/2026\n" % n for n in range(9))
    for said in (None, "day-first", "month-first"):
        found = large(data, tmp_path, dates=said)
        assert found is not None
        same(found, read_file(data, "members.csv", today=TODAY, dates=said))


def test_an_unknown_layout_is_refused_like_a_small_file(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        large(b"who,what\nA,B\n", tmp_path)
    assert refused.value.code == "roll.layout"


def test_a_check_of_a_large_file_reports_as_of_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from selectorate.office import exports

    path = tmp_path / "members[1]*.csv"
    path.write_bytes(b"member_id,full_name,weight\n" + b"".join(b"%d,A,two\n" % n for n in range(300)))
    (tmp_path / "members1.csv").write_bytes(b"member_id,full_name,weight\n9,B,1\n")
    small = exports.check_export(path)
    monkeypatch.setattr(exports, "LARGE", 10)
    found = exports.check_export(path)
    assert (small.stored, found.stored) == (0, 300)
    same(found, small)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["members1.csv", "members[1]*.csv"]


def test_the_rows_that_the_bench_makes_are_a_known_export() -> None:
    """What the bench times is a whole CiviCRM export, every row kept; here with few rows."""
    import csv
    import io

    from bench.roll.checks import rows

    out = io.StringIO()
    csv.writer(out).writerows(rows(40))
    reading = read_file(out.getvalue().encode(), "members.csv", today=TODAY)
    assert (reading.layout.name, reading.kept, reading.problems, reading.remarks) == ("civicrm", 40, (), ())
