"""The ballots: form, signature, membership, proofs, repetitions; and their encrypted tally.

Duties done here: B1 to B6 for each ballot, each judged for itself as far as it can be (nothing without B1; B6
only where B5 holds), and B7 over all of them; T1 and T2 for their sum.

With a sample, B5 and B6 are done for the sampled ballots only; B1 to B4 and B7 are always done for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import auditor.forms as forms
from auditor.archive import Archive, Election, Event, Question, base64_hash, sha256
from auditor.forms import SMALL, Fault, Report, Waits, knows, proof
from auditor.groups import Element, Group, in_parallel
from auditor.trustees import Rows

Text2 = tuple[str, str]  # a ciphertext as its two strings
Cipher = tuple[Element, Element]  # and as its two elements
Row = list[tuple[Cipher, Text2]]  # the ciphertexts of one answer
Unit = tuple[int, bytes, bool]  # a ballot's number, its bytes, whether its costly duties are to be done


@dataclass(frozen=True)
class Ballot:
    """A ballot whose form is right: per question its ciphertexts as strings, in a row."""

    credential: str
    signature_hash: str
    answers: tuple[tuple[Text2, ...], ...]


@dataclass
class Read:
    """What came of one ballot. `failed` and `waits`: a duty, and the reason or the duty that it waits for."""

    ballot: Ballot | None = None
    failed: list[tuple[str, str]] = field(default_factory=list)
    waits: list[tuple[str, str]] = field(default_factory=list)
    fields: Any = None
    rows: list[Row] = field(default_factory=list)
    others: list[Element] = field(default_factory=list)  # elements that are no part of a ciphertext

    def attempt(self, duty: str, work: Callable[[], None]) -> bool:
        try:
            work()
            return True
        except Fault as fault:
            self.failed.append((duty, str(fault)))
        except Waits as reason:
            self.waits.append((duty, str(reason)))
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            self.failed.append((duty, f"its form could not be checked ({type(error).__name__})"))
        return False

    @property
    def readable(self) -> Ballot | None:
        """The ballot if B1 and B5 hold: then it counts."""
        return None if any(duty in ("B1", "B5") for duty, _ in self.failed + self.waits) else self.ballot


def check_ballots(
    election: Election, events: list[Event], sample: set[int] | None, processes: int, report: Report
) -> list[Ballot]:
    """B1 to B7. Gives the ballots that can be read, in their order."""
    units: list[Unit] = [
        (number, event.members[0], sample is None or number in sample)
        for number, event in enumerate(events, 1)
        if len(event.members) == 1
    ]
    if len(units) < len(events):
        for number in range(1, 8):
            report.waits(f"B{number}", "A2")
    reads = in_parallel(read_ballots, units, processes, election)
    for (number, _, _), read in zip(units, reads, strict=True):
        for duty, because in read.failed:
            report.failed(duty, f"ballot {number}: {because}")
        for duty, cause in read.waits:
            report.waits(duty, cause)
    total = len(units)
    for duty, seen in (("B1", "canonical"), ("B2", "for this election"), ("B3", "listed"), ("B4", "signed")):
        report.passed(duty, f"{total:,} ballots {seen}")
    done = total if sample is None else len(sample)
    for duty, seen in (("B5", "members of the group"), ("B6", "proven")):
        report.passed(duty, f"{total:,} ballots {seen}")
        if done < total:
            report.left_out(duty, f"{done:,} of {total:,} ballots checked, all good; the rest left out")
    _check_repetitions(election, units, reads, report)
    return [read.readable for read in reads if read.readable]


def _check_repetitions(election: Election, units: list[Unit], reads: list[Read], report: Report) -> None:
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


# ---------------------------------------------------------------- B1 to B5: one ballot


def read_ballots(units: Sequence[Unit], election: Election) -> list[Read]:
    """B1 to B6 for some ballots; the membership tests of all of them are done together."""
    reads = [_read(body, election, full) for _, body, full in units]
    elements: list[Element] = []
    owners: list[Read] = []
    for read in reads:
        own = [element for row in read.rows for cipher, _ in row for element in cipher] + read.others
        elements += own
        owners += [read] * len(own)
    for index in election.group.outsiders(elements) if elements else ():
        if owners[index].readable:
            owners[index].failed.append(("B5", "an element is not in the group"))
    for read, (_, _, full) in zip(reads, units, strict=True):
        if read.readable and full:
            read.attempt("B6", lambda read=read: _check_proofs(read, election))  # type: ignore[misc]
        elif read.ballot and not read.readable:
            read.waits.append(("B6", "B5"))
        read.fields, read.rows, read.others = None, [], []  # they need not travel between processes
    return reads


def _read(body: bytes, election: Election, full: bool) -> Read:
    """B1 to B4, and B5 but for the membership test; elements only if it is checked in full."""
    read = Read()
    if not read.attempt("B1", lambda: _shape(read, body, election)):
        read.waits += [(f"B{number}", "B1") for number in range(2, 7)]
        return read
    read.attempt("B2", lambda: _names_election(read.fields, election))
    read.attempt("B3", lambda: _is_listed(read.fields, election))
    read.attempt("B4", lambda: _is_signed(read.fields, election))
    read.attempt("B5", lambda: _in_range(read, election, full))
    return read


def _longest(election: Election) -> int:
    """The most bytes that a ballot can have."""
    number = len(str(getattr(election.group, "p", 0))) + 64
    pairs = 2 + sum(6 * question.width + 3 + question.high for question in election.questions)
    return 1000 + 2 * pairs * (number + 30)


def _shape(read: Read, body: bytes, election: Election) -> None:
    """B1: the fields and lengths that the questions require. Strings are only looked at in B5."""
    order = ("election_uuid", "election_hash", "credential", "answers", "signature")
    value = forms.belenios(body, "the ballot", _longest(election))
    fields = read.fields = forms.record(value, "the ballot", *order)
    for name in order[:3]:
        forms.text(fields[name], f"the ballot's {name}")
    signature = forms.record(fields["signature"], "the signature", "hash", "proof")
    forms.text(signature["hash"], "the signature's hash")
    _proof_shape(signature["proof"])
    answers = forms.rows(fields["answers"], "the answers", len(election.questions))
    ciphers = tuple(
        _answer_shape(answer, question) for answer, question in zip(answers, election.questions, strict=True)
    )
    read.ballot = Ballot(fields["credential"], signature["hash"], ciphers)


def _answer_shape(answer: Any, question: Question) -> tuple[Text2, ...]:
    what = f"the answer to {forms.shown(question.text)!r}"
    if question.ranked:
        fields = forms.record(answer, what, "choices", "proof")
        _proof_shape(fields["proof"])
        return (read_cipher(fields["choices"]),)
    names = ["choices", "individual_proofs", "overall_proof"]
    names += ["blank_proof"] if question.blank else []
    names += ["list_proofs", "nonzero_proof"] if question.kind == "lists" else []
    fields = forms.record(answer, what, *names)
    for pair in question.row(fields["individual_proofs"], "the individual proofs"):
        _pair_shape(pair)
    if question.kind == "lists":
        _proof_shape(fields["overall_proof"])
        for pair in forms.rows(fields["list_proofs"], "the list proofs", len(question.lists)):
            _pair_shape(pair)
        order = ("commitment", "challenge", "response")
        nonzero = forms.record(fields["nonzero_proof"], "the proof of a candidate", *order)
        for one in (nonzero["commitment"], nonzero["challenge"], *_pair(nonzero["response"])):
            forms.text(one, "a part of the proof of a candidate")
    else:
        allowed = question.high - question.low + 1 + question.blank
        for one in forms.rows(fields["overall_proof"], "the overall proof", allowed):
            _proof_shape(one)
        if question.blank:
            _pair_shape(fields["blank_proof"])
    return tuple(read_cipher(choice) for choice in question.row(fields["choices"], "the choices"))


def read_cipher(value: Any) -> Text2:
    fields = forms.record(value, "a ciphertext", "alpha", "beta")
    return forms.text(fields["alpha"], "a ciphertext"), forms.text(fields["beta"], "a ciphertext")


def _pair(value: Any) -> list[Any]:
    return forms.rows(value, "a pair", 2)


def _pair_shape(value: Any) -> None:
    for one in _pair(value):
        _proof_shape(one)


def _proof_shape(value: Any) -> None:
    fields = forms.record(value, "a proof", "challenge", "response")
    forms.text(fields["challenge"], "a challenge")
    forms.text(fields["response"], "a response")


def _names_election(fields: dict[str, Any], election: Election) -> None:
    """B2."""
    if fields["election_uuid"] != election.uuid or fields["election_hash"] != election.phi:
        raise Fault("it names another election")


def _is_listed(fields: dict[str, Any], election: Election) -> None:
    """B3."""
    if fields["credential"] not in election.credential_keys:
        raise Fault(f"the credential {forms.shown(fields['credential'], 16)} is not on the list")


def _is_signed(fields: dict[str, Any], election: Election) -> None:
    """B4: the hash is of the ballot without its last field; the proof is Schnorr's, for the credential."""
    unsigned = {name: value for name, value in fields.items() if name != "signature"}
    claimed = fields["signature"]["hash"]
    if base64_hash(forms.encode_belenios(unsigned)) != claimed:
        raise Fault("the signature's hash is not that of the ballot")
    group = election.group
    key = election.credential_keys.get(fields["credential"])
    try:
        key = key or group.parse(fields["credential"])
    except Fault:
        raise Waits("B3") from None
    try:
        given = proof(fields["signature"]["proof"], group, "the signature")
    except Fault:
        raise Waits("B5") from None
    if not knows(f"sig|{claimed}|", key, given, group):
        raise Fault("the signature is not the credential's")


