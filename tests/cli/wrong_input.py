"""What is typed wrongly, phase by phase, and the whole sentence that answers it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from tests.cli.selection import BOTH, BY, RULEBOOK, Selection, done, making_a_key, members_csv

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


def key_of_a_stranger(s: Selection) -> Typed:
    """A key of somebody who is no trustee, proved for this election after it opened."""
    done(*making_a_key(s))
    unlock = ("--key", s.root / "key.json", "--passphrase-file", s.root / "words.txt")
    done("trustee", "prove", *unlock, "--by", "A stranger", s.public, s.root / "proof.json")
    return ("trustee", "decrypt", *unlock, s.public, s.root / "out.json")


def void_credential(s: Selection) -> str:
    """The letter of M-00007 that was replaced."""
    return s.batch("001")["M-00007"]


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
        (
            "latin.csv, row 4: found the byte E9, which is not UTF-8; expected UTF-8, or Windows-1252 "
            "when somebody "
            "says so. Nothing was imported.\nSave the file as CSV UTF-8, or say --encoding cp1252 if "
            "that is what it "
            "is. See all with: selectorate roll check latin.csv (2 found).\n"
        ),
    ),
    "the ragged row, once the encoding is said": (
        "new",
        lambda s: ("roll", "import", s.office, latin(s), "--encoding", "cp1252", *BY),
        2,
        (
            "latin.csv, row 8: found 9 cells; expected 8 cells, as in the header. Nothing was "
            "imported.\nLook for a "
            "missing or extra separator in this row, or an unquoted one inside a cell. See all with: "
            "selectorate roll "
            "check latin.csv (1 found).\n"
        ),
    ),
    "a workbook with a formula in a column that is used": (
        "new",
        lambda s: ("roll", "import", s.office, formula(s), *BY),
        2,
        (
            "members.xlsx, row 6, column paid_to: found a formula; expected a value. Nothing was "
            "imported.\nCopy the "
            "column and paste it as values, then save the file again. See all with: selectorate roll check "
            "members.xlsx (2 found).\n"
        ),
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
        "ROOT is a folder; a file was expected.\nName the file that is in it.\n",
    ),
    "a rulebook with an undeclared fact": (
        "new",
        lambda s: (
            "new",
            s.root / "second",
            "--rulebook",
            rulebook(s, "undeclared.toml", "joined <= freeze", "joinned <= freeze"),
            *BY,
        ),
        2,
        (
            "undeclared.toml cannot be used as a rulebook; it has 1 fault:\n  line 23, E1: needs: "
            "`joinned` is not a "
            "declared fact. Did you mean `joined`?\nCorrect the file and run the same command again; "
            "docs/formats/rulebook.md explains every key.\n"
        ),
    ),
    "a rulebook with a forbidden fact": (
        "new",
        lambda s: (
            "new",
            s.root / "second",
            "--rulebook",
            rulebook(s, "forbidden.toml", "[facts]", '[facts]\nreligion = { type = "text", from = "roll" }'),
            *BY,
        ),
        2,
        (
            "forbidden.toml cannot be used as a rulebook; it has 1 fault:\n  line 8, facts: `religion` "
            "may not be "
            "declared: it speaks of who somebody is, which no rule may look at.\nCorrect the file and "
            "run the same "
            "command again; docs/formats/rulebook.md explains every key.\n"
        ),
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
        "ROOT/office holds a workspace, or something else, already.\nName a new directory for the "
        "workspace.\n",
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
        "ROOT is not a workspace: it has no log.sqlite.\nStart one with `selectorate new DIR --rulebook "
        "FILE`.\n",
    ),
    "a folder that is no public folder": (
        "new",
        lambda s: ("verify", s.office / "vault"),
        2,
        (
            "ROOT/office/vault is neither a public folder (it has no log/entries.jsonl) nor an "
            "archive.\nName the "
            "folder `public` that the organisation publishes, or one file UUID.bel.\n"
        ),
    ),
    "voting where no poll is": (
        "new",
        lambda s: voting(s, "x", ""),
        2,
        (
            "There is no poll in ROOT/office/public.\nWait for the officer to open it, then copy the "
            "public folder "
            "again.\n"
        ),
    ),
    "credentials before the roll is final": (
        "frozen",
        lambda s: ("credentials", "make", s.public, s.root / "members.csv", s.letters),
        2,
        (
            "The roll in ROOT/office/public is not final yet.\nWait until the officer has made it final with "
            "`selectorate roll final`.\n"
        ),
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
        (
            "The decision in d.toml cannot be carried out: 'change' is missing or unreadable.\nWrite "
            "[decision] with "
            'member, change ("put back", "answered" or "taken out"), clause, decided_by, on and reason, and [facts] '
            "as they are now known.\n"
        ),
    ),
    "opening without a yes to published rankings": (
        "ready",
        lambda s: s.opening(),
        2,
        (
            "All rankings of this poll will be published. 64 rankings are possible, and there are 39 "
            "electors: about "
            "54.4 % of the possible rankings will be used by nobody. Somebody who buys or forces votes "
            "can hand out one "
            "of them as a mark and look for it among the published papers.\nIf that is what the "
            "organisation wants, repeat "
            "the command with --rankings-public yes; it goes on the record.\n"
        ),
    ),
    "a list on which a replaced credential stands": (
        "ready",
        tampered_list,
        2,
        (
            "The credential authority's list cannot be used: a replaced credential still stands on it, "
            "or a new one "
            "does not.\nAsk the credential authority for the file public-credentials.json made for this "
            "roll.\n"
        ),
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
        (
            "There is nothing to mix in ROOT/office/public: the poll is not closed, or mixing has "
            "ended.\nWait for the "
            "officer to publish the folder after closing.\n"
        ),
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
        "This is not a credential.\nCopy it whole from your letter: 22 letters and digits with three "
        "hyphens.\n",
    ),
    "a credential that was replaced": (
        "polling",
        lambda s: voting(s, void_credential(s), "Alder\n"),
        2,
        (
            "Your credential is not on the list of this poll.\nUse your newest letter: an earlier one is "
            "void once it "
            "was replaced, and each poll has its own.\n"
        ),
    ),
    "one missing file among the ballots": (
        "voted",
        lambda s: ("ballot", "accept", s.office, s.electors / "ballots.jsonl", s.root / "none.json"),
        2,
        "ROOT/none.json is not there.\nCheck the path.\n",
    ),
    "voting after the close": (
        "closed",
        lambda s: voting(s, s.credentials()["M-00001"], "Alder\n"),
        2,
        "The poll in ROOT/office/public is closed.\nNo ballot is accepted any more; if it is still open, copy the "
        "public folder again.\n",
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
        lambda s: s.decrypting(1),
        2,
        (
            "There is nothing to decrypt in ROOT/office/public: the poll is not closed, or mixing has "
            "not ended.\nWait "
            "for the officer to publish the folder after mixing.\n"
        ),
    ),
    "the result before the decryptions": (
        "mixed",
        lambda s: ("ballot", "result", s.office),
        2,
        out_of_order("Computing the result", "mixing is over, decryption has not begun"),
    ),
    "the key of a stranger": (
        "mixed",
        key_of_a_stranger,
        2,
        (
            "The key in ROOT/key.json is not one of this election's trustees.\nName the key file "
            "whose .pub you "
            "sent to the returning officer.\n"
        ),
    ),
    "a file that is no key": (
        "proved",
        lambda s: (
            "trustee",
            "prove",
            "--key",
            text(s, "k", "key"),
            "--passphrase-file",
            s.words(1),
            "--by",
            "T One",
            s.public,
            s.root / "out.json",
        ),
        2,
        "ROOT/k is not a sealed file, or it is damaged.\nUse your other copy of it; do not edit it.\n",
    ),
    "a key without its memory": (
        "mixed",
        lambda s: (
            "trustee",
            "decrypt",
            "--key",
            text(s, "k", "key"),
            "--passphrase-file",
            s.words(1),
            s.public,
            s.root / "out.json",
        ),
        2,
        (
            "There is nothing in ROOT/k.memory on which record this key was proved for.\nUse the key where you ran "
            "`selectorate trustee prove`, or bring that file beside it.\n"
        ),
    ),
    "a decryption written over the key": (
        "mixed",
        lambda s: ("trustee", "decrypt", *s.unlock(1), s.public, s.key(1)),
        2,
        (
            "ROOT/trustee-1/key.json is one of the files that this command reads; it is not "
            "overwritten.\nName another "
            "file for what the command writes.\n"
        ),
    ),
    "a key made over a key": (
        "mixed",
        lambda s: ("trustee", "new", s.key(1), "--passphrase-file", s.words(1)),
        2,
        (
            "ROOT/trustee-1/key.json exists already and is not overwritten.\nName another file, or move "
            "this one "
            "away.\n"
        ),
    ),
    "something that no trustee sends": (
        "mixed",
        lambda s: ("ballot", "take-decryption", s.office, s.root / "members.csv"),
        2,
        (
            "This is not what a mixer or trustee sends.\nAsk for the file that `selectorate mix` or "
            "`selectorate "
            "trustee decrypt` wrote.\n"
        ),
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
        (
            "Usage: selectorate count [OPTIONS] [PATH]\nTry 'selectorate count --help' for help.\n\nError: "
            "To declare the "
            "count of a workspace, say who does it: --by NAME.\n"
        ),
    ),
}
