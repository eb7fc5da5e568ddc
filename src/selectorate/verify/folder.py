"""The duties that hold between the files of a public folder (docs/formats/entries.md).

Each function opens with its duty. A duty whose files are not there yet at this stage is "not part of it";
one that needs something which failed its own check is "not checked" and says what it needed, so that a report
names the culprit and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.canon import Check
from selectorate.errors import Refusal
from selectorate.log import check as log_check
from selectorate.log.note import VerifierKey
from selectorate.log.objects import Entry
from selectorate.verify import sheets, trustees
from selectorate.verify.objects import CLAIMS, Folder, NotThereError, rules_of, verified_of
from selectorate.verify.source import Source

if TYPE_CHECKING:
    from selectorate.ballot.check import Examination
    from selectorate.rules.objects import Rulebook


def not_there() -> tuple[Check, ...]:
    """The folder's duties where only an archive was given: listed, as not part of it."""
    return tuple(Check(duty, CLAIMS[duty], "not part of it", "only an archive was given") for duty in ORDER)


def check(source: Source, examined: Examination | None) -> tuple[Check, ...]:
    """Every duty of the folder, in the order of the method page. examined: the archive, where there is one."""
    checks, entries = log_check.check_entries(source.lines)
    rules_check, rulebook = _rulebook(source, entries)
    archive = examined.archive if examined else None
    folder = Folder(source, entries, archive, examined.verified if examined else None, rulebook)
    by_number = {one.duty: one for one in checks} | {"P1": rules_check}
    if not source.ends_well:
        claim = by_number["L1"].claim
        by_number["L1"] = Check("L1", claim, "failed", "log/entries.jsonl does not end with a newline")
    by_number["L2"] = _checkpoints(folder)
    for duty, function in _DUTIES:
        by_number[duty] = _run(duty, function, folder)
    for one in (*sheets.counted(folder), sheets.certified(folder), _cases(folder)):
        by_number[one.duty] = one
    return tuple(by_number[duty] for duty in ORDER)


def _run(duty: str, function: Callable[[Folder], tuple[str, list[str]] | None], folder: Folder) -> Check:
    claim = CLAIMS[duty]
    try:
        found = function(folder)
    except NotThereError as reason:
        return Check(duty, claim, "not checked", str(reason))
    except (Refusal, KeyError, TypeError, ValueError) as reason:
        return Check(duty, claim, "failed", f"unreadable: {reason}")
    if found is None:
        return Check(duty, claim, "not part of it", "not yet at this stage")
    seen, faults = found
    return Check(duty, claim, "failed" if faults else "passed", "; ".join(faults[:3]) or seen)


def _key(folder: Folder) -> VerifierKey:
    opened = folder.data("log.opened")
    if opened is None:
        raise NotThereError("the record does not begin with log.opened")
    return VerifierKey.parse(opened["key"])


def _checkpoints(folder: Folder) -> Check:
    try:
        key = _key(folder)
    except (NotThereError, Refusal) as reason:
        return Check("L2", CLAIMS["L2"], "failed", str(reason))
    source = folder.source
    return log_check.check_checkpoints(source.lines, source.checkpoints, source.newest, key)


def _named_key(folder: Folder) -> tuple[str, list[str]] | None:
    """L4."""
    if folder.data("poll.opened") is None:
        return None
    key = str(_key(folder))
    named = key in verified_of(folder).parameters.description.split()
    return key, [] if named else [f"the description does not contain {key}"]


def _events(folder: Folder) -> tuple[str, list[str]] | None:
    """L5. Uses the archive's events as read, so it also speaks when the archive failed elsewhere."""
    logged = [entry.data for entry in folder.entries if entry.act == "bel.event"]
    if folder.archive is None:
        return None if not logged else ("", ["the record has events, and there is no archive"])
    read = folder.archive.events
    # By place and hash: the hash covers the height that the record itself states.
    events = [
        {"height": place, "type": read.type_of(place), "event": read.digest(place).hex()}
        for place in range(len(read))
    ]
    faults = [
        f"event {number}: the record says {there}, the archive {here}"
        for number, (there, here) in enumerate(zip(logged, events, strict=False))
        if there != here
    ]
    if len(logged) != len(events):
        faults.append(f"the record has {len(logged)} events, the archive {len(events)}")
    return f"{len(events):,} events", faults


