"""The archive file, and what its set-up says of the election, the questions and the credentials.

Duties done here: A1 to A3 (file, chain, order of events; A4 is in verify.py), E1, E2, E3 and E6 (election, identifier,
questions, credentials). E4, E5 and E7 to E9 are called from here and done in trustees.py.

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
from auditor.forms import SMALL, Fault, Report, Unsupported, Waits, shown
from auditor.groups import GROUPS, Element, Group
from auditor.trustees import Part, check_trustees

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
    """One event: its place, type, hash, and the data members directly before it."""

    height: int
    type: str
    sha256: str
    members: tuple[bytes, ...]
    owner_readable: bool = True

    def objects(self) -> tuple[bytes, ...]:
        """The data members, if there are as many as the type requires; else whoever asks waits for A2."""
        if len(self.members) != DATA_BEFORE[self.type] or not self.owner_readable:
            raise Waits("A2")
        return self.members

    def owner(self) -> object:
        """What the record of ownership gives as owner, a number of a trustee or not."""
        return forms.belenios(self.objects()[1], "a record of ownership", SMALL)["owner"]


@dataclass(frozen=True)
class Question:
    """One question. Of one with choices `low` and `high` are the least and the most of them; in one with lists
    each list is its name and its candidates, and `answers` are all of these in a row."""

    kind: str  # "choices", "lists" or "ranked"
    text: str
    answers: tuple[str, ...]
    low: int = 0
    high: int = 0
    blank: bool = False
    lists: tuple[int, ...] = ()  # the length of each list

    @property
    def ranked(self) -> bool:
        return self.kind == "ranked"

    @property
    def width(self) -> int:
        """How many ciphertexts an answer has."""
        return 1 if self.ranked else len(self.answers) + self.blank

    def row(self, value: Any, what: str, size: int | None = None) -> list[Any]:
        """The entries of a list, or of a list of lists where the question asks for lists; all in a row."""
        if self.kind != "lists":
            return forms.rows(value, what, self.width if size is None else size)
        rows = forms.rows(value, what, len(self.lists))
        return [
            one for row, length in zip(rows, self.lists, strict=True) for one in forms.rows(row, what, length)
        ]

    def name(self) -> str:
        if self.kind == "choices":
            return (
                f"{len(self.answers)} answers ({self.low} to {self.high}{', or blank' if self.blank else ''})"
            )
        return f"{len(self.answers)} answers ranked" if self.ranked else f"{len(self.lists)} lists"


@dataclass(frozen=True)
class Election:
    """What the set-up says. Keys are elements, with their strings; weights by credential, in order."""

    group_name: str
    phi: str
    sha256: str
    uuid: str
    description: str
    key: Element | None
    key_text: str
    questions: tuple[Question, ...]
    trustees: tuple[tuple[str, Element | None], ...]
    parts: tuple[Part, ...]
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


# ---------------------------------------------------------------- A1 to A3: the file


def read_archive(data: bytes, report: Report) -> Archive:
    """A1 and A2. Gives what could be read."""
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
    head = forms.record(
        forms.belenios(body, "the first member", SMALL), "the first member", "version", "timestamp"
    )
    if head["version"] == 2:
        raise Unsupported("protocol version 2")
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
    kind, owner_readable = "", True
    order, optional = ("parent", "height", "type", "payload"), ("parent", "payload")
    with report.duty("A1", what):
        wrong: list[str] = []
        fields = forms.loose(forms.plain(body, what, wrong, SMALL), what, order, optional, wrong)
        for sentence in wrong:
            report.failed("A1", sentence)
        kind = forms.text(fields["type"], f"{what}'s type")
        if not kind:
            raise Fault(f"{what}'s type is empty")
        for sentence in _wrong_links(fields, height, parent, members, kind):
            report.failed("A2", sentence)
        with report.duty("A2", f"{what}'s record"):
            owner_readable = False
            _check_names(kind, members, what, report)
            owner_readable = True
    if not kind:
        report.waits("A2", "A1")
        report.waits("A3", "A1")
    return Event(height, kind, sha256(body), tuple(members), owner_readable)


def _wrong_links(
    fields: dict[str, Any], height: int, parent: str | None, members: list[bytes], kind: str
) -> list[str]:
    what, needed = f"event {height}", DATA_BEFORE.get(kind, len(members))  # A3 tells of an unknown type
    found = []
    if fields["height"] != height or isinstance(fields["height"], bool):
        found.append(f"{what} says that its height is {shown(fields['height'])}")
    if fields.get("parent") != parent:
        found.append(f"{what} does not name the event before it")
    if len(members) != needed:
        found.append(f"{what} ({kind}) has {len(members)} data members before it instead of {needed}")
    if fields.get("payload") != (sha256(members[-1]) if members else None):
        found.append(f"{what} does not name the data member before it")
    return found


def _check_names(kind: str, members: list[bytes], what: str, report: Report) -> None:
    """The set-up's record and those of ownership. A wrong name is told; a Fault says there is nothing to read."""
    if len(members) != DATA_BEFORE.get(kind, -1):
        return
    if kind == "Setup":
        names = forms.belenios(members[3], "the set-up record", SMALL)
        forms.record(names, "the set-up record", "election", "trustees", "credentials")
        if list(names.values()) != [sha256(member) for member in members[:3]]:
            report.failed("A2", "the set-up record does not name election, trustees and credentials")
    if kind in ("Shuffle", "PartialDecryption"):
        owned = forms.belenios(members[1], f"{what}'s record of ownership", SMALL)
        forms.record(owned, f"{what}'s record of ownership", "owner", "payload")
        if owned["payload"] != sha256(members[0]):
            report.failed("A2", f"{what}'s record of ownership names another object")


