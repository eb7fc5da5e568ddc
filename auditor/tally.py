"""From the encrypted tally to the result: shuffles and result.

Duties done here: S1 to S3, D4, R1 (T1 and T2 are called from here and done in ballots.py, D1 to D3 in trustees.py).

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
from auditor.archive import Archive, Election, Event
from auditor.ballots import Ballot, Text2, check_encrypted_tally, read_cipher
from auditor.forms import Fault, Report, Waits
from auditor.groups import CHUNK, GROUPS, Element, Group, Term, in_parallel, parse_all
from auditor.trustees import Factors, Rows, check_decryptions, is_trustee, judge_decryption, shares_used


@dataclass
class Tallied:
    """How many voted, how many ballots a later one replaced, the result's rows, the mixers, and the encrypted
    tally that was decrypted."""

    counted: int
    replaced: int
    result: list[Any] | None = None
    mixers: int = 0
    decrypted: Rows | None = None


@dataclass(frozen=True)
class _Work:
    """What all checks here need; `chosen` are the sampled ciphertexts of each question, None all of them."""

    election: Election
    archive: Archive
    processes: int
    ours: bool
    chosen: list[set[int]] | None = None


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
    tallied = Tallied(len(last), replaced)
    kinds = {event.type for event in archive.events}
    if not kinds & {"EncryptedTally", "Shuffle", "PartialDecryption", "Result"}:
        return tallied
    own = published = None
    if "EncryptedTally" in kinds:
        own, published = check_encrypted_tally(election, archive, last, weight, report)
    work = _Work(election, archive, processes, ours)
    tally = own if own is not None and (own == published or _fits(work, own)) else published or own
    if tally is None:
        cause = report.broken("A1", "A2", "A3", "E3", "T1") or "T1"
        waiting = {
            "Shuffle": ("S1", "S2", "S3"),
            "PartialDecryption": ("D1", "D2", "D3"),
            "Result": ("D4", "R1"),
        }
        for kind, duties in waiting.items():
            for duty in duties if kind in kinds else ():
                report.waits(duty, cause)
        return tallied
    work = _Work(election, archive, processes, ours, choose(sample, tally, seed))
    tally, cause, tallied.mixers = _check_shuffles(work, tally, report)
    tallied.decrypted = None if cause else tally
    events = archive.of_type("PartialDecryption")
    owners: set[int] = set()
    good: dict[int, Factors] = {}
    if events:
        owners, good = check_decryptions(election, events, tally, cause, work.chosen, processes, report)
    if "Result" in kinds:
        _check_enough(election, owners, report)
        _check_result(work, tally, tallied, cause, good, sum(election.weights.values()), report)
    return tallied


def _fits(work: _Work, tally: Rows) -> bool:
    """Whether the first who worked on the tally worked on this one."""
    shuffles = work.archive.of_type("Shuffle")
    if work.election.ranked and shuffles:
        trial = Report()
        _check_shuffles(work, tally, trial, shuffles[:1])
        return not trial.broken("S2", "S3")
    for event in work.archive.of_type("PartialDecryption"):
        with Report().duty("D1"):
            owner: Any = event.owner()
            if is_trustee(owner, work.election):
                body, trial = event.objects()[0], Report()
                judge_decryption(body, owner, work.election, tally, None, work.processes, "", trial)
                return not trial.broken("D2", "D3")
    return True


def choose(sample: int | None, tally: Rows, seed: bytes) -> list[set[int]] | None:
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
    work: _Work, tally: Rows, report: Report, events: list[Event] | None = None
) -> tuple[Rows, str, int]:
    """The tally with its ranked rows replaced by the last shuffle's output; the duty that those who look at it
    wait for, if any; and how many different trustees mixed."""
    election, decrypts = work.election, bool(work.archive.of_type("PartialDecryption"))
    events = work.archive.of_type("Shuffle") if events is None else events
    if not election.ranked or not events:
        return tally, "A3" if election.ranked and decrypts else "", 0
    owners: list[int] = []
    unknown = ""  # the duty that kept the output of an earlier shuffle from being known
    for number, event in enumerate(events, 1):
        what = f"shuffle {number}"
        with report.duty("S1", what):
            owner: Any = event.owner()
            if not is_trustee(owner, election):
                raise Fault(
                    f"{what} belongs to {forms.shown(owner)}; there are {len(election.trustees)} trustees"
                )
            if owner in owners:
                report.failed("S1", f"{what} is a second one of trustee {owner}")
            owners.append(owner)
        following = None
        with report.duty("S2", what):
            if unknown:
                raise Waits(unknown)
            following = _check_event(work, tally, event.objects()[0], what, report)
        tally = tally if following is None else following
        unknown = unknown or (report.broken("S2") or "S2" if following is None else "")
        if unknown:
            report.waits("S3", unknown)
    complete = decrypts or bool(work.archive.of_type("EndShuffles"))
    if complete and work.ours and len(set(owners)) < 2:
        report.failed("S1", "fewer than two trustees shuffled")
    alone = complete and len(set(owners)) < 2
    note = "; with fewer than two, the one who shuffled knows the order" if alone else ""
    report.passed("S1", f"{len(events)} shuffles by {len(set(owners))} trustees{note}")
    total = sum(len(tally[place]) for place in election.ranked)
    said = (("S2", "ciphertexts in, as many out, all in the group"), ("S3", "ciphertexts, each proven"))
    for duty, seen in said:
        report.passed(duty, f"{total:,} {seen}")
        if work.chosen is not None:
            done = sum(len(work.chosen[place]) for place in election.ranked)
            report.left_out(duty, f"{done:,} of {total:,} ciphertexts checked, all good; the rest left out")
    return tally, report.broken("S2", "S3"), len(set(owners))


def _check_event(work: _Work, tally: Rows, body: bytes, what: str, report: Report) -> Rows:
    """S2 and S3 of one shuffle. Its output in the place of its input."""
    election, remarks = work.election, []  # type: Election, list[str]
    order = ("ciphertexts", "proofs")
    fields = forms.loose(forms.plain(body, what, remarks), what, order, (), remarks)
    report.remark("S2", remarks)
    outputs, proofs = (forms.rows(fields[name], f"{what}'s {name}", len(election.ranked)) for name in order)
    following = list(tally)
    for place, output in zip(election.ranked, outputs, strict=True):
        rows = forms.rows(output, f"{what}'s ciphertexts", len(tally[place]))
        following[place] = [read_cipher(one) for one in rows]
    for place, one in zip(election.ranked, proofs, strict=True):
        picked = None if work.chosen is None else work.chosen[place]
        _check_shuffle(work, tally[place], following[place], one, picked, what, report)
    return following


def _check_shuffle(
    work: _Work,
    before: list[Text2],
    after: list[Text2],
    value: Any,
    picked: set[int] | None,
    what: str,
    report: Report,
) -> None:
    """S2 and S3 for one question of one shuffle."""
    election = work.election
    parts = numbers = None
    with report.duty("S2", what):
        parts = _proof_parts(value, len(before), what)
        numbers = _ShuffleElements.read(election.group, before, after, parts, work.processes)
        _check_members(election.group, numbers, picked, work.processes, what)
        copies = set(before) & set(after)
        if copies:
            report.failed("S2", f"{what} copies {len(copies)} ciphertexts unchanged")
        with report.duty("S3", f"{what}'s proof"):
            if election.key is None:
                raise Waits("E5")
            scalars = _Scalars.read(parts, election.group, what)
            _check_equations(election, before, after, parts, scalars, numbers, picked, work.processes, what)
        return
    report.waits("S3", "S2")


@dataclass(frozen=True)
class _ShuffleProof:
    """The proof as it is written: strings."""

    t: list[str]  # t1 t2 t3 t41 t42
    t_hat: list[str]
    s: list[str]  # s1 s2 s3 s4
    s_hat: list[str]
    s_prime: list[str]
    c: list[str]
    c_hat: list[str]


def _proof_parts(value: Any, size: int, what: str) -> _ShuffleProof:
    t, s, c, c_hat = forms.rows(value, f"{what}'s proof", 4)
    t1, t2, t3, t4, t_hat = forms.rows(t, f"{what}'s commitments", 5)
    s1, s2, s3, s4, s_hat, s_prime = forms.rows(s, f"{what}'s responses", 6)

    def texts(listed: Any, length: int = size) -> list[str]:
        found = forms.rows(listed, f"a list of {what}", length)
        return [forms.text(one, f"an entry of {what}") for one in found]

    return _ShuffleProof(
        texts([t1, t2, t3, *forms.rows(t4, f"{what}'s t4", 2)], 5),
        texts(t_hat),
        texts([s1, s2, s3, s4], 4),
        texts(s_hat),
        texts(s_prime),
        texts(c),
        texts(c_hat),
    )


@dataclass(frozen=True)
class _Scalars:
    """The responses as numbers."""

    s: list[int]
    s_hat: list[int]
    s_prime: list[int]

    @classmethod
    def read(cls, parts: _ShuffleProof, group: Group, what: str) -> _Scalars:
        def numbers(texts: list[str]) -> list[int]:
            return [forms.decimal(one, f"a response of {what}", group.q) for one in texts]

        return cls(numbers(parts.s), numbers(parts.s_hat), numbers(parts.s_prime))


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
    scalars: _Scalars,
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
    s1, s2, s3, s4 = scalars.s
    chain_end = numbers.c_hat[-1] if size else h
    c_bar = group.divide(group.product(numbers.c), group.product(h_i))
    g, y = group.g, election.key or group.one
    sums = [
        [(c_bar, -c), (g, s1)],
        [(chain_end, -c), (h, product_u * c), (g, s2)],
        [*_terms(numbers.c, u, -c), (g, s3), *_terms(h_i, scalars.s_prime)],
        [*_terms(numbers.betas, u, -c), (y, -s4), *_terms(numbers.new_betas, scalars.s_prime)],
        [*_terms(numbers.alphas, u, -c), (g, -s4), *_terms(numbers.new_alphas, scalars.s_prime)],
    ]
    values = in_parallel(products, sums, processes if size > CHUNK else 1, group.name, size=1)
    for name, value, t in zip(("t1", "t2", "t3", "t41", "t42"), values, numbers.t, strict=True):
        if not group.same(value, t):
            raise Fault(f"{what}: the equation for {name} does not hold")
    links = range(size) if picked is None else sorted(picked)
    _check_chain(group, h, c, scalars, numbers, list(links), what)


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
    scalars: _Scalars,
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
            (previous, -scalars.s_prime[index] * weight),
        ]

    weights = [secrets.randbits(128) for _ in links]
    sum_of_g = sum(scalars.s_hat[index] * weight for index, weight in zip(links, weights, strict=True))
    terms = [term for index, weight in zip(links, weights, strict=True) for term in link(index, weight)]
    if group.same(group.big_power_product(terms), group.power(group.g, sum_of_g)):
        return
    for index in links:
        if not group.same(group.power_product(link(index, 1)), group.power(group.g, scalars.s_hat[index])):
            raise Fault(f"{what}: the equation for link {index + 1} of the chain does not hold")
    raise Fault(f"{what}: the chain does not hold")


# ---------------------------------------------------------------- D4, R1: the result


def _check_enough(election: Election, owners: set[int], report: Report) -> None:
    """D4."""
    with report.duty("D4", "the decryptions"):
        if report.broken("E7"):
            raise Waits("E7")
        for part in election.parts:
            if (there := sum(owner in owners for owner in part.members)) < part.threshold:
                who = f"trustee {part.members[0]}" if part.single else "a threshold group"
                raise Fault(f"{there} of the {part.threshold} decryptions needed of {who} are there")
        report.passed("D4", f"{len(owners)} of {len(election.trustees)} trustees decrypted")


def _check_result(
    work: _Work,
    tally: Rows,
    tallied: Tallied,
    cause: str,
    good: dict[int, Factors],
    most: int,
    report: Report,
) -> None:
    """R1. The rows of the result are told even if they are not what was decrypted."""
    election, group, result = work.election, work.election.group, []
    with report.duty("R1", "the result"):
        if report.broken("E3"):
            raise Waits("E3")
        body = work.archive.of_type("Result")[0].objects()[0]
        rows = forms.record(forms.belenios(body, "the result"), "the result", "result")["result"]
        for question, row, ciphers in zip(
            election.questions, forms.rows(rows, "the result", len(tally)), tally, strict=True
        ):
            cells = question.row(row, "a row of the result", len(ciphers))
            width = len(question.answers)
            result.append([_paper(one, width) if question.ranked else _count(one) for one in cells])
        tallied.result = result
        waits = cause or report.broken("E7", "E3", "E4", "E5", "E8", "E9")
        if waits:
            raise Waits(waits)
        used = shares_used(election, good)
        if used is None:
            raise Waits(report.broken("D1", "D2", "D3", "D4") or "D4")
        for place, question in enumerate(election.questions):
            plain = []
            for index, (_, beta) in enumerate(tally[place]):
                shared = group.power_product([(good[owner][place][index], power) for owner, power in used])
                plain.append(group.divide(group.parse(beta), shared))
            if question.ranked:
                _check_papers(group, result[place], plain, len(question.answers), place)
            else:
                _check_counts(group, result[place], plain, most, place)
        report.passed("R1", f"{sum(map(len, result)):,} numbers or papers, each as decrypted")


def _count(value: Any) -> int:
    return forms.large_number(value, "a count of the result")


def _paper(value: Any, width: int) -> list[int]:
    return [forms.whole(rank, "a rank of the result") for rank in forms.rows(value, "a paper", width)]


def _check_counts(group: Group, rows: list[Any], plain: list[Element], most: int, place: int) -> None:
    for answer, (count, element) in enumerate(zip(rows, plain, strict=True), 1):
        if count > most or not group.same(group.power(group.g, count), element):
            raise Fault(f"answer {answer} of question {place + 1} did not get {count} votes")


def _check_papers(group: Group, rows: list[Any], plain: list[Element], answers: int, place: int) -> None:
    for number, (ranks, text) in enumerate(zip(rows, group.texts(plain), strict=True), 1):
        if ranks != group.to_ints(answers, text):
            raise Fault(f"paper {number} of question {place + 1} is not what was decrypted")
