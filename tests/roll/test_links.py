"""Claims about possible duplicates."""

from __future__ import annotations

from selectorate.roll.links import GROUP_MAX, links

from .conftest import Roll, Take

MEMBERS = "member_id,full_name,email,phone,born_on,address_1,postcode\n"


def test_the_two_planted_duplicates_are_found_and_nobody_else(roll: Roll) -> None:
    assert tuple((link.left, link.right) for link in links(roll.engine)) == roll.invention.truth.twice


def test_same_name_in_any_order_with_the_same_contact_is_shown_with_its_evidence(take: Take) -> None:
    engine = take(
        MEMBERS + "1,Robin Field,r@x.example,,1980-01-01,1 A,Q\n2,FIELD Robin,R+a@X.example,,1990-01-01,,\n"
    )
    (link,) = links(engine)
    assert (link.left, link.right, link.because) == ("1", "2", "the same name with the same e-mail")
    assert link.evidence == ("the addresses differ", "the dates of birth differ")


def test_two_shared_contacts_are_one_link(take: Take) -> None:
    engine = take(MEMBERS + "1,A B,a@x.example,0700 123456,,,\n2,A B,a@x.example,0700123456,,,\n")
    assert [link.because for link in links(engine)] == ["the same name with the same e-mail and telephone"]


def test_a_shared_contact_alone_or_a_shared_name_alone_is_no_link(take: Take) -> None:
    engine = take(MEMBERS + "1,A B,a@x.example,,,,\n2,C D,a@x.example,,,,\n3,A B,b@x.example,,,,\n")
    assert links(engine) == ()


def test_the_same_number_twice_is_shown_and_both_stay(take: Take) -> None:
    engine = take(MEMBERS + "1,A B,,,,,\n1,C D,,,,,\n")
    (link,) = links(engine)
    assert (link.left, link.right, link.because) == ("1", "1/2", "the same member number")
    assert link.evidence[:2] == ("members.csv, row 2; members.csv, row 3", "the names differ")
    assert engine.execute("SELECT count(*) FROM members").fetchall() == [(2,)]


def test_a_contact_of_a_crowd_links_nobody(take: Take) -> None:
    crowd = "".join(f"{number},A B,office@x.example,,,,\n" for number in range(GROUP_MAX + 1))
    assert links(take(MEMBERS + crowd)) == ()
