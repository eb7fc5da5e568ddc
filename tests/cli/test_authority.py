"""The credential authority: sealed letters, opened for delivery, destroyed; nothing lost, nothing twice."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import re
import stat
from pathlib import Path

import pytest
from tests.cli.selection import PASSPHRASE, Said, Selection, Theatre, done, say

from selectorate.cli.authority import making
from selectorate.cli.authority.folder import Batch, Folder

CREDENTIAL = re.compile(
    rb"[1-9A-HJ-NP-Za-km-z]{5}-[1-9A-HJ-NP-Za-km-z]{6}-[1-9A-HJ-NP-Za-km-z]{5}-[1-9A-HJ-NP-Za-km-z]{6}"
)
PERSONAL = (b"Orchard Lane", b"orchard.example", b"Member 17")


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a passphrase costs to try is tests/office/test_sealed.py's; here it would be most of the time."""
    from selectorate.office import sealed

    monkeypatch.setattr(sealed.seal, "__defaults__", (sealed.SMALLEST,))


def electorate(s: Selection) -> Path:
    return s.office / "vault" / "electorate.csv"


def make(s: Selection, *more: str, file: Path | None = None) -> Said:
    return say("credentials", "make", s.public, file or electorate(s), s.letters, *more, *s.passphrase())


def made(s: Selection, *more: str) -> Folder:
    said = make(s, *more)
    assert said.code == 0, said.err
    return Folder(s.letters)


def opened(s: Selection, batch: str = "001", *more: str) -> Path:
    done(
        "credentials",
        "letters",
        s.letters,
        "--batch",
        batch,
        "--to",
        s.root / "merge",
        *more,
        *s.passphrase(),
    )
    return s.root / "merge" / f"batch-{batch}.csv"


def text(path: Path) -> io.StringIO:
    """With the line ends as they are."""
    return io.StringIO(path.read_bytes().decode(), newline="")


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(text(path)))


def below(place: Path) -> dict[str, bytes]:
    return {p.relative_to(place).as_posix(): p.read_bytes() for p in sorted(place.rglob("*")) if p.is_file()}


def refused(said: Said, sentence: str) -> None:
    assert said.code == 2, said
    assert said.out == ""
    assert sentence in said.err


def test_everything_that_make_writes_is_private_and_sealed(theatre: Theatre) -> None:
    s = theatre.at("final")
    folder = made(s, "--per-batch", "15")
    names = sorted(below(s.letters))
    assert names == [
        "batches.json",
        "for-the-officer/public-credentials.json",
        *(f"letters/batch-{n:03}.sealed" for n in (1, 2, 3)),
        "lock",
    ]
    for name in names:
        assert stat.S_IMODE((s.letters / name).stat().st_mode) == 0o600, name
    assert [
        len(folder.unseal(name, folder.plan(), PASSPHRASE).letters) for name in ("001", "002", "003")
    ] == [15, 15, 9]


def test_no_credential_and_no_address_of_a_whole_run_is_in_clear_in_the_authoritys_folder(
    theatre: Theatre,
) -> None:
    """Letters opened, replaced and destroyed: what stands in clear stands where `letters` was told to write."""
    s = theatre.at("final")
    made(s, "--per-batch", "20")
    path = opened(s)
    secrets = [row["credential"].encode() for row in rows(path)]
    assert len(secrets) == 20
    done("credentials", "replace", s.letters, "M-00002", "--electorate", electorate(s), *s.passphrase())
    replaced = rows(opened(s, "replacement-001"))
    secrets += [row["credential"].encode() for row in replaced]
    done("credentials", "destroy", s.letters, "--batch", "1", "--yes")
    assert all(CREDENTIAL.fullmatch(secret) for secret in secrets)
    for name, data in below(s.letters).items():
        seen = data + b"".join(_decoded(data))
        assert not CREDENTIAL.search(seen), name
        assert not any(secret in seen for secret in secrets), name
        assert not any(word in seen for word in PERSONAL), name


def _decoded(data: bytes) -> list[bytes]:
    return [base64.b64decode(found) for found in re.findall(rb'"ciphertext":"([A-Za-z0-9+/=]+)"', data)]


