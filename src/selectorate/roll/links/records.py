"""What is compared: one line per member with name words, skeletons, birthday, contacts and address.

Tables made in the schema that is current, to be dropped after the comparison:
people    id, member_id
records   id; tokens: the distinct words, by number; words: {w: word, s: number of its skeleton}; sk: the
          skeletons; letters: their consonants as bits; rarest, rarer, rare: the rare ones among them (`RARE`);
          name_key, sk_key: all words, all skeletons; joined: the name written as one word; born: as recorded; day:
          the same where it is no default day; monthday, year; email_key, phone_key, home_key; lines: the words of
          street and number; street, postcode, locality, area. A key is a number that stands for a text (`_KEY`).
tf_*      value, times: how many have it, tf_*: its share of this very roll, smoothed (`SMOOTH`)

A word is what `tokens.name_words` leaves: without case, marks and punctuation; its order does not matter.
A skeleton is one rule for every name of every language: without vowels, h, j and y; letters that are written
for one another made one; doubles collapsed. No table says where a name comes from, and nothing asks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectorate.roll.links import contacts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SMOOTH = 1_000
"""Frequencies are taken as if so many further members with other names, days and contacts were on the roll:
in a club of forty, two of one name do not prove that a twentieth of all people have it."""
GROUP_MAX = 20
"""A contact that more members share is an office's or a placeholder, and says nothing about any two."""
DEFAULT_TIMES = 3
"""A day of birth that occurs so many times as often as an even spread lets expect (and 1 January always) is
what forms fill in; it counts as its year only. A date
with its year that occurs so many times as often as that day does in other years, and more often than chance makes
any of all dates occur (six times the spread above the mean, and `DEFAULT_LEAST`), says nothing at all."""
DEFAULT_LEAST = 10
"""Fewer people than this on one day are no pattern."""
FREQUENT = ("day", "year", "email_key", "phone_key", "home_key", "street", "postcode", "locality", "area")
"""Columns whose values weigh by how often they occur."""

_LIKE = str.maketrans({"q": "k", "c": "k", "z": "s", "x": "ks", "w": "v"})
_DOUBLE = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aeiouyhj]")


def skeleton(word: str) -> str:
    """The consonants of a word; the word itself where fewer than two are left, or where it has digits.

    One rule for all: `sch` as s; `ph` as f; q and c as k; z as s; x as ks; w as v; no doubles; then no a, e, i,
    o, u, y, h, j.
    """
    if not word.isalpha():
        return word
    alike = word.replace("sch", "s").replace("ph", "f").translate(_LIKE)
    bones = _VOWELS.sub("", _DOUBLE.sub(r"\1", alike))
    return bones if len(bones) >= 2 else word


def letters(bones: str) -> int:
    """The consonants of a skeleton as bits, one for each letter of the Latin alphabet."""
    found = 0
    for letter in bones:
        if "a" <= letter <= "z" and letter not in "aeiouyhj":
            found |= 1 << (ord(letter) - ord("a"))
    return found


_KEY = "CREATE OR REPLACE MACRO key(x) AS CASE WHEN x IS NOT NULL THEN (hash(x) >> 1)::BIGINT END"
"""What is only compared for equality crosses as a number: 63 bits of a hash, so that a million lines stay small."""

_WORDS = """
CREATE OR REPLACE TABLE people AS SELECT row_number() OVER (ORDER BY member_id)::INTEGER AS id, member_id
FROM {members};
CREATE OR REPLACE TABLE named AS
SELECT id, list_distinct(string_split(name_words, ' ')) AS tokens
FROM {members} JOIN people USING (member_id) WHERE name_words <> '';
CREATE OR REPLACE TABLE spoken AS
SELECT token, count(*) AS times FROM (SELECT unnest(tokens) AS token FROM named) GROUP BY token
"""

_NAMES = """
CREATE OR REPLACE TABLE rarity AS
WITH total AS (SELECT count(*) + {smooth} AS people FROM named),
bones AS (SELECT sk, sum(times) AS times, row_number() OVER () AS bone FROM spoken JOIN skeletons USING (token)
  GROUP BY sk)
SELECT token, sk, bone::INTEGER AS bone, letters::INTEGER AS letters, row_number() OVER ()::INTEGER AS place,
  greatest(s.times - 1, 1) / people AS f, greatest(b.times - 1, 1) / people AS g
FROM spoken s JOIN skeletons USING (token) JOIN bones b USING (sk), total;
CREATE OR REPLACE TABLE names AS
SELECT id, list(place) AS tokens, list({{'w': token, 's': bone}}) AS words, list_distinct(list(bone)) AS sk,
  key(list_sort(list(place))) AS name_key, key(list_sort(list(bone))) AS sk_key,
  bit_or(letters) AS letters, {tiers},
  product(f) AS f, product(g) AS g
FROM (SELECT id, unnest(tokens) AS token FROM named) JOIN rarity USING (token) GROUP BY id;
CREATE OR REPLACE TABLE tf_name_key AS
SELECT name_key, count(*) AS times, min(f) AS tf_name_key FROM names GROUP BY name_key;
CREATE OR REPLACE TABLE tf_sk_key AS SELECT sk_key, count(*) AS times, min(g) AS tf_sk_key FROM names GROUP BY sk_key
"""

