"""Publish: the pages for people, filled from the record (public) and from the vault (the officer's own)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from selectorate.cli.officer.evidence.state import state_of
from selectorate.cli.officer.evidence.told import told
from selectorate.errors import refuse
from selectorate.log import order
from selectorate.log.objects import Entry, cell
from selectorate.office import files
from selectorate.office.count import voters
from selectorate.office.keeping.pairs import standing
from selectorate.office.keeping.pending import decisions
from selectorate.office.workspace import Workspace
from selectorate.pages import objects as pages

if TYPE_CHECKING:
    from selectorate.count.objects import Sheet

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published:
    """How many pages were written."""

    pages: int


def publish(
    workspace: Workspace, checked: Sequence[str] = (), *, one_computer: bool = False, note: str = ""
) -> Published:
    """Write `public/` again from the record, then its pages, and `officer.html` beside it.

    checked: whole sentences on who checked what, for the page; one_computer: all parts were played by one;
    note: one sentence more about a demonstration.
    Raises Refusal `log.order` before the certificate is issued.
    """
    from selectorate.pages.officer import officer_html
    from selectorate.pages.public import index_html
    from selectorate.pages.trackers import tracker_pages

    if workspace.record.phase != "certified":
        raise refuse("log.order", act="Publishing", phase=order.PHASES[workspace.record.phase])
    workspace.project()
    story = public_story(workspace, checked, one_computer=one_computer, note=note)
    made = {"index.html": index_html(story)}
    for name, page in tracker_pages(trackers(workspace)).items():
        made[f"trackers/{name}"] = page
    for name, page in made.items():
        path = workspace.public / name
        if not path.exists() or path.read_bytes() != page:
            files.write(path, page, durable=name == "index.html")
    files.write(workspace.place / "officer.html", officer_html(officer_story(workspace)), private=True)
    return Published(len(made))


def public_story(
    workspace: Workspace, checked: Sequence[str], *, one_computer: bool, note: str = ""
) -> pages.PublicStory:
    """What `public/index.html` tells; everything in it stands on the record."""
    from selectorate.count.certificate import Certificate
    from selectorate.count.objects import Sheet

    book, record = workspace.rulebook, workspace.record
    opened = _data(workspace, "poll.opened")
    contest = book.contest(opened["contest"])
    sheet = Sheet.from_json(record.document("sheet.json"))
    certificate = Certificate.from_json(record.document("certificate.json"))
    final, frozen = _data(workspace, "roll.final"), _data(workspace, "roll.frozen")
    says = {clause.id: clause for clause in book.clauses}
    account = ballot_account(workspace)
    put_back = sum(e.act == "roll.amended" and e.data["change"] == "put back" for e in record.entries)
    example = certificate.example
    return pages.PublicStory(
        organisation=book.organisation,
        contest=contest.id,
        question=contest.question,
        demonstration=workspace.demonstration,
        timetable=_timetable(book.timetable, frozen["freeze"]),
        elected=sheet.elected,
        turnout=pages.Turnout(
            final["electors"],
            account.counted,
            account.counted,
            account.blank,
            account.invalid,
            account.replaced_by_later,
        ),
        left_out=tuple(
            pages.LeftOut(row["id"], says[row["id"]].cite, says[row["id"]].says, row["excluded"])
            for row in final["clauses"]
        ),
        doubt=pages.Doubt(
            certificate.doubtful,
            certificate.left_out,
            certificate.certified_to,
            certificate.changed_from,
            certificate.word,
            example.elected if example else (),
        ),
        sheet=count_sheet(sheet),
        custody=_custody(workspace, opened, one_computer=one_computer),
        checked=tuple(checked),
        cases=tuple(_case(entry) for entry in record.entries if entry.act == "case.decided"),
        files=_files(opened["uuid"]),
        commands=_commands(),
        record_key=str(workspace.verifier_key),
        origin=workspace.origin,
        published=f"{_day(workspace.now.date())}, {workspace.now:%H:%M} UTC",
        put_back=cell(put_back),
        note=note,
    )


def count_sheet(sheet: Sheet) -> pages.CountSheet:
    """A sheet as the pages take it."""
    from selectorate.count import rulesets

    ruleset = rulesets.load(sheet.ruleset)
    plain = sheet.to_plain()
    stages = tuple(
        pages.Stage(
            one["number"],
            one["act"],
            tuple((name, one["tallies"][name]) for name in sheet.candidates),
            one["non_transferable"],
            tuple(one["elected"]),
        )
        for one in plain["stages"]
    )
    ties = tuple(
        f"Stage {tie.stage}: {' and '.join(tie.between)} had equal votes; {tie.chosen} was chosen for "
        f"{tie.purpose} by {'an earlier stage' if tie.by == 'earlier stage' else 'lot'}."
        for tie in sheet.ties
    )
    return pages.CountSheet(
        sheet.ruleset,
        ruleset.title,
        f"{ruleset.law}. Checked against: {ruleset.anchor}",
        sheet.seats,
        str(sheet.quota),
        sheet.candidates,
        stages,
        sheet.elected,
        ties,
    )


def trackers(workspace: Workspace) -> tuple[pages.Tracker, ...]:
    """Every accepted ballot in its order, and whether a later one of the same credential replaced it."""
    cast = [(tracker, credential) for tracker, credential in _cast(workspace)]
    last = {credential: tracker for tracker, credential in cast}
    return tuple(
        pages.Tracker(tracker, number, last[credential] != tracker)
        for number, (tracker, credential) in enumerate(cast, 1)
    )


def ballot_account(workspace: Workspace) -> pages.BallotAccount:
    """Credentials issued and replaced, ballots accepted, replaced by a later one, blank, invalid, valid."""
    from selectorate.count.objects import Sheet

    sheet = Sheet.from_json(workspace.record.document("sheet.json"))
    accepted = int(_data(workspace, "poll.closed")["accepted"])
    counted = len(voters(workspace))
    replaced = sum(entry.act == "credential.replaced" for entry in workspace.record.entries)
    issued = int(_data(workspace, "roll.final")["electors"])
    return pages.BallotAccount(
        issued, replaced, accepted, accepted - counted, counted, sheet.blank, sheet.invalid, sheet.valid
    )


def officer_story(workspace: Workspace) -> pages.OfficerStory:
    """What `officer.html` tells: private, exact."""
    vault = workspace.vault
    findings = vault.load("findings", [])
    questions = vault.load("questions", {})
    state = state_of(workspace)
    found = tuple(told(one, state) for one in findings)
    letters = tuple(
        pages.Letter(
            member,
            ", ".join(one["findings"]),
            one["asked"] or "not yet",
            f"answered {one['cleared']}" if one["cleared"] else "",
        )
        for member, one in sorted(questions.items())
    )
    pairs = tuple(
        pages.PossiblePair(
            one["left"], one["right"], one["because"], standing(vault, one["left"], one["right"])
        )
        for one in vault.load("links", [])
    )
    return pages.OfficerStory(
        organisation=workspace.rulebook.organisation,
        contest=_data(workspace, "poll.opened")["contest"],
        demonstration=workspace.demonstration,
        made=f"{_day(workspace.now.date())}, {workspace.now:%H:%M} UTC",
        findings=found,
        letters=letters,
        pairs=pairs,
        account=ballot_account(workspace),
        clauses=_clause_lines(workspace),
        amendments=tuple(f"{one['member']}: {one['change']}" for one in vault.load("amendments", [])),
    )


def _clause_lines(workspace: Workspace) -> tuple[pages.ClauseLine, ...]:
    import json

    counts: dict[str, Counter[Any]] = {clause.id: Counter() for clause in workspace.rulebook.clauses}
    for line in decisions(workspace):
        for finding in json.loads(line)["findings"]:
            counts[finding["clause"]][finding["holds"]] += 1
    return tuple(
        pages.ClauseLine(c.id, c.cite, c.says, counts[c.id][True], counts[c.id][False], counts[c.id][None])
        for c in workspace.rulebook.clauses
    )


def _custody(workspace: Workspace, opened: dict[str, Any], *, one_computer: bool) -> pages.Custody:
    from selectorate.ballot.closing import closing_of

    closing = closing_of(workspace.archive())
    trustees = closing.trustees if closing else ()
    mixers = [owner for owner, _ in closing.shuffles] if closing else []
    officers = {h.name: h.role for entry in workspace.record.entries for h in entry.by}
    holders = [pages.Holder(role, name) for name, role in officers.items()]
    holders += [pages.Holder("trustee", f"Trustee {number}") for number in range(1, len(trustees) + 1)]
    holders += [pages.Holder("mixer", f"Trustee {owner}") for owner in mixers]
    holders.append(pages.Holder("credential authority", "Credential authority"))
    return pages.Custody(
        tuple(holders),
        len(trustees),
        one_computer,
        bool(opened["rankings_public"]),
        f"{int(opened['patterns']):,}",
    )


def _timetable(days: Sequence[tuple[str, date]], freeze: str) -> tuple[pages.Moment, ...]:
    words = {
        "freeze": "the roll is frozen",
        "roll_open": "the roll can be looked at",
        "nominations": "nominations close",
        "appeals_end": "appeals about the roll end",
        "poll_opens": "the poll opens",
        "poll_closes": "the poll closes",
        "papers_kept": "papers are kept until",
    }
    return tuple(
        pages.Moment(words.get(name, name.replace("_", " ")), _day(day))
        for name, day in sorted(days, key=lambda pair: pair[1])
    )


def _case(entry: Entry) -> pages.CaseLine:
    departure = entry.data["departure"]
    said = f"the rulebook gives {departure['computed']}: {departure['reason']}" if departure else ""
    data = entry.data
    return pages.CaseLine(
        data["decision"], data["about"], data["cite"], data["outcome"], data["fingerprint"], said
    )


def _files(uuid: str) -> tuple[pages.PublicFile, ...]:
    return (
        pages.PublicFile(f"{uuid}.bel", "every encrypted ballot, shuffle and decryption, with all proofs"),
        pages.PublicFile("log/entries.jsonl", "the record: every act, in order"),
        pages.PublicFile("log/checkpoint", "the newest signed statement of the record"),
        pages.PublicFile("documents/rulebook.toml", "the rules in force"),
        pages.PublicFile("documents/commitments.json", "one sealed line for each elector"),
        pages.PublicFile("documents/candidates.json", "who stood, in the order of the paper"),
        pages.PublicFile("documents/sheet.json", "the count, stage by stage"),
        pages.PublicFile("documents/certificate.json", "could the doubts have changed the outcome?"),
    )


def _commands() -> tuple[pages.Command, ...]:
    return (
        pages.Command("Check everything in this folder", "selectorate verify public"),
        pages.Command(
            "The same with a second program, written independently", "python3 auditor/verify.py public"
        ),
        pages.Command("Check that you are on the roll", "selectorate slip check my-slip.json public"),
        pages.Command("Check that your ballot counts", "selectorate receipt check my-receipt.json public"),
    )


def _cast(workspace: Workspace) -> list[tuple[str, str]]:
    from selectorate.ballot.marks import ballot_bytes_max, strict_marks
    from selectorate.ballot.parameters import read_parameters

    most = ballot_bytes_max(read_parameters(workspace.archive().events[0].data[0]))
    return [(tracker, strict_marks(b, most).credential) for tracker, _, b in workspace.record.ballots()]


def _data(workspace: Workspace, act: str) -> dict[str, Any]:
    entry = workspace.record.find(act)
    if entry is None:
        raise refuse("log.order", act=act, phase=order.PHASES[workspace.record.phase])
    return entry.data


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
