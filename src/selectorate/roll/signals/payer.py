"""One account that pays for many homes.

Counted are distinct households behind an account within 180 days, never members: a family, a home or a hall
is one household. The measure is the organisation's own past: how many accounts came to pay, for the first
time, for as many homes in earlier years. Accounts that the organisation declared, and homes an account has
paid for all along, explain themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from selectorate.roll.objects import Finding

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KIND = "payer"
TITLE = "one account pays for many homes"
WINDOW_DAYS = 180
YEAR_DAYS = 365
HOMES_MIN = 3
"""Two homes on one account are an everyday gift or a couple that lives apart; never a finding."""
HOMES_ASK = 5
"""Below this number a finding is a notice and nobody is asked: a few years of payments cannot show how rare
three or four homes on one account are. Where there is no earlier year, nothing below it is shown."""
OWN_SHARE = (3, 5)
"""An account that paid for three fifths as many homes in an earlier year is known for it: a notice only."""

INNOCENT = (
    "an employer, a union or a home that pays for its people by arrangement",
    "a treasurer who banks what members paid in cash",
    "somebody who pays for relatives and friends who asked for it",
)
SETTLES = (
    "each member says whether they joined themselves, and whether they paid or agreed that another pays",
    "the holder of the account, asked once, says why",
    "a receipt or a written arrangement",
)

# Only accounts with two homes or more are looked at further; in a large roll that leaves few.
_PAID = """
CREATE OR REPLACE TEMP TABLE payer_paid AS
WITH paid AS (
  SELECT DISTINCT p.payer, p.member_id, m.household, p.paid_on
  FROM payments p JOIN members m USING (member_id)
  WHERE p.payer IS NOT NULL AND p.paid_on <= $freeze AND NOT list_contains($declared, p.payer)),
several AS (SELECT payer FROM paid GROUP BY payer HAVING count(DISTINCT household) >= 2)
SELECT * FROM paid SEMI JOIN several USING (payer)
"""

# For every account and year the most homes within a window that ends on a day of a payment. A home counts
# from the day of a payment until the window has passed: it enters, it leaves, and the sum of both is the
# number of homes. So one account of a hundred thousand payments costs a sort and not a product.
_PEAKS = """
WITH visits AS (
  SELECT payer, household, paid_on,
         lag(paid_on) OVER each_home AS before, lead(paid_on) OVER each_home AS after
  FROM (SELECT DISTINCT payer, household, paid_on FROM payer_paid)
  WINDOW each_home AS (PARTITION BY payer, household ORDER BY paid_on)),
steps AS (
  SELECT payer, paid_on AS day, TRUE AS paying,
         CASE WHEN before IS NULL OR before + $window <= paid_on THEN 1 ELSE 0 END AS step FROM visits
  UNION ALL
  SELECT payer, paid_on + $window, FALSE, -1 FROM visits WHERE after IS NULL OR after >= paid_on + $window),
days AS (SELECT payer, day, sum(step) AS step, bool_or(paying) AS paying FROM steps GROUP BY payer, day),
counted AS (
  SELECT payer, day, paying, sum(step) OVER (PARTITION BY payer ORDER BY day)::INT AS homes FROM days)
