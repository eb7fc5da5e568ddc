"""The trustee's own tool: what it refuses, what it remembers, and that nothing is half-written when it does."""

from __future__ import annotations

import base64
import json
import os
import pty
import sys
from pathlib import Path

import pytest
from tests.cli.selection import BOTH, BY, Selection, Theatre, done, mix, report, say, secret

ROOT = Path(__file__).resolve().parents[2]


def first_line(s: Selection, said: str) -> str:
    return said.splitlines()[0].replace(str(s.root), "ROOT")


def memory(s: Selection, number: int = 1) -> Path:
    return s.key(number).with_name("key.json.memory")


def own_files(s: Selection, number: int = 1) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(s.key(number).parent.iterdir())}


def test_a_key_is_sealed_private_and_opens_with_its_passphrase_alone(theatre: Theatre) -> None:
    s = theatre.at("proved")
    assert s.key(1).stat().st_mode & 0o777 == 0o600
    done("trustee", "new", s.root / "key.json", "--passphrase-file", s.words(1))
    envelope = json.loads((s.root / "key.json").read_bytes())
    assert (envelope["kind"], envelope["kdf"]["name"], envelope["kdf"]["memory_kib"]) == (
        "trustee key", "argon2id", 65536,
    )  # fmt: skip
    secret(s.root / "wrong.txt", "another passphrase of good length\n")
    before = own_files(s)
    for words, code, sentence in (
        (s.root / "wrong.txt", 2, "The passphrase does not open ROOT/trustee-1/key.json."),
        (s.root / "absent.txt", 2, "ROOT/absent.txt is not there."),
    ):
        typed = ("trustee", "prove", "--key", s.key(1), "--passphrase-file", words, "--by", "Trustee One")
        said = say(*typed, s.public, s.root / "out.json")
        assert (said.code, said.out, first_line(s, said.err)) == (code, "", sentence)
    assert own_files(s) == before
    assert not (s.root / "out.json").exists()


def test_a_damaged_key_file_is_told_from_a_wrong_passphrase(theatre: Theatre) -> None:
    s = theatre.at("mixed")
    key = s.key(1).read_bytes()
    s.key(1).write_bytes(key[:200] + (b"A" if key[200:201] != b"A" else b"B") + key[201:])
    before = own_files(s)
    said = say(*s.decrypting(1))
    assert (said.code, first_line(s, said.err)) == (
        2, "ROOT/trustee-1/key.json is not a sealed file, or it is damaged.",
    )  # fmt: skip
    assert own_files(s) == before


def test_a_passphrase_comes_from_a_file_that_nobody_else_may_read(theatre: Theatre) -> None:
    s = theatre.at("new")
    words = s.root / "words.txt"
    words.write_text("eleven tall trees by the river\n")
    words.chmod(0o640)
    typed = ("trustee", "new", s.root / "key.json", "--passphrase-file", words)
    said = say(*typed)
    assert (said.code, first_line(s, said.err)) == (
        2, "ROOT/words.txt may be read by others than its owner.",
    )  # fmt: skip
    words.chmod(0o600)
    words.write_text("short\n")
    assert first_line(s, say(*typed).err) == "The passphrase is shorter than 12 characters."
    assert not list(s.root.glob("key.json*"))


