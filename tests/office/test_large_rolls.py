"""Claims about long acts on large files: what a signal, a full disk or too little memory leaves behind is what was
there before; what did not fit into memory never held a refused column; progress is told in rows.

The signals are real ones, sent to the program as it is typed, at moments that are seen from outside."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.selection import report, say

from selectorate.errors import Refusal
from selectorate.office import engines
from selectorate.office.exports import LARGE, check_export
from selectorate.office.vault import spill
from selectorate.office.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "tests" / "cli" / "rulebook.toml"
SENTINEL = "Z3QSENTINEL"
ONE = ("--by", "Officer One")
TWO = (*ONE, "--and", "Officer Two")
MEMBERS = 60_000


def write_members(path: Path, members: int = MEMBERS, width: int = 60) -> Path:
    """A file that the engine reads, with a column that may not be used."""
    drawn = random.Random(7)
    head = "member_id,full_name,religion,joined_on,paid_to,email,phone,address_1,postcode\n"
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for one in range(members):
            street = f"{drawn.getrandbits(4 * width):0{width}x}"
            file.write(
                f"M-{one:07},Member {one},{SENTINEL}{one},20{one % 27:02}-05-06,2027-12-31,member{one}@example.org,"
                f"+33 6 {one:08},{street},{one % 9000:05}\n"
            )
    assert path.stat().st_size > LARGE
    return path


def typed(place: Path, act: str, members: Path) -> list[str]:
    whole = {
        "import": ("import", place, members, *ONE),
        "freeze": ("freeze", place, *TWO),
        "final": ("final", place, *ONE),
    }
    return ["roll", *map(str, whole[act])]


def tree(place: Path, *, hidden: bool = True) -> dict[str, str]:
    """Every file with the digest of its bytes."""
    return {
        path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(place.rglob("*"))
        if path.is_file()
        and (hidden or not any(part.startswith(".") for part in path.relative_to(place).parts))
    }


@pytest.fixture(scope="module")
def phases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A workspace before each act, and the file that is imported."""
    root = tmp_path_factory.mktemp("large")
    members, place, made = write_members(root / "members.csv"), root / "now", {}
    assert say("new", place, "--rulebook", BOOK, *ONE).code == 0
    for act in ("import", "freeze", "final"):
        made[act] = root / act
        shutil.copytree(place, made[act])
        done = say(*typed(place, act, members))
        assert done.code == 0, done.err
    return {**made, "members": members}


def seen(name: str, size: int = 0) -> Callable[[Path], bool]:
    """Whether a file of the vault with such a hidden or plain name has at least that many bytes."""

    def look(place: Path) -> bool:
        try:
            found = [path.stat().st_size for path in (place / "vault").glob(name)]
        except FileNotFoundError:
            return False
        return any(one >= size for one in found)

    return look


MOMENTS = [
    # (act, when)
    ("import", "the file is looked at", seen(f"{spill.NAME}*")),
    ("import", "the tables are filled", seen(".roll.duckdb.*", 1_000_000)),
    ("import", "the record is about to be written", seen("staged.json")),
    ("freeze", "the facts are gathered", seen(f"{spill.NAME}*")),
    ("freeze", "decisions are written", seen(".decisions.jsonl.*")),
    ("freeze", "the record is about to be written", seen("staged.json")),
    ("final", "addresses are written", seen(".electorate.csv.*")),
    ("final", "slips are written", seen(".slips.json.*")),
]


