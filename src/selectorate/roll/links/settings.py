"""What Splink compares, and how much each likeness weighs.

A level's weight is log2(m / u). m: how often two records of one person are so alike; ours for every roll, written
here and learnt from none, because a roll without duplicates teaches nothing about them. u: how often two
different people are so alike; always from this very roll, by how often the word, the day or the contact occurs
in it. So common names anywhere in the world are weak evidence, and rare ones strong, without asking whose.

The same settings run on every back end of Splink that knows `pairs_up` and the functions of `functions.py`.
(Model: Fellegi and Sunter 1969; term frequencies: Winkler 2000; as documented by Splink 5.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from splink import SettingsCreator


@dataclass(frozen=True, slots=True)
class Level:
    """One way to be alike. when: SQL over two records; says: the words for people; m: see above; by: the column
    whose frequency is u, or None where `u` is fixed; times: how many times as many strangers are alike as that
    frequency says; agrees: whether it speaks for one person; against: whether it says that these are two;
    relatives: whether people of one family are alike in this as well (a word of the name; a home, a telephone);
    own: whether it is hardly ever shared (an e-mail); apart: whether it says, within one home, that these are two;
    handed_down: whether parents and children who bear one name look so (one with a word more).
    """

    when: str
    says: str
    m: float
    by: str | None = None
    u: float = 1.0
    times: float = 1.0
    agrees: bool = True
    against: bool = False
    relatives: bool = False
    own: bool = False
    apart: bool = False
    handed_down: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """missing: where nothing can be compared, which then weighs nothing; levels: the first that fits counts."""

    name: str
    missing: str
    says_missing: str
    levels: tuple[Level, ...]


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _absent(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def comparisons(rare: Mapping[str, float], near_u: float) -> tuple[Comparison, ...]:
    """rare: column of rare words -> how often two strangers of this roll share one, the rarest first; near_u:
    how often their birthdays are within one digit of each other."""
    return (_name(rare), _birth(near_u), _CONTACT, _HOME)


def _name(rare: Mapping[str, float]) -> Comparison:
    words, two = "one rare word of the names is the same", "words_l, words_r, letters_l, letters_r"
    levels = (
        Level(_same("name_key"), "the names are the same", 0.7, "name_key"),
        Level(
            "holds(tokens_l, tokens_r, letters_l, letters_r)",
            "one name holds the other",
            0.1,
            "name_key",
            times=2,
            handed_down=True,
        ),
        Level(f"{_same('sk_key')} OR {_same('joined')}", "the names are written alike", 0.06, "sk_key"),
        Level(f"pairs_up({two})", "the names are nearly the same", 0.1, "sk_key", times=4),
        Level(f"one_letter({two})", "the names differ by a letter", 0.04, "sk_key", times=15),
        Level("single(words_l, words_r)", "one name is a single word of the other", 0.05, "sk_key", times=3),
        *(Level(f"shares({one}_l, {one}_r)", words, 0.03, u=u, relatives=True) for one, u in rare.items()),
        Level("ELSE", "the names differ", 0.02, agrees=False),
    )
    return Comparison("name", _absent("name_key"), "a name is missing", levels)


def _birth(near_u: float) -> Comparison:
    form, years = (
        "day_l IS NULL OR day_r IS NULL",
        "the years of birth agree (the day is one that forms fill in)",
    )
    levels = (
        Level(_same("day"), "the dates of birth agree", 0.85, "day"),
        Level(f"({form}) AND year_l = year_r", years, 0.9, "year"),
        Level(form, "the years of birth differ", 0.1, agrees=False, against=True),
        Level("near(born_l, born_r)", "the dates of birth are nearly the same", 0.06, u=near_u),
        Level(_same("year"), "only the years of birth agree", 0.02, "year", agrees=False, apart=True),
        Level("ELSE", "the dates of birth differ", 0.02, agrees=False, against=True),
    )
    return Comparison("birth", _absent("born"), "a date of birth is missing", levels)


_CONTACT = Comparison(
    "contact",
    f"({_absent('email_key')}) AND ({_absent('phone_key')})",
    "no contact can be compared",
    (
        Level(_same("email_key"), "the e-mail is the same", 0.45, "email_key", relatives=True, own=True),
        Level(_same("phone_key"), "the telephone is the same", 0.25, "phone_key", relatives=True),
        Level("ELSE", "the contacts differ", 0.3, agrees=False),
    ),
)
_NEARBY = f"({_same('postcode')} OR {_same('locality')}) AND alike(lines_l, lines_r)"
_HOME = Comparison(
    "home",
    _absent("area"),
    "an address is missing",
    (
        Level(_same("home_key"), "the address is the same", 0.5, "home_key", relatives=True),
        Level(_same("street"), "street and number are the same", 0.08, "street", relatives=True),
        Level(_NEARBY, "the addresses are nearly the same", 0.08, "postcode", times=0.1, relatives=True),
        Level(_same("postcode"), "the postcode is the same", 0.12, "postcode"),
        Level(_same("locality"), "the place is the same", 0.08, "locality"),
        Level(_same("area"), "the area is the same", 0.08, "area", agrees=False),
        Level("ELSE", "the addresses differ", 0.25, agrees=False),
    ),
)


Block = tuple[tuple[str, ...], str | None]
"""Columns that two records must have in common to be compared; which of them is a list, of which any one will do."""

BLOCKS: Sequence[Block] = (
    (("email_key",), None),
    (("phone_key",), None),
    (("home_key",), None),
    (("day", "sk"), "sk"),
    (("sk_key", "year"), None),
    (("sk_key", "monthday"), None),
    (("sk_key", "area"), None),
    (("day", "postcode"), None),
    (("day", "street"), None),
    (("street", "sk"), "sk"),
    (("rare", "area"), "rare"),
    (("postcode", "sk"), "sk"),
    (("rare", "monthday"), "rare"),
    (("rare", "year"), "rare"),
    (("sk_key",), None),
    (("day",), None),
    (("sk", "year"), "sk"),
    (("rare",), "rare"),
)
"""In the order in which they are afforded (`affordable`): the first find most, the last are for small rolls."""
PAIRS_EACH = 4
PAIRS_LEAST = 2_000_000
"""How many pairs are compared for each member, at most, all blocks together; and how many in any case."""


def affordable(engine: DuckDBPyConnection, people: int) -> tuple[Block, ...]:
    """The blocks whose pairs this roll's size can afford. Reads `records`."""
    left, chosen = max(PAIRS_EACH * people, PAIRS_LEAST), []
    for columns, array in BLOCKS:
        keys = ", ".join(f"unnest({one})" if one == array else one for one in columns)
        known = " AND ".join(f"{one} IS NOT NULL" for one in columns)
        counted = f"SELECT *, count(*) AS c FROM (SELECT {keys} FROM records WHERE {known}) GROUP BY ALL"  # noqa: S608
        pairs = engine.execute(f"SELECT sum(c * (c - 1) / 2) FROM ({counted})").fetchall()[0][0] or 0  # noqa: S608
        if 0 < pairs <= left:
            left -= pairs
            chosen.append((columns, array))
    return tuple(chosen)


