"""The scorer of the bench on rolls so small that every figure is worked out by hand, and the plain rules on a roll."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from bench.roll.stacking.generate import Order, write
from bench.roll.stacking.running import FREEZE, Found, Named, baseline
from bench.roll.stacking.scoring import KINDS, Truth, above, bootstrap, score, truth
from bench.roll.stacking.table import Column, shown

PAID, INVISIBLE = KINDS.index("paid_bulk"), KINDS.index("invisible")


def small() -> Truth:
    """1,012 members: 1,000 honest (0-999) in two branches; ten paid for (1000-1009); one of an earlier year, one
    hijacked (1010, 1011)."""
    number = 1012
    kind = np.full(number, -1)
    kind[1000:1010], kind[1010], kind[1011] = PAID, 99, 8
    operation = np.full(number, -1)
    operation[1000:1010], operation[1010], operation[1011] = 0, 1, 2
    place = np.arange(number)
    return Truth(
        branch=place % 2,
        operation=operation,
        kind=kind,
        community=np.where(place < 500, 0, 1),
        stratum=np.zeros(number, dtype=np.int64),
        drive=np.where(place < 4, 2, 0),
        trace=(kind >= 0) & (place != 1009),
    )


def found(evidence: dict[int, float], groups: list[list[int]]) -> Found:
    findings = tuple(Named("payer", 2, 0, np.array(members, dtype=np.int64)) for members in groups)
    ids = np.array(list(evidence), dtype=np.int64)
    return Found(ids, np.array(list(evidence.values()), dtype=np.float64), findings, 1.0, 1.0, 1.0, 0)


def test_a_bar_flags_as_many_as_it_may_and_a_tie_not_in_part() -> None:
    honest = np.ones(1000, dtype=np.bool_)
    evidence = np.zeros(1000)
    evidence[:4] = [4.0, 3.0, 2.0, 2.0]
    assert above(evidence, honest, 0.002).sum() == 2  # two of a thousand
    assert above(evidence, honest, 0.003).sum() == 2  # three would cut a tie: two
    assert above(evidence, honest, 0.004).sum() == 4
    assert above(evidence, honest, 0.01).sum() == 4  # nobody without evidence
    evidence[:4] = 2.0
    assert above(evidence, honest, 0.002).sum() == 0


def test_recall_counts_the_stacked_of_the_last_year_and_nobody_else() -> None:
    # two honest above (both in branch 0, community A), then six stacked, one honest level with two more of them
    evidence = {0: 9.0, 2: 8.0} | dict.fromkeys(range(1000, 1006), 7.0) | {1: 6.0, 1006: 6.0, 1009: 6.0}
    evidence |= {1010: 9.0, 1011: 9.0}
    scored = score(found(evidence, []), small(), np.ones(1012, dtype=np.bool_))
    # 0.1 %: one honest, above 8: nobody stacked. 0.2 %: two honest, above 6: six of ten. 0.5 %: everybody with any
    assert scored.honest.tolist() == [0.001, 0.002, 0.003, 0.003]
    assert scored.recall.tolist() == [0.0, 0.6, 0.8, 0.8]
    assert scored.precision.tolist() == pytest.approx([0.0, 6 / 8, 8 / 11, 8 / 11])
    assert scored.traceable.tolist() == pytest.approx([0.0, 6 / 9, 7 / 9, 7 / 9])
    assert scored.kinds[PAID].tolist() == [0.0, 0.6, 0.8, 0.8]
    assert all(math.isnan(one) for one in scored.kinds[INVISIBLE])
    assert scored.bands[0].tolist() == pytest.approx([0.0, 6 / 9, 7 / 9, 7 / 9])
    assert math.isnan(scored.bands[1][0])
    assert scored.drives[1] == 0.5  # members 0 and 2 of the four of the declared drive
    assert scored.whole == (0.003, 0.8)
    # honest flagged by branch, community A and B, then strata: two in branch 0 and A
    assert scored.flagged_by_branch[:, :2].tolist() == [[2.0, 0.0], [0.0, 0.0]]
    assert scored.members_by_branch[:, :2].tolist() == [[250.0, 250.0], [250.0, 250.0]]


def test_a_finding_is_right_when_more_than_half_of_it_is_stacked() -> None:
    half = [1000, 1001, 5, 6]
    most = [1000, 1001, 1002, 5]
    old = [1010]
    scored = score(found({}, [half, most, old]), small(), np.ones(1012, dtype=np.bool_))
    assert scored.first == pytest.approx(2 / 3)
    assert scored.as_many == 0.5  # two operations now (paid, hijack): the first two findings
    assert scored.hit == 0.5  # three of nine is a third: the paid one is hit, the hijack is not
    assert scored.hit_kinds["paid_bulk"] == 1.0
    assert scored.hit_kinds["hijack"] == 0.0


def test_two_of_an_operation_do_not_make_it_hit() -> None:
    scored = score(found({}, [[1000, 1001]]), small(), np.ones(1012, dtype=np.bool_))
    assert scored.first == 1.0
    assert scored.hit == 0.0


def test_a_finding_about_a_branch_is_counted_apart() -> None:
    scored = score(found({}, [[]]), small(), np.ones(1012, dtype=np.bool_))
    assert (scored.named, scored.branches, scored.branches_right) == (0, 1, 1.0)
    assert math.isnan(scored.first)


def test_gap_and_ratio_are_those_of_the_sums_and_equal_branches_leave_no_doubt() -> None:
    # 4 of 1,000 and 1 of 500: 0.4 % and 0.2 %; every branch the same, so every draw of branches gives the same
    flagged, members = np.array([[1.0, 0.25]] * 4), np.array([[250.0, 125.0]] * 4)
    told = bootstrap(flagged, members, seed=1, times=50)
    assert told["rates"] == pytest.approx((0.4, 0.2))
    assert told["gap"] == pytest.approx((0.2, 0.2, 0.2))
    assert told["ratio"] == pytest.approx((2.0, 2.0, 2.0))


def test_one_flagged_branch_of_many_gives_a_wide_interval() -> None:
    flagged, members = np.zeros((20, 2)), np.full((20, 2), 100.0)
    flagged[0, 0] = 20
    low, high = bootstrap(flagged, members, seed=1)["gap"][1:]
    # drawn 0 to 4 times or so of twenty: 0 to 4 points
    assert low == 0.0
    assert 2.0 <= high <= 5.0
    assert bootstrap(flagged, members, seed=1)["ratio"][0] == math.inf


def test_the_plain_rules_print_what_a_detector_prints(tmp_path: Path) -> None:
    """Seven members: five in dwelling 1; two alone, who with one of these are paid for by account 9 last week."""
    columns = {name: [-1] * 7 for name in ("renewal_day", "transfer_day", "device", "ip", "phone", "email")}
    columns |= {name: [-1] * 7 for name in ("recruiter", "cash_collector")}
    columns |= {
        "member_id": list(range(7)), "branch": [0] * 7, "join_day": [100] * 4 + [3640] * 3,
        "building": [1] * 5 + [2, 3], "dwelling": [1] * 5 + [2, 3], "payer": [10, 11, 12, 13, 9, 9, 9],
    }  # fmt: skip
    pq.write_table(pa.table(columns), tmp_path / "members.parquet")
    fixed = baseline("fixed", "").look(tmp_path)
    assert dict(zip(fixed.member.tolist(), fixed.evidence.tolist(), strict=True)) == {
        0: 5, 1: 5, 2: 5, 3: 5, 4: 5, 5: 3, 6: 3,
    }  # fmt: skip
    assert [(one.kind, one.members.tolist()) for one in fixed.findings] == [
        ("address", [0, 1, 2, 3, 4]),
        ("payer", [4, 5, 6]),
    ]
    recent = baseline("fixed-recent", "").look(tmp_path)  # the five at one address joined years ago, but one
    assert sorted(recent.member.tolist()) == [4, 5, 6]
    plain = baseline("uncalibrated", "").look(tmp_path)
    assert dict(zip(plain.member.tolist(), plain.evidence.tolist(), strict=True)) == pytest.approx(
        dict.fromkeys((4, 5, 6), 0.477)
    )
    assert [(one.kind, one.members.tolist()) for one in plain.findings] == [("payer", [4, 5, 6])]


def test_the_table_says_a_dash_where_there_was_nothing_to_find() -> None:
    column = Column("one", [score(found({}, []), small(), np.ones(1012, dtype=np.bool_))], [(3, 0, 0, 0)])
    text = shown([column])
    [line] = [line for line in text.splitlines() if "  invisible" in line]
    assert "– – – –" in line
    assert "rolls with no stacking: 1" in text
    assert len({len(line) for line in text.splitlines()}) == 1


def test_truth_is_read_by_the_number_of_the_member(tmp_path: Path) -> None:
    write(Order(2_000, seed=5), tmp_path)
    true = truth(tmp_path)
    table = pq.read_table(tmp_path / "truth" / "truth.parquet").to_pylist()
    for row in table:
        member = row["member_id"]
        assert true.operation[member] == row["operation"]
        assert (true.kind[member] >= 0) == (row["kind"] != "")
        assert bool(true.trace[member]) == bool(row["leaves_trace"])
    assert true.honest.sum() == sum(row["kind"] == "" and row["community"] != "" for row in table)
    assert json.loads((tmp_path / "truth" / "made.json").read_text())["freeze"] == FREEZE
