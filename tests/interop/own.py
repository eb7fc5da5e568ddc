"""A whole election made by ours from a plan: the kernel and the ballot room, as the office uses them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.interop.plans import Keys, Plan, Question

from selectorate import _kernel
from selectorate.ballot import archive, make, objects, papers
from selectorate.ballot.closing import Closing, closing_of
from selectorate.ballot.questions import extra_text

OPENED = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the archive's bytes, its name without `.bel`, the electors' private credentials in their
    order, the archive as it was before each ballot of the poll, and the ballots."""

    content: bytes
    uuid: str
    secrets: tuple[str, ...]
    opened: bytes
    ballots: tuple[bytes, ...]


class Office:
    """An archive in the making."""

    def __init__(self, setup: objects.Setup, uuid: str) -> None:
        self.setup = setup
        self.uuid = uuid
        self.content, self.head = make.begin(OPENED)
        self.take(make.setup_event(self.head, setup))

    def take(self, added: objects.Addition) -> None:
        self.content += added.added
        self.head = added.head

    def closing(self) -> Closing:
        found = closing_of(archive.read(self.content, self.uuid)[0])
        assert found is not None
        return found


def elect(plan: Plan) -> Made:
    """The election of a plan, with fresh keys."""
    uuid = make.new_uuid(secrets.token_bytes(32))
    credentials = _kernel.new_credentials(plan.group, uuid, len(plan.weights))
    pairs = zip(credentials, plan.weights, strict=True)
    listed = [objects.Credential(public, weight) for (_, public), weight in pairs]
    public, privates = trustees(plan.group, plan.trustees)
    questions = [asked(question) for question in plan.questions]
    setup = make.make_election(
        uuid=uuid,
        name=plan.name,
        description=plan.description,
        group=plan.group,
        questions=questions,
        trustees=public,
        credentials=listed,
    )
    office = Office(setup, uuid)
    opened = office.content
    ballots = cast(office, plan, [secret for secret, _ in credentials], questions)
    close(office, plan, ballots, listed)
    tally(office, plan, privates)
    return Made(office.content, uuid, tuple(secret for secret, _ in credentials), opened, tuple(ballots))


def asked(question: Question) -> objects.Question:
    """The question as our room has it; made from the parts, so that our writer is what writes it."""
    value: dict[str, Any] = question.wire.get("value", question.wire)
    if question.kind == "lists":
        return objects.Question(
            "lists", value["question"], lists=tuple(tuple(row) for row in value["answers"])
        )
    answers = tuple(value["answers"])
    if question.secret_order:
        extra = question.wire.get("extra")
        return objects.Question(
            "ranked", value["question"], answers, extra=counting(extra) if extra else None
        )
    return objects.Question(
        *("homomorphic", value["question"], answers, question.minimum, question.maximum),
        blank=question.kind == "blank",
    )


def counting(extra: dict[str, Any]) -> str:
    """What a ranked question says of its counting, by our own writer."""
    grades = tuple(extra.get("grades", ()))
    return extra_text(extra["method"], blank=extra.get("blank", False), grades=grades)


def trustees(group: str, wanted: Sequence[Keys]) -> tuple[list[bytes], list[bytes]]:
    """The public objects, one per entry of the list, and the private keys, one per trustee."""
    public: list[bytes] = []
    privates: list[bytes] = []
    for keys in wanted:
        if keys.threshold is None:
            private, single = _kernel.new_trustee(group)
            public.append(single)
            privates.append(private)
        else:
            parameters, held = ceremony(group, keys.size, keys.threshold)
            public.append(parameters)
            privates += held
    return public, privates


def ceremony(group: str, size: int, threshold: int) -> tuple[bytes, list[bytes]]:
    """A threshold group: its parameters and its members' decryption keys."""
    numbers = range(1, size + 1)
    seeds, certificates = zip(
        *(_kernel.pedersen_certificate(group, size, threshold, index) for index in numbers), strict=True
    )
    polynomials = [_kernel.pedersen_polynomial(group, seed, threshold, certificates) for seed in seeds]
    outputs = []
    for seed in seeds:
        output, faults = _kernel.pedersen_share(group, seed, threshold, certificates, polynomials)
        assert not faults
        outputs.append(output)
    parameters = _kernel.pedersen_parameters(group, threshold, certificates, polynomials, outputs)
    pairs = zip(seeds, outputs, strict=True)
    return parameters, [_kernel.pedersen_private(group, seed, output) for seed, output in pairs]


def cast(
    office: Office, plan: Plan, held: Sequence[str], questions: Sequence[objects.Question]
) -> tuple[bytes, ...]:
    """All ballots, in the plan's order."""
    texts = [papers.choice_text([frozen(each) for each in choices], questions) for _, choices in plan.ballots]
    ballots = make.ballots(office.setup, [held[elector] for elector, _ in plan.ballots], texts)
    for ballot in ballots:
        office.take(make.ballot_event(office.head, ballot))
    return ballots


def close(
    office: Office, plan: Plan, ballots: Sequence[bytes], credentials: Sequence[objects.Credential]
) -> None:
    """End of voting, and the encrypted tally of each elector's last ballot."""
    last = {elector: height for height, (elector, _) in enumerate(plan.ballots, 1)}
    counted = [
        objects.CastBallot(height, make.tracker(ballot), json.loads(ballot)["credential"], ballot)
        for height, ballot in enumerate(ballots, 1)
        if height in last.values()
    ]
    office.take(make.end_ballots_event(office.head))
    encrypted = make.encrypted_tally(office.setup, [one.ballot for one in counted])
    office.take(make.tally_event(office.head, encrypted, counted, credentials))


def tally(office: Office, plan: Plan, privates: Sequence[bytes]) -> None:
    """Mixing, decryptions and the result."""
    for owner in plan.mixers:
        ciphertexts = office.closing().shuffle_input
        assert ciphertexts is not None
        office.take(make.shuffle_event(office.head, owner, make.shuffle(office.setup, ciphertexts)))
    if plan.mixed:
        office.take(make.end_shuffles_event(office.head))
    ciphertexts = office.closing().ciphertexts
    assert ciphertexts is not None
    for owner in plan.openers:
        decryption = make.decryption(office.setup, privates[owner - 1], ciphertexts)
        office.take(make.decryption_event(office.head, owner, decryption))
    found = make.result(office.setup, ciphertexts, office.closing().decryptions)
    office.take(make.result_event(office.head, found))


def frozen(value: Any) -> Any:
    """Nested lists as nested tuples."""
    return tuple(frozen(each) for each in value) if isinstance(value, list) else value
