"""Bad input through the command line: whole sentences, exit codes, and a record that did not change.

Each case is told once, is told again the same way, and leaves entries, archive and public folder as they were.
"""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from tests.cli.selection import BOTH, BY, RULEBOOK, Selection, Theatre, done, members_csv, report, say

Typed = tuple[str | Path, ...]
STATUS = "Run `selectorate status DIR` to see what comes next."


def latin(s: Selection) -> Path:
    """Row 4 has a Latin-1 letter, row 8 a cell too many."""
    rows = members_csv().decode().split("\n")
    rows[3] = rows[3].replace("Member 3", "M\xe9mber 3")
    rows[7] += ",extra"
    path = s.root / "latin.csv"
    path.write_bytes("\n".join(rows).encode("latin-1"))
    return path


def formula(s: Selection) -> Path:
    """Cell D6, paid_to, is a formula."""
    path = s.root / "members.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for row, line in enumerate(members_csv().decode().split("\n")[:12]):
        for column, text in enumerate(line.split(",")):
            sheet.write_string(row, column, text)
    sheet.write_formula(5, 3, "=C6+365")
    book.close()
    return path


def rulebook(s: Selection, name: str, old: str, new: str) -> Path:
    path = s.root / name
    path.write_text(RULEBOOK.read_text().replace(old, new))
    return path


def text(s: Selection, name: str, content: str) -> Path:
    path = s.root / name
    path.write_text(content)
    return path


def key_of_a_stranger(s: Selection) -> Path:
    done("trustee", "new", s.root / "stranger.json")
    return s.root / "stranger.json"


def void_credential(s: Selection) -> str:
    """The letter of M-00007 that was replaced."""
    batch = (s.letters / "letters" / "batch-001.csv").read_text()
    return next(row["credential"] for row in csv.DictReader(io.StringIO(batch)) if row["member"] == "M-00007")


def voting(s: Selection, credential: str, choices: str) -> Typed:
    return (
        "vote", s.public, "--credential", text(s, "credential.txt", credential),
        "--choices", text(s, "choices.txt", choices), s.root / "ballot.json",
    )  # fmt: skip


def tampered_list(s: Selection) -> Typed:
    """The void credential is put back on the authority's list."""
    path = s.public_list()
    content = path.read_text()
    old, new = content.split('"replaced":[["')[1].split('"]]')[0].split('","')
    head, _, tail = content.partition('"group"')
    path.write_text(head.replace(new, old) + '"group"' + tail)
    return s.opening("--rankings-public", "yes")


def out_of_order(act: str, phase: str) -> str:
    return f"This cannot be done now ({act}): {phase}.\n{STATUS}\n"


