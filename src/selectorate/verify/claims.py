"""What this election promises, on which conditions, and who would notice: one table, filled from what was checked.

Takes the report of one run and what stands in the verified record; gives one `Claim` per property. Nothing in
it is written by hand for an election: every number and name comes from the archive or the record, and a
property whose duties failed or were not checked says so. Roles that one person plays are counted as one person.
Deliberately absent: properties that nobody can check from files (an honest device, a booth that was not altered)
are named as conditions, never as results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, Literal

from selectorate.canon import Report

Word = Literal["checked", "failed", "not yet", "on condition", "not claimed"]

PERSONS_TRIED_MAX: Final = 16
"""Beyond so many persons the smallest group that can decrypt is bounded, not searched for."""
NAMES_SHOWN_MAX: Final = 6


@dataclass(frozen=True, slots=True)
class Claim:
    """One row. word: how it stands here; here: what this election's files say of it, in numbers and names."""

    property: str
    word: Word
    holds_if: str
    broken_by: str
    noticed_by: str
    here: str

    def to_json(self) -> dict[str, str]:
        return {
            "broken_by": self.broken_by,
            "here": self.here,
            "holds_if": self.holds_if,
            "noticed_by": self.noticed_by,
            "property": self.property,
            "word": self.word,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the election's key: a single trustee (threshold 1 of one), or a threshold group."""

    numbers: tuple[int, ...]
    threshold: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the files of one election say, in plain numbers and names.

    holders: trustee number -> name, where the record has it;
    electors: credentials on the list; counted, accepted: ballots; smallest_tally: the rulebook's, None without
    a record; small: trustees who agreed to decrypt fewer; unanimous: numbers of questions where everybody
    chose alike; patterns, unused_permille: of ranked papers, as the record states them; witnesses: other keys
    that signed the newest checkpoint; word: the certificate's, None before it.
    """

    parts: tuple[Part, ...]
    holders: Mapping[int, str] = field(default_factory=dict)
    mixers: tuple[int, ...] = ()
    decrypted: tuple[int, ...] = ()
    electors: int = 0
    counted: int = 0
    accepted: int = 0
    smallest_tally: int | None = None
    small: tuple[int, ...] = ()
    unanimous: tuple[int, ...] = ()
    patterns: str | None = None
    unused_permille: int | None = None
    witnesses: int = 0
    word: str | None = None
    folder: bool = True
    demonstration: bool = False

    @property
    def trustees(self) -> int:
        return sum(len(part.numbers) for part in self.parts)

    def person(self, number: int) -> str:
        """Who holds the key of this number: a name, or the number itself where no name is known."""
        return self.holders.get(number) or f"trustee {number}"


def claims(report: Report, standing: Standing) -> tuple[Claim, ...]:
    """The table for one election, always the same rows in the same order."""
    verdicts = {check.duty: check.verdict for check in report.checks}
    return (
        _secrecy(standing),
        _correct(report, standing),
        _my_ballot(standing),
        _intended(),
        _eligibility(verdicts, standing),
        _one_vote(standing),
        _revotes(standing),
        _possible(standing, declared=report.stage == "declared"),
        _challenged(verdicts, standing),
        _PARTICIPATION,
        _receipts(standing),
        _FOR_EVER,
    )


def fewest_to_decrypt(standing: Standing) -> int:
    """How many different persons together hold enough keys to decrypt any ballot: the smallest such number.

    Exact for up to 16 persons; beyond that a lower bound, the largest part's need for different persons.
    """
    persons = sorted({standing.person(number) for part in standing.parts for number in part.numbers})
    if len(persons) > PERSONS_TRIED_MAX:
        return max((_persons_needed(standing, part) for part in standing.parts), default=0)
    for size in range(1, len(persons) + 1):
        if any(_enough(standing, set(chosen)) for chosen in combinations(persons, size)):
            return size
    return 0


def _enough(standing: Standing, chosen: set[str]) -> bool:
    return all(
        sum(standing.person(number) in chosen for number in part.numbers) >= part.threshold
        for part in standing.parts
    )


def _persons_needed(standing: Standing, part: Part) -> int:
    held: dict[str, int] = {}
    for number in part.numbers:
        held[standing.person(number)] = held.get(standing.person(number), 0) + 1
    keys = 0
    for count, most in enumerate(sorted(held.values(), reverse=True), 1):
        keys += most
        if keys >= part.threshold:
            return count
    return len(held)


def _secrecy(standing: Standing) -> Claim:
    fewest = fewest_to_decrypt(standing)
    here = [_keys(standing), _persons(standing, fewest)]
    if standing.mixers:
        here.append(_mixing(standing))
    if (
        standing.smallest_tally is not None
        and standing.counted
        and standing.counted < standing.smallest_tally
    ):
        here.append(
            f"Only {standing.counted} ballots were counted, fewer than the {standing.smallest_tally} of the "
            f"rulebook; {len(standing.small)} trustees agreed on the record to decrypt so few."
        )
    if standing.unanimous:
        which = ", ".join(str(number) for number in standing.unanimous)
        here.append(f"In question {which} everybody chose alike: the result tells how each of them voted.")
    if standing.demonstration:
        here.append("This is a demonstration: one computer played all parts, so there is no secrecy at all.")
    return Claim(
        "Secrecy of the vote",
        "not claimed" if standing.demonstration else "on condition",
        f"fewer than {_persons_word(fewest)} of those who hold keys act together, and the elector's device and "
        "the program that it ran are honest",
        "enough trustees together; a device that is not honest; a group so small or so unanimous that the "
        "result tells; a later break of the group's arithmetic",
        "nobody, afterwards",
        " ".join(here),
    )


def _keys(standing: Standing) -> str:
    said = []
    singles = [part.numbers[0] for part in standing.parts if len(part.numbers) == 1]
    if singles:
        said.append(f"{_counted(len(singles), 'trustee')} whose key is always needed")
    groups = (part for part in standing.parts if len(part.numbers) > 1)
    said += [
        f"a group of {len(part.numbers)} trustees of whom any {part.threshold} suffice" for part in groups
    ]
    names = [standing.person(n) for part in standing.parts for n in part.numbers if n in standing.holders]
    different = sorted(set(names))
    text = f"{_counted(standing.trustees, 'key')}: {' and '.join(said)}."
    if not names:
        return text + " The files do not say who holds them."
    if len(different) < len(names):
        return text + f" They are held by {_counted(len(different), 'different person')}: {_list(different)}."
    return text + f" They are held by {_list(different)}."


def _persons(standing: Standing, fewest: int) -> str:
    if not standing.holders:
        return f"{_counted(fewest, 'key')} together decrypt any ballot; one person may hold several."
    if fewest == 1:
        return "One person alone can decrypt any ballot."
    return f"No fewer than {fewest} persons together can decrypt a ballot."


def _mixing(standing: Standing) -> str:
    mixers = sorted({standing.person(number) for number in standing.mixers})
    return f"{_counted(len(mixers), 'mixer')} ({_list(mixers)}): one honest one hides whose paper is whose."


def _correct(report: Report, standing: Standing) -> Claim:
    word: Word = "checked"
    here = "Every duty that applies was checked in this run and holds."
    if report.verdict == "failed":
        failed = [check.duty for check in report.checks if check.verdict == "failed"]
        word, here = "failed", f"It does not hold in these files: {', '.join(failed)} failed."
    elif report.verdict == "incomplete":
        word, here = "on condition", "Not everything was checked in this run."
    elif report.stage != "declared":
        word, here = "not yet", "There is no result yet; what is there so far was checked and holds."
    if not standing.folder:
        here += " Only the archive was given: the roll, the rulebook and the count were not checked."
    return Claim(
        "The result is right",
        word,
        "at least one honest person runs a verifier over all files",
        "nobody, unless discrete logarithms in the group or SHA-256 are broken",
        "anybody, offline, at any time",
        here,
    )


def _my_ballot(standing: Standing) -> Claim:
    witnesses = (
        f"{_counted(standing.witnesses, 'witness', 'witnesses')} signed the newest checkpoint."
        if standing.witnesses
        else "No witness signed the newest checkpoint: electors compare checkpoints with each other."
    )
    if not standing.folder:
        witnesses = "An archive alone carries no checkpoint: compare its trackers with your own."
    return Claim(
        "My ballot is counted as it was sent",
        "on condition",
        "I compare my tracker with the record after the close, and all of us see the same record",
        "the officer together with every witness, showing different records to different people; not looking",
        "the elector; the signed receipt shows it to others",
        witnesses,
    )


def _intended() -> Claim:
    return Claim(
        "My ballot says what I chose",
        "on condition",
        "my device and the program on it are honest",
        "a device that encrypts another choice",
        "nobody, from these files",
        "Nothing in the files can tell; use a device that you trust.",
    )


def _eligibility(verdicts: Mapping[str, str], standing: Standing) -> Claim:
    here = f"{standing.electors:,} credentials, {standing.accepted:,} ballots accepted."
    if verdicts.get("Q2") == "passed":
        here += (
            " There are as many credentials as electors on the final roll, with the same votes in all (Q2)."
        )
    return Claim(
        "Only electors voted",
        "failed" if verdicts.get("Q2") == "failed" else "on condition",
        "the officer and the credential authority are not both dishonest, and credentials did not leak",
        "officer and credential authority together, voting for those who stayed away",
        "electors who ask whether their credential voted; whoever looks through the list",
        here,
    )


def _one_vote(standing: Standing) -> Claim:
    here = "The roll is on the record as commitments; each elector can check the own one."
    if not standing.folder:
        here = "The roll is not part of an archive."
    return Claim(
        "One member, one vote",
        "on condition",
        "the frozen roll is honest, and those left out or doubled use their appeal",
        "members on the roll who do not exist, or stand on it twice, and were not found",
        "members, through their slips and the account of the roll",
        here,
    )


def _revotes(standing: Standing) -> Claim:
    replaced = standing.accepted - standing.counted if standing.counted else 0
    here = f"{replaced:,} ballots were replaced by a later one of the same credential."
    return Claim(
        "The last ballot counts",
        "on condition",
        "electors who vote again keep the receipts, which number their ballots in the record",
        "whoever takes in ballots, against electors who keep no receipt",
        "the elector",
        here if standing.counted else "The poll has not been counted yet.",
    )


def _possible(standing: Standing, *, declared: bool) -> Claim:
    spare = [len(part.numbers) - part.threshold for part in standing.parts]
    least = min(spare, default=0)
    here = (
        "Every key is needed: one that is lost stops the tally."
        if least == 0
        else f"The tally goes on when up to {least} of each group are missing."
    )
    proved = len(standing.holders)
    if proved:
        here += f" {proved} of {standing.trustees} trustees proved before opening that they hold their key."
    if declared:
        here = f"It took place: {_counted(len(standing.decrypted), 'trustee')} decrypted."
    return Claim(
        "The tally can take place",
        "checked" if declared else "on condition",
        "enough trustees keep their keys until the close, and use them",
        "trustees who lose their key, or refuse",
        "everybody, when it happens",
        here,
    )


def _challenged(verdicts: Mapping[str, str], standing: Standing) -> Claim:
    words: dict[str, tuple[Word, str]] = {
        "certified": (
            "checked",
            "The certificate says: certified; the electors in doubt could not change it.",
        ),
        "not certified": ("not claimed", "The certificate says: not certified. It is not known to be safe."),
        "could change": (
            "not claimed",
            "The certificate says: the electors in doubt could change the outcome.",
        ),
    }
    word, here = words.get(standing.word or "", ("not yet", "There is no certificate yet."))
    if verdicts.get("C2") == "failed":
        word, here = "failed", "The certificate is wrong (C2)."
    elif not standing.folder:
        here = "A certificate is not part of an archive."
    return Claim(
        "The outcome is safe against members in doubt",
        word,
        "the certificate says so: the margin is larger than the number of electors in doubt",
        "more electors in doubt than the certificate allows for",
        "anybody, by computing it again",
        here,
    )


def _receipts(standing: Standing) -> Claim:
    here = "Voting again before the close helps only whoever is no longer watched."
    if standing.patterns is not None and standing.unused_permille is not None:
        here += (
            f" {int(standing.patterns):,} rankings are possible, and about {standing.unused_permille / 10:.1f} % of "
            "them are used by nobody: a ranking can serve as a mark that somebody demands and looks for."
        )
    return Claim(
        "I cannot prove how I voted, nor be forced",
        "not claimed",
        "-",
        "an elector who wants to prove it, or is watched while voting",
        "-",
        here,
    )


_PARTICIPATION: Final = Claim(
    "Nobody knows whether I voted",
    "not claimed",
    "-",
    "the officer and the credential authority, who can see it",
    "-",
    "The credential authority knows whose credential voted; it does not know how.",
)
_FOR_EVER: Final = Claim(
    "Secrecy for ever",
    "not claimed",
    "-",
    "whoever breaks the group's arithmetic in later years",
    "-",
    "The encrypted ballots are public and stay so.",
)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _persons_word(number: int) -> str:
    return "one" if number == 1 else str(number)


def _list(names: Sequence[str]) -> str:
    shown = list(names[:NAMES_SHOWN_MAX])
    if len(names) > NAMES_SHOWN_MAX:
        shown.append(f"{len(names) - NAMES_SHOWN_MAX} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""
