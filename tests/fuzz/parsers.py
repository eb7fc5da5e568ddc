"""Every place where bytes from outside become values, by name, with honest inputs to start from.

A parser may refuse with the declared errors and nothing else, and no input may cost more than 512 MB or 2 s.
`run.py` searches with a coverage-guided fuzzer; `test_parsers.py` tries the seeds and simple damage to them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from selectorate._kernel import KernelError
from selectorate.errors import Refusal

DECLARED = (Refusal, KernelError)
VECTORS = Path(__file__).parents[2] / "vectors"
ELECTIONS = VECTORS / "ballot" / "elections"
RANKED = "v1b-ed25519-c-nh-30-ranked"
MIXED = "v1b3-ed25519-f-mixed-h-nh-threshold"
LISTS = "v1b3-ed25519-l-lists"
SMALL = "v1b3-ed25519-b-threshold-2of3"
BLANK = "v1a-ff-d-h-blank"


@dataclass(frozen=True, slots=True)
class Parser:
    """read: takes any bytes, raises only DECLARED; seeds: honest inputs, which it must take."""

    read: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]


@cache
def events(name: str) -> dict[str, list[tuple[bytes, ...]]]:
    """The data members of one reference election by type of event, read with the standard library alone."""
    found: dict[str, list[tuple[bytes, ...]]] = {}
    waiting: list[bytes] = []
    for member, body in _members(next((ELECTIONS / name).glob("*.bel")).read_bytes()):
        if member.endswith(".data.json"):
            waiting.append(body)
        elif member.endswith(".event.json"):
            kind = body.split(b'"type":"', 1)[1].split(b'"', 1)[0].decode()
            found.setdefault(kind, []).append(tuple(waiting))
            waiting = []
    return found


def _members(archive: bytes) -> Iterator[tuple[str, bytes]]:
    position = 0
    while position < len(archive):
        header = archive[position : position + 512]
        size = int(header[124:135], 8)
        yield header[:100].rstrip(b"\0").decode(), archive[position + 512 : position + 512 + size]
        position += 512 + -(-size // 512) * 512


def _archive(data: bytes) -> object:
    from selectorate.ballot import archive

    return archive.read(data, "5fCEsEzaoBdZNr")


def _examined(data: bytes) -> object:
    from selectorate.ballot.check import examine

    return examine(data, "5fCEsEzaoBdZNr")


def _smallest_archive() -> list[bytes]:
    whole = min((path.read_bytes() for path in ELECTIONS.glob("*/*.bel")), key=len)
    position = cut = 0
    for member, body in _members(whole):
        position += 512 + -(-len(body) // 512) * 512
        if member.endswith(".event.json") and b'"Ballot"' in body:
            cut = position
            break
    return [whole[:cut]]


def _wire(data: bytes) -> object:
    from selectorate.ballot import wire

    return wire.decode(data, what="the object")


def _parameters(data: bytes) -> object:
    from selectorate.ballot.parameters import read_parameters

    return read_parameters(data)


def _trustees(data: bytes) -> object:
    from selectorate.ballot.parameters import read_trustees

    return read_trustees(data)


def _credentials(data: bytes) -> object:
    from selectorate.ballot.parameters import read_credentials

    return read_credentials(data)


def _result(data: bytes) -> object:
    from selectorate.ballot.papers import read_result
    from selectorate.ballot.parameters import read_parameters

    return [read_result(data, read_parameters(events(name)["Setup"][0][0])) for name in (MIXED, LISTS)]


def _choice(data: bytes) -> object:
    from selectorate.ballot.papers import read_choice
    from selectorate.ballot.parameters import read_parameters

    return read_choice(data, read_parameters(events(MIXED)["Setup"][0][0]).questions)


@cache
def kernel(name: str) -> Any:
    """The kernel's view of one reference election."""
    from selectorate._kernel import Election

    return Election(*events(name)["Setup"][0][:3])


def _kernel_setup(data: bytes) -> object:
    from selectorate._kernel import Election

    election, _, rest = data.partition(b"\n")
    trustees, _, credentials = rest.partition(b"\n")
    return Election(election, trustees, credentials).check_setup()


def _kernel_ballot(data: bytes) -> object:
    return [kernel(name).check_ballots([data]) for name in (MIXED, LISTS, BLANK)]


def _kernel_shuffle(data: bytes) -> object:
    return kernel(RANKED).check_shuffle(_ranked_tally(), data)


def _ranked_tally() -> bytes:
    return events(RANKED)["EncryptedTally"][0][0]


def _kernel_decryption(data: bytes) -> object:
    return kernel(SMALL).check_decryption(1, events(SMALL)["EncryptedTally"][0][0], data)


def _entry(data: bytes) -> object:
    from selectorate.log.objects import Entry

    return Entry.from_json(data, 3)


