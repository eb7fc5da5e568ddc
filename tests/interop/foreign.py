"""A whole election made by a belenios-tool, step by step as its manual says; none of our code takes part."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.interop.judges import Judge
from tests.interop.plans import Keys, Plan


@dataclass(frozen=True, slots=True)
class Foreign:
    """What was made: the archive's bytes, its name without `.bel`, the result that the tool announced, and the
    electors' private credentials in their order."""

    content: bytes
    uuid: str
    result: Any
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """One trustee's files: the private key, and a threshold member's decryption key beside it."""

    key: str
    decryption_key: str | None = None


def make(judge: Judge, folder: Path, plan: Plan) -> Foreign:
    """The election of a plan, in an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    uuid = judge.run("setup", "generate-token", folder=folder).stdout.decode().strip()
    electors = credentials(judge, folder, uuid, plan)
    holders = trustees(judge, folder, plan.group, plan.trustees)
    questions = [question.wire for question in plan.questions]
    template = {"description": plan.description, "name": plan.name, "questions": questions}
    (folder / "template.json").write_text(json.dumps(template))
    judge.run(
        *("setup", "make-election", "--uuid", uuid, "--group", plan.group, "--template", "template.json"),
        folder=folder,
    )
    judge.run("archive", "init", folder=folder)
    for elector, answers in plan.ballots:
        add(judge, folder, "Ballot", ballot(judge, folder, electors[elector], answers))
    add(judge, folder, "EndBallots")
    tally = judge.run("election", "compute-encrypted-tally", "--dir", ".", folder=folder)
    add(judge, folder, "EncryptedTally", tally.stdout)
    for owner in plan.mixers:
        shuffled = judge.run("election", "shuffle", "--dir", ".", "--trustee-id", str(owner), folder=folder)
        add(judge, folder, "Shuffle", shuffled.stdout)
    if plan.mixed:
        add(judge, folder, "EndShuffles")
    for owner in plan.openers:
        add(judge, folder, "PartialDecryption", decryption(judge, folder, owner, holders[owner - 1]))
    result = judge.run("election", "compute-result", "--dir", ".", folder=folder).stdout
    add(judge, folder, "Result", result)
    announced = json.loads(result)["result"]
    return Foreign((folder / f"{uuid}.bel").read_bytes(), uuid, announced, tuple(electors))


def credentials(judge: Judge, folder: Path, uuid: str, plan: Plan) -> list[str]:
    """The private credentials, in the electors' order; writes the public list for the archive."""
    lines = [f"member-{number}@grove.example,,{weight}" for number, weight in enumerate(plan.weights)]
    (folder / "voters.txt").write_text("\n".join(lines) + "\n")
    judge.run(
        *("setup", "generate-credentials", "--uuid", uuid, "--group", plan.group, "--file", "voters.txt"),
        folder=folder,
    )
    listed = json.loads(next(folder.glob("*.pubcreds")).read_bytes())
    # the tool's list has weight and login as further fields; in an archive only a weight may follow
    plain = all(weight == 1 for weight in plan.weights)
    public = [entry.split(",")[0] if plain else ",".join(entry.split(",")[:2]) for entry in listed]
    (folder / "public_creds.json").write_text(json.dumps(public, separators=(",", ":")))
    text = next(folder.glob("*.privcreds")).read_text()
    pairs = (line.rsplit(" ", 1) for line in text.splitlines())
    held: dict[str, str] = json.loads(text) if text.startswith("{") else dict(pairs)
    by_name = {who.split(",")[0]: secret for who, secret in held.items()}
    return [by_name[line.split(",")[0]] for line in lines]


def trustees(judge: Judge, folder: Path, group: str, wanted: Sequence[Keys]) -> list[Holder]:
    """Every trustee's files, in the order of their numbers; writes the public list for the archive."""
    holders: list[Holder] = []
    entries: list[str] = []
    for place, keys in enumerate(wanted):
        made, entry = single(judge, folder, group) if keys.threshold is None else ceremony(
            judge, folder, f"group-{place}", group, keys
        )  # fmt: skip
        holders += made
        entries.append(entry)
    (folder / "trustees.json").write_text(f"[{','.join(entries)}]")
    return holders


