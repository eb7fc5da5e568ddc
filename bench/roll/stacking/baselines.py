"""Three plain rules to compare with, as a program with the detector's own options and output.

fixed           five or more members at one address, or three or more paid for by one account, whenever they joined;
                evidence: how many that is
fixed-recent    the same among those alone who joined, renewed or came from another branch in the last year
uncalibrated    within the last year, the homes behind each account, device, telephone, e-mail, building, recruiter
                and collector, counted and added up (log10), with nothing learnt from the years before

A home is a dwelling where it is known, else the member; the true household where the table has one.
"""

# ruff: noqa: S608  (what is put into the questions here are names and numbers of this file)
from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import duckdb

INSTRUMENTS = ("payer", "device", "phone", "email", "building", "recruiter", "cash_collector")
LEAST_HOMES = 3
ADDRESS, PAYER = 5, 3
YEAR = 365


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("rule", choices=("fixed", "fixed-recent", "uncalibrated"))
    asked.add_argument("--members", type=Path, required=True)
    asked.add_argument("--freeze", type=int, required=True)
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    engine = duckdb.connect(config={"threads": 2})
    source = engine.read_parquet(str(options.members))
    known = "dwelling >= 0, dwelling, -2 - member_id"
    home = "household" if "household" in source.columns else f"if({known})"
    source.project(f"*, {home} AS home, greatest(join_day, renewal_day, transfer_day) AS day").to_view("roll")
    if options.rule == "fixed-recent":
        engine.execute(f"CREATE TABLE recent_roll AS SELECT * FROM roll WHERE day >= {options.freeze - YEAR}")
        engine.execute("CREATE OR REPLACE VIEW roll AS SELECT * FROM recent_roll")
    make = _fixed if options.rule.startswith("fixed") else _uncalibrated
    print(json.dumps(make(engine, options.freeze)))
    return 0


def _fixed(engine: duckdb.DuckDBPyConnection, freeze: int) -> dict[str, object]:
    engine.execute(
        "CREATE TABLE grouped AS"
        f" SELECT 'address' AS kind, list(member_id ORDER BY member_id) AS members FROM roll"
        f" WHERE dwelling >= 0 GROUP BY dwelling HAVING count(*) >= {ADDRESS}"
        " UNION ALL SELECT 'address', list(member_id ORDER BY member_id) FROM roll"
        f" WHERE dwelling < 0 AND building >= 0 GROUP BY building HAVING count(*) >= {ADDRESS}"
        f" UNION ALL SELECT 'payer', list(member_id ORDER BY member_id) FROM roll"
        f" WHERE payer >= 0 GROUP BY payer HAVING count(*) >= {PAYER}"
    )
    members = engine.execute(
        "SELECT member, max(n) FROM (SELECT unnest(members) AS member, len(members) AS n FROM grouped) GROUP BY member"
    ).fetchall()
    return _told(engine, members)


def _uncalibrated(engine: duckdb.DuckDBPyConnection, freeze: int) -> dict[str, object]:
    engine.execute("CREATE TABLE grouped (kind TEXT, members BIGINT[], homes BIGINT)")
    engine.execute(
        f"CREATE TABLE recent AS SELECT * FROM roll WHERE day >= {freeze - YEAR} AND day < {freeze}"
    )
    for name in INSTRUMENTS:
        engine.execute(
            f"INSERT INTO grouped SELECT '{name}', list(member_id ORDER BY member_id), count(DISTINCT home) AS homes"
            f" FROM recent WHERE {name} >= 0 GROUP BY {name} HAVING homes >= 2"
        )
    members = engine.execute(
        "SELECT member, sum((1000 * log10(homes))::BIGINT) / 1000 FROM"
        " (SELECT unnest(members) AS member, homes FROM grouped) GROUP BY member"
    ).fetchall()
    engine.execute(f"DELETE FROM grouped WHERE homes < {LEAST_HOMES}")
    return _told(engine, members)


def _told(engine: duckdb.DuckDBPyConnection, members: list[tuple[int, float]]) -> dict[str, object]:
    rows = engine.execute(
        "SELECT kind, members FROM grouped ORDER BY len(members) DESC, members, kind"
    ).fetchall()
    findings = [
        {
            "id": place,
            "kind": kind,
            "severity": 1,
            "branch": -1,
            "members": there,
            "because": "",
            "against": "",
        }
        for place, (kind, there) in enumerate(rows)
    ]
    return {"findings": findings, "members": {str(one): float(value) for one, value in sorted(members)}}


if __name__ == "__main__":
    sys.exit(main())
