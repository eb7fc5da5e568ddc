"""From the encrypted tally to the result: shuffles, decryptions, result.

Duties done here: S1 to S3, D1 to D4, R1 (and T1, T2 by a call).

The shuffle's proof is that of Terelius and Wikstroem. Notation of the checks: e input, f output ciphertexts,
h_i generators, c_i commitments to the permutation, hat_i the chain of commitments to the permuted challenges
u_i. Five of its equations are over whole lists and are done with one large product each; the chain has one
equation per ciphertext: they are done together with random weights of 128 bits, one by one if that fails.

With a sample, the proofs of decryption (D3) and the membership of factors (D2) are checked for the sampled
ciphertexts only, and of the chain of a shuffle (S3) and of its members (S2) only those.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import auditor.forms as forms
from auditor.archive import Archive, Election, proof
from auditor.ballots import CHUNK, Ballot, Tally, Text2, check_encrypted_tally, in_parallel, read_cipher
from auditor.forms import Fault
from auditor.groups import GROUPS, Element, Group, Term
from auditor.report import Report


@dataclass
class Tallied:
    """How many voted, how many ballots a later one replaced, their weight, the result's rows, the mixers."""

    counted: int
    replaced: int
    weight: int
    result: list[Any] | None
    mixers: int


def check_tally(
    election: Election,
    archive: Archive,
    ballots: list[Ballot],
    sample: int | None,
    seed: bytes,
    processes: int,
    ours: bool,
    report: Report,
) -> Tallied:
    """Every duty from T1 to R1 that the archive's stage allows."""
    last = {ballot.credential: ballot for ballot in ballots if ballot.credential in election.weights}
    weight = sum(election.weights[credential] for credential in last)
    replaced = sum(ballot is not last.get(ballot.credential) for ballot in ballots)
    tallied = Tallied(len(last), replaced, weight, None, 0)
    if archive.of_type("EncryptedTally"):
        tally = check_encrypted_tally(election, archive, last, weight, report)
        if tally is not None:
            chosen = choose(sample, tally, seed)
            tally, tallied.mixers = _check_shuffles(election, archive, tally, chosen, processes, ours, report)
            if archive.of_type("PartialDecryption"):
                factors = _check_decryptions(election, archive, tally, chosen, processes, report)
                if archive.of_type("Result"):
                    tallied.result = _check_result(election, archive, tally, factors, weight, report)
    return tallied


def choose(sample: int | None, tally: Tally, seed: bytes) -> list[set[int]] | None:
    """Which ciphertexts of each question to look at; None: all of them."""
    if sample is None or sum(map(len, tally)) <= sample:
        return None
    return [spread(sample, len(row), seed + bytes([place])) for place, row in enumerate(tally)]


def spread(sample: int, total: int, seed: bytes) -> set[int]:
    """`sample` numbers below `total`, fixed by the seed: those whose hash with the seed is smallest."""
    order = sorted(range(total), key=lambda n: hashlib.sha256(seed + b"|%d" % n).digest())
    return set(order[:sample])


# ---------------------------------------------------------------- S1 to S3: the shuffles