def _note(data: bytes) -> object:
    from selectorate.log.note import VerifierKey, open_note

    text, _, note = data.partition(b"\n")
    return open_note(note, VerifierKey.parse(text.decode("utf-8", "replace")))


def _receipt(data: bytes) -> object:
    from selectorate.log.receipt import Receipt

    return Receipt.from_json(data)


def _slip(data: bytes) -> object:
    from selectorate.roll.objects import Slip

    return Slip.from_json(data)


def _commitments(data: bytes) -> object:
    from selectorate.roll.check import read_commitments

    return read_commitments(data)


def _sheet(data: bytes) -> object:
    from selectorate.count.objects import Sheet

    return Sheet.from_json(data)


def _certificate(data: bytes) -> object:
    from selectorate.count.certificate import Certificate

    return Certificate.from_json(data)


def _papers(data: bytes) -> object:
    from selectorate.count.readers import read_ballots

    return read_ballots(data, "papers", keep_order=True)


def _paper_book(data: bytes) -> object:
    from selectorate.count.readers import read_ballots

    return read_ballots(data, "papers.xlsx")


def _contest(data: bytes) -> object:
    from selectorate.count.readers import read_contest

    return read_contest(data, "contest.json")


def _reported(data: bytes) -> object:
    from selectorate.count.readers import read_report

    return read_report(data, "result.json")


def _rulebook(data: bytes) -> object:
    from selectorate.rules.read import load

    return load(data, "rulebook.toml")


def _case(data: bytes) -> object:
    from selectorate.register.read import read_case

    return read_case(data, "case.toml")


def _roll_table(data: bytes) -> object:
    from selectorate.roll.reading import read_file

    return read_file(data, "members.csv")


def _roll_workbook(data: bytes) -> object:
    from selectorate.roll.reading import read_file

    return read_file(data, "members.xlsx")


class Differs(Exception):  # noqa: N818 - it is what two readers do
    """Two ways to read the same bytes do not agree."""


def _plain_sheet(data: bytes) -> object:
    """Searching a sheet and parsing it find the same, in pieces of any size, or the search says that it is uncommon."""
    from selectorate.workbook import Scan, Unreadable, _feed, _parser
    from selectorate.workbook.plain import Look

    searched, parsed = Scan(1_000), Scan(1_000)
    look = Look(searched.seen, searched.reach)
    size = 1 + len(data) % 61 + len(data) // 100
    for start in range(0, len(data), size):
        look.feed(data[start : start + size], last=False)
    look.feed(b"", last=True)
    if not look.is_common:
        return None
    try:
        _feed(_parser(parsed), data, "sheet", last=True)
    except Unreadable as reason:
        raise Differs(f"a search takes what a parser does not: {reason}") from None
    found, right = (
        (one.formulas, one.errors, one.truths, one.deepest, max(26, one.widest)) for one in (searched, parsed)
    )
    if found != right:
        raise Differs(f"searched {found}, parsed {right}")
    return found


def _large_shape(data: bytes) -> object:
    """A shape that is in no doubt has the rows that the small reader finds, in pieces of any size."""
    import csv

    from selectorate.roll.large.shape import look

    size = 1 + len(data) % 61 + len(data) // 100
    seen = look((data[start : start + size] for start in range(0, len(data), size)), "members.csv")
    if seen is None:
        return None
    text = data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=seen.delimiter, strict=True))
    # A line that is too short beside one too long the engine refuses, and the small reader names the row.
    if len(rows) != seen.rows + 1 or sum(map(len, rows)) != len(rows) * len(seen.header):
        raise Differs(f"looked at {seen.rows} rows of {len(seen.header)}, read {len(rows) - 1}")
    return seen


def _sealed(data: bytes) -> object:
    from selectorate.office.sealed import unseal

    return unseal(data, "correct horse battery", "trustee key", "the key")


def _given(data: bytes) -> object:
    from selectorate.office.poll import Credentials

    return Credentials.from_json(data)


def _sent(data: bytes) -> object:
    from selectorate.office.tally import read_sent

    return read_sent(data)


@cache
def _ceremony() -> tuple[Any, Any]:
    """One plan and its first letter, of a threshold group of this process's own."""
    from selectorate.ballot.ceremony import make

    plan = make.plan(uuid="5fCEsEzaoBdZNr", group="Ed25519", members=3, threshold=2)
    return plan, make.certificate(plan, 1, "Trustee One")[1]


def _ceremony_plan(data: bytes) -> object:
    from selectorate.ballot.ceremony.objects import read_plan

    return read_plan(data)


def _ceremony_letter(data: bytes) -> object:
    from selectorate.ballot.ceremony.check import standing
    from selectorate.ballot.ceremony.objects import read_letter

    plan, honest = _ceremony()
    return standing(plan, [honest, read_letter(data, plan, "letter.json")])