_DAYS = """
CREATE OR REPLACE TABLE usual AS
WITH births AS (SELECT born_on, strftime(born_on, '%m-%d') AS md, year(born_on) AS y, count(*) AS times
  FROM {members} WHERE born_on IS NOT NULL GROUP BY ALL),
days AS (SELECT md, sum(times) AS times FROM births GROUP BY md),
everybody AS (SELECT sum(times) AS people, count(DISTINCT y) AS years FROM births)
SELECT born_on, b.times > {many} * d.times / years
    AND b.times >= {least} + d.times / years + 6 * sqrt(d.times / years) AS placeholder,
  md = '01-01' OR (d.times >= {least} AND d.times > {many} * people / 365) AS filled_in
FROM births b JOIN days d USING (md), everybody
"""

_PLAIN = """
CREATE OR REPLACE TABLE plain AS
WITH formed AS (
  SELECT n.id, m.name, u.filled_in,
    CASE WHEN NOT placeholder THEN m.born_on END AS born_on,
    nullif(e.form, '') AS email, nullif(p.form, '') AS phone, nullif(s.form, '') AS street,
    nullif(regexp_replace(lower(m.postcode), '[^a-z0-9]', '', 'g'), '') AS postcode,
    CASE WHEN trim(m.postcode) LIKE '% %' THEN lower(split_part(trim(m.postcode), ' ', 1))
         ELSE nullif(left(lower(trim(m.postcode)), 3), '') END AS part,
    nullif(lower(trim(m.locality)), '') AS locality
  FROM {members} m JOIN people n USING (member_id) LEFT JOIN usual u USING (born_on) LEFT JOIN emails e ON e.x = m.email
  LEFT JOIN phones p ON p.x = m.phone LEFT JOIN streets s ON s.x = m.address_1
  WHERE n.id IN (SELECT id FROM named))
SELECT id, filled_in, born_on, key(email) AS email, key(phone) AS phone,
  key(street || '|' || coalesce(postcode, locality, '')) AS home,
  street AS lines, key(street) AS street, key(coalesce(postcode, locality)) AS postcode,
  key(locality) AS locality, key(coalesce(part, locality)) AS area,
  key(nullif(regexp_replace(lower(strip_accents(name)), '[^\\pL\\pN]', '', 'g'), '')) AS joined
FROM formed
"""
"""All but the words of the name, by number already: contacts are counted and records put together from numbers."""

_RECORDS = """
CREATE OR REPLACE TABLE records AS
SELECT g.id, n.tokens, n.words, n.sk, n.name_key, n.sk_key, n.letters, {tiers},
  strftime(g.born_on, '%Y-%m-%d') AS born,
  CASE WHEN NOT filled_in THEN date_diff('day', DATE '1600-01-01', g.born_on)::INTEGER END AS day,
  CASE WHEN NOT filled_in THEN (100 * month(g.born_on) + day(g.born_on))::INTEGER END AS monthday,
  year(g.born_on)::INTEGER AS year,
  {few},
  g.lines, g.street, g.postcode, g.locality, g.area, g.joined
FROM plain g JOIN names n USING (id)
"""
_FEW = """CASE WHEN g.{column} NOT IN (SELECT {column} FROM plain WHERE {column} IS NOT NULL
    GROUP BY {column} HAVING count(*) > {group}) THEN g.{column} END AS {column}_key"""

_FREQUENCY = """
CREATE OR REPLACE TABLE tf_{column} AS
SELECT {column}, count(*) AS times,
  greatest(count(*) - 1, 1) / ((SELECT count({column}) FROM records) + {smooth}) AS tf_{column}
FROM records WHERE {column} IS NOT NULL GROUP BY {column}
"""
RARE = {"rarest": 1 / 20_000, "rarer": 1 / 4_000, "rare": 1 / 500}
"""Words of a name by how few members of this roll have them or one like them: column -> at most this share."""


def prepare(engine: DuckDBPyConnection, members: str) -> int:
    """Make the tables. members: the table to read. Gives the number of records."""
    contacts.prepare(engine, members)
    engine.execute(_KEY)
    engine.execute(_WORDS.format(members=members))
    words = [word for (word,) in engine.execute("SELECT token FROM spoken").fetchall()]
    engine.execute("CREATE OR REPLACE TABLE skeletons (token VARCHAR, sk VARCHAR, letters VARCHAR)")
    bones = [skeleton(word) for word in words]
    contacts.insert(engine, "skeletons", (words, bones, [str(letters(one)) for one in bones]))
    tiers = [f"list_distinct(list(bone) FILTER (g <= {share})) AS {column}" for column, share in RARE.items()]
    engine.execute(_NAMES.format(smooth=SMOOTH, tiers=", ".join(tiers)))
    _drop(engine, "spoken", "skeletons")
    engine.execute(_DAYS.format(members=members, least=DEFAULT_LEAST, many=DEFAULT_TIMES))
    engine.execute(_PLAIN.format(members=members))
    _drop(engine, "named", "usual", "emails", "phones", "streets")
    tiers = [f"coalesce(n.{column}, []) AS {column}" for column in RARE]
    few = [_FEW.format(column=column, group=GROUP_MAX) for column in ("email", "phone", "home")]
    engine.execute(_RECORDS.format(tiers=", ".join(tiers), few=", ".join(few)))
    _drop(engine, "names", "plain")
    for column in FREQUENT:
        engine.execute(_FREQUENCY.format(column=column, smooth=SMOOTH))
    return int(engine.execute("SELECT count(*) FROM records").fetchall()[0][0])


def _drop(engine: DuckDBPyConnection, *tables: str) -> None:
    """Give their memory back as soon as nothing reads them."""
    for table in tables:
        engine.execute(f"DROP TABLE {table}")
