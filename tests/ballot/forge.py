"""A forger's kit: take an archive apart, change anything, and make every outer hash right again.

Written apart from the package on purpose (its own headers, chain and signatures), so that a test shows what
somebody with the electors' and the server's powers could send, not what our own writer would refuse to write.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Field:
    """A finite-field group: modulus, order of the subgroup, generator (public constants of the protocol)."""

    p: int
    q: int
    g: int

    def hashed(self, text: str) -> int:
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % self.q


BELENIOS = Field(
    int(
        "206947856914225464010136436575050080649229892957511040971008847870573742192427174019222372"
        "544976843381290666331380789584049600543896362897963930387739057228036059737494276713767776"
        "188985898727358650490811670993105358677809800307904916540637771737641986785272734744763418"
        "356000356983051931442845617019110007867373073335641239717328979132404745788344682606523279"
        "746479511376726586935821800463179220736688600526271863633860887968821207694323661494910029"
        "234443463732221458841005864210502421203654335612013204811188524087310770141516662001623131"
        "77169372189248078507711827842317498073276598828825169183103125680162072880719"
    ),
    78571733251071885079927659812671450121821421258408794611510081919805623223441,
    int(
        "240235267750185220922768770353239993271228765737836491651007531878766327414635321932028567"
        "615526967879969466829874938909508389657342560190060106847716449173547413728310461045868131"
        "451178164675540052740288984613986453266121505579709716201616827031288643245666383486363578"
        "210615491841998253431518974065818686865115135857641013888221539601604322884360393098933366"
        "277284840659313840601023167509576377798266510360682240663507669776402534625377308513317349"
        "519424896775405257365904949247763147599157519877517771148149092045660020547812705472823814"
        "0972518639858334115700568353695553423781475582491896050296680037745308460627"
    ),
)
RFC_3526 = Field(
    p := int(
        "323170060713110073003389139264238282488179412411402391128420097514007417066343542226196894"
        "173635693471179017379097041917546058732091950288537589861856221532121754125149017745202702"
        "357960782362488842461894775876411059286460994117232454266225221932305409190376805242355191"
        "256797158701170010580558776510388618472802579760549035697325615261670813393617995413364765"
        "591603683178967290731783845896806396719009772021941686472258710314113364293195361934716365"
        "332097170774482279885885653692086452966360772502689555059283627511211740969729980684105543"
        "59584866583291642136218231078990999448652468262416972035911852507045361090559"
    ),
    (p - 1) // 2,
    2,
)


@dataclass
class Step:
    """One event to be: its type and the data members before it; `record` is kept unless it is relinked."""

    kind: str
    content: list[bytes]


@dataclass
class Parts:
    """An archive taken apart."""

    timestamp: int
    steps: list[Step] = field(default_factory=list)

    def of(self, kind: str) -> list[Step]:
        return [step for step in self.steps if step.kind == kind]

    @property
    def ballots(self) -> list[dict[str, Any]]:
        return [json.loads(step.content[0]) for step in self.of("Ballot")]


def take_apart(archive: bytes) -> Parts:
    """Only for sound archives: walks the blocks and trusts them."""
    parts = Parts(0)
    waiting: list[bytes] = []
    position = 0
    while position < len(archive):
        name = archive[position : position + 100].rstrip(b"\0").decode()
        size = int(archive[position + 124 : position + 135], 8)
        body = archive[position + 512 : position + 512 + size]
        position += 512 + (size + 511) // 512 * 512
        if name == "BELENIOS":
            parts.timestamp = int(json.loads(body)["timestamp"])
        elif name.endswith(".data.json"):
            waiting.append(body)
        else:
            parts.steps.append(Step(json.loads(body)["type"], waiting))
            waiting = []
    return parts


def put_together(parts: Parts, *, relink: bool = True) -> bytes:
    """The archive again: hashes, heights, parents right; with `relink` also those inside the records."""
    chunks = [
        member("BELENIOS", canonical({"version": 1, "timestamp": str(parts.timestamp)}), parts.timestamp)
    ]
    parent = None
    for height, step in enumerate(parts.steps):
        content = linked(step) if relink else step.content
        record: dict[str, Any] = {} if parent is None else {"parent": parent}
        record |= {"height": height, "type": step.kind}
        if content:
            record["payload"] = sha(content[-1])
        chunks += [member(sha(body) + ".data.json", body, parts.timestamp) for body in content]
        chunks.append(member(sha(canonical(record)) + ".event.json", canonical(record), parts.timestamp))
        parent = sha(canonical(record))
    return b"".join(chunks)


def linked(step: Step) -> list[bytes]:
    """The data members with the hashes inside the last record made right."""
    content = list(step.content)
    if step.kind == "Setup":
        names = ("election", "trustees", "credentials")
        content[3] = canonical({name: sha(body) for name, body in zip(names, content, strict=False)})
    elif step.kind == "EncryptedTally":
        sized = json.loads(content[1])
        sized["encrypted_tally"] = sha(content[0])
        content[1] = canonical(sized)
    elif step.kind in ("Shuffle", "PartialDecryption"):
        content[1] = canonical({"owner": json.loads(content[1])["owner"], "payload": sha(content[0])})
    return content


def member(name: str, body: bytes, timestamp: int) -> bytes:
    header = bytearray(512)
    header[0 : len(name)] = name.encode()
    header[100:107] = b"0000644"
    header[108:115] = header[116:123] = b"0000000"
    header[124:135] = f"{len(body):011o}".encode()
    header[136:147] = f"{timestamp:011o}".encode()
    header[148:156] = b" " * 8
    header[156:157] = b"0"
    header[148:156] = f"{sum(header):06o}".encode() + b"\0 "
    return bytes(header) + body + bytes(-len(body) % 512)


def canonical(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def short(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode().rstrip("=")


def secret_of(uuid: str, credential: str, group: Field = BELENIOS) -> int:
    """The exponent of a private credential, of 15 or of 22 characters."""
    if len(credential) == 19:
        derived = hashlib.pbkdf2_hmac("sha256", credential.encode(), uuid.encode(), 1000, 32)
        return int.from_bytes(derived, "big") % group.q
    halves = (f"derive_credential|{uuid}|{half}|{credential}" for half in (0, 1))
    return int("".join(sha(half.encode()) for half in halves), 16) % group.q


def sign(ballot: dict[str, Any], secret: int, group: Field = BELENIOS) -> bytes:
    """The ballot with a valid signature over whatever stands in it."""
    unsigned = {name: value for name, value in ballot.items() if name != "signature"}
    digest = short(canonical(unsigned))
    nonce = 12345678901234567890
    challenge = group.hashed(f"sig|{digest}|{pow(group.g, nonce, group.p)}")
    proof = {"challenge": str(challenge), "response": str((nonce - secret * challenge) % group.q)}
    return canonical(unsigned | {"signature": {"hash": digest, "proof": proof}})


def folder(vectors: Path, name: str) -> Path:
    return vectors / "ballot" / "elections" / name


def archive_file(place: Path) -> Path:
    return next(place.glob("*.bel"))