def check_order(archive: Archive, with_ranked: bool | None, report: Report) -> None:
    """A3, and the stage that the archive has reached."""
    after_tally = {None: ("Shuffle", "PartialDecryption"), True: ("Shuffle",), False: ("PartialDecryption",)}
    may_follow = dict(MAY_FOLLOW, EncryptedTally=after_tally[with_ranked])
    before, readable = "", True
    for event in archive.events:
        if event.type and event.type not in DATA_BEFORE:
            report.failed("A3", f"event {event.height} is of the unknown type {shown(event.type)!r}")
        elif event.type and readable and event.type not in may_follow.get(before, ()):
            report.failed("A3", f"event {event.height} is {event.type} after {before or 'nothing'}")
        before, readable = event.type, bool(event.type)
    if not archive.of_type("Setup"):
        report.failed("A3", "there is no Setup event")
    kinds = {event.type for event in archive.events}
    report.stage = (
        "declared" if "Result" in kinds else "closed" if kinds - {"", "Setup", "Ballot"} else "open"
    )
    report.passed("A3", f"up to {before or 'nothing'}")


# ---------------------------------------------------------------- E1 to E9: the set-up

OPTIONAL = ("administrator", "credential_authority", "language")
FIELDS = ("version", "description", "name", "group", "public_key", "questions", "uuid", *OPTIONAL)


def read_setup(archive: Archive, file_uuid: str | None, report: Report) -> Election | None:
    """E1 to E9. None when something of the set-up cannot be read at all; then all that is left waits for it."""
    setups = [event for event in archive.of_type("Setup") if len(event.members) == DATA_BEFORE["Setup"]]
    if not setups:
        return None
    election_bytes, trustees_bytes, credentials_bytes, _ = setups[0].members
    with report.duty("E1", "the election object"):
        remarks: list[str] = []
        fields = _election_fields(election_bytes, remarks)
        group = GROUPS[fields["group"]]
        questions = tuple(_question(one, remarks) for one in forms.rows(fields["questions"], "questions"))
        report.passed("E1", f"{len(questions)} questions in {group.name}: {shown(fields['name'])!r}")
        report.remark("E1", remarks)
        _check_uuid(fields["uuid"], file_uuid, report)
        trustees = check_trustees(trustees_bytes, fields["public_key"], group, report)
        credentials = _check_credentials(credentials_bytes, group, report)
        _check_questions(questions, group, credentials, report)
        if trustees is None or credentials is None:
            return None
        weights, credential_keys = credentials
        return Election(
            group.name,
            base64_hash(election_bytes),
            sha256(election_bytes),
            fields["uuid"],
            fields["description"],
            trustees.election_key,
            str(fields["public_key"]),
            questions,
            trustees.keys,
            trustees.parts,
            weights,
            credential_keys,
        )
    return None


def _election_fields(data: bytes, remarks: list[str]) -> dict[str, Any]:
    value = forms.plain(data, "the election", remarks)
    if isinstance(value, dict) and value.get("version") == 2:
        raise Unsupported("protocol version 2")
    fields = forms.loose(value, "the election", FIELDS, OPTIONAL, remarks)
    if fields["version"] != 1 or isinstance(fields["version"], bool):
        raise Fault("the election's version is not 1")
    for name in ("description", "name", "group", "public_key", "uuid", *OPTIONAL[:2]):
        forms.text(fields.get(name, ""), f"the election's {name}")
    if fields["group"] not in GROUPS:
        raise Fault(f"the group {shown(fields['group'])!r} is not one of {', '.join(GROUPS)}")
    if "language" in fields:
        language = forms.rows(fields["language"], "the election's language", 2)
        if not isinstance(language[0], str) or language[1] not in ("ltr", "rtl"):
            raise Fault("the election's language is not a code and a direction")
    return fields


