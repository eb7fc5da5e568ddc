"""Linear programs with whole coefficients, solved by HiGHS and never believed.

The solver works in floating point. What it says is used in two ways only: its values are rounded to whole numbers
and tried against every row; its duals are rounded to fractions, and by weak duality *any* non-negative
multipliers give a lower bound, which is reckoned here in whole numbers. A bad answer makes a bound worse, never
wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from selectorate.errors import refuse

_SCALES = (1 << 40, 5040)
"""Duals are rounded to multiples of one part in these: finely, and to the simple fractions that they mostly are."""


@dataclass(slots=True)
class Program:
    """Minimise sum(cost x) over whole x, 0 <= x <= top, with sum(coefficient x) >= least in each row.

    within: what a column without a top (None) cannot exceed in any solution that is of interest.
    """

    within: int
    cost: list[int] = field(default_factory=list)
    top: list[int | None] = field(default_factory=list)
    entries: list[list[tuple[int, int]]] = field(default_factory=list)
    """For each column: (row, coefficient)."""
    least: list[int] = field(default_factory=list)

    def row(self, least: int) -> int:
        self.least.append(least)
        return len(self.least) - 1

    def column(self, cost: int, top: int | None, entries: list[tuple[int, int]]) -> int:
        self.cost.append(cost)
        self.top.append(top)
        self.entries.append(entries)
        return len(self.cost) - 1

    def price(self, values: list[int]) -> int:
        return sum(cost * value for cost, value in zip(self.cost, values, strict=True))

    def allows(self, values: list[int]) -> bool:
        """Whether these whole numbers keep every row and every top."""
        if min(values, default=0) < 0:
            return False
        if any(top is not None and value > top for value, top in zip(values, self.top, strict=True)):
            return False
        sums = [0] * len(self.least)
        for value, entries in zip(values, self.entries, strict=True):
            if value:
                for row, coefficient in entries:
                    sums[row] += coefficient * value
        return all(found >= least for found, least in zip(sums, self.least, strict=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """bound: no whole solution costs less (proved in whole numbers); None: the solver found no multipliers.
    values: a whole solution, tried against every row, or None."""

    bound: int
    values: list[int] | None
    broken: int
    """A column whose value was not whole, or -1."""
    below: int = 0
    """The whole number below that value."""


def solve(program: Program, *, whole: bool = False) -> Answer:
    """One linear program; with `whole`, the solver looks for whole numbers (then bound is only 0).

    Raises Refusal `count.solver` where HiGHS is not installed.
    """
    highs, status = _run(program, whole)
    if status.primal != status.feasible:
        bound = 0 if whole else _proved(program, highs.getSolution().row_dual)
        return Answer(bound, None, -1)
    solution = highs.getSolution()
    found = [round(value) for value in solution.col_value]  # a Python list of whole numbers from here on
    near = [abs(value - near) * 1_000_000 < 1 for value, near in zip(solution.col_value, found, strict=True)]
    broken = near.index(False) if False in near else -1
    values = found if program.allows(found) else None
    below = int(solution.col_value[broken]) if broken >= 0 else 0
    return Answer(0 if whole else _proved(program, solution.row_dual), values, broken, below)


def _proved(program: Program, duals: Any) -> int:
    """The bound by weak duality: sum(y least) + sum over columns of min(0, cost - y column) top, rounded up.

    It holds for every solution that keeps to `within`.
    """
    found = list(duals) or [0] * len(program.least)
    best = 0
    for scale in _SCALES:
        multipliers = [max(0, round(one * scale)) for one in found]
        total = sum(y * least for y, least in zip(multipliers, program.least, strict=True))
        for cost, top, entries in zip(program.cost, program.top, program.entries, strict=True):
            reduced = cost * scale - sum(coefficient * multipliers[row] for row, coefficient in entries)
            if reduced < 0:
                total += reduced * (program.within if top is None else top)
        best = max(best, -(-total // scale))
    return best


@dataclass(frozen=True, slots=True)
class _Status:
    primal: Any
    feasible: Any


def _run(program: Program, whole: bool) -> tuple[Any, _Status]:
    highspy, numpy = library()
    columns, rows = len(program.cost), len(program.least)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = numpy.array(program.cost, dtype="double")
    lp.col_lower_ = numpy.zeros(columns)
    lp.col_upper_ = numpy.array(
        [highspy.kHighsInf if top is None else top for top in program.top], dtype="double"
    )
    lp.row_lower_ = numpy.array(program.least, dtype="double")
    lp.row_upper_ = numpy.full(rows, highspy.kHighsInf)
    starts = [0]
    index: list[int] = []
    worth: list[int] = []
    for entries in program.entries:
        index.extend(row for row, _ in entries)
        worth.extend(coefficient for _, coefficient in entries)
        starts.append(len(index))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = numpy.array(starts, dtype="int32")
    lp.a_matrix_.index_ = numpy.array(index, dtype="int32")
    lp.a_matrix_.value_ = numpy.array(worth, dtype="double")
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 1)
    for tolerance in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        highs.setOptionValue(tolerance, 1 / 1_000_000_000)  # an option of the solver, no vote
    highs.passModel(lp)
    highs.run()
    feasible = highspy.SolutionStatus.kSolutionStatusFeasible
    return highs, _Status(highs.getInfo().primal_solution_status, int(feasible))


@cache
def library() -> tuple[Any, Any]:
    """HiGHS and numpy, loaded when they are first needed. Raises Refusal `count.solver`."""
    try:
        return import_module("highspy"), import_module("numpy")
    except ImportError:
        raise refuse("count.solver") from None
