"""What commands print with --json is what docs/manual/json.md says: keys and kinds, no more and no fewer.

The page is the claim: its tables are read here and held against commands that are really run, and so are its
own examples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import duckdb
import pytest
from tests.cli.selection import BOTH, BY, RULEBOOK, Selection, Theatre, decision, done, making_a_key, say
from tests.thinned import thinned

from selectorate.cli import COMMANDS, selectorate
from selectorate.cli.officer.count import CountCommand

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "manual" / "json.md"
PAPERS = ROOT / "vectors" / "count" / "lot" / "papers.blt"
ANSWER = ("--answer-to", "roll@orchard.example")
DAY = ("--on", "2027-01-25", "--at", "2027-01-25T09:00:00Z")
LATER = ("--at", "2027-02-01T09:00:00Z")
LOOK = (*BY, "--why", "The member telephoned.", *LATER)
MEMBERS_OF_NUMBERS = """
CREATE TABLE numbers AS SELECT range AS member_id, range % 20 AS branch, range * 7 % 2000 AS join_day,
  -1 AS renewal_day, -1 AS transfer_day, -1 AS building, range AS dwelling,
  CASE WHEN range * 7 % 2000 > 1970 AND range % 20 < 4 THEN 3 ELSE 9000 + range END AS payer,
  -1 AS device, -1 AS ip, -1 AS phone, -1 AS email, -1 AS recruiter, -1 AS cash_collector
FROM range(5200)
"""
"""5,200 members as whole numbers; one account pays for some of them in one month."""
Typed = tuple[str | Path, ...]
KINDS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "decimal": lambda value: isinstance(value, float),
    "numbers": lambda value: isinstance(value, list) and all(isinstance(one, int) for one in value),
    "yes or no": lambda value: isinstance(value, bool),
    "nothing": lambda value: value is None,
    "object": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
    "objects": lambda value: isinstance(value, list) and all(isinstance(one, dict) for one in value),
    "texts": lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
    "text to text": lambda value: _mapping(value, str),
    "text to number": lambda value: _mapping(value, int),
    "text to decimal": lambda value: _mapping(value, float),
}


def _mapping(value: Any, kind: type) -> bool:
    return isinstance(value, dict) and all(isinstance(one, kind) for one in value.values())


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the page: path of a key -> its kind, and the example."""

    kinds: dict[str, str]
    example: Any


def _sections() -> dict[str, Section]:
    found = {}
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = part.partition("\n")
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()
                if line.startswith("| `")]  # fmt: skip
        indented = [line for line in text.splitlines() if line.startswith("    ")]
        answer = "\n".join(line for line in indented if not line.startswith("    selectorate "))
        found[title] = Section({path.strip("`"): kind for path, kind, _ in rows}, json.loads(answer))
    return found


SECTIONS = _sections()


def named(title: str) -> str:
    """The command of a section's title; empty for a section that is about none."""
    match = re.match(r"`([a-z -]+)`", title)
    return match[1] if match else ""


def answers() -> Iterator[str]:
    """Every command with --json, by its words after `selectorate`."""
    context = click.Context(selectorate)
    for name in COMMANDS:
        command = selectorate.get_command(context, name)
        group = dict(command.commands) if isinstance(command, click.Group) else {"": command}
        group |= command.inner() if isinstance(command, CountCommand) else {}
        for inner, one in group.items():
            assert one is not None
            if any("--json" in option.opts for option in one.params):
                yield f"{name} {inner}".strip()


def wrong(value: Any, kinds: dict[str, str], path: str = "") -> list[str]:
    """Where a value is not as a table says: keys too many or too few, and values of another kind."""
    inside = {key[len(path) :]: kind for key, kind in kinds.items() if key.startswith(path)}
    direct = {key for key in inside if "." not in key}
    lines = [f"{path}{key} is not in the table" for key in value.keys() - direct]
    lines += [f"{path}{key} is not there" for key in direct - value.keys()]
    for key in direct & value.keys():
        kind = inside[key]
        if not any(KINDS[one](value[key]) for one in kind.split(", or ")):
            lines.append(f"{path}{key} is not {kind}: {value[key]!r}")
        elif kind == "objects":
            lines += [line for one in value[key] for line in wrong(one, kinds, f"{path}{key}.")]
        elif kind.startswith("object") and value[key] is not None:
            lines += wrong(value[key], kinds, f"{path}{key}.")
    return lines


