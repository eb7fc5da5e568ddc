"""A dishonest election maker: a whole archive, step by step, each step as its maker likes it.

Every outer layer is right whatever is inside: names, hashes, chain, records of ownership, signatures of electors.
`write` links all of it; tests edit `events`, or hand other secrets, owners, tallies and results to the steps.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.groups import Element
from tests.attacks.forge import answers as making
from tests.attacks.forge.answers import Answer, Booth
from tests.attacks.forge.ceremony import Ceremony, Single
from tests.attacks.forge.hand import Cipher, Hand, compact, sha, short
from tests.attacks.forge.mixing import Mixer

UUID = "4tRc8WxJmKq2Nh"
OTHER_UUID = "7bZp3VsLdYg9Fe"
TIME = 1_800_000_000
TREES = ["Alder", "Ash", "Beech", "Birch"]
Trustee = Single | Ceremony


def approval(answers: int = 2, low: int = 0, high: int = 1, *, blank: bool = False) -> dict[str, Any]:
    head: dict[str, Any] = {"answers": TREES[:answers]}
    if blank:
        head["blank"] = True
    return {**head, "min": low, "max": high, "question": "Which tree?"}


def of_lists(lists: int = 2) -> dict[str, Any]:
    rows = [["Broad leaves", "Alder"], ["Needles", "Larch", "Yew"]][:lists]
    return {"type": "Lists", "value": {"answers": rows, "question": "Which list?"}}


def of_ranks(answers: int = 2) -> dict[str, Any]:
    return {"type": "NonHomomorphic", "value": {"answers": TREES[:answers], "question": "In which order?"}}


@dataclass
class Event:
    """One event to be: its type, data members (all but a closing record), and what the record says beside."""

    kind: str
    bodies: list[bytes]
    record: dict[str, Any] | None = None
    wrong: dict[str, Any] | None = None  # fields of the event record that say something else


class Poll:
    """One election. `questions` may be anything that the election object can say."""

    def __init__(
        self,
        hand: Hand,
        questions: Sequence[dict[str, Any]],
        electors: int = 2,
        *,
        trustees: Sequence[Trustee] | None = None,
        weights: Sequence[int] | None = None,
        key: Element | None = None,
        election: dict[str, Any] | None = None,
    ) -> None:
        self.hand, self.questions = hand, list(questions)
        self.trustees = [Single(hand), Single(hand)] if trustees is None else list(trustees)
        self.y = hand.group.product([one.share for one in self.trustees]) if key is None else key
        pairs = [(hand.text(hand.g(x)), x) for x in (hand.scalar() for _ in range(electors))]
        pairs.sort(key=lambda pair: hand.group.order_key(pair[0]))
        self.credentials = [text for text, _ in pairs]
        self.secrets = dict(pairs)
        self.weights = dict(zip(self.credentials, weights or [1] * electors, strict=True))
        self.election: dict[str, Any] = {
            "version": 1,
            "description": "A choice of trees",
            "name": "Grove",
            "group": hand.group.name,
            "public_key": hand.text(self.y),
            "questions": self.questions,
            "uuid": UUID,
            **(election or {}),
        }
        self.election_bytes = compact(self.election)
        self.phi = short(self.election_bytes)
        listed = [f"{one},{self.weights[one]}" if weights else one for one in self.credentials]
        self.events = [
            Event(
                "Setup", [self.election_bytes, compact([one.entry for one in self.trustees]), compact(listed)]
            )
        ]
        self.last: dict[str, list[Answer]] = {}
        self.ciphers: list[list[Cipher]] = []

    def again(self) -> Poll:
        """A copy that can go another way from here: the keys are the same, the events its own."""
        other = copy.copy(self)
        other.events, other.last = copy.deepcopy(self.events), dict(self.last)
        other.ciphers, other.secrets = [list(row) for row in self.ciphers], dict(self.secrets)
        return other

    # ------------------------------------------------------------ ballots

    def booth(self, credential: str) -> Booth:
        return Booth(self.hand, self.y, self.phi, credential)

    def answers(self, credential: str, marks: Sequence[Any]) -> list[Answer]:
        """Answers to all questions, with the best proofs for these marks."""
        booth, made = self.booth(credential), []
        for question, one in zip(self.questions, marks, strict=True):
            if "type" not in question:
                blank = question.get("blank", False)
                made.append(making.choices(booth, one, question["min"], question["max"], blank=blank))
            elif question["type"] == "Lists":
                made.append(making.lists(booth, one))
            else:
                made.append(making.ranked(booth, one))
        return made

    def ballot(self, credential: str, answers: Sequence[Answer], **fields: Any) -> dict[str, Any]:
        """Signed with the credential's secret; fields: other values of the ballot's own fields, before signing."""
        unsigned = {
            "election_uuid": self.election["uuid"],
            "election_hash": self.phi,
            "credential": credential,
            "answers": [copy.deepcopy(one.value) for one in answers],
            **fields,
        }
        return self.sign(unsigned, self.secrets[credential])

    def sign(self, ballot: dict[str, Any], secret: int) -> dict[str, Any]:
        unsigned = {name: value for name, value in ballot.items() if name != "signature"}
        digest = short(compact(unsigned))
        proof = self.hand.knows("ballot", {"label": "sig|", "hash": digest, "end": "|"}, secret)
        return {**unsigned, "signature": {"hash": digest, "proof": proof}}

    def cast(self, ballot: dict[str, Any] | bytes, answers: Sequence[Answer] | None) -> None:
        """A Ballot event; answers: what will be counted for its credential, None if it does not count."""
        body = ballot if isinstance(ballot, bytes) else compact(ballot)
        self.events.append(Event("Ballot", [body]))
        if answers is not None and isinstance(ballot, dict):
            self.last[ballot["credential"]] = list(answers)

    def vote(self, elector: int, *marks: Any) -> None:
        """An honest ballot, or one for marks that are not allowed, with the best proofs."""
        credential = self.credentials[elector]
        made = self.answers(credential, marks)
        self.cast(self.ballot(credential, made), made)

    # ------------------------------------------------------------ closing

    def close(self, *, numbers: dict[str, Any] | None = None, order: Sequence[int] | None = None) -> None:
        """EndBallots and the encrypted tally. order: another order of the ranked ciphertexts than the right one."""
        self.events.append(Event("EndBallots", []))
        self.ciphers = []
        for place, question in enumerate(self.questions):
            listed = [(credential, made[place].ciphers) for credential, made in self.last.items()]
            if question.get("type") == "NonHomomorphic":
                rows = sorted((made[0] for _, made in listed), key=self._order)
                self.ciphers.append(rows if order is None else [rows[one] for one in order])
            else:
                width = len(self.flat(question))
                self.ciphers.append(
                    [self._sum([(made[n], self.weights[one]) for one, made in listed]) for n in range(width)]
                )
        total = sum(self.weights[credential] for credential in self.last)
        record = {"num_tallied": len(self.last), "total_weight": total, **(numbers or {})}
        self.events.append(Event("EncryptedTally", [self.tally()], record))

    def tally(self) -> bytes:
        """The encrypted tally of what stands there now."""
        rows = ([self.hand.cipher(one) for one in row] for row in self.ciphers)
        return compact([self.shaped(place, row) for place, row in enumerate(rows)])

    def flat(self, question: dict[str, Any]) -> list[str]:
        """The names of an answer's ciphertexts, in a row."""
        if question.get("type") == "Lists":
            return [name for row in question["value"]["answers"] for name in row]
        return ["blank"] * question.get("blank", False) + question["answers"]

    def shaped(self, place: int, row: list[Any]) -> list[Any]:
        """A row of a question's entries in the shape that the archive gives it."""
        question = self.questions[place]
        if question.get("type") != "Lists":
            return row
        taken = iter(row)
        return [[next(taken) for _ in names] for names in question["value"]["answers"]]

    def _order(self, cipher: Cipher) -> Any:
        return tuple(self.hand.group.order_key(text) for text in self.hand.group.texts(list(cipher)))

    def _sum(self, ciphers: Iterable[tuple[Cipher, int]]) -> Cipher:
        group, alpha, beta = self.hand.group, self.hand.group.one, self.hand.group.one
        for (a, b), weight in ciphers:
            alpha = group.multiply(alpha, self.hand.to(a, weight) if weight != 1 else a)
            beta = group.multiply(beta, self.hand.to(b, weight) if weight != 1 else b)
        return alpha, beta

    # ------------------------------------------------------------ shuffles, decryptions, result

    def mix(self, owner: int, mixer: Mixer | None = None) -> None:
        """One shuffle of every ranked question."""
        outputs, proofs = [], []
        for place, question in enumerate(self.questions):
            if question.get("type") == "NonHomomorphic":
                mixed = (mixer or Mixer()).shuffle(self.hand, self.y, self.phi, self.ciphers[place])
                outputs.append(mixed[0])
                proofs.append(mixed[1])
                self.ciphers[place] = mixed[2]
        body = compact({"ciphertexts": outputs, "proofs": proofs})
        self.events.append(Event("Shuffle", [body], {"owner": owner}))

    def end_mixing(self) -> None:
        self.events.append(Event("EndShuffles", []))

    def secret_of(self, owner: int) -> int:
        return [secret for one in self.trustees for secret in one.secrets][owner - 1]

    def decryption(self, secret: int, ciphers: list[list[Cipher]] | None = None) -> dict[str, Any]:
        """Partial decryption of what stands there now, or of other ciphertexts, with this key."""
        hand = self.hand
        parts = {"label": "decrypt|", "election": f"{self.phi}|", "key": f"{hand.text(hand.g(secret))}|"}
        factors, proofs = [], []
        for place, row in enumerate(self.ciphers if ciphers is None else ciphers):
            alphas = [alpha for alpha, _ in row]
            texts = hand.group.texts([hand.to(alpha, secret) for alpha in alphas]) if row else []
            factors.append(self.shaped(place, texts))
            made = [hand.knows("decrypt", parts, secret, (hand.group.g, alpha)) for alpha in alphas]
            proofs.append(self.shaped(place, made))
        return {"decryption_factors": factors, "decryption_proofs": proofs}

    def decrypt(self, *owners: int) -> None:
        for owner in owners:
            self.decrypted(owner, self.decryption(self.secret_of(owner)))

    def decrypted(self, owner: int, decryption: dict[str, Any] | bytes) -> None:
        body = decryption if isinstance(decryption, bytes) else compact(decryption)
        self.events.append(Event("PartialDecryption", [body], {"owner": owner}))

    def result(self) -> list[Any]:
        """What the whole key decrypts."""
        hand, group = self.hand, self.hand.group
        whole = sum(one.secret for one in self.trustees) % hand.q
        found: list[Any] = []
        for place, (question, row) in enumerate(zip(self.questions, self.ciphers, strict=True)):
            plain = [group.divide(beta, hand.to(alpha, whole)) for alpha, beta in row]
            if question.get("type") == "NonHomomorphic":
                width = len(question["value"]["answers"])
                found.append([group.to_ints(width, text) for text in group.texts(plain)] if plain else [])
            else:
                found.append(self.shaped(place, [self._count(one) for one in plain]))
        return found

    def _count(self, element: Element) -> int:
        """The number in the exponent, or 0 if it is not a small one."""
        group, power = self.hand.group, self.hand.group.one
        for number in range(sum(self.weights.values()) * 3 + 1):
            if group.same(power, element):
                return number
            power = group.multiply(power, group.g)
        return 0

    def declare(self, result: list[Any] | None = None) -> None:
        body = compact({"result": self.result() if result is None else result})
        self.events.append(Event("Result", [body]))

    def finish(self, mixers: Sequence[int] = (1, 2), decrypting: Sequence[int] | None = None) -> Poll:
        """All that comes after the ballots, honestly."""
        if not any(event.kind == "EncryptedTally" for event in self.events):
            self.close()
        if any(question.get("type") == "NonHomomorphic" for question in self.questions):
            for owner in mixers:
                self.mix(owner)
            self.end_mixing()
        owners = range(1, 1 + sum(len(one.secrets) for one in self.trustees))
        self.decrypt(*(owners if decrypting is None else decrypting))
        self.declare()
        return self

    # ------------------------------------------------------------ the file

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event.kind == kind]

    def write(self) -> bytes:
        """The archive, with every hash that names another record made right."""
        return write(self.events)


