"""The ceremony by its commands: folders far apart, files that are mailed, cheats with a name, and power cuts."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.selection import PASSPHRASE, Said, done, say

from selectorate import _kernel, canon
from selectorate.ballot.ceremony.objects import Standing
from selectorate.office import files, sealed

UUID = "HJ4caHVMxvLsFH"


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a passphrase costs to try is tests/office/test_sealed.py's."""
    monkeypatch.setattr(sealed.seal, "__defaults__", (sealed.SMALLEST,))


class Post:
    """Members' folders below one root; mail between them is copying what lies in `send`."""

    def __init__(self, root: Path, members: int = 3, threshold: int = 2, group: str = "Ed25519") -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        self.members = range(1, members + 1)
        self.words = root / "words.txt"
        self.words.write_text(PASSPHRASE)
        self.words.chmod(0o600)
        sizes = ("--members", str(members), "--threshold", str(threshold), "--group", group)
        done("ceremony", "new", self.office, *sizes, "--uuid", UUID)

    @property
    def office(self) -> Path:
        return self.root / "office"

    def folder(self, number: int) -> Path:
        return self.root / f"member-{number}"

    def join(self, number: int) -> Said:
        plan, seat = self.office / "ceremony.json", ("--as", str(number), "--name", f"Trustee {number}")
        return say("ceremony", "join", self.folder(number), plan, *seat, "--passphrase-file", self.words)

    def joined(self) -> Post:
        for number in self.members:
            assert self.join(number).code == 0
        return self

    def sent(self, *, besides: int = 0) -> list[Path]:
        numbers = [number for number in self.members if number != besides]
        return [path for number in numbers for path in sorted((self.folder(number) / "send").glob("*.json"))]

    def take(self, number: int, *letters: Path) -> Said:
        folder = self.folder(number) if number else self.office
        return say("ceremony", "take", folder, *letters, "--passphrase-file", self.words)

    def round(self) -> None:
        for number in self.members:
            said = self.take(number, *self.sent(besides=number))
            assert said.code == 0, said.err

    def step(self, number: int) -> str | None:
        found: str | None = json.loads(done("ceremony", "status", self.folder(number), "--json"))["step"]
        return found


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path).joined()


def finish(post: Post) -> bytes:
    """Round after round until all have the parameters, which are the same for all."""
    for _ in range(6):
        post.round()
    assert post.take(0, *post.sent()).code == 0
    found = {(post.folder(number) / "parameters.json").read_bytes() for number in post.members}
    found.add((post.office / "parameters.json").read_bytes())
    assert len(found) == 1
    return found.pop()


def test_three_members_in_three_places_make_one_key(post: Post) -> None:
    parameters = finish(post)
    codes = {json.loads(done("ceremony", "status", post.folder(n), "--json"))["code"] for n in post.members}
    assert codes == {" ".join(canon.sha256(parameters)[place : place + 4] for place in range(0, 16, 4))}
    keys = [key["public_key"] for key in json.loads(parameters)["verification_keys"]]
    for number in post.members:
        file = post.folder(number) / "key.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        private = sealed.unseal(file.read_bytes(), PASSPHRASE, "trustee key", "key.json")
        assert _kernel.trustee_public("Ed25519", private) == keys[number - 1]


def test_nothing_secret_lies_in_a_folder_in_clear(post: Post) -> None:
    finish(post)
    for number in post.members:
        folder = post.folder(number)
        seed = sealed.unseal((folder / "seed.sealed").read_bytes(), PASSPHRASE, "ceremony seed", "seed")
        key = sealed.unseal((folder / "key.json").read_bytes(), PASSPHRASE, "trustee key", "key")
        for path in (path for path in post.root.rglob("*") if path.is_file()):
            assert seed.strip() not in path.read_bytes(), path
            assert key.strip(b'"\n') not in path.read_bytes(), path


def test_who_is_late_is_named_and_waited_for(post: Post) -> None:
    said = done("ceremony", "take", post.folder(1), *post.sent()[1:2], "--passphrase-file", post.words)
    assert "Waiting for the certificate of member 3." in said
    for number in (1, 2):
        assert post.take(number, *post.sent(besides=number)).code == 0
    said = done("ceremony", "status", post.folder(1))
    assert "Waiting for the commitment of member 2 (Trustee 2), member 3 (Trustee 3)." in said


def test_a_single_member_is_done_at_once(tmp_path: Path) -> None:
    post = Post(tmp_path, 1, 1).joined()
    said = done("ceremony", "take", post.folder(1), "--passphrase-file", post.words)
    assert "The key is made: any 1 of 1 members" in said


def test_letters_may_be_taken_in_twice_and_the_own_ones_too(post: Post) -> None:
    for _ in range(2):
        assert post.take(1, *post.sent(), *post.sent()).code == 0
    assert len(list((post.folder(1) / "taken").iterdir())) == 2


