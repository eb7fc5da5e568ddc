"""Tokens and normal forms of whole columns, by the engine: those of `roll.tokens`, which says what they mean.

A text of ASCII letters is brought into form by SQL. Any other one is brought there by the function of that room,
once for each different text, and looked up: Unicode's tables are its business alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from selectorate.errors import refuse
from selectorate.roll import tokens

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH: Final = 50_000
_BLOCK: Final = 64
_LETTERS: Final = "regexp_replace(lower({x}), '[^0-9a-z]', '', 'g')"
_WORDS: Final = "regexp_extract_all(lower({x}), '[0-9a-z]+')"
_TIGHT: Final = "replace(lower({x}), ' ', '')"
_DIGITS: Final = "regexp_replace({x}, '[^0-9]', '', 'g')"
_FORMS: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    "name": (f"array_to_string(list_sort(list_distinct({_WORDS})), ' ')", tokens.name_words),
    "address": (f"array_to_string({_WORDS}, ' ')", tokens.address),
    "email": (
        f"CASE WHEN NOT regexp_full_match({_TIGHT}, '(?s).+@[^@]+') THEN '' WHEN contains({{x}}, '+') THEN"
        rf" regexp_replace({_TIGHT}, '(?s)^([^+]*)(?:\+.*)?@([^@]+)$', '\1@\2') ELSE {_TIGHT} END",
        tokens.email,
    ),
    "phone": (
        f"CASE WHEN length({_DIGITS}) >= 6 THEN right({_DIGITS}, {tokens.PHONE_DIGITS}) ELSE '' END",
        tokens.phone,
    ),
    **dict.fromkeys(("payer", "household", "actor", "identity"), (_LETTERS, tokens.reference)),
}


class Forms:
    """Makes expressions over the texts of one table. settings: what statements with them are given.

    Raises Refusal `roll.key`.
    """

    def __init__(self, engine: DuckDBPyConnection, source: str, key: bytes) -> None:
        if len(key) != tokens.KEY_BYTES:
            raise refuse("roll.key", found=len(key))
        self._engine, self._source, self._number = engine, source, 0
        wide = key.ljust(_BLOCK, b"\0")
        # The key is a setting and never part of a statement, which an error could show.
        self._inner = bytes(byte ^ 0x36 for byte in wide)
        self.settings: dict[str, Any] = {"outer": bytes(byte ^ 0x5C for byte in wide)}

    def form(self, kind: str, text: str, column: str = "x") -> str:
        """The normal form, as an expression over a column that holds the text. text: the same over this table,
        never NULL and without outer blanks."""
        sql, function = _FORMS[kind]
        found = self._engine.execute(
            f"SELECT DISTINCT {text} FROM {self._source} WHERE strlen({text}) <> length({text})"  # noqa: S608 - ours
        ).fetchall()
        if not found:
            return sql.format(x=column)
        self._number += 1
        table = f"{self._source.rpartition('.')[2]}_form_{self._number}"
        self._engine.execute(f"CREATE OR REPLACE TEMP TABLE {table} (old VARCHAR, new VARCHAR)")
        for start in range(0, len(found), _BATCH):
            pairs = [(old, function(old)) for (old,) in found[start : start + _BATCH]]
            lay_pairs(self._engine, table, pairs, "VARCHAR")
        known = f"(SELECT f.new FROM {table} f WHERE f.old = {column})"  # noqa: S608 - our own names
        return f"CASE WHEN strlen({column}) = length({column}) THEN {sql.format(x=column)} ELSE {known} END"

    def token(self, kind: str, column: str) -> str:
        """The token of the normal form that a column holds, NULL where it is empty: HMAC-SHA-256 (RFC 2104) in the
        engine's own SHA-256."""
        self.settings[kind] = self._inner + kind.encode() + b"\0"
        return (
            f"CASE WHEN {column} <> '' THEN sha256($outer || unhex(sha256(${kind} || encode({column})))) END"
        )

    def run(self, statement: str, **more: Any) -> None:
        """Run a statement with the settings that it names."""
        given = {name: value for name, value in {**self.settings, **more}.items() if f"${name}" in statement}
        self._engine.execute(statement, given)


def lay_pairs(engine: DuckDBPyConnection, table: str, pairs: list[tuple[Any, Any]], kind: str) -> None:
    """Pairs into a table of two columns, the first a text or a number as JSON writes it."""
    first = "BIGINT" if pairs and isinstance(pairs[0][0], int) else "VARCHAR"
    engine.execute(
        f"""INSERT INTO {table} SELECT unnest(from_json(?, '["{first}"]')), unnest(from_json(?, '["{kind}"]'))""",
        [json.dumps([one for one, _ in pairs]), json.dumps([two for _, two in pairs])],
    )