def single(judge: Judge, folder: Path, group: str) -> tuple[list[Holder], str]:
    """A single trustee, and the entry of the list."""
    before = set(folder.glob("*.privkey"))
    judge.run("setup", "generate-trustee-key", "--group", group, folder=folder)
    (key,) = set(folder.glob("*.privkey")) - before
    return [Holder(key.name)], f'["Single",{key.with_suffix(".pubkey").read_text().strip()}]'


def ceremony(judge: Judge, folder: Path, name: str, group: str, keys: Keys) -> tuple[list[Holder], str]:
    """A threshold group in a folder of its own, all six steps, and the entry of the list."""
    place = folder / name
    place.mkdir()

    def step(number: int, *options: str, given: bytes = b"") -> bytes:
        command = ("setup", "generate-trustee-key-threshold", "--group", group, "--step", str(number))
        return judge.run(*command, *options, folder=place, given=given).stdout

    newer = judge.version >= (2, 5)
    bound = () if newer else ("--threshold", str(keys.threshold))
    names: list[str] = []
    for index in range(1, keys.size + 1):
        step(1, *(("--threshold-context", f"{index}/{keys.threshold}/{keys.size}") if newer else ()))
        names += [path.stem for path in place.glob("*.key") if path.stem not in names]
    (place / "certs.jsons").write_bytes(lines((place / f"{name}.cert").read_bytes() for name in names))
    step(2, "--certs", "certs.jsons")
    made = [step(3, "--certs", "certs.jsons", "--key", f"{name}.key", *bound) for name in names]
    (place / "polynomials.jsons").write_bytes(lines(made))
    public = ("--certs", "certs.jsons", "--polynomials", "polynomials.jsons")
    step(4, *public, *bound)
    outputs = []
    for member in names:
        given = (place / f"{member}.vinput").read_bytes()
        outputs.append(step(5, "--certs", "certs.jsons", "--key", f"{member}.key", *bound, given=given))
    parameters = step(6, *public, *bound, given=lines(outputs))
    for member, output in zip(names, outputs, strict=True):
        (place / f"{member}.dkey").write_text(json.loads(output)["private_key"])
    holders = [Holder(f"{name}/{member}.key", f"{name}/{member}.dkey") for member in names]
    return holders, f'["Pedersen",{parameters.decode().strip()}]'


def lines(records: Any) -> bytes:
    """One record a line."""
    return b"".join(record.strip() + b"\n" for record in records)


def ballot(judge: Judge, folder: Path, credential: str, answers: list[Any]) -> bytes:
    """One encrypted and signed ballot; answers: a choice per question."""
    (folder / "credential.txt").write_text(credential)
    (folder / "choice.json").write_text(json.dumps(answers))
    option = "--choice" if judge.version >= (3, 0) else "--ballot"
    return judge.run(
        *("election", "generate-ballot", "--dir", ".", "--privcred", "credential.txt", option, "choice.json"),
        folder=folder,
    ).stdout


def decryption(judge: Judge, folder: Path, owner: int, holder: Holder) -> bytes:
    """One trustee's partial decryption."""
    common = ("--dir", ".", "--trustee-id", str(owner))
    if holder.decryption_key is None:
        return judge.run("election", "decrypt", *common, "--privkey", holder.key, folder=folder).stdout
    keys = ("--key", holder.key, "--decryption-key", holder.decryption_key)
    return judge.run("election", "decrypt-threshold", *common, *keys, folder=folder).stdout


def add(judge: Judge, folder: Path, kind: str, content: bytes = b"") -> None:
    """Add one event to the archive."""
    judge.run("archive", "add-event", "--dir", ".", "--type", kind, folder=folder, given=content)