CASES: dict[str, tuple[str, Callable[[Selection], Typed], int, str]] = {
    # name: (phase, what is typed, exit code, standard error with ROOT for the folder)
    "a list in Latin-1 with a ragged row": (
        "new",
        lambda s: ("roll", "import", s.office, latin(s), *BY),
        2,
        "latin.csv, row 4: found the byte E9, which is not UTF-8; expected UTF-8, or Windows-1252 when somebody "
        "says so. Nothing was imported.\nSave the file as CSV UTF-8, or say --encoding cp1252 if that is what it "
        "is. See all with: selectorate roll check latin.csv (2 found).\n",
    ),
    "the ragged row, once the encoding is said": (
        "new",
        lambda s: ("roll", "import", s.office, latin(s), "--encoding", "cp1252", *BY),
        2,
        "latin.csv, row 8: found 9 cells; expected 8 cells, as in the header. Nothing was imported.\nLook for a "
        "missing or extra separator in this row, or an unquoted one inside a cell. See all with: selectorate roll "
        "check latin.csv (1 found).\n",
    ),
    "a workbook with a formula in a column that is used": (
        "new",
        lambda s: ("roll", "import", s.office, formula(s), *BY),
        2,
        "members.xlsx, row 6, column paid_to: found a formula; expected a value. Nothing was imported.\nCopy the "
        "column and paste it as values, then save the file again. See all with: selectorate roll check "
        "members.xlsx (2 found).\n",
    ),
    "a list that is not there": (
        "new",
        lambda s: ("roll", "import", s.office, s.root / "none.csv", *BY),
        2,
        "ROOT/none.csv is not there.\nCheck the path.\n",
    ),
    "a folder where a list should be": (
        "new",
        lambda s: ("roll", "import", s.office, s.root, *BY),
        2,
        "ROOT cannot be read: Is a directory.\nCheck the permissions and the path.\n",
    ),
    "a rulebook with an undeclared fact": (
        "new",
        lambda s: (
            "new",
            s.root / "second",
            "--rulebook",
            rulebook(s, "undeclared.toml", "joined <= freeze", "joinned <= freeze"),
            *BY,
        ),  # fmt: skip
        2,
        "undeclared.toml cannot be used as a rulebook; it has 1 fault:\n  line 23, E1: needs: `joinned` is not a "
        "declared fact. Did you mean `joined`?\nCorrect the file and run the same command again; "
        "docs/formats/rulebook.md explains every key.\n",
    ),
    "a rulebook with a forbidden fact": (
        "new",
        lambda s: (
            "new",
            s.root / "second",
            "--rulebook",
            rulebook(s, "forbidden.toml", "[facts]", '[facts]\nreligion = { type = "text", from = "roll" }'),
            *BY,
        ),  # fmt: skip
        2,
        "forbidden.toml cannot be used as a rulebook; it has 1 fault:\n  line 8, facts: `religion` may not be "
        "declared: it speaks of who somebody is, which no rule may look at.\nCorrect the file and run the same "
        "command again; docs/formats/rulebook.md explains every key.\n",
    ),
    "a rulebook that is not there": (
        "new",
        lambda s: ("new", s.root / "second", "--rulebook", s.root / "none.toml", *BY),
        2,
        "ROOT/none.toml is not there.\nCheck the path.\n",
    ),
    "a second start in the same folder": (
        "new",
        lambda s: ("new", s.office, "--rulebook", RULEBOOK, *BY),
        2,
        "ROOT/office holds a workspace, or something else, already.\nName a new directory for the workspace.\n",
    ),
    "a time named for a real workspace": (
        "new",
        lambda s: ("new", s.root / "second", "--rulebook", RULEBOOK, *BY, "--at", "2027-01-01T00:00:00Z"),
        2,
        "Only a demonstration may name the time of an act.\nLeave --at out: the computer's clock is used.\n",
    ),
    "a folder that is no workspace": (
        "new",
        lambda s: ("status", s.root),
        2,
        "ROOT is not a workspace: it has no log.sqlite.\nStart one with `selectorate new DIR --rulebook FILE`.\n",
    ),
    "a folder that is no public folder": (
        "new",
        lambda s: ("verify", s.office / "vault"),
        2,
        "ROOT/office/vault is neither a public folder (it has no log/entries.jsonl) nor an archive.\nName the "
        "folder `public` that the organisation publishes, or one file UUID.bel.\n",
    ),
    "voting where no poll is": (
        "new",
        lambda s: voting(s, "x", ""),
        2,
        "There is no poll in ROOT/office/public.\nWait for the officer to open it, then copy the public folder "
        "again.\n",
    ),
    "credentials before the roll is final": (
        "frozen",
        lambda s: ("credentials", "make", s.public, s.root / "members.csv", s.letters),
        2,
        "The roll in ROOT/office/public is not final yet.\nWait until the officer has made it final with "
        "`selectorate roll final`.\n",
    ),
    "freezing before importing": (
        "new",
        lambda s: ("roll", "freeze", s.office, *BOTH),
        2,
        out_of_order("Freezing the roll", "the rulebook is in force, no roll has been imported"),
    ),
    "importing a second time": (
        "imported",
        lambda s: ("roll", "import", s.office, s.root / "members.csv", *BY),
        2,
        out_of_order("Importing the roll", "the roll is imported and not frozen"),
    ),
    "the final roll before freezing": (
        "asked",
        lambda s: ("roll", "final", s.office, *BY),
        2,
        out_of_order("Making the roll final", "the roll is imported and not frozen"),
    ),
    "one person twice where two are needed": (
        "asked",
        lambda s: ("roll", "freeze", s.office, "--by", "Officer One", "--and", " Officer  One"),
        2,
        "This needs 2 different persons: Freezing the roll.\nName them with --by NAME --and NAME.\n",
    ),
    "one person closing the poll": (
        "voted",
        lambda s: ("ballot", "close", s.office, "--by", "Officer One", "--and", "Officer One"),
        2,
        "This needs 2 different persons: Closing the poll.\nName them with --by NAME --and NAME.\n",
    ),
    "nobody": (
        "asked",
        lambda s: ("roll", "freeze", s.office, "--by", "Officer One", "--and", " "),
        2,
        "A name of a person is empty.\nName who does this, with --by NAME and --and NAME.\n",
    ),
    "an appeal of somebody who is not excluded": (
        "frozen",
        lambda s: ("roll", "appeal", s.office, "--member", "M-00001", "--on", "2027-01-25"),
        2,
        "M-00001 is not excluded, so there is nothing to appeal against.\nCheck the member's number.\n",
    ),
    "a decision without its reason": (
        "frozen",
        lambda s: ("roll", "amend", s.office, text(s, "d.toml", '[decision]\nmember = "M-00039"\n'), *BY),
        2,
        "The decision in d.toml cannot be carried out: 'change' is missing or unreadable.\nWrite [decision] with "
        'member, change ("put back", "answered" or "taken out"), clause, decided_by, on and reason, and [facts] '
        "as they are now known.\n",
    ),
    "opening without a yes to published rankings": (
        "ready",
        lambda s: s.opening(),
        2,
        "All rankings of this poll will be published. 64 rankings are possible, and there are 39 electors: about "
        "54.4 % of the possible rankings will be used by nobody. Somebody who buys or forces votes can hand out one "
        "of them as a mark and look for it among the published papers.\nIf that is what the organisation wants, repeat "
        "the command with --rankings-public yes; it goes on the record.\n",
    ),
    "a list on which a replaced credential stands": (
        "ready",
        tampered_list,
        2,
        "The credential authority's list cannot be used: a replaced credential still stands on it, or a new one "
        "does not.\nAsk the credential authority for the file public-credentials.json made for this roll.\n",
    ),
    "opening twice": (
        "polling",
        lambda s: s.opening("--rankings-public", "yes"),
        2,
        out_of_order("Opening the poll", "the poll is open"),
    ),
    "mixing before the close": (
        "polling",
        lambda s: ("mix", s.public, s.root / "out.json", "--owner", "1"),
        2,
        "There is nothing to mix in ROOT/office/public: the poll is not closed, or mixing has ended.\nWait for the "
        "officer to publish the folder after closing.\n",
    ),
    "a choice that does not stand": (
        "polling",
        lambda s: voting(s, s.credentials()["M-00001"], "Alder\nOak\n"),
        2,
        "Line 2 of your choices: Oak does not stand.\nWrite one name a line, as on the paper: PAPER.\n",
    ),
    "a choice named twice": (
        "polling",
        lambda s: voting(s, s.credentials()["M-00001"], "Alder\nAlder\n"),
        2,
        "Line 2 of your choices: Alder stands twice.\nName each candidate at most once.\n",
    ),
    "something that is no credential": (
        "polling",
        lambda s: voting(s, "gärbage", "Alder\n"),
        2,
        "This is not a credential.\nCopy it whole from your letter: 22 letters and digits with three hyphens.\n",
    ),
    "a credential that was replaced": (
        "polling",
        lambda s: voting(s, void_credential(s), "Alder\n"),
        2,
        "Your credential is not on the list of this poll.\nUse your newest letter: an earlier one is void once it "
        "was replaced, and each poll has its own.\n",
    ),
    "one missing file among the ballots": (
        "voted",
        lambda s: ("ballot", "accept", s.office, s.electors / "ballots.jsonl", s.root / "none.json"),
        2,
        "ROOT/none.json is not there.\nCheck the path.\n",
    ),
    "closing twice": (
        "closed",
        lambda s: ("ballot", "close", s.office, *BOTH),
        2,
        out_of_order("Closing the poll", "the encrypted tally is made"),
    ),
    "a ballot after the close": (
        "closed",
        lambda s: ("ballot", "accept", s.office, s.electors / "ballots.jsonl"),
        2,
        out_of_order("Accepting ballots", "the encrypted tally is made"),
    ),
    "decrypting before mixing has ended": (
        "closed",
        lambda s: ("trustee", "decrypt", "--key", s.key(1), s.public, s.root / "out.json"),
        2,
        "There is nothing to decrypt in ROOT/office/public: the poll is not closed, or mixing has not ended.\nWait "
        "for the officer to publish the folder after mixing.\n",
    ),
    "the result before the decryptions": (
        "mixed",
        lambda s: ("ballot", "result", s.office),
        2,
        out_of_order("Computing the result", "mixing is over, decryption has not begun"),
    ),
    "the key of a stranger": (
        "mixed",
        lambda s: ("trustee", "decrypt", "--key", key_of_a_stranger(s), s.public, s.root / "out.json"),
        2,
        "The key in ROOT/stranger.json is not one of this election's trustees.\nName the key file whose .pub you "
        "sent to the returning officer.\n",
    ),
    "a file that is no key": (
        "mixed",
        lambda s: ("trustee", "decrypt", "--key", text(s, "k", "key"), s.public, s.root / "out.json"),
        2,
        "ROOT/k is not a key for the group Ed25519.\nName the key file that `selectorate trustee new` made for "
        "this election.\n",
    ),
    "a decryption written over the key": (
        "mixed",
        lambda s: ("trustee", "decrypt", "--key", s.key(1), s.public, s.key(1)),
        2,
        "ROOT/trustee-1/key.json is one of the files that this command reads; it is not overwritten.\nName another "
        "file for what the command writes.\n",
    ),
    "a key made over a key": (
        "mixed",
        lambda s: ("trustee", "new", s.key(1)),
        2,
        "ROOT/trustee-1/key.json exists already and is not overwritten.\nName another file, or move this one "
        "away.\n",
    ),
    "something that no trustee sends": (
        "mixed",
        lambda s: ("ballot", "take-decryption", s.office, s.root / "members.csv"),
        2,
        "This is not what a mixer or trustee sends.\nAsk for the file that `selectorate mix` or `selectorate "
        "trustee decrypt` wrote.\n",
    ),
    "certifying before the count": (
        "decrypted",
        lambda s: ("certify", s.office, *BY),
        2,
        out_of_order("Certifying the count", "decryption is under way"),
    ),
    "counting twice": (
        "certified",
        lambda s: ("count", s.office, *BY),
        2,
        out_of_order("Declaring the count", "the certificate is issued"),
    ),
    "counting a workspace by nobody": (
        "result",
        lambda s: ("count", s.office),
        2,
        "Usage: selectorate count [OPTIONS] PATH\nTry 'selectorate count --help' for help.\n\nError: To declare the "
        "count of a workspace, say who does it: --by NAME.\n",
    ),
}


