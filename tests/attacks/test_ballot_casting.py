"""What electors can send. Each forged ballot is signed anew, so that the signature does not give it away.

Each is refused twice: on acceptance, and in an archive that a server wrote with it. Test name = row id.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.ballot import forge
from tests.ballot.forge import BELENIOS, RFC_3526, Field, Parts, Step
from tests.ballot.own import CHAIR, COMMITTEE, UUID, Own

from selectorate.ballot.acceptance import Acceptance
from selectorate.ballot.check import check_archive

ROOT = Path(__file__).resolve().parents[2] / "vectors" / "ballot" / "elections"
Change = Callable[[Any], Any]


@dataclass
class Poll:
    """An open poll in a finite-field group, with the secrets of its electors."""

    place: Path
    group: Field

    def __post_init__(self) -> None:
        votes = json.loads((self.place.parent / "votes.json").read_bytes())
        parts = forge.take_apart(self.place.read_bytes())
        self.timestamp = parts.timestamp
        self.setup = parts.steps[0]
        self.ballots = [step.content[0] for step in parts.of("Ballot")]
        uuid = self.place.stem
        self.secrets = [forge.secret_of(uuid, vote["credential"], self.group) for vote in votes]
        self.acceptance = Acceptance(*self.setup.content[:3])

    def ballot(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ballots[number])
        return found

    def forged(self, number: int, change: Change) -> bytes:
        ballot = self.ballot(number)
        change(ballot["answers"][0])
        return forge.sign(ballot, self.secrets[number], self.group)

    def refused(self, hostile: bytes, before: tuple[bytes, ...] = (), also: tuple[str, ...] = ()) -> str:
        """The duty at which both doors refuse it; also: what the archive fails besides."""
        acceptance = Acceptance(*self.setup.content[:3], before) if before else self.acceptance
        (verdict,) = acceptance.judge((hostile,))
        parts = Parts(
            self.timestamp, [self.setup, *(Step("Ballot", [ballot]) for ballot in (*before, hostile))]
        )
        checks, verified = check_archive(forge.put_together(parts), self.place.stem)
        failed = [check for check in checks if check.verdict == "failed"]
        assert verified is None
        assert [check.duty for check in failed] == [verdict.duty, *also]
        assert verdict.tracker in failed[0].because
        return verdict.duty


@pytest.fixture(scope="module")
def chosen() -> Iterator[Poll]:
    """Homomorphic questions, BELENIOS-2048."""
    yield Poll(forge.archive_file(ROOT / "v1a-ff-a-h-3trustees-weights"), BELENIOS)


@pytest.fixture(scope="module")
def ranked() -> Iterator[Poll]:
    """A ranked question, RFC-3526-2048."""
    yield Poll(forge.archive_file(ROOT / "v1a-ff-c-nh-30-ranked"), RFC_3526)


def test_the_kit_signs_as_the_electors_do(chosen: Poll, ranked: Poll) -> None:
    for poll in (chosen, ranked):
        resigned = poll.forged(0, lambda answer: None)
        assert poll.acceptance.judge((resigned, poll.ballots[1]))[0].accepted


def alpha(form: Callable[[int, Field], str], group: Field) -> Change:
    def change(answer: Any) -> None:
        choice = answer["choices"][0] if isinstance(answer["choices"], list) else answer["choices"]
        choice["alpha"] = form(int(choice["alpha"]), group)

    return change


ELEMENTS: dict[str, Callable[[int, Field], str]] = {
    "G01 x plus p": lambda x, f: str(x + f.p),
    "G01 x minus p": lambda x, f: str(x - f.p),
    "G01 and G02 p minus x": lambda x, f: str(f.p - x),
    "G01 zero": lambda x, f: "0",
    "G01 p": lambda x, f: str(f.p),
    "G04 the identity": lambda x, f: "1",
    "X13 hexadecimal": lambda x, f: hex(x),
    "X13 octal": lambda x, f: oct(x),
    "X13 a plus sign": lambda x, f: f"+{x}",
    "X13 a zero before it": lambda x, f: f"0{x}",
    "X13 an underscore": lambda x, f: f"{str(x)[:3]}_{str(x)[3:]}",
    "X13 a blank": lambda x, f: f" {x}",
    "X13 a line end": lambda x, f: f"{x}\n",
    "G11 full width": lambda x, f: str(x)[:-1] + chr(0xFF10 + x % 10),
    "G11 Arabic": lambda x, f: str(x)[:-1] + chr(0x660 + x % 10),
    "empty": lambda x, f: "",
}


@pytest.mark.parametrize("form", ELEMENTS)
def test_G01_G02_G04_G11_X13_an_element_in_another_form_or_outside_the_group_is_refused(
    chosen: Poll, ranked: Poll, form: str
) -> None:
    for poll in (chosen, ranked):
        assert poll.refused(poll.forged(0, alpha(ELEMENTS[form], poll.group))) == "B5"


def test_X13_a_hundred_thousand_zeros_are_refused_before_they_are_read(chosen: Poll, ranked: Poll) -> None:
    for poll in (chosen, ranked):
        zeros = poll.forged(0, alpha(lambda x, f: "0" * 100_000 + str(x), poll.group))
        assert poll.refused(zeros) == "B1"


def test_G04_a_ciphertext_that_hides_nothing_is_refused(chosen: Poll) -> None:
    def open_vote(answer: Any) -> None:
        answer["choices"][0] = {"alpha": "1", "beta": str(chosen.group.g)}

    assert chosen.refused(chosen.forged(0, open_vote)) == "B5"


SCALARS: dict[str, Callable[[int, Field], str]] = {
    "G10 plus q": lambda s, f: str(s + f.q),
    "G10 minus q": lambda s, f: str(s - f.q),
    "G10 q": lambda s, f: str(f.q),
    "G10 negative": lambda s, f: f"-{s}",
    "X13 hexadecimal": lambda s, f: hex(s),
    "X13 a zero before it": lambda s, f: f"0{s}",
    "X13 a plus sign": lambda s, f: f"+{s}",
}


def proofs_of(answer: Any) -> dict[str, str]:
    found: dict[str, str] = (
        answer["individual_proofs"][0][0] if "individual_proofs" in answer else answer["proof"]
    )
    return found


@pytest.mark.parametrize("name", ["challenge", "response"])
@pytest.mark.parametrize("form", SCALARS)
def test_G10_X13_P04_a_scalar_in_another_form_or_out_of_range_is_refused(
    chosen: Poll, ranked: Poll, form: str, name: str
) -> None:
    for poll in (chosen, ranked):

        def change(answer: Any, poll: Poll = poll) -> None:
            proof = proofs_of(answer)
            proof[name] = SCALARS[form](int(proof[name]), poll.group)

        assert poll.refused(poll.forged(0, change)) == "B5"


def test_P02_proofs_with_zero_challenges_are_refused(chosen: Poll, ranked: Poll) -> None:
    zero = {"challenge": "0", "response": "0"}
    for poll in (chosen, ranked):
        assert poll.refused(poll.forged(0, lambda answer: proofs_of(answer).update(zero))) == "B6"


PROOF_LISTS: dict[str, tuple[Change, str]] = {
    "P03 branches swapped": (lambda a: a["individual_proofs"][0].reverse(), "B6"),
    "P03 proofs of two answers swapped": (lambda a: a["individual_proofs"].reverse(), "B6"),
    "P03 one branch less": (lambda a: a["individual_proofs"][0].pop(), "B1"),
    "P03 one branch more": (lambda a: a["individual_proofs"][0].append(a["individual_proofs"][0][0]), "B1"),
    "P03 one proof less": (lambda a: a["individual_proofs"].pop(), "B1"),
    "P03 one proof more": (lambda a: a["individual_proofs"].append(a["individual_proofs"][0]), "B1"),
    "P03 no overall proof": (lambda a: a.update(overall_proof=[]), "B1"),
    "P03 overall proof too long": (lambda a: a["overall_proof"].append(a["overall_proof"][0]), "B1"),
    "P03 an individual as overall proof": (
        lambda a: a.update(overall_proof=a["individual_proofs"][0][:1]),
        "B6",
    ),
    "B10 one choice less": (lambda a: a["choices"].pop(), "B1"),
    "B10 one choice more": (lambda a: a["choices"].append(a["choices"][0]), "B1"),
    "B10 a thousand choices": (lambda a: a.update(choices=a["choices"] * 1000), "B1"),
    "P05 choices of two answers swapped": (lambda a: a["choices"].reverse(), "B6"),
    "P05 one choice twice": (lambda a: a["choices"].__setitem__(1, a["choices"][0]), "B6"),
    "X14 a blank proof": (lambda a: a.update(blank_proof=a["individual_proofs"][0]), "B1"),
}


@pytest.mark.parametrize("change", PROOF_LISTS)
def test_P03_P05_B10_lists_of_another_length_or_order_are_refused(chosen: Poll, change: str) -> None:
    how, duty = PROOF_LISTS[change]
    assert chosen.refused(chosen.forged(0, how)) == duty


@pytest.mark.parametrize("value", [-1, 2, 3, 5])
def test_P05_more_or_less_than_one_vote_in_a_choice_is_refused(chosen: Poll, value: int) -> None:
    group = chosen.group

    def change(answer: Any) -> None:  # an encryption of 0 or 1, moved by `value`, with the honest proofs
        beta = int(answer["choices"][0]["beta"])
        answer["choices"][0]["beta"] = str(beta * pow(group.g, value % group.q, group.p) % group.p)

    assert chosen.refused(chosen.forged(0, change)) == "B6"


def test_P05_valid_choices_that_break_the_maximum_are_refused() -> None:
    """Choices and their own proofs are taken from two honest ballots of one elector: each is 0 or 1."""
    own = Own.opened("BELENIOS-2048", (CHAIR, COMMITTEE), (1,))
    first, second = (
        json.loads(ballot)
        for ballot in own.ballots([(0, ((1, 0, 0), (0, 0, 0, 0))), (0, ((0, 1, 0), (0, 0, 0, 0)))])
    )
    mixed = copy.deepcopy(first)
    for part in ("choices", "individual_proofs"):
        mixed["answers"][0][part][1] = second["answers"][0][part][1]
    secret = forge.secret_of(UUID, own.secrets[0])
    acceptance = Acceptance(own.setup.election, own.setup.trustees, own.setup.credentials)
    hostile = forge.sign(mixed, secret)
    assert [verdict.duty for verdict in acceptance.judge((forge.sign(first, secret), hostile))] == ["", "B6"]
    assert "overall" in acceptance.judge((hostile,))[0].reason


def test_B01_answers_copied_from_another_elector_are_refused(chosen: Poll, ranked: Poll) -> None:
    for poll in (chosen, ranked):
        stolen = poll.ballot(1) | {"answers": poll.ballot(0)["answers"]}
        assert poll.refused(forge.sign(stolen, poll.secrets[1], poll.group)) == "B6"


def test_B01_a_ballot_under_another_credential_is_refused(chosen: Poll) -> None:
    stolen = chosen.ballot(0) | {"credential": chosen.ballot(1)["credential"]}
    # The proofs name the credential they were made for, so they fail beside the signature.
    assert chosen.refused(forge.canonical(stolen), also=("B6",)) == "B4"
    assert chosen.refused(forge.sign(stolen, chosen.secrets[0]), also=("B6",)) == "B4"


def test_M06_a_ciphertext_shared_by_two_electors_is_refused_even_with_right_proofs(ranked: Poll) -> None:
    """Two electors who agree on the randomness can both prove it; the alpha they share gives them away."""
    group = ranked.group
    key = int(json.loads(ranked.setup.content[0])["public_key"])
    randomness = 987654321
    shared = []
    for number in (0, 1):
        ballot = ranked.ballot(number)
        choice = {
            "alpha": str(pow(group.g, randomness, group.p)),
            "beta": str(pow(key, randomness, group.p) * pow(group.g, 7 + number, group.p) % group.p),
        }
        context = f"{ballot['election_hash']}|{ballot['credential']}|{key},{choice['alpha']},{choice['beta']}"
        nonce = 1234567
        challenge = group.hashed(f"raweg|{context}|{pow(group.g, nonce, group.p)}")
        proof = {"challenge": str(challenge), "response": str((nonce - randomness * challenge) % group.q)}
        ballot["answers"] = [{"choices": choice, "proof": proof}]
        shared.append(forge.sign(ballot, ranked.secrets[number], group))
    assert ranked.acceptance.judge((shared[0],))[0].accepted
    assert ranked.refused(shared[1], before=(shared[0],)) == "B7"


@pytest.mark.parametrize(("field", "duty"), [("election_uuid", "B2"), ("election_hash", "B2")])
def test_B02_a_ballot_of_another_election_is_refused(chosen: Poll, field: str, duty: str) -> None:
    other = {"election_uuid": "ujp2hZuNFPubD8", "election_hash": forge.short(b"another")}[field]
    assert chosen.refused(forge.sign(chosen.ballot(0) | {field: other}, chosen.secrets[0])) == duty


def test_B02_the_ballot_of_another_poll_is_refused(chosen: Poll, ranked: Poll) -> None:
    assert chosen.refused(ranked.ballots[0]) in ("B1", "B2")
    assert ranked.refused(chosen.ballots[0]) in ("B1", "B2")


def test_X04_the_same_bytes_twice_are_refused(chosen: Poll, ranked: Poll) -> None:
    for poll in (chosen, ranked):
        assert poll.refused(poll.ballots[0], before=(poll.ballots[0],)) == "B7"
        assert poll.refused(poll.ballots[0], before=(poll.ballots[0], poll.ballots[1])) == "B7"


def test_X04_the_same_answers_signed_again_are_refused(chosen: Poll) -> None:
    again = chosen.forged(0, lambda answer: None)
    assert again != chosen.ballots[0]
    assert chosen.refused(again, before=(chosen.ballots[0],)) == "B7"


def test_X10_a_credential_that_is_not_on_the_list_is_refused(chosen: Poll) -> None:
    group = chosen.group
    for secret in (0, 1, 5):
        ballot = chosen.ballot(0) | {"credential": str(pow(group.g, secret, group.p))}
        assert chosen.refused(forge.sign(ballot, secret), also=("B6",)) == "B3"


SIGNATURES: dict[str, Change] = {
    "another hash": lambda b: b["signature"].update(hash=forge.short(b"x")),
    "padded hash": lambda b: b["signature"].update(hash=b["signature"]["hash"] + "="),
    "zero proof": lambda b: b["signature"]["proof"].update(challenge="0", response="0"),
    "another response": lambda b: b["signature"]["proof"].update(response="1"),
}


@pytest.mark.parametrize("change", SIGNATURES)
def test_P02_B04_a_wrong_signature_is_refused(chosen: Poll, change: str) -> None:
    ballot = chosen.ballot(0)
    SIGNATURES[change](ballot)
    assert chosen.refused(forge.canonical(ballot)) == "B4"


UNKNOWN: dict[str, Change] = {
    "a note in the answer": lambda b: b["answers"][0].update(note="x"),
    "a note in a choice": lambda b: b["answers"][0]["choices"][0].update(note="<script>"),
    "a note in a proof": lambda b: b["answers"][0]["individual_proofs"][0][0].update(note=1),
    "a note in the ballot": lambda b: b.update(note="x"),
    "a large number": lambda b: b.update(note=10**1000),
    "a fraction": lambda b: b["answers"][0].update(note=1.5),
    "nothing": lambda b: b.pop("answers"),
    "a text for a list": lambda b: b.update(answers="x"),
    "a number for an element": lambda b: b["answers"][0]["choices"][0].update(alpha=5),
    "null for a proof": lambda b: b["answers"][0].update(overall_proof=None),
    "an answer less": lambda b: b["answers"].pop(),
    "an answer more": lambda b: b["answers"].append(b["answers"][0]),
    "fields of a choice in another order": lambda b: b["answers"][0]["choices"].__setitem__(
        0, dict(reversed(b["answers"][0]["choices"][0].items()))
    ),
}


@pytest.mark.parametrize("change", UNKNOWN)
def test_X14_unknown_missing_or_misplaced_fields_are_refused(chosen: Poll, change: str) -> None:
    ballot = chosen.ballot(0)
    UNKNOWN[change](ballot)
    assert chosen.refused(forge.sign(ballot, chosen.secrets[0])) == "B1"


def test_X14_fields_in_another_order_are_refused(chosen: Poll) -> None:
    ballot = dict(reversed(chosen.ballot(0).items()))
    assert chosen.refused(forge.canonical(ballot)) == "B1"


def test_X14_a_megabyte_of_text_is_refused_before_it_is_read(chosen: Poll) -> None:
    ballot = chosen.ballot(0)
    ballot["answers"][0]["note"] = "x" * 2**20
    assert chosen.refused(forge.sign(ballot, chosen.secrets[0])) == "B1"


def among_answers(inserted: bytes) -> Callable[[bytes], bytes]:
    return lambda body: body.replace(b'"answers":[', b'"answers":[' + inserted, 1)


UUID_FIELD = b'{"election_uuid"'
FORMS: dict[str, Callable[[bytes], bytes]] = {
    "a blank at the end": lambda body: body + b" ",
    "a line end": lambda body: body + b"\n",
    "a blank inside": lambda body: body.replace(b",", b", ", 1),
    "byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "a zero byte": lambda body: body + b"\0",
    "a field twice": lambda body: body.replace(UUID_FIELD, UUID_FIELD + b':"x",' + UUID_FIELD[1:], 1),
    "a field twice inside": lambda body: body.replace(b'{"alpha"', b'{"alpha":"1","alpha"', 1),
    "NaN": among_answers(b"NaN,"),
    "Infinity": among_answers(b"-Infinity,"),
    "1.0": among_answers(b"1.0,"),
    "1e3": among_answers(b"1e3,"),
    "half a surrogate": among_answers(b'"\\ud800",'),
    "an escape that is not needed": lambda body: body.replace(b'"alpha"', b'"\\u0061lpha"', 1),
    "ten thousand digits": among_answers(b"9" * 10_000 + b","),
    "not UTF-8": among_answers(b'"\xff",'),
    "cut": lambda body: body[:-1],
    "X15 a hundred thousand lists": lambda body: b"[" * 100_000,
    "X15 lists inside": among_answers(b"[" * 3000 + b"]" * 3000 + b","),
}


@pytest.mark.parametrize("form", FORMS)
def test_B11_X15_other_forms_of_json_are_refused(chosen: Poll, ranked: Poll, form: str) -> None:
    for poll in (chosen, ranked):
        assert poll.refused(FORMS[form](poll.ballots[0])) == "B1"
