"""The few functions that compare two names or texts, in the SQL of each engine; one meaning."""

from __future__ import annotations

from collections.abc import Sequence

NEAR_WORD = 0.92
"""Jaro-Winkler likeness from which two words count as one word with a slip of the pen."""
NEAR_LINE = 0.9
"""The same for the words of two addresses."""

DUCKDB: Sequence[str] = (
    # CASE and not OR: DuckDB works out both sides of an OR, and the quick questions come first.
    f"""CREATE OR REPLACE MACRO close_words(x, y) AS CASE
        WHEN x.s = y.s THEN true ELSE jaro_winkler_similarity(x.w, y.w) >= {NEAR_WORD} END""",
    # What one edit, or two letters exchanged, leaves of four letters and more: the ends, or two letters at one of them.
    """CREATE OR REPLACE MACRO same_ends(x, y) AS CASE
        WHEN left(x, 1) = left(y, 1) THEN right(x, 1) = right(y, 1) OR left(x, 2) = left(y, 2)
            OR right(x, 2) = right(y, 2)
        ELSE right(x, 2) = right(y, 2) END""",
    """CREATE OR REPLACE MACRO letter_words(x, y) AS CASE
        WHEN close_words(x, y) THEN true
        WHEN length(x.w) < 4 OR length(y.w) < 4 OR abs(length(x.w) - length(y.w)) > 1 THEN false
        WHEN NOT same_ends(x.w, y.w) THEN false
        ELSE damerau_levenshtein(x.w, y.w) <= 1 END""",
    # Every word of the shorter finds a partner, and enough partners are different words (for two words exactly
    # Hall's condition for a one-to-one assignment).
    """CREATE OR REPLACE MACRO assigned(a, b) AS CASE
        WHEN len(list_filter(a, lambda x: len(list_filter(b, lambda y: close_words(x, y))) > 0)) < len(a) THEN false
        ELSE len(list_filter(b, lambda y: len(list_filter(a, lambda x: close_words(x, y))) > 0)) >= len(a) END""",
    """CREATE OR REPLACE MACRO lettered(a, b) AS CASE
        WHEN len(list_filter(a, lambda x: len(list_filter(b, lambda y: letter_words(x, y))) > 0)) < len(a) THEN false
        ELSE len(list_filter(b, lambda y: len(list_filter(a, lambda x: letter_words(x, y))) > 0)) >= len(a) END""",
    # Names whose consonants differ in more than a letter for two words hardly ever pair up; bits are quick to compare.
    """CREATE OR REPLACE MACRO kin(a, b, of_a, of_b) AS
        least(bit_count(a & ~b), bit_count(b & ~a)) <= greatest(1, least(len(of_a), len(of_b)) // 2)""",
    """CREATE OR REPLACE MACRO pairs_up(a, b, of_a, of_b) AS CASE
        WHEN len(a) < 2 OR len(b) < 2 OR NOT kin(of_a, of_b, a, b) THEN false
        WHEN len(a) <= len(b) THEN assigned(a, b) ELSE assigned(b, a) END""",
    """CREATE OR REPLACE MACRO one_letter(a, b, of_a, of_b) AS CASE
        WHEN len(a) < 2 OR len(b) < 2 OR NOT kin(of_a, of_b, a, b) THEN false
        WHEN len(a) <= len(b) THEN lettered(a, b) ELSE lettered(b, a) END""",
    """CREATE OR REPLACE MACRO single(a, b) AS CASE
        WHEN len(a) <> 1 AND len(b) <> 1 THEN false
        WHEN len(a) = 1 THEN assigned(a, b) ELSE assigned(b, a) END""",
    """CREATE OR REPLACE MACRO holds(a, b, of_a, of_b) AS CASE
        WHEN least(len(a), len(b)) < 2 THEN false
        WHEN (of_a & ~of_b) = 0 AND len(a) <= len(b) THEN list_has_all(b, a)
        WHEN (of_b & ~of_a) = 0 THEN list_has_all(a, b)
        ELSE false END""",
    "CREATE OR REPLACE MACRO shares(a, b) AS list_has_any(a, b)",
    """CREATE OR REPLACE MACRO near(a, b) AS CASE
        WHEN left(a, 4) = left(b, 4) AND substr(a, 6, 2) = substr(b, 9, 2) AND substr(a, 9, 2) = substr(b, 6, 2)
        THEN true WHEN length(a) <> length(b) THEN false WHEN hamming(a, b) > 2 THEN false
        ELSE damerau_levenshtein(a, b) <= 1 END""",
    f"CREATE OR REPLACE MACRO alike(a, b) AS coalesce(jaro_winkler_similarity(a, b) >= {NEAR_LINE}, false)",
)