def _scalars(answer: dict[str, Any], question: Question) -> list[Any]:
    """Every proof of an answer that is a challenge and a response."""
    if question.ranked:
        return [answer["proof"]]
    found = [one for pair in question.row(answer["individual_proofs"], "the proofs") for one in pair]
    if question.kind == "lists":
        nonzero = answer["nonzero_proof"]
        found += [answer["overall_proof"], *(one for pair in answer["list_proofs"] for one in pair)]
        return found + [{"challenge": nonzero["challenge"], "response": one} for one in nonzero["response"]]
    return [*found, *answer["overall_proof"], *answer.get("blank_proof", [])]


def _in_range(read: Read, election: Election, full: bool) -> None:
    """B5 without the membership test: canonical strings, no identity as alpha, numbers below q."""
    group = election.group
    proof(read.fields["signature"]["proof"], group, "the signature")
    for question, answer in zip(election.questions, read.fields["answers"], strict=True):
        for one in _scalars(answer, question):
            proof(one, group, "a proof")
    if not full or not read.ballot:
        return
    rows = [
        [((group.parse(alpha), group.parse(beta)), (alpha, beta)) for alpha, beta in row]
        for row in read.ballot.answers
    ]
    if any(group.same(alpha, group.one) for row in rows for (alpha, _), _ in row):
        raise Fault("a ciphertext's alpha is the identity, so that everyone can read it")
    for question, answer in zip(election.questions, read.fields["answers"], strict=True):
        if question.kind == "lists":
            read.others.append(group.parse(answer["nonzero_proof"]["commitment"]))
    read.rows = rows


