"""The invented rolls have the shapes that their parameters promise. Expected figures are written out here, from
the design's list of parameters, and held against the files; nothing of the generator's own arithmetic is used."""

# ruff: noqa: S608  (what is put into the questions here are names and numbers of this file)
from __future__ import annotations

import csv
import hashlib
import json
import math
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bench.roll.stacking.generate import Order, hidden, write
from bench.roll.stacking.parameters import read, seed_of

MEMBERS = 60_000
FREEZE = 3650


class Files:
    """The tables of one roll, asked in SQL: members (with the true household), truth, and the others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = duckdb.connect(config={"threads": 1})
        for path in [*sorted((folder / "roll").glob("*.parquet")), folder / "truth" / "truth.parquet"]:
            name = {"members": "plain", "members-household": "members"}.get(
                path.stem, path.stem.replace("-", "_")
            )
            self.engine.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.engine.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        return self.rows(sql)[0][0]


@pytest.fixture(scope="module")
def roll(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("roll")
    write(Order(MEMBERS, seed=7, household=True), folder)
    return Files(folder)


def near(share: float, expected: float, number: int) -> bool:
    """Within five standard deviations of a share of so many independent draws."""
    return abs(share - expected) <= 5 * math.sqrt(expected * (1 - expected) / number) + 1e-9


def test_households_of_the_general_stratum_have_the_sizes_that_were_set(roll: Files) -> None:
    # one to four members: .74 .21 .035 .015; community A, homes without anybody from an operation
    sizes = dict(
        roll.rows(
            "SELECT size, count(*) FROM (SELECT household, count(*) AS size FROM members JOIN truth USING (member_id)"
            " WHERE stratum = 'general' AND community = 'A' GROUP BY household"
            " HAVING max(operation) < 0) GROUP BY size"
        )
    )
    homes = sum(sizes.values())
    assert homes > 10_000
    # operations take members from larger homes more often; they are few, so half a point is room enough
    for size, share in ((1, 0.74), (2, 0.21), (3, 0.035), (4, 0.015)):
        assert abs(sizes[size] / homes - share) < 0.012, size


def test_large_households_have_up_to_seven_members(roll: Files) -> None:
    sizes = dict(
        roll.rows(
            "SELECT size, count(*) FROM (SELECT household, count(*) AS size FROM members JOIN truth USING (member_id)"
            " WHERE stratum = 'large household' GROUP BY household HAVING max(operation) < 0) GROUP BY size"
        )
    )
    homes = sum(sizes.values())
    assert max(sizes) == 7
    for size, share in enumerate((0.30, 0.24, 0.17, 0.12, 0.08, 0.05, 0.04), 1):
        assert abs(sizes[size] / homes - share) < 0.05, size


def test_every_member_is_there_once_and_no_instrument_is_later_than_the_freeze(roll: Files) -> None:
    assert roll.one("SELECT count(DISTINCT member_id) FROM members") == MEMBERS
    assert roll.one("SELECT max(greatest(join_day, renewal_day, transfer_day)) FROM members") < FREEZE
    assert roll.one("SELECT count(*) FROM members WHERE join_day < 0") == 0
    assert roll.one("SELECT count(DISTINCT branch) FROM members") >= 0.9 * MEMBERS / 150


@pytest.mark.parametrize(
    ("what", "expected", "room"),
    [
        ("phone < 0", 0.30, 0.01),
        ("email < 0", 0.12, 0.01),
        ("recruiter >= 0", 0.25, 0.01),
        ("transfer_day >= 0", 0.03, 0.005),
        ("renewal_day >= 0", 0.06, 0.02),
    ],
)
def test_shares_among_honest_members_are_those_set(
    roll: Files, what: str, expected: float, room: float
) -> None:
    # a drive names its recruiter for all: left out
    found = roll.one(
        f"SELECT avg(({what})::INT) FROM members JOIN truth USING (member_id)"
        " WHERE kind IN ('', 'hijack') AND drive = ''"
    )
    assert abs(found - expected) < room


def test_cash_is_paid_where_it_was_said(roll: Files) -> None:
    cash = dict(
        roll.rows(
            "SELECT stratum, avg((cash_collector >= 0)::INT) FROM members JOIN truth USING (member_id)"
            " WHERE kind = '' AND community = 'A' GROUP BY stratum"
        )
    )
    assert abs(cash["cash"] - 0.55) < 0.04
    assert abs(cash["general"] - 0.04) < 0.01
    assert roll.one("SELECT count(*) FROM members WHERE cash_collector >= 0 AND payer >= 0") == 0


def test_stacking_is_one_and_a_half_percent_of_the_last_year_in_operations_of_8_to_300(roll: Files) -> None:
    sizes = [
        row[0]
        for row in roll.rows(
            "SELECT count(*) FROM truth WHERE operation >= 0 AND kind NOT IN ('hijack', 'exclusion')"
            " AND kind NOT LIKE 'past:%' GROUP BY operation"
        )
    ]
    assert min(sizes) >= 8
    assert max(sizes) <= 300
    assert 0.015 <= sum(sizes) / MEMBERS < 0.015 + 300 / MEMBERS
    in_years = roll.one(
        "SELECT count(DISTINCT greatest(join_day, renewal_day, transfer_day) // 365) FROM members"
        " JOIN truth USING (member_id) WHERE kind LIKE 'past:%' AND greatest(join_day, renewal_day) < 3285"
    )
    assert in_years == 2


def test_each_kind_leaves_what_its_name_says(roll: Files) -> None:
    def worst(column: str, kind: str, what: str = "max") -> Any:
        return roll.one(
            f"SELECT {what}(n) FROM (SELECT count(*) AS n FROM members JOIN truth USING (member_id)"
            f" WHERE kind = '{kind}' AND {column} >= 0 GROUP BY operation, {column})"
        )

    assert worst("payer", "adaptive") == 2
    assert worst("device", "adaptive") == 3
    assert worst("building", "phantom_addr") <= 8  # six to a building, evened out over the operation
    assert worst("payer", "paid_bulk", "min") >= 8
    assert worst("payer", "invisible") == 1
    assert worst("device", "invisible") == 1
    assert worst("phone", "invisible") == 1
    [(low, high)] = roll.rows(
        "SELECT min(renewal_day), max(renewal_day) FROM members JOIN truth USING (member_id)"
        " WHERE kind = 'rejoin_paid'"
    )
    assert low >= FREEZE - 10
    assert high < FREEZE
    [(least, most, changed)] = roll.rows(
        "SELECT min(transfer_day - join_day), max(transfer_day - join_day), max(address_changed)"
        " FROM members JOIN truth USING (member_id) JOIN transfers USING (member_id) WHERE kind = 'warehouse'"
    )
    assert (least > 0, most <= 180, changed) == (True, True, 0)
    silent = roll.one("SELECT avg(1 - leaves_trace) FROM truth WHERE kind LIKE '%adaptive'")
    assert 0.35 < silent < 0.65
    assert roll.one("SELECT max(leaves_trace) FROM truth WHERE kind = 'invisible'") == 0


def test_receipts_of_a_cash_operation_follow_one_another_and_others_do_not(roll: Files) -> None:
    runs = roll.rows(
        "SELECT operation, max(number) - min(number) + 1, count(*) FROM receipts JOIN truth USING (member_id)"
        " WHERE kind = 'cash_bulk' GROUP BY operation"
    )
    assert runs
    for _, span, count in runs:
        assert span == count
    repeated = roll.one("SELECT count(*) - count(DISTINCT (collector, number)) FROM receipts")
    assert repeated == 0


def test_some_operations_sign_their_members_in_one_after_the_other(roll: Files) -> None:
    rows = roll.rows(
        "SELECT kind, operation, device, count(*), max(minute) - min(minute) FROM signins JOIN truth USING (member_id)"
        " WHERE operation >= 0 GROUP BY kind, operation, device, day HAVING count(*) >= 8"
    )
    assert rows
    for kind, _, _, number, minutes in rows:
        assert not kind.startswith("past:")
        assert kind != "invisible"
        assert minutes <= number / 2
    assert (
        0.30 < roll.one("SELECT count(DISTINCT member_id) / 60000 FROM signins") < 0.40
    )  # of four tenths, with mail


def test_honest_stalls_take_cash_and_write_receipts_one_after_the_other_too(roll: Files) -> None:
    runs = roll.rows(
        "SELECT collector, max(number) - min(number) + 1, count(*), count(DISTINCT day) FROM receipts"
        " JOIN truth USING (member_id) JOIN members USING (member_id)"
        " WHERE kind = '' AND drive <> ''"
        " AND collector IN (SELECT cash_collector FROM drives WHERE cash_collector >= 0)"
        " GROUP BY collector"
    )
    assert runs
    for _, span, count, days in runs:
        assert (span, days) == (count, 1)
    stalls = roll.one("SELECT avg((cash_collector >= 0)::INT) FROM drives")
    assert 0.05 < stalls < 0.5  # a quarter of some forty declared drives


def test_a_hijack_is_one_operators_and_changes_addresses_telephones_and_mail(roll: Files) -> None:
    found = roll.rows(
        "SELECT count(DISTINCT operator), count(DISTINCT member_id), count(DISTINCT field), min(day)"
        " FROM edits JOIN truth USING (member_id) WHERE kind = 'hijack' AND operator >= 0"
        f" AND day >= {FREEZE - 60} AND operator IN (SELECT operator FROM edits WHERE day >= {FREEZE - 60}"
        "   GROUP BY operator, branch HAVING count(*) >= 15) GROUP BY operation"
    )
    assert len(found) == 2  # one to 25,000 members
    for operators, members, fields, first in found:
        assert (operators, fields) == (1, 3)
        assert members >= 15
        assert first >= FREEZE - 60


def test_exclusions_from_above_are_of_people_who_are_no_longer_there(roll: Files) -> None:
    assert roll.one("SELECT count(*) FROM exclusions JOIN members USING (member_id)") == 0
    found = roll.rows(
        "SELECT count(DISTINCT branch), count(*) FROM exclusions JOIN truth USING (member_id)"
        " WHERE kind = 'exclusion' GROUP BY operation"
    )
    assert len(found) == 1  # one to 50,000 members
    for branches, number in found:
        assert branches == 1
        assert number >= 8


def test_declared_drives_are_in_their_table_and_undeclared_ones_are_not(roll: Files) -> None:
    found = roll.rows(
        "SELECT drive, avg((device IN (SELECT device FROM drives))::INT) FROM members"
        " JOIN truth USING (member_id) WHERE drive <> '' AND operation < 0 GROUP BY drive"
    )
    assert len(found) == 2
    for drive, known in found:
        assert known == (1.0 if drive == "declared" else 0.0)


def test_nothing_a_detector_reads_tells_the_truth(roll: Files) -> None:
    """No column, no row order and no size of a number goes with being stacked."""
    names = {row[0] for row in roll.rows("DESCRIBE plain")}
    assert names == {
        "member_id", "branch", "join_day", "renewal_day", "transfer_day", "building", "dwelling", "payer", "device",
        "ip", "phone", "email", "recruiter", "cash_collector",
    }  # fmt: skip
    for table in (path.stem for path in (roll.folder / "roll").glob("*.parquet")):
        table = {"members": "plain", "members-household": "members"}.get(table, table)
        for row in roll.rows(f"DESCRIBE {table}"):
            assert row[0] not in {"operation", "kind", "community", "stratum", "drive", "leaves_trace"}
            assert row[1] == "BIGINT"
    places = (
        "SELECT avg(member_id), avg(place), avg(payer) FROM (SELECT *, row_number() OVER () AS place"
        " FROM plain) JOIN truth USING (member_id) WHERE payer >= 0 AND"
    )
    [honest] = roll.rows(f"{places} operation < 0")
    [stacked] = roll.rows(f"{places} operation >= 0 AND kind NOT LIKE '%phantom%'")
    for one, other in zip(honest, stacked, strict=True):
        # the mean of some 1,500 places spread evenly lies within 0.0075 x the range, once in three; here 7 times that
        assert abs(one - other) / (2 * one) < 0.055


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path: Path) -> None:
    def digest(name: str, seed: int) -> str:
        write(Order(2_000, seed=seed), tmp_path / name)
        files = sorted((tmp_path / name).glob("*/*.parquet"))
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

    first = digest("a", 1)
    assert digest("b", 1) == first
    assert digest("c", 2) != first


def test_a_clean_roll_has_no_operation(tmp_path: Path) -> None:
    write(Order(2_000, clean=True), tmp_path)
    assert Files(tmp_path).rows("SELECT DISTINCT operation, kind FROM truth") == [(-1, "")]
    assert json.loads((tmp_path / "truth" / "made.json").read_text())["operations"] == []


def test_tokens_are_renamed_one_to_one() -> None:
    import numpy as np

    values = np.arange(-1, 200_000)
    renamed = hidden(values, 4, 9)
    assert renamed[0] == -1
    assert len(set(renamed.tolist())) == len(values)
    assert abs(np.corrcoef(values[1:], renamed[1:])[0, 1]) < 0.02


def test_main_parameters_are_halved_and_doubled_and_shares_stay_shares() -> None:
    usual, half, twice = (read("party", scale) for scale in (1.0, 0.5, 2.0))
    assert (half["stacked_share"], twice["stacked_share"]) == (0.0075, 0.03)
    assert half["surge_factor"] == [2.5, 3.0]  # of the three and four times that came on top, half
    assert twice["cash_share"] == [0.08, 0.95]
    assert half["household_general"] == usual["household_general"]


def test_written_homes_are_those_that_the_first_line_and_the_postcode_tell_apart(tmp_path: Path) -> None:
    write(Order(3_000, seed=2, text=True, household=True), tmp_path)
    with (tmp_path / "roll" / "people.csv").open(newline="") as file:
        people = {int(row["member_id"]): row for row in csv.DictReader(file)}
    with (tmp_path / "truth" / "people.csv").open(newline="") as file:
        person = {int(row["member_id"]): int(row["person"]) for row in csv.DictReader(file)}
    files = Files(tmp_path)
    written = dict(files.rows("SELECT member_id, household FROM members_written"))
    assert set(people) == set(written) == set(person)
    seen: dict[str, int] = {}
    for member, row in people.items():
        if row[
            "address_1"
        ]:  # all are letters, digits, blanks and commas: the import drops the commas and the case
            line = f"{row['address_1']} {row['postcode']}".replace(",", "").lower()
            assert seen.setdefault(line, written[member]) == written[member]
    assert len(set(seen.values())) == len(seen)
    assert sum(member != who for member, who in person.items()) == 90  # three in a hundred
    names = {member: row["name"] for member, row in people.items()}
    assert any(" " not in name for name in names.values())  # one word is a name
    # two members of one true household share it as written, but for slips, short words and missing units
    same = files.one(
        "SELECT avg((a.w = b.w)::INT) FROM (SELECT m.member_id, m.household AS h, w.household AS w FROM members m"
        " JOIN members_written w USING (member_id)) a,"
        " (SELECT m.member_id, m.household AS h, w.household AS w FROM members m"
        " JOIN members_written w USING (member_id)) b"
        " WHERE a.h = b.h AND a.member_id < b.member_id"
    )
    # both without a slip (0.96) and both short or both long (0.85, 0.15): 0.9216 x 0.745 = 0.69, room for variants
    assert 0.6 < same < 0.8


def test_the_second_generator_has_other_shapes_and_the_same_tables(tmp_path: Path, roll: Files) -> None:
    write(Order(40_000, seed=4, household=True, variant="second"), tmp_path)
    files = Files(tmp_path)
    assert files.one("SELECT count(DISTINCT member_id) FROM members") == 40_000
    assert files.one("SELECT max(greatest(join_day, renewal_day, transfer_day)) FROM members") < FREEZE
    assert files.one("SELECT min(join_day) FROM members") >= 0
    for table in ("members", "edits", "receipts", "exclusions", "transfers", "drives", "truth"):
        assert files.rows(f"DESCRIBE {table}") == roll.rows(f"DESCRIBE {table}"), table
    kinds = {row[0] for row in files.rows("SELECT DISTINCT kind FROM truth")}
    assert {"paid_bulk", "cash_bulk", "hijack", "exclusion"} <= kinds
    # at most ten to an account, and three in the adaptive kind: its own limits
    most = dict(
        files.rows(
            "SELECT replace(kind, 'past:', ''), max(n) FROM (SELECT kind, count(*) AS n FROM members"
            " JOIN truth USING (member_id) WHERE payer >= 0 AND operation >= 0 GROUP BY kind, operation, payer)"
            " GROUP BY ALL"
        )
    )
    assert most["paid_bulk"] <= 10
    assert most["adaptive"] <= 3
    assert most["invisible"] == 1
    # it grows: the last year has more joinings than the first, which the first generator has not by design
    grown = "SELECT count(*) FILTER (join_day >= 2920) / count(*) FILTER (join_day < 730) FROM members"
    assert files.one(grown) > 1.8
    assert roll.one(grown) < 1.8


@pytest.mark.parametrize("organisation", ["union", "cooperative", "students", "charity"])
def test_other_organisations_differ_as_they_say(tmp_path: Path, organisation: str) -> None:
    write(Order(6_000, organisation=organisation, seed=3, household=True), tmp_path)
    files = Files(tmp_path)
    paid = files.one(
        "SELECT avg((homes > 20)::INT) FROM members JOIN"
        " (SELECT payer, count(DISTINCT household) AS homes FROM members WHERE payer >= 0 GROUP BY payer) USING (payer)"
    )
    students = files.one("SELECT avg((stratum = 'student')::INT) FROM truth WHERE stratum <> ''")
    given = files.one(
        "SELECT avg((homes > 1)::INT) FROM members JOIN (SELECT payer, count(DISTINCT household) AS homes"
        " FROM members JOIN truth USING (member_id) WHERE operation < 0 AND payer >= 0 GROUP BY payer) USING (payer)"
    )
    assert (paid > 0.5) == (organisation == "union")
    assert (students > 0.5) == (organisation == "students")
    if organisation != "union":
        assert (given > 0.12) == (organisation == "charity")
    assert (files.one("SELECT count(*) FROM schemes") > 0) == (organisation == "union")


def test_seeds_come_from_the_commit() -> None:
    # sha256 of "abc:1" begins with these twelve hexadecimal digits (sha256sum)
    assert seed_of("abc", 1) == int("bfcf0b9cbe9d", 16)
