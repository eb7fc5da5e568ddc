"""A threshold group of three holds the key: two of them are enough, and one who cheats is named and passed over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.selection import BOTH, Selection, Theatre, done, mix, report, say
from tests.office.test_trustees import entries, prepared

from selectorate.office import sealed


@pytest.fixture
def group(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> Selection:
    """Three members made one key by letters, each in an own folder, and proved to hold their parts."""
    monkeypatch.setattr(sealed.seal, "__defaults__", (sealed.SMALLEST,))
    s = prepared(theatre)
    for n in (1, 2, 3):
        for path in s.key(n).parent.glob("key.json*"):
            path.unlink()
    uuid = entries(s, "roll.final")[0]["data"]["elections"][0]["uuid"]
    plan = s.root / "plan"
    done("ceremony", "new", plan, "--members", "3", "--threshold", "2", "--uuid", uuid)
    for n in (1, 2, 3):
        seat = ("--as", str(n), "--name", f"Trustee {n}", "--passphrase-file", s.words(n))
        done("ceremony", "join", folder(s, n), plan / "ceremony.json", *seat)
    for _ in range(4):
        letters = [path for n in (1, 2, 3) for path in sorted((folder(s, n) / "send").glob("*.json"))]
        for n in (1, 2, 3):
            done("ceremony", "take", folder(s, n), *letters, "--passphrase-file", s.words(n))
    for n in (1, 2, 3):
        done("trustee", "prove", *unlock(s, n), "--by", f"Trustee {n}", s.public, s.sent("proof", n))
        done(
            "ballot", "hold", s.office, s.sent("proof", n), "--number", str(n), "--at", "2027-02-20T09:00:00Z"
        )
    opening = [part for part in s.opening("--rankings-public", "yes") if part != "--trustee"]
    opening = [part for part in opening if not str(part).endswith("key.json.pub")]
    done(*opening, "--trustee", folder(s, 1) / "parameters.json")
    return s


def folder(s: Selection, number: int) -> Path:
    return s.root / f"trustee-{number}" / "part"


def unlock(s: Selection, number: int) -> tuple[str | Path, ...]:
    return ("--key", folder(s, number) / "key.json", "--passphrase-file", s.words(number))


def test_two_of_three_are_enough_and_a_bad_one_is_named_and_left_out(group: Selection) -> None:
    s = group
    assert report(s.public) == (0, [])
    lines = s.ballots({f"M-{n:05}": (1, 2, 3, 4) for n in range(1, 13)})
    (s.root / "ballots.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    done("ballot", "accept", s.office, s.root / "ballots.jsonl", "--at", "2027-03-14T09:00:00Z")
    done("ballot", "close", s.office, *BOTH, "--at", "2027-03-15T20:00:00Z")
    for n in (1, 2, 3):
        done("trustee", "see", "--key", folder(s, n) / "key.json", s.public)
    mix(s)
    for n in (1, 3):
        done("trustee", "decrypt", *unlock(s, n), s.public, s.sent("decryption", n))
    # Trustee 2 sends the decryption of trustee 1 as an own one.
    from tests.office.test_trustees import swapped

    assert say("ballot", "take-decryption", s.office, swapped(s, 2)).code == 1
    told = json.loads(done("ballot", "take-decryption", s.office, s.sent("decryption", 1), "--json"))
    assert told == {"owner": 1, "lacking": ["1 more of the trustees 1 to 3"]}
    assert say("ballot", "result", s.office).code == 2
    told = json.loads(done("ballot", "take-decryption", s.office, s.sent("decryption", 3), "--json"))
    assert told == {"owner": 3, "lacking": []}
    done("ballot", "result", s.office)
    assert [entry["data"]["trustee"] for entry in entries(s, "decryption.refused")] == [2]
    assert report(s.public) == (0, [])
