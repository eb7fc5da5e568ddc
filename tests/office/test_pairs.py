"""Claims about what a human finds out about a possible duplicate."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from selectorate.errors import Refusal
from selectorate.office.keeping.pairs import ANSWERS, Resolution, resolve, resolved, standing, unsettled
from selectorate.office.vault import Vault
from selectorate.roll.objects import Link

PAIR = {"left": "17", "right": "31", "because": "the same name", "evidence": []}


@pytest.fixture
def office(tmp_path: Path) -> SimpleNamespace:
    vault = Vault(tmp_path / "vault")
    vault.create()
    vault.save("links", [PAIR])
    return SimpleNamespace(vault=vault)


def _found(answer: str, left: str = "31", right: str = "17", reason: str = "Both wrote.") -> Resolution:
    return Resolution(left, right, answer, "Officer One", date(2027, 1, 9), reason)


def test_what_was_found_is_kept_with_name_day_and_reason(office: SimpleNamespace) -> None:
    resolve(office, _found("two persons"))
    assert resolved(office.vault)["17", "31"] == {
        "left": "17",
        "right": "31",
        "answer": "two persons",
        "by": "Officer One",
        "on": "2027-01-09",
        "reason": "Both wrote.",
    }
    assert standing(office.vault, "17", "31") == "two persons, Officer One found on 2027-01-09: Both wrote."


def test_the_last_word_counts_and_the_first_is_not_lost(office: SimpleNamespace) -> None:
    for answer in ANSWERS:
        resolve(office, _found(answer))
    assert resolved(office.vault)["17", "31"]["answer"] == ANSWERS[-1]
    assert [one["answer"] for one in office.vault.load("links-resolved")] == list(ANSWERS)


def test_two_persons_get_no_second_letter_and_everybody_else_does(office: SimpleNamespace) -> None:
    pairs = (Link("17", "31", "the same name", ()), Link("17", "44", "the same name", ()))
    assert unsettled(office.vault, pairs) == pairs
    resolve(office, _found("not settled"))
    assert unsettled(office.vault, pairs) == pairs
    resolve(office, _found("two persons"))
    assert unsettled(office.vault, pairs) == pairs[1:]


def test_a_pair_that_nobody_was_shown_is_refused(office: SimpleNamespace) -> None:
    with pytest.raises(Refusal, match="not a pair"):
        resolve(office, _found("same person", right="44"))


def test_a_finding_without_a_reason_is_refused(office: SimpleNamespace) -> None:
    with pytest.raises(Refusal, match="no reason"):
        resolve(office, _found("same person", reason="  "))
    assert resolved(office.vault) == {}
