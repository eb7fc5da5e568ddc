"""What must hold between the files of a public folder.

Duties done here: L4, L5, L6 (election, events, documents), P1 to P6 and P9 (rulebook, paper, seeds, mixers,
small tallies), Q1 to Q5 (the account: electors, credentials, ballots, papers), K1 (cases). C1 and C2 are
called from here and done in count.py, P7 and P8 in trustees.py. A duty whose entries are not there yet at this
stage is not part of it; one that needs what another duty failed to give waits for that one.
"""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from typing import Any

import auditor.count as counting
import auditor.forms as forms
from auditor.archive import sha256
from auditor.forms import Fault, Report, Waits, date, shown
from auditor.record import REFUSED, Public, tree_roots
from auditor.trustees import check_held, check_refused

DOCUMENTS = ("rulebook.toml", "commitments.json", "candidates.json", "sheet.json", "certificate.json")
NAMED_BY = {
    "rulebook.toml": "rulebook.adopted",
    "commitments.json": "roll.final",
    "candidates.json": "poll.opened",
    "sheet.json": "sheet.declared",
    "certificate.json": "certificate.issued",
}
FORBIDDEN_BEGINNINGS = ("religi", "ethnic", "racial", "nationalit", "citizen", "birthplace", "disab")
FORBIDDEN_WORDS = ("race", "origin", "language", "gender", "sex", "name", "country")


def check_folder(public: Public, report: Report) -> None:
    """Every duty of docs/formats/entries.md but those of record.py."""
    table = {
        "L6": _check_files,
        "L4": _check_key_in_description,
        "L5": _check_events,
        "P1": _check_rulebook,
        "P2": _check_agreement,
        "P3": _check_paper_order,
        "P4": _check_tie_seed,
        "P5": _check_rankings,
        "P6": _check_mixers,
        "P7": check_held,
        "P8": check_refused,
        "P9": _check_small,
        "Q1": _check_commitments,
        "Q2": _check_credentials,
        "Q3": _check_ballot_account,
        "Q4": _check_papers,
        "Q5": _check_sums,
        "C1": _check_sheet,
        "C2": _check_certificate,
        "K1": _check_cases,
    }
    for duty, work in table.items():
        with report.duty(duty, "what it is about"):
            work(public, report)


# ---------------------------------------------------------------- L4, L5, L6


def _check_files(public: Public, report: Report) -> None:
    """L6: read the documents; every file is one that the pages know."""
    opened = public.record.first("poll.opened")
    archive_name = f"{opened.data['uuid']}.bel" if opened else ""
    known = re.compile(
        r"log/entries\.jsonl|log/checkpoint|log/checkpoints/[0-9]+|index\.html|trackers/[^/]+\.html", re.ASCII
    )
    for path in sorted(public.path.rglob("*")):
        name = path.relative_to(public.path).as_posix()
        if path.is_symlink():
            report.failed("L6", f"{shown(name)} is a link")
        elif path.is_dir() or known.fullmatch(name) or name == archive_name:
            continue
        elif name.startswith("documents/") and (name[10:] in DOCUMENTS or REFUSED.fullmatch(name[10:])):
            public.documents[name[10:]] = path.read_bytes()
        else:
            report.failed("L6", f"{shown(name)} is a file that no page describes")
    named: dict[str, tuple[int, str]] = {}  # per document the number of the entry that names it, and the hash
    for entry in public.record.entries:
        document = entry.data.get("document")
        expected = next((name for name, act in NAMED_BY.items() if act == entry.act), "")
        if entry.act == "decryption.refused" and document:
            expected = document["name"]  # P8 says whose it is
        if document and document["name"] != expected:
            report.failed("L6", f"entry {entry.number} ({entry.act}) names {shown(document['name'])!r}")
        elif document:
            named.setdefault(expected, (entry.number, document["sha256"]))
    for name, (number, digest) in named.items():
        if name not in public.documents:
            report.failed("L6", f"{name} is missing")
        elif sha256(public.documents[name]) != digest:
            report.failed("L6", f"{name} is not the document that entry {number} names")
    for name, data in public.documents.items():
        if name not in named:
            entries = [
                one for one in public.record.entries if one.act == NAMED_BY.get(name) and not one.sound
            ]
            if entries:
                report.waits("L6", "L1")
            else:
                report.failed("L6", f"{name} is there, but no entry names it")
        if name in DOCUMENTS[1:]:
            with report.duty("L6", name):
                public.parsed[name] = forms.ours(data, name)
    report.passed("L6", f"{len(public.documents)} documents")