def _case(s: Selection) -> Typed:
    text = (ROOT / "src" / "selectorate" / "cli" / "demo" / "cases" / "conduct.toml").read_text()
    (s.root / "case.toml").write_text(text)
    return ("case", "decide", s.office, s.root / "case.toml", *BY, "--at", "2027-03-01T09:00:00Z")


def _numbers(s: Selection) -> Typed:
    path = s.root / "members.parquet"
    with duckdb.connect() as engine:
        engine.execute(MEMBERS_OF_NUMBERS).fetchall()
        engine.execute("COPY numbers TO $file (FORMAT parquet)", {"file": str(path)}).fetchall()
    return ("roll", "findings", "--members", path, "--freeze", "1999")


def _newer(s: Selection) -> Typed:
    (s.root / "newer.toml").write_text(RULEBOOK.read_text().replace("months(6)", "months(12)"))
    return ("rules", "diff", RULEBOOK, s.root / "newer.toml", "--roll", s.office)


def _typed_sheet(s: Selection) -> Typed:
    (s.root / "sheet.json").write_text(done("count", PAPERS, "--seed", "acorn", "--json"))
    return ("check-sheet", s.root / "sheet.json")


def _found(s: Selection) -> Typed:
    done("roll", "findings", s.office, *ANSWER, *BY, "--at", "2027-01-04T09:00:00Z")
    return ("roll", "asked", s.office, "--on", "2027-01-05", *BY, "--at", "2027-01-05T09:00:00Z")


def _declared(s: Selection) -> Typed:
    return ("roll", "reviewer", s.office, "--name", "Reviewer One", "--interest", "none", *DAY)


SCHEME = ("--called", "payroll of the harbour", "--on", "2026-02-01", "--reason", "agreement of 2019", *BY)
STALL = ("--branch", "North", "--first", "2026-05-02", "--last", "2026-05-03", "--recruiter", "x")
DRIVE = (*STALL, "--called", "stall", "--on", "2026-04-20", "--reason", "notice of the branch", *BY)


def _scheme(s: Selection) -> Typed:
    return ("roll", "declare-scheme", s.office, "PAYROLL-7", *SCHEME)


def _listed(s: Selection) -> Typed:
    done(*_scheme(s))
    return ("roll", "declared", s.office)


def _reviewed(s: Selection) -> Typed:
    done(*_declared(s))
    found = json.loads((s.office / "vault" / "findings.json").read_text())
    one = next(each for each in found if each["members"])
    decided = ("--decision", "cleared", "--code", "agreed", "--reason", "both wrote", "--by", "Reviewer One")
    return ("roll", "review", s.office, one["id"], "--member", one["members"][0], *decided, *DAY)


def _explained(s: Selection) -> Typed:
    typed = _numbers(s)
    (s.root / "findings.json").write_text(done(*typed, "--json"))
    found = json.loads((s.root / "findings.json").read_text())["findings"]
    return ("roll", "explain", found[0]["id"], *typed[2:], "--against", s.root / "findings.json")


def _amended(s: Selection) -> Typed:
    (s.root / "decision.toml").write_text(decision())
    done("roll", "appeal", s.office, "--member", "M-00039", *DAY)
    return ("roll", "amend", s.office, s.root / "decision.toml", *BY, "--at", "2027-02-05T09:00:00Z")


def _dismissed(s: Selection) -> Typed:
    text = (
        '[appeal]\nmember = "M-00040"\noutcome = "dismissed"\nclause = "E2"\ndecided_by = "Appeals panel"\n'
        'on = 2027-02-05\nreason = "No payment was shown."\n'
    )
    (s.root / "appeal.toml").write_text(text)
    return ("roll", "decide-appeal", s.office, s.root / "appeal.toml", *BY, "--at", "2027-02-20T09:00:00Z")


def _inspected(s: Selection) -> Typed:
    text = (
        '[request]\nby = "candidate"\nname = "Alder"\non = 2027-01-25\nground = "Some moved away."\n\n[answer]\n'
        'scrutineer = "Scrutineer One"\non = 2027-01-27\ninspected = true\nfound = "accurate"\n'
        'because = "Fifty entries were compared."\n'
    )
    (s.root / "request.toml").write_text(text)
    return ("roll", "inspection", s.office, s.root / "request.toml", *BY, *LATER)


