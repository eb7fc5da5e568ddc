"""Every kind of question and trustee, as the elections of foreign tools have them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ballot import forge

from selectorate.ballot import papers, questions
from selectorate.ballot.marks import ballot_bytes_max
from selectorate.ballot.objects import Parameters, Question, lacking, public_keys
from selectorate.ballot.parameters import read_parameters, read_trustees
from selectorate.errors import Refusal

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "ballot" / "elections"
FOLDERS = sorted(path.name for path in ROOT.iterdir())
BLANK = Question("homomorphic", "Chair", ("Alder", "Ash", "Beech"), 1, 2, blank=True)
LISTS = Question("lists", "Grove", lists=(("Hill", "Alder", "Ash"), ("Dale", "Beech")))


def setup_of(name: str) -> forge.Step:
    return forge.take_apart(forge.archive_file(ROOT / name).read_bytes()).steps[0]


@pytest.mark.parametrize("name", FOLDERS)
def test_a_foreign_question_is_read_and_written_again_as_it_was(name: str) -> None:
    election = setup_of(name).content[0]
    read = read_parameters(election)
    written = [questions.write_question(question) for question in read.questions]
    assert forge.canonical(written) == forge.canonical(json.loads(election)["questions"])


@pytest.mark.parametrize("name", FOLDERS)
def test_a_foreign_result_is_read_as_it_stands(name: str) -> None:
    place = ROOT / name
    wanted = json.loads((place / "result.json").read_bytes())["result"]
    content = forge.take_apart(forge.archive_file(place).read_bytes()).of("Result")[0].content[0]
    read = papers.read_result(content, read_parameters(setup_of(name).content[0]))
    assert json.loads(json.dumps(read)) == wanted


def test_trustees_are_numbered_over_the_list_and_a_group_counts_its_members() -> None:
    entries = read_trustees(setup_of("v1b3-ed25519-f-mixed-h-nh-threshold").content[1])
    assert [(e.first, len(e.keys), e.threshold, e.group) for e in entries] == [
        (1, 1, 1, False),
        (2, 3, 2, True),
    ]
    keys = json.loads(setup_of("v1b3-ed25519-f-mixed-h-nh-threshold").content[1])
    assert public_keys(entries) == (
        keys[0][1]["public_key"],
        *(key["public_key"] for key in keys[1][1]["verification_keys"]),
    )


def test_what_suffices_for_a_result_is_every_single_trustee_and_enough_of_each_group() -> None:
    entries = read_trustees(setup_of("v1b3-ed25519-f-mixed-h-nh-threshold").content[1])
    for owners in ((1, 2, 3), (1, 4, 2), (4, 3, 2, 1)):
        assert lacking(entries, owners) == ()
    assert lacking(entries, (2, 3, 4)) == ("trustee 1",)
    assert lacking(entries, (1, 4)) == ("1 more of the trustees 2 to 4",)
    assert lacking(entries, ()) == ("trustee 1", "2 more of the trustees 2 to 4")


@pytest.mark.parametrize(
    ("name", "older"),
    [
        ("v1a-ff-b-threshold-2of3", "certificates without a context and keys that are not signed"),
        ("v1b-ed25519-b-threshold-2of3", "keys that are not signed"),
        ("v1b3-ed25519-b-threshold-2of3", ""),
        ("v1b3-ff-b-threshold-2of3", ""),
    ],
)
def test_the_ceremony_of_an_older_version_is_known_as_such(name: str, older: str) -> None:
    assert [entry.older for entry in read_trustees(setup_of(name).content[1])] == [older]


def test_a_ranked_question_says_how_it_is_counted() -> None:
    graded = questions.extra_text("MajorityJudgment", blank=True, grades=("Good", "Fair", "Poor"))
    assert graded == '{"method":"MajorityJudgment","blank":true,"grades":["Good","Fair","Poor"]}'
    question = Question("ranked", "Rank", ("Alder", "Ash"), extra=graded)
    assert questions.method_of(question) == "MajorityJudgment"
    assert questions.grades_of(question) == ("Good", "Fair", "Poor")
    assert questions.write_question(question)["extra"]["blank"] is True
    silent = Question("ranked", "Rank", ("Alder", "Ash"))
    assert (questions.method_of(silent), questions.grades_of(silent)) == (None, ())
    assert "extra" not in questions.write_question(silent)


def test_a_language_is_read() -> None:
    election = json.loads(setup_of("v1b3-ed25519-l-lists").content[0])
    assert read_parameters(forge.canonical(election)).language is None
    assert read_parameters(forge.canonical(election | {"language": ["ar", "rtl"]})).language == ("ar", "rtl")
    for wrong in ("ar", ["ar"], ["ar", 1]):
        with pytest.raises(Refusal):
            read_parameters(forge.canonical(election | {"language": wrong}))


@pytest.mark.parametrize("version", [2, 3])
def test_only_another_version_of_the_protocol_is_not_yet_supported(version: int) -> None:
    election = json.loads(setup_of("v1b3-ed25519-l-lists").content[0])
    with pytest.raises(Refusal, match=f"not yet supported: protocol version {version}"):
        read_parameters(forge.canonical(election | {"version": version}))
    with pytest.raises(Refusal) as refusal:
        read_parameters(forge.canonical(election | {"questions": [{"type": "Other", "value": {}}]}))
    assert refusal.value.code == "ballot.form"


@pytest.mark.parametrize("marks", [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 1)])
def test_a_blank_mark_stands_first_and_alone(marks: tuple[int, ...]) -> None:
    text = papers.choice_text((marks,), (BLANK,))
    assert papers.read_choice(text.encode(), (BLANK,)) == (marks,)


@pytest.mark.parametrize("marks", [(1, 1, 0, 0), (0, 0, 0, 0), (0, 1, 1, 1), (1, 0, 0), (2, 0, 0, 0)])
def test_a_blank_vote_that_chooses_somebody_is_refused(marks: tuple[int, ...]) -> None:
    with pytest.raises(Refusal):
        papers.choice_text((marks,), (BLANK,))


@pytest.mark.parametrize("rows", [((1, 1, 0), (0, 0)), ((1, 1, 1), (0, 0)), ((0, 0, 0), (1, 1))])
def test_one_list_is_chosen_with_at_least_one_of_its_candidates(rows: Any) -> None:
    text = papers.choice_text((rows,), (LISTS,))
    assert papers.read_choice(text.encode(), (LISTS,)) == (rows,)


@pytest.mark.parametrize(
    "rows",
    [
        ((0, 0, 0), (0, 0)),
        ((1, 0, 0), (0, 0)),
        ((1, 1, 0), (1, 1)),
        ((1, 1, 0), (0, 1)),
        ((0, 1, 0), (1, 1)),
        ((1, 2, 0), (0, 0)),
        ((1, 1), (0, 0)),
        ((1, 1, 0),),
        (1, 1, 0, 0, 0),
    ],
)
def test_any_other_choice_among_lists_is_refused(rows: Any) -> None:
    with pytest.raises(Refusal):
        papers.choice_text((rows,), (LISTS,))
    with pytest.raises(Refusal):
        papers.read_choice(json.dumps([rows]).encode(), (LISTS,))


@pytest.mark.parametrize(
    "content",
    [b"[[[3,3,2],[1,1]]]", b'[[[3,3,"1073741824"],[1,1]]]'],
)
def test_the_result_of_a_list_question_has_one_list_of_counts_per_list(content: bytes) -> None:
    parameters = Parameters("u", "Ed25519", "n", "d", "k", (LISTS,), "f")
    read = papers.read_result(b'{"result":' + content + b"}", parameters)
    assert read[0][1] == (1, 1)
    for wrong in (b"[[[3,3,2]]]", b"[[[3,3,2],[1]]]", b"[[3,3,2,1,1]]", b"[[[3,3,2],[1,1],[1]]]"):
        with pytest.raises(Refusal):
            papers.read_result(b'{"result":' + wrong + b"}", parameters)


names = st.text(min_size=1, max_size=5)
homomorphic = st.builds(
    lambda answers, low, more, blank: Question(
        "homomorphic", "q", tuple(answers), low, min(low + more, len(answers)), blank
    ),
    st.lists(names, min_size=1, max_size=12),
    st.integers(0, 1),
    st.integers(0, 12),
    st.booleans(),
)
ranked = st.builds(lambda n: Question("ranked", "q", tuple(map(str, range(n)))), st.integers(1, 30))
lists = st.builds(
    lambda sizes: Question("lists", "q", lists=tuple(("L", *("c",) * size) for size in sizes)),
    st.lists(st.integers(1, 6), min_size=1, max_size=6),
)


GROUPS = st.sampled_from(("Ed25519", "BELENIOS-2048", "RFC-3526-2048"))


@settings(max_examples=20, deadline=None)
@given(GROUPS, st.lists(homomorphic | ranked | lists, max_size=4))
def test_the_longest_honest_ballot_is_never_too_long(group: str, asked: list[Question]) -> None:
    demand_room(group, asked)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(GROUPS, st.lists(homomorphic | ranked | lists))
def test_the_longest_honest_ballot_of_many_questions_is_never_too_long(
    group: str, asked: list[Question]
) -> None:
    demand_room(group, asked)


def demand_room(group: str, asked: list[Question]) -> None:
    """The longest text of every element and number of the group, in the form of the wire's digest."""
    field = {"BELENIOS-2048": forge.BELENIOS, "RFC-3526-2048": forge.RFC_3526}.get(group)
    element = str(field.p - 1) if field else "f" * 64
    scalar = str(field.q - 1) if field else str(2**252 + 27742317777372353535851937790883648492)
    uuid = "Z" * 20
    proof = {"challenge": scalar, "response": scalar}
    ballot = {
        "election_uuid": uuid,
        "election_hash": "x" * 43,
        "credential": element,
        "answers": [longest(question, {"alpha": element, "beta": element}, proof) for question in asked],
        "signature": {"hash": "x" * 43, "proof": proof},
    }
    parameters = Parameters(uuid, group, "n", "d", "k", tuple(asked), "f")
    assert len(forge.canonical(ballot)) <= ballot_bytes_max(parameters)


