"""Contacts and addresses in one form each, so that two ways to write one thing become equal.

An e-mail address or telephone number of the ordinary shapes is brought into form by SQL, a million in a second.
The rest, a few, go through the field's libraries where they are installed (email-validator without asking any
server, phonenumbers); a test holds that on the ordinary shapes both ways agree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from selectorate.roll import tokens

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PLAIN_EMAIL = r"[A-Za-z0-9._-]+(\+[A-Za-z0-9._+-]*)?@[A-Za-z0-9.-]+"
PLAIN_STREET = "[ -~]*[A-Za-z0-9][ -~]*"
PLAIN_PHONE = r"\+?[0-9 ()./-]{9,}"
_BATCH = 50_000

ABBREVIATIONS: Mapping[str, str] = {
    **dict.fromkeys(("street", "str", "strasse", "straße"), "st"),
    **dict.fromkeys(("road",), "rd"),
    **dict.fromkeys(("avenue", "av", "avenida", "avda"), "ave"),
    **dict.fromkeys(("boulevard", "bvd", "boul"), "blvd"),
    **dict.fromkeys(("drive",), "dr"),
    **dict.fromkeys(("lane",), "ln"),
    **dict.fromkeys(("place", "plaza", "platz", "piazza"), "pl"),
    **dict.fromkeys(("square",), "sq"),
    **dict.fromkeys(("court", "crt"), "ct"),
    **dict.fromkeys(("crescent", "cresc"), "cres"),
    **dict.fromkeys(("close",), "cl"),
    **dict.fromkeys(("terrace",), "tce"),
    **dict.fromkeys(("gardens", "garden"), "gdns"),
    **dict.fromkeys(("circuit",), "cct"),
    **dict.fromkeys(("calle",), "c"),
    **dict.fromkeys(("saint", "sankt"), "st"),
    **dict.fromkeys(("flat", "apartment", "apt", "unit", "number", "no", "nr", "room", "suite"), ""),
}
"""Words of addresses that are written short or long, in some languages; a unit's word says nothing."""


def email(text: str) -> str:
    """One e-mail address as it is compared; "" where it is none."""
    plain = text.strip()
    try:
        from email_validator import EmailNotValidError, validate_email
    except ModuleNotFoundError:
        return tokens.email(plain)
    try:
        found = validate_email(plain, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return tokens.email(plain)
    return tokens.email(found.normalized)


def phone(text: str, country: str = "") -> str:
    """One telephone number as it is compared: its last nine digits, without an extension; "" where there is none."""
    try:
        import phonenumbers
    except ModuleNotFoundError:
        return tokens.phone(text)
    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except phonenumbers.NumberParseException:
        return tokens.phone(text)
    return tokens.phone(f"{number.country_code}{phonenumbers.national_significant_number(number)}")


def street(text: str) -> str:
    """An address line as its words, in one order: flat 2 of 12 High Street is written in many ways."""
    words = (ABBREVIATIONS.get(word, word) for word in tokens.words(text))
    return " ".join(sorted(filter(None, words)))


def prepare(engine: DuckDBPyConnection, members: str) -> None:
    """Tables `emails`, `phones`, `streets`: what is written -> its form. members: name of the table."""
    _forms(
        engine, "emails", members, "email", PLAIN_EMAIL, "regexp_replace(lower(x), '\\+[^@]*@', '@')", email
    )
    digits = "right(regexp_replace(x, '[^0-9]', '', 'g'), 9)"
    _forms(engine, "phones", members, "phone", PLAIN_PHONE, digits, phone)
    _streets(engine, members)


_PLAIN_STREETS = """
CREATE OR REPLACE TABLE streets AS
WITH given AS (SELECT DISTINCT address_1 AS x FROM {members} WHERE regexp_full_match(address_1, '{plain}')),
parts AS (SELECT x, unnest(regexp_extract_all(lower(x), '[a-z0-9]+')) AS word FROM given),
said AS (SELECT x, coalesce(short, word) AS word FROM parts LEFT JOIN abbreviations USING (word))
SELECT x, coalesce(string_agg(word, ' ' ORDER BY word) FILTER (word <> ''), '') AS form FROM said GROUP BY x
"""


def _streets(engine: DuckDBPyConnection, members: str) -> None:
    """Address lines in plain letters by SQL, with the same table of abbreviations; the others one by one."""
    engine.execute("CREATE OR REPLACE TABLE abbreviations (word VARCHAR, short VARCHAR)")
    insert(engine, "abbreviations", (list(ABBREVIATIONS), list(ABBREVIATIONS.values())))
    engine.execute(_PLAIN_STREETS.format(members=members, plain=PLAIN_STREET))
    odd = f"SELECT DISTINCT address_1 FROM {members} WHERE address_1 <> '' AND NOT regexp_full_match(address_1, $p)"  # noqa: S608
    texts = [text for (text,) in engine.execute(odd, {"p": PLAIN_STREET}).fetchall()]
    insert(engine, "streets", (texts, [street(text) for text in texts]))
    engine.execute("DROP TABLE abbreviations")


def _forms(
    engine: DuckDBPyConnection, table: str, members: str, column: str, plain: str, form: str,
    other: Callable[[str], str],
) -> None:  # fmt: skip
    """Fill a table (x, form): by SQL where the text is of the plain shape, by the function elsewhere."""
    engine.execute(f"CREATE OR REPLACE TABLE {table} (x VARCHAR, form VARCHAR)")
    given = f"(SELECT DISTINCT {column} AS x FROM {members} WHERE {column} <> '')"  # noqa: S608
    engine.execute(
        f"INSERT INTO {table} SELECT x, {form} FROM {given} WHERE regexp_full_match(x, $plain)",  # noqa: S608
        {"plain": plain},
    )
    odd = f"SELECT x FROM {given} WHERE NOT regexp_full_match(x, $plain)"  # noqa: S608
    texts = [text for (text,) in engine.execute(odd, {"plain": plain}).fetchall()]
    insert(engine, table, (texts, [other(text) for text in texts]))


def insert(engine: DuckDBPyConnection, table: str, columns: Sequence[Sequence[str]]) -> None:
    """Append text columns to a table. They cross as one JSON text a batch (see `intake`)."""
    types = json.dumps({f"c{place}": ["VARCHAR"] for place in range(len(columns))})
    picked = ", ".join(f"unnest(r.c{place})" for place in range(len(columns)))
    for start in range(0, len(columns[0]), _BATCH):
        part = {f"c{place}": values[start : start + _BATCH] for place, values in enumerate(columns)}
        engine.execute(
            f"INSERT INTO {table} SELECT {picked} FROM (SELECT from_json(?, '{types}') AS r)",  # noqa: S608
            [json.dumps(part, ensure_ascii=False)],
        )
