"""Possible duplicates: what a named human found out about a pair. Nothing is merged, nobody is left out by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from selectorate.office.vault import Vault
    from selectorate.office.workspace import Workspace

ANSWERS = ("same person", "two persons", "not settled")
"""What a human may find. `same person` changes nothing by itself: which record stays is a decision under the
rulebook (`roll amend`), with its reasons and an appeal."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What was found out about a pair, by whom, when and why."""

    left: str
    right: str
    answer: str
    by: str
    on: date
    reason: str


def resolve(workspace: Workspace, found: Resolution) -> None:
    """Note it in the vault, beneath what was noted before; the last one counts.

    Raises Refusal `roll.pair` for a pair that the last look did not show, `roll.pair_reason` without a reason.
    """
    left, right = sorted((found.left, found.right))
    known = {(one["left"], one["right"]) for one in workspace.vault.load("links", [])}
    if (left, right) not in known:
        raise refuse("roll.pair", left=left, right=right)
    reason = " ".join(found.reason.split())
    if not reason:
        raise refuse("roll.pair_reason", left=left, right=right)
    noted = {
        "left": left,
        "right": right,
        "answer": found.answer,
        "by": found.by,
        "on": found.on.isoformat(),
        "reason": reason,
    }
    workspace.vault.save("links-resolved", [*workspace.vault.load("links-resolved", []), noted])


def resolved(vault: Vault) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """The last word about each pair of which there is one."""
    return {(one["left"], one["right"]): one for one in vault.load("links-resolved", [])}


def standing(vault: Vault, left: str, right: str) -> str:
    """How a pair stands, in words for the officer's page."""
    known = resolved(vault).get((left, right))
    if known is None:
        return "both persons are asked; nothing is merged"
    return f"{known['answer']}, {known['by']} found on {known['on']}: {known['reason']}"


def unsettled(vault: Vault, pairs: Sequence[Any]) -> tuple[Any, ...]:
    """The pairs to ask about: not those that a human has found to be two persons."""
    known = resolved(vault)
    return tuple(one for one in pairs if known.get((one.left, one.right), {}).get("answer") != "two persons")
