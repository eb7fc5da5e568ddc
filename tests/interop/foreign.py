"""A whole election made by a belenios-tool, step by step as its manual says; none of our code takes part."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.interop.judges import Judge

RANKED = {
    "type": "NonHomomorphic",
    "value": {"answers": ["Alder", "Ash", "Beech", "Birch"], "question": "Who shall stand?"},
}
CHOSEN = {"answers": ["Alder", "Ash", "Beech"], "min": 0, "max": 2, "question": "Who shall speak?"}


@dataclass(frozen=True, slots=True)
class Foreign:
    """What was made: the archive's bytes, its name without `.bel`, and the result that the tool announced."""

    content: bytes
    uuid: str
    result: Any


def make(
    judge: Judge,
    folder: Path,
    *,
    group: str,
    question: dict[str, Any],
    choices: Sequence[tuple[int, list[int]]],
    weights: Sequence[int],
) -> Foreign:
    """An election with one question and two trustees; choices: (elector's number, answers) in cast order."""
    uuid = judge.run("setup", "generate-token", folder=folder).stdout.decode().strip()
    electors = credentials(judge, folder, uuid, group, weights)
    keys = trustees(judge, folder, group)
    template = {"description": "Made by a foreign tool", "name": "Grove", "questions": [question]}
    (folder / "template.json").write_text(json.dumps(template))
    judge.run(
        *("setup", "make-election", "--uuid", uuid, "--group", group, "--template", "template.json"),
        folder=folder,
    )
    judge.run("archive", "init", folder=folder)
    for elector, answers in choices:
        add(judge, folder, "Ballot", ballot(judge, folder, electors[elector], answers))
    add(judge, folder, "EndBallots")
    tally = judge.run("election", "compute-encrypted-tally", "--dir", ".", folder=folder)
    add(judge, folder, "EncryptedTally", tally.stdout)
    if question.get("type") == "NonHomomorphic":
        for owner in ("1", "2"):
            shuffled = judge.run("election", "shuffle", "--dir", ".", "--trustee-id", owner, folder=folder)
            add(judge, folder, "Shuffle", shuffled.stdout)
        add(judge, folder, "EndShuffles")
    for owner, key in enumerate(keys, 1):
        decrypted = judge.run(
            *("election", "decrypt", "--dir", ".", "--privkey", key, "--trustee-id", str(owner)),
            folder=folder,
        )
        add(judge, folder, "PartialDecryption", decrypted.stdout)
    result = judge.run("election", "compute-result", "--dir", ".", folder=folder).stdout
    add(judge, folder, "Result", result)
    return Foreign((folder / f"{uuid}.bel").read_bytes(), uuid, json.loads(result)["result"])


def credentials(judge: Judge, folder: Path, uuid: str, group: str, weights: Sequence[int]) -> list[str]:
    """The private credentials, in the electors' order; writes the public list for the archive."""
    lines = [f"member-{number}@grove.example,,{weight}" for number, weight in enumerate(weights)]
    (folder / "voters.txt").write_text("\n".join(lines) + "\n")
    judge.run(
        *("setup", "generate-credentials", "--uuid", uuid, "--group", group, "--file", "voters.txt"),
        folder=folder,
    )
    listed = json.loads(next(folder.glob("*.pubcreds")).read_bytes())
    # the tool's list has weight and login as further fields; in an archive only a weight may follow
    plain = all(weight == 1 for weight in weights)
    public = [entry.split(",")[0] if plain else ",".join(entry.split(",")[:2]) for entry in listed]
    (folder / "public_creds.json").write_text(json.dumps(public, separators=(",", ":")))
    text = next(folder.glob("*.privcreds")).read_text()
    pairs = (line.rsplit(" ", 1) for line in text.splitlines())
    held: dict[str, str] = json.loads(text) if text.startswith("{") else dict(pairs)
    by_name = {who.split(",")[0]: secret for who, secret in held.items()}
    return [by_name[line.split(",")[0]] for line in lines]


def trustees(judge: Judge, folder: Path, group: str) -> list[str]:
    """The names of two trustees' private key files, in order; writes the public list for the archive."""
    keys: list[str] = []
    for _ in range(2):
        judge.run("setup", "generate-trustee-key", "--group", group, folder=folder)
        keys += [path.name for path in folder.glob("*.privkey") if path.name not in keys]
    public = [(folder / key).with_suffix(".pubkey").read_bytes().strip() for key in keys]
    (folder / "public_keys.jsons").write_bytes(b"".join(key + b"\n" for key in public))
    judge.run("setup", "make-trustees", folder=folder)
    return keys


def ballot(judge: Judge, folder: Path, credential: str, answers: list[int]) -> bytes:
    """One encrypted and signed ballot."""
    (folder / "credential.txt").write_text(credential)
    (folder / "choice.json").write_text(json.dumps([answers]))
    option = "--choice" if judge.version >= (3, 0) else "--ballot"
    return judge.run(
        *("election", "generate-ballot", "--dir", ".", "--privcred", "credential.txt", option, "choice.json"),
        folder=folder,
    ).stdout


def add(judge: Judge, folder: Path, kind: str, content: bytes = b"") -> None:
    """Add one event to the archive."""
    judge.run("archive", "add-event", "--dir", ".", "--type", kind, folder=folder, given=content)