def test_the_officers_list_is_the_public_half_of_the_letters(theatre: Theatre) -> None:
    """Each public credential is worked out again from the letter: by the kernel's derivation, which the foreign
    tool's own credentials hold to (tests/ballot)."""
    from selectorate import _kernel

    s = theatre.at("final")
    folder = made(s)
    listed = folder.public()
    letters = rows(opened(s))
    assert len(letters) == 39 == len(listed.of)
    for row in letters:
        public = _kernel.credential_public("Ed25519", listed.uuid, row["credential"])
        assert listed.of[row["member"]] == public
    assert set(json.loads(folder.list.read_bytes())) == {"credentials", "group", "replaced", "uuid"}


def test_the_letters_carry_the_columns_of_the_electorate(theatre: Theatre) -> None:
    s = theatre.at("final")
    made(s)
    given = {row["member"]: row for row in rows(electorate(s))}
    for row in rows(opened(s)):
        assert {name: text for name, text in row.items() if name != "credential"} == given[row["member"]]


@pytest.mark.parametrize("stop", [1, 2, 3, 4, 5])
def test_an_interrupted_make_goes_on_and_gives_nobody_a_second_credential(
    stop: int, theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped before its n-th file: the plan, three batches, the public list."""
    from selectorate.office import files

    s = theatre.at("final")
    write, calls = files.write, []

    def interrupted(path: Path, data: bytes, **how: bool) -> None:
        calls.append(path)
        if len(calls) == stop:
            raise KeyboardInterrupt
        write(path, data, **how)

    with monkeypatch.context() as patch:
        patch.setattr(files, "write", interrupted)
        assert make(s, "--per-batch", "13").code == 130
    folder = Folder(s.letters)
    assert not folder.list.exists()
    kept = {path.name: path.read_bytes() for path in (s.letters / "letters").glob("*")}
    assert len(kept) == max(0, stop - 2)
    made(s, "--per-batch", "13")
    after = {path.name: path.read_bytes() for path in (s.letters / "letters").glob("*")}
    assert {name: after[name] for name in kept} == kept
    own = s.credentials()
    assert len(own) == len(set(own.values())) == 39
    assert len(set(folder.public().of.values())) == 39


def test_make_refuses_to_go_on_with_another_list_passphrase_or_size(theatre: Theatre) -> None:
    s = theatre.at("final")
    folder = made(s, "--per-batch", "20")
    folder.list.unlink()
    folder.sealed("002").unlink()
    before = below(s.letters)
    refused(make(s, "--per-batch", "10"), "the batch size was 20, now 10")
    refused(
        make(s, "--per-batch", "20", "--group", "BELENIOS-2048"), "the group was Ed25519, now BELENIOS-2048"
    )
    other = s.root / "other.csv"
    other.write_text(electorate(s).read_text().replace("Member 3,", "Member Three,"))
    refused(make(s, "--per-batch", "20", file=other), "the list of electors is not the one of batch 001")
    wrong = s.root / "wrong.txt"
    wrong.touch(0o600)
    wrong.write_text("quite another passphrase\n")
    said = say(
        "credentials", "make", s.public, electorate(s), s.letters, "--per-batch", "20", "--passphrase-file", wrong
    )  # fmt: skip
    refused(said, "The passphrase does not open")
    assert below(s.letters) == before
    first = folder.unseal("001", folder.plan(), PASSPHRASE)
    assert make(s, "--per-batch", "20").code == 0
    assert folder.unseal("001", folder.plan(), PASSPHRASE) == first


def test_make_a_second_time_is_refused(theatre: Theatre) -> None:
    s = theatre.at("final")
    made(s)
    before = below(s.letters)
    refused(make(s), "nobody gets a second credential")
    assert below(s.letters) == before


def test_a_wrong_passphrase_opens_nothing(theatre: Theatre) -> None:
    s = theatre.at("final")
    made(s)
    wrong = s.root / "wrong.txt"
    wrong.touch(0o600)
    wrong.write_text("quite another passphrase\n")
    before = below(s.letters)
    said = say(
        "credentials", "letters", s.letters, "--batch", "1", "--to", s.root / "merge", "--passphrase-file", wrong
    )  # fmt: skip
    refused(said, "The passphrase does not open")
    assert not (s.root / "merge").exists()
    assert below(s.letters) == before


@pytest.mark.parametrize("how", ["cut", "bent", "empty", "of another batch", "gone"])
def test_a_damaged_batch_is_refused_in_a_sentence(how: str, theatre: Theatre) -> None:
    s = theatre.at("final")
    folder = made(s, "--per-batch", "20")
    path = folder.sealed("001")
    data = path.read_bytes()
    if how == "of another batch":
        path.write_bytes(folder.sealed("002").read_bytes())
    elif how == "gone":
        path.unlink()
    else:
        path.write_bytes({"cut": data[:-200], "bent": data[:200] + b"AAAA" + data[204:], "empty": b""}[how])
    said = say("credentials", "letters", s.letters, "--batch", "1", "--to", s.root / "merge", *s.passphrase())
    sentence = {"of another batch": "does not hold batch 001", "gone": "is not there"}.get(
        how, "it is damaged"
    )
    refused(said, sentence)
    assert not (s.root / "merge").exists()


def test_a_replaced_letter_is_left_out_and_its_new_one_is_a_batch_of_its_own(theatre: Theatre) -> None:
    s = theatre.at("final")
    folder = made(s)
    void = s.batch("001")["M-00007"]
    done("credentials", "replace", s.letters, "M-00007", "--public", s.public, *s.passphrase())
    first, again = rows(opened(s)), rows(opened(s, "replacement-1".replace("-1", "-001")))
    assert "M-00007" not in {row["member"] for row in first}
    assert [row["member"] for row in again] == ["M-00007"]
    assert again[0]["credential"] != void
    (pair,) = folder.public().replaced
    assert pair[1] == folder.public().of["M-00007"] != pair[0]


def test_a_letter_replaced_in_turn_is_left_out_of_the_first_replacement(theatre: Theatre) -> None:
    s = theatre.at("final")
    made(s)
    for _ in range(2):
        done("credentials", "replace", s.letters, "M-00007", "M-00007", *s.passphrase())
    assert rows(opened(s, "replacement-001")) == []
    assert [row["member"] for row in rows(opened(s, "replacement-002"))] == ["M-00007"]


def test_a_replacement_for_a_stranger_is_refused(theatre: Theatre) -> None:
    s = theatre.at("final")
    made(s)
    before = below(s.letters)
    refused(say("credentials", "replace", s.letters, "M-99999", *s.passphrase()), "no elector M-99999")
    assert below(s.letters) == before


HOSTILE = (
    "=1+1",
    "+44 1",
    "-2",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "  =1",
    "a\nb",
    'q"q',
    "<b>&</b>",
    "x,y",
    "\u202eevil",
)


def hostile(s: Selection) -> Path:
    """The electorate with a hostile cell in every row and a hostile column."""
    path = s.root / "hostile.csv"
    given = rows(electorate(s))
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "=cmd()", "member", "email"])
        for n, row in enumerate(given):
            writer.writerow(
                [HOSTILE[n % len(HOSTILE)], HOSTILE[(n + 1) % len(HOSTILE)], row["member"], "x@y.example"]
            )
    return path


def test_no_cell_for_mail_merge_is_a_formula(theatre: Theatre) -> None:
    s = theatre.at("final")
    assert make(s, file=hostile(s)).code == 0
    table = list(csv.reader(text(opened(s))))
    assert table[0] == ["member", "name", "'=cmd()", "email", "credential"]
    assert len(table) == 40
    for row in table:
        for cell in row:
            assert cell[:1] not in tuple("=+-@\t\r")
            assert cell.strip()[:1] not in tuple("=+-@")
    assert [row[1] for row in table[1:13]] == [
        "'=1+1", "'+44 1", "'-2", "'@SUM(A1)", "'\tx", "'\rx", "'  =1", "a\nb", 'q"q', "<b>&</b>", "x,y", "\u202eevil",
    ]  # fmt: skip


def test_hostile_cells_are_inert_on_the_printed_letter(theatre: Theatre) -> None:
    s = theatre.at("final")
    assert make(s, file=hostile(s)).code == 0
    done(
        "credentials", "letters", s.letters, "--batch", "1", "--to", s.root, "--form", "html", *s.passphrase()
    )
    page = (s.root / "batch-001.html").read_text()
    assert "<b>&</b>" not in page
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in page
    assert "\u202e" not in page
    assert page.count("<article") == 39


BAD = {
    "no column of numbers": (b"name\nMember 1\n", "it has no column `member`"),
    "no row": (b"member,name\n", "or no row"),
    "nothing": (b"", "or no row"),
    "a number twice": (b"member\nM-1\nM-1\n", "row 3 has no number of its own"),
    "an empty number": (b"member,name\n,x\n", "row 2 has no number of its own"),
    "a cell too many": (b"member,name\nM-1,x,y\n", "row 2 has 3 cells, the first row has 2"),
    "a cell too few": (b"member,name\nM-1\n", "row 2 has 1 cells, the first row has 2"),
    "another encoding": (b"member\nM-\xe9\n", "it is not a table in UTF-8"),
    "a column twice": (b"member,name,name\nM-1,x,y\n", "two columns have one name"),
    "a column of credentials": (b"member,credential\nM-1,x\n", "it has a column `credential`"),
    "a number that moves the cursor": (b"member\n\x1b[2J\n", "cannot be printed"),
    "an open quote": (b'member,name\nM-1,"x\n', "it is not a table in UTF-8"),
    "a cell without end": (b"member,name\nM-1," + b"x" * 9000 + b"\n", "row 2 has more than 8,000 bytes"),
    "a cell beyond what tables have": (b"member\n" + b"x" * 200_000 + b"\n", "it is not a table in UTF-8"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_list_that_cannot_be_used_is_refused_before_anything_is_made(case: str, theatre: Theatre) -> None:
    s = theatre.at("final")
    data, because = BAD[case]
    (s.root / "bad.csv").write_bytes(data)
    refused(make(s, file=s.root / "bad.csv"), because)
    assert not s.letters.exists()


def test_a_byte_order_mark_is_no_part_of_the_first_column(theatre: Theatre) -> None:
    s = theatre.at("final")
    (s.root / "bom.csv").write_bytes(b"\xef\xbb\xbf" + electorate(s).read_bytes())
    assert make(s, file=s.root / "bom.csv").code == 0


def test_destroy_removes_the_batch_and_every_copy_that_letters_wrote(theatre: Theatre) -> None:
    s = theatre.at("final")
    folder = made(s, "--per-batch", "20")
    path = opened(s)
    done(
        "credentials",
        "letters",
        s.letters,
        "--batch",
        "1",
        "--to",
        s.root / "print",
        "--form",
        "html",
        *s.passphrase(),
    )
    stick = s.root / "stick"
    stick.mkdir()
    (stick / "batch-001.csv").write_bytes(path.read_bytes())
    (stick / "diary.txt").write_text("mine")
    said = done("credentials", "destroy", s.letters, "--batch", "001", "--to", stick, "--yes")
    assert "with 3 clear copies" in said
    assert "best effort" in said
    assert not path.exists()
    assert not (s.root / "print" / "batch-001.html").exists()
    assert sorted(p.name for p in stick.iterdir()) == ["diary.txt"]
    assert not folder.sealed("001").exists()
    assert folder.sealed("002").exists()
    assert folder.report("001").read_bytes() == (
        b'{"batch":"001","letters":20,"uuid":"' + folder.plan().uuid.encode() + b'"}'
    )


def test_the_bytes_are_written_over_before_the_name_goes(theatre: Theatre) -> None:
    s = theatre.at("final")
    folder = made(s)
    path = opened(s)
    os.link(path, s.root / "seen")
    os.link(folder.sealed("001"), s.root / "seen.sealed")
    sizes = path.stat().st_size, folder.sealed("001").stat().st_size
    done("credentials", "destroy", s.letters, "--batch", "001", "--yes")
    left = (s.root / "seen").read_bytes(), (s.root / "seen.sealed").read_bytes()
    assert (len(left[0]), len(left[1])) == sizes
    assert not CREDENTIAL.search(left[0])
    assert b"ciphertext" not in left[1]


def test_a_small_batch_is_reported_as_fewer_than_10(theatre: Theatre) -> None:
    s = theatre.at("final")
    folder = made(s, "--per-batch", "37")
    done("credentials", "destroy", s.letters, "--batch", "2", "--yes", "--unopened")
    assert json.loads(folder.report("002").read_bytes())["letters"] == "fewer than 10"


def test_destroy_twice_is_refused_and_a_copy_found_later_goes_too(theatre: Theatre) -> None:
    s = theatre.at("final")
    folder = made(s)
    copy = opened(s).read_bytes()
    done("credentials", "destroy", s.letters, "--batch", "1", "--yes")
    report = folder.report("001").read_bytes()
    refused(say("credentials", "destroy", s.letters, "--batch", "1", "--yes"), "was destroyed")
    refused(
        say("credentials", "letters", s.letters, "--batch", "1", "--to", s.root / "m", *s.passphrase()),
        "was destroyed",
    )
    (s.root / "found").mkdir()
    (s.root / "found" / "batch-001.csv").write_bytes(copy)
    done("credentials", "destroy", s.letters, "--batch", "1", "--to", s.root / "found", "--yes")
    assert list((s.root / "found").iterdir()) == []
    assert folder.report("001").read_bytes() == report


def test_a_batch_that_nobody_has_got_is_not_destroyed_by_mistake(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = theatre.at("final")
    made(s)
    before = below(s.letters)
    refused(say("credentials", "destroy", s.letters, "--batch", "1", "--yes"), "was never opened")
    opened(s)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    said = say("credentials", "destroy", s.letters, "--batch", "1")
    assert said.code == 130
    assert Folder(s.letters).sealed("001").exists()
    assert len(below(s.letters)) == len(before)


def test_an_interrupted_destroy_is_done_by_the_same_command(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    from selectorate.cli.authority import delivery

    s = theatre.at("final")
    folder = made(s)
    path = opened(s)

    def stopped(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_overwrite", stopped)
        assert say("credentials", "destroy", s.letters, "--batch", "1", "--yes").code == 130
    assert (
        json.loads(done("credentials", "status", s.letters, "--json"))["batches"][0]["state"]
        == "being destroyed"
    )
    assert not folder.report("001").exists()
    done("credentials", "destroy", s.letters, "--batch", "1", "--yes")
    assert not path.exists()
    assert not folder.sealed("001").exists()
    assert folder.report("001").exists()


def test_destroy_touches_no_file_that_is_no_letter(theatre: Theatre) -> None:
    """Not one named in a batches.json that somebody changed, and not what a link leads to."""
    s = theatre.at("final")
    folder = made(s)
    path = opened(s)
    mine = s.root / "diary.txt"
    mine.write_text("mine")
    value = json.loads(folder.plan_file.read_bytes())
    value["batches"]["001"]["clear"].insert(0, str(mine))
    folder.plan_file.write_text(json.dumps(value, sort_keys=True, separators=(",", ":")))
    path.unlink()
    path.symlink_to(mine)
    said = done("credentials", "destroy", s.letters, "--batch", "1", "--yes")
    assert mine.read_text() == "mine"
    assert not path.is_symlink()
    assert f"Not found, so not destroyed: {mine}" in said


def test_status_says_what_comes_next(theatre: Theatre) -> None:
    s = theatre.at("final")
    refused(say("credentials", "status", s.letters), "is not a folder that")

    def following() -> tuple[str, list[str]]:
        value = json.loads(done("credentials", "status", s.letters, "--json"))
        return value["next"].replace(str(s.letters), "OUT"), [one["state"] for one in value["batches"]]

    folder = made(s, "--per-batch", "20")
    assert following() == ("selectorate credentials letters OUT --batch 001 --to DIR", ["sealed", "sealed"])
    path = opened(s)
    assert following() == ("selectorate credentials letters OUT --batch 002 --to DIR", ["opened", "sealed"])
    assert f"In clear: {path}" in done("credentials", "status", s.letters)
    done("credentials", "destroy", s.letters, "--batch", "1", "--yes")
    opened(s, "002")
    assert following() == (
        "selectorate credentials destroy OUT --batch 002   (after delivery)",
        ["destroyed", "opened"],
    )
    done("credentials", "destroy", s.letters, "--batch", "2", "--yes")
    assert following() == ("give OUT/for-the-officer to the returning officer", ["destroyed", "destroyed"])
    folder.list.unlink()
    assert following()[0].startswith("selectorate credentials make PUBLIC ELECTORATE OUT")


def test_status_tells_replacements_apart(theatre: Theatre) -> None:
    s = theatre.at("final")
    made(s, "--per-batch", "20")
    done("credentials", "replace", s.letters, "M-00002", *s.passphrase())
    said = done("credentials", "status", s.letters)
    assert "  001 to 002: sealed, 39 letters\n  replacement-001: sealed, 1 letter\n" in said


def test_who_voted_is_listed_after_the_close(theatre: Theatre) -> None:
    """Thirty-two of thirty-nine voted, the first of them twice (tests/cli/selection.py)."""
    s = theatre.at("closed")
    out = s.root / "voted.csv"
    said = done("credentials", "voted", s.public, s.letters, out)
    assert said.startswith("32 of 39 electors voted")
    assert "never how" in said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    found = {row["member"]: (row["voted"], row["ballots"]) for row in rows(out)}
    expected = {f"M-{n:05}": ("yes", "2" if n == 1 else "1") for n in range(1, 33)}
    expected |= {f"M-{n:05}": ("no", "0") for n in range(33, 40)}
    assert found == expected
    credentials = {row["member"]: row["public_credential"] for row in rows(out)}
    assert credentials == Folder(s.letters).public().of


def test_who_voted_is_not_listed_while_the_poll_is_open(theatre: Theatre) -> None:
    s = theatre.at("voted")
    refused(say("credentials", "voted", s.public, s.letters, s.root / "voted.csv"), "is not closed")
    assert not (s.root / "voted.csv").exists()


def test_who_voted_is_refused_for_a_list_that_does_not_belong(theatre: Theatre) -> None:
    s, other = theatre.at("closed"), theatre.at("closed")
    path = other.public_list()
    value = json.loads(path.read_bytes())

    def say_with(changed: dict[str, object]) -> Said:
        path.write_text(json.dumps({**value, **changed}, sort_keys=True, separators=(",", ":")) + "\n")
        return say("credentials", "voted", s.public, other.letters, s.root / "voted.csv")

    refused(say_with({"uuid": "y5iTc7ynARvmny"}), "the list is of election y5iTc7ynARvmny, the poll is")
    swapped = {**value["credentials"], "M-00007": value["replaced"][0][0]}
    refused(say_with({"credentials": swapped}), "the credentials on the list are not those of the poll")
    assert not (s.root / "voted.csv").exists()
    refused(say("credentials", "voted", s.public, s.letters, s.public_list()), "it is not overwritten")


def test_two_commands_do_not_write_at_once(theatre: Theatre) -> None:
    import subprocess
    import sys

    s = theatre.at("final")
    made(s)
    program = (
        "import fcntl, sys\n"
        f"held = open({str(s.letters / 'lock')!r}, 'r+')\n"
        "fcntl.lockf(held, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    other = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdin is not None
    with other.stdin, other.stdout:
        assert other.stdout.readline() == b"held\n"
        refused(say("credentials", "replace", s.letters, "M-00001", *s.passphrase()), "writing")
        other.stdin.close()
        other.wait(10)
    assert Folder(s.letters).public().replaced == ()


def test_the_largest_batch_still_fits_into_a_sealed_file() -> None:
    """Rows as long as they may be, in a batch as large as it may be."""
    from selectorate import canon
    from selectorate.cli.authority.folder import BATCH_MAX, ROW_MAX, About, Letter
    from selectorate.office.sealed import SEALED_MAX

    row = Letter("M" * 20, "x" * 25, "f" * 64, ("y" * ROW_MAX,))
    one = Batch("001", "u" * 14, "Ed25519", About("", "", "", "", ""), ("z",), (row,))
    size = len(canon.encode(one.to_json())) * BATCH_MAX
    assert size * 4 // 3 < SEALED_MAX


def test_a_batch_has_a_thousand_letters_unless_told_otherwise() -> None:
    assert making.PER_BATCH == 1000