def _documents(folder: Folder) -> tuple[str, list[str]] | None:
    """L6."""
    named = {entry.data["document"]["name"]: entry.data["document"]["sha256"]
             for entry in folder.entries if isinstance(entry.data.get("document"), dict)}  # fmt: skip
    there = folder.source.documents
    faults = [f"{name} is missing" for name in named if name not in there]
    faults += [f"{name} is in no entry" for name in there if name not in named]
    faults += [
        f"{name} has another hash than its entry says"
        for name, data in there.items()
        if name in named and canon.sha256(data) != named[name]
    ]
    faults += [f"{name} is not a file that the method pages know" for name in folder.source.unknown]
    return f"{len(there)} documents", faults


def _same_poll(folder: Folder) -> tuple[str, list[str]] | None:
    """P2."""
    opened = folder.data("poll.opened")
    if opened is None:
        return None
    contest = rules_of(folder).contest(opened["contest"])
    parameters = verified_of(folder).parameters
    paper = _candidates(folder)
    question = parameters.questions[0]
    sheet = folder.document("sheet.json")
    facts = [
        ("uuid in the record and in the archive", opened["uuid"] == parameters.uuid),
        ("the election object is the logged one", _election_hash(folder) == opened["election"]),
        ("one question", len(parameters.questions) == 1),
        ("contest in record and candidates file", paper["contest"] == opened["contest"]),
        ("seats in rulebook and candidates file", paper["seats"] == contest.seats),
        ("question in rulebook and candidates file", paper["question"] == contest.question),
        ("question in rulebook and archive", question.text == contest.question),
        ("kind of question", question.kind == contest.kind),
        (
            "candidates in file and archive",
            [c["name"] for c in paper["candidates"]] == list(question.answers),
        ),
        ("a day of consent for each candidate", all(_is_day(c["consent"]) for c in paper["candidates"])),
        ("election promised with the final roll", _promised(folder, opened)),
    ]
    if sheet is not None:
        value = canon.decode(sheet, what="sheet.json")
        facts += [
            ("rule set in rulebook and sheet", value["ruleset"] == contest.method),
            ("seats in rulebook and sheet", value["seats"] == contest.seats),
            ("candidates in archive and sheet", value["candidates"] == list(question.answers)),
            ("papers of the sheet", value["papers"] == _result_hash(folder)),
        ]
    return f"{len(facts)} comparisons", [f"differs: {what}" for what, holds in facts if not holds]


def _candidates(folder: Folder) -> dict[str, Any]:
    document = folder.document("candidates.json")
    if document is None:
        raise NotThereError("candidates.json is missing")
    value = canon.decode(document, what="candidates.json")
    if set(value) != {"candidates", "contest", "question", "seats"} or not all(
        set(one) == {"consent", "name"} for one in value["candidates"]
    ):
        raise NotThereError("candidates.json has not exactly its fields")
    return dict(value)


def _is_day(text: object) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _election_hash(folder: Folder) -> str:
    return canon.sha256(verified_of(folder).setup.election)


def _result_hash(folder: Folder) -> str:
    events = verified_of(folder).archive.events
    return next((events.content_digest(place).hex() for place in events.places("Result")), "")


def _promised(folder: Folder, opened: dict[str, Any]) -> bool:
    final = folder.data("roll.final")
    return final is not None and {"contest": opened["contest"], "uuid": opened["uuid"]} in final["elections"]


def _order(folder: Folder) -> tuple[str, list[str]] | None:
    """P3."""
    opened = folder.data("poll.opened")
    if opened is None:
        return None
    names = [one["name"] for one in _candidates(folder)["candidates"]]
    seed = opened["order_seed"]
    wanted = sorted(names, key=lambda name: hashlib.sha256(f"{seed}|{name}".encode()).digest())
    return f"{len(names)} candidates", [] if names == wanted else ["the order is not that of the seed"]


def _tie_seed(folder: Folder) -> tuple[str, list[str]] | None:
    """P4."""
    opened, declared = folder.data("poll.opened"), folder.data("sheet.declared")
    if opened is None or declared is None:
        return None
    revealed = hashlib.sha256(bytes.fromhex(declared["tie_seed"])).hexdigest()
    return "", [] if revealed == opened["tie_commitment"] else ["the seed is not the one committed to"]