def _kernel_ceremony(data: bytes) -> object:
    from selectorate import _kernel

    faults = _kernel.pedersen_certificate_faults("Ed25519", 3, 2, 1, data)
    return faults, _kernel.pedersen_polynomial_faults("Ed25519", 2, [data] * 3, 1, data)


def _held(data: bytes) -> object:
    from selectorate._kernel import check_held

    return check_held("Ed25519", "58" + "66" * 31, "uuid|1|root", data)


def _first(kind: str, place: int = 0) -> Callable[[], list[bytes]]:
    return lambda: [events(name)[kind][0][place] for name in (MIXED, SMALL, LISTS) if kind in events(name)]


def _setups() -> list[bytes]:
    return [b"\n".join(events(name)["Setup"][0][:3]) for name in (MIXED, LISTS, SMALL)]


def _line(**fields: Any) -> list[bytes]:
    from selectorate import canon

    return [canon.encode(fields)]


PAPERS = (
    b'3 2\n-3 # gone\n4 1=2 3 0\n2 - 1 0\n0\n"Alder" "Beech"\n"Cedar"\n"Grove"\n',
    b'2,1,\n4,2,,1,\n1,\n"Candidate 1","Alder"\n"Candidate 2","Beech"\n"Grove"\n',
    b"# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: Alder\n# ALTERNATIVE NAME 2: Beech\n3: 1,2\n1: {1,2}\n",
    b"2\n1,Alder\n2,Beech\n4,4,2\n3,1,2\n1,{1,2}\n",
    b"# DATA TYPE: cat\n# CATEGORY NAME 1: Yes\n# CATEGORY NAME 2: No\n# ALTERNATIVE NAME 1: Alder\n2: 1,{}\n",
    b"# title,Grove\nid,rank1,rank2\na,Alder,Beech\nb,overvote,Alder = Beech\n",
    b'7,"Beech, B. ",undervote,Alder,1\n2,Alder,overvote,UWI,1\n',
    b"count,Alder,Beech\n3,1,2\n1,2,1\n2,X,\n",
    b"12, 7\nC,D\n-+-\n(7, 12) : 5\n() : 4\n",
    b'{"metadata":{"candidates":["Alder","Beech"]},"num_candidates":2,"votes":[{"n":2,"prefs":[1,0]}]}',
    b'{"candidates":["Alder","Beech"],"ballots":[{"count":2,"ranking":[["Alder","Beech"]]},["Beech"]]}',
    b'{"result":[[4,2],[[2,1,0],[1,1,3],[0,0,0]]]}',
    b'{"@type":"CVR.CastVoteRecordReport","CVR":[{"CurrentSnapshotId":"b","CVRSnapshot":[{"@id":"b","Type":"original",'
    b'"CVRContest":[{"ContestId":"c","CVRContestSelection":[{"ContestSelectionId":"Alder","SelectionPosition":'
    b'[{"HasIndication":"yes","NumberVotes":1,"Rank":1}]}]}]}]}]}',
)
CONTEST = (
    b'{"outputSettings":{"contestName":"Grove"},"candidates":[{"name":"Alder","excluded":false,"aliases":["A."]},'
    b'{"name":"Beech","code":"B"}],"rules":{"numberOfWinners":"2","maxRankingsAllowed":"3"}}'
)
REPORT = (
    b'{"config":{"contest":"Grove"},"results":[{"round":1,"tally":{"Alder":"5","Beech":3.5},"threshold":"6",'
    b'"tallyResults":[{"elected":"Alder","transfers":{}}]}]}'
)


def _paper_books() -> list[bytes]:
    from tests.count.workbooks import workbook

    rows = [["count", "rank1", "rank2"], ["3", "Alder", "Beech"], ["1", "overvote", ""]]
    return [workbook(rows), workbook(rows, shared=False)]


def _workbook() -> list[bytes]:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, cells in enumerate((("Member number", "Join date"), ("M-1", "2020-01-31"))):
        sheet.write_row(row, 0, cells)
    book.close()
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as packed, zipfile.ZipFile(stored, "w") as plain:
        for name in packed.namelist():
            plain.writestr(name, packed.read(name))
    return [out.getvalue(), stored.getvalue()]


def _sheets() -> list[bytes]:
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet><sheetData>'
    tail = b"</sheetData></worksheet>"
    rows = (
        b'<row r="1" spans="1:2"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1" t="b"><v>1</v></c></row>',
        b'<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve">a &amp; b</t></is></c></row>\n',
        b'<row r="3"><c r="AB3"><f t="shared" si="0"/><v>2</v></c><c r="AC3" t="e"><v>#N/A</v></c></row>',
    )
    return [head + b"".join(rows) + tail, *(head + row + tail for row in rows)]


