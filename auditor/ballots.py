"""The ballots: form, signature, membership, proofs, repetitions, and their encrypted tally.

Duties done here: B1 to B6 for each ballot, in that order, stopping at the first that fails for this ballot (a
later one has no meaning without the earlier); B7 over all of them; T1 and T2 for their sum.

With a sample, B5 and B6 are done for the sampled ballots only; B1 to B4 and B7 are always done for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import auditor.forms as forms
from auditor.archive import Archive, Election, Event, Question, base64_hash, proof, sha256
from auditor.forms import Fault
from auditor.groups import Element, Group
from auditor.report import Report

Text2 = tuple[str, str]  # a ciphertext as its two strings
Cipher = tuple[Element, Element]  # and as its two elements
Tally = list[list[Text2]]  # per question, its ciphertexts as strings
Unit = TypeVar("Unit")
Found = TypeVar("Found")

CHUNK = 250


@dataclass(frozen=True)
class Ballot:
    """A ballot whose form is right: per question its ciphertexts as strings (one if it is ranked)."""

    credential: str
    signature_hash: str
    answers: tuple[tuple[Text2, ...], ...]


@dataclass(frozen=True)
class Read:
    """What came of one ballot: the ballot if its form is right, and the first duty that failed, if any."""

    ballot: Ballot | None
    duty: str = ""
    because: str = ""


def in_parallel(
    work: Callable[..., list[Found]], units: Sequence[Unit], processes: int, *shared: Any, size: int = CHUNK
) -> list[Found]:
    """`work(chunk, *shared)` for chunks of the units, over processes if there are many; results in order."""
    chunks = [units[start : start + size] for start in range(0, len(units), size)]
    if processes <= 1 or len(chunks) <= 1:
        return [found for chunk in chunks for found in work(chunk, *shared)]
    with ProcessPoolExecutor(processes) as pool:
        waiting = [pool.submit(work, chunk, *shared) for chunk in chunks]
        return [found for future in waiting for found in future.result()]


def check_ballots(
    election: Election, events: list[Event], sample: set[int] | None, processes: int, report: Report
) -> list[Ballot]:
    """B1 to B7. Gives the ballots that have the right form, in their order."""
    units = [
        (n, event.members[-1], sample is None or n in sample)
        for n, event in enumerate(events, 1)
        if event.members
    ]
    reads = in_parallel(read_ballots, units, processes, election)
    for (number, _, _), read in zip(units, reads, strict=True):
        if read.duty:
            report.failed(read.duty, f"ballot {number}: {read.because}")
    total = len(units)
    for duty, seen in (("B1", "canonical"), ("B2", "for this election"), ("B3", "listed"), ("B4", "signed")):
        report.passed(duty, f"{total:,} ballots {seen}")
    done = total if sample is None else len(sample)
    for duty, seen in (("B5", "members of the group"), ("B6", "proven")):
        report.passed(duty, f"{total:,} ballots {seen}")
        if done < total:
            report.left_out(duty, f"{done:,} of {total:,} ballots checked, all good; the rest left out")
    _check_repetitions(election, units, reads, report)
    return [read.ballot for read in reads if read.ballot]


def _check_repetitions(
    election: Election, units: list[tuple[int, bytes, bool]], reads: list[Read], report: Report
) -> None:
    """B7: the same bytes; the same signature hash of a credential; the same ciphertext by two."""
    bodies: dict[bytes, int] = {}
    signatures: dict[Text2, int] = {}
    alphas: dict[str, tuple[str, int]] = {}
    for (number, body, _), read in zip(units, reads, strict=True):
        first = bodies.setdefault(body, number)
        if first != number:
            report.failed("B7", f"ballot {number} is ballot {first} again")
            continue
        if not read.ballot:
            continue
        first = signatures.setdefault((read.ballot.credential, read.ballot.signature_hash), number)
        if first != number:
            report.failed(
                "B7", f"ballot {number} has the credential and the signature hash of ballot {first}"
            )
        for place in election.ranked:
            alpha = read.ballot.answers[place][0][0]
            owner, first = alphas.setdefault(alpha, (read.ballot.credential, number))
            if owner != read.ballot.credential:
                report.failed(
                    "B7", f"ballot {number} has a ciphertext part of ballot {first} by another credential"
                )
    report.passed("B7", f"{len(units):,} ballots, all different")


# ---------------------------------------------------------------- B1 to B6: one ballot


def read_ballots(units: Sequence[tuple[int, bytes, bool]], election: Election) -> list[Read]:
    """B1 to B6 for some ballots; the membership tests of all of them are done together."""
    opened = [_open(body, election, full) for _, body, full in units]
    elements = [
        element for _, _, pairs in opened for question in pairs for pair in question for element in pair
    ]
    outside = set(election.group.outsiders(elements)) if elements else set()
    reads, at = [], 0
    for read, fields, pairs in opened:
        count = 2 * sum(len(question) for question in pairs)
        if not read.duty and any(index in outside for index in range(at, at + count)):
            read = Read(read.ballot, "B5", "a ciphertext is not in the group")
        at += count
        reads.append(_prove(read, fields, pairs, election) if count and not read.duty else read)
    return reads


def _open(body: bytes, election: Election, full: bool) -> tuple[Read, Any, list[list[Cipher]]]:
    """B1 to B4, and the half of B5 that looks at strings; elements only if it is checked in full."""
    duty = "B1"
    ballot = None
    try:
        fields = _ballot_fields(body)
        ballot = _shape(fields, election)
        duty = "B2"
        if fields["election_uuid"] != election.uuid or fields["election_hash"] != election.phi:
            raise Fault("it names another election")
        duty = "B3"
        if ballot.credential not in election.credential_keys:
            raise Fault(f"the credential {forms.shown(ballot.credential, 16)} is not on the list")
        duty = "B4"
        _check_signature(fields, election)
        duty = "B5"
        return Read(ballot), fields, _elements(ballot, fields, election.group) if full else []
    except Fault as fault:
        return Read(ballot, duty, str(fault)), None, []
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return Read(ballot, duty, f"its form could not be checked ({type(error).__name__})"), None, []


def _ballot_fields(body: bytes) -> dict[str, Any]:
    order = ("election_uuid", "election_hash", "credential", "answers", "signature")
    fields = forms.record(forms.belenios(body, "the ballot"), "the ballot", *order)
    signature = forms.record(fields["signature"], "the signature", "hash", "proof")
    forms.text(signature["hash"], "the signature's hash")
    _proof_shape(signature["proof"])
    return fields


def _shape(fields: dict[str, Any], election: Election) -> Ballot:
    answers = forms.rows(fields["answers"], "the answers", len(election.questions))
    ciphers = tuple(
        _answer_shape(answer, question) for answer, question in zip(answers, election.questions, strict=True)
    )
    return Ballot(forms.text(fields["credential"], "the credential"), fields["signature"]["hash"], ciphers)


def _answer_shape(answer: Any, question: Question) -> tuple[Text2, ...]:
    if question.ranked:
        fields = forms.record(answer, "a ranked answer", "choices", "proof")
        _proof_shape(fields["proof"])
        return (_cipher_shape(fields["choices"]),)
    fields = forms.record(answer, "an answer", "choices", "individual_proofs", "overall_proof")
    for pair in forms.rows(fields["individual_proofs"], "the individual proofs", len(question.answers)):
        for one in forms.rows(pair, "an individual proof", 2):
            _proof_shape(one)
    for one in forms.rows(fields["overall_proof"], "the overall proof", question.high - question.low + 1):
        _proof_shape(one)
    choices = forms.rows(fields["choices"], "the choices", len(question.answers))
    return tuple(_cipher_shape(choice) for choice in choices)


def _cipher_shape(value: Any) -> Text2:
    fields = forms.record(value, "a ciphertext", "alpha", "beta")
    return forms.text(fields["alpha"], "a ciphertext"), forms.text(fields["beta"], "a ciphertext")


def _proof_shape(value: Any) -> None:
    fields = forms.record(value, "a proof", "challenge", "response")
    forms.text(fields["challenge"], "a challenge")
    forms.text(fields["response"], "a response")


def _check_signature(fields: dict[str, Any], election: Election) -> None:
    """The hash is of the ballot without its last field; the proof is Schnorr's, for the credential."""
    unsigned = {name: value for name, value in fields.items() if name != "signature"}
    claimed = fields["signature"]["hash"]
    if base64_hash(forms.encode_belenios(unsigned)) != claimed:
        raise Fault("the signature's hash is not that of the ballot")
    group = election.group
    challenge, response = proof(fields["signature"]["proof"], group, "the signature")
    key = election.credential_keys[fields["credential"]]
    commitment = group.multiply(group.fixed(group.g, response), group.power(key, challenge))
    if group.challenge(f"sig|{claimed}|", [commitment]) != challenge:
        raise Fault("the signature is not the credential's")


