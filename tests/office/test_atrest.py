"""Claims about the vault at rest: sealed in one file, whole or not at all, and nothing of it elsewhere."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.selection import BY, RULEBOOK, Selection, Theatre, done, report, say, secret

from selectorate.errors import Refusal
from selectorate.office import atrest, files, sealed
from selectorate.office.atrest import stream

WORDS = "eleven tall trees by the river"
OTHER = "twelve tall trees by the river"


def clear(s: Selection) -> dict[str, bytes]:
    vault = s.office / "vault"
    found = {path.relative_to(vault).as_posix(): path for path in vault.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if name != "lock"}


def lock(s: Selection) -> None:
    atrest.lock(s.office, WORDS, sealed.SMALLEST)


def code(act: Callable[..., Any], *arguments: Any) -> str:
    with pytest.raises(Refusal) as told:
        act(*arguments)
    return told.value.code


@pytest.fixture(scope="module")
def final(theatre: Theatre) -> Selection:
    """A vault with everything that a final roll leaves in it, and a file of several pieces."""
    s = theatre.at("final")
    (s.office / "vault" / "letters" / "merge").mkdir()
    (s.office / "vault" / "letters" / "merge" / "large.csv").write_bytes(os.urandom(3 * stream.PIECE))
    return s


@pytest.fixture
def s(final: Selection, tmp_path: Path) -> Selection:
    shutil.copytree(final.root, tmp_path / "s")
    return Selection(tmp_path / "s")


def test_nothing_of_a_locked_vault_stands_in_clear_in_any_file_of_the_workspace(s: Selection) -> None:
    before = clear(s)
    keys = [before["log.key"], before["token.key"]]
    secrets = [*keys, *(text for key in keys for text in (key.hex().encode(), base64.b64encode(key)))]
    secrets += [b"Member 17", b"member17@orchard.example", b"17 Orchard Lane", b"ACC-00017", b"M-00017"]
    whole = b"".join(path.read_bytes() for path in s.office.rglob("*") if path.is_file())
    assert [one for one in secrets if one in whole] != []  # the search does find them in an open workspace
    lock(s)
    assert clear(s) == {}
    locked = {path: path.read_bytes() for path in s.office.rglob("*") if path.is_file()}
    assert [(path, one) for path, held in locked.items() for one in secrets if one in held] == []
    assert (s.office / "vault.sealed").stat().st_mode & 0o077 == 0
    atrest.unlock(s.office, WORDS)
    assert clear(s) == before
    assert not (s.office / "vault.sealed").exists()


def test_no_act_works_on_a_locked_workspace_and_the_public_folder_is_as_good_as_before(s: Selection) -> None:
    shutil.copy(RULEBOOK, s.root / "book.toml")
    lock(s)
    for typed in (
        ("status", s.office),
        ("roll", "view", s.office, "--as", "scrutineer", *BY),
        ("rules", "diff", s.root / "book.toml", s.root / "book.toml", "--roll", s.office),
        ("roll", "final", s.office, *BY),
        ("publish", s.office),
    ):
        said = say(*typed)
        assert said.code == 2
        assert "are sealed" in said.err
    assert report(s.public) == (0, [])
    assert code(atrest.lock, s.office, OTHER, sealed.SMALLEST) == "sealed.passphrase"


def test_a_wrong_passphrase_is_a_sentence_and_opens_nothing(s: Selection) -> None:
    lock(s)
    held = (s.office / "vault.sealed").read_bytes()
    assert code(atrest.unlock, s.office, OTHER) == "sealed.passphrase"
    assert (clear(s), (s.office / "vault.sealed").read_bytes()) == ({}, held)


def test_a_sealed_vault_cut_at_any_byte_or_changed_is_refused_and_an_older_copy_opens(s: Selection) -> None:
    before = clear(s)
    lock(s)
    path = s.office / "vault.sealed"
    held = path.read_bytes()
    head = held.index(b"\n") + 1
    piece = stream.PIECE + stream.TAG
    edges = [head + n * piece + more for n in range(4) for more in (0, 1, 16)]
    for place in sorted({*range(0, head, 41), *(one for one in edges if one < len(held)), len(held) - 1}):
        path.write_bytes(held[:place])
        assert code(atrest.unlock, s.office, WORDS) in ("sealed.damaged", "vault.cut"), place
        changed = bytearray(held)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert code(atrest.unlock, s.office, WORDS) in ("sealed.damaged", "vault.cut"), place
        assert list((s.office / "vault").iterdir()) == [s.office / "vault" / "lock"]
    first, second = held[head : head + piece], held[head + piece : head + 2 * piece]
    for other in (
        held + b"x",
        held[:head] + second + first + held[head + 2 * piece :],
        held[:head] + first + held[head:],
        held[:head] + held[head + piece :],
    ):
        path.write_bytes(other)
        assert code(atrest.unlock, s.office, WORDS) == "vault.cut"
    path.write_bytes(held)
    atrest.unlock(s.office, WORDS)
    assert clear(s) == before


@pytest.mark.parametrize("size", [0, 1, stream.PIECE - 1, stream.PIECE, stream.PIECE + 1, 2 * stream.PIECE])
def test_a_stream_of_any_length_comes_back(size: int, tmp_path: Path) -> None:
    plain, key = os.urandom(size), os.urandom(32)
    (tmp_path / "x").write_bytes(b"".join(stream.sealed([plain], key)))
    with (tmp_path / "x").open("rb") as file:
        assert b"".join(stream.opened(file, key, "x")) == plain
    # as RFC 8439 seals the last piece, by the library alone
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    whole = max(0, (size - 1) // stream.PIECE)
    nonce = whole.to_bytes(11, "big") + b"\1"
    last = (tmp_path / "x").read_bytes()[whole * (stream.PIECE + stream.TAG) :]
    assert ChaCha20Poly1305(key).decrypt(nonce, last, None) == plain[whole * stream.PIECE :]


def test_clear_files_that_the_sealed_vault_does_not_hold_are_never_removed_or_written_over(
    s: Selection,
) -> None:
    lock(s)
    old = (s.office / "vault.sealed").read_bytes()
    atrest.unlock(s.office, WORDS)
    (s.office / "vault" / "outcomes.json").write_bytes(b"{}")  # an act goes on
    (s.office / "vault.sealed").write_bytes(old)  # and an old copy is put beside it
    now = clear(s)
    assert code(lock, s) == "vault.two"
    assert code(atrest.unlock, s.office, WORDS) == "vault.two"
    assert (clear(s), (s.office / "vault.sealed").read_bytes()) == (now, old)
    (s.office / "vault.sealed").unlink()
    lock(s)
    atrest.unlock(s.office, WORDS)
    assert clear(s) == now


@pytest.mark.parametrize("step", range(6))
def test_a_full_disk_leaves_the_vault_open_and_whole(
    step: int, s: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real, done_ = clear(s), os.fsync, [0]

    def full(handle: int) -> None:
        done_[0] += 1
        if done_[0] == step + 1:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    try:
        lock(s)
    except Refusal as reason:
        assert reason.code == "file.full"
    monkeypatch.setattr(os, "fsync", real)
    if atrest.is_locked(s.office):
        atrest.unlock(s.office, WORDS)
    assert clear(s) == before


def test_whoever_works_in_the_vault_keeps_it_from_being_sealed(s: Selection) -> None:
    # another process holds the workspace's lock (one process has its own lock twice)
    script = (
        "import sys, time; from pathlib import Path; from selectorate.office.vault import Vault;"
        "held = Vault(Path(sys.argv[1])).lock(); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(s.office / "vault")]
    before = clear(s)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert code(lock, s) == "record.busy"
        other.communicate(b"")
    assert clear(s) == before


KILLED = """
import os, sys
from pathlib import Path
from selectorate.office import atrest, sealed
left = int(sys.argv[3])
def counted(real):
    def act(*given, **more):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return real(*given, **more)
    return act
