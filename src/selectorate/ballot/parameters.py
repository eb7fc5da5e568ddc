"""The three set-up objects as values: election, trustees, credentials.

Reads what the duties A3, E2 and the counting need; whether keys and proofs are sound is the kernel's to find.
None of them needs to be in canonical form (later minor versions add fields); duplicate fields,
floats and wrong kinds are refused.
"""

from __future__ import annotations

import re
from typing import Any, Final

from selectorate._kernel import Election, KernelError
from selectorate.ballot import wire
from selectorate.ballot.objects import Credential, Fault, Parameters, Question
from selectorate.errors import Refusal, refuse

SETUP_MAX: Final = 256 * 2**20
UUID: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}", re.ASCII)
_UNSUPPORTED: Final = "not yet supported: "
_WEIGHT = re.compile(r"0|[1-9][0-9]{0,30}", re.ASCII)


def read_parameters(election: bytes) -> Parameters:
    """The election object. Raises Refusal `ballot.form` or `ballot.unsupported`."""
    found = wire.decode(election, what="the election", bytes_max=SETUP_MAX, canonical=False)
    fields = _Fields("the election", found)
    version = fields.number("version")
    if version > 1:
        raise refuse("ballot.unsupported", kind=f"protocol version {version}")
    if version != 1:
        raise refuse("ballot.form", what="the election", because=f"its version is {version}")
    return Parameters(
        uuid=fields.text("uuid"),
        group=fields.text("group"),
        name=fields.text("name"),
        description=fields.text("description"),
        public_key=fields.text("public_key"),
        questions=tuple(
            _question(number, entry) for number, entry in enumerate(fields.listed("questions"), 1)
        ),
        fingerprint=wire.fingerprint(election),
        administrator=fields.text_or_none("administrator"),
        credential_authority=fields.text_or_none("credential_authority"),
    )


def read_trustees(trustees: bytes) -> tuple[str, ...]:
    """The trustees' public keys in order; trustee n is entry n-1. Raises Refusal as `read_parameters`."""
    found = wire.decode(trustees, what="the list of trustees", bytes_max=SETUP_MAX, canonical=False)
    keys = []
    for number, entry in enumerate(_sequence("the list of trustees", found), 1):
        pair = _sequence(f"trustee {number}", entry)
        if len(pair) == 2 and pair[0] == "Pedersen":
            raise refuse("ballot.unsupported", kind="threshold trustees")
        if len(pair) != 2 or pair[0] != "Single":
            raise refuse("ballot.form", what=f"trustee {number}", because="it is neither Single nor Pedersen")
        keys.append(_Fields(f"trustee {number}", pair[1]).text("public_key"))
    if not keys:
        raise refuse("ballot.form", what="the list of trustees", because="it is empty")
    return tuple(keys)


def read_credentials(credentials: bytes) -> tuple[tuple[Credential, ...], bool]:
    """The public credentials and whether they carry weights. Raises Refusal `ballot.form`."""
    found = wire.decode(credentials, what="the list of credentials", bytes_max=SETUP_MAX, canonical=False)
    entries = _sequence("the list of credentials", found)
    read = []
    weighted = 0
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, str):
            raise refuse("ballot.form", what=f"credential {number}", because="it is not text")
        public, comma, weight = entry.partition(",")
        if comma and not _WEIGHT.fullmatch(weight):
            raise refuse(
                "ballot.form", what=f"credential {number}", because="its weight is not a whole number"
            )
        weighted += bool(comma)
        read.append(Credential(public, int(weight) if comma else 1))
    return tuple(read), weighted > 0


def require_supported(election: bytes, trustees: bytes) -> None:
    """Raise Refusal `ballot.unsupported` for the kinds that this version cannot judge; accept all else."""
    for reader, content in ((read_parameters, election), (read_trustees, trustees)):
        try:
            reader(content)
        except Refusal as refusal:
            if refusal.code == "ballot.unsupported":
                raise


def open_election(election: bytes, trustees: bytes, credentials: bytes) -> Election:
    """The kernel's view of the three objects; what else is wrong with them `setup_faults` finds.

    Raises Refusal `ballot.unsupported`, or `ballot.setup` with the duty of the object that cannot be read.
    """
    try:
        return Election(election, trustees, credentials)
    except KernelError as reason:
        text = str(reason)
    if text.startswith(_UNSUPPORTED):
        raise refuse("ballot.unsupported", kind=text[len(_UNSUPPORTED) :].rstrip("."))
    duties = (("credentials:", "E6"), ("trustees:", "E4"))
    duty = next((duty for start, duty in duties if text.startswith(start)), "E1")
    raise refuse("ballot.setup", duty=duty, because=text)


def setup_faults(kernel: Election, parameters: Parameters) -> tuple[Fault, ...]:
    """Duties E1 and E3 to E6 on set-up objects that can be read."""
    faults = [Fault(duty, reason) for duty, reason in kernel.check_setup()]
    if not parameters.questions:
        faults.append(Fault("E3", "there is no question"))
    return tuple(faults)


def uuid_form(uuid: str) -> bool:
    """Whether the text has the form of an election's uuid: 14 to 64 Base58 characters."""
    return UUID.fullmatch(uuid) is not None


def _question(number: int, found: Any) -> Question:
    what = f"question {number}"
    fields = _Fields(what, found)
    if "type" not in fields.found:
        if fields.flag("blank"):
            raise refuse("ballot.unsupported", kind="a blank option")
        return Question(
            "homomorphic",
            fields.text("question"),
            fields.texts("answers"),
            fields.number("min"),
            fields.number("max"),
        )
    kind = fields.text("type")
    if kind == "Lists":
        raise refuse("ballot.unsupported", kind="list questions")
    if kind != "NonHomomorphic":
        raise refuse("ballot.unsupported", kind=f"questions of the kind {kind}")
    inner = _Fields(what, fields.found.get("value"))
    return Question("ranked", inner.text("question"), inner.texts("answers"))


def _sequence(what: str, found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise refuse("ballot.form", what=what, because="a list was expected")
    return found


class _Fields:
    """Typed access to the fields of one object; every wrong kind is a refusal that names the field."""

    def __init__(self, what: str, found: Any) -> None:
        if not isinstance(found, dict):
            raise refuse("ballot.form", what=what, because="an object with fields was expected")
        self.what = what
        self.found: dict[str, Any] = found

    def text(self, name: str) -> str:
        value = self.found.get(name)
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        return value

    def text_or_none(self, name: str) -> str | None:
        return self.text(name) if name in self.found else None

    def number(self, name: str) -> int:
        value = self.found.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, "a whole number")
        return value

    def flag(self, name: str) -> bool:
        value = self.found.get(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def listed(self, name: str) -> list[Any]:
        value = self.found.get(name)
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.listed(name)
        if not all(isinstance(value, str) for value in values):
            raise self._wrong(name, "a list of texts")
        return tuple(values)

    def _wrong(self, name: str, wanted: str) -> Refusal:
        return refuse("ballot.form", what=self.what, because=f"its field {name} is not {wanted}")
