"""The certificate: could the electors in doubt have changed who is elected? A value; it computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from selectorate import canon
from selectorate.canon import Digest
from selectorate.count import fields
from selectorate.count.objects import Word
from selectorate.errors import refuse

NamedPapers = tuple[tuple[tuple[str, ...], int], ...]
"""Rankings as names, first preference first, each with a number of papers; sorted, none twice."""


@dataclass(frozen=True, slots=True)
class Example:
    """Papers to take out and to put in after which the rule set elects `elected` (in order) instead."""

    remove: NamedPapers
    add: NamedPapers
    elected: tuple[str, ...]

    @property
    def removed(self) -> int:
        return sum(number for _, number in self.remove)

    @property
    def added(self) -> int:
        return sum(number for _, number in self.add)

    @property
    def size(self) -> int:
        return self.removed + self.added

    def to_plain(self) -> dict[str, Any]:
        return {
            "add": [[list(ranking), number] for ranking, number in self.add],
            "elected": list(self.elected),
            "remove": [[list(ranking), number] for ranking, number in self.remove],
        }


_FIELDS = (
    "certified_to", "changed_from", "doubtful", "example", "left_out", "papers", "ruleset", "seats", "word",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Certificate:
    """docs/formats/certificate.md. `doubtful` and `left_out` are multiples of ten, as published."""

    ruleset: str
    seats: int
    papers: Digest
    doubtful: int
    left_out: int
    certified_to: int
    changed_from: int | None
    example: Example | None
    word: Word

    @property
    def digest(self) -> Digest:
        return canon.sha256(self.to_json())

    def to_json(self) -> bytes:
        """The canonical bytes of documents/certificate.json."""
        return canon.encode(
            {
                "certified_to": self.certified_to,
                "changed_from": self.changed_from,
                "doubtful": self.doubtful,
                "example": self.example.to_plain() if self.example else None,
                "left_out": self.left_out,
                "papers": self.papers,
                "ruleset": self.ruleset,
                "seats": self.seats,
                "word": self.word,
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> Certificate:
        """Read documents/certificate.json. Raises Refusal `canon.*` or `count.form`."""
        plain = fields.exactly(canon.decode(data, what="certificate.json"), _FIELDS, "certificate.json")
        if (plain["changed_from"] is None) != (plain["example"] is None):
            raise refuse(
                "count.form", where="example of certificate.json", because="it goes with changed_from"
            )
        words = ("certified", "could change", "not certified")
        return cls(
            ruleset=fields.text(plain["ruleset"], "ruleset of certificate.json"),
            seats=fields.whole(plain["seats"], "seats of certificate.json", 1, fields.SEATS_MAX),
            papers=Digest(fields.digest(plain["papers"], "papers of certificate.json")),
            doubtful=_tens(plain["doubtful"], "doubtful of certificate.json"),
            left_out=_tens(plain["left_out"], "left_out of certificate.json"),
            certified_to=fields.whole(plain["certified_to"], "certified_to of certificate.json"),
            changed_from=_optional(plain["changed_from"]),
            example=_read_example(plain["example"]),
            word=cast(Word, fields.one_of(plain["word"], words, "word of certificate.json")),
        )


def choose_word(doubtful: int, left_out: int, certified_to: int, example: Example | None) -> Word:
    """The word that follows from the numbers (docs/formats/certificate.md)."""
    if doubtful + left_out <= certified_to:
        return "certified"
    if example is not None and example.removed <= doubtful and example.added <= left_out:
        return "could change"
    return "not certified"


def _tens(value: Any, where: str) -> int:
    found = fields.whole(value, where)
    if found % 10:
        raise refuse("count.form", where=where, because="a multiple of ten was expected")
    return found


def _optional(value: Any) -> int | None:
    return None if value is None else fields.whole(value, "changed_from of certificate.json", 1)


def _read_example(value: Any) -> Example | None:
    if value is None:
        return None
    plain = fields.exactly(value, ("add", "elected", "remove"), "example of certificate.json")
    return Example(
        remove=_read_papers(plain["remove"], "remove of certificate.json"),
        add=_read_papers(plain["add"], "add of certificate.json"),
        elected=fields.names(plain["elected"], "elected of certificate.json"),
    )


def _read_papers(value: Any, where: str) -> NamedPapers:
    found: list[tuple[tuple[str, ...], int]] = []
    for one in fields.listed(value, where):
        pair = fields.listed(one, where)
        if len(pair) != 2:
            raise refuse("count.form", where=where, because="a ranking and a number were expected")
        ranking = fields.names(pair[0], where)
        if not ranking or (found and ranking <= found[-1][0]):
            raise refuse("count.form", where=where, because="rankings must be sorted, none empty, none twice")
        found.append((ranking, fields.whole(pair[1], where, 1)))
    return tuple(found)