def frequencies(compared: Sequence[Comparison]) -> tuple[str, ...]:
    """The columns whose tables tf_* the comparisons weigh by."""
    return tuple(sorted({level.by for one in compared for level in one.levels if level.by}))


def _as_written(when: str) -> str:
    return when


def settings(
    compared: Sequence[Comparison], blocks: Sequence[Block], spelled: Callable[[str], str] = _as_written
) -> SettingsCreator:
    """The settings in Splink's form. spelled: how a back end writes a condition that has our functions.

    Weights start from nothing: what a match is expected to be like in advance is said by the threshold
    (`chance`), not by a prior.
    """
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        probability_two_random_records_match=0.5,
        comparisons=[
            cl.CustomComparison(
                output_column_name=one.name,
                comparison_levels=[_missing(one), *[_level(level, spelled) for level in one.levels]],
            )
            for one in compared
        ],
        blocking_rules_to_generate_predictions=[
            block_on(*columns, arrays_to_explode=[array] if array else None) for columns, array in blocks
        ],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
    )


def _missing(one: Comparison) -> dict[str, Any]:
    return {"sql_condition": one.missing, "label_for_charts": one.says_missing, "is_null_level": True}


def _level(level: Level, spelled: Callable[[str], str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "sql_condition": spelled(level.when),
        "label_for_charts": level.says,
        "m_probability": level.m,
        "u_probability": level.u,
        "fix_m_probability": True,
        "fix_u_probability": True,
    }
    if level.by:
        # Splink then weighs log2(m / frequency); `times` enters through m
        made |= {
            "m_probability": level.m / level.times,
            "u_probability": 0.5,
            "tf_adjustment_column": level.by,
            "disable_tf_exact_match_detection": True,
        }
    return made