def state(s: Selection) -> tuple[dict[str, bytes], list[object]]:
    """What must not change: the public folder, and every row of the record."""
    with sqlite3.connect(s.office / "log.sqlite") as record:
        rows = [
            record.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608
            for table in ("entries", "documents", "archive", "checkpoints", "ballots")
        ]
    record.close()
    return s.files(), list(rows)


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gets_one_whole_sentence_and_changes_nothing(case: str, theatre: Theatre) -> None:
    phase, typed, code, expected = CASES[case]
    s = theatre.at(phase)
    arguments = typed(s)
    before, private = state(s), {p: p.read_bytes() for p in s.root.rglob("*") if p.is_file()}
    for _ in range(2):
        said = say(*arguments)
        sentence = said.err.replace(str(s.root), "ROOT")
        if "PAPER" in expected:
            from selectorate.cli.elector import open_poll

            answers = open_poll(s.public)[1].questions[0].answers
            sentence = sentence.replace(", ".join(answers), "PAPER")
        assert (said.code, said.out, sentence) == (code, "", expected)
        assert state(s) == before
    after = {p: p.read_bytes() for p in s.root.rglob("*") if p.is_file() and p.name != "lock"}
    fresh = [str(p.relative_to(s.root)) for p in after if p not in private]
    # An engine that was opened leaves its own, empty file.
    assert set(fresh) <= {"office/vault/roll.duckdb"}, f"left behind: {fresh}"
    changed = [str(p.relative_to(s.root)) for p in after if p in private and after[p] != private[p]]
    assert set(changed) <= {"office/vault/roll.duckdb"}, f"changed: {changed}"


