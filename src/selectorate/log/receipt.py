"""A receipt: proof that a ballot stands in the record, which its holder can show to anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectorate import canon
from selectorate.errors import refuse


@dataclass(frozen=True, slots=True)
class Receipt:
    """tracker: unpadded base64 of the ballot's SHA-256; entry: number of its `bel.event`; checkpoint: a
    signed note that covers the entry; proof: inclusion path, leaf to root, 32 bytes each."""

    tracker: str
    uuid: str
    entry: int
    checkpoint: str
    proof: tuple[bytes, ...]

    def to_json(self) -> bytes:
        return canon.encode(
            {
                "checkpoint": self.checkpoint,
                "entry": self.entry,
                "proof": [step.hex() for step in self.proof],
                "tracker": self.tracker,
                "uuid": self.uuid,
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> Receipt:
        """Raises Refusal `canon.form`, `log.receipt`."""
        value = canon.decode(data.strip(), what="the receipt", bytes_max=64 * 1024)
        try:
            proof = value["proof"]
            sound = (
                set(value) == {"checkpoint", "entry", "proof", "tracker", "uuid"}
                and re.fullmatch(r"[A-Za-z0-9+/]{43}", value["tracker"], re.ASCII)
                and isinstance(value["entry"], int)
                and isinstance(value["checkpoint"], str)
                and isinstance(value["uuid"], str)
                and all(re.fullmatch(r"[0-9a-f]{64}", step, re.ASCII) for step in proof)
            )
        except (TypeError, KeyError):
            sound = None
        if not sound:
            raise refuse("log.receipt")
        path = tuple(bytes.fromhex(step) for step in proof)
        return cls(value["tracker"], value["uuid"], value["entry"], value["checkpoint"], path)
