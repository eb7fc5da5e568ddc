"""What a report says of every duty: failed, waiting for which other, not part of it. From the page, case by case.

The archives are foreign ones with one change and every outer hash made right again. What waits for what is the table
"What waits" of docs/formats/ballot.md; a duty that is named nowhere here must have passed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ballot import forge
from tests.ballot.forge import Parts

from selectorate.ballot.check import CLAIMS, examine
from selectorate.ballot.check.ledger import Ledger, form_note

ELECTIONS = Path(__file__).resolve().parents[2] / "vectors" / "ballot" / "elections"
WEIGHTED = forge.archive_file(ELECTIONS / "v1b3-ed25519-a-h-3trustees-weights")
RANKED = forge.archive_file(ELECTIONS / "v1b-ed25519-c-nh-30-ranked")
NOT_PART = "not part of it"

GROUPS = ("E7", "E8", "E9")
BALLOTS = ("B1", "B2", "B3", "B4", "B5", "B6", "B7")
SHUFFLES = ("S1", "S2", "S3")
DECRYPTIONS = ("D1", "D2", "D3")
CLOSING = ("T1", "T2", *SHUFFLES, *DECRYPTIONS, "D4", "R1")


def said(content: bytes, place: Path) -> dict[str, str]:
    """Duty -> failed, the duty it waits for, "not part of it" or the reason; nothing of what passed."""
    found = {}
    checks = examine(content, place.stem).checks
    assert [(check.duty, check.claim) for check in checks] == list(CLAIMS.items())
    assert all(isinstance(check.because, str) for check in checks)
    assert all(check.because for check in checks if check.verdict != "passed")
    for check in checks:
        if check.verdict == "not checked":
            found[check.duty] = check.because.removeprefix("waits for ").partition(":")[0]
        elif check.verdict != "passed":
            found[check.duty] = check.verdict
    return found


def parts_of(place: Path) -> Parts:
    return forge.take_apart(place.read_bytes())


def absent(place: Path, *duties: str) -> dict[str, str]:
    """No earlier copy, no threshold group; without ranked questions no shuffles."""
    never = ("A4", *GROUPS, *(SHUFFLES if place is WEIGHTED else ()))
    return dict.fromkeys((*never, *duties), NOT_PART)


def waits(duty: str, *waiting: str) -> dict[str, str]:
    return dict.fromkeys(waiting, duty)


STAGES = [
    (WEIGHTED, "EndBallots", 1, CLOSING),
    (WEIGHTED, "EncryptedTally", 1, (*DECRYPTIONS, "D4", "R1")),
    (WEIGHTED, "PartialDecryption", 1, ("D4", "R1")),
    (WEIGHTED, "PartialDecryption", 3, ("D4", "R1")),
    (WEIGHTED, "Result", 1, ()),
    (RANKED, "EndBallots", 1, CLOSING),
    (RANKED, "EncryptedTally", 1, (*SHUFFLES, *DECRYPTIONS, "D4", "R1")),
    (RANKED, "Shuffle", 1, (*DECRYPTIONS, "D4", "R1")),
    (RANKED, "EndShuffles", 1, (*DECRYPTIONS, "D4", "R1")),
    (RANKED, "PartialDecryption", 1, ("D4", "R1")),
    (RANKED, "Result", 1, ()),
]


@pytest.mark.parametrize(("place", "kind", "number", "later"), STAGES)
def test_what_has_not_happened_yet_is_not_part_of_it(
    place: Path, kind: str, number: int, later: tuple[str, ...]
) -> None:
    parts = parts_of(place)
    last = parts.steps.index(parts.of(kind)[number - 1])
    del parts.steps[last + 1 :]
    assert said(forge.put_together(parts), place) == absent(place, *later)


def test_before_any_ballot_there_is_nothing_to_judge_but_the_set_up() -> None:
    parts = parts_of(WEIGHTED)
    del parts.steps[1:]
    assert said(forge.put_together(parts), WEIGHTED) == absent(WEIGHTED, *BALLOTS, *CLOSING)


def _no_events(parts: Parts) -> None:
    parts.steps.clear()


def _short_setup(parts: Parts) -> None:
    del parts.steps[0].content[0]


def _setup_object(position: int) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        parts.steps[0].content[position] = b"{}"

    return edit


def _two_members(kind: str) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        parts.of(kind)[0].content.append(b"{}")

    return edit


def _without(*kinds: str) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        parts.steps[:] = [step for step in parts.steps if step.kind not in kinds]

    return edit


def _junk(kind: str) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        parts.of(kind)[0].content[0] = b"{}"

    return edit


def _owner(kind: str, owner: int) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        step = parts.of(kind)[-1]
        step.content[1] = forge.canonical({"owner": owner, "payload": ""})

    return edit


def _one_decryption_less(parts: Parts) -> None:
    parts.steps.remove(parts.of("PartialDecryption")[1])


def _unreadable_first_of_two(parts: Parts) -> None:
    """Of a credential that voted again: nothing that counts is touched."""
    cast = [ballot["credential"] for ballot in parts.ballots]
    first = next(number for number, credential in enumerate(cast) if credential in cast[number + 1 :])
    parts.of("Ballot")[first].content[0] = b"{}"


def _loose_owner(kind: str) -> Callable[[Parts], None]:
    def edit(parts: Parts) -> None:
        parts.of(kind)[0].content[1] += b" "

    return edit


AFTER = tuple(duty for duty in CLAIMS if duty[0] != "A")
READ = tuple(duty for duty in CLAIMS if duty[0] in "BTSDR")

# name: (archive, change, whether the records' inner hashes are made right again, what is said)
CHANGES: dict[str, tuple[Path, Callable[[Parts], None], bool, dict[str, str]]] = {
    "no event at all": (
        WEIGHTED, _no_events, True, {"A3": "failed", "A4": NOT_PART} | waits("A3", *AFTER),
    ),
    "a set-up of three objects": (
        WEIGHTED, _short_setup, False, {"A2": "failed", "A4": NOT_PART} | waits("A2", *AFTER),
    ),
    "an election without fields": (
        WEIGHTED, _setup_object(0), True, {"E1": "failed", "A4": NOT_PART} | waits("E1", *AFTER[1:]),
    ),
    "a ranked election without fields": (
        RANKED, _setup_object(0), True, {"E1": "failed", "A4": NOT_PART} | waits("E1", *AFTER[1:]),
    ),
    "a ballot with two data members": (
        WEIGHTED, _two_members("Ballot"), True,
        absent(WEIGHTED) | {"A2": "failed"} | waits("A2", *BALLOTS, "T1", "T2"),
    ),
    "an unreadable ballot that was replaced": (
        WEIGHTED, _unreadable_first_of_two, True,
        absent(WEIGHTED) | {"B1": "failed"} | waits("B1", "B2", "B3", "B4", "B5", "B6"),
    ),
    "an encrypted tally without its record": (
        WEIGHTED, lambda parts: parts.of("EncryptedTally")[0].content.pop(), False,
        absent(WEIGHTED) | {"A2": "failed"} | waits("A2", *CLOSING),
    ),
    "no encrypted tally": (
        RANKED, _without("EncryptedTally"), True,
        absent(RANKED) | {"A3": "failed"} | waits("A3", *CLOSING),
    ),
    "an encrypted tally of another form": (
        WEIGHTED, _junk("EncryptedTally"), True, absent(WEIGHTED) | {"T1": "failed"},
    ),
    "a ranked encrypted tally of another form": (
        RANKED, _junk("EncryptedTally"), True, absent(RANKED) | {"T1": "failed"},
    ),
    "nothing shuffled": (
        RANKED, _without("Shuffle", "EndShuffles"), True,
        absent(RANKED) | {"A3": "failed"} | waits("A3", "T1", "T2", *SHUFFLES, "D2", "D3", "R1"),
    ),
    "an unreadable shuffle": (
        RANKED, _junk("Shuffle"), True,
        absent(RANKED) | {"S2": "failed"} | waits("S2", "S3", *DECRYPTIONS, "D4", "R1"),
    ),
    "a shuffle of a trustee that there is not": (
        RANKED, _owner("Shuffle", 3), True, absent(RANKED) | {"S1": "failed"},
    ),
    "a shuffle of trustee nought": (
        RANKED, _owner("Shuffle", 0), True, absent(RANKED) | {"S1": "failed"},
    ),
    "a shuffle whose owner's record is loose": (
        RANKED, _loose_owner("Shuffle"), False,
        absent(RANKED) | {"A2": "failed"} | waits("A2", "T1", "T2", "S1"),
    ),
    "nothing decrypted": (
        WEIGHTED, _without("PartialDecryption"), True,
        absent(WEIGHTED) | {"A3": "failed", "D4": "failed"} | waits("A3", "T1", "T2", *DECRYPTIONS)
        | waits("D4", "R1"),
    ),
    "one decryption less": (
        WEIGHTED, _one_decryption_less, True, absent(WEIGHTED) | {"D4": "failed"} | waits("D4", "R1"),
    ),
    "a decryption of a trustee that there is not": (
        WEIGHTED, _owner("PartialDecryption", 4), True,
        absent(WEIGHTED) | {"D1": "failed", "D4": "failed"} | waits("D1", "D2", "D3", "R1"),
    ),
    "a decryption that belongs to another": (
        WEIGHTED, _owner("PartialDecryption", 1), True,
        absent(WEIGHTED) | {"D1": "failed", "D3": "failed", "D4": "failed"} | waits("D3", "R1"),
    ),
    "an unreadable decryption": (
        WEIGHTED, _junk("PartialDecryption"), True,
        absent(WEIGHTED) | {"D2": "failed"} | waits("D2", "D3", "R1"),
    ),
    "a decryption whose owner's record is loose": (
        WEIGHTED, _loose_owner("PartialDecryption"), False,
        absent(WEIGHTED) | {"A2": "failed", "D4": "failed"}
        | waits("A2", "T1", "T2", *DECRYPTIONS) | waits("D4", "R1"),
    ),
    "a result without its object": (
        WEIGHTED, lambda parts: parts.of("Result")[0].content.clear(), True,
        absent(WEIGHTED) | {"A2": "failed"} | waits("A2", "T1", "T2", "R1"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_one_change_fails_its_duty_and_what_waits_for_it_says_so(name: str) -> None:
    place, edit, relink, wanted = CHANGES[name]
    parts = parts_of(place)
    edit(parts)
    assert said(forge.put_together(parts, relink=relink), place) == wanted


@pytest.mark.parametrize("place", [WEIGHTED, RANKED])
def test_an_archive_shows_its_sizes(place: Path) -> None:
    cast = json.loads((place.parent / "votes.json").read_bytes())
    parts = parts_of(place)
    listed = json.loads(parts.steps[0].content[2])
    weights = [int(one.partition(",")[2] or "1") for one in listed]
    voted = {vote["credential"] for vote in cast}
    found = examine(place.read_bytes(), place.stem)
    because = {check.duty: check.because for check in found.checks}
    questions = len(json.loads(parts.steps[0].content[0])["questions"])
    trustees = len(json.loads(parts.steps[0].content[1]))
    assert because["A1"] == f"{place.stat().st_size} bytes, {len(parts.steps)} events"
    assert because["A2"] == f"{len(parts.steps)} events"
    assert because["A3"] == "the last event is Result"
    assert because["E2"] == place.stem
    assert because["E3"] == f"{questions} questions"
    assert because["E4"] == f"{trustees} trustees"
    assert because["E6"] == f"{len(listed)} credentials, total weight {sum(weights)}"
    assert {because[f"B{n}"] for n in range(1, 7)} == {f"{len(cast)} ballots"}
    assert because["T1"].startswith(f"{len(voted)} ballots counted")
    assert {because[duty] for duty in DECRYPTIONS} == {
        f"decrypted by the trustees {', '.join(str(n) for n in range(1, trustees + 1))}"
    }
    assert because["D4"] == f"{trustees} of {trustees} trustees, and that is enough"
    assert found.resumed == 0


def checks_of(ledger: Ledger) -> dict[str, tuple[str, str]]:
    return {check.duty: (check.verdict, check.because) for check in ledger.checks()}


def test_a_duty_of_which_nothing_was_noted_counts_as_not_checked() -> None:
    found = checks_of(Ledger())
    assert set(found.values()) == {("not checked", "nothing was seen of it")}
    assert Ledger().holds()


def test_a_failure_outweighs_whatever_is_noted_before_and_after() -> None:
    ledger = Ledger()
    ledger.passed("B1", "30 ballots")
    ledger.fail("B1", "one is not a ballot")
    ledger.passed("B1", "30 ballots")
    ledger.absent("there are none", "B1")
    ledger.skipped("5 were checked", "B1")
    ledger.waits("A2", "where they stand is not known", "B1")
    assert checks_of(ledger)["B1"] == ("failed", "one is not a ballot")
    assert not ledger.holds()
    assert not ledger.holds("B1", "B2")
    assert ledger.holds("B2")


def test_five_reasons_are_shown_and_the_others_counted() -> None:
    ledger = Ledger()
    for number in range(1, 6):
        ledger.fail("B1", f"reason {number}")
    five = "reason 1; reason 2; reason 3; reason 4; reason 5"
    assert checks_of(ledger)["B1"] == ("failed", five)
    ledger.fail("B1", "reason 6")
    assert checks_of(ledger)["B1"] == ("failed", f"{five}; and 1 more")


def test_a_duty_never_waits_for_itself() -> None:
    ledger = Ledger()
    ledger.waits("B1", "one cannot be read", "A1", "B1", "B2")
    found = checks_of(ledger)
    assert found["B1"] == ("not checked", "nothing was seen of it")
    assert found["A1"] == found["B2"] == ("not checked", "waits for B1: one cannot be read")


def test_what_was_noted_is_known_to_be_noted() -> None:
    ledger = Ledger()
    ledger.passed("B1", "")
    ledger.fail("B2", "")
    assert [ledger.noted(duty) for duty in ("B1", "B2", "B3")] == [True, True, False]


def test_what_waits_for_a_duty_taken_out_of_the_table_is_not_part_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = Ledger()
    monkeypatch.delitem(CLAIMS, "B1")
    ledger.passed("B2", "30 ballots")
    ledger.waits("B1", "one cannot be read", "B2", "B3")
    found = checks_of(ledger)
    assert "B1" not in found
    assert found["B2"] == ("passed", "30 ballots")
    assert found["B3"] == (NOT_PART, "one cannot be read")


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (b'{"known":1}', ""),
        (b'{"known": 1}', "; not in canonical form"),
        (b'{"known":1,"later":2}', "; it has fields that this version does not know: later"),
        (
            b'{"g":1,"f":1,"e":1,"d":1,"c":1,"b":1}',
            "; it has fields that this version does not know: b, c, d, e, f",
        ),
        (b'{"\xff":1}', "; it has fields that this version does not know: \N{REPLACEMENT CHARACTER}"),
    ],
)
def test_an_unusual_form_is_told_and_nothing_else(content: bytes, note: str) -> None:
    assert form_note(content, frozenset((b"known",))) == note


def test_a_duty_that_was_taken_out_comes_back_in_its_place() -> None:
    before = [check.duty for check in Ledger().checks()]
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(CLAIMS, "A1")
        assert [check.duty for check in Ledger().checks()] == before[1:]
    assert [check.duty for check in Ledger().checks()] == before