# ---------------------------------------------------------------- B6: the proofs

Option = tuple[Cipher, int]  # "this ciphertext encrypts this number"


def _check_proofs(read: Read, election: Election) -> None:
    """B6."""
    if election.key is None:
        raise Waits("E5")
    context = f"{election.phi}|{read.fields['credential']}"
    commitments = iter(read.others)
    for question, answer, row in zip(election.questions, read.fields["answers"], read.rows, strict=True):
        if question.ranked:
            _check_ranked(answer, row[0], context, election)
            continue
        individual = question.row(answer["individual_proofs"], "the individual proofs")
        for number, (pair, (cipher, (a, b))) in enumerate(zip(individual, row, strict=True), 1):
            if not one_of(f"prove|{context}|{a},{b}|", [(cipher, 0), (cipher, 1)], pair, election):
                raise Fault(f"the proof that choice {number} is 0 or 1 is wrong")
        whole = context + "|" + ",".join(f"{a},{b}" for _, (a, b) in row)
        ciphers = [cipher for cipher, _ in row]
        if question.kind == "lists":
            _check_lists(question, answer, ciphers, next(commitments), whole, election)
        elif question.blank:
            _check_blank(question, answer, ciphers, whole, election)
        else:
            total = product(ciphers, election.group)
            a, b = election.group.texts(list(total))
            options = [(total, m) for m in range(question.low, question.high + 1)]
            if not one_of(f"prove|{whole}|{a},{b}|", options, answer["overall_proof"], election):
                raise Fault("the proof of the number of choices is wrong")


