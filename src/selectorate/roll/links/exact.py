"""What needs no weighing: one member number twice; the very same name with the same e-mail or telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectorate.roll.objects import Link

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PAIRS_MAX = 10_000
GROUP_MAX = 20
"""A contact that more members share is an office's or a placeholder, and says nothing about any two."""

_SAME_NUMBER = """
SELECT f.member_id, m.member_id, f.name_words = m.name_words, f.born_on = m.born_on,
       f.source, f."row", m.source, m."row"
FROM members m JOIN members f ON f.member_id = regexp_extract(m.member_id, '^(.*)/[0-9]+$', 1)
WHERE regexp_matches(m.member_id, '/[0-9]+$') ORDER BY 1, 2 LIMIT $most
"""

_SAME_CONTACT = """
WITH shared AS (
  SELECT kind, token FROM tokens WHERE kind IN ('email', 'phone')
  GROUP BY kind, token HAVING count(DISTINCT member_id) BETWEEN 2 AND $group),
known AS (
  SELECT DISTINCT t.kind, t.token, m.member_id, m.name_words, m.born_on, m.household
  FROM tokens t SEMI JOIN shared s ON s.kind = t.kind AND s.token = t.token JOIN members m USING (member_id)
  WHERE m.name_words <> '')
SELECT a.member_id, b.member_id, list_sort(list(DISTINCT a.kind)), any_value(a.born_on = b.born_on),
       any_value(a.household = b.household)
FROM known a JOIN known b
  ON a.kind = b.kind AND a.token = b.token AND a.name_words = b.name_words AND a.member_id < b.member_id
GROUP BY ALL ORDER BY 1, 2 LIMIT $most
"""


def same_number(engine: DuckDBPyConnection) -> tuple[Link, ...]:
    """Lines of different contents under one member number."""
    return tuple(
        Link(
            left,
            right,
            "the same member number",
            (
                f"{source}, row {row}; {again}, row {line}",
                _said(name, "the name is the same", "the names differ", "a name is missing"),
                *_birth(born),
            ),
        )
        for left, right, name, born, source, row, again, line in engine.execute(
            _SAME_NUMBER, {"most": PAIRS_MAX}
        ).fetchall()
    )


def same_contact(engine: DuckDBPyConnection) -> tuple[Link, ...]:
    """Members of one name, word for word in any order, with one e-mail or telephone."""
    words, found = {"email": "e-mail", "phone": "telephone"}, []
    for left, right, kinds, born, home in engine.execute(
        _SAME_CONTACT, {"most": PAIRS_MAX, "group": GROUP_MAX}
    ).fetchall():
        contact = " and ".join(words[kind] for kind in kinds)
        address = _said(home, "the address is the same", "the addresses differ", "an address is missing")
        found.append(Link(left, right, f"the same name with the same {contact}", (address, *_birth(born))))
    return tuple(found)


def _birth(same: bool | None) -> tuple[str, ...]:
    return (
        _said(same, "the dates of birth agree", "the dates of birth differ", "a date of birth is missing"),
    )


def _said(same: bool | None, yes: str, no: str, unknown: str) -> str:
    return unknown if same is None else yes if same else no
