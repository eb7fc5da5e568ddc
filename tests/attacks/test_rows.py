"""Every row of the catalogue of attacks that concerns ballots or verifiers is a test that carries its number.

Rows that are shown elsewhere are named with that test, and the test must be there. Rows that no test of a ballot
or a verifier can show are listed with the reason.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAST = {"X": 15, "G": 12, "P": 9, "B": 16, "T": 10, "M": 8, "R": 2, "L": 10}

ELSEWHERE = {
    "B04": ("tests/log/test_record.py", "test_a_receipt_holds_in_a_longer_record_and_not_in_a_rewritten_one"),
    "B07": (
        "tests/office/test_together.py",
        "test_of_two_that_accept_at_once_one_is_told_and_no_ballot_is_lost",
    ),
    "T09": ("tests/verify/test_claims.py", "test_one_person_with_every_key_is_named_as_one"),
}

OUTSIDE = {
    "G12": "time taken by secret exponents: a statistical test needs a machine that does nothing else",
    "B12": "names that look alike: judged where candidates are entered, before there is an election",
    "B14": "a page that was changed for one elector: there is no page to vote on yet",
    "B15": "a device that encrypts another choice: said in the claims, and found by nobody's verifier",
    "T08": "as many trustees as the threshold together: cannot be seen, said in the claims",
    "L07": "parts of the record withheld: a folder is whole, or L2 and L6 fail",
}


def rows() -> set[str]:
    return {f"{letter}{number:02}" for letter, last in LAST.items() for number in range(1, last + 1)}


def with_tests() -> set[str]:
    """The numbers in the names of tests, in this folder."""
    found: set[str] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE):
            found |= {
                part.upper() for part in name.split("_") if re.fullmatch(r"[xgpbtmrlXGPBTMRL]\d\d", part)
            }
    return found


def test_every_row_has_a_test_or_a_reason_why_not() -> None:
    assert with_tests() | set(ELSEWHERE) | set(OUTSIDE) == rows()


def test_no_row_with_a_test_is_said_to_have_none() -> None:
    assert not with_tests() & set(OUTSIDE)


def test_what_is_shown_elsewhere_is_there() -> None:
    for row, (file, name) in ELSEWHERE.items():
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), row