for owner, names in ((os, ("fsync", "unlink", "rmdir", "replace")), (Path, ("replace", "unlink", "rmdir"))):
    for name in names:
        setattr(owner, name, counted(getattr(owner, name)))
place = Path(sys.argv[1])
if sys.argv[2] == "lock":
    atrest.lock(place, sys.argv[4], sealed.SMALLEST)
else:
    atrest.unlock(place, sys.argv[4])
"""


@pytest.mark.slow
@pytest.mark.parametrize("act", ["lock", "unlock"])
def test_killed_at_any_step_it_is_ended_by_the_same_command_or_taken_back(
    act: str, final: Selection, tmp_path: Path
) -> None:
    before = clear(final)
    started = Selection(tmp_path / "start")
    shutil.copytree(final.root, started.root)
    if act == "unlock":
        lock(started)
    steps = 0
    while True:
        copies = [Selection(tmp_path / f"{steps}-{n}") for n in range(2)]
        for s in copies[:1]:
            shutil.copytree(started.root, s.root)
            command = [sys.executable, "-c", KILLED, str(s.office), act, str(steps), WORDS]
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            assert ended.returncode in (0, 9), ended.stderr
        shutil.copytree(copies[0].root, copies[1].root)
        lock(copies[0])  # ends a lock, or seals again what is open
        assert clear(copies[0]) == {}
        atrest.unlock(copies[0].office, WORDS)
        if atrest.is_locked(copies[1].office):
            atrest.unlock(copies[1].office, WORDS)
        for s in copies:
            assert clear(s) == before, steps
            shutil.rmtree(s.root)
        if ended.returncode == 0:
            assert steps > 20
            return
        steps += 17


def test_the_commands_ask_for_the_passphrase_by_file_and_the_next_act_goes_on(s: Selection) -> None:
    secret(s.root / "words.txt", WORDS + "\n")
    words = ("--passphrase-file", s.root / "words.txt")
    number = len(clear(s))
    assert f"{number} private files are sealed" in done("vault", "lock", s.office, *words)
    assert "vault unlock" in say("roll", "final", s.office, *BY).err
    done("vault", "unlock", s.office, *words)
    assert "are not sealed" in say("vault", "unlock", s.office, *words).err
    assert say("status", s.office).code == 0
    (s.root / "words.txt").write_text("short\n")
    assert "shorter than" in say("vault", "lock", s.office, *words).err
    assert clear(s)
    assert files.read(s.office / "vault" / "log.key")
