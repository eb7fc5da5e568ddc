"""Claims about files that are looked at before anything is stored, as an officer names them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from selectorate.errors import Refusal
from selectorate.office.engines import at_work, roll_engine
from selectorate.office.exports import read_export, start_map

LIST = "No.,Name,E-Mail,Since,Religion\nM-1,Member One,m1@example.org,2020-01-31,zqsentinelqz\n"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    return path


def test_a_map_that_was_begun_and_filled_in_reads_the_list(listed: Path) -> None:
    begun = listed.with_name("map.toml")
    made = start_map(listed, begun)
    assert (made.fields, made.to_say) == ({"Name": "full_name", "E-Mail": "email"}, ("No.", "Since"))
    filled = begun.read_text().replace('# "No." = ""', '"No." = "member_id"')
    begun.write_text(filled.replace('# "Since" = ""', '"Since" = "joined_on"'))
    reading = read_export(listed, map_=begun)
    assert reading.problems == ()
    assert reading.refused == ("Religion",)
    assert {field: cells[0] for field, cells in reading.columns.items()} == {
        "member_id": "M-1", "full_name": "Member One", "email": "m1@example.org", "joined_on": "2020-01-31"
    }  # fmt: skip


def test_a_map_that_is_there_is_not_written_over(listed: Path) -> None:
    begun = listed.with_name("map.toml")
    begun.write_text("mine")
    with pytest.raises(Refusal) as refused:
        start_map(listed, begun)
    assert refused.value.code == "file.exists"
    assert begun.read_text() == "mine"


def test_a_layout_of_ours_can_be_named_and_one_that_is_not_is_refused_with_the_nearest(listed: Path) -> None:
    listed.write_text("Contact ID,member_id\n1,2\n")
    assert read_export(listed, map_=Path("canonical")).layout.name == "canonical"
    with pytest.raises(Refusal) as refused:
        read_export(listed, map_=Path("nation-builder"))
    assert refused.value.code == "roll.map_name"
    assert refused.value.remedy.startswith("Did you mean “nationbuilder”? ")


def test_a_file_without_a_header_needs_no_map(tmp_path: Path) -> None:
    path = tmp_path / "voters.csv"
    path.write_text("m1@example.org,m1,1\n")
    with pytest.raises(Refusal) as refused:
        start_map(path, tmp_path / "map.toml")
    assert refused.value.code == "roll.header"


def test_a_cursor_of_an_engine_in_memory_sees_its_tables() -> None:
    with closing(roll_engine(None)) as engine:
        engine.execute("CREATE TABLE members AS SELECT 1 AS member_id")
        assert engine.cursor().execute("SELECT * FROM members").fetchall() == [(1,)]


def test_tables_that_are_only_looked_at_are_packed() -> None:
    with at_work(None) as engine:
        engine.execute("CREATE TABLE members AS SELECT 1 AS member_id")
        assert engine.execute("SELECT current_catalog() FROM members").fetchall() == [("packed",)]
