"""Claims about possible duplicates."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from tests.roll.conftest import Roll, Take

from selectorate.roll import links as linkage
from selectorate.roll.links import exact, links

MEMBERS = "member_id,full_name,email,phone,born_on,address_1,postcode\n"
needs_splink = pytest.mark.skipif(
    find_spec("splink") is None, reason="Splink is not installed: make setup installs the extra `roll`"
)


@needs_splink
def test_the_two_planted_duplicates_are_found_and_nobody_else(roll: Roll) -> None:
    assert tuple((link.left, link.right) for link in links(roll.engine)) == roll.invention.truth.twice


@needs_splink
def test_names_in_any_order_and_spelling_are_shown_with_their_evidence(take: Take) -> None:
    engine = take(
        MEMBERS
        + "1,Robin Quillfeather,r@x.example,,1980-03-01,1 Alder Street,Q1\n"
        + "2,QUILFEATHER Robin,R+a@X.example,,,,\n"
        + "3,Rowan Thistle,t@x.example,,1971-07-09,2 Alder Street,Q1\n"
    )
    (link,) = links(engine)
    assert (link.left, link.right) == ("1", "2")
    assert link.because == "a name that is nearly the same with the same e-mail"
    said = " ".join(link.evidence)
    assert "the names are written alike" in said
    assert "times likelier of one person" in said
    assert "a date of birth is missing" in said
    assert link.evidence[-1].startswith("in a roll of 3 fewer than 0.01 pairs")


@needs_splink
def test_a_shared_contact_alone_or_a_shared_name_alone_is_no_link(take: Take) -> None:
    engine = take(MEMBERS + "1,A B,a@x.example,,,,\n2,C D,a@x.example,,,,\n3,A B,b@x.example,,,,\n")
    assert links(engine) == ()


@needs_splink
def test_twins_and_a_parent_with_a_child_of_one_name_are_no_link(take: Take) -> None:
    engine = take(
        MEMBERS
        + "1,Alder Quillfeather,q@x.example,0700 1234567,1980-03-02,1 Elm Road,Q1\n"
        + "2,Beech Quillfeather,q@x.example,0700 1234567,1980-03-02,1 Elm Road,Q1\n"
        + "3,Alder Quillfeather,q@x.example,0700 1234567,2004-11-17,1 Elm Road,Q1\n"
    )
    assert links(engine) == ()


@needs_splink
@pytest.mark.parametrize(("contact", "asked"), [("z@x.example", False), ("q@x.example", True), ("", True)])
def test_namesakes_in_a_home_with_other_contacts_are_no_link_without_a_date(
    take: Take, contact: str, asked: bool
) -> None:
    """A parent and a child of one name; on a roll that has dates of birth."""
    others = "".join(f"{n},A{n} B{n},,,1980-03-{n},{n} Oak Road,Q{n}\n" for n in range(10, 20))
    engine = take(
        MEMBERS
        + "1,Alder Quillfeather,q@x.example,,1980-03-02,1 Elm Road,Q1\n"
        + f"2,Alder Quillfeather,{contact},,,1 Elm Road,Q1\n{others}"
    )
    assert bool(links(engine)) is asked


@needs_splink
def test_a_roll_without_dates_asks_the_same_name_in_one_home_with_another_e_mail(take: Take) -> None:
    others = "".join(f"{n},A{n} B{n},,,,{n} Oak Road,Q{n}\n" for n in range(10, 20))
    engine = take(
        MEMBERS
        + "1,Alder Quillfeather,q@x.example,,,1 Elm Road,Q1\n"
        + f"2,Alder Quillfeather,z@x.example,,,1 Elm Road,Q1\n{others}"
    )
    assert [(link.left, link.right) for link in links(engine)] == [("1", "2")]


@needs_splink
def test_a_day_that_forms_fill_in_counts_as_its_year_only(take: Take) -> None:
    """The first of January is on everybody's form; a true day and that default of the same year do not differ."""
    engine = take(
        MEMBERS
        + "1,Alder Quillfeather,q@x.example,,1980-01-01,,\n2,Alder Quillfeather,q@x.example,,1980-05-03,,\n"
    )
    (link,) = links(engine)
    assert any("the years of birth agree" in one for one in link.evidence)


@needs_splink
def test_nothing_of_a_comparison_stays_in_the_tables_of_the_roll(take: Take) -> None:
    engine = take(MEMBERS + "1,A B,a@x.example,,,,\n2,A B,a@x.example,,,,\n")
    before = engine.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    links(engine)
    assert engine.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall() == before
    assert engine.execute("SELECT count(*) FROM members").fetchall() == [(2,)]


def test_the_same_number_twice_is_shown_and_both_stay(take: Take) -> None:
    engine = take(MEMBERS + "1,A B,,,,,\n1,C D,,,,,\n")
    (link,) = links(engine)
    assert (link.left, link.right, link.because) == ("1", "1/2", "the same member number")
    assert link.evidence[:2] == ("members.csv, row 2; members.csv, row 3", "the names differ")
    assert engine.execute("SELECT count(*) FROM members").fetchall() == [(2,)]


def test_a_contact_of_a_crowd_links_nobody(take: Take) -> None:
    crowd = "".join(f"{number},A B,office@x.example,,,,\n" for number in range(exact.GROUP_MAX + 1))
    assert links(take(MEMBERS + crowd)) == ()


def test_without_splink_the_same_name_with_the_same_contact_is_found(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linkage, "find_spec", lambda _: None)
    engine = take(MEMBERS + "1,A B,a@x.example,0700 123456,,,\n2,B A,a@x.example,0700123456,,,\n")
    assert not linkage.complete()
    assert [link.because for link in links(engine)] == ["the same name with the same e-mail and telephone"]
