"""The table of claims says what the files say, counts persons and not seats, and never more than was checked.

Expected numbers are counted by hand for each invented election.
"""

from __future__ import annotations

import dataclasses

import pytest

from selectorate.canon import Check, Report
from selectorate.verify.claims import Claim, Part, Standing, claims, fewest_to_decrypt

THREE = (Part((1,), 1), Part((2,), 1), Part((3,), 1))
GROUP = (Part((1, 2, 3), 2),)
NAMES = {1: "Trustee One", 2: "Trustee Two", 3: "Trustee Three"}


def report(*failed: str, skipped: tuple[str, ...] = (), stage: str = "declared") -> Report:
    checks = [Check("T1", "", "passed"), Check("Q2", "", "passed"), Check("C2", "", "passed")]
    checks += [Check(duty, "", "failed") for duty in failed] + [Check(d, "", "not checked") for d in skipped]
    return Report(stage, tuple(checks))  # type: ignore[arg-type]


def row(name: str, standing: Standing, of: Report | None = None) -> Claim:
    return next(one for one in claims(of or report(), standing) if one.property == name)


@pytest.mark.parametrize(
    ("parts", "holders", "fewest"),
    [
        (THREE, {}, 3),
        (THREE, NAMES, 3),
        (THREE, {1: "Trustee One", 2: "Trustee One", 3: "Trustee Three"}, 2),
        (THREE, dict.fromkeys((1, 2, 3), "Trustee One"), 1),
        (GROUP, {}, 2),
        (GROUP, {1: "Trustee One", 2: "Trustee Two", 3: "Trustee Two"}, 1),
        ((Part((1,), 1), Part((2, 3, 4), 2)), {}, 3),
        ((Part((1,), 1), Part((2, 3, 4), 2)), {1: "A B", 2: "A B", 3: "C D", 4: "E F"}, 2),
        ((Part(tuple(range(1, 21)), 11),), {}, 11),
    ],
)
def test_persons_are_counted_and_not_seats(
    parts: tuple[Part, ...], holders: dict[int, str], fewest: int
) -> None:
    assert fewest_to_decrypt(Standing(parts, holders)) == fewest


def test_one_person_with_every_key_is_named_as_one() -> None:
    said = row("Secrecy of the vote", Standing(THREE, dict.fromkeys((1, 2, 3), "Trustee One"))).here
    assert "One person alone can decrypt any ballot" in said
    assert "1 different person: Trustee One" in said


def test_mixers_of_one_name_are_one_mixer() -> None:
    two = Standing(THREE, {1: "Trustee One", 2: "Trustee One", 3: "Trustee Three"}, mixers=(1, 2))
    assert "1 mixer (Trustee One)" in row("Secrecy of the vote", two).here


def test_a_demonstration_claims_no_secrecy() -> None:
    shown = row("Secrecy of the vote", Standing(THREE, NAMES, demonstration=True))
    assert shown.word == "not claimed"
    assert "no secrecy at all" in shown.here


def test_a_small_tally_and_a_unanimous_one_are_told() -> None:
    few = Standing(GROUP, NAMES, counted=4, accepted=4, smallest_tally=10, small=(1, 2), unanimous=(1,))
    said = row("Secrecy of the vote", few).here
    assert "Only 4 ballots were counted, fewer than the 10" in said
    assert "2 trustees agreed on the record" in said
    assert "In question 1 everybody chose alike" in said


@pytest.mark.parametrize(
    ("of", "word"),
    [
        (report(), "checked"),
        (report("T1"), "failed"),
        (report(skipped=("B6",)), "on condition"),
        (report(stage="open"), "not yet"),
    ],
)
def test_the_result_is_claimed_only_as_far_as_it_was_checked(of: Report, word: str) -> None:
    assert row("The result is right", Standing(THREE), of).word == word


def test_a_failed_duty_is_named_with_the_claim() -> None:
    assert "T1 failed" in row("The result is right", Standing(THREE), report("T1")).here


def test_a_key_that_nobody_can_spare_is_said() -> None:
    assert (
        "one that is lost stops the tally"
        in row("The tally can take place", Standing(THREE), report(stage="open")).here
    )
    assert (
        "up to 1 of each group" in row("The tally can take place", Standing(GROUP), report(stage="open")).here
    )


@pytest.mark.parametrize(
    ("word", "stands"),
    [
        ("certified", "checked"),
        ("not certified", "not claimed"),
        ("could change", "not claimed"),
        (None, "not yet"),
    ],
)
def test_the_outcome_is_called_safe_only_by_the_certificate(word: str | None, stands: str) -> None:
    safe = row("The outcome is safe against members in doubt", Standing(THREE, word=word))
    assert safe.word == stands


def test_a_wrong_certificate_makes_nothing_safe() -> None:
    safe = row(
        "The outcome is safe against members in doubt", Standing(THREE, word="certified"), report("C2")
    )
    assert safe.word == "failed"


def test_what_is_never_claimed_stands_in_every_table() -> None:
    words = {one.property: one.word for one in claims(report(), Standing(THREE, NAMES))}
    for name in (
        "Nobody knows whether I voted",
        "I cannot prove how I voted, nor be forced",
        "Secrecy for ever",
    ):
        assert words[name] == "not claimed"


def test_no_row_uses_a_word_that_promises_too_much() -> None:
    full = Standing(GROUP, NAMES, mixers=(1, 2), electors=40, counted=30, accepted=31, word="certified")
    lone = dataclasses.replace(full, folder=False, word=None)
    for standing in (full, lone):
        text = " ".join(" ".join(one.to_json().values()) for one in claims(report(), standing)).lower()
        for word in ("unhackable", "anonymous", "blockchain", "coercion-proof", "guarantee"):
            assert word not in text


def test_keys_without_names_are_not_called_persons() -> None:
    said = row("Secrecy of the vote", Standing(GROUP)).here
    assert "2 keys together decrypt any ballot; one person may hold several" in said
