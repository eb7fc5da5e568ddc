"""The functions of `functions.py` in the SQL of Spark, with one meaning: the same answer for the same two records.

What Splink's jar brings for Spark is used where it means the same (`damerau_levenshtein`). Its Jaro-Winkler counts
half transpositions and weighs the beginning of long words less, so that is written out here as DuckDB reckons it,
on the bytes of a text (`BYTES`). Lambdas are expanded as text, because a function made in SQL cannot be called
from within one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from selectorate.roll.links.functions import NEAR_LINE, NEAR_WORD

BYTES = "decode(encode({text}, 'UTF-8'), 'ISO-8859-1')"
"""A text with one character for each of its bytes: DuckDB compares bytes."""

LETTERS = (
    "aggregate(sequence(1, length({text})), 0L, "
    "(m, i) -> m | shiftleft(1L, ascii(substr({text}, i, 1)) & 63))"
)
"""Which bytes occur, as bits: two texts that lack too many of each other's cannot be near (`_within`)."""


def spelled(when: str) -> str:
    """A condition of the settings with our functions written out for Spark; anything else as it is."""
    return _CALL.sub(lambda call: FUNCTIONS[call[1]](*map(str.strip, call[2].split(","))), when)


def similar(a: str, b: str) -> str:
    """The Jaro-Winkler likeness of two texts that are not empty, 0 to 1 (Winkler 1990; a tenth for each of the
    first four letters; whole transpositions; nothing for the beginning up to 0.7).

    A letter of b finds the first letter of a that is the same, not yet found, and within half the longer length.
    """
    reach = f"CAST(greatest(greatest(length({a}), length({b})) DIV 2 - 1, 0) AS INT)"
    fitting = (
        f"filter(sequence(greatest(1, j - {reach}), least(length({a}), j + {reach})), "
        f"i -> substr({a}, i, 1) = substr({b}, j, 1) AND NOT array_contains(f, i))"
    )
    found = (
        f"aggregate(sequence(1, length({b})), CAST(array() AS ARRAY<INT>), "
        f"(f, j) -> CASE WHEN j - {reach} > length({a}) THEN f ELSE concat(f, slice({fitting}, 1, 1)) END)"
    )
    moved = (
        f"size(filter(sequence(1, size(f)), k -> substr({a}, f[k - 1], 1) "
        f"<> substr({a}, array_sort(f)[k - 1], 1))) DIV 2"
    )
    jaro = (
        f"(size(f) / length({a}) + size(f) / length({b}) + (size(f) - {moved}) / size(f)) / CAST(3 AS DOUBLE)"
    )
    jaro = f"transform(array({found}), f -> CASE WHEN size(f) = 0 THEN CAST(0 AS DOUBLE) ELSE {jaro} END)"
    ahead = " ".join(
        f"WHEN substr({a}, 1, {n}) = substr({b}, 1, {n}) AND least(length({a}), length({b})) >= {n} THEN {n}"
        for n in (4, 3, 2, 1)
    )
    raised = f"s + (CASE {ahead} ELSE 0 END) * CAST('0.1' AS DOUBLE) * (1 - s)"
    return f"transform({jaro}, s -> CASE WHEN s > CAST('0.7' AS DOUBLE) THEN {raised} ELSE s END)[0]"


def _within(x: str, y: str) -> str:
    """Whether two words have enough letters in common to be as near as NEAR_WORD at all; quick, and never wrong
    in saying no: with m letters found, m / |x| + m / |y| + 1 must be at least three times the least Jaro likeness
    from which four equal letters ahead lift it to NEAR_WORD."""
    least = 3 * (NEAR_WORD - 0.4) / 0.6 - 1 - 1e-6
    most = f"least(length({x}.w) - bit_count({x}.l & ~{y}.l), length({y}.w) - bit_count({y}.l & ~{x}.l))"
    return f"{most} * (length({x}.w) + length({y}.w)) >= {least:.6f} * length({x}.w) * length({y}.w)"


