"""The three set-up objects as values: election, trustees, credentials.

Reads what the duties A3, E2 and the counting need; whether keys and proofs are sound is the kernel's to find.
None of them needs to be in canonical form (later minor versions add fields); duplicate fields,
floats and wrong kinds are refused.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, overload

from selectorate._kernel import Election, KernelError
from selectorate.ballot import wire
from selectorate.ballot.objects import Credential, Fault, Parameters, Trustees
from selectorate.ballot.questions import read_question
from selectorate.ballot.wire import Fields, sequence
from selectorate.errors import Refusal, refuse

SETUP_MAX: Final = 256 * 2**20
UUID: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}", re.ASCII)
_UNSUPPORTED: Final = "not yet supported: "
_WEIGHT = re.compile(r"0|[1-9][0-9]{0,30}", re.ASCII)
_PLAIN_LIST = re.compile(rb'\["[0-9a-f,]*+"(?:,"[0-9a-f,]*+")*+\]')
_PLAIN_TEXT = re.compile(rb'"([0-9a-f,]*+)"')
_DIGEST: Final = 32


def read_parameters(election: bytes) -> Parameters:
    """The election object. Raises Refusal `ballot.form` or `ballot.unsupported`."""
    found = wire.decode(election, what="the election", bytes_max=SETUP_MAX, canonical=False)
    fields = Fields("the election", found)
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
            read_question(number, entry) for number, entry in enumerate(fields.listed("questions"), 1)
        ),
        fingerprint=wire.fingerprint(election),
        administrator=fields.text_or_none("administrator"),
        credential_authority=fields.text_or_none("credential_authority"),
        language=_language(fields),
    )


def read_trustees(trustees: bytes) -> tuple[Trustees, ...]:
    """The list of trustees: single ones and threshold groups, numbered through. Raises Refusal `ballot.form`."""
    found = wire.decode(trustees, what="the list of trustees", bytes_max=SETUP_MAX, canonical=False)
    entries: list[Trustees] = []
    first = 1
    for entry in sequence("the list of trustees", found):
        what = f"trustee {first}"
        pair = sequence(what, entry)
        if len(pair) != 2 or pair[0] not in ("Single", "Pedersen"):
            raise refuse("ballot.form", what=what, because="it is neither Single nor Pedersen")
        if pair[0] == "Single":
            read = Trustees(first, (Fields(what, pair[1]).text("public_key"),))
        else:
            read = _group(first, Fields(f"the threshold group of trustee {first}", pair[1]))
        entries.append(read)
        first += len(read.keys)
    if not entries:
        raise refuse("ballot.form", what="the list of trustees", because="it is empty")
    return tuple(entries)


class Electorate(Sequence[Credential]):
    """The public credentials of an election, numbered from 0 by their place in the order of their hashes.

    About 40 bytes for each: their text is read again from the object when the entries themselves are asked for.
    """

    def __init__(self, credentials: bytes) -> None:
        """Raises Refusal `ballot.form`."""
        self._content = credentials
        self.weighted = False
        self.total = 0
        hashes: list[bytes] = []
        weights: dict[bytes, int] = {}
        for one in self:
            hashes.append(_digest(one.public))
            self.total += one.weight
            if one.weight != 1:
                weights[hashes[-1]] = one.weight
        hashes.sort()
        self._length = len(hashes)
        self._hashes = b"".join(hashes)
        self._weights: Sequence[int] = ()
        if weights:
            listed = [weights.get(one, 1) for one in hashes]
            self._weights = array("Q", listed) if max(listed) < 2**64 else listed

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Credential]:
        for number, entry in enumerate(_texts(self._content), 1):
            public, comma, weight = entry.partition(",")
            if comma and not _WEIGHT.fullmatch(weight):
                raise refuse(
                    "ballot.form", what=f"credential {number}", because="its weight is not a whole number"
                )
            self.weighted = self.weighted or bool(comma)
            yield Credential(public, int(weight) if comma else 1)

    @overload
    def __getitem__(self, position: int) -> Credential: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Credential, ...]: ...

    def __getitem__(self, position: int | slice) -> Credential | tuple[Credential, ...]:
        return tuple(self)[position]

    def number(self, public: str) -> int | None:
        """The number of a credential, None where it is not on the list."""
        wanted = _digest(public)
        found = bisect_left(range(self._length), wanted, key=self._hash)
        return found if found < self._length and self._hash(found) == wanted else None

    def weight(self, number: int) -> int:
        """The weight of the credential with this number."""
        return self._weights[number] if self._weights else 1

    def _hash(self, number: int) -> bytes:
        return self._hashes[_DIGEST * number : _DIGEST * (number + 1)]


def read_credentials(credentials: bytes) -> tuple[Electorate, bool]:
    """The public credentials and whether they carry weights. Raises Refusal `ballot.form`."""
    found = Electorate(credentials)
    return found, found.weighted


def _digest(public: str) -> bytes:
    return hashlib.sha256(public.encode("utf-8", "surrogatepass")).digest()


def _texts(content: bytes) -> Iterator[str]:
    """The texts of a list of texts, one after the other where it has the form that is always written."""
    if len(content) <= SETUP_MAX and _PLAIN_LIST.fullmatch(content):
        for found in _PLAIN_TEXT.finditer(content):
            yield found[1].decode("ascii")
        return
    listed = wire.decode(content, what="the list of credentials", bytes_max=SETUP_MAX, canonical=False)
    for number, entry in enumerate(sequence("the list of credentials", listed), 1):
        if not isinstance(entry, str):
            raise refuse("ballot.form", what=f"credential {number}", because="it is not text")
        yield entry


def require_supported(election: bytes) -> None:
    """Raise Refusal `ballot.unsupported` for a version that this one cannot judge; accept all else."""
    try:
        read_parameters(election)
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
    """Duties E1 and E3 to E9 on set-up objects that can be read."""
    faults = [Fault(duty, reason) for duty, reason in kernel.check_setup()]
    if not parameters.questions:
        faults.append(Fault("E3", "there is no question"))
    return tuple(faults)


def uuid_form(uuid: str) -> bool:
    """Whether the text has the form of an election's uuid: 14 to 64 Base58 characters."""
    return UUID.fullmatch(uuid) is not None


def _group(first: int, fields: Fields) -> Trustees:
    """A threshold group. How it was made, and whether that holds, is the kernel's to judge (E7 to E9)."""
    keys = fields.listed("verification_keys")
    read = [Fields(f"the verification key of trustee {first + n}", key) for n, key in enumerate(keys)]
    older = []
    if "signatures" not in fields.found:
        older.append("certificates without a context")
    if not any("signature" in key.found for key in read):
        older.append("keys that are not signed")
    return Trustees(
        first=first,
        keys=tuple(key.text("public_key") for key in read),
        threshold=fields.number("threshold"),
        group=True,
        older=" and ".join(older),
    )


def _language(fields: Fields) -> tuple[str, str] | None:
    if "language" not in fields.found:
        return None
    pair = fields.texts("language")
    if len(pair) != 2:
        raise refuse(
            "ballot.form", what=fields.what, because="its field language is not a code and a direction"
        )
    return pair[0], pair[1]