def _question(value: Any, remarks: list[str]) -> Question:
    what = "a question"
    if isinstance(value, dict) and "type" in value:
        fields = forms.loose(value, what, ("type", "value", "extra"), ("extra",), remarks)
        if fields["type"] not in ("NonHomomorphic", "Lists"):
            raise Fault(f"a question is of the unknown type {shown(fields['type'])!r}")
        inner = forms.loose(fields["value"], what, ("answers", "question"), (), remarks)
        asked = forms.text(inner["question"], what)
        answers = forms.rows(inner["answers"], "the answers")
        if fields["type"] == "NonHomomorphic":
            return Question("ranked", asked, _texts(answers))
        rows = [_texts(forms.rows(one, "a list")) for one in answers]
        return Question("lists", asked, sum(rows, ()), lists=tuple(map(len, rows)))
    fields = forms.loose(value, what, ("answers", "blank", "min", "max", "question"), ("blank",), remarks)
    blank, numbers = fields.get("blank", False), [fields["min"], fields["max"]]
    if not isinstance(blank, bool):
        raise Fault("a question's blank option is neither true nor false")
    if any(not isinstance(number, int) or isinstance(number, bool) for number in numbers):
        raise Fault("a question's least and most choices are not numbers")
    answers = forms.rows(fields["answers"], "the answers")
    return Question(
        "choices", forms.text(fields["question"], what), _texts(answers), numbers[0], numbers[1], blank
    )


def _texts(values: list[Any]) -> tuple[str, ...]:
    return tuple(forms.text(one, "an answer") for one in values)


def _check_uuid(uuid: str, file_uuid: str | None, report: Report) -> None:
    if not UUID.fullmatch(uuid):
        report.failed("E2", f"{shown(uuid)!r} is not the form of an identifier")
    if file_uuid is not None and file_uuid != uuid:
        report.failed("E2", f"the election is {shown(uuid)!r} but the file is named {shown(file_uuid)!r}")
    report.passed("E2", uuid if file_uuid else f"{uuid} (the file's name says nothing)")


def _check_questions(
    questions: tuple[Question, ...],
    group: Group,
    credentials: tuple[dict[str, int], Any] | None,
    report: Report,
) -> None:
    if not questions:
        report.failed("E3", "there is no question")
    for number, question in enumerate(questions, 1):
        answers = len(question.answers)
        if not answers:
            report.failed("E3", f"question {number} has no answers")
        if not 0 <= question.low <= question.high <= answers:
            report.failed(
                "E3", f"question {number} asks for {question.low} to {question.high} of {answers} answers"
            )
        if any(length < 2 for length in question.lists):
            report.failed("E3", f"question {number} has a list without a candidate")
        if question.ranked and answers > group.ranked_most:
            report.failed(
                "E3", f"question {number} ranks {answers} answers; {group.name} holds {group.ranked_most}"
            )
        if question.ranked and credentials and any(weight != 1 for weight in credentials[0].values()):
            report.failed("E3", f"question {number} is ranked, but there are weights other than 1")
    report.passed("E3", ", ".join(one.name() for one in questions))


def _check_credentials(
    data: bytes, group: Group, report: Report
) -> tuple[dict[str, int], dict[str, Element]] | None:
    """E6. None when there is no list at all."""
    weights: dict[str, int] = {}
    keys: dict[str, Element] = {}
    with report.duty("E6", "the list of credentials"):
        wrong: list[str] = []
        rows = forms.rows(forms.plain(data, "the list of credentials", wrong), "the list of credentials")
        for sentence in wrong:
            report.failed("E6", sentence)
        order: list[bytes | int] = []
        with_weight = 0
        for number, row in enumerate(rows, 1):
            with report.duty("E6", f"credential {number}"):
                text, comma, weight = forms.text(row, f"credential {number}").partition(",")
                key = group.parse(text)
                if text in weights:
                    raise Fault(f"credential {number} occurs twice")
                with_weight += bool(comma)
                weights[text], keys[text] = 1, key
                order.append(group.order_key(text))
                if comma:
                    weights[text] = forms.decimal(weight, f"the weight of credential {number}", 10**30)
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
    return None