SELECT payer, (date_diff('day', day, $freeze) // $year)::INT AS back, max(homes), arg_max(day, (homes, day))
FROM counted WHERE paying GROUP BY ALL ORDER BY 1, 2
"""

_MEMBERS = """
SELECT p.member_id, p.household, m.branch, p.paid_on FROM payer_paid p JOIN members m USING (member_id)
WHERE p.payer = $payer AND p.paid_on BETWEEN $until - $before AND $until ORDER BY p.member_id, p.paid_on
"""


@dataclass(frozen=True, slots=True)
class _Past:
    """The organisation's own earlier years. firsts: for each account, the most homes in an earlier year."""

    years: int
    peaks: Mapping[str, int]

    def reached(self, homes: int, but: str) -> int:
        """How many other accounts ever paid for as many homes."""
        return sum(peak >= homes for payer, peak in self.peaks.items() if payer != but)

    def most(self, but: str) -> int:
        return max((peak for payer, peak in self.peaks.items() if payer != but), default=1)


def find(
    engine: DuckDBPyConnection, freeze: date, declared: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """Findings of the year before the freeze. declared: tokens of accounts that explain themselves."""
    run = engine.cursor()
    run.execute(_PAID, {"freeze": freeze, "declared": sorted(declared)}).fetchall()
    peaks = run.execute(_PEAKS, {"window": WINDOW_DAYS, "freeze": freeze, "year": YEAR_DAYS}).fetchall()
    past = _past(run, freeze, peaks)
    found = []
    for account, back, homes, until in peaks:
        if back == 0 and _unlike(past, account, homes):
            lines = run.execute(
                _MEMBERS, {"payer": account, "until": until, "before": WINDOW_DAYS - 1}
            ).fetchall()
            found.append(_finding(past, account, homes, lines))
    run.execute("DROP TABLE payer_paid").fetchall()
    return tuple(sorted(found, key=lambda one: (-one.observed, one.id)))


def _past(run: DuckDBPyConnection, freeze: date, peaks: Sequence[tuple[str, int, int, date]]) -> _Past:
    first = run.execute(
        "SELECT min(paid_on) FROM payments WHERE paid_on <= $freeze", {"freeze": freeze}
    ).fetchall()
    earliest: date | None = first[0][0]
    years = 0 if earliest is None else max(0, ((freeze - earliest).days + 1) // YEAR_DAYS - 1)
    highest: dict[str, int] = {}
    for account, back, homes, _ in peaks:
        if back >= 1:
            highest[account] = max(homes, highest.get(account, 0))
    return _Past(years, highest)


def _unlike(past: _Past, account: str, homes: int) -> bool:
    """Whether an account is unlike the past: as many homes came up in less than one year of two."""
    if homes < HOMES_MIN or (not past.years and homes < HOMES_ASK):
        return False
    return 2 * past.reached(homes, account) < max(1, past.years)


def _finding(
    past: _Past, account: str, homes: int, lines: Sequence[tuple[str, str, str | None, date]]
) -> Finding:
    members = tuple(dict.fromkeys(line[0] for line in lines))
    branches = sorted({line[2] or "" for line in lines})
    days = [line[3] for line in lines]
    first, last = min(days), max(days)
    own = past.peaks.get(account, 0)
    known = own * OWN_SHARE[1] >= homes * OWN_SHARE[0]
    severity = 1 if known or homes < HOMES_ASK else 4 if homes >= 20 else 3 if homes >= 8 else 2
    where = branches[0] if len(branches) == 1 else f"{len(branches)} branches"
    because = (
        f"{len(members)} members from {homes} homes in {where} were paid for by one account within "
        f"{_days((last - first).days + 1)}. {_compared(past, account, homes)}"
    )
    return Finding(
        kind=KIND,
        id=f"{KIND}-{hashlib.sha256(f'{account} {first} {last}'.encode()).hexdigest()[:10]}",
        branch=branches[0] if len(branches) == 1 else "",
        members=members,
        households=homes,
        first=first,
        last=last,
        observed=homes,
        expected=_compared(past, account, homes),
        because=because,
        innocent=INNOCENT,
        settles=SETTLES,
        against=_against(past, account, lines, branches, homes),
        severity=severity,
    )


def _compared(past: _Past, account: str, homes: int) -> str:
    if not past.years:
        return "There is no earlier year of payments to compare with."
    years = "In the year before that" if past.years == 1 else f"In the {past.years} years before that"
    reached = past.reached(homes, account)
    if not reached:
        return (
            f"{years} no other account paid for more than {past.most(account)} {_homes(past.most(account))}."
        )
    accounts = "one other account" if reached == 1 else f"{reached} other accounts"
    return f"{years} {accounts} paid for as many homes."


def _against(
    past: _Past,
    account: str,
    lines: Sequence[tuple[str, str, str | None, date]],
    branches: Sequence[str],
    homes: int,
) -> tuple[str, ...]:
    """What does not fit an arrangement by one person to bring in votes."""
    said = []
    own = past.peaks.get(account, 0)
    if own > 1:
        said.append(f"the same account paid for {own} homes within 180 days in an earlier year already")
    if len(branches) > 1:
        said.append(f"the members belong to {len(branches)} different branches")
    members = {line[0] for line in lines}
    if len(members) > homes:
        said.append(f"{len(members)} members live in {homes} homes, so some of them are families")
    days = {line[3] for line in lines}
    if len(days) > 1:
        said.append(f"the payments were made on {len(days)} different days")
    return tuple(said) or ("nothing on the roll speaks against it; only those concerned can say",)


def _homes(number: int) -> str:
    return "home" if number == 1 else "homes"


def _days(number: int) -> str:
    return "one day" if number == 1 else f"{number} days"
