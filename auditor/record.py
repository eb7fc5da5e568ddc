"""The record: entries, order of acts, tree.

Duties done here: L1 (entries), L3 (order), L7 (names), L8 (cells). L2 is in verify.py, L4, L5 and L6 are in
folder.py. The tree is that of RFC 6962. `Public` at the end is what the duties of the folder look at.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import auditor.count as counting
import auditor.forms as forms
from auditor.forms import Fault, Reader, Report, Waits, date, every, flag, number_text, of, shown

if TYPE_CHECKING:
    from auditor.archive import Archive, Election
    from auditor.tally import Tallied

# ---------------------------------------------------------------- L1: what an entry may hold

CELL_TEXT = "fewer than 10"
REFUSED = re.compile(r"refused-[1-9][0-9]{0,3}\.json", re.ASCII)


def cell(value: Any, what: str) -> object:
    """L8 says which numbers are allowed; L1 only that it is a number or that text."""
    return value if value == CELL_TEXT else forms.whole(value, what)


def tens(value: Any, what: str) -> object:
    """A cell that is rounded down to tens."""
    if cell(value, what) != CELL_TEXT and value % 10:
        raise Fault(f"{what} is not rounded down to tens")
    return value


def nothing_or_departure(value: Any, what: str) -> object:
    return value if value is None else of(computed=forms.text, reason=forms.text)(value, what)


DOCUMENT = of(name=forms.text, sha256=forms.hexadecimal)

TEXT, HEX, WHOLE = forms.text, forms.hexadecimal, forms.whole


def number_of_group(value: Any, what: str) -> int:
    return forms.decimal(value, what, 10**620)


def counted_from_1(value: Any, what: str) -> int:
    return forms.whole(value, what, 1)


def nothing_or_document(value: Any, what: str) -> object:
    if value is not None and not REFUSED.fullmatch(DOCUMENT(value, what)["name"]):
        raise Fault(f"{what} is not named refused-N.json")
    return value


# Per act its data; CELLS below says where the cells are.
ACTS: dict[str, dict[str, Reader]] = {
    "log.opened": dict(organisation=TEXT, origin=TEXT, key=TEXT, demonstration=flag),
    "rulebook.adopted": dict(document=DOCUMENT, version=TEXT),
    "roll.imported": dict(
        files=WHOLE, rows=WHOLE, kept=WHOLE, left_out=cell, refused_columns=every(TEXT), commitment=HEX
    ),
    "roll.inspected": dict(findings=every(of(kind=TEXT, findings=cell, members=cell)), asked=cell),
    "roll.frozen": dict(
        freeze=date,
        members=WHOLE,
        eligible=cell,
        not_eligible=cell,
        ask=cell,
        clauses=every(of(id=TEXT, cite=TEXT, not_met=cell, unknown=cell)),
        commitment=HEX,
    ),
    "roll.amended": dict(change=TEXT, clause=TEXT, decision=HEX),
    "roll.final": dict(
        document=DOCUMENT,
        electors=WHOLE,
        weight=WHOLE,
        root=HEX,
        clauses=every(of(id=TEXT, excluded=cell)),
        elections=every(of(contest=TEXT, uuid=TEXT)),
    ),
    "credential.replaced": dict(uuid=TEXT, old=TEXT, new=TEXT),
    "trustee.held": dict(
        **dict(uuid=TEXT, trustee=counted_from_1, public_key=TEXT, size=WHOLE, root=HEX),
        **dict(challenge=number_of_group, response=number_of_group),
    ),
    "letters.destroyed": dict(uuid=TEXT, batch=TEXT, letters=cell),
    "appeal.decided": dict(outcome=TEXT, clause=TEXT, decision=HEX),
    "roll.resolved": dict(same_person=cell, two_persons=cell, not_settled=cell, resolutions=HEX),
    "roll.reviewed": dict(kind=TEXT, cleared=tens, unresolved=tens, withdrawn=tens, reviews=HEX),
    "sample.drawn": dict(
        **dict(sample=counted_from_1, members=cell, asked=cell, bound_permille=WHOLE),
        **dict(confidence_permille=WHOLE, throw=TEXT, seed=HEX, listed=HEX),
    ),
    "sample.settled": dict(sample=counted_from_1, confirmed=cell, reached=flag, answers=HEX),
    "register.inspected": dict(asked_by=TEXT, outcome=TEXT, found=TEXT, because=TEXT, request=HEX),
    "vault.viewed": dict(views=cell, operators=cell, journal=HEX),
    "vault.destroyed": dict(kind=TEXT, rule=TEXT, due=date, files=WHOLE, listed=HEX),
    "poll.opened": dict(
        contest=TEXT,
        uuid=TEXT,
        election=HEX,
        document=DOCUMENT,
        order_seed=HEX,
        tie_commitment=HEX,
        rankings_public=flag,
        patterns=number_text,
        unused_permille=WHOLE,
        mixers_at_least=WHOLE,
    ),
    "bel.event": dict(height=WHOLE, type=TEXT, event=HEX),
    "poll.closed": dict(uuid=TEXT, accepted=WHOLE),
    "decryption.refused": dict(
        uuid=TEXT, trustee=counted_from_1, duty=TEXT, object=HEX, document=nothing_or_document
    ),
    "decryption.small": dict(uuid=TEXT, trustee=counted_from_1, counted=WHOLE, floor=WHOLE),
    "sheet.declared": dict(document=DOCUMENT, uuid=TEXT, tie_seed=HEX, elected=every(TEXT)),
    "certificate.issued": dict(document=DOCUMENT, uuid=TEXT, word=TEXT),
    "case.decided": dict(
        decision=TEXT,
        about=TEXT,
        cite=TEXT,
        outcome=TEXT,
        fingerprint=TEXT,
        appeal_days=WHOLE,
        departure=nothing_or_departure,
        subject=HEX,
    ),
}
TWO_PERSONS = ("roll.frozen", "poll.opened", "poll.closed")
CELLS = {
    "roll.imported": ("left_out",),
    "roll.inspected": ("asked", "findings.findings", "findings.members"),
    "roll.frozen": ("eligible", "not_eligible", "ask", "clauses.not_met", "clauses.unknown"),
    "roll.final": ("clauses.excluded",),
    "roll.resolved": ("same_person", "two_persons", "not_settled"),
    "roll.reviewed": ("cleared", "unresolved", "withdrawn"),
    "letters.destroyed": ("letters",),
    "sample.drawn": ("members", "asked"),
    "sample.settled": ("confirmed",),
    "vault.viewed": ("views", "operators"),
}
# Texts that are one of a few.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "roll.amended": dict(change=("put back", "answered", "taken out")),
    "decryption.refused": dict(duty=("D1", "D2", "D3")),
    "appeal.decided": dict(outcome=("dismissed", "upheld too late")),
    "register.inspected": dict(
        asked_by=("member", "candidate", "scrutineer"),
        outcome=("inspected", "declined"),
        found=("accurate", "matters to attend to", "not looked at"),
    ),
}


@dataclass(frozen=True)
class Entry:
    """One act. `sound`: its data have the right form, so that other duties may read them."""

    number: int
    act: str
    names: tuple[str, ...]
    data: dict[str, Any]
    sound: bool


@dataclass(frozen=True)
class Record:
    """The entries, the lines they were read from, and the record's key as entry 0 gives it."""

    entries: tuple[Entry, ...]
    lines: tuple[bytes, ...]

    def first(self, act: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.act == act and entry.sound), None)

    def all(self, act: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.act == act and entry.sound]