def _bend(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    letter = json.loads(path.read_bytes())
    change(letter)
    path.write_bytes(canon.encode(letter) + b"\n")


def test_a_letter_changed_on_its_way_is_not_taken_and_nobody_is_blamed(post: Post) -> None:
    post.round()
    path = post.folder(2) / "send" / "2-commitment-member-2.json"
    changed = post.root / "changed.json"
    shutil.copy(path, changed)
    _bend(changed, lambda letter: letter["content"].update(polynomial="0" * 64))  # type: ignore[attr-defined]
    before = sorted((post.folder(1) / "taken").iterdir())
    said = post.take(1, changed, post.folder(3) / "send" / "2-commitment-member-3.json")
    assert said.code == 2
    assert "is not signed by member 2" in said.err
    assert sorted((post.folder(1) / "taken").iterdir()) == before


def test_a_letter_before_its_writers_certificate_waits(post: Post) -> None:
    post.round()
    fresh = Post(post.root / "fresh").joined()
    said = post.take(0, post.folder(2) / "send" / "2-commitment-member-2.json")
    assert (said.code, "before the certificate of member 2" in said.err) == (2, True)
    said = fresh.take(1, post.folder(2) / "send" / "1-certificate-member-2.json")
    assert (said.code, "written for another ceremony" in said.err) == (2, True)


def test_equivocation_is_kept_and_every_later_command_says_so(post: Post) -> None:
    shutil.copytree(post.folder(2), post.root / "copy")
    post.round()
    one = post.root / "one.json"
    shutil.copy(post.folder(2) / "send" / "2-commitment-member-2.json", one)
    others = post.sent(besides=2)
    shutil.rmtree(post.folder(2))
    shutil.copytree(post.root / "copy", post.folder(2))
    assert post.take(2, *(path for path in others if path.name.startswith("1-"))).code == 0
    two = post.folder(2) / "send" / "2-commitment-member-2.json"
    assert one.read_bytes() != two.read_bytes()
    said = post.take(1, one, two)
    assert said.code == 1
    assert "member 2 (Trustee 2) wrote two different letters of the same step (commitment)" in said.err
    for again in (say("ceremony", "status", post.folder(1)), post.take(1)):
        assert (again.code, "member 2 (Trustee 2)" in again.err) == (1, True)
    assert not (post.folder(1) / "parameters.json").exists()


def test_a_bad_share_is_opened_before_everybody_and_names_who_made_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Member 2's program exchanges two sealed shares; only their recipients can notice, and then all see it."""
    from selectorate.ballot.ceremony import make

    real = make.polynomial

    def exchanged(standing: Standing, seed: bytes) -> bytes:
        found = json.loads(real(standing, seed))
        found["secrets"].reverse()
        return json.dumps(found, separators=(",", ":")).encode()

    assert post.take(1, *post.sent()).code == 0
    with monkeypatch.context() as cheating:
        cheating.setattr(make, "polynomial", exchanged)
        assert post.take(2, *post.sent()).code == 0
    assert post.take(3, *post.sent()).code == 0
    assert [post.take(number, *post.sent()).code for number in (1, 2, 3)] == [0, 0, 1]
    for number in (0, 1, 2, 3):
        said = post.take(number, *post.sent())
        assert said.code == 1
        assert "member 2 (Trustee 2) gave member 3 a bad share, which everybody can open now" in said.err
    assert not list(post.root.rglob("parameters.json"))


def test_a_seat_is_taken_once(post: Post) -> None:
    said = post.join(1)
    assert (said.code, "holds a seat already" in said.err) == (2, True)
    for number, word in (("0", "no seat 0"), ("4", "no seat 4")):
        plan = post.office / "ceremony.json"
        typed = ("--as", number, "--name", "x", "--passphrase-file", post.words)
        said = say("ceremony", "join", post.root / "other", plan, *typed)
        assert (said.code, word in said.err) == (2, True)
    assert not (post.root / "other").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b"[" * 5000, b'{"format":1}'])
def test_a_file_that_is_no_letter_or_plan_is_refused_in_a_sentence(post: Post, content: bytes) -> None:
    wrong = post.root / "wrong.json"
    wrong.write_bytes(content)
    assert post.take(1, wrong).code == 2
    typed = ("--as", "1", "--name", "x", "--passphrase-file", post.words)
    said = say("ceremony", "join", post.root / "other", wrong, *typed)
    assert (said.code, "not the plan of a ceremony" in said.err) == (2, True)


def test_a_folder_without_a_plan_is_refused(tmp_path: Path) -> None:
    assert say("ceremony", "status", tmp_path).code == 2


def test_power_may_fail_before_any_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Member 2's computer stops at each of its writes in turn; the same command goes on, and nobody is blamed."""
    post = Post(tmp_path, 2, 2)
    real, cuts = files.write, 0
    before: set[str] = set()

    def write(path: Path, *given: object, **named: object) -> None:
        nonlocal cuts
        if "member-2" in str(path.parent) and str(path) not in before:
            before.add(str(path))
            cuts += 1
            raise KeyboardInterrupt
        real(path, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "write", write)
    for number in post.members:
        while post.join(number).code == 130:
            pass
    for _ in range(6):
        for number in post.members:
            letters = post.sent(besides=number)
            while post.take(number, *letters).code == 130:
                pass
    assert cuts >= 9
    found = {(post.folder(number) / "parameters.json").read_bytes() for number in post.members}
    assert len(found) == 1
    assert all((post.folder(number) / "key.json").exists() for number in post.members)
