"""Whoever holds an account, collected or recruited is asked once, without a word about any member."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from selectorate.office.settling import holders as office
from selectorate.office.vault import Vault
from selectorate.roll.letters import Letter, Sender
from selectorate.roll.objects import Finding
from selectorate.roll.settling.holders import HOLDERS, holder_letters

SENDER = Sender("Harbour Workers", "Officer One", "roll@harbour.example", date(2027, 1, 4), date(2027, 1, 18))
MEMBERS = tuple(f"M-{n:05}" for n in range(1, 7))


@pytest.fixture
def finding() -> Finding:
    """Six members of five homes: all on one account, three of them brought by one recruiter, two on one telephone."""
    homes = dict(zip(MEMBERS, (1, 1, 2, 3, 4, 5), strict=True))
    links = (
        *((member, "home", home) for member, home in homes.items()),
        *((member, "payer", 1) for member in MEMBERS),
        *((member, "recruiter", 2) for member in MEMBERS[:3]),
        *((member, "phone", 3) for member in MEMBERS[:2]),
    )
    return Finding(
        kind="payer", id="payer-1", branch="North", members=MEMBERS, households=5, first=date(2026, 11, 2),
        last=date(2026, 11, 12), observed=5, expected="No other account paid for more than 2 homes.",
        because="6 members were paid for by one account.", innocent=("a treasurer who banks cash",),
        settles=("a receipt",), against=("they joined on several days",), severity=3, links=links,
    )  # fmt: skip


def plain(letter: Letter) -> str:
    return " ".join(letter.text.split())


def test_the_holder_of_the_account_and_the_recruiter_are_asked_and_a_telephone_has_no_holder(
    finding: Finding,
) -> None:
    letters = holder_letters([finding], SENDER)
    assert [one.because for one in letters] == [("payer-1", "payer 1"), ("payer-1", "recruiter 1")]
    assert "To whoever holds the account" in letters[0].text
    assert "of members in 5 homes were paid, between 2 November 2026 and 12 November 2026" in plain(
        letters[0]
    )
    assert "Members in 2 homes were recruited by one person" in plain(letters[1])


def test_a_letter_to_a_holder_names_no_member_and_reproaches_nobody(finding: Finding) -> None:
    for letter in holder_letters([finding], SENDER):
        assert not [member for member in MEMBERS if member in letter.text]
        for said in ("This is a question, no reproach.", "a treasurer who banks cash", "by 18 January 2027",
                     "You are asked this once", "Everyone who is eligible votes"):  # fmt: skip
            assert said in plain(letter), said
        assert all(len(line) <= 76 for line in letter.text.splitlines())


def test_a_notice_asks_nobody_and_two_members_on_one_account_no_holder(finding: Finding) -> None:
    assert holder_letters([replace(finding, severity=1)], SENDER) == ()
    few = tuple(link for link in finding.links if link[0] in MEMBERS[:2])
    assert holder_letters([replace(finding, kind="phone", members=MEMBERS[:2], links=few)], SENDER) == ()


def test_a_finding_that_names_nobody_still_has_its_collector(finding: Finding) -> None:
    (letter,) = holder_letters([replace(finding, kind="collector", members=(), links=())], SENDER)
    assert "To whoever collected" in letter.text


def test_every_letter_is_written_for_each_kind(finding: Finding) -> None:
    for kind in HOLDERS:
        (letter,) = holder_letters([replace(finding, kind=kind, links=())], SENDER)
        assert "{" not in letter.text


def test_who_has_been_asked_is_not_asked_again(finding: Finding, tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    vault.create()
    assert office.write(vault, [finding], SENDER) == 2
    assert office.write(vault, [finding], SENDER) == 2, "the letters of the first look were never sent"
    office.asked(vault, "2027-01-05")
    assert office.write(vault, [finding], SENDER) == 0
    assert office.write(vault, [replace(finding, id="payer-2")], SENDER) == 2
