"""What cleared findings teach a signal, the words of decisions, and whether all were treated alike."""

from __future__ import annotations

from typing import Any

import pytest

from selectorate.errors import Refusal
from selectorate.roll.settling import parity
from selectorate.roll.settling.decisions import DECISIONS, codes, read
from selectorate.roll.settling.parity import Treated
from selectorate.roll.settling.weights import Reviewed, reviewed, weight, weights


@pytest.mark.parametrize(
    ("decided", "cleared", "left"),
    [
        # p = cleared / (decided + 1); weight = 4 (1 - p) / p, between 1/4 and 1; worked by hand
        (0, 0, 1000),
        (4, 4, 1000),  # p = 4/5: 4 (1/5) / (4/5) = 1
        (5, 5, 800),  # p = 5/6: 4 (1/6) / (5/6) = 4/5
        (9, 9, 444),  # p = 9/10: 4/9
        (10, 9, 888),  # p = 9/11: 8/9
        (19, 19, 250),  # p = 19/20: 4/19 = 0.21, not below a quarter
        (20, 16, 1000),  # exactly 80 %: p = 16/21, 4 (5/16) = 1.25
        (20, 17, 941),  # 85 %: 4 (4/17) = 0.941
        (100, 100, 250),
        (100, 0, 1000),
    ],
)
def test_a_signal_loses_weight_beyond_four_cleared_of_five(decided: int, cleared: int, left: int) -> None:
    assert weight(Reviewed("payer", decided, cleared)) == left


def test_more_cleared_findings_never_give_more_weight_and_none_silences_a_signal() -> None:
    for decided in range(60):
        falling = [weight(Reviewed("payer", decided, cleared)) for cleared in range(decided + 1)]
        assert falling == sorted(falling, reverse=True)
        assert min(falling) >= 250


def test_only_kinds_that_lost_weight_are_passed_on() -> None:
    assert weights([Reviewed("payer", 5, 5), Reviewed("phone", 5, 1)]) == {"payer": 800}


def finding(name: str, *members: str, kind: str = "payer") -> dict[str, Any]:
    return {"id": name, "kind": kind, "members": members}


def said(decision: str, code: str) -> dict[str, Any]:
    return {"decision": decision, "code": code}


def test_a_finding_counts_once_half_of_its_members_are_decided_on_an_answer_and_silence_counts_neither_way() -> (
    None
):
    last = {
        ("a", "1"): said("cleared", "own-payment"),
        ("a", "2"): said("unresolved", "no-answer"),  # half on an answer, which is cleared: a cleared finding
        ("b", "1"): said("cleared", "agreed"),
        ("b", "2"): said("unresolved", "open-question"),  # not cleared
        ("c", "1"): said("unresolved", "no-answer"),  # silence alone: not decided
        ("d", ""): said("cleared", "explained"),  # a branch
        ("e", "1"): said("cleared", "agreed"),  # one of three: not yet
    }
    findings = [
        finding("a", "1", "2"), finding("b", "1", "2"), finding("c", "1"), finding("d", kind="surge"),
        finding("e", "1", "2", "3"),
    ]  # fmt: skip
    assert reviewed(findings, last) == (Reviewed("payer", 2, 1), Reviewed("surge", 1, 1))


def test_no_decision_excludes_and_every_code_has_its_sentence() -> None:
    assert DECISIONS == ("cleared", "unresolved", "withdrawn")
    for code in codes().values():
        assert code.decision in DECISIONS
        assert code.says.endswith(".")
        assert code.of
    assert not [code for code in codes().values() if code.decision == "withdrawn" and not code.answered]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("member,decision\nM-1,cleared\n", 1),
        ("member,decision,code,reason,on\nM-1,guilty,x,y,2027-01-09\n", 2),
        ("member,decision,code,reason,on\n,cleared,agreed,y,2027-01-09\n", 2),
        ("member,decision,code,reason,on\nM-1,cleared,agreed,y,9 January\n", 2),
        ("", 1),
    ],
)
def test_a_file_of_decisions_that_cannot_be_read_is_refused_with_its_row(text: str, row: int) -> None:
    with pytest.raises(Refusal) as refused:
        read(text.encode(), "decisions.csv")
    assert refused.value.code == "roll.review_file"
    assert f"line {row}" in refused.value.sentence


def many(
    branch: str, number: int, asked: int, answered: int, cleared: int, excluded: int = 0
) -> list[Treated]:
    """Of the members in their order the first so many were asked, answered, were cleared after 4 days, excluded."""
    return [
        Treated(
            branch=branch,
            asked=n < asked,
            answered=n < answered,
            decision="cleared" if n < cleared else "",
            days=4 if n < cleared else None,
            excluded=n < excluded,
        )
        for n in range(number)
    ]


def test_everybodys_treatment_is_told_branch_by_branch() -> None:
    rows = parity.table([*many("North", 200, 100, 60, 50, 20), *many("South", 80, 40, 40, 20)])
    assert rows == (
        parity.HEAD,
        ("North", "200", "100", "60 %", "50 %", "none", "none", "4", "10 %"),
        ("South", "80", "40", "all", "50 %", "none", "none", "4", "none"),
    )


def test_few_are_never_shown_nor_what_they_leave_of_a_total() -> None:
    rows = parity.table(
        [*many("North", 55, 33, 30, 5), *many("East", 30, 4, 2, 1), *many("West", 20, 7, 7, 7)]
    )
    assert rows[1:] == (
        ("North", "50", "30", "all but a few", "fewer than 10", "none", "none", "–", "none"),
        (
            "2 branches with few asked",
            "50",
            "10",
            "fewer than 10",
            "fewer than 10",
            "none",
            "none",
            "–",
            "none",
        ),
    )


def test_a_small_branch_that_would_stand_alone_takes_the_next_smallest_with_it() -> None:
    """Otherwise what is left of the organisation's total would tell the nine."""
    rows = parity.table(
        [*many("North", 50, 30, 0, 0), *many("South", 50, 12, 0, 0), *many("East", 9, 9, 9, 9)]
    )
    assert [row[0] for row in rows[1:]] == ["North", "2 branches with few asked"]
    assert [row[2] for row in rows[1:]] == ["30", "20"]