def read_record(data: bytes, report: Report) -> Record:
    """L1, L3, L7 and L8."""
    lines = data.split(b"\n")
    if lines.pop() != b"":
        report.failed("L1", "the last entry is not ended by a newline")
        lines = data.split(b"\n")
    entries = tuple(_entry(number, line, report) for number, line in enumerate(lines))
    report.passed("L1", f"{len(entries):,} entries")
    _check_order(entries, report)
    _check_names(entries, report)
    _check_cells(entries, report)
    return Record(entries, tuple(lines))


def _entry(number: int, line: bytes, report: Report) -> Entry:
    what = f"entry {number}"
    act, sound = "", False
    names: tuple[str, ...] = ()
    fields: dict[str, Any] = {}
    with report.duty("L1", what):
        value = forms.entries(forms.ours(line, what), what, ("act", "by", "data"))
        act = forms.text(value["act"], f"the act of {what}")
        persons = [
            forms.entries(one, f"a person of {what}", ("name", "role"))
            for one in forms.rows(value["by"], what)
        ]
        names = tuple(forms.text(one["name"], f"a name in {what}") for one in persons)
        for one in persons:
            forms.text(one["role"], f"a role in {what}")
        if act not in ACTS:
            raise Fault(f"{what} is the unknown act {shown(act)!r}")
        fields = value["data"]
        of(**ACTS[act])(fields, f"{what} ({act})")
        for name, allowed in WORDS.get(act, {}).items():
            if fields[name] not in allowed:
                raise Fault(f"{what}: {name} is {shown(fields[name])!r}, none of {', '.join(allowed)}")
        sound = True
    return Entry(number, act, names, fields if sound else {}, sound)