def _check_shuffles(
    election: Election,
    archive: Archive,
    tally: Tally,
    chosen: list[set[int]] | None,
    processes: int,
    ours: bool,
    report: Report,
) -> tuple[Tally, int]:
    """The tally with its ranked rows replaced by the last shuffle's output, and how many different mixers."""
    shuffles = [event for event in archive.of_type("Shuffle") if len(event.members) == 2]
    if not shuffles or not election.ranked:
        return tally, 0
    owners: list[int] = []
    for number, event in enumerate(shuffles, 1):
        with report.duty("S1", f"shuffle {number}"):
            owners.append(_owner(event.members[1], election, owners, f"shuffle {number}"))
        with report.duty("S2", f"shuffle {number}"):
            what = f"shuffle {number}"
            fields = forms.record(forms.belenios(event.members[0], what), what, "ciphertexts", "proofs")
            outputs = forms.rows(fields["ciphertexts"], f"{what}'s ciphertexts", len(election.ranked))
            proofs = forms.rows(fields["proofs"], f"{what}'s proofs", len(election.ranked))
            following = list(tally)
            for place, output, one in zip(election.ranked, outputs, proofs, strict=True):
                picked = None if chosen is None else chosen[place]
                following[place] = _check_shuffle(
                    election, tally[place], output, one, picked, processes, what, report
                )
            tally = following
    complete = bool(archive.of_type("EndShuffles"))
    if complete and ours and len(set(owners)) < 2:
        report.failed("S1", "fewer than two trustees shuffled")
    note = (
        ""
        if len(set(owners)) > 1 or not complete
        else "; with fewer than two, the one who shuffled knows the order"
    )
    report.passed("S1", f"{len(shuffles)} shuffles by {len(set(owners))} trustees{note}")
    total = sum(len(tally[place]) for place in election.ranked)
    for duty, seen in (
        ("S2", "ciphertexts in, as many out, all in the group"),
        ("S3", "ciphertexts, each shuffle proven"),
    ):
        report.passed(duty, f"{total:,} {seen}")
        if chosen is not None:
            done = sum(len(chosen[place]) for place in election.ranked)
            report.left_out(duty, f"{done:,} of {total:,} ciphertexts checked, all good; the rest left out")
    return tally, len(set(owners))


def _owner(data: bytes, election: Election, before: list[int], what: str) -> int:
    owned = forms.record(forms.belenios(data, f"{what}'s record"), f"{what}'s record", "owner", "payload")
    owner = forms.whole(owned["owner"], f"the owner of {what}", 1)
    if owner > len(election.trustees):
        raise Fault(f"{what} belongs to {owner}, but there are {len(election.trustees)} trustees")
    if owner in before:
        raise Fault(f"{what} is a second one of trustee {owner}")
    return owner


def _check_shuffle(
    election: Election,
    before: list[Text2],
    output: Any,
    value: Any,
    picked: set[int] | None,
    processes: int,
    what: str,
    report: Report,
) -> list[Text2]:
    """S2 and S3 for one question of one shuffle."""
    after = [read_cipher(one) for one in forms.rows(output, f"{what}'s ciphertexts", len(before))]
    copies = set(before) & set(after)
    if copies:
        report.failed("S2", f"{what} copies {len(copies)} ciphertexts unchanged")
    parts = numbers = None
    with report.duty("S3", f"{what}'s proof"):
        parts = _proof_parts(value, len(before), election.group, what)
    with report.duty("S2", what):
        if parts:
            numbers = _ShuffleElements.read(election.group, before, after, parts, processes)
            _check_members(election.group, numbers, picked, processes, what)
    with report.duty("S3", f"{what}'s proof"):
        if parts and numbers:
            _check_equations(election, before, after, parts, numbers, picked, processes, what)
    return after


@dataclass(frozen=True)
class _ShuffleProof:
    """The proof as it is written: strings for elements, numbers for scalars."""

    t: list[str]  # t1 t2 t3 t41 t42
    t_hat: list[str]
    s: list[int]  # s1 s2 s3 s4
    s_hat: list[int]
    s_prime: list[int]
    c: list[str]
    c_hat: list[str]


def _proof_parts(value: Any, size: int, group: Group, what: str) -> _ShuffleProof:
    t, s, c, c_hat = forms.rows(value, f"{what}'s proof", 4)
    t1, t2, t3, t4, t_hat = forms.rows(t, f"{what}'s commitments", 5)
    s1, s2, s3, s4, s_hat, s_prime = forms.rows(s, f"{what}'s responses", 6)

    def texts(listed: Any) -> list[str]:
        return [
            forms.text(one, f"an element of {what}") for one in forms.rows(listed, f"a list of {what}", size)
        ]

    def numbers(listed: list[Any]) -> list[int]:
        return [forms.decimal(one, f"a response of {what}", group.q) for one in listed]

    return _ShuffleProof(
        [
            forms.text(one, f"a commitment of {what}")
            for one in (t1, t2, t3, *forms.rows(t4, f"{what}'s t4", 2))
        ],
        texts(t_hat),
        numbers([s1, s2, s3, s4]),
        numbers(forms.rows(s_hat, f"{what}'s responses", size)),
        numbers(forms.rows(s_prime, f"{what}'s responses", size)),
        texts(c),
        texts(c_hat),
    )