def _elements(ballot: Ballot, fields: dict[str, Any], group: Group) -> list[list[Cipher]]:
    """B5 without the membership test: canonical strings, no identity as alpha, numbers below q."""
    for answer in fields["answers"]:
        listed = answer.get("individual_proofs", [])
        for one in [
            *(one for pair in listed for one in pair),
            *answer.get("overall_proof", []),
            answer.get("proof"),
        ]:
            if one is not None:
                proof(one, group, "a proof")
    pairs = [
        [(group.parse(alpha), group.parse(beta)) for alpha, beta in question] for question in ballot.answers
    ]
    if any(group.same(alpha, group.one) for question in pairs for alpha, _ in question):
        raise Fault("a ciphertext's alpha is the identity, so that everyone can read it")
    return pairs


def _prove(read: Read, fields: dict[str, Any], pairs: list[list[Cipher]], election: Election) -> Read:
    """B6."""
    credential = fields["credential"]
    context = f"{election.phi}|{credential}"
    try:
        for question, answer, ciphers, strings in zip(
            election.questions,
            fields["answers"],
            pairs,
            read.ballot.answers if read.ballot else (),
            strict=True,
        ):
            if question.ranked:
                _prove_ranked(answer, ciphers[0], strings[0], context, election)
            else:
                _prove_choices(question, answer, ciphers, strings, context, election)
    except Fault as fault:
        return Read(read.ballot, "B6", str(fault))
    return read


