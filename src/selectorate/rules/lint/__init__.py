"""What is not wrong with a rulebook and still should be looked at before it is adopted."""

from selectorate.rules.lint.contest import RANKED_MAX, lint_contest
from selectorate.rules.lint.remarks import Remark, remarks

__all__ = ["RANKED_MAX", "Remark", "lint_contest", "remarks"]