def product(ciphers: list[Cipher], group: Group) -> Cipher:
    """It encrypts the sum."""
    return group.product([a for a, _ in ciphers]), group.product([b for _, b in ciphers])


def _check_ranked(answer: Any, one: tuple[Cipher, Text2], context: str, election: Election) -> None:
    """The voter knows the randomness of the ciphertext: alpha = g**r."""
    (alpha, _), (a, b) = one
    given = proof(answer["proof"], election.group, "a proof")
    if not knows(f"raweg|{context}|{election.key_text},{a},{b}|", alpha, given, election.group):
        raise Fault("the proof of a ranked answer is wrong")


def _check_blank(
    question: Question, answer: Any, ciphers: list[Cipher], whole: str, election: Election
) -> None:
    """The first choice is "blank": it is 0 or all others are; it is 1 or they are as many as allowed."""
    blank, total = ciphers[0], product(ciphers[1:], election.group)
    if not one_of(f"bproof0|{whole}|", [(blank, 0), (total, 0)], answer["blank_proof"], election):
        raise Fault("the proof that a blank vote chooses nothing is wrong")
    options = [(blank, 1)] + [(total, m) for m in range(question.low, question.high + 1)]
    if not one_of(f"bproof1|{whole}|", options, answer["overall_proof"], election):
        raise Fault("the proof of the number of choices is wrong")


def _check_lists(
    question: Question,
    answer: Any,
    ciphers: list[Cipher],
    commitment: Element,
    whole: str,
    election: Election,
) -> None:
    """Exactly one list is chosen; candidates only of that list; at least one candidate."""
    group, at = election.group, 0
    names: list[Cipher] = []
    candidates: list[Cipher] = []
    for length, pair in zip(question.lists, answer["list_proofs"], strict=True):
        name, own = ciphers[at], product(ciphers[at + 1 : at + length], group)
        if not one_of(f"lproof|{whole}|", [(name, 1), (own, 0)], pair, election):
            raise Fault(f"the proof that list {len(names) + 1} is chosen or none of its candidates is wrong")
        names.append(name)
        candidates.append(own)
        at += length
    chosen = product(names, group)
    a, b = group.texts(list(chosen))
    if not one_of(f"prove|{whole}|{a},{b}|", [(chosen, 1)], [answer["overall_proof"]], election):
        raise Fault("the proof that one list is chosen is wrong")
    if not _not_zero(product(candidates, group), answer["nonzero_proof"], commitment, whole, election):
        raise Fault("the proof that a candidate is chosen is wrong")


def _not_zero(cipher: Cipher, given: Any, commitment: Element, whole: str, election: Election) -> bool:
    """commitment = (beta / y**r)**s for some s: were the number 0, it would be the identity."""
    group, (alpha, beta) = election.group, cipher
    challenge, t1 = proof({"challenge": given["challenge"], "response": given["response"][0]}, group, "t1")
    _, t2 = proof({"challenge": given["challenge"], "response": given["response"][1]}, group, "t2")
    key = election.key or group.one
    a1 = group.multiply(group.power(alpha, t1), group.fixed(group.g, t2))
    a2 = group.multiply(group.power_product([(beta, t1), (commitment, challenge)]), group.fixed(key, t2))
    expected = group.challenge(f"nonzero|{whole}|", [commitment, a1, a2])
    return expected == challenge and not group.same(commitment, group.one)