def parse_all(texts: Sequence[str], group_name: str) -> list[Element]:
    return [GROUPS[group_name].parse(text) for text in texts]


@dataclass(frozen=True)
class _ShuffleElements:
    """The same as elements of the group."""

    alphas: list[Element]
    betas: list[Element]
    new_alphas: list[Element]
    new_betas: list[Element]
    t: list[Element]
    t_hat: list[Element]
    c: list[Element]
    c_hat: list[Element]

    @classmethod
    def read(
        cls, group: Group, before: list[Text2], after: list[Text2], parts: _ShuffleProof, processes: int
    ) -> _ShuffleElements:
        lists = (
            [a for a, _ in before],
            [b for _, b in before],
            [a for a, _ in after],
            [b for _, b in after],
            parts.t,
            parts.t_hat,
            parts.c,
            parts.c_hat,
        )
        flat = in_parallel(parse_all, [text for one in lists for text in one], processes, group.name)
        taken = iter(flat)
        return cls(*([next(taken) for _ in one] for one in lists))


def outside(chunk: Sequence[Element], group_name: str) -> list[bool]:
    """For each element whether it is outside the group."""
    bad = set(GROUPS[group_name].outsiders(list(chunk)))
    return [index in bad for index in range(len(chunk))]


def _check_members(
    group: Group, numbers: _ShuffleElements, picked: set[int] | None, processes: int, what: str
) -> None:
    rows = (numbers.new_alphas, numbers.new_betas, numbers.t_hat, numbers.c, numbers.c_hat)
    wanted = list(numbers.t)
    for row in rows:
        wanted += row if picked is None else [row[index] for index in sorted(picked)]
    bad = sum(in_parallel(outside, wanted, processes, group.name, size=8000))
    if bad:
        raise Fault(f"{what} has {bad} elements that are not members of the group")


def derive(indices: Sequence[int], group_name: str) -> list[Element]:
    return [GROUPS[group_name].derived_generator(index) for index in indices]


@lru_cache(maxsize=2)
def generators(group_name: str, size: int, processes: int) -> list[Element]:
    """h, h_0 ... h_(n-1), derived by hashing; each other than all others, than g and than the identity."""
    group = GROUPS[group_name]
    found = in_parallel(derive, range(-1, size), processes, group_name)
    if len({*group.texts([*found, group.g, group.one])}) != size + 3:
        raise Fault("two derived generators are equal")
    return found


def _check_equations(
    election: Election,
    before: list[Text2],
    after: list[Text2],
    parts: _ShuffleProof,
    numbers: _ShuffleElements,
    picked: set[int] | None,
    processes: int,
    what: str,
) -> None:
    """S3: recompute the challenges, then the equations for t1, t2, t3, t4 and for each link of the chain."""
    group, q, size = election.group, election.group.q, len(before)
    h, *h_i = generators(group.name, size, processes)
    statement = "".join(f"{a},{b}," for a, b in before + after) + "".join(f"{c}," for c in parts.c)
    u = _permuted_challenges(election, statement, size, q)
    commitments = "".join(f"{t}," for t in parts.t + parts.t_hat)
    chain = "".join(f"{c}," for c in parts.c_hat)
    text = f"shuffle-challenge|{election.phi}|{commitments}{statement}{chain}{election.key_text}"
    c = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % q

    product_u = 1
    for one in u:
        product_u = product_u * one % q
    s1, s2, s3, s4 = parts.s
    chain_end = numbers.c_hat[-1] if size else h
    c_bar = group.divide(group.product(numbers.c), group.product(h_i))
    g, y = group.g, election.key
    sums = [
        [(c_bar, -c), (g, s1)],
        [(chain_end, -c), (h, product_u * c), (g, s2)],
        [*_terms(numbers.c, u, -c), (g, s3), *_terms(h_i, parts.s_prime)],
        [*_terms(numbers.betas, u, -c), (y, -s4), *_terms(numbers.new_betas, parts.s_prime)],
        [*_terms(numbers.alphas, u, -c), (g, -s4), *_terms(numbers.new_alphas, parts.s_prime)],
    ]
    values = in_parallel(products, sums, processes if size > CHUNK else 1, group.name, size=1)
    for name, value, t in zip(("t1", "t2", "t3", "t41", "t42"), values, numbers.t, strict=True):
        if not group.same(value, t):
            raise Fault(f"{what}: the equation for {name} does not hold")
    links = range(size) if picked is None else sorted(picked)
    _check_chain(group, h, c, parts, numbers, list(links), what)


