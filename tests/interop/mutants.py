"""Sound archives made unsound (or not) in one place, with every outer hash made right again.

An edit is drawn from a seeded generator: in the order of the events, in any object of any event, or in the bytes
of the file. What an edit means is not known here; the tests ask whether judges agree about what came out. Signing
a ballot anew after an edit takes the elector's private credential, as it would take an elector.
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.groups import GROUPS
from tests.ballot.forge import Parts, Step, canonical, put_together, secret_of, short, take_apart

KINDS = (
    "Setup",
    "Ballot",
    "EndBallots",
    "EncryptedTally",
    "Shuffle",
    "EndShuffles",
    "PartialDecryption",
    "Result",
)
NUMBER = re.compile(r"-?[0-9]+")
HEX = re.compile(r"[0-9a-f]{64}")
Path = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One edited archive. what: the edit, in words that find it again."""

    content: bytes
    uuid: str
    what: str


@dataclass(frozen=True, slots=True)
class Honest:
    """What is edited: a sound archive, and the private credentials of its electors."""

    content: bytes
    uuid: str
    secrets: tuple[str, ...]
    group: str


def mutant(seed: str, honest: Honest) -> Mutant:
    """The edit that a seed draws. It may happen to change nothing that matters."""
    chance = random.Random(seed)
    share = chance.random()
    if share < 0.08:
        content, what = raw(chance, honest.content)
        return Mutant(content, honest.uuid, what)
    parts = take_apart(honest.content)
    if share < 0.28:
        what, relink = order(chance, parts)
    else:
        what, relink = inside(chance, parts, honest)
    return Mutant(put_together(parts, relink=relink), honest.uuid, what)


# the bytes of the file