def longest(question: Question, choice: dict[str, str], proof: dict[str, str]) -> dict[str, Any]:
    if question.kind == "ranked":
        return {"choices": choice, "proof": proof}
    if question.kind == "lists":
        return {
            "choices": [[choice] * len(names) for names in question.lists],
            "individual_proofs": [[[proof] * 2] * len(names) for names in question.lists],
            "overall_proof": proof,
            "list_proofs": [[proof] * 2] * len(question.lists),
            "nonzero_proof": {
                "commitment": choice["alpha"],
                "challenge": proof["challenge"],
                "response": [proof["response"]] * 2,
            },
        }
    assert question.minimum is not None
    assert question.maximum is not None
    sums = question.maximum - question.minimum + 1
    choices = len(question.answers) + question.blank
    answer = {
        "choices": [choice] * choices,
        "individual_proofs": [[proof] * 2] * choices,
        "overall_proof": [proof] * (sums + question.blank),
    }
    return answer | ({"blank_proof": [proof] * 2} if question.blank else {})


@pytest.mark.parametrize("name", FOLDERS)
def test_foreign_ballots_are_never_too_long(name: str) -> None:
    parts = forge.take_apart(forge.archive_file(ROOT / name).read_bytes())
    most = ballot_bytes_max(read_parameters(parts.steps[0].content[0]))
    assert max(len(step.content[0]) for step in parts.of("Ballot")) <= most