def write(events: Sequence[Event]) -> bytes:
    chunks = [member("BELENIOS", compact({"version": 1, "timestamp": str(TIME)}))]
    parent = None
    for height, event in enumerate(events):
        bodies = [*event.bodies, *_record(event)]
        record: dict[str, Any] = {} if parent is None else {"parent": parent}
        record |= {"height": height, "type": event.kind}
        if bodies:
            record["payload"] = sha(bodies[-1])
        record |= event.wrong or {}
        chunks += [member(f"{sha(body)}.data.json", body) for body in bodies]
        parent = sha(compact(record))
        chunks.append(member(f"{parent}.event.json", compact(record)))
    return b"".join(chunks)


def _record(event: Event) -> list[bytes]:
    if event.kind == "Setup":
        names = ("election", "trustees", "credentials")
        return [compact({name: sha(body) for name, body in zip(names, event.bodies, strict=False)})]
    if event.kind == "EncryptedTally":
        return [compact({**(event.record or {}), "encrypted_tally": sha(event.bodies[0])})]
    if event.kind in ("Shuffle", "PartialDecryption"):
        return [compact({**(event.record or {}), "payload": sha(event.bodies[0])})]
    return []


def member(name: str, body: bytes) -> bytes:
    header = bytearray(512)
    fields = ((0, name), (100, "0000644"), (108, "0000000"), (116, "0000000"), (124, f"{len(body):011o}"))
    for place, text in (*fields, (136, f"{TIME:011o}"), (148, " " * 8), (156, "0")):
        header[place : place + len(text)] = text.encode()
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    return bytes(header) + body + bytes(-len(body) % 512)