def one_of(prefix: str, options: Sequence[Option], proofs: list[Any], election: Election) -> bool:
    """At least one option is true. Commitments per option are A = g**r a**c and B = y**r (b / g**m)**c; the
    challenges c add up to the hash."""
    group, key = election.group, election.key or election.group.one
    scalars = [proof(one, group, "a proof") for one in proofs]
    powers: dict[Element, list[int]] = {}
    for (cipher, _), (challenge, _) in zip(options, scalars, strict=True):
        for element in cipher:
            powers.setdefault(element, []).append(challenge)
    taken = {element: iter(group.powers(element, exponents)) for element, exponents in powers.items()}
    commitments = []
    for (cipher, m), (challenge, response) in zip(options, scalars, strict=True):
        of_a, of_b = (next(taken[element]) for element in cipher)
        commitments.append(group.multiply(group.fixed(group.g, response), of_a))
        b = group.multiply(group.fixed(key, response), of_b)
        commitments.append(group.multiply(b, group.fixed(group.g, -m * challenge)) if m else b)
    return sum(challenge for challenge, _ in scalars) % group.q == group.challenge(prefix, commitments)


# ---------------------------------------------------------------- T1, T2: the encrypted tally


def check_encrypted_tally(
    election: Election, archive: Archive, last: dict[str, Ballot], weight: int, report: Report
) -> tuple[Rows | None, Rows | None]:
    """T1 and T2. Gives the tally as recomputed, if that can be done, and as published, if it can be read."""
    own = published = None
    event = archive.of_type("EncryptedTally")[0]
    cause = report.broken("A1", "A2", "A3")
    with report.duty("T1", "the encrypted tally"):
        if event.members:
            with Report().duty("T1"):
                published = _read_tally(event.members[0], election)
        if cause or report.broken("E3"):
            raise Waits(cause or "E3")
        own = [
            _sorted_ciphers(election, place, last) if question.ranked else _sums(election, place, last)
            for place, question in enumerate(election.questions)
        ]
        for place, row in enumerate(_read_tally(event.objects()[0], election)):
            if own[place] != row:
                report.failed("T1", f"the tally of question {place + 1} is not that of the ballots")
        report.passed("T1", f"recomputed from {len(last):,} credentials that voted")
    with report.duty("T2", "the numbers beside the tally"):
        if cause:
            raise Waits(cause)
        what, order = "the tally's numbers", ("num_tallied", "total_weight", "encrypted_tally")
        sized = forms.record(forms.belenios(event.objects()[1], what, SMALL), what, *order)
        if forms.whole(sized["num_tallied"], "num_tallied") != len(last):
            raise Fault(f"num_tallied is {sized['num_tallied']}, but {len(last)} credentials voted")
        if forms.large_number(sized["total_weight"], "total_weight") != weight:
            raise Fault(f"total_weight is {forms.shown(sized['total_weight'])}, but the votes weigh {weight}")
        if sized["encrypted_tally"] != sha256(event.objects()[0]):
            raise Fault("the tally's hash is not the one beside it")
        report.passed("T2", f"{len(last):,} credentials of total weight {weight:,}")
    return own, published


def _read_tally(data: bytes, election: Election) -> Rows:
    rows = forms.rows(forms.belenios(data, "the encrypted tally"), "the tally", len(election.questions))
    what = "a row of the tally"
    return [
        [read_cipher(one) for one in (forms.rows(row, what) if question.ranked else question.row(row, what))]
        for question, row in zip(election.questions, rows, strict=True)
    ]


def _sorted_ciphers(election: Election, place: int, last: dict[str, Ballot]) -> list[Text2]:
    key = election.group.order_key
    ciphers = [ballot.answers[place][0] for ballot in last.values()]
    return sorted(ciphers, key=lambda cipher: (key(cipher[0]), key(cipher[1])))


def _sums(election: Election, place: int, last: dict[str, Ballot]) -> list[Text2]:
    """Per answer the product of the ciphertexts, each to the power of its weight."""
    group = election.group
    sums: list[Cipher] = []
    for answer in range(election.questions[place].width):
        alphas, betas = [], []
        for credential, ballot in last.items():
            weight = election.weights[credential]
            alpha, beta = (group.parse(text) for text in ballot.answers[place][answer])
            alphas.append(alpha if weight == 1 else group.power(alpha, weight))
            betas.append(beta if weight == 1 else group.power(beta, weight))
        sums.append((group.product(alphas), group.product(betas)))
    texts = group.texts([element for cipher in sums for element in cipher])
    return list(zip(texts[::2], texts[1::2], strict=True))
