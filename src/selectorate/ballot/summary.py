"""The ballot summary: which ballot of each elector stands last, as the newer tools of this wire write it.

Takes an archive as it was read and gives it on two ways: the JSON that other programs compare, and lines for
people. Nothing is judged here: that the ballots are valid is `check`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectorate.ballot import wire
from selectorate.ballot.marks import ballot_bytes_max, strict_marks
from selectorate.ballot.objects import Archive
from selectorate.ballot.parameters import Electorate, read_parameters
from selectorate.errors import refuse


@dataclass(frozen=True, slots=True)
class Last:
    """The last ballot of one elector. digest: its SHA-256 in hex; tracker: the same as its elector was shown it."""

    digest: str
    tracker: str
    weight: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The last ballot of each elector who voted, the newest first. cast: ballots in all; weighted: whether the
    list of credentials carries weights."""

    uuid: str
    ballots: tuple[Last, ...]
    cast: int
    weighted: bool

    def entries(self) -> list[dict[str, Any]]:
        """The entries of the summary as plain values."""
        return [
            {"hash": one.digest} | ({"weight": wire.weight_form(one.weight)} if self.weighted else {})
            for one in self.ballots
        ]

    def to_json(self) -> bytes:
        """The bytes that the newer tools write: hex hashes, `weight` on all entries or on none."""
        return wire.encode(self.entries())

    def lines(self) -> Iterator[str]:
        """A table for people: tracker, and the weight where there are weights."""
        width = max((len(str(one.weight)) for one in self.ballots), default=0)
        for one in self.ballots:
            yield f"{one.weight:>{width}}  {one.tracker}" if self.weighted else one.tracker


def summary_of(archive: Archive) -> Summary:
    """The summary of an archive that was read without faults.

    Raises Refusal `ballot.form` where a ballot cannot be read or its credential is not on the list.
    """
    events = archive.events
    if not len(events) or events.type_of(0) != "Setup":
        raise refuse("ballot.form", what="the archive", because="it does not begin with a Setup event")
    election, _, credentials, _ = events[0].data
    parameters = read_parameters(election)
    most = ballot_bytes_max(parameters)
    electorate = Electorate(credentials)
    last: dict[int, int] = {}
    for place in events.places("Ballot"):
        marks = strict_marks(events.content(place), most)
        number = electorate.number(marks.credential)
        if number is None:
            because = "its credential is not on the list"
            raise refuse("ballot.form", what=f"ballot {marks.tracker}", because=because)
        last[number] = place
    newest = sorted(last.items(), key=lambda pair: -pair[1])
    ballots = tuple(
        _last(events.content_digest(place), electorate.weight(number)) for number, place in newest
    )
    return Summary(parameters.uuid, ballots, events.number("Ballot"), electorate.weighted)


def _last(digest: bytes, weight: int) -> Last:
    return Last(digest.hex(), wire.tracker_of(digest), weight)