def _consent_to_publish(folder: Folder) -> tuple[str, list[str]] | None:
    """P5."""
    opened = folder.data("poll.opened")
    if opened is None or verified_of(folder).parameters.questions[0].kind != "ranked":
        return None
    from selectorate.count.objects import patterns

    possible = patterns(len(verified_of(folder).parameters.questions[0].answers))
    faults = [] if opened["rankings_public"] is True else ["no yes to publishing rankings"]
    if opened["patterns"] != str(possible):
        faults.append(f"{opened['patterns']} possible papers are stated; there are {possible}")
    return f"{possible:,} possible papers", faults


def _mixers(folder: Folder) -> tuple[str, list[str]] | None:
    """P6."""
    opened = folder.data("poll.opened")
    if opened is None or not any(
        e.act == "bel.event" and e.data["type"] == "EndShuffles" for e in folder.entries
    ):
        return None
    mixed = len(set(verified_of(folder).shuffle_owners))
    wanted = max(2, opened["mixers_at_least"])
    return f"{mixed} mixers", [] if mixed >= wanted else [f"{mixed} mixers, {wanted} demanded"]


def _commitments(folder: Folder) -> tuple[str, list[str]] | None:
    """Q1, through the roll's own check."""
    final, document = folder.data("roll.final"), folder.document("commitments.json")
    if final is None:
        return None
    if document is None:
        raise NotThereError("commitments.json is missing")
    from selectorate.roll.check import check_commitments

    found = check_commitments(document, final)
    return found.because, [] if found.verdict == "passed" else [found.because]


def _credentials(folder: Folder) -> tuple[str, list[str]] | None:
    """Q2."""
    final = folder.data("roll.final")
    if final is None or folder.data("poll.opened") is None:
        return None
    listed = verified_of(folder).credentials
    public = {credential.public for credential in listed}
    weight = sum(credential.weight for credential in listed)
    faults = []
    if len(listed) != final["electors"]:
        faults.append(f"{len(listed)} credentials for {final['electors']} electors")
    if weight != final["weight"]:
        faults.append(f"credentials carry {weight} votes, the roll {final['weight']}")
    replaced = [entry.data for entry in folder.entries if entry.act == "credential.replaced"]
    gone = {data["old"] for data in replaced}
    faults += [f"replaced credential {old} is on the list" for old in sorted(gone & public)]
    faults += [
        f"new credential {d['new']} is not on the list" for d in replaced if d["new"] not in public | gone
    ]
    return f"{len(listed):,} credentials, {len(replaced)} of them replacements", faults


def _accepted(folder: Folder) -> tuple[str, list[str]] | None:
    """Q3."""
    closed = folder.data("poll.closed")
    if closed is None:
        return None
    verified = verified_of(folder)
    accepted, counted = len(verified.trackers), len(verified.counted)
    faults = []
    if closed["accepted"] != accepted:
        faults.append(f"the record says {closed['accepted']} accepted, the archive has {accepted}")
    if accepted != counted + verified.superseded:
        faults.append(f"{accepted} accepted, {counted} counted, {verified.superseded} replaced")
    return f"{accepted:,} = {counted:,} counted + {verified.superseded:,} replaced by a later one", faults


def _rulebook(source: Source, entries: Sequence[Entry]) -> tuple[Check, Rulebook | None]:
    """P1, through the rules room's own check."""
    from selectorate.rules.check import CLAIM, checked_rulebook

    document = source.documents.get("rulebook.toml")
    adopted = next((entry.data for entry in entries if entry.act == "rulebook.adopted"), None)
    if document is None or adopted is None:
        return Check("P1", CLAIM, "failed", "rulebook.toml or the entry that adopts it is missing"), None
    return checked_rulebook(document, adopted["version"])


def _cases(folder: Folder) -> Check:
    """K1, through the register's own check."""
    from selectorate.register.check import check_cases

    cases = [entry.data for entry in folder.entries if entry.act == "case.decided"]
    return check_cases(cases, folder.rulebook)


_DUTIES: tuple[tuple[str, Callable[[Folder], tuple[str, list[str]] | None]], ...] = (
    ("L4", _named_key),
    ("L5", _events),
    ("L6", _documents),
    ("P2", _same_poll),
    ("P3", _order),
    ("P4", _tie_seed),
    ("P5", _consent_to_publish),
    ("P6", _mixers),
    ("P7", trustees.held),
    ("P8", trustees.refused),
    ("P9", trustees.small),
    ("Q1", _commitments),
    ("Q2", _credentials),
    ("Q3", _accepted),
    ("Q4", sheets.papers),
)
ORDER = (
    "L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9",
    "Q1", "Q2", "Q3", "Q4", "Q5", "C1", "C2", "K1",
)  # fmt: skip
