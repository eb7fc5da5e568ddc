"""Each function that compares two names or texts gives one answer on both engines, on texts made to differ a little."""

from __future__ import annotations

import random
from typing import Any

import duckdb
import pytest
from tests.spark.cluster import QUIET

from selectorate.roll.links import functions, sparks
from selectorate.roll.links.records import letters, skeleton

pytestmark = [pytest.mark.spark, *QUIET]
ALPHABETS = ("abdeklmrst", "шевчнок", "aàéöß", "ab")
TEXTS = 3_000
NAMES = 2_000


def _word(dice: random.Random, letters_of: str) -> str:
    return "".join(dice.choice(letters_of) for _ in range(dice.randint(1, 11)))


def _slipped(dice: random.Random, word: str, letters_of: str) -> str:
    for _ in range(dice.choice((0, 1, 1, 2, 3))):
        place = dice.randrange(len(word) + 1)
        cut = dice.choice((0, 1))
        word = word[:place] + dice.choice((*letters_of, "")) + word[place + cut :] or "a"
    return word


def test_jaro_winkler_is_the_same_number_to_the_last_bit(session: Any) -> None:
    dice = random.Random(7)
    pairs = []
    for _ in range(TEXTS):
        alphabet = dice.choice(ALPHABETS)
        word = _word(dice, alphabet)
        pairs.append((word, _slipped(dice, word, alphabet)))
    made = duckdb.connect()
    made.execute("CREATE TABLE t (a VARCHAR, b VARCHAR)")
    made.executemany("INSERT INTO t VALUES (?, ?)", pairs)
    expected = made.execute("SELECT a, b, jaro_winkler_similarity(a, b) FROM t ORDER BY a, b").fetchall()
    session.createDataFrame(made.execute("FROM t").to_arrow_table()).createOrReplaceTempView("t")
    a, b = (sparks.BYTES.format(text=name) for name in "ab")
    likeness = sparks.similar("x", "y")
    found = session.sql(f"SELECT a, b, {likeness} AS s FROM (SELECT a, b, {a} AS x, {b} AS y FROM t)")  # noqa: S608
    assert sorted(map(tuple, found.collect())) == sorted(expected)
    made.close()


def test_the_likeness_of_the_books(session: Any) -> None:
    """Winkler's own examples, as they stand in many books, with three figures."""
    books = {("martha", "marhta"): 0.961, ("dwayne", "duane"): 0.84, ("dixon", "dicksonx"): 0.813}
    pairs = ", ".join(f"('{a}', '{b}')" for a, b in books)
    found = session.sql(f"SELECT x, y, {sparks.similar('x', 'y')} AS s FROM VALUES {pairs} AS t(x, y)")  # noqa: S608
    assert {(row.x, row.y): round(row.s, 3) for row in found.collect()} == books


CALLS = (
    "pairs_up(words_l, words_r, letters_l, letters_r)",
    "one_letter(words_l, words_r, letters_l, letters_r)",
    "single(words_l, words_r)",
    "holds(tokens_l, tokens_r, letters_l, letters_r)",
    "shares(tokens_l, tokens_r)",
    "near(born_l, born_r)",
    "alike(lines_l, lines_r)",
)


def test_names_days_and_lines_are_judged_alike_by_both_engines(session: Any) -> None:
    dice = random.Random(11)
    engine = duckdb.connect()
    for function in functions.DUCKDB:
        engine.execute(function)
    engine.execute(
        "CREATE TABLE n (id INTEGER, l VARCHAR[], r VARCHAR[], letters_l INTEGER, letters_r INTEGER, "
        "born_l VARCHAR, born_r VARCHAR, lines_l VARCHAR, lines_r VARCHAR)"
    )
    rows = []
    for number in range(NAMES):
        alphabet = dice.choice(ALPHABETS[:3])
        left = list(dict.fromkeys(_word(dice, alphabet) for _ in range(dice.randint(1, 3))))
        right = list(dict.fromkeys(_slipped(dice, word, alphabet) for word in left))
        right = (right + [_word(dice, alphabet)] * dice.choice((0, 0, 1)))[
            dice.choice((0, 0, 0, 1)) :
        ] or left
        right = list(dict.fromkeys(right))
        dice.shuffle(right)
        bits = [letters("".join(skeleton(word) for word in name)) for name in (left, right)]
        born = [
            f"19{dice.choice('67')}{dice.choice('12')}-0{dice.choice('12')}-0{dice.choice('12')}"
            for _ in "lr"
        ]
        rows.append((number, left, right, *bits, *born, " ".join(left), " ".join(right)))
    engine.executemany("INSERT INTO n VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    # a number for each word and each skeleton, as `records` has them
    known = {
        word: place for place, word in enumerate(sorted({w for row in rows for w in (*row[1], *row[2])}))
    }
    bones = {skeleton(word): place for place, word in enumerate(known)}
    engine.execute("CREATE TABLE word (w VARCHAR, place INTEGER, bone INTEGER)")
    engine.executemany(
        "INSERT INTO word VALUES (?, ?, ?)", [(w, p, bones[skeleton(w)]) for w, p in known.items()]
    )
    engine.execute(
        "CREATE TABLE named AS SELECT * EXCLUDE (l, r), "
        "(SELECT list({'w': w, 's': bone} ORDER BY i) FROM (SELECT unnest(l) AS w, generate_subscripts(l, 1) AS i) "
        "JOIN word USING (w)) AS words_l, "
        "(SELECT list({'w': w, 's': bone} ORDER BY i) FROM (SELECT unnest(r) AS w, generate_subscripts(r, 1) AS i) "
        "JOIN word USING (w)) AS words_r, "
        "(SELECT list(place) FROM (SELECT unnest(l) AS w) JOIN word USING (w)) AS tokens_l, "
        "(SELECT list(place) FROM (SELECT unnest(r) AS w) JOIN word USING (w)) AS tokens_r FROM n"
    )
    expected = engine.execute(f"SELECT id, {', '.join(CALLS)} FROM named ORDER BY id").fetchall()  # noqa: S608
    assert all(0 < sum(bool(row[place]) for row in expected) < NAMES for place in range(1, len(CALLS) + 1))
    table = session.createDataFrame(engine.execute("FROM named").to_arrow_table())
    from splink.backends.spark import SparkAPI

    SparkAPI(spark_session=session)  # registers what Splink's jar brings
    from selectorate.roll.links.cluster import as_compared

    ready = as_compared(as_compared(table, "_l"), "_r")
    found = ready.selectExpr(
        "id", *(f"{sparks.spelled(call)} AS c{place}" for place, call in enumerate(CALLS))
    )
    assert sorted(map(tuple, found.collect())) == expected
    engine.close()