def _close(x: str, y: str) -> str:
    return f"({x}.s = {y}.s OR ({_within(x, y)} AND {similar(f'{x}.w', f'{y}.w')} >= CAST('{NEAR_WORD}' AS DOUBLE)))"


def _letter(x: str, y: str) -> str:
    one = f"damerau_levenshtein({x}.w, {y}.w) <= 1"
    return f"({x}.s = {y}.s OR (least({x}.n, {y}.n) >= 4 AND abs({x}.n - {y}.n) <= 1 AND {one}) OR {_close(x, y)})"


def _assigned(a: str, b: str, near: Callable[[str, str], str]) -> str:
    """Every word of the shorter finds a partner, and enough partners are different words. Each two words are
    compared once, in the order that the macros of DuckDB have: the shorter name first, on a draw the left."""
    sides = (
        f"CASE WHEN size({a}) <= size({b}) THEN named_struct('s', {a}, 't', {b}) "
        f"ELSE named_struct('s', {b}, 't', {a}) END"
    )
    table = f"transform(p.s, x -> transform(p.t, y -> {near('x', 'y')}))"
    every = "size(filter(m, r -> array_contains(r, true))) = size(m)"
    enough = "size(filter(sequence(0, size(p.t) - 1), k -> size(filter(m, r -> r[k])) > 0)) >= size(p.s)"
    return f"transform(array({sides}), p -> transform(array({table}), m -> {every} AND {enough})[0])[0]"


def _paired(near: Callable[[str, str], str]) -> Callable[[str, str, str, str], str]:
    def written(a: str, b: str, of_a: str, of_b: str) -> str:
        unlike = f"least(bit_count({of_a} & ~{of_b}), bit_count({of_b} & ~{of_a}))"
        kin = f"{unlike} <= greatest(1, least(size({a}), size({b})) DIV 2)"
        return (
            f"(CASE WHEN size({a}) < 2 OR size({b}) < 2 OR NOT ({kin}) THEN false "
            f"ELSE {_assigned(a, b, near)} END)"
        )

    return written


def _single(a: str, b: str) -> str:
    return f"(CASE WHEN size({a}) <> 1 AND size({b}) <> 1 THEN false ELSE {_assigned(a, b, _close)} END)"


def _holds(a: str, b: str, of_a: str, of_b: str) -> str:
    return (
        f"(CASE WHEN least(size({a}), size({b})) < 2 THEN false "
        f"WHEN ({of_a} & ~{of_b}) = 0 AND size({a}) <= size({b}) THEN size(array_except({a}, {b})) = 0 "
        f"WHEN ({of_b} & ~{of_a}) = 0 THEN size(array_except({b}, {a})) = 0 ELSE false END)"
    )


def _near(a: str, b: str) -> str:
    turned = (
        f"left({a}, 4) = left({b}, 4) AND substr({a}, 6, 2) = substr({b}, 9, 2) "
        f"AND substr({a}, 9, 2) = substr({b}, 6, 2)"
    )
    return (
        f"(CASE WHEN {turned} THEN true WHEN length({a}) <> length({b}) THEN false "
        f"ELSE damerau_levenshtein({a}, {b}) <= 1 END)"
    )


def _alike(a: str, b: str) -> str:
    return f"coalesce({a} = {b} OR {similar(a, b)} >= CAST('{NEAR_LINE}' AS DOUBLE), false)"


FUNCTIONS: Mapping[str, Callable[..., str]] = {
    "pairs_up": _paired(_close),
    "one_letter": _paired(_letter),
    "single": _single,
    "holds": _holds,
    "shares": lambda a, b: f"arrays_overlap({a}, {b})",
    "near": _near,
    "alike": _alike,
}
_CALL = re.compile(rf"\b({'|'.join(FUNCTIONS)})\(([^()]*)\)")
