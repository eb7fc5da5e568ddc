"""Properties that every count must have, whatever the papers."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.count.papers import NO_FILE, SCOTTISH, TREES, counted, of

from selectorate import count
from selectorate.count import rulesets, stv
from selectorate.count.certificate import Certificate
from selectorate.count.objects import Profile, Sheet
from selectorate.count.recount import Recount
from selectorate.errors import Refusal


@st.composite
def elections(draw: st.DrawFn, numbers: int = 40) -> tuple[Profile, int]:
    size = draw(st.integers(1, 6))
    rankings = st.lists(st.integers(0, size - 1), min_size=1, max_size=size, unique=True).map(tuple)
    counts = draw(st.dictionaries(rankings, st.integers(1, numbers), min_size=1, max_size=9))
    return Profile.gather(TREES[:size], counts, blank=draw(st.integers(0, 3))), draw(st.integers(1, 4))


@settings(max_examples=80, deadline=None)
@given(elections())
def test_every_stage_adds_up_to_the_valid_papers(election: tuple[Profile, int]) -> None:
    profile, seats = election
    for stage in counted(profile, seats).stages:
        assert sum(stage.tallies) + stage.non_transferable == profile.valid * 100_000
        assert min(*stage.tallies, stage.non_transferable) >= 0


@settings(max_examples=80, deadline=None)
@given(elections())
def test_as_many_are_elected_as_there_are_seats_or_candidates(election: tuple[Profile, int]) -> None:
    profile, seats = election
    elected = counted(profile, seats).elected
    assert len(set(elected)) == len(elected) == min(seats, len(profile.candidates))


@settings(max_examples=80, deadline=None)
@given(elections(), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_changes_no_winner(election: tuple[Profile, int], chance: object) -> None:
    """A lot goes by name, so it too is the same; the order of election and every figure are the same."""
    profile, seats = election
    order = list(range(len(profile.candidates)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    place = {old: new for new, old in enumerate(order)}
    counts = {tuple(place[one] for one in paper.ranking): paper.number for paper in profile.papers}
    other = Profile.gather(tuple(profile.candidates[old] for old in order), counts, blank=profile.blank)
    first, second = counted(profile, seats), counted(other, seats)
    assert first.elected == second.elected
    assert first.to_count_json() == second.to_count_json()


@settings(max_examples=80, deadline=None)
@given(elections(numbers=6))
def test_following_papers_gives_what_moving_piles_gives(election: tuple[Profile, int]) -> None:
    """Two programs written apart, small numbers so that ties are frequent."""
    profile, seats = election
    sheet = counted(profile, seats)
    again = Recount(profile, SCOTTISH, seats, "acorn").run()
    assert again.elected == sheet.elected
    assert tuple(again.ties) == sheet.ties
    assert [tuple(vote * 100_000 for vote in stage.votes) for stage in again.stages] == [
        stage.tallies for stage in sheet.stages
    ]


@settings(max_examples=30, deadline=None)
@given(elections())
def test_a_sheet_is_read_back_as_it_was_written(election: tuple[Profile, int]) -> None:
    """The record holds acts and figures; transfers and words are made again by counting."""
    sheet = counted(*election)
    read = Sheet.from_json(sheet.to_json())
    assert read.to_json() == sheet.to_json()
    assert [stage.tallies for stage in read.stages] == [stage.tallies for stage in sheet.stages]


def test_no_valid_paper_elects_nobody_and_says_so() -> None:
    with pytest.raises(Refusal) as stopped:
        counted(Profile(TREES[:2], (), blank=3, invalid=1), 1)
    assert stopped.value.sentence == "There is no valid paper to count (3 blank, 1 invalid)."


@pytest.mark.parametrize("seats", [0, -1, 1001])
def test_a_number_of_seats_that_cannot_be_is_refused(seats: int) -> None:
    with pytest.raises(Refusal) as stopped:
        counted(of("3 AB, 2 B"), seats)
    assert stopped.value.code == "count.seats"


def test_what_is_printed_for_a_file_has_exactly_these_fields() -> None:
    plain = counted(of("3 AB, 2 B"), 1).to_count_json()
    assert plain == {
        "ruleset": "scottish-stv",
        "seats": 1,
        "valid": 5,
        "quota": 3,
        "elected": ["Alder"],
        "stages": [
            {
                "number": 1,
                "act": "first preferences",
                "tallies": {"Alder": "3.00000", "Beech": "2.00000"},
                "non_transferable": "0.00000",
            }
        ],
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"candidates": ("Alder", "Alder")},
        {"candidates": ("Alder", "Be\x1bech")},
        {"candidates": ("Alder", "")},
        {"candidates": ()},
        {"blank": -1},
        {"blank": 10**9},
    ],
)
def test_a_profile_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    fields = {"candidates": TREES[:2], "papers": of("3 AB, 2 B").papers, "blank": 0, "invalid": 0} | wrong
    with pytest.raises(Refusal) as stopped:
        Profile(**fields)  # type: ignore[arg-type]
    assert stopped.value.code == "count.profile"


def test_rule_sets_are_listed_from_their_folder_and_every_answer_has_a_source() -> None:
    folder = Path(rulesets.__file__).parent
    assert rulesets.names() == tuple(sorted(path.stem for path in folder.glob("*.toml")))
    for name in rulesets.names():
        ruleset = rulesets.load(name)
        assert {one.name for one in ruleset.questions} == set(rulesets.asked(ruleset.family))
        assert all(one.source and one.asks.endswith("?") for one in ruleset.questions)
        assert ruleset.anchor
    assert [one.answer for one in rulesets.load("scottish-stv").questions if one.name == "places"] == [5]


def test_a_rule_set_says_how_many_of_its_answers_rest_on_texts_that_were_not_seen() -> None:
    folder = Path(rulesets.__file__).parent
    written = (folder / "cambridge-stv.toml").read_text()
    assert written.count('text = "not seen"') == 1
    once = rulesets.load("cambridge-stv")
    assert once.unseen == f"1 of {len(once.questions)} answer rests on a text that was not seen"
    twice = rulesets.parse("cambridge-stv", written.replace('text = "seen"', 'text = "not seen"', 1))
    assert twice.unseen == f"2 of {len(once.questions)} answers rest on texts that were not seen"
    never = rulesets.parse("cambridge-stv", written.replace('text = "not seen"', 'text = "seen"'))
    assert never.unseen == ""


def test_a_source_that_says_it_was_not_seen_is_not_counted_as_seen() -> None:
    """Words in the source and the field beside it may not contradict each other."""
    for name in rulesets.names():
        for one in rulesets.load(name).questions:
            assert "was not seen" not in one.source or one.text == rulesets.NOT_SEEN, (name, one.name)
            own = one.source.startswith(("our choice", "our decision", "does not arise"))
            assert not own or one.text == rulesets.NO_TEXT, (name, one.name)


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("../scottish-stv", "Did you mean “scottish-stv”? "),
        ("ers98", "Did you mean “ers97” or “ers76”? "),
        ("Scottish STV", "Did you mean “scottish-stv”? "),
        ("xxxxxxxx", ""),
    ],
)
def test_an_unknown_rule_set_is_refused_with_those_nearest_and_where_all_are(found: str, meant: str) -> None:
    with pytest.raises(Refusal) as stopped:
        rulesets.load(found)
    said = f"There is no rule set “{found}”. {meant}All are listed by: selectorate count --list-rules"
    assert str(stopped.value) == said


@pytest.mark.parametrize(
    ("find", "put"),
    [
        ('answer = "most votes first"', 'answer = "by lot"'),
        ("[quota]", "[quotas]"),
        ('answer = "cut"', 'answer = "up"'),
        ("answer = 5", "answer = 7"),
        ('name = "scottish-stv"', 'name = "other"'),
        ('text = "seen"', 'text = "well known"'),
        ('text = "seen"\n', ""),
        ("[quota]", "[quota"),
    ],
)
def test_a_rule_set_with_an_answer_that_nothing_can_do_is_refused(find: str, put: str) -> None:
    text = (Path(rulesets.__file__).parent / "scottish-stv.toml").read_text()
    with pytest.raises(Refusal) as stopped:
        rulesets.parse("scottish-stv", text.replace(find, put, 1))
    assert stopped.value.code == "count.ruleset.answer"


def test_no_float_stands_anywhere_in_the_count() -> None:
    """No literal with a point or exponent, no float(), no true division except beside Fractions.

    Except where a solver's answer is turned into whole numbers, which are then verified.
    """
    folder = Path(count.__file__).parent
    wrong = []
    for path in folder.rglob("*.py"):
        if path.name == "solver.py":
            continue
        text = path.read_text()
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            number = token.type == tokenize.NUMBER and re.search(r"[.eEjJ]", token.string)
            if number and not token.string.startswith("0x"):
                wrong.append(f"{path.name}:{token.start[0]}: {token.string}")
            if token.type == tokenize.NAME and token.string in ("float", "round", "math"):
                wrong.append(f"{path.name}:{token.start[0]}: {token.string}")
            if token.type == tokenize.OP and token.string in ("/", "/=") and "import Fraction" not in text:
                wrong.append(f"{path.name}:{token.start[0]}: {token.string}")
    assert not wrong


def test_check_modules_never_import_the_modules_that_make() -> None:
    folder = Path(count.__file__).parent
    for name in ("check.py", "recount.py", "rewalk.py"):
        text = (folder / name).read_text()
        assert not re.search(r"import.*\b(stv|margin|witness)\b", text), name


def test_names_that_look_like_acts_do_no_harm() -> None:
    names = ("surplus Beech", "exclude Alder", "Elm")
    profile = Profile.gather(names, {(0, 1): 5, (1,): 3, (2, 1): 1})
    sheet = stv.count(profile, SCOTTISH, 2, tie_seed=None, papers_digest=NO_FILE)
    assert Sheet.from_json(sheet.to_json()).to_json() == sheet.to_json()
    again = Recount(profile, SCOTTISH, 2, None).run()
    assert [stage.act for stage in again.stages] == [stage.act for stage in sheet.stages]


@pytest.mark.parametrize("kind", [Sheet, Certificate])
@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"valid":1}', b"[" * 100, b'{"seats":1.0}', b"\xff"])
def test_what_is_no_sheet_or_certificate_is_refused(kind: type[Sheet | Certificate], data: bytes) -> None:
    with pytest.raises(Refusal):
        kind.from_json(data)