def _prove_ranked(answer: Any, cipher: Cipher, strings: Text2, context: str, election: Election) -> None:
    """The voter knows the randomness of the ciphertext: alpha = g**r."""
    group = election.group
    challenge, response = proof(answer["proof"], group, "a proof")
    commitment = group.multiply(group.fixed(group.g, response), group.power(cipher[0], challenge))
    if (
        group.challenge(f"raweg|{context}|{election.key_text},{strings[0]},{strings[1]}|", [commitment])
        != challenge
    ):
        raise Fault("the proof of a ranked answer is wrong")


def _prove_choices(
    question: Question,
    answer: Any,
    ciphers: list[Cipher],
    strings: tuple[Text2, ...],
    context: str,
    election: Election,
) -> None:
    """Each choice is 0 or 1, and together they are between least and most."""
    group = election.group
    for number, (cipher, pair) in enumerate(zip(ciphers, strings, strict=True), 1):
        one_of_two = answer["individual_proofs"][number - 1]
        if not _encrypts_one_of(cipher, pair, (0, 1), one_of_two, context, election):
            raise Fault(f"the proof that choice {number} is 0 or 1 is wrong")
    total = (group.product([a for a, _ in ciphers]), group.product([b for _, b in ciphers]))
    alpha, beta = group.texts(list(total))
    context += "|" + ",".join(f"{a},{b}" for a, b in strings)
    allowed = tuple(range(question.low, question.high + 1))
    if not _encrypts_one_of(total, (alpha, beta), allowed, answer["overall_proof"], context, election):
        raise Fault("the proof of the number of choices is wrong")


