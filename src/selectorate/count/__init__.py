"""The count: papers in clear, to a sheet with every stage, to a margin, to a certificate.

Takes rankings as tuples of whole numbers (from a decrypted result or from a file of papers), the name of a
rule set, a number of seats, a tie seed, and two whole numbers from the roll (`doubtful`, `left_out`). Gives
`Profile`, `Sheet` and `Certificate`, and checks of the last two that share no arithmetic with their making.
Refuses a paper file it cannot read to the last line, a count that needs a lot when there is no seed, and any
rule set whose answers it does not know. Whole numbers and fractions only.

From Python: `from selectorate.count import count, read_ballots, ruleset` (`fast.door`, the one module here that
opens a file).

Deliberately absent: who cast a paper, any clock or other file access, any rule written in code that a rule set
could state as data, and a word on whether a challenged elector was entitled to vote.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selectorate.count.fast.door import count, read_ballots, ruleset

__all__ = ["count", "read_ballots", "ruleset"]


def __getattr__(name: str) -> Any:
    # loaded when it is asked for: the checks of this room need none of it
    if name in __all__:
        return getattr(import_module("selectorate.count.fast.door"), name)
    raise AttributeError(name)
