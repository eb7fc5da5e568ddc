"""Canonical bytes: what has one form, and what is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selectorate import canon
from selectorate.errors import Refusal

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_every_plain_value_has_one_form_and_reads_back(value: object) -> None:
    data = canon.encode(value)
    assert canon.decode(data, what="it") == value
    assert json.loads(data) == value


def test_the_example_of_rfc_8785_for_the_order_of_keys() -> None:
    # RFC 8785 section 3.2.3: the order of these keys is by UTF-16 code units, given there as a table.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    wanted = ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    data = canon.encode(dict.fromkeys(keys))
    assert list(json.loads(data)) == wanted
    assert canon.decode(data, what="it") == dict.fromkeys(keys)


@pytest.mark.parametrize("value", [1.0, 2**53 + 1, {1: 2}, b"x", "\ud800", {"a": [float("nan")]}, {"a", "b"}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(Refusal, match="has no canonical form"):
        canon.encode(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"a": 1}', b"1.0", b"1e3", b"NaN", b"Infinity", b"-0", b"01", b"[1]\n",
        b"\xef\xbb\xbf1", b'"\\u0061"', b'"\\ud800"', b"9007199254740993", b"9" * 5000, b"\xff", b"",
        '{"a":１}'.encode(), b"[1,]", b"nul",
    ],
)  # fmt: skip
def test_another_form_of_the_same_value_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        canon.decode(data, what="it")


def test_brackets_in_a_hundred_thousand_levels_do_not_harm() -> None:
    with pytest.raises(Refusal, match="nested deeper"):
        canon.decode(b"[" * 100_000, what="it")
    text = canon.encode("[" * 100_000 + '"')
    assert canon.decode(text, what="it") == "[" * 100_000 + '"'


def test_a_file_over_the_cap_is_not_parsed() -> None:
    with pytest.raises(Refusal, match="at most 10 are read"):
        canon.decode(b"[1,2,3,4,5,6]", what="it", bytes_max=10)