def products(sums: Sequence[list[Term]], group_name: str) -> list[Element]:
    return [GROUPS[group_name].big_power_product(terms) for terms in sums]


def _terms(bases: list[Element], exponents: list[int], factor: int = 1) -> list[tuple[Element, int]]:
    return [(base, exponent * factor) for base, exponent in zip(bases, exponents, strict=True)]


def _permuted_challenges(election: Election, statement: str, size: int, q: int) -> list[int]:
    seed = hashlib.sha256(f"shuffle-challenges|{election.phi}|{statement}".encode()).hexdigest()
    numbers = [hashlib.sha256(str(index).encode()).hexdigest() for index in range(size)]
    return [int.from_bytes(hashlib.sha256((seed + one).encode()).digest(), "big") % q for one in numbers]


def _check_chain(
    group: Group,
    h: Element,
    c: int,
    parts: _ShuffleProof,
    numbers: _ShuffleElements,
    links: list[int],
    what: str,
) -> None:
    """that_i = chat_i**-c g**shat_i chat_(i-1)**s'_i, for the chosen links, first all together."""

    def link(index: int, weight: int) -> list[tuple[Element, int]]:
        previous = numbers.c_hat[index - 1] if index else h
        return [
            (numbers.t_hat[index], weight),
            (numbers.c_hat[index], c * weight),
            (previous, -parts.s_prime[index] * weight),
        ]

    weights = [secrets.randbits(128) for _ in links]
    sum_of_g = sum(parts.s_hat[index] * weight for index, weight in zip(links, weights, strict=True))
    terms = [term for index, weight in zip(links, weights, strict=True) for term in link(index, weight)]
    if group.same(group.big_power_product(terms), group.power(group.g, sum_of_g)):
        return
    for index in links:
        if not group.same(group.power_product(link(index, 1)), group.power(group.g, parts.s_hat[index])):
            raise Fault(f"{what}: the equation for link {index + 1} of the chain does not hold")
    raise Fault(f"{what}: the chain does not hold")


# ---------------------------------------------------------------- D1 to D4: the decryptions


def _check_decryptions(
    election: Election,
    archive: Archive,
    tally: Tally,
    chosen: list[set[int]] | None,
    processes: int,
    report: Report,
) -> list[list[list[Element]]]:
    """Per decryption, per question, the factors, as far as they could be read."""
    events = [event for event in archive.of_type("PartialDecryption") if len(event.members) == 2]
    owners: list[int] = []
    found: list[list[list[Element]]] = []
    for number, event in enumerate(events, 1):
        owner = 0
        what = f"decryption {number}"
        with report.duty("D1", what):
            owner = _owner(event.members[1], election, owners, what)
            owners.append(owner)
        with report.duty("D2", what):
            factors, units = _decryption(event.members[0], election, tally, chosen, processes, what)
            found.append(factors)
            if owner:
                bad = in_parallel(wrong_factors, units, processes, election, owner)
                for place in [place for place, duty in enumerate(bad) if duty]:
                    report.failed(
                        bad[place], f"{what} by trustee {owner}: factor {place + 1} of {len(units)} is wrong"
                    )
    report.passed("D1", f"{len(events)} decryptions by {len(set(owners))} trustees")
    total = sum(map(len, tally))
    for duty, seen in (("D2", "factors each, all in the group"), ("D3", "factors each, all proven")):
        report.passed(duty, f"{total:,} {seen}")
        if chosen is not None:
            done = sum(map(len, chosen))
            report.left_out(duty, f"{done:,} of {total:,} ciphertexts checked, all good; the rest left out")
    if archive.of_type("Result"):
        missing = [n for n in range(1, len(election.trustees) + 1) if n not in owners]
        if missing:
            report.failed("D4", f"the decryption of trustee {missing[0]} is missing")
        report.passed("D4", f"{len(owners)} of {len(election.trustees)}")
    return found


