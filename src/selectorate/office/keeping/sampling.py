"""The confirmation audit on the record: drawn by a seed that everybody can compute, answered, its bound said."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import refuse
from selectorate.log.objects import Entry, Holder, cell
from selectorate.office.engines import at_work
from selectorate.office.keeping import pending
from selectorate.office.keeping.reasons import sheet

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace

_POPULATION = """
SELECT member_id FROM members WHERE ($branch = '' OR coalesce(branch, '') = $branch)
  AND ($since IS NULL OR joined_on >= $since) ORDER BY member_id
"""
_PEOPLE = """
SELECT member_id, name, address_1, address_2, locality, postcode, country, email
FROM members WHERE list_contains($members, member_id)
"""
_ADDRESS = ("name", "address_1", "address_2", "locality", "postcode", "country", "email")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample: its number, how many it was drawn from, the members drawn, the size the bound needs, the seed."""

    number: int
    members: int
    drawn: tuple[str, ...]
    needed: int
    seed: str


def sample(
    workspace: Workspace,
    by: tuple[Holder, ...],
    *,
    branch: str,
    since: date | None,
    bound: Fraction,
    confidence: Fraction,
    throw: str,
) -> Drawn:
    """Draw members of a branch (all branches with "") who joined since a day (all with None), and write one letter
    to each, all alike, as `vault/letters/sample-N.csv`.

    Raises Refusal `roll.sample_none` where nobody is there to draw from.
    """
    from selectorate.roll.keeping import sample as draws

    pending.demand_since(workspace, "Drawing a sample", "roll.imported")
    pending.demand_kept(workspace, "roll.duckdb")
    pending.settle(workspace)
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        known = {"branch": branch, "since": since}
        members = [line[0] for line in engine.execute(_POPULATION, known).fetchall()]
        if not members:
            raise refuse("roll.sample_none", branch=branch or "any branch")
        number = 1 + sum(entry.act == "sample.drawn" for entry in workspace.record.entries)
        seed = draws.seed(workspace.record.tree.root().hex(), number, throw or draws.NO_THROW)
        needed = draws.size(bound, confidence)
        drawn = draws.draw(members, seed, needed)
        people = {line[0]: line for line in engine.execute(_PEOPLE, {"members": list(drawn)}).fetchall()}
    salt, listed = pending.sealed(canon.encode(members))
    kept: dict[str, Any] = {
        "number": number, "branch": branch, "since": since.isoformat() if since else None, "salt": salt,
        "bound": str(bound), "confidence": str(confidence), "listed": members, "drawn": list(drawn), "settled": None,
    }  # fmt: skip
    header = ("member", *_ADDRESS, "letter")
    rows = [(*people[member], draws.QUESTION) for member in sorted(drawn)]
    workspace.vault.save_bytes(f"letters/sample-{number}.csv", b"".join(sheet([header, *rows])))
    entry = {
        "sample": number,
        "members": cell(len(members)),
        "asked": cell(len(drawn)),
        "bound_permille": int(bound * 1000),
        "confidence_permille": int(confidence * 1000),
        "throw": throw or draws.NO_THROW,
        "seed": seed.hex(),
        "listed": listed,
    }
    samples = [*workspace.vault.load("samples", []), kept]
    pending.commit(workspace, Entry("sample.drawn", by, entry), {"samples": samples})
    return Drawn(number, len(members), drawn, needed, seed.hex())


@dataclass(frozen=True, slots=True)
class Settled:
    """The answers of a sample: how many said what, whether the bound asked for is reached, the sentence."""

    number: int
    counted: dict[str, int]
    reached: bool
    upper_permille: int
    says: str


def settle(workspace: Workspace, number: int, content: bytes, name: str, by: tuple[Holder, ...]) -> Settled:
    """Record the answers of a whole sample. content: CSV with the columns member and answer, a line for each.

    Raises Refusal `roll.sample_unknown`, `roll.sample_answers`.
    """
    from selectorate.roll.keeping import sample as draws

    pending.demand_kept(workspace, "samples.json")
    pending.settle(workspace)
    samples = workspace.vault.load("samples", [])
    kept = next((one for one in samples if one["number"] == number), None)
    if kept is None or kept["settled"]:
        because = "it was never drawn" if kept is None else "its answers are on the record already"
        raise refuse("roll.sample_unknown", number=number, because=because)
    counted = draws.settle(kept["drawn"], _answers(content, name), name)
    bound, confidence = Fraction(kept["bound"]), Fraction(kept["confidence"])
    reached, upper, says = draws.result(counted, len(kept["listed"]), bound, confidence)
    salt, commitment = pending.sealed(content)
    kept["settled"] = {"counted": counted, "says": says, "salt": salt, "reached": reached}
    entry = {
        "sample": number,
        "confirmed": cell(counted["confirmed"]),
        "reached": reached,
        "answers": commitment,
    }
    pending.commit(workspace, Entry("sample.settled", by, entry), {"samples": samples})
    return Settled(number, counted, reached, upper, says)


def _answers(content: bytes, name: str) -> dict[str, str]:
    """Raises Refusal `roll.sample_answers` for anything but UTF-8 CSV with member and answer, one line each."""
    try:
        text = content.decode("utf-8-sig")
        lines: Sequence[dict[str, str]] = list(csv.DictReader(io.StringIO(text), strict=True))
    except (UnicodeDecodeError, csv.Error) as reason:
        raise refuse("roll.sample_answers", file=name, because=f"it is no CSV ({reason})") from None
    if not lines or not {"member", "answer"} <= set(lines[0]):
        raise refuse("roll.sample_answers", file=name, because="it has no columns member and answer")
    found: dict[str, str] = {}
    for line in lines:
        member = (line["member"] or "").strip()
        if member in found:
            raise refuse("roll.sample_answers", file=name, because=f"{member} has two lines")
        found[member] = " ".join((line["answer"] or "").casefold().split())
    return found
