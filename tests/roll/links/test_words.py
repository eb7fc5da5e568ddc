"""Claims about words, skeletons and contacts; the expected values were worked out by hand from the rules."""

from __future__ import annotations

import re
from importlib.util import find_spec

import duckdb
import pytest

from selectorate.roll.links import contacts
from selectorate.roll.links.records import letters, skeleton
from selectorate.roll.tokens import email as plain_email
from selectorate.roll.tokens import phone as plain_phone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("yusuf", "jusouf"),
        ("qader", "kader"),
        ("zamir", "samir"),
        ("philip", "filip"),
        ("schukov", "shukow"),
        ("lliani", "liany"),
    ],
)
def test_two_spellings_of_one_sound_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_skeletons_by_hand() -> None:
    # alder: no vowels -> ldr. beech: c as k, no doubles, no vowels and no h -> bk. lee: one consonant: the word.
    assert [skeleton(word) for word in ("alder", "beech", "lee", "12a")] == ["ldr", "bk", "lee", "12a"]


def test_other_scripts_keep_their_letters() -> None:
    assert skeleton("шевченко") == "шевченко"
    assert letters(skeleton("шевченко")) == 0


def test_letters_are_a_bit_each() -> None:
    assert letters("bdb") == 0b1010


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 High Street", "12, high st."),
        ("Flat 2, 12 High St", "2 / 12 High Street"),
        ("Unit 4 9 Elm Avenue", "4/9 ELM AVE"),
        ("Lindenstraße 7", "lindenstraße 7"),
    ],
)
def test_one_address_written_two_ways_is_one(one: str, other: str) -> None:
    assert contacts.street(one) == contacts.street(other) != ""


def test_addresses_are_one_by_sql_and_one_by_one() -> None:
    """The street of each is worked out by `street`, one text at a time, in plain Python."""
    given = (
        "Flat 2, 12 High St",
        "12a  ELM AVENUE",
        "Lindenstraße 7",
        "no",
        "Place du Marché 3",
        "4/9 Oak-Tree Close",
    )
    engine = duckdb.connect()
    engine.execute("CREATE TABLE members (email VARCHAR, phone VARCHAR, address_1 VARCHAR)")
    engine.executemany("INSERT INTO members VALUES ('', '', ?)", [[text] for text in (*given, "", "-")])
    contacts.prepare(engine, "members")
    assert engine.execute("SELECT count(*) FROM streets WHERE x = ''").fetchall() == [(0,)]
    found = dict(engine.execute("SELECT x, form FROM streets WHERE form <> ''").fetchall())
    assert found == {text: contacts.street(text) for text in given if contacts.street(text)}
    assert found["Flat 2, 12 High St"] == "12 2 high st"
    engine.close()


def test_another_number_is_another_address() -> None:
    assert contacts.street("12 High Street") != contacts.street("13 High Street")


@pytest.mark.skipif(find_spec("phonenumbers") is None, reason="phonenumbers is not installed")
def test_the_library_and_the_plain_way_agree_on_ordinary_numbers() -> None:
    for text in ("+44 20 7946 0018", "+44 (0)20 7946 0018", "020 7946 0018", "0044 20 7946 0018"):
        assert re.fullmatch(contacts.PLAIN_PHONE, text)
        assert contacts.phone(text, "GB") == plain_phone(text) == "079460018"


@pytest.mark.skipif(find_spec("phonenumbers") is None, reason="phonenumbers is not installed")
def test_an_extension_is_no_part_of_the_number() -> None:
    assert contacts.phone("+44 20 7946 0018 ext. 12") == plain_phone("+44 20 7946 0018")


@pytest.mark.skipif(find_spec("email_validator") is None, reason="email-validator is not installed")
def test_the_library_and_the_plain_way_agree_on_ordinary_addresses() -> None:
    for text in ("Alder@Elm.example", "alder.ash+list@elm.example", "a-b_c@sub.elm.example"):
        assert re.fullmatch(contacts.PLAIN_EMAIL, text)
        assert contacts.email(text) == plain_email(text)
