"""D08: a bloc is shut out by a rule that was tuned after somebody had seen the names."""

from __future__ import annotations

import hashlib

import pytest
from tests.rules import books

from selectorate.errors import Refusal
from selectorate.log import order
from selectorate.log.objects import Entry, Holder
from selectorate.rules import facts_as_at

BY = (Holder("returning officer", "Officer One"),)
SOURCE = (books.HERE / "rulebook.toml").read_bytes()


def adopted(source: bytes, version: str) -> Entry:
    document = {"name": "rulebook.toml", "sha256": hashlib.sha256(source).hexdigest()}
    return Entry("rulebook.adopted", BY, {"document": document, "version": version})


def test_d08_no_rulebook_is_adopted_once_a_roll_was_imported() -> None:
    assert order.walk("opened record", adopted(SOURCE, "2026-11-22")) == "adopted"
    for phase in order.PHASES:
        if phase != "opened record":
            with pytest.raises(Refusal) as caught:
                order.walk(phase, adopted(SOURCE, "2026-11-23"))
            assert caught.value.code == "log.order", phase


def test_d08_one_character_of_a_rule_is_another_hash_on_the_record() -> None:
    tuned = SOURCE.replace(b"months(6)", b"months(7)")
    assert adopted(tuned, "v").data["document"] != adopted(SOURCE, "v").data["document"]


def test_d08_the_same_facts_have_the_same_outcome_whoever_they_are_about() -> None:
    book = books.book("union-uk")
    for case in books.cases("union-uk"):
        facts = facts_as_at(book, books.events(case["events"]), books.kinds(book))
        one, other = (book.eligibility(facts, subject=f"Member {number}") for number in (17, 18))
        assert (one.outcome, one.findings, one.fingerprint) == (
            other.outcome,
            other.findings,
            other.fingerprint,
        )
        assert one.appeal_days == 14
        if one.outcome == "not eligible":
            assert any(finding.holds is False for finding in one.findings), case["id"]
