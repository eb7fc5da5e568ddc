"""The duties over what trustees prove and say beside the archive (docs/formats/entries.md): P7, P8, P9."""

from __future__ import annotations

from typing import Any

from selectorate import canon
from selectorate.log.objects import Entry
from selectorate.log.tree import Tree
from selectorate.verify.objects import Folder, NotThereError, rules_of, verified_of


def held(folder: Folder) -> tuple[str, list[str]] | None:
    """P7."""
    numbered = _numbered(folder)
    places = {entry.act: number for number, entry in reversed(numbered)}
    opened = places.get("poll.opened")
    if opened is None:
        return None
    verified = verified_of(folder)
    final, tree = places.get("roll.final"), Tree(folder.source.lines)
    reasons: dict[int, str] = {}
    for number, entry in numbered:
        if entry.act != "trustee.held" or number > opened:
            continue
        trustee = entry.data["trustee"]
        key = verified.trustees[trustee - 1] if trustee <= len(verified.trustees) else ""
        reason = _held_fault(entry.data, verified.parameters.uuid, key)
        if not reason and (
            final is None
            or not final < entry.data["size"] <= number
            or tree.root(entry.data["size"]).hex() != entry.data["root"]
        ):
            reason = "its checkpoint is not one of this record that covers the final roll"
        reason = reason or _proof_fault(verified.parameters.group, entry.data)
        if reasons.get(trustee) != "":
            reasons[trustee] = reason
    faults = [
        f"trustee {number}: {reasons.get(number, 'no proof is on the record')}"
        for number in range(1, len(verified.trustees) + 1)
        if reasons.get(number, "none")
    ]
    return f"{len(verified.trustees)} trustees", faults


def _numbered(folder: Folder) -> list[tuple[int, Entry]]:
    """The sound entries with the numbers of their lines: an unsound one fails L1 and moves nobody else."""
    lines = enumerate(folder.source.lines)
    return [
        (next(number for number, line in lines if line == text), entry)
        for entry in folder.entries
        for text in (entry.to_json(),)
    ]


def _held_fault(data: dict[str, Any], uuid: str, key: str) -> str:
    if data["uuid"] != uuid:
        return "the proof is of another election"
    return "" if data["public_key"] == key else "the proof is of another key"


def _proof_fault(group: str, data: dict[str, Any]) -> str:
    from selectorate.ballot.check.trustees import held_reason

    return held_reason(group, data)


def refused(folder: Folder) -> tuple[str, list[str]] | None:
    """P8."""
    entries = [entry.data for entry in folder.entries if entry.act == "decryption.refused"]
    published = [data for data in entries if data["document"] is not None]
    if not published:
        return None
    from selectorate.ballot.check.trustees import decryption_faults

    verified = verified_of(folder)
    if verified.ciphertexts is None:
        raise NotThereError("mixing has not ended")
    faults = []
    for data in published:
        name, trustee = data["document"]["name"], data["trustee"]
        content = folder.document(name)
        if name != f"refused-{trustee}.json" or data["document"]["sha256"] != data["object"]:
            faults.append(f"{name} is not the object of trustee {trustee} that the entry names")
        if data["uuid"] != verified.parameters.uuid or trustee > len(verified.trustees):
            faults.append(f"{name}: there is no trustee {trustee} in this election")
        elif content is None:
            raise NotThereError(f"{name} is missing")
        elif canon.sha256(content) == data["object"] and not decryption_faults(
            verified.setup, trustee, verified.ciphertexts, content
        ):
            faults.append(
                f"{name}: the decryption of trustee {trustee} is sound and was refused all the same"
            )
    return f"{len(published)} refused decryptions, each of them bad", faults


def small(folder: Folder) -> tuple[str, list[str]] | None:
    """P9."""
    decrypted = [
        number
        for number, entry in enumerate(folder.entries)
        if entry.act == "bel.event" and entry.data["type"] == "PartialDecryption"
    ]
    if not decrypted:
        return None
    verified, floor = verified_of(folder), rules_of(folder).smallest_tally
    counted = len(verified.counted)
    if counted >= floor:
        return f"{counted:,} ballots counted, the floor is {floor}", []
    faults = []
    for place, (owner, _) in zip(decrypted, verified.decryptions, strict=False):
        said = {
            (entry.data["counted"], entry.data["floor"])
            for entry in folder.entries[:place]
            if entry.act == "decryption.small"
            and (entry.data["uuid"], entry.data["trustee"]) == (verified.parameters.uuid, owner)
        }
        if (counted, floor) not in said:
            faults.append(
                f"trustee {owner} decrypted {counted} ballots without saying yes; the floor is {floor}"
            )
    return f"{counted} ballots counted under a floor of {floor}; every trustee who decrypted said yes", faults