def test_a_truncated_archive_fails_duty_a1(theatre: Theatre) -> None:
    s = theatre.at("published")
    (archive,) = s.public.glob("*.bel")
    archive.write_bytes(archive.read_bytes()[:-700])
    alone = say("verify", archive)
    assert alone.code == 1
    assert alone.err == ""
    assert alone.out.splitlines()[1] == (
        "✗ A1  The file is exactly what the format writes: every member named by the hash of its content. – "
        "member 93: the file ends within the header; 1 data members at the end belong to no event"
    )
    code, failed = report(s.public)
    assert code == 1
    assert "A1" in {check["duty"] for check in failed}


def test_after_a_list_is_refused_the_corrected_one_is_imported(theatre: Theatre) -> None:
    s = theatre.at("new")
    assert say("roll", "import", s.office, formula(s), *BY).code == 2
    done("roll", "import", s.office, s.root / "members.csv", s.root / "payments.csv", *BY)
    assert s.acts() == ["log.opened", "rulebook.adopted", "roll.imported"]
    assert report(s.public) == (0, [])


def test_a_formula_is_never_read_as_nought(theatre: Theatre) -> None:
    s = theatre.at("new")
    said = say("roll", "check", formula(s))
    assert said.code == 1
    assert "row 6, column paid_to: found a formula; expected a value." in said.out