def test_nobody_is_asked_where_there_is_no_terminal(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with (tmp_path / "nothing").open("w+") as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        said = say("trustee", "new", tmp_path / "key.json")
    assert said.code == 2
    assert said.err.startswith("A passphrase is needed and nobody can be asked here: this is no terminal.\n")
    assert not list(tmp_path.glob("key.json*"))


@pytest.mark.parametrize(("second", "code"), [("eleven tall trees", 0), ("eleven small trees", 2)])
def test_on_a_terminal_a_new_passphrase_is_asked_twice_and_never_shown(
    second: str, code: int, tmp_path: Path
) -> None:
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - another program from here on
        os.environ["PYTHONPATH"] = str(ROOT / "src")
        command = [sys.executable, "-m", "selectorate", "trustee", "new", str(tmp_path / "key.json")]
        os.execv(sys.executable, command)  # noqa: S606 - our own program
    shown = b""
    for typed, question in (("eleven tall trees", b"key.json: "), (second, b"again: ")):
        while question not in shown.splitlines()[-1] if shown else True:
            shown += os.read(terminal, 1000)
        os.write(terminal, typed.encode() + b"\n")
    try:
        while more := os.read(terminal, 1000):
            shown += more
    except OSError:
        pass  # the terminal is gone with the program
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == code, shown
    assert b"trees" not in shown
    assert (tmp_path / "key.json").exists() == (code == 0)


def test_a_second_decryption_is_refused_and_the_first_can_be_sent_again(theatre: Theatre) -> None:
    s = theatre.at("mixed")
    done(*s.decrypting(1))
    first, before = s.sent("decryption", 1).read_bytes(), own_files(s)
    elsewhere = s.root / "elsewhere.json"
    for out in (elsewhere, s.sent("decryption", 1)):
        said = say("trustee", "decrypt", *s.unlock(1), s.public, out)
        assert said.code == 2
        assert "has been decrypted with this key already. No second decryption is made" in said.err
        kept = next(path for path in s.key(1).parent.glob("key.json.decryption-*"))
        assert str(kept) in said.err
    assert kept.read_bytes() == first
    assert not elsewhere.exists()
    assert own_files(s) == before


@pytest.mark.parametrize("after", ["the copy", "the memory"])
def test_interrupted_before_its_output_a_decryption_is_not_lost(
    after: str, theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    from selectorate.office import files

    s = theatre.at("mixed")
    real, written = files.write, []

    def write(path: Path, data: bytes, **how: bool) -> None:
        real(path, data, **how)
        written.append(Path(path).name)
        if len(written) == (1 if after == "the copy" else 2):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(files, "write", write)
        assert say(*s.decrypting(1)).code == 130
    assert not s.sent("decryption", 1).exists()
    done(*s.decrypting(1))
    assert done("ballot", "take-decryption", s.office, s.sent("decryption", 1)).startswith(
        "Decryption of trustee 1"
    )


def test_an_end_of_the_poll_that_was_not_seen_is_not_decrypted(theatre: Theatre) -> None:
    s = theatre.at("closed")
    mix(s)
    before = own_files(s)
    said = say(*s.decrypting(1))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(
        "You have not seen the end of the poll: the newest checkpoint that you saw covers "
    )
    assert own_files(s) == before
    assert not s.sent("decryption", 1).exists()
    told = done("trustee", "see", "--key", s.key(1), s.public)
    assert "The poll is closed, and this checkpoint covers its end." in told
    done(*s.decrypting(1))


def test_a_record_that_does_not_continue_the_one_seen_is_refused(theatre: Theatre) -> None:
    """Two closings of one record, signed with its key: whoever saw the one refuses the other."""
    seen, other = theatre.at("voted"), theatre.at("voted")
    done("ballot", "close", seen.office, *BOTH, "--at", "2027-03-15T20:00:00Z")
    other_two = ("--by", "Officer One", "--and", "Officer Three")
    done("ballot", "close", other.office, *other_two, "--at", "2027-03-15T20:00:00Z")
    assert report(other.public) == (0, []), "the other one is sound by itself"
    done("trustee", "see", "--key", seen.key(1), seen.public)
    mix(other)
    before = own_files(seen)
    for typed in (
        ("trustee", "see", "--key", seen.key(1), other.public),
        ("trustee", "decrypt", *seen.unlock(1), other.public, seen.root / "out.json"),
    ):
        said = say(*typed)
        assert (said.code, said.out) == (1, "")
        assert "does not continue the one that you saw" in said.err
        assert f"Keep this folder and {memory(seen)}" in said.err
    assert own_files(seen) == before
    assert not (seen.root / "out.json").exists()


def test_an_older_copy_is_told_from_another_record(theatre: Theatre) -> None:
    s, old = theatre.at("voted"), theatre.at("polling")
    done("trustee", "see", "--key", s.key(1), s.public)
    before = own_files(s)
    said = say("trustee", "see", "--key", s.key(1), old.public)
    assert said.code == 2
    assert "entries; you have seen one with " in said.err
    assert own_files(s) == before


def test_a_checkpoint_that_the_records_key_did_not_sign_is_not_remembered(theatre: Theatre) -> None:
    s = theatre.at("voted")
    path = s.public / "log" / "checkpoint"
    head, name, signature = path.read_text().rstrip("\n").rpartition(" ")
    raw = bytearray(base64.b64decode(signature))
    raw[20] ^= 1
    path.write_text(f"{head}{name}{base64.b64encode(raw).decode()}\n")
    before = own_files(s)
    said = say("trustee", "see", "--key", s.key(1), s.public)
    assert said.code == 1
    assert said.err.startswith("A checkpoint is not signed by the record's key")
    assert own_files(s) == before


def test_the_key_of_another_record_decrypts_nothing_here(theatre: Theatre, tmp_path: Path) -> None:
    s = theatre.at("mixed")
    other = Selection(tmp_path)
    done("new", other.office, "--rulebook", ROOT / "tests" / "cli" / "rulebook.toml", *BY)
    said = say("trustee", "see", "--key", s.key(1), other.public)
    assert said.code == 1
    assert said.err.startswith("This is the record the-orchard-league/")
    # A key that was never proved for any record.
    never = ("--key", tmp_path / "k.json", "--passphrase-file", s.words(1))
    done("trustee", "new", *never[1:2], *never[2:])
    said = say("trustee", "decrypt", *never, s.public, tmp_path / "out.json")
    assert said.code == 2
    assert said.err.startswith(f"There is nothing in {tmp_path}/k.json.memory on which record")
    # The memory of one key beside another key.
    (tmp_path / "k.json.memory").write_bytes(memory(s).read_bytes())
    said = say("trustee", "decrypt", *never, s.public, tmp_path / "out.json")
    assert (said.code, said.err.splitlines()[0]) == (
        2, f"The key in {tmp_path}/k.json is not the one that was proved ({tmp_path}/k.json.memory).",
    )  # fmt: skip
    assert not (tmp_path / "out.json").exists()


def test_a_damaged_memory_is_not_guessed_at(theatre: Theatre) -> None:
    s = theatre.at("mixed")
    memory(s).write_bytes(memory(s).read_bytes()[:-9])
    said = say(*s.decrypting(1))
    assert (said.code, said.out) == (2, "")
    assert "is not what this tool remembers beside a key, or it is damaged." in said.err


def few(theatre: Theatre) -> Selection:
    """Three ballots, closed, mixed and seen."""
    s = theatre.at("polling")
    path = s.root / "ballots.jsonl"
    lines = s.ballots({f"M-{n:05}": (1, 2, 3, 4) for n in (1, 2, 3)})
    path.write_bytes(b"\n".join(lines) + b"\n")
    done("ballot", "accept", s.office, path, "--at", "2027-03-14T09:00:00Z")
    done("ballot", "close", s.office, *BOTH, "--at", "2027-03-15T20:00:00Z")
    for n in (1, 2, 3):
        done("trustee", "see", "--key", s.key(n), s.public)
    mix(s)
    return s


def test_few_ballots_are_decrypted_only_by_trustees_who_say_so_on_the_record(theatre: Theatre) -> None:
    s = few(theatre)
    before = own_files(s)
    said = say(*s.decrypting(1))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Only 3 ballots are counted, and the rulebook's floor is 10: ")
    assert own_files(s) == before
    assert not s.sent("decryption", 1).exists()
    for n, name in ((1, "One"), (2, "Two"), (3, "Three")):
        done(*s.decrypting(n), "--small", f"Trustee {name}")
    sent = s.sent("decryption", 1).read_bytes()
    unsaid = s.root / "unsaid.json"
    unsaid.write_bytes(sent.partition(b"\n")[2])
    said = say("ballot", "take-decryption", s.office, unsaid)
    assert said.code == 2
    assert "trustee 1 has not said yes to decrypting so few" in said.err
    assert "PartialDecryption" not in s.acts()
    for n in (1, 2, 3):
        done("ballot", "take-decryption", s.office, s.sent("decryption", n))
        done("ballot", "take-decryption", s.office, s.sent("decryption", n))
    done("ballot", "result", s.office)
    assert s.acts()[-7:] == ["decryption.small", "PartialDecryption"] * 3 + ["Result"]
    entry = json.loads(s.lines()[-7])
    assert entry["by"] == [{"name": "Trustee One", "role": "trustee"}]
    assert {name: entry["data"][name] for name in ("trustee", "counted", "floor")} == {
        "trustee": 1, "counted": 3, "floor": 10,
    }  # fmt: skip
    assert report(s.public) == (0, [])