Factor = tuple[str, Element, str, int, int]  # alpha, factor and its string, challenge, response


def _decryption(
    data: bytes, election: Election, tally: Tally, chosen: list[set[int]] | None, processes: int, what: str
) -> tuple[list[list[Element]], list[Factor]]:
    """All factors, and those whose proofs are to be checked."""
    group = election.group
    fields = forms.record(forms.belenios(data, what), what, "decryption_factors", "decryption_proofs")
    factor_rows = forms.rows(fields["decryption_factors"], f"{what}'s factors", len(tally))
    proof_rows = forms.rows(fields["decryption_proofs"], f"{what}'s proofs", len(tally))
    factors: list[list[Element]] = []
    units: list[Factor] = []
    for place, ciphers in enumerate(tally):
        texts = forms.rows(factor_rows[place], f"a row of {what}'s factors", len(ciphers))
        proofs = forms.rows(proof_rows[place], f"a row of {what}'s proofs", len(ciphers))
        scalars = [proof(one, group, f"a proof of {what}") for one in proofs]
        row = in_parallel(parse_all, texts, processes, group.name)
        factors.append(row)
        picked = range(len(ciphers)) if chosen is None else sorted(chosen[place])
        units += [(ciphers[index][0], row[index], texts[index], *scalars[index]) for index in picked]
    return factors, units


def wrong_factors(units: Sequence[Factor], election: Election, owner: int) -> list[str]:
    """For each factor the duty that it fails, or nothing. It proves log_g(key) = log_alpha(factor)."""
    group = election.group
    key_text, key = election.trustees[owner - 1]
    outsiders = set(group.outsiders([unit[1] for unit in units]))
    verdicts = []
    for index, (alpha, factor, _, challenge, response) in enumerate(units):
        a = group.multiply(group.fixed(group.g, response), group.fixed(key, challenge))
        b = group.power_product([(group.parse(alpha), response), (factor, challenge)])
        proven = group.challenge(f"decrypt|{election.phi}|{key_text}|", [a, b]) == challenge
        verdicts.append("D2" if index in outsiders else "" if proven else "D3")
    return verdicts


# ---------------------------------------------------------------- R1: the result


def _check_result(
    election: Election,
    archive: Archive,
    tally: Tally,
    factors: list[list[list[Element]]],
    weight: int,
    report: Report,
) -> list[Any] | None:
    """R1. Gives the rows of the result, per question."""
    group = election.group
    with report.duty("R1", "the result"):
        fields = forms.record(
            forms.belenios(archive.of_type("Result")[0].members[-1], "the result"), "the result", "result"
        )
        result = forms.rows(fields["result"], "the result", len(election.questions))
        for place, question in enumerate(election.questions):
            plain = []
            for index, (_, beta) in enumerate(tally[place]):
                shared = group.product([one[place][index] for one in factors])
                plain.append(group.divide(group.parse(beta), shared))
            rows = forms.rows(result[place], f"the result of question {place + 1}", len(plain))
            if question.ranked:
                _check_rankings(group, rows, plain, len(question.answers), place)
            else:
                _check_counts(group, rows, plain, weight, place)
        report.passed("R1", f"{sum(map(len, result)):,} numbers or papers, each as decrypted")
        return result
    return None


def _check_counts(group: Group, rows: list[Any], plain: list[Element], weight: int, place: int) -> None:
    for answer, (row, element) in enumerate(zip(rows, plain, strict=True), 1):
        count = forms.large_number(row, "a count of the result")
        if count > weight or not group.same(group.power(group.g, count), element):
            raise Fault(f"answer {answer} of question {place + 1} did not get {count} votes")


def _check_rankings(group: Group, rows: list[Any], plain: list[Element], answers: int, place: int) -> None:
    texts = group.texts(plain)
    for number, (row, text) in enumerate(zip(rows, texts, strict=True), 1):
        ranks = [
            forms.whole(rank, "a rank of the result") for rank in forms.rows(row, f"paper {number}", answers)
        ]
        if ranks != group.to_ints(answers, text):
            raise Fault(f"paper {number} of question {place + 1} is not what was decrypted")
