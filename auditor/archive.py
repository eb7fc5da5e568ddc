"""The archive file and the set-up of the election.

Duties done here: A1, A2, A3 (file, chain, order of events) and E1 to E6 (election, trustees, credentials).

`read_archive` takes the bytes of a `.bel` file and gives its events with the data members before each, as far
as they can be read: a broken file is reported and the rest of it is still looked at. `read_setup` gives the
`Election` that every later check works with, or None when there is none to speak of.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

import auditor.forms as forms
from auditor.forms import Fault, shown
from auditor.groups import GROUPS, Element, Group
from auditor.report import Report, Unsupported

BLOCK = 512
MEMBER_NAME = re.compile(r"([0-9a-f]{64})\.(data|event)\.json", re.ASCII)
UUID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}", re.ASCII)
DATA_BEFORE = {
    "Setup": 4,
    "Ballot": 1,
    "EndBallots": 0,
    "EncryptedTally": 2,
    "Shuffle": 2,
    "EndShuffles": 0,
    "PartialDecryption": 2,
    "Result": 1,
}
MAY_FOLLOW = {
    "": ("Setup",),
    "Setup": ("Ballot", "EndBallots"),
    "Ballot": ("Ballot", "EndBallots"),
    "EndBallots": ("EncryptedTally",),
    "Shuffle": ("Shuffle", "EndShuffles"),
    "EndShuffles": ("PartialDecryption",),
    "PartialDecryption": ("PartialDecryption", "Result"),
    "Result": (),
}


@dataclass(frozen=True)
class Event:
    """One event record: its place, type, hash, and the data members directly before it."""

    height: int
    type: str
    sha256: str
    members: tuple[bytes, ...]


@dataclass(frozen=True)
class Question:
    """One question: `low` and `high` are the least and most choices; a ranked one has none."""

    text: str
    answers: tuple[str, ...]
    ranked: bool
    low: int = 0
    high: int = 0


@dataclass(frozen=True)
class Election:
    """What the set-up says. Keys are elements, with their strings; weights by credential, in order."""

    group_name: str
    phi: str
    sha256: str
    uuid: str
    description: str
    key: Element
    key_text: str
    questions: tuple[Question, ...]
    trustees: tuple[tuple[str, Element], ...]
    weights: dict[str, int]
    credential_keys: dict[str, Element]

    @property
    def group(self) -> Group:
        return GROUPS[self.group_name]

    @property
    def ranked(self) -> tuple[int, ...]:
        """The places of the ranked questions."""
        return tuple(place for place, question in enumerate(self.questions) if question.ranked)


@dataclass
class Archive:
    events: list[Event] = field(default_factory=list)

    def of_type(self, kind: str) -> list[Event]:
        return [event for event in self.events if event.type == kind]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def base64_hash(data: bytes) -> str:
    """Fingerprints in the protocol: unpadded base64 of the SHA-256."""
    return b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


# ---------------------------------------------------------------- A1, A2, A3: the file


def read_archive(data: bytes, report: Report) -> Archive:
    """A1 to A3. Gives what could be read."""
    members = _members(data, report)
    archive = Archive()
    pending: list[bytes] = []
    names: set[str] = set()
    parent = None
    for name, body in members:
        if not name.endswith(".event.json"):
            pending.append(body)
            continue
        if name in names:
            report.failed("A1", f"the event {name[:12]}… occurs twice")
        names.add(name)
        event = _event(body, len(archive.events), parent, pending, report)
        archive.events.append(event)
        parent, pending = event.sha256, []
    if pending:
        report.failed("A1", f"{len(pending)} data members stand after the last event")
    report.passed("A1", f"{len(members)} members in {len(data):,} bytes")
    report.passed("A2", f"{len(archive.events)} events, each naming the one before")
    return archive


def _members(data: bytes, report: Report) -> list[tuple[str, bytes]]:
    """The members after the first one, as far as the file can be read."""
    found: list[tuple[str, bytes]] = []
    time = 0
    place = 0
    while place < len(data):
        where = f"the member at byte {place:,}"
        try:
            name, body, end = _member(data, place, where)
            if place == 0:
                time = _first_member(name, body)
            elif name == "BELENIOS":
                raise Fault(f"{where} is a second BELENIOS")
        except Fault as fault:
            report.failed("A1", str(fault))
            return found
        if tar_header(name, len(body), time) != data[place : place + BLOCK]:
            report.failed("A1", f"{where} has a header that the format does not write")
        if any(data[place + BLOCK + len(body) : end]):
            report.failed("A1", f"{where} is padded with something else than zeros")
        if place:
            match = MEMBER_NAME.fullmatch(name)
            if not match:
                report.failed("A1", f"{where} has the unknown name {shown(name)!r}")
            elif match[1] != sha256(body):
                report.failed("A1", f"{where} is not what its name says: its SHA-256 is {sha256(body)[:12]}…")
            found.append((name, body))
        place = end
    if not data:
        report.failed("A1", "the file is empty")
    return found


def _member(data: bytes, place: int, where: str) -> tuple[str, bytes, int]:
    header = data[place : place + BLOCK]
    if len(header) < BLOCK:
        raise Fault(f"the file ends inside the header of {where}")
    size_text = header[124:135]
    if not re.fullmatch(rb"[0-7]{11}", size_text):
        raise Fault(f"{where} does not begin with a header that can be read")
    size = int(size_text, 8)
    start, end = place + BLOCK, place + BLOCK + (size + BLOCK - 1) // BLOCK * BLOCK
    if end > len(data):
        raise Fault(f"the file ends at byte {len(data):,}, inside {where}, which has {size:,} bytes")
    name = header[:100].rstrip(b"\0").decode("ascii", "replace")
    return name, data[start : start + size], end


def _first_member(name: str, body: bytes) -> int:
    """The time that every header carries."""
    if name != "BELENIOS":
        raise Fault("the first member is not BELENIOS")
    head = forms.record(forms.belenios(body, "the first member"), "the first member", "version", "timestamp")
    if isinstance(head["version"], int) and not isinstance(head["version"], bool) and head["version"] >= 2:
        raise Unsupported(f"protocol version {head['version']}")
    if head["version"] != 1 or isinstance(head["version"], bool):
        raise Fault("the archive's version is not 1")
    return forms.decimal(head["timestamp"], "the archive's time", 8**11)


def tar_header(name: str, size: int, time: int) -> bytes:
    """The one header that the format writes for this name, size and time."""
    header = bytearray(BLOCK)
    fields = (
        (0, name),
        (100, "0000644"),
        (108, "0000000"),
        (116, "0000000"),
        (124, f"{size:011o}"),
        (136, f"{time:011o}"),
    )
    for place, value in fields:
        header[place : place + len(value)] = value.encode("ascii", "replace")
    header[148:156] = b" " * 8
    header[156:157] = b"0"
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    return bytes(header[:BLOCK])


def _event(body: bytes, height: int, parent: str | None, members: list[bytes], report: Report) -> Event:
    what = f"event {height}"
    kind = ""
    with report.duty("A1", what):
        order = ("parent", "height", "type", "payload")
        fields = forms.entries(forms.belenios(body, what), what, ("height", "type"), ("parent", "payload"))
        forms.in_order(fields, what, order)
        kind = forms.text(fields["type"], f"{what}'s type")
        with report.duty("A2", what):
            _check_links(fields, height, parent, members, kind)
    return Event(height, kind, sha256(body), tuple(members))


def _check_links(
    fields: dict[str, Any], height: int, parent: str | None, members: list[bytes], kind: str
) -> None:
    what = f"event {height}"
    if fields["height"] != height or isinstance(fields["height"], bool):
        raise Fault(f"{what} says that its height is {shown(fields['height'])}")
    if fields.get("parent") != parent:
        raise Fault(f"{what} does not name the event before it")
    if kind not in DATA_BEFORE:
        return  # an unknown type: A3 says so
    if len(members) != DATA_BEFORE[kind]:
        raise Fault(
            f"{what} ({kind}) has {len(members)} data members before it instead of {DATA_BEFORE[kind]}"
        )
    if fields.get("payload") != (sha256(members[-1]) if members else None):
        raise Fault(f"{what} does not name the data member before it")
    if kind == "Setup":
        names = forms.belenios(members[3], "the set-up record")
        forms.record(names, "the set-up record", "election", "trustees", "credentials")
        if list(names.values()) != [sha256(member) for member in members[:3]]:
            raise Fault("the set-up record does not name election, trustees and credentials")
    if kind in ("Shuffle", "PartialDecryption"):
        owned = forms.record(
            forms.belenios(members[1], f"{what}'s record"), f"{what}'s record", "owner", "payload"
        )
        if owned["payload"] != sha256(members[0]):
            raise Fault(f"{what}'s record of ownership names another object")


def check_order(archive: Archive, with_ranked: bool, report: Report) -> None:
    """A3, and the stage that the archive has reached."""
    may_follow = dict(MAY_FOLLOW, EncryptedTally=("Shuffle",) if with_ranked else ("PartialDecryption",))
    before = ""
    for event in archive.events:
        if event.type not in DATA_BEFORE:
            report.failed("A3", f"event {event.height} is of the unknown type {shown(event.type)!r}")
        elif event.type not in may_follow.get(before, ()):
            report.failed("A3", f"event {event.height} is {event.type} after {before or 'nothing'}")
        before = event.type
    if not archive.events:
        report.failed("A3", "there is no Setup event")
    kinds = {event.type for event in archive.events}
    report.stage = (
        "declared" if "Result" in kinds else "closed" if kinds - {"", "Setup", "Ballot"} else "open"
    )
    report.passed("A3", f"up to {before or 'nothing'}")


# ---------------------------------------------------------------- E1 to E6: the set-up


def read_setup(archive: Archive, file_uuid: str | None, report: Report) -> Election | None:
    """E1 to E6. None when the election object cannot be read; then nothing that needs it can be checked."""
    setups = [event for event in archive.of_type("Setup") if len(event.members) == DATA_BEFORE["Setup"]]
    if not setups:
        return None
    election_bytes, trustees_bytes, credentials_bytes, _ = setups[0].members
    _refuse_unsupported(election_bytes, trustees_bytes)
    with report.duty("E1", "the election object"):
        fields = _election_fields(election_bytes)
        group = GROUPS[fields["group"]]
        questions = tuple(_question(one) for one in forms.rows(fields["questions"], "questions"))
        report.passed("E1", f"{len(questions)} questions in {group.name}: {shown(fields['name'])!r}")
        _check_uuid(fields["uuid"], file_uuid, report)
        trustees = _check_trustees(trustees_bytes, group, report)
        key = _check_key(fields["public_key"], trustees, group, report)
        weights, credential_keys = _check_credentials(credentials_bytes, group, report)
        _check_questions(questions, group, weights, report)
        return Election(
            group.name,
            base64_hash(election_bytes),
            sha256(election_bytes),
            fields["uuid"],
            fields["description"],
            key,
            str(fields["public_key"]),
            questions,
            trustees,
            weights,
            credential_keys,
        )
    return None


def _refuse_unsupported(election_bytes: bytes, trustees_bytes: bytes) -> None:
    """Exit early, before any verdict, from elections of kinds that are not checked here."""
    kinds: list[str] = []
    try:
        election = forms.belenios(election_bytes, "the election")
        version = election.get("version")
        if isinstance(version, int) and version >= 2:
            kinds.append("protocol version 2")
        for question in election.get("questions", ()):
            if question.get("type") == "Lists":
                kinds.append("list questions")
            if question.get("blank") is True:
                kinds.append("blank options")
            if question.get("type") == "Homomorphic":
                kinds.append("protocol version 2")
    except (Fault, AttributeError, TypeError):
        pass  # E1 says what is wrong
    try:
        if any(entry[0] == "Pedersen" for entry in forms.belenios(trustees_bytes, "the trustees")):
            kinds.append("threshold trustees")
    except (Fault, LookupError, TypeError):
        pass  # E4 says what is wrong
    if kinds:
        raise Unsupported(", ".join(dict.fromkeys(kinds)))


def _election_fields(data: bytes) -> dict[str, Any]:
    required = ("version", "description", "name", "group", "public_key", "questions", "uuid")
    optional = ("administrator", "credential_authority", "language")
    fields = forms.entries(forms.belenios(data, "the election"), "the election", required, optional)
    forms.in_order(fields, "the election", required + optional)
    if fields["version"] != 1 or isinstance(fields["version"], bool):
        raise Fault("the election's version is not 1")
    for name in ("description", "name", "group", "uuid", "administrator", "credential_authority"):
        forms.text(fields.get(name, ""), f"the election's {name}")
    if fields["group"] not in GROUPS:
        raise Fault(f"the group {shown(fields['group'])!r} is not one of {', '.join(GROUPS)}")
    if "language" in fields:
        language = forms.rows(fields["language"], "the election's language", 2)
        if not isinstance(language[0], str) or language[1] not in ("ltr", "rtl"):
            raise Fault("the election's language is not a code and a direction")
    return fields


def _question(value: Any) -> Question:
    what = "a question"
    if isinstance(value, dict) and "type" in value:
        fields = forms.entries(value, what, ("type", "value"), ("extra",))
        forms.in_order(fields, what, ("type", "value", "extra"))
        if fields["type"] != "NonHomomorphic":
            raise Fault(f"a question is of the unknown type {shown(fields['type'])!r}")
        inner = forms.record(fields["value"], what, "answers", "question")
        return Question(forms.text(inner["question"], what), _answers(inner), ranked=True)
    order = ("answers", "blank", "min", "max", "question")
    fields = forms.entries(value, what, ("answers", "min", "max", "question"), ("blank",))
    forms.in_order(fields, what, order)
    if fields.get("blank", False) is not False:
        raise Fault("a question's blank option is neither true nor false")
    numbers = [fields["min"], fields["max"]]
    if any(not isinstance(number, int) or isinstance(number, bool) for number in numbers):
        raise Fault("a question's least and most choices are not numbers")
    return Question(forms.text(fields["question"], what), _answers(fields), False, numbers[0], numbers[1])


def _answers(fields: dict[str, Any]) -> tuple[str, ...]:
    return tuple(forms.text(answer, "an answer") for answer in forms.rows(fields["answers"], "the answers"))


def _check_uuid(uuid: str, file_uuid: str | None, report: Report) -> None:
    if not UUID.fullmatch(uuid):
        report.failed("E2", f"{shown(uuid)!r} is not the form of an identifier")
    if file_uuid is not None and file_uuid != uuid:
        report.failed("E2", f"the election is {shown(uuid)!r} but the file is named {shown(file_uuid)!r}")
    report.passed("E2", uuid if file_uuid else f"{uuid} (the file's name says nothing)")


def _check_questions(
    questions: tuple[Question, ...], group: Group, weights: dict[str, int], report: Report
) -> None:
    if not questions:
        report.failed("E3", "there is no question")
    for number, question in enumerate(questions, 1):
        answers = len(question.answers)
        if not answers:
            report.failed("E3", f"question {number} has no answers")
        if not question.ranked and not 0 <= question.low <= question.high <= answers:
            report.failed(
                "E3", f"question {number} asks for {question.low} to {question.high} of {answers} answers"
            )
        if question.ranked and answers > group.ranked_most:
            report.failed(
                "E3", f"question {number} ranks {answers} answers; {group.name} holds {group.ranked_most}"
            )
        if question.ranked and any(weight != 1 for weight in weights.values()):
            report.failed("E3", f"question {number} is ranked, but there are weights other than 1")
    report.passed(
        "E3",
        ", ".join(
            f"{len(one.answers)} answers {'ranked' if one.ranked else f'({one.low} to {one.high})'}"
            for one in questions
        ),
    )


def _check_trustees(data: bytes, group: Group, report: Report) -> tuple[tuple[str, Element], ...]:
    """E4. Keeps the place of a trustee whose key cannot be used: owners are numbers of places."""
    found: list[tuple[str, Element]] = []
    with report.duty("E4", "the list of trustees"):
        for number, entry in enumerate(
            forms.rows(forms.belenios(data, "the trustees"), "the list of trustees"), 1
        ):
            key, element = "", group.one
            with report.duty("E4", f"trustee {number}"):
                what = f"trustee {number}"
                if forms.rows(entry, what, 2)[0] != "Single":
                    raise Fault(f"{what} is of an unknown kind")
                fields = forms.entries(entry[1], what, ("pok", "public_key"), ("name",))
                forms.in_order(fields, what, ("pok", "public_key", "name"))
                forms.text(fields.get("name", ""), f"{what}'s name")
                key, element = str(fields["public_key"]), group.parse(fields["public_key"])
                challenge, response = proof(fields["pok"], group, f"{what}'s proof of possession")
                if group.outsiders([element]) or group.same(element, group.one):
                    raise Fault(f"{what}'s key is not a member of the group, or its identity")
                commitment = group.power_product([(group.g, response), (element, challenge)])
                if group.challenge(f"pok|{group.name}|{key}|", [commitment]) != challenge:
                    raise Fault(f"{what}'s proof of possession is wrong")
            found.append((key, element))
        if not found:
            raise Fault("there are no trustees")
        report.passed("E4", f"{len(found)} trustees, each with a proof")
    return tuple(found)


def _check_key(text: Any, trustees: tuple[tuple[str, Element], ...], group: Group, report: Report) -> Element:
    key = group.one
    with report.duty("E5", "the election's key"):
        key = group.parse(text)
        if not group.same(key, group.product([element for _, element in trustees])):
            raise Fault("the election's key is not the product of the trustees' keys")
        if group.outsiders([key]) or group.same(key, group.one):
            raise Fault("the election's key is not a member of the group, or its identity")
        report.passed("E5", f"the product of {len(trustees)} keys")
    return key


def _check_credentials(
    data: bytes, group: Group, report: Report
) -> tuple[dict[str, int], dict[str, Element]]:
    weights: dict[str, int] = {}
    keys: dict[str, Element] = {}
    with report.duty("E6", "the list of credentials"):
        rows = forms.rows(forms.belenios(data, "the credentials"), "the list of credentials")
        order: list[bytes | int] = []
        with_weight = 0
        for number, row in enumerate(rows, 1):
            with report.duty("E6", f"credential {number}"):
                text, comma, weight = forms.text(row, f"credential {number}").partition(",")
                key = group.parse(text)
                if text in weights:
                    raise Fault(f"credential {number} occurs twice")
                with_weight += bool(comma)
                weights[text] = (
                    forms.decimal(weight, f"the weight of credential {number}", 10**15) if comma else 1
                )
                order.append(group.order_key(text))
                keys[text] = key
        if order != sorted(order, key=lambda one: (isinstance(one, bytes), one)):
            report.failed("E6", "the credentials are not in the group's order")
        if 0 < with_weight < len(weights):
            report.failed(
                "E6", f"{with_weight} of {len(weights)} credentials have a weight; all or none must"
            )
        names = list(keys)
        for index in group.outsiders(list(keys.values())):
            report.failed("E6", f"credential {names[index][:12]}… is not a member of the group")
        if any(group.same(key, group.one) for key in keys.values()):
            report.failed("E6", "the identity stands among the credentials")
        report.passed("E6", f"{len(weights):,} credentials of total weight {sum(weights.values()):,}")
    return weights, keys


def proof(value: Any, group: Group, what: str) -> tuple[int, int]:
    """A pair of challenge and response, both canonical and below q."""
    fields = forms.record(value, what, "challenge", "response")
    challenge = forms.decimal(fields["challenge"], f"the challenge of {what}", group.q)
    return challenge, forms.decimal(fields["response"], f"the response of {what}", group.q)