def _check_key_in_description(public: Public, report: Report) -> None:
    opened = public.data("log.opened")
    if opened and public.data("poll.opened"):
        if opened["key"] not in public.needed_election().description:
            report.failed("L4", "the election's description does not hold the record's key")
        report.passed("L4", shown(opened["key"], 80))


def _check_events(public: Public, report: Report) -> None:
    logged = [
        (entry.data["height"], entry.data["type"], entry.data["event"]) for entry in public.all("bel.event")
    ]
    events = (
        [(event.height, event.type, event.sha256) for event in public.archive.events]
        if public.archive
        else []
    )
    if not logged and not events and not public.record.first("poll.opened"):
        return
    if len(logged) != len(events):
        report.failed("L5", f"the record has {len(logged)} events and the archive {len(events)}")
    for ours, theirs in zip(logged, events, strict=False):
        if ours != theirs:
            report.failed("L5", f"event {theirs[0]} of the archive is not the one in the record")
            break
    report.passed("L5", f"{len(events):,} events")


# ---------------------------------------------------------------- P1 to P6


def _check_rulebook(public: Public, report: Report) -> None:
    adopted = public.data("rulebook.adopted")
    if not adopted:
        return
    try:
        book = tomllib.loads(public.needed_document("rulebook.toml").decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as reason:
        raise Fault(f"the rulebook cannot be read ({shown(reason)})") from None
    public.rulebook = book
    never = [forms.text(name, "a name of never_use") for name in book["rulebook"].get("never_use", [])]
    for fact in book.get("facts", {}):
        if _forbidden(fact, never):
            report.failed("P1", f"the rulebook declares the fact {shown(fact)!r}, which is forbidden")
    if book["rulebook"]["version"] != adopted["version"]:
        report.failed(
            "P1", f"the rulebook is version {shown(book['rulebook']['version'])}, another was adopted"
        )
    report.passed("P1", f"version {shown(adopted['version'])}, {len(book.get('facts', {}))} facts")


def _forbidden(fact: str, never: list[str]) -> bool:
    """docs/formats/rulebook.md, "Facts that cannot exist", the part for a second verifier."""
    words = fact.casefold().split("_")
    if any(word.startswith(FORBIDDEN_BEGINNINGS) or word in FORBIDDEN_WORDS for word in words):
        return True
    for name in never:
        banned = re.sub(r"[\s_]", "", name.casefold())
        if any(banned.removesuffix("s") == word.removesuffix("s") for word in words):
            return True
        if len(banned) >= 5 and banned in "".join(words):
            return True
    return False


def _check_agreement(public: Public, report: Report) -> None:
    """P2."""
    opened = public.data("poll.opened")
    if not opened:
        return
    contests = [
        one for one in public.needed_rulebook().get("contest", []) if one.get("id") == opened["contest"]
    ]
    if not contests:
        raise Fault(f"the rulebook has no contest {shown(opened['contest'])!r}")
    contest = contests[0]
    final = public.data("roll.final")
    if final and {"contest": opened["contest"], "uuid": opened["uuid"]} not in final["elections"]:
        report.failed("P2", "the final roll was made for another contest or election")
    for act in ("poll.closed", "sheet.declared", "certificate.issued"):
        later = public.data(act)
        if later and later["uuid"] != opened["uuid"]:
            report.failed("P2", f"{act} is about another election")
    for name in ("sheet.json", "certificate.json"):
        if name in public.parsed:
            if public.parsed[name]["seats"] != contest["seats"]:
                report.failed("P2", f"{name} and the rulebook do not have the same number of seats")
            if public.parsed[name]["ruleset"] != contest["count"]["method"]:
                report.failed("P2", f"{name} and the rulebook do not have the same rule set")
    answers = _check_candidates(public, opened, contest, report)
    if contest.get("question", answers[0]) != answers[0]:
        report.failed("P2", "candidates.json and the rulebook do not ask the same question")
    _check_election_agrees(public, opened, answers, report)
    report.passed("P2", f"{shown(opened['contest'])}: {contest['seats']} seats, {contest['count']['method']}")


def _check_candidates(
    public: Public, opened: dict[str, Any], contest: dict[str, Any], report: Report
) -> tuple[str, list[str]]:
    """The question and the names of candidates.json."""
    order = ("candidates", "contest", "question", "seats")
    fields = forms.entries(public.needed("candidates.json"), "candidates.json", order)
    if fields["contest"] != opened["contest"]:
        report.failed("P2", "candidates.json is about another contest")
    if fields["seats"] != contest["seats"]:
        report.failed("P2", "candidates.json and the rulebook do not have the same number of seats")
    names = []
    for one in forms.rows(fields["candidates"], "the candidates"):
        candidate = forms.entries(one, "a candidate", ("consent", "name"))
        date(candidate["consent"], f"the consent of {shown(candidate['name'])}")
        names.append(forms.text(candidate["name"], "a candidate's name"))
    if len(set(names)) < len(names):
        report.failed("P2", "a candidate stands twice")
    return forms.text(fields["question"], "the question"), names


def _check_election_agrees(
    public: Public, opened: dict[str, Any], candidates: tuple[str, list[str]], report: Report
) -> None:
    election = public.needed_election()
    if election.uuid != opened["uuid"] or election.sha256 != opened["election"]:
        report.failed("P2", "the archive's election is not the one that was opened")
    if len(election.questions) != 1 or not election.questions[0].ranked:
        raise Fault("the archive does not ask exactly one ranked question")
    question = election.questions[0]
    if (question.text, list(question.answers)) != candidates:
        report.failed("P2", "the archive's question and candidates are not those of candidates.json")
    if "sheet.json" in public.parsed and public.parsed["sheet.json"]["candidates"] != list(question.answers):
        report.failed("P2", "the sheet's candidates are not those of the archive")


def _check_paper_order(public: Public, report: Report) -> None:
    opened = public.data("poll.opened")
    if not opened:
        return
    names = [one["name"] for one in public.needed("candidates.json")["candidates"]]
    seed = opened["order_seed"]
    if names != sorted(names, key=lambda name: hashlib.sha256(f"{seed}|{name}".encode()).digest()):
        raise Fault("the candidates do not stand in the order of the seed")
    report.passed("P3", f"{len(names)} candidates")


def _check_tie_seed(public: Public, report: Report) -> None:
    opened, declared = public.data("poll.opened"), public.data("sheet.declared")
    if opened and declared:
        if sha256(bytes.fromhex(declared["tie_seed"])) != opened["tie_commitment"]:
            report.failed("P4", "the tie seed is not the one committed to")
        report.passed("P4", "the seed fits the commitment")


def _check_rankings(public: Public, report: Report) -> None:
    opened = public.data("poll.opened")
    election = public.needed_election() if opened else None
    if not opened or not election or not election.ranked:
        return
    answers = max(len(election.questions[place].answers) for place in election.ranked)
    patterns = sum(math.perm(answers, marked) for marked in range(1, answers + 1))
    if not opened["rankings_public"]:
        report.failed("P5", "ranked papers are published, but the record has no agreement to it")
    if int(opened["patterns"]) != patterns:
        report.failed(
            "P5", f"{answers} candidates can be ranked in {patterns} ways, not {opened['patterns']}"
        )
    if opened["unused_permille"] > 1000:
        report.failed("P5", "the share of papers that nobody will use is more than all")
    report.passed("P5", f"{patterns:,} possible papers")


def _check_mixers(public: Public, report: Report) -> None:
    opened = public.data("poll.opened")
    if opened and public.archive and public.archive.of_type("EndShuffles"):
        mixers, needed = public.needed_tallied().mixers, max(2, opened["mixers_at_least"])
        if mixers < needed:
            report.failed("P6", f"{mixers} mixers shuffled; {needed} must")
        report.passed("P6", f"{mixers} mixers; at least {needed} must")


def _check_small(public: Public, report: Report) -> None:
    """P9."""
    events = public.all("bel.event")
    entries = [entry for entry in events if entry.data["type"] == "PartialDecryption"]
    if not entries:
        return
    counted, archive = public.needed_tallied().counted, public.needed_archive()
    uuid = public.needed_election().uuid
    floor = public.needed_rulebook().get("poll", {}).get("smallest_tally", 10)
    for entry in entries if counted < floor else ():
        with report.duty("P9", f"entry {entry.number}"):
            found = [event for event in archive.events if event.height == entry.data["height"]]
            if not found:
                raise Waits("L5")
            owner, data = found[0].owner(), {"counted": counted, "floor": floor}
            said = [
                one.number
                for one in public.all("decryption.small")
                if {**one.data, "trustee": owner, **data} == one.data and one.data["uuid"] == uuid
            ]
            if not said or min(said) > entry.number:
                raise Fault(
                    f"trustee {shown(owner)} decrypted {counted} ballots, under {floor}, without saying so"
                )
    report.passed("P9", f"{counted:,} ballots counted; the smallest tally is {floor}")


# ---------------------------------------------------------------- Q1 to Q5, C1, C2


def _check_commitments(public: Public, report: Report) -> None:
    final = public.data("roll.final")
    if not final:
        return
    fields = forms.entries(public.needed("commitments.json"), "commitments.json", ("commitments", "weight"))
    rows = forms.rows(fields["commitments"], "the commitments", final["electors"])
    listed = [forms.hexadecimal(one, "a commitment") for one in rows]
    if listed != sorted(set(listed)):
        report.failed("Q1", "the commitments are not sorted, or one is there twice")
    if fields["weight"] != final["weight"]:
        report.failed(
            "Q1", f"commitments.json weighs {shown(fields['weight'])}, the record {final['weight']}"
        )
    if tree_roots([bytes.fromhex(one) for one in listed], {len(listed)})[len(listed)].hex() != final["root"]:
        report.failed("Q1", "the root over the commitments is not that of the record")
    report.passed("Q1", f"{len(listed):,} commitments")


def _check_credentials(public: Public, report: Report) -> None:
    final = public.data("roll.final")
    if not final or not public.data("poll.opened"):
        return
    election = public.needed_election()
    credentials, weight = len(election.weights), sum(election.weights.values())
    if (credentials, weight) != (final["electors"], final["weight"]):
        report.failed(
            "Q2",
            f"{credentials} credentials ({weight}), {final['electors']} electors ({final['weight']})",
        )
    replaced = [one.data for one in public.all("credential.replaced")]
    replaced_later = {one["old"] for one in replaced}
    for one in replaced:
        if one["uuid"] != election.uuid:
            report.failed("Q2", "a credential of another election was replaced")
        if one["old"] in election.weights:
            report.failed("Q2", "a replaced credential is still on the list")
        if one["new"] not in election.weights and one["new"] not in replaced_later:
            report.failed("Q2", "the credential that replaced another is not on the list")
    report.passed("Q2", f"{credentials:,} credentials of total weight {weight:,}, {len(replaced)} replaced")


def _check_ballot_account(public: Public, report: Report) -> None:
    closed = public.data("poll.closed")
    if not closed:
        return
    tallied, accepted = public.needed_tallied(), len(public.needed_archive().of_type("Ballot"))
    counted, replaced = tallied.counted, tallied.replaced
    if closed["accepted"] != accepted:
        report.failed(
            "Q3", f"the record says {closed['accepted']} accepted ballots; the archive has {accepted}"
        )
    if accepted != counted + replaced:
        report.failed("Q3", f"{accepted} accepted are not {counted} counted and {replaced} replaced")
    report.passed("Q3", f"{accepted:,} accepted = {counted:,} counted + {replaced:,} replaced by a later one")


def _check_papers(public: Public, report: Report) -> None:
    """Q4."""
    if not public.data("sheet.declared"):
        return
    sheet, tallied = public.needed("sheet.json"), public.needed_tallied()
    papers, blank, invalid = counting.sort_papers(public.papers())
    found = (papers.total(), blank, invalid)
    if (sheet["valid"], sheet["blank"], sheet["invalid"]) != found:
        report.failed("Q4", f"the result has {found[0]} valid, {blank} blank and {invalid} invalid papers")
    if sum(found) != tallied.counted:
        report.failed("Q4", f"{sum(found)} papers for {tallied.counted} ballots counted")
    report.passed("Q4", f"{tallied.counted:,} = {found[0]:,} valid + {blank:,} blank + {invalid:,} invalid")


def _check_sums(public: Public, report: Report) -> None:
    """Q5: every stage adds up to the valid papers of the result."""
    if not public.data("sheet.declared"):
        return
    sheet, valid = public.needed("sheet.json"), counting.sort_papers(public.papers())[0].total()
    for stage in forms.rows(sheet["stages"], "the stages"):
        figures = [*stage["tallies"].values(), stage["non_transferable"]]
        if sum(map(_votes, figures)) != valid * counting.VOTE:
            report.failed("Q5", f"stage {shown(stage['number'])} does not add up to {valid}")
    report.passed("Q5", f"{len(sheet['stages'])} stages of {valid:,} papers")


def _votes(text: Any) -> int:
    if (
        not isinstance(text, str)
        or len(text) > 20
        or not re.fullmatch(r"(0|[1-9][0-9]*)\.[0-9]{5}", text, re.ASCII)
    ):
        raise Fault(f"{shown(text)!r} is not a number of votes")
    return int(text.replace(".", ""))


def _check_sheet(public: Public, report: Report) -> None:
    """C1."""
    declared = public.data("sheet.declared")
    if not declared:
        return
    sheet = public.needed("sheet.json")
    recount, papers, blank, invalid, digest = public.count()
    for sentence in counting.compare_sheets(
        sheet, counting.sheet_of(recount, papers, blank, invalid, digest)
    ):
        report.failed("C1", sentence)
    if declared["elected"] != [recount.candidates[one] for one in recount.elected]:
        report.failed("C1", "the record declares others elected than the recount")
    report.passed("C1", f"{len(recount.history)} stages, every figure")


def _check_certificate(public: Public, report: Report) -> None:
    """C2."""
    issued = public.data("certificate.issued")
    if not issued:
        return
    certificate = public.needed("certificate.json")
    recount, papers, _, _, digest = public.count()
    wrong, seen = counting.check_certificate(certificate, recount, papers, digest, "scottish-stv")
    for sentence in wrong:
        report.failed("C2", sentence)
    if certificate["word"] != issued["word"]:
        report.failed("C2", "the certificate's word is not that of the record")
    report.passed("C2", seen)


# ---------------------------------------------------------------- K1


def _check_cases(public: Public, report: Report) -> None:
    cases = public.all("case.decided")
    if not cases:
        return
    book = public.needed_rulebook()
    decisions = {one["id"]: one for one in book.get("decision", [])}
    days = book["appeal"]["days"]
    outcome_of: dict[str, tuple[str, str]] = {}
    for entry in cases:
        case, what = entry.data, f"the case of entry {entry.number}"
        decision = decisions.get(case["decision"])
        if not decision:
            report.failed("K1", f"{what} names no decision of the rulebook")
            continue
        outcomes = [outcome[0] for outcome in decision["outcomes"]]
        computed = case["departure"]["computed"] if case["departure"] else case["outcome"]
        if case["outcome"] not in outcomes or computed not in outcomes:
            report.failed("K1", f"{what} has an outcome that the rulebook does not know")
        if (case["about"], case["cite"]) != (decision["about"], decision["cite"]):
            report.failed("K1", f"{what} cites another rule than the rulebook")
        if case["appeal_days"] != days:
            report.failed("K1", f"{what} gives {case['appeal_days']} days to appeal; the rulebook {days}")
        if case["departure"] and (computed == case["outcome"] or not case["departure"]["reason"].strip()):
            report.failed("K1", f"{what} records a departure that is none, or gives no reason for it")
        given = (case["decision"], computed)
        if outcome_of.setdefault(case["fingerprint"], given) != given:
            report.failed("K1", f"{what} has the facts of an earlier one, another outcome, and no departure")
    report.passed("K1", f"{len(cases)} cases")