# ---------------------------------------------------------------- L3, L7, L8

ONCE = (
    *("log.opened", "rulebook.adopted", "roll.imported", "roll.frozen", "roll.final", "poll.opened"),
    *("poll.closed", "sheet.declared", "certificate.issued"),
)
# Acts that may occur any number of times while one of these acts of the list above is the newest.
BETWEEN = {
    "roll.inspected": ("roll.imported",),
    "roll.resolved": ("roll.imported", "roll.frozen"),
    "roll.reviewed": ("roll.imported", "roll.frozen", "roll.final"),
    "roll.amended": ("roll.frozen",),
    "credential.replaced": ("roll.final",),
    "trustee.held": ("roll.final",),
    "decryption.refused": ("poll.closed",),
    "decryption.small": ("poll.closed",),
}
_EVER = ("case.decided", "register.inspected", "vault.viewed", "vault.destroyed")
ANYWHERE_AFTER = dict.fromkeys(_EVER, "rulebook.adopted") | {
    "sample.drawn": "roll.imported",
    "sample.settled": "roll.imported",
    "appeal.decided": "roll.frozen",
    "letters.destroyed": "roll.final",
}
DURING_TALLY = ("EncryptedTally", "Shuffle", "EndShuffles", "PartialDecryption")
BEFORE_CLOSE = ("Setup", "Ballot")
AFTER_CLOSE = ("EndBallots", "EncryptedTally", "Shuffle", "EndShuffles", "PartialDecryption", "Result")
EVENTS_AFTER = {
    "Setup": ("Ballot",),
    "Ballot": ("Ballot",),
    "EndBallots": ("EncryptedTally",),
    "EncryptedTally": ("Shuffle", "PartialDecryption"),
    "Shuffle": ("Shuffle", "EndShuffles"),
    "EndShuffles": ("PartialDecryption",),
    "PartialDecryption": ("PartialDecryption", "Result"),
    "Result": (),
}


def _check_order(entries: tuple[Entry, ...], report: Report) -> None:
    """L3: each act of ONCE follows the one before it in that list, with the others between as they may."""
    reached = -1  # the place in ONCE of the newest such act
    event = ""  # the type of the newest archive event
    for entry in entries:
        act = entry.act
        if act not in ACTS or (act == "bel.event" and not entry.sound):
            report.waits("L3", "L1")
            continue
        newest = ONCE[reached] if reached >= 0 else ""
        kind = str(entry.data.get("type", ""))
        if act in ONCE:
            place = ONCE.index(act)
            ready = {"poll.closed": event in BEFORE_CLOSE, "sheet.declared": event == "Result"}.get(act, True)
            allowed = place == reached + 1 and ready
            reached = max(reached, place)
        elif act in BETWEEN:
            allowed = newest in BETWEEN[act] and (newest != "poll.closed" or event in DURING_TALLY)
        elif act == "bel.event":
            if newest == "poll.opened":
                allowed = kind in EVENTS_AFTER.get(event, ("Setup",)) and kind in BEFORE_CLOSE
            else:
                expected = EVENTS_AFTER.get(event, ()) if event in AFTER_CLOSE else ("EndBallots",)
                allowed = newest == "poll.closed" and kind in expected
            event = kind
        else:
            allowed = act in ANYWHERE_AFTER and reached >= ONCE.index(ANYWHERE_AFTER[act])
        if not allowed:
            name = f"{act} ({kind})" if kind else act
            report.failed(
                "L3",
                f"entry {entry.number}, {shown(name)}, may not stand there (after {newest or 'nothing'})",
            )
    if not entries:
        report.failed("L3", "the record is empty")
    report.passed("L3", f"up to {ONCE[reached] if reached >= 0 else 'nothing'}")


def _check_names(entries: tuple[Entry, ...], report: Report) -> None:
    for entry in entries:
        names = {name.strip() for name in entry.names} - {""}
        needed = 2 if entry.act in TWO_PERSONS else 0 if entry.act == "bel.event" else 1
        if len(names) < needed and entry.act in ACTS:
            report.failed(
                "L7", f"entry {entry.number} ({entry.act}) carries {len(names)} names instead of {needed}"
            )
    report.passed("L7", "every act that needs names has them")


def _check_cells(entries: tuple[Entry, ...], report: Report) -> None:
    looked_at = 0
    for entry in entries:
        if not entry.sound:
            continue
        for path in CELLS.get(entry.act, ()):
            outer, _, inner = path.partition(".")
            found = [row[inner] for row in entry.data[outer]] if inner else [entry.data[outer]]
            looked_at += len(found)
            for value in found:
                if value != CELL_TEXT and 0 < value < 10:
                    report.failed(
                        "L8", f"entry {entry.number} ({entry.act}) publishes a number under 10 in {path}"
                    )
    if looked_at:
        report.passed("L8", f"{looked_at} cells")