def _sampled(s: Selection) -> Typed:
    drawn = json.loads(done("roll", "sample", s.office, *BY, *LATER, "--json"))["drawn"]
    lines = ["member,answer", *(f"{member},confirmed" for member in drawn)]
    (s.root / "answers.csv").write_text("\n".join(lines))
    return ("roll", "sample-answers", s.office, s.root / "answers.csv", "--sample", "1", *BY, *LATER)


def _compared(s: Selection) -> Typed:
    lines = ["name,postcode", *(f"Member {n},OR{n:02} 1XX" for n in range(1, 38))]
    (s.root / "register.csv").write_text("\n".join(lines))
    return ("roll", "compare", s.office, s.root / "register.csv", "--moving", "9.5", "--years", "1", *LATER)


def _looked(s: Selection) -> Typed:
    done("roll", "explain-member", s.office, "M-00039", *LOOK)
    return ("roll", "looks", s.office, "--publish", *BY, *LATER)


def _voting(s: Selection) -> Typed:
    (s.root / "credential.txt").write_text(s.credentials()["M-00001"])
    (s.root / "choices.txt").write_text("Elm\nAsh\n")
    return ("vote", s.public, "--credential", s.root / "credential.txt", "--choices", s.root / "choices.txt",
            s.root / "ballot.json")  # fmt: skip


def _accepting(s: Selection) -> Typed:
    (s.root / "ballots.jsonl").write_bytes(
        b"\n".join(s.ballots({"M-00001": (1, 2, 3, 4), "M-00002": (0, 0, 0, 0)}))
    )
    return ("ballot", "accept", s.office, s.root / "ballots.jsonl", "--at", "2027-03-02T09:00:00Z")


def _refused(s: Selection) -> Typed:
    ballot = s.ballots({"M-00001": (1, 2, 3, 4)})[0]
    at = ballot.index(b'"response":"') + len(b'"response":"')
    changed = ballot[:at] + (b"2" if ballot[at : at + 1] == b"1" else b"1") + ballot[at + 1 :]
    (s.root / "ballots.jsonl").write_bytes(changed)
    return ("ballot", "accept", s.office, s.root / "ballots.jsonl", "--at", "2027-03-02T09:00:00Z")


def _shuffled(s: Selection) -> Typed:
    done("mix", s.public, s.root / "shuffle.json", "--owner", "1")
    return ("ballot", "take-shuffle", s.office, s.root / "shuffle.json", "--at", "2027-03-15T21:00:00Z")


def _decrypted(s: Selection) -> Typed:
    done(*s.decrypting(1))
    return ("ballot", "take-decryption", s.office, s.sent("decryption", 1), "--at", "2027-03-15T23:00:00Z")


def _proving(s: Selection) -> Typed:
    return ("trustee", "prove", *s.unlock(1), "--by", "Trustee One", s.public, s.root / "proof.json")


def _held(s: Selection) -> Typed:
    return ("ballot", "hold", s.office, s.sent("proof", 1), "--at", "2027-02-20T09:00:00Z")


def _word(s: Selection) -> Typed:
    """The credential authority's word on a batch that it destroyed."""
    s.batch("001")
    done("credentials", "destroy", s.letters, "--batch", "001", "--unopened", "--yes")
    return (
        "ballot",
        "letters-destroyed",
        s.office,
        s.letters / "for-the-officer" / "destroyed-001.json",
        *BY,
    )


def _lettered(s: Selection) -> Typed:
    return (
        "credentials",
        "make",
        s.public,
        s.office / "vault" / "electorate.csv",
        s.letters,
        *s.passphrase(),
    )


def _opened(s: Selection) -> Typed:
    return ("credentials", "letters", s.letters, "--batch", "001", "--to", s.root / "merge", *s.passphrase())


def _destroying(s: Selection) -> Typed:
    """A batch opened twice, one copy of which was moved away."""
    done(*_opened(s))
    done(*_opened(s), "--form", "html")
    (s.root / "merge" / "batch-001.html").rename(s.root / "moved.html")
    return ("credentials", "destroy", s.letters, "--batch", "001", "--yes")


def _slip(s: Selection) -> Typed:
    slips = json.loads((s.office / "vault" / "slips.json").read_bytes())
    (s.root / "slip.json").write_text(slips["M-00001"])
    return ("slip", "check", s.root / "slip.json", s.public)


