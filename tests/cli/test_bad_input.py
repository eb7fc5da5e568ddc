"""Bad input through the command line: whole sentences, exit codes, and a record that did not change.

Each case is told once, is told again the same way, and leaves entries, archive and public folder as they were.
"""

from __future__ import annotations

import sqlite3

import pytest
from tests.cli.selection import BOTH, BY, Selection, Theatre, done, report, say
from tests.cli.wrong_input import CASES, formula, void_credential


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
    assert first.startswith(
        "Decryption of trustee 1 checked and taken in. The decryptions suffice for the result."
    )
    s = theatre.at("mixed")
    assert "Mixing has ended." in done("ballot", "take-shuffle", s.office, s.sent("shuffle", 2))
    s = theatre.at("voted")
    entries = len(s.lines())
    again = done("ballot", "accept", s.office, s.electors / "ballots.jsonl").splitlines()
    assert len(again) == 33
    assert all(line.startswith("accepted ") for line in again)
    assert len(s.lines()) == entries
    assert before[0]


def test_nothing_is_encrypted_to_a_key_that_nobody_proved_to_hold(theatre: Theatre) -> None:
    """A folder whose first trustee's proof was bent, with every hash of the archive made to fit again."""
    from selectorate.ballot import make, wire
    from selectorate.cli.elector import open_poll

    s = theatre.at("polling")
    setup, parameters = open_poll(s.public)
    trustees = wire.decode(setup.trustees, what="the trustees")
    trustees[0][1]["pok"]["response"] = "1"
    bent = make.setup_of(setup.election, wire.encode(trustees), setup.credentials)
    begun, head = make.begin(0)
    (s.public / f"{parameters.uuid}.bel").write_bytes(begun + make.setup_event(head, bent).added)
    (s.root / "credential.txt").write_text(s.credentials()["M-00001"])
    (s.root / "choices.txt").write_text("")
    files = ("--credential", s.root / "credential.txt", "--choices", s.root / "choices.txt")
    said = say("vote", s.public, *files, s.root / "ballot.json")
    assert said.code == 1
    assert said.err.startswith(f"{s.public} failed check E4: ")
    assert said.err.endswith("\nDo nothing with it; tell the returning officer and the trustees.\n")
    assert not (s.root / "ballot.json").exists()


def test_a_faulty_shuffle_is_refused_with_its_owner_named(theatre: Theatre) -> None:
    s = theatre.at("closed")
    done("mix", s.public, s.sent("shuffle", 1), "--owner", "9")
    before = state(s)
    said = say("ballot", "take-shuffle", s.office, s.sent("shuffle", 1))
    assert (said.code, said.err) == (
        1,
        (
            "The shuffle of trustee 9 is faulty and was not taken in: S1: there is no trustee 9; they "
            "are numbered 1 "
            "to 3.\nAsk this trustee to run the command again on the newest public folder, or go on without this "
            "one where the others suffice.\n"
        ),
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
            (
                f"{path} cannot be used: {because}.\nDo not write to it; restore the newest copy and "
                f"compare its "
                "checkpoint with the published one.\n"
            ),
        )


def test_an_old_copy_of_the_record_is_refused_before_it_signs_anything(theatre: Theatre) -> None:
    s = theatre.at("voted")
    old = theatre.at("polling")
    (s.office / "log.sqlite").write_bytes((old.office / "log.sqlite").read_bytes())
    before = s.files()
    said = say("ballot", "close", s.office, *BOTH)
    assert (said.code, said.err) == (
        2,
        (
            f"{s.office} holds an old copy of the record, or another one: it has 13 entries, and its "
            f"public folder has "
            "a signed checkpoint of 46 entries that do not fit.\nDo not write to it; restore the newest "
            "copy, or tell "
            "the trustees if there is none.\n"
        ),
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
        (
            "This is a fault of the program, not of yours: KeyError, 'wrong'. Nothing is "
            "half-written.\nRun it again "
            "as `selectorate --debug ...` and send what it prints to the makers.\n"
        ),
    )
    with pytest.raises(KeyError):
        say("--debug", "status", s.office)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("rol", "There is no command “rol”. Did you mean “roll”?"),
        ("freeze", "There is no command “freeze”. There is: selectorate roll freeze."),
        ("zzzz", "There is no command “zzzz”."),
    ],
)
def test_an_unknown_command_is_refused_with_those_that_may_be_meant(typed: str, said: str) -> None:
    found = say(typed)
    assert found.code == 2
    assert found.err.splitlines()[-1] == f"Error: {said}"