# ---------------------------------------------------------------- the tree (RFC 6962)


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\0" + leaf).digest()


def tree_roots(leaves: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The roots over the first n leaves, for each n in `sizes`.

    Keeps the roots of the complete subtrees that make up what was read so far, largest first: adding a leaf
    merges equal ones, and the root of all is their fold from the right.
    """
    roots: dict[int, bytes] = {}
    peaks: list[tuple[int, bytes]] = []
    for size in range(len(leaves) + 1):
        if size in sizes:
            roots[size] = _fold([node for _, node in peaks])
        if size < len(leaves):
            width, node = 1, leaf_hash(leaves[size])
            while peaks and peaks[-1][0] == width:
                width, node = 2 * width, _node(peaks.pop()[1], node)
            peaks.append((width, node))
    return roots


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _fold(peaks: list[bytes]) -> bytes:
    if not peaks:
        return hashlib.sha256(b"").digest()
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = _node(peak, node)
    return node


# ---------------------------------------------------------------- the whole folder


@dataclass
class Public:
    """Everything that the duties look at."""

    path: Path
    record: Record
    report: Report
    archive: Archive | None = None
    election: Election | None = None
    tallied: Tallied | None = None
    documents: dict[str, bytes] = field(default_factory=dict)
    rulebook: dict[str, Any] | None = None
    parsed: dict[str, Any] = field(default_factory=dict)

    def first(self, act: str) -> Entry | None:
        """The first entry of an act, if there is one."""
        return next(iter(self.all(act)), None)

    def data(self, act: str) -> dict[str, Any] | None:
        entry = self.first(act)
        return entry.data if entry else None

    def all(self, act: str) -> list[Entry]:
        found = [entry for entry in self.record.entries if entry.act == act]
        if not all(entry.sound for entry in found):
            raise Waits("L1")
        return found

    def needed_archive(self) -> Archive:
        if not self.archive:
            raise Waits("L5")
        return self.archive

    def needed_election(self) -> Election:
        self.needed_archive()
        if not self.election:
            raise Waits(self.report.broken("E1", "E4", "E6", "A2", "A3", "A1"))
        return self.election

    def needed_tallied(self) -> Tallied:
        self.needed_election()
        if not self.tallied:
            raise Waits("T1")
        return self.tallied

    def needed_rulebook(self) -> dict[str, Any]:
        if not self.rulebook:
            raise Waits("P1" if "rulebook.toml" in self.documents else "L6")
        return self.rulebook

    def needed_document(self, name: str) -> bytes:
        if name not in self.documents:
            raise Waits("L6")
        return self.documents[name]

    def needed(self, name: str) -> Any:
        """What a document of our form says."""
        if name not in self.parsed:
            raise Waits("L6")
        return self.parsed[name]

    def contest(self) -> dict[str, Any]:
        """The contest of the rulebook that the poll is about."""
        opened = self.data("poll.opened") or {}
        found = [
            one for one in self.needed_rulebook().get("contest", []) if one.get("id") == opened.get("contest")
        ]
        if not found:
            raise Waits("P2")
        return dict(found[0])

    def count(self) -> tuple[counting.Count, counting.Papers, int, int, str]:
        """The count done anew: with the valid papers, how many are blank and invalid, and the result's hash."""
        declared, election = self.data("sheet.declared"), self.needed_election()
        contest = self.contest()
        if contest["count"]["method"] != "scottish-stv":
            raise Fault(f"the rule set {shown(contest['count']['method'])!r} cannot be recounted here")
        papers, blank, invalid = counting.sort_papers(self.papers())
        seats = forms.whole(self.needed("sheet.json")["seats"], "the number of seats", 1)
        answers, seed = election.questions[election.ranked[0]].answers, (declared or {})["tie_seed"]
        recount = counting.scottish(answers, seats, papers, seed)
        result = self.needed_archive().of_type("Result")[0].members[-1]
        return recount, papers, blank, invalid, hashlib.sha256(result).hexdigest()

    def papers(self) -> list[list[int]]:
        """The rows of the result of the ranked question."""
        election, tallied = self.needed_election(), self.needed_tallied()
        if not election.ranked:
            raise Waits("P2")
        if not tallied.result:
            raise Waits("R1" if self.needed_archive().of_type("Result") else "L3")
        rows: list[list[int]] = tallied.result[election.ranked[0]]
        return rows