def _receipt(s: Selection) -> Typed:
    line = done("ballot", "accept", s.office, s.electors / "ballots.jsonl", "--json").splitlines()[0]
    (s.root / "receipt.json").write_text(line)
    return ("receipt", "check", s.root / "receipt.json", s.public)


def _links(s: Selection) -> Typed:
    """A roll in which one person stands twice, with a column that may not be used."""
    rows = (s.root / "members.csv").read_text().splitlines()
    twice = rows[1].replace("M-00001", "M-00041")
    (s.root / "twice.csv").write_text(
        "\n".join([f"{row},x" for row in (*rows, twice)]).replace("branch,x", "branch,Religion")
    )
    done("roll", "import", s.office, s.root / "twice.csv", *BY, "--at", "2027-01-02T09:00:00Z")
    return ("roll", "findings", s.office, *ANSWER, *BY, "--at", "2027-01-03T09:00:00Z")


def _resolved(s: Selection) -> Typed:
    done(*_links(s))
    return (
        "roll",
        "resolve",
        s.office,
        "M-00001",
        "M-00041",
        "--answer",
        "two persons",
        "--reason",
        "They wrote.",
        *BY,
        *DAY,
    )


def _mended(s: Selection) -> Typed:
    """A list with a problem, a line that is left out, and a column that may not be used."""
    rows = ("M-00001,Member 1,2019-02-31,x,y,", "M-00003,Member 3,2019-02-01,x,y,yes")
    (s.root / "bad.csv").write_text(
        "\n".join(("member_id,full_name,joined_on,Religion,Team,deceased", *rows))
    )
    return ("roll", "check", s.root / "bad.csv")


def _ceremony(s: Selection, *words: str) -> Typed:
    return ("ceremony", words[0], s.root / "ceremony", *words[1:], "--uuid", "HJ4caHVMxvLsFH")


def _locked(s: Selection) -> Typed:
    done("vault", "lock", s.office, *s.passphrase())
    return ("vault", "unlock", s.office, *s.passphrase())


def _joining(s: Selection) -> Typed:
    done(*_ceremony(s, "new", "--members", "1", "--threshold", "1"))
    plan, seat = s.root / "ceremony" / "ceremony.json", ("--as", "1", "--name", "Trustee One")
    return ("ceremony", "join", s.root / "seat", plan, *seat, *s.passphrase())


def _taking(s: Selection) -> Typed:
    done(*_joining(s))
    return ("ceremony", "take", s.root / "seat", *s.passphrase())


