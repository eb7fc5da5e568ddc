"""The table of events: one row a member, the latest join or renewal on or before the freeze.

Analysed are events, not rows: what a member used to join or renew belongs to that day. Years are counted back
from the freeze, so that every earlier year can stand for this one: a placebo freeze is a year further back.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from selectorate.roll.signals.objects import YEAR, Declared, Drive, Engine, Whole

COLUMNS = (
    "member_id", "branch", "join_day", "renewal_day", "transfer_day", "building", "dwelling", "payer", "device",
    "ip", "phone", "email", "recruiter", "cash_collector",
)  # fmt: skip
OPTIONAL = ("edits", "receipts", "exclusions", "transfers", "signins")
DRIVE_DAYS_MAX = 60
"""A drive is declared for days, not for a season: only its first sixty days explain anything."""

FAMILY = 7
"""Members of one building whose flats are not known, and who share something, count as one home for every
seven: nobody can tell a family from strangers there, and an operation must not hide there either."""
HOMES_APART = (
    "e.home * 8 + CASE WHEN e.home % 4 = 2 THEN least((row_number() OVER (PARTITION BY e.{column}, e.year, e.home "
    f"ORDER BY e.member) - 1) // {FAMILY}, 7) ELSE 0 END"
)

_EVENTS = """
WITH latest AS (
  SELECT *, greatest(CASE WHEN join_day <= {freeze} THEN join_day ELSE -1 END,
                     CASE WHEN renewal_day <= {freeze} THEN renewal_day ELSE -1 END) AS day
  FROM members),
dated AS (SELECT *, {freeze} - day AS back FROM latest WHERE day >= 0 AND {freeze} - day < {reach})
SELECT m.member_id AS member, m.branch, m.day, m.back, m.back // {year} AS year,
       CASE WHEN m.household >= 0 THEN 4 * m.household WHEN m.dwelling >= 0 THEN 4 * m.dwelling + 1
            WHEN m.building >= 0 THEN 4 * m.building + 2 ELSE 4 * m.member_id + 3 END AS home,
       m.building, m.dwelling, {payer} AS payer, {device} AS device, {ip} AS ip, m.phone, m.email,
       {recruiter} AS recruiter, {collector} AS collector, {driven} AS driven,
       m.join_day AS joined, CASE WHEN m.renewal_day = m.day AND m.renewal_day > m.join_day THEN 1 ELSE 0 END
       AS renewed, CASE WHEN m.transfer_day <= {freeze} THEN m.transfer_day ELSE -1 END AS moved
FROM dated m {joins}
"""


def make(engine: Engine, freeze: int, years_max: int, declared: Declared) -> int:
    """Make `events` of `members`; gives the number of complete earlier years that it covers.

    A home is the household where it is known, else the dwelling, else, where the number of a flat is missing,
    the building: a family in such a building is not to count as several homes. See `HOMES_APART`.

    Accounts of declared schemes are left out, and so are the device, the address on the network, the
    recruiter and the collector of who joined in a declared drive, on its days and in its branch.
    """
    reach = YEAR * (years_max + 1)
    engine.keep(
        "events", _EVENTS.format(freeze=freeze, year=YEAR, reach=reach, **_explained(engine, declared))
    )
    found = engine.columns("SELECT coalesce(max(back), 0) AS back FROM events")
    return max(0, (int(found["back"][0]) + 1) // YEAR - 1)


def _explained(engine: Engine, declared: Declared) -> dict[str, str]:
    """The parts of the query that leave out what was declared."""
    parts = {"payer": "m.payer", "joins": "", "driven": "0", "device": "m.device", "ip": "m.ip"}
    parts |= {"recruiter": "m.recruiter", "collector": "m.cash_collector"}
    joins, driven = [], []
    if declared.schemes:
        engine.put("declared_schemes", {"scheme": _column(sorted(set(declared.schemes)))})
        joins.append("LEFT JOIN declared_schemes s ON m.payer = s.scheme")
        parts["payer"] = "CASE WHEN s.scheme IS NULL THEN m.payer ELSE -1 END"
    for column, attribute in (
        ("device", "device"),
        ("recruiter", "recruiter"),
        ("cash_collector", "collector"),
    ):
        days = sorted({line for drive in declared.drives for line in _days(drive, attribute)})
        if not days:
            continue
        table = f"declared_{attribute}"
        names = ("at_branch", "on_day", "known")
        engine.put(table, {name: _column(row[place] for row in days) for place, name in enumerate(names)})
        joins.append(
            f"LEFT JOIN {table} d_{attribute} ON m.branch = d_{attribute}.at_branch "
            f"AND m.day = d_{attribute}.on_day AND m.{column} = d_{attribute}.known"
        )
        driven.append(f"d_{attribute}.known IS NOT NULL")
    if driven:
        either = " OR ".join(driven)
        parts["driven"] = f"CASE WHEN {either} THEN 1 ELSE 0 END"
        for name in ("device", "ip", "recruiter", "collector"):
            parts[name] = f"CASE WHEN {either} THEN -1 ELSE {parts[name]} END"
    return parts | {"joins": " ".join(joins)}


def _days(drive: Drive, attribute: str) -> list[tuple[int, int, int]]:
    known = getattr(drive, attribute)
    last = min(drive.last, drive.first + DRIVE_DAYS_MAX - 1)
    return [(drive.branch, day, known) for day in range(drive.first, last + 1)] if known >= 0 else []


def _column(numbers: Iterable[int]) -> Whole:
    return np.fromiter(numbers, dtype=np.int64)