def raw(chance: random.Random, content: bytes) -> tuple[bytes, str]:
    place = chance.randrange(len(content))
    edits: list[tuple[str, Callable[[], bytes]]] = [
        (
            "another byte",
            lambda: (
                content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
            ),
        ),
        ("cut off", lambda: content[:place]),
        ("cut off at a block", lambda: content[: place // 512 * 512]),
        ("two empty blocks at the end", lambda: content + bytes(1024)),
        ("a byte more", lambda: content + b"\0"),
        ("a block taken out", lambda: content[: place // 512 * 512] + content[place // 512 * 512 + 512 :]),
    ]
    name, edit = chance.choice(edits)
    return edit(), f"file, byte {place}: {name}"


# the order of the events


def order(chance: random.Random, parts: Parts) -> tuple[str, bool]:
    """Take out, repeat, exchange, move or rename whole events, or their data members."""
    steps = parts.steps
    place, other = chance.randrange(len(steps)), chance.randrange(len(steps))
    kind = steps[place].kind
    edit = chance.choice(
        ("drop", "repeat", "exchange", "move", "rename", "cut", "drop member", "repeat member", "members of")
    )
    what = f"event {place} {kind}: {edit}"
    relink = True
    if edit == "drop":
        del steps[place]
    elif edit == "repeat":
        steps.insert(chance.choice((place, other)), copy.deepcopy(steps[place]))
    elif edit == "exchange":
        steps[place], steps[other] = steps[other], steps[place]
        what += f" with {other}"
    elif edit == "move":
        steps.insert(other, steps.pop(place))
        what += f" to {other}"
    elif edit == "rename":
        steps[place].kind = chance.choice((*KINDS, "Ballots", ""))
        what += f" to {steps[place].kind}"
        relink = False
    elif edit == "cut":
        del steps[place + 1 :]
    else:
        relink = False
        content = steps[place].content
        what = members(chance, content, steps, edit, what)
    return what, relink and all(fits(step) for step in steps)


def members(chance: random.Random, content: list[bytes], steps: Sequence[Step], edit: str, what: str) -> str:
    if edit == "drop member" and content:
        del content[chance.randrange(len(content))]
    elif edit == "repeat member" and content:
        content.insert(chance.randrange(len(content)), content[0])
    else:
        other = chance.choice(steps)
        content[:] = other.content
        what += f" a {other.kind}"
    return what


def fits(step: Step) -> bool:
    """Whether the hashes inside can be made right: the record is the one that its type has."""
    lengths = {"Setup": 4, "EncryptedTally": 2, "Shuffle": 2, "PartialDecryption": 2}
    if step.kind not in lengths:
        return True
    return len(step.content) == lengths[step.kind] and b'"alpha"' not in step.content[-1]


# inside an object


def inside(chance: random.Random, parts: Parts, honest: Honest) -> tuple[str, bool]:
    """One edit at one place of one object: each kind of object is as likely as any other."""
    kinds = sorted({(step.kind, place) for step in parts.steps for place in range(len(step.content))})
    kind, member = chance.choice(kinds)
    number = chance.choice([at for at, step in enumerate(parts.steps) if step.kind == kind])
    step = parts.steps[number]
    record = member == len(step.content) - 1 and kind in (
        "Setup",
        "EncryptedTally",
        "Shuffle",
        "PartialDecryption",
    )
    step.content[member], what = rewritten(chance, step.content[member], honest, ballot=kind == "Ballot")
    return f"event {number} {kind}, member {member}, {what}", not record


def ballot_mutant(seed: str, ballot: bytes, honest: Honest) -> tuple[bytes, str]:
    """One ballot with the edit that a seed draws, and the edit in words."""
    return rewritten(random.Random(seed), ballot, honest, ballot=True)


def rewritten(chance: random.Random, content: bytes, honest: Honest, *, ballot: bool) -> tuple[bytes, str]:
    """One edit at one place of one object; a ballot is more often than not signed again."""
    value = json.loads(content)
    path = chance.choice(places(value, chance))
    strings = sorted({each for each in texts(value) if NUMBER.fullmatch(each) or HEX.fullmatch(each)})
    changed, edit = edited(chance, value, path, strings, honest.group)
    again = ""
    if ballot and isinstance(changed, dict) and chance.random() < 0.6:
        again = signed_again(changed, honest)
    where = ".".join(str(each) for each in path) or "all of it"
    return written(chance, changed), f"{where}: {edit}{again}"


def written(chance: random.Random, value: Any) -> bytes:
    """The object's bytes: nearly always canonical, once in a while with a blank, a newline or an escape."""
    text = canonical(value)
    share = chance.random()
    if share < 0.02:
        return text + b"\n"
    if share < 0.04:
        return text.replace(b",", b", ", 1)
    if share < 0.06:
        return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()
    return text


def places(value: Any, chance: random.Random) -> list[Path]:
    """Paths into the object, one branch at each level drawn at random, so that long lists weigh no more."""
    found: list[Path] = [()]
    path: Path = ()
    while isinstance(value, dict | list) and value:
        step = chance.choice(sorted(value)) if isinstance(value, dict) else chance.randrange(len(value))
        path = (*path, step)
        value = value[step]
        found.append(path)
        if isinstance(value, str) and value.startswith(("{", "[")):
            value = json.loads(value)
            path = (*path, "text")
    return [found[-1], *found[-3:], chance.choice(found)]


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in entries for text in texts(each)]


def edited(
    chance: random.Random, value: Any, path: Path, strings: Sequence[str], group: str
) -> tuple[Any, str]:
    """The object with one edit at a path, and the edit's name."""
    if not path:
        return leaf(chance, value, strings, group)
    step, rest = path[0], path[1:]
    if step == "text":
        inner, name = edited(chance, json.loads(value), rest, strings, group)
        return canonical(inner).decode(), name
    value = copy.copy(value)
    if not rest and chance.random() < 0.35:
        return around(chance, value, step)
    value[step], name = edited(chance, value[step], rest, strings, group)
    return value, name


def around(chance: random.Random, value: Any, step: Any) -> tuple[Any, str]:
    """Edit the list or object that holds the place: drop, repeat, exchange; or a field more, or renamed."""
    if isinstance(value, dict):
        edit = chance.choice(("drop", "last", "more", "rename", "null"))
        kept = value.pop(step)
        if edit == "last":
            value[step] = kept
        elif edit == "more":
            value |= {step: kept, "note": chance.choice(("", 1, [], "x" * 100))}
        elif edit == "rename":
            value[step + "s"] = kept
        elif edit == "null":
            value[step] = None
        return value, f"field: {edit}"
    edit = chance.choice(("drop", "repeat", "exchange", "append", "empty", "reverse"))
    other = chance.randrange(len(value))
    if edit == "drop":
        del value[step]
    elif edit == "repeat":
        value.insert(other, value[step])
    elif edit == "exchange":
        value[step], value[other] = value[other], value[step]
    elif edit == "append":
        value.append(value[step])
    elif edit == "empty":
        value.clear()
    else:
        value.reverse()
    return value, f"list: {edit} {other}"


def leaf(chance: random.Random, value: Any, strings: Sequence[str], group: str) -> tuple[Any, str]:
    """Another value in place of one."""
    if isinstance(value, bool) or value is None:
        return chance.choice((not value, None, 0, "")), "other constant"
    if isinstance(value, int):
        return chance.choice(
            (value + 1, value - 1, -value, 0, 10**9, 2**70, str(value), float(value), True)
        ), "other number"
    if isinstance(value, list | dict):
        return chance.choice(([], {}, [value], None, "", 0)), "other form"
    if HEX.fullmatch(value) or NUMBER.fullmatch(value):
        return number(chance, value, strings, group)
    return chance.choice(
        (value + "x", value[:-1], "", value + " ", value.upper(), value + "\x7f", 1)
    ), "other text"


def number(chance: random.Random, value: str, strings: Sequence[str], group: str) -> tuple[Any, str]:
    """A group element or a scalar: another one of this object, out of range, outside the group, badly written."""
    field = GROUPS[group]
    modulus = getattr(field, "p", 2**255 - 19)
    if group == "Ed25519" and HEX.fullmatch(value):
        small = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
        edits: list[tuple[str, Any]] = [
            ("one", "0" * 63 + "1"),
            ("order 8", small),
            ("order 2", "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"),
            ("order 4", "0" * 64),
            ("identity with a sign", "8" + "0" * 62 + "1"),
            ("y = p + 1", "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee"),
            ("negated", f"{int(value, 16) ^ 1 << 255:064x}"),
            ("plus a point of order 2", torsion(value)),
            ("upper case", value.upper()),
            ("a digit", value[:-1] + ("0" if value[-1] != "0" else "1")),
        ]
    else:
        x = int(value, 16) if not NUMBER.fullmatch(value) else int(value)
        edits = [
            ("plus 1", str(x + 1)),
            ("plus q", str(x + field.q)),
            ("minus q", str(x - field.q)),
            ("plus p", str(x + modulus)),
            ("p minus it", str(modulus - x)),
            ("0", "0"),
            ("1", "1"),
            ("negated", f"-{x}"),
            ("a leading zero", f"0{value}"),
            ("a plus sign", f"+{value}"),
            ("hexadecimal", hex(x)),
            ("full-width", value.translate({48 + digit: 0xFF10 + digit for digit in range(10)})),
            ("a number", x % 2**62),
        ]
    edits += [("another one of this object", chance.choice(strings))] * 4 if strings else []
    name, text = chance.choice(edits)
    return text, name


def torsion(value: str) -> str:
    """An Ed25519 point plus the point of order 2, (x, y) -> (-x, -y)."""
    z = int(value, 16)
    y, sign = z & (1 << 255) - 1, z >> 255
    return f"{(2**255 - 19 - y) % (2**255 - 19) | (1 - sign) << 255:064x}"


def signed_again(ballot: dict[str, Any], honest: Honest) -> str:
    """Sign an edited ballot with its elector's credential, in place; says so in words when it could."""
    group = GROUPS[honest.group]
    secret = secrets_of(honest).get(str(ballot.get("credential")))
    if secret is None or "signature" not in ballot:
        return ""
    unsigned = {name: value for name, value in ballot.items() if name != "signature"}
    digest = short(canonical(unsigned))
    nonce = int.from_bytes(hashlib.sha256(digest.encode()).digest(), "big") % group.q
    challenge = group.challenge(f"sig|{digest}|", [group.fixed(group.g, nonce)])
    proof = {"challenge": str(challenge), "response": str((nonce - secret * challenge) % group.q)}
    ballot["signature"] = {"hash": digest, "proof": proof}
    return ", signed again"


_SECRETS: dict[tuple[str, ...], dict[str, int]] = {}


def secrets_of(honest: Honest) -> dict[str, int]:
    """Public credential -> secret exponent."""
    if honest.secrets not in _SECRETS:
        group = GROUPS[honest.group]
        found = {}
        for text in honest.secrets:
            secret = secret_of(honest.uuid, text, group)  # type: ignore[arg-type]  # only q is looked at
            found[group.text(group.fixed(group.g, secret))] = secret
        _SECRETS[honest.secrets] = found
    return _SECRETS[honest.secrets]