PLAYED: tuple[tuple[str, str, int, Callable[[Selection], Typed]], ...] = (
    # section of the page, phase, exit code, what is typed
    ("A refusal", "new", 2, lambda s: ("verify", s.root / "absent")),
    ("A refusal", "polling", 2, lambda s: ("certify", s.office, *BY)),
    ("`new`", "new", 0, lambda s: ("new", s.root / "other", "--rulebook", RULEBOOK, *BY)),
    ("`status`", "polling", 0, lambda s: ("status", s.office)),
    ("`rules check`", "new", 0, lambda s: ("rules", "check", RULEBOOK)),
    ("`rules check`", "new", 0, lambda s: ("rules", "check", RULEBOOK, "--roll", s.root / "members.csv")),
    ("`rules show`", "new", 0, lambda s: ("rules", "show", RULEBOOK)),
    ("`rules timetable`", "frozen", 0, lambda s: ("rules", "timetable", s.office, "--ics", s.root / "x.ics")),
    ("`rules diff`", "imported", 0, _newer),
    ("`rules diff`", "new", 0, lambda s: (*_newer(s)[:4], "--roll", s.root / "members.csv", "--publish")),
    ("`vault lock`", "new", 0, lambda s: ("vault", "lock", s.office, *s.passphrase())),
    ("`vault unlock`", "new", 0, _locked),
    ("`roll check`", "new", 0, lambda s: ("roll", "check", s.root / "members.csv")),
    ("`roll check`", "new", 1, _mended),
    ("`roll check`, with `--start-map`", "new", 0,
     lambda s: ("roll", "check", s.root / "members.csv", "--start-map", s.root / "map.toml")),
    ("`roll import`", "new", 0, lambda s: ("roll", "import", s.office, s.root / "members.csv", *BY)),
    ("`roll findings`", "imported", 0, lambda s: ("roll", "findings", s.office, *ANSWER, *BY)),
    ("`roll findings`", "new", 0, _links),
    ("`roll findings` with `--members`", "new", 0, _numbers),
    ("`roll explain`", "new", 0, _explained),
    ("`roll resolve`", "new", 0, _resolved),
    ("`roll asked`", "imported", 0, _found),
    ("`roll finding-pages`", "asked", 0, lambda s: ("roll", "finding-pages", s.office, *LATER)),
    ("`roll declare-scheme`", "imported", 0, _scheme),
    ("`roll declare-drive`", "imported", 0, lambda s: ("roll", "declare-drive", s.office, *DRIVE)),
    ("`roll declared`", "imported", 0, _listed),
    ("`roll reviewer`", "asked", 0, _declared),
    ("`roll review`", "asked", 0, _reviewed),
    ("`roll parity`", "asked", 0, lambda s: ("roll", "parity", s.office, *LATER)),
    ("`roll freeze`", "asked", 0, lambda s: ("roll", "freeze", s.office, *BOTH)),
    ("`roll appeal`", "frozen", 0, lambda s: ("roll", "appeal", s.office, "--member", "M-00039", *DAY)),
    ("`roll amend`", "frozen", 0, _amended),
    ("`roll reasons`", "frozen", 0, lambda s: ("roll", "reasons", s.office, s.root / "letters", *LATER)),
    ("`roll explain-member`", "frozen", 0, lambda s: ("roll", "explain-member", s.office, "M-00039", *LOOK)),
    ("`roll reply`", "asked", 0,
     lambda s: ("roll", "reply", s.office, "--member", "M-00021", "--says", "I joined myself.", *DAY)),
    ("`roll decide-appeal`", "final", 0, _dismissed),
    ("`roll inspection`", "frozen", 0, _inspected),
    ("`roll sample`", "frozen", 0, lambda s: ("roll", "sample", s.office, "--branch", "North", *BY, *LATER)),
    ("`roll sample-answers`", "frozen", 0, _sampled),
    ("`roll compare`", "frozen", 0, _compared),
    ("`roll subject-report`", "frozen", 0, lambda s: ("roll", "subject-report", s.office, "M-00021", *LOOK)),
    ("`roll view`", "frozen", 0,
     lambda s: ("roll", "view", s.office, "--as", "branch-officer", "--branch", "North", *BY, *LATER)),
    ("`roll looks`", "frozen", 0, _looked),
    ("`roll retention`", "frozen", 0, lambda s: ("roll", "retention", s.office, *LATER)),
    ("`roll destroy`", "certified", 0,
     lambda s: ("roll", "destroy", s.office, "--due", *BY, "--at", "2027-06-30T09:00:00Z")),
    ("`roll dpia`", "frozen", 0, lambda s: ("roll", "dpia", s.office, *LATER)),
    ("`roll final`", "frozen", 0, lambda s: ("roll", "final", s.office, *BY, "--at", "2027-02-09T09:00:00Z")),
    ("`credentials make`", "final", 0, _lettered),
    ("`credentials replace`", "ready", 0, lambda s: ("credentials", "replace", s.letters, "M-00008", *s.passphrase())),
    ("`credentials letters`", "ready", 0, _opened),
    ("`credentials destroy`", "ready", 0, _destroying),
    ("`credentials status`", "ready", 0, lambda s: ("credentials", "status", s.letters)),
    ("`credentials voted`", "closed", 0, lambda s: ("credentials", "voted", s.public, s.letters, s.root / "v.csv")),
    ("`ceremony new`", "new", 0, lambda s: _ceremony(s, "new", "--members", "1", "--threshold", "1")),
    ("`ceremony join`", "new", 0, _joining),
    ("`ceremony take`", "new", 0, _taking),
    ("`ceremony status`", "new", 0, lambda s: ("ceremony", "status", _taking(s)[2])),
    ("`trustee new`", "new", 0, making_a_key),
    ("`trustee prove`", "proved", 0, _proving),
    ("`trustee see`", "closed", 0, lambda s: ("trustee", "see", "--key", s.key(1), s.public)),
    ("`ballot hold`", "proved", 0, _held),
    ("`ballot letters-destroyed`", "polling", 0, _word),
    ("`ballot open`", "ready", 0, lambda s: s.opening("--rankings-public", "yes")),
    ("`vote`", "polling", 0, _voting),
    ("`ballot accept`, a ballot that is accepted", "polling", 0, _accepting),
    ("`ballot accept`, a ballot that is refused", "polling", 1, _refused),
    ("`ballot summary`", "voted", 0, lambda s: ("ballot", "summary", s.public)),
    ("`ballot close`", "voted", 0, lambda s: ("ballot", "close", s.office, *BOTH, "--at", "2027-03-15T20:00:00Z")),
    ("`mix`", "closed", 0, lambda s: ("mix", s.public, s.root / "shuffle.json", "--owner", "1")),
    ("`ballot take-shuffle`", "closed", 0, _shuffled),
    ("`trustee decrypt`", "mixed", 0, lambda s: s.decrypting(1)),
    ("`ballot take-decryption`", "mixed", 0, _decrypted),
    ("`ballot result`", "decrypted", 0, lambda s: ("ballot", "result", s.office, "--at", "2027-03-15T23:30:00Z")),
    ("`count`", "result", 0, lambda s: ("count", s.office, *BY, "--at", "2027-03-16T09:00:00Z")),
    ("`count`", "new", 0, lambda s: ("count", PAPERS, "--seed", "acorn")),
    ("`count` with `--ties report`", "new", 2, lambda s: ("count", PAPERS, "--ties", "report")),
    ("`count` with `--ties all`", "new", 0, lambda s: ("count", PAPERS, "--rules", "irv", "--ties", "all")),
    ("`count` with `--list-rules`", "new", 0, lambda s: ("count", "--list-rules")),
    ("`check-sheet`", "new", 3, _typed_sheet),
    ("`margin`", "new", 0, lambda s: ("margin", PAPERS, "--rules", "irv", "--seats", "1")),
    ("`certify-count`", "new", 0,
     lambda s: ("certify-count", PAPERS, "--rules", "scottish-stv", "--doubtful", "2", "--left-out", "1")),
    ("`certify`", "declared", 0, lambda s: ("certify", s.office, *BY, "--at", "2027-03-16T10:00:00Z")),
    ("`case decide`", "polling", 0, _case),
    ("`publish`", "polling", 0, lambda s: ("publish", s.office)),
    ("`publish`", "certified", 0, lambda s: ("publish", s.office, "--at", "2027-03-16T11:00:00Z")),
    ("`verify`", "published", 0, lambda s: ("verify", s.public)),
    ("`slip check`", "final", 0, _slip),
    ("`receipt check`", "voted", 0, _receipt),
)  # fmt: skip


