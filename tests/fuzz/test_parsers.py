"""Damage of every simple kind to every parser's honest input is refused in a sentence, quickly, or taken."""

from __future__ import annotations

import random
import time

import pytest
from tests.fuzz.parsers import PARSERS, attempt

SECONDS_MAX = 2.0
TAKEN_WHOLE = (
    "archive",
    "wire",
    "parameters",
    "trustees",
    "credentials",
    "kernel-setup",
    "papers",
    "paper-book",
    "contest",
    "reported",
    "rulebook",
)
HOSTILE = (
    b"",
    b"\0" * 600,
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'"' + b"\\" * 100_000,
    b"9" * 200_000,
    b'{"a":1,"a":2}',
    b"\xff\xfe{}",
    b'{"x":NaN}',
    b'{"x":1e9999}',
    '{"x":"\ud800"}'.encode("utf-8", "surrogatepass"),
    "１２３".encode(),
)


def damaged(seed: bytes, draw: random.Random) -> bytes:
    """One simple change: a byte flipped, a piece cut, doubled, or replaced by another piece."""
    if not seed:
        return b"x"
    data = bytearray(seed)
    place, length = draw.randrange(len(data)), draw.choice((1, 1, 2, 8, 64))
    match draw.randrange(5):
        case 0:
            data[place] ^= 1 << draw.randrange(8)
        case 1:
            del data[place : place + length]
        case 2:
            data[place:place] = data[place : place + length]
        case 3:
            data[place : place + length] = draw.randbytes(length)
        case _:
            other = draw.randrange(len(data))
            data[place : place + length] = data[other : other + length]
    return bytes(data)


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_refuses_in_a_sentence_or_takes(name: str) -> None:
    draw = random.Random(f"parser {name}")
    tries = (
        10 if name in ("examination", "kernel-setup", "kernel-shuffle", "roll-workbook", "rulebook") else 60
    )
    seeds = PARSERS[name].seeds()
    for data in (*HOSTILE, *seeds, *(damaged(draw.choice(seeds), draw) for _ in range(tries))):
        begun = time.process_time()
        said = attempt(name, data)
        assert time.process_time() - begun < SECONDS_MAX, data[:80]
        assert "Traceback" not in said


@pytest.mark.parametrize("name", TAKEN_WHOLE)
def test_a_parser_takes_the_honest_input(name: str) -> None:
    assert [attempt(name, seed) for seed in PARSERS[name].seeds()] == [""] * len(PARSERS[name].seeds())