def begin(place: Path, act: str, members: Path, when: Callable[[Path], bool]) -> subprocess.Popen[bytes]:
    """The running command, at that moment."""
    begun = subprocess.Popen(
        [sys.executable, "-m", "selectorate", *typed(place, act, members)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    while begun.poll() is None and not when(place):
        time.sleep(0.001)
    return begun


def acts(place: Path) -> list[str]:
    return [entry.act for entry in Workspace(place, alone=False).record.entries]


@pytest.mark.slow
@pytest.mark.parametrize(("act", "says", "when"), MOMENTS, ids=[f"{act}, {says}" for act, says, _ in MOMENTS])
def test_ctrl_c_in_a_long_act_leaves_the_workspace_as_it_was(
    act: str, says: str, when: Callable[[Path], bool], phases: dict[str, Path], tmp_path: Path
) -> None:
    place = tmp_path / "now"
    shutil.copytree(phases[act], place)
    before, were = tree(place), acts(place)
    begun = begin(place, act, phases["members"], when)
    begun.send_signal(signal.SIGINT)
    _, err = begun.communicate(timeout=120)
    if acts(place) == were:
        assert begun.returncode == 130, err.decode()
        assert b"Interrupted. Nothing is half-written" in err
        assert tree(place) == before
    else:  # it came too late: the act is done, whole
        assert not [name for name in tree(place) if "/." in name or "staged" in name]
    assert SENTINEL.encode() not in b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())


@pytest.mark.slow
@pytest.mark.parametrize(("act", "says", "when"), MOMENTS, ids=[f"{act}, {says}" for act, says, _ in MOMENTS])
def test_a_kill_in_a_long_act_leaves_the_workspace_as_it_was(
    act: str, says: str, when: Callable[[Path], bool], phases: dict[str, Path], tmp_path: Path
) -> None:
    place = tmp_path / "now"
    shutil.copytree(phases[act], place)
    before, were = tree(place), acts(place)
    begun = begin(place, act, phases["members"], when)
    begun.kill()
    begun.communicate(timeout=120)
    left = b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
    assert SENTINEL.encode() not in left  # not even in what a killed program could not take away
    Workspace(place)  # what any next act does first
    now = tree(place)
    if acts(place) == were:
        assert now == before
    else:
        assert not [name for name in now if "/." in name or "staged" in name]
    again = say(*typed(place, act, phases["members"]))
    assert (again.code == 0) == (acts(place) != were or now == before) or again.code == 2
    assert acts(place) == [
        *were,
        {"import": "roll.imported", "freeze": "roll.frozen", "final": "roll.final"}[act],
    ]
    assert report(place / "public") == (0, [])


def test_what_does_not_fit_into_memory_never_holds_a_refused_column_and_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_members(tmp_path / "members.csv", 60_000, 400)
    monkeypatch.setattr(engines, "MEMORY", "50MB")
    spilled, over = set[bytes](), threading.Event()

    def look() -> None:
        while not over.is_set():
            # a folder may go while it is listed, and a file while it is read
            with contextlib.suppress(FileNotFoundError):
                for one in tmp_path.glob(f"{spill.NAME}*/*"):
                    assert one.parent.stat().st_mode & 0o777 == 0o700
                    spilled.add(one.read_bytes())

    looker = threading.Thread(target=look)
    looker.start()
    try:
        found = check_export(path)
    finally:
        over.set()
        looker.join()
    assert (found.kept, found.refused) == (60_000, ("religion",))
    assert max(map(len, spilled)) > 100_000, "nothing was spilled: this test would show nothing"
    assert SENTINEL.encode() not in b"".join(spilled)
    assert [one.name for one in tmp_path.iterdir()] == ["members.csv"]


def test_too_little_room_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_members(tmp_path / "members.csv", 60_000, 400)
    monkeypatch.setattr(engines, "MEMORY", "50MB")
    monkeypatch.setattr(engines, "SPILL_MAX", 0)
    with pytest.raises(Refusal) as refused:
        check_export(path)
    assert refused.value.code == "engine.room"
    assert [one.name for one in tmp_path.iterdir()] == ["members.csv"]


def test_a_spill_whose_program_was_killed_is_taken_away_and_one_in_use_is_not(tmp_path: Path) -> None:
    left, used = tmp_path / f"{spill.NAME}1.aaaa", tmp_path / f"{spill.NAME}2.bbbb"
    for folder in (left, used):
        folder.mkdir()
        (folder / "block").write_bytes(b"x")
    holding = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.lockf(f, fcntl.LOCK_EX); print(); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", holding, str(used / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    for folder in (left, used):
        os.utime(folder, (1, 1))
    with spill.spill_folder(tmp_path) as own:
        assert own.parent == tmp_path
        assert {one.name for one in tmp_path.iterdir()} == {used.name, own.name}
    holder.communicate(b"\n")
    assert [one.name for one in tmp_path.iterdir()] == [used.name]


@pytest.mark.slow
def test_progress_is_told_in_rows_through_every_long_act(phases: dict[str, Path], tmp_path: Path) -> None:
    from selectorate.log.objects import Holder
    from selectorate.office import roll

    told: dict[str, list[tuple[int, int]]] = {}

    def bar(doing: str, done: int, total: int) -> None:
        told.setdefault(doing, []).append((done, total))

    place = tmp_path / "now"
    shutil.copytree(phases["import"], place)
    one, two = Holder("returning officer", "Officer One"), Holder("second officer", "Officer Two")
    roll.import_roll(Workspace(place), [phases["members"]], (one,), bar=bar)
    roll.freeze(Workspace(place), (one, two), bar)
    roll.final(Workspace(place), (one,), bar)
    assert told["Looking at members.csv, bytes"][-1] == (phases["members"].stat().st_size,) * 2
    assert told["Deciding members"][-1] == (MEMBERS, MEMBERS)
    assert told["Sealing electors"][-1] == (MEMBERS, MEMBERS)
    assert all(0 <= done <= total for steps in told.values() for done, total in steps)


def test_a_line_of_progress_says_how_many_of_how_many() -> None:
    from selectorate.cli.speak import Steps

    bar = Steps("Reading the list")
    assert bar.line(3) == "Reading the list … 3 s"
    bar("Loading members.csv", 500_000, 1_000_000)
    assert bar.line(4) == "Loading members.csv ████████████░░░░░░░░░░░░ 500,000 of 1,000,000, 4 s"
