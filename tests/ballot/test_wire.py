"""The wire's JSON: what is written, and what is refused on the way in."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selectorate.ballot import wire
from selectorate.errors import Refusal

KEYS = st.text('ab\x7f"\\é漢', max_size=3)
PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('ab\x7f"\\é漢', max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_what_is_written_is_read_back_and_is_canonical(value: object) -> None:
    content = wire.encode(value)  # type: ignore[arg-type]
    assert wire.decode(content, what="it") == value


def test_the_order_of_fields_is_kept_and_delete_is_escaped() -> None:
    assert wire.encode({"b": 1, "a": "\x7f\t/é"}) == b'{"b":1,"a":"\\u007f\\t/\xc3\xa9"}'


@pytest.mark.parametrize(
    "content",
    [
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b"1e3",
        b"NaN",
        b"-Infinity",
        b" 1",
        b"1 ",
        b"[1, 2]",
        b"-0",
        b'"\\u0041"',
        b'"\\ud800"',
        b'"\x7f"',
        b'"\\/"',
        b"\xef\xbb\xbf1",
        b'"\xff"',
        b'"\x00"',
        b"[" * 17 + b"]" * 17,
        b"[" * 100_000,
        b"9" * 10_000,
        b"",
        "١".encode(),
    ],
)
def test_what_json_readers_let_through_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        wire.decode(content, what="it")
    assert refusal.value.code == "ballot.form"


def test_brackets_in_text_do_not_count_as_nesting() -> None:
    text = wire.encode(["[" * 100 + '"\\'])
    assert wire.decode(text, what="it") == ["[" * 100 + '"\\']


def test_a_text_above_the_limit_is_not_parsed() -> None:
    with pytest.raises(Refusal, match="at most 3"):
        wire.decode(b"12345", what="it", bytes_max=3)


@pytest.mark.parametrize("value", [1.5, None, {1: 2}, {"a": [object()]}, "\ud800"])
def test_values_without_a_form_are_not_written(value: object) -> None:
    with pytest.raises(Refusal) as refusal:
        wire.encode(value)  # type: ignore[arg-type]
    assert refusal.value.code == "ballot.value"


def test_a_tracker_is_43_characters_of_base64() -> None:
    assert wire.fingerprint(b"") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
    assert wire.sha256_hex(b"") == hashlib.sha256(b"").hexdigest()


def test_weights_have_one_way_of_being_written() -> None:
    limit = 1073741823
    assert wire.weight_form(limit) == limit
    assert wire.weight_form(limit + 1) == "1073741824"
    assert wire.weight_value("1073741824") == limit + 1
    assert [wire.weight_value(form) for form in (limit + 1, "5", True, -1, "01073741824", 1.0)] == [None] * 6
