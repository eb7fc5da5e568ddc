"""The electorate of a whole country's roll: as `roll.electorate` makes it, without an object per elector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from selectorate import _kernel, canon
from selectorate.errors import refuse
from selectorate.roll.electorate import SALT_BYTES

LINE_SQL: Final = (
    """'{"member":' || CAST(to_json(member_id) AS VARCHAR) || ',"name":' || CAST(to_json(name) AS VARCHAR)"""
    """ || ',"weight":' || CAST(weight AS VARCHAR) || '}'"""
)
"""An elector's canonical line over the columns of `members`, whose texts hold no control character but tab and
line ends."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The final roll. document, root, weight: as of `electorate.Electorate`; members, lines: in order of number;
    places: of each elector's commitment on the list, from 0; salts: 32 bytes of each, one after the other."""

    document: bytes
    root: str
    weight: int
    members: Sequence[str]
    lines: Sequence[str]
    places: Sequence[int]
    salts: bytes

    @property
    def electors(self) -> int:
        return len(self.members)

    def slips(self) -> Iterator[tuple[str, str]]:
        """(member, canonical slip) in order of number."""
        salts = self.salts.hex()
        for number, (member, line, place) in enumerate(
            zip(self.members, self.lines, self.places, strict=True)
        ):
            salt = salts[number * 2 * SALT_BYTES : (number + 1) * 2 * SALT_BYTES]
            yield member, f'{{"index":{place},"line":{canon.text(line)},"salt":"{salt}"}}'


def seal(electors: Iterable[tuple[str, str, int]], salts: bytes) -> Sealed:
    """Commit to every elector. electors: (member, canonical line, weight) in order of number; salts: fresh random
    bytes of the caller, 32 per elector in that order, never used again.

    Raises Refusal `roll.elector`, `roll.salts` as `electorate.make`.
    """
    members, lines, weight = [], [], 0
    for member, line, votes in electors:
        if votes < 1:
            raise refuse("roll.elector", member=member, because=f"the weight is {votes}")
        members.append(member)
        lines.append(line)
        weight += votes
    for before, member in pairwise(members):
        if before == member:
            raise refuse("roll.elector", member=member, because="the number occurs twice")
    apart = [salts[start : start + SALT_BYTES] for start in range(0, len(salts), SALT_BYTES)]
    if len(salts) != SALT_BYTES * len(lines) or len(set(apart)) != len(lines):
        raise refuse("roll.salts", found=len(set(apart)), expected=len(lines))
    commitments, places, root = _kernel.seal_electorate(salts, lines)
    listed = commitments.hex(",", SALT_BYTES).replace(",", '","')
    quoted = f'"{listed}"' if commitments else ""
    return Sealed(
        document=f'{{"commitments":[{quoted}],"weight":{weight}}}'.encode(),
        root=root.hex(),
        weight=weight,
        members=members,
        lines=lines,
        places=places,
        salts=salts,
    )