@pytest.mark.parametrize(
    ("title", "phase", "code", "typed"),
    thinned(PLAYED, 3),
    ids=[f"{title} ({phase})" for title, phase, _, _ in PLAYED],
)
def test_a_command_prints_exactly_what_the_page_says(
    title: str, phase: str, code: int, typed: Callable[[Selection], Typed], theatre: Theatre
) -> None:
    said = say(*typed(theatre.at(phase)), "--json")
    assert said.code == code, said.err
    spoken, silent = (said.err, said.out) if title == "A refusal" else (said.out, said.err)
    assert silent == ""
    lines = spoken.splitlines()
    assert lines
    assert len(lines) == 1 or "accept" in title, "one line of JSON"
    for line in lines:
        assert wrong(json.loads(line), SECTIONS[title].kinds) == []


@pytest.mark.parametrize("title", SECTIONS)
def test_an_example_of_the_page_has_what_its_table_says(title: str) -> None:
    assert wrong(SECTIONS[title].example, SECTIONS[title].kinds) == []


def test_every_command_that_answers_in_json_has_its_section_and_is_played() -> None:
    assert {named(title) for title in SECTIONS} - {""} == set(answers())
    assert {title for title, _, _, _ in PLAYED} == set(SECTIONS)


def test_what_the_page_does_not_say_would_be_seen() -> None:
    kinds = {"a": "objects", "a.b": "number", "c": "text, or nothing"}
    assert wrong({"a": [{"b": 1}], "c": None}, kinds) == []
    assert wrong({"a": [{"b": True}], "c": 1}, kinds) != []
    assert sorted(wrong({"a": [{"b": 1, "d": 2}, {}], "e": 1}, kinds)) == [
        "a.b is not there",
        "a.d is not in the table",
        "c is not there",
        "e is not in the table",
    ]
