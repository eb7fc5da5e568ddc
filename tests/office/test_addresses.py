"""The addresses that the credential authority gets: what a spreadsheet shows is what the roll holds."""

from __future__ import annotations

import csv
import io

import duckdb

from selectorate.office.roll.electors import addresses

COLUMNS = ("member_id", "name", "address_1", "address_2", "locality", "postcode", "email", "branch")
ROWS = (
    ("M-1", 'Member "One"', "1, Mill Lane", None, "Orton", "OR1", "a@example.org", "North"),
    ("M-2", "=SUM(A1)", "'-2", "line\nend", "line\rend", "", "+44", "North"),
    ("M-3", "Member Three", "", "", "", "", "", ""),
    ("M-4", "Membre Quatre é 😀", "@home", "\ttab", "'plain", "-1", "''=x", "North;South"),
)
READ = [
    ["member", *COLUMNS[1:]],
    ["M-1", 'Member "One"', "1, Mill Lane", "", "Orton", "OR1", "a@example.org", "North"],
    ["M-2", "'=SUM(A1)", "''-2", "line\nend", "line\rend", "", "'+44", "North"],
    ["M-4", "Membre Quatre é 😀", "'@home", "'\ttab", "'plain", "'-1", "'''=x", "North;South"],
]


def test_addresses_read_back_as_they_are_with_formulas_made_harmless() -> None:
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE members ({', '.join(f'{name} VARCHAR' for name in COLUMNS)})")
        engine.executemany(
            "INSERT INTO members VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [list(row) for row in ROWS[::-1]]
        )
        outcomes = {"M-1": "eligible", "M-2": "ask", "M-3": "not eligible", "M-4": "eligible"}
        text = b"".join(addresses(engine, outcomes)).decode()
        assert list(csv.reader(io.StringIO(text, newline=""))) == READ
        assert text.splitlines()[0] == "member,name,address_1,address_2,locality,postcode,email,branch"
        nobody = b"".join(addresses(engine, dict.fromkeys(outcomes, "not eligible")))
        assert nobody.decode().splitlines() == [
            "member,name,address_1,address_2,locality,postcode,email,branch"
        ]