def _encrypts_one_of(
    cipher: Cipher, strings: Text2, allowed: tuple[int, ...], proofs: Any, context: str, election: Election
) -> bool:
    """Commitments A = g**r a**c and B = y**r (b / g**m)**c for each m; challenges sum to the hash."""
    group = election.group
    scalars = [proof(one, group, "a proof") for one in proofs]
    powers_a = group.powers(cipher[0], [challenge for challenge, _ in scalars])
    powers_b = group.powers(cipher[1], [challenge for challenge, _ in scalars])
    commitments = []
    for (challenge, response), of_a, of_b, m in zip(scalars, powers_a, powers_b, allowed, strict=True):
        commitments.append(group.multiply(group.fixed(group.g, response), of_a))
        b = group.multiply(group.fixed(election.key, response), of_b)
        commitments.append(group.multiply(b, group.fixed(group.g, -m * challenge)) if m else b)
    expected = group.challenge(f"prove|{context}|{strings[0]},{strings[1]}|", commitments)
    return sum(challenge for challenge, _ in scalars) % group.q == expected


# ---------------------------------------------------------------- T1, T2: the encrypted tally


def check_encrypted_tally(
    election: Election, archive: Archive, last: dict[str, Ballot], weight: int, report: Report
) -> Tally | None:
    """T1 and T2. Gives the tally as recomputed, so that a wrong one published does not blame trustees."""
    members = archive.of_type("EncryptedTally")[0].members
    if len(members) != 2:
        return None  # A2 says so
    tally: Tally | None = None
    with report.duty("T1", "the encrypted tally"):
        tally = [
            _sorted_ciphers(election, place, last) if question.ranked else _sums(election, place, last)
            for place, question in enumerate(election.questions)
        ]
        published = forms.rows(
            forms.belenios(members[0], "the encrypted tally"), "the tally", len(election.questions)
        )
        for place, row in enumerate(published):
            if tally[place] != [read_cipher(one) for one in forms.rows(row, "a row of the tally")]:
                report.failed("T1", f"the tally of question {place + 1} is not that of the ballots")
        report.passed("T1", f"recomputed from {len(last):,} credentials that voted")
    with report.duty("T2", "the numbers beside the tally"):
        order = ("num_tallied", "total_weight", "encrypted_tally")
        sized = forms.record(forms.belenios(members[1], "the tally's numbers"), "the tally's numbers", *order)
        if forms.whole(sized["num_tallied"], "num_tallied") != len(last):
            raise Fault(f"num_tallied is {sized['num_tallied']}, but {len(last)} credentials voted")
        if forms.large_number(sized["total_weight"], "total_weight") != weight:
            raise Fault(f"total_weight is {forms.shown(sized['total_weight'])}, but the votes weigh {weight}")
        if sized["encrypted_tally"] != sha256(members[0]):
            raise Fault("the tally's hash is not the one beside it")
        report.passed("T2", f"{len(last):,} credentials of total weight {weight:,}")
    return tally


def read_cipher(value: Any) -> Text2:
    fields = forms.record(value, "a ciphertext", "alpha", "beta")
    return forms.text(fields["alpha"], "a ciphertext"), forms.text(fields["beta"], "a ciphertext")


def _sorted_ciphers(election: Election, place: int, last: dict[str, Ballot]) -> list[Text2]:
    key = election.group.order_key
    ciphers = [ballot.answers[place][0] for ballot in last.values()]
    return sorted(ciphers, key=lambda cipher: (key(cipher[0]), key(cipher[1])))


def _sums(election: Election, place: int, last: dict[str, Ballot]) -> list[Text2]:
    """Per answer the product of the ciphertexts, each to the power of its weight."""
    group = election.group
    sums: list[Cipher] = []
    for answer in range(len(election.questions[place].answers)):
        alphas, betas = [], []
        for credential, ballot in last.items():
            weight = election.weights[credential]
            alpha, beta = (group.parse(text) for text in ballot.answers[place][answer])
            alphas.append(alpha if weight == 1 else group.power(alpha, weight))
            betas.append(beta if weight == 1 else group.power(beta, weight))
        sums.append((group.product(alphas), group.product(betas)))
    texts = group.texts([element for cipher in sums for element in cipher])
    return list(zip(texts[::2], texts[1::2], strict=True))