def _seal() -> list[bytes]:
    from selectorate.office.sealed import SMALLEST, seal

    return [seal(b"a secret", "correct horse battery", "trustee key", SMALLEST)]


def _cases() -> list[bytes]:
    return [path.read_bytes() for path in sorted((VECTORS / "rules").glob("*.toml"))]


def _blt() -> list[bytes]:
    return [b'3 2\n-3\n4 1 2 0\n1 2 3 1 0\n0\n"Alder"\n"Ash"\n"Beech"\n"Title"\n']


_COMMITMENTS = [b'{"commitments":["' + b"0" * 64 + b'"],"weight":1}']
_ENTRY: dict[str, Any] = {
    "act": "bel.event",
    "by": [],
    "data": {"event": "0" * 64, "height": 0, "type": "Setup"},
}

PARSERS: dict[str, Parser] = {
    "archive": Parser(_archive, _smallest_archive),
    "examination": Parser(_examined, _smallest_archive),
    "wire": Parser(_wire, _first("Ballot")),
    "parameters": Parser(_parameters, _first("Setup")),
    "trustees": Parser(_trustees, _first("Setup", 1)),
    "credentials": Parser(_credentials, _first("Setup", 2)),
    "result": Parser(_result, _first("Result")),
    "choice": Parser(_choice, lambda: [b"[[1,0],[1,2,3]]"]),
    "kernel-setup": Parser(_kernel_setup, _setups),
    "kernel-ballot": Parser(_kernel_ballot, _first("Ballot")),
    "kernel-shuffle": Parser(_kernel_shuffle, lambda: [events(RANKED)["Shuffle"][0][0]]),
    "kernel-decryption": Parser(_kernel_decryption, lambda: [events(SMALL)["PartialDecryption"][0][0]]),
    "kernel-ceremony": Parser(
        _kernel_ceremony, lambda: [str(_ceremony()[1].content["certificate"]).encode()]
    ),
    "kernel-held": Parser(_held, lambda: [b'{"challenge":"1","response":"2"}']),
    "ceremony-plan": Parser(_ceremony_plan, lambda: [_ceremony()[0].to_json()]),
    "ceremony-letter": Parser(_ceremony_letter, lambda: [_ceremony()[1].to_json()]),
    "entry": Parser(_entry, lambda: _line(**_ENTRY)),
    "note": Parser(
        _note, lambda: [b"example.org/log+1234abcd+AQ==\nexample.org/log\n3\nAAAA\n\n\xe2\x80\x94 x AA==\n"]
    ),
    "receipt": Parser(_receipt, lambda: _line(entry=3, tracker="x", uuid="y")),
    "slip": Parser(_slip, lambda: _line(index=0, line="x", salt="0" * 64)),
    "commitments": Parser(_commitments, lambda: _COMMITMENTS),
    "sheet": Parser(_sheet, lambda: _line(candidates=["Alder"], seats=1, stages=[])),
    "certificate": Parser(_certificate, lambda: _line(word="certified", seats=1)),
    "papers": Parser(_papers, lambda: [*_blt(), *PAPERS]),
    "paper-book": Parser(_paper_book, _paper_books),
    "contest": Parser(_contest, lambda: [CONTEST]),
    "reported": Parser(_reported, lambda: [REPORT]),
    "rulebook": Parser(_rulebook, _cases),
    "case": Parser(_case, lambda: [b'decision = "C1"\nsubject = "Case 1"\n[facts]\nreply_days = 14\n']),
    "roll-table": Parser(_roll_table, lambda: [b"Member number;Join date\r\nM-1;31.01.2020\r\n"]),
    "roll-workbook": Parser(_roll_workbook, _workbook),
    "plain-sheet": Parser(_plain_sheet, _sheets),
    "large-shape": Parser(
        _large_shape,
        lambda: [
            b'member_id,full_name\r\nM-1,Member One\r\nM-2,"Two, Member"\r\n',
            b'member_id;full_name\nM-1;"a\nb"\n\xef\xbb\xbf;\n',
        ],
    ),
    "sealed": Parser(_sealed, _seal),
    "credential-list": Parser(
        _given, lambda: _line(credentials={"M-1": "00"}, group="Ed25519", replaced=[], uuid="x")
    ),
    "sent": Parser(_sent, lambda: [b'{"owner":1,"payload":"' + b"0" * 64 + b'"}\n{}']),
}


def attempt(name: str, data: bytes) -> str:
    """Give the bytes to one parser: "" when it took them, else the declared refusal's text."""
    try:
        PARSERS[name].read(data)
    except DECLARED as reason:
        return str(reason) or "refused"
    return ""