def test_a_second_opening_does_not_touch_the_seed_of_the_first(theatre: Theatre) -> None:
    s = theatre.at("polling")
    seed = (s.office / "vault" / "tie-seed.json").read_bytes()
    assert say(*s.opening("--rankings-public", "yes")).code == 2
    assert (s.office / "vault" / "tie-seed.json").read_bytes() == seed


def test_a_ballot_of_a_replaced_credential_is_refused_by_the_office(theatre: Theatre) -> None:
    from selectorate.ballot import make
    from selectorate.cli.elector import open_poll

    s = theatre.at("polling")
    setup, _ = open_poll(s.public)
    (ballot,) = make.ballots(setup, [void_credential(s)], ["[[0,0,0,0]]"])
    (s.root / "ballot.json").write_bytes(ballot + b"\nhello\n\xff\xfe\n")
    before = s.acts()
    said = say("ballot", "accept", s.office, s.root / "ballot.json")
    assert said.code == 1
    assert said.err == ""
    assert said.out.splitlines() == [
        f"refused {make.tracker(ballot)}: B3, the credential is not on the list",
        f'refused {make.tracker(b"hello")}: B1, not canonical: byte 0: expected {{"election_uuid":',
        f"refused {make.tracker(bytes((255, 254)))}: B1, not canonical: byte 0: expected UTF-8",
    ]
    assert s.acts() == before


def test_what_was_taken_in_before_gets_the_same_answer_again(theatre: Theatre) -> None:
    """A reply that was lost does no harm: ballot, shuffle and decryption may be sent again."""
    s = theatre.at("decrypted")
    before = state(s)
    first = done("ballot", "take-decryption", s.office, s.sent("decryption", 1))
    assert first.startswith("Decryption of trustee 1 checked and taken in. All trustees have decrypted.")
    s = theatre.at("mixed")
    assert "Mixing has ended." in done("ballot", "take-shuffle", s.office, s.sent("shuffle", 2))
    s = theatre.at("voted")
    entries = len(s.lines())
    again = done("ballot", "accept", s.office, s.electors / "ballots.jsonl").splitlines()
    assert len(again) == 33
    assert all(line.startswith("accepted ") for line in again)
    assert len(s.lines()) == entries
    assert before[0]


def test_a_faulty_shuffle_is_refused_with_its_owner_named(theatre: Theatre) -> None:
    s = theatre.at("closed")
    done("mix", s.public, s.sent("shuffle", 1), "--owner", "9")
    before = state(s)
    said = say("ballot", "take-shuffle", s.office, s.sent("shuffle", 1))
    assert (said.code, said.err) == (
        1,
        "The shuffle of trustee 9 is faulty and was not taken in: S1: there is no trustee 9; they are numbered 1 "
        "to 3.\nAsk this trustee to run the command again on the newest public folder.\n",
    )
    assert state(s) == before


def test_a_record_that_is_no_database_is_said_and_not_written_to(theatre: Theatre) -> None:
    s = theatre.at("polling")
    path = s.office / "log.sqlite"
    for content, because in ((b"nonsense" * 1000, "file is not a database"), (b"", "no such table: entries")):
        path.write_bytes(content)
        said = say("status", s.office)
        assert (said.code, said.err) == (
            2,
            f"{path} cannot be used: {because}.\nDo not write to it; restore the newest copy and compare its "
            "checkpoint with the published one.\n",
        )


def test_an_old_copy_of_the_record_is_refused_before_it_signs_anything(theatre: Theatre) -> None:
    s = theatre.at("voted")
    old = theatre.at("polling")
    (s.office / "log.sqlite").write_bytes((old.office / "log.sqlite").read_bytes())
    before = s.files()
    said = say("ballot", "close", s.office, *BOTH)
    assert (said.code, said.err) == (
        2,
        f"{s.office} holds an old copy of the record, or another one: it has 10 entries, and its public folder has "
        "a signed checkpoint of 43 entries that do not fit.\nDo not write to it; restore the newest copy, or tell "
        "the trustees if there is none.\n",
    )
    assert s.files() == before


def test_a_fault_of_ours_is_a_sentence_too(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    from selectorate.office import status

    def fails(_: object) -> None:
        raise KeyError("wrong")

    monkeypatch.setattr(status, "status", fails)
    s = theatre.at("new")
    said = say("status", s.office)
    assert (said.code, said.err) == (
        2,
        "This is a fault of the program, not of yours: KeyError, 'wrong'. Nothing is half-written.\nRun it again "
        "as `selectorate --debug ...` and send what it prints to the makers.\n",
    )
    with pytest.raises(KeyError):
        say("--debug", "status", s.office)
