"""A dishonest server: events left out, doubled, moved or edited, with every outer hash right again.

Small elections in Ed25519 through both verifiers; the same rows in the finite fields, through ours and acceptance,
are in test_ballot_archive.py and test_ballot_casting.py. Test name = row id.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
from tests.attacks import judges
from tests.attacks.forge import archives
from tests.attacks.forge.hand import Hand, compact
from tests.attacks.forge.poll import Event, Poll, approval, write
from tests.attacks.judges import Forged

JUDGES = pytest.mark.parametrize("judge", judges.JUDGES)
DEEP = (
    pytest.param(b"[" * 100_000 + b"]" * 100_000, id="lists"),
    pytest.param(b"[" * 100_000, id="open lists", marks=pytest.mark.slow),
    pytest.param(b'{"a":' * 100_000, id="open objects", marks=pytest.mark.slow),
)


def failed(judge: str, poll: Poll, earlier: Poll | None = None) -> set[str]:
    return judges.JUDGES[judge](Forged(poll.write(), earlier=earlier.write() if earlier else None)).failed


@lru_cache(maxsize=1)
def _small() -> Poll:
    poll = Poll(Hand(), [approval(1, 0, 1)], 1)
    poll.vote(0, [1])
    return poll.finish()


def small() -> Poll:
    """One elector, one answer, declared."""
    return _small().again()


def after(poll: Poll, kind: str, number: int = 0) -> int:
    return poll.events.index(poll.of(kind)[number]) + 1


@JUDGES
def test_x01_an_end_of_voting_amid_the_ballots_is_refused(judge: str) -> None:
    poll = archives.finished()
    poll.events.insert(after(poll, "Ballot"), Event("EndBallots", []))
    assert "A3" in failed(judge, poll)


@JUDGES
@pytest.mark.parametrize("place", [0, 2, 99])
def test_x02_a_second_set_up_anywhere_is_refused(place: int, judge: str) -> None:
    poll = archives.open_poll() if place == 2 else archives.finished()
    other = Poll(Hand(), [approval(2, 0, 2)], 2)
    poll.events.insert(place, other.events[0])
    assert "A3" in failed(judge, poll)


@JUDGES
@pytest.mark.parametrize("junk", [b'"junk"', b"[]", b"[[],[]]", b"{}", b"null"])
def test_x03_junk_as_the_encrypted_tally_is_refused(junk: bytes, judge: str) -> None:
    poll = small()
    poll.of("EncryptedTally")[0].bodies[0] = junk
    assert failed(judge, poll) == {"T1"}


@JUDGES
@pytest.mark.parametrize("name", ["num_tallied", "total_weight"])
@pytest.mark.parametrize("value", [9999, "1", -1])
def test_x03_other_numbers_beside_the_tally_are_refused(name: str, value: Any, judge: str) -> None:
    poll = small()
    poll.of("EncryptedTally")[0].record[name] = value  # type: ignore[index]
    assert failed(judge, poll) == {"T2"}


@JUDGES
@pytest.mark.parametrize("kind", ["EndBallots", "EncryptedTally", "EndShuffles"])
def test_x05_a_missing_event_is_refused(kind: str, judge: str) -> None:
    poll = archives.ranked().finish()
    poll.events.remove(poll.of(kind)[0])
    assert "A3" in failed(judge, poll)


@JUDGES
def test_x06_a_result_before_the_decryptions_and_two_results_are_refused(judge: str) -> None:
    early = small()
    early.events.insert(after(early, "EncryptedTally"), early.events.pop())
    assert "A3" in failed(judge, early)
    twice = small()
    twice.events.append(twice.events[-1])
    assert "A3" in failed(judge, twice)


@JUDGES
@pytest.mark.parametrize("owner", [0, 3, -1, "1", True])
def test_x08_an_owner_who_is_no_trustee_is_refused(owner: Any, judge: str) -> None:
    poll = small()
    poll.of("PartialDecryption")[1].record = {"owner": owner}
    assert failed(judge, poll) & {"D1", "A2"}


@JUDGES
@pytest.mark.parametrize("owner", [0, 99])
def test_x08_a_mixer_who_is_no_trustee_is_refused(owner: int, judge: str) -> None:
    poll = archives.ranked()
    poll.close()
    poll.mix(1)
    poll.mix(2)
    poll.of("Shuffle")[1].record = {"owner": owner}
    assert failed(judge, poll) == {"S1"}


RESULTS: dict[str, Callable[[bytes], bytes]] = {
    "a trailing space": lambda body: body + b" ",
    "an unknown field": lambda body: body[:-1] + b',"note":1}',
    "the field twice": lambda body: b'{"result":[[9,9]],' + body[1:],
    "numbers as text": lambda body: body.replace(b"1", b'"1"'),
    "a zero before a number": lambda body: body.replace(b"1", b"01"),
    "a fraction": lambda body: body.replace(b"1", b"1.0"),
}


@JUDGES
@pytest.mark.parametrize("form", RESULTS)
def test_x09_the_result_in_any_other_form_is_refused(form: str, judge: str) -> None:
    poll = small()
    before = poll.events[-1].bodies[0]
    poll.events[-1].bodies[0] = RESULTS[form](before)
    assert poll.events[-1].bodies[0] != before
    assert failed(judge, poll) == {"R1"}


@JUDGES
def test_x10_the_identity_among_the_credentials_is_refused(judge: str) -> None:
    poll = archives.open_poll()
    listed = sorted([*poll.credentials, "0" * 63 + "1"], key=poll.hand.group.order_key)
    poll.events[0].bodies[2] = compact(listed)
    assert failed(judge, poll) == {"E6"}


@JUDGES
def test_x11_a_trustees_name_added_later_is_found_with_an_earlier_copy(judge: str) -> None:
    poll, before = archives.open_poll(), archives.open_poll()
    trustees = json.loads(poll.events[0].bodies[1])
    trustees[0][1]["name"] = "Trustee Nine"
    poll.events[0].bodies[1] = compact(trustees)
    assert failed(judge, poll) == set()
    assert failed(judge, poll, before) == {"A4"}


@JUDGES
def test_x12_another_order_of_credentials_or_of_ballots_is_found(judge: str) -> None:
    poll, before = archives.open_poll(), archives.open_poll()
    poll.events[0].bodies[2] = compact(poll.credentials[::-1])
    assert failed(judge, poll) == {"E6"}
    poll = archives.open_poll()
    poll.events[1:] = poll.events[:0:-1]
    assert failed(judge, poll, before) == {"A4"}


ELEMENTS: dict[str, Callable[[str], str]] = {
    "capitals": lambda text: text.upper() if text.upper() != text else text + "0",
    "a zero more": lambda text: "0" + text,
    "a sign": lambda text: "+" + text[1:],
    "a prefix": lambda text: "0x" + text[2:],
    "a low line": lambda text: text[:9] + "_" + text[10:],
    "other digits": lambda text: "１" + text[1:],
    "the field's size added to the identity": lambda _: f"{1 + 2**255 - 19:064x}",
    "nothing": lambda _: "",
}
SCALARS: dict[str, Callable[[str], str]] = {
    "a zero before": lambda text: "0" + text,
    "a sign": lambda text: "+" + text,
    "a minus": lambda text: "-" + text,
    "hexadecimal": lambda text: hex(int(text)),
    "a low line": lambda text: text[0] + "_" + text[1:],
    "other digits": lambda text: "٣" + text[1:],
    "a space": lambda text: text + " ",
    "the order added": lambda text: str(int(text) + Hand().q),
    "a hundred thousand digits": lambda text: text * 1400,
}


def sent(change: Callable[[dict[str, Any]], None]) -> Poll:
    """An open poll with one ballot whose answer was changed before it was signed."""
    poll = archives.open_poll()
    poll.events = poll.events[:1]
    made = poll.answers(poll.credentials[2], [[1, 0]])
    change(made[0].value)
    poll.cast(poll.ballot(poll.credentials[2], made), None)
    return poll


@pytest.mark.parametrize("form", ELEMENTS)
def test_x13_an_element_in_any_other_form_is_refused(form: str) -> None:
    def change(answer: dict[str, Any]) -> None:
        answer["choices"][0]["beta"] = ELEMENTS[form](answer["choices"][0]["beta"])

    refused_as_one_of(sent(change), {"B1", "B5"})


@pytest.mark.parametrize("form", SCALARS)
@pytest.mark.parametrize("name", ["challenge", "response"])
def test_x13_a_scalar_in_any_other_form_is_refused(form: str, name: str) -> None:
    def change(answer: dict[str, Any]) -> None:
        proof = answer["overall_proof"][0]
        proof[name] = SCALARS[form](proof[name])

    refused_as_one_of(sent(change), {"B1", "B5"})


def refused_as_one_of(poll: Poll, duties: set[str]) -> None:
    assert judges.ballots_at_acceptance(poll)[0] in duties
    for judge in judges.JUDGES:
        found = failed(judge, poll)
        assert found and found <= duties, judge


UNKNOWN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "in the answer": lambda answer: answer.update(note="x"),
    "in a choice": lambda answer: answer["choices"][0].update(note="<script>"),
    "in a proof": lambda answer: answer["overall_proof"][0].update(note=10**30),
    "a megabyte": lambda answer: answer.update(note="x" * 1_000_000),
    "a fraction": lambda answer: answer["choices"][0].update(note=1.5),
    "another order": lambda answer: answer.update(choices=answer.pop("choices")),
}


@pytest.mark.parametrize("where", UNKNOWN)
def test_x14_a_field_that_nobody_asked_for_is_refused(where: str) -> None:
    def change(answer: dict[str, Any]) -> None:
        UNKNOWN[where](answer)

    refused_as_one_of(sent(change), {"B1"})


@JUDGES
@pytest.mark.parametrize("deep", DEEP)
def test_x15_deep_nesting_is_refused_wherever_it_stands(deep: bytes, judge: str) -> None:
    for place, duty in enumerate(("E1", "E4", "E6")):
        poll = small()
        poll.events[0].bodies[place] = deep
        assert failed(judge, poll) == {duty}, duty
    for kind, duty in (("EncryptedTally", "T1"), ("PartialDecryption", "D2"), ("Result", "R1")):
        poll = small()
        poll.of(kind)[0].bodies[0] = deep
        assert failed(judge, poll) == {duty}, duty
    poll = archives.open_poll()
    poll.cast(deep, None)
    assert failed(judge, poll) == {"B1"}


@JUDGES
def test_g07_g08_another_group_or_numbers_of_ones_own_are_refused(judge: str) -> None:
    for group in ("Ed448", "", "BELENIOS-1024", {"p": "23", "q": "11", "g": "2"}, None):
        assert "E1" in failed(judge, Poll(Hand(), [approval()], 1, election={"group": group}))


@JUDGES
def test_b09_a_weight_in_another_form_is_refused(judge: str) -> None:
    for weight in ("-1", "+1", "01", "1.0", "1e3", "", "٣", "2,Member 17"):
        poll = Poll(Hand(), [approval()], 2, weights=[1, 1])
        listed = json.loads(poll.events[0].bodies[2])
        listed[0] = listed[0].partition(",")[0] + "," + weight
        poll.events[0].bodies[2] = compact(listed)
        assert failed(judge, poll) == {"E6"}, weight


@JUDGES
def test_b09_weights_count_and_others_than_stated_do_not(judge: str) -> None:
    poll = Poll(Hand(), [approval()], 2, weights=[3, 2**40])
    poll.vote(0, [1, 0])
    poll.vote(1, [0, 1])
    poll.close(numbers={"total_weight": 2})
    assert failed(judge, poll) == {"T2"}


@JUDGES
def test_l10_what_an_ordinary_program_would_write_or_read_is_refused(judge: str) -> None:
    events = archives.open_poll().events
    content = write(events)
    for forged in (
        content + bytes(512),
        content + bytes(1024),
        content[:-512],
        content[:-1],
        b"",
        content[512:],
    ):
        assert "A1" in judges.JUDGES[judge](Forged(forged)).failed
