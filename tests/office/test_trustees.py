"""Proofs of holding, refused decryptions, word on destroyed letters: on the record, and checked there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.selection import BY, Selection, Theatre, done, mix, prove, report, say

from selectorate.log.objects import Entry, Holder
from selectorate.office import tally
from selectorate.office.store import Addition
from selectorate.office.workspace import Workspace

OPEN = ("--rankings-public", "yes")
AT = ("--at", "2027-02-20T09:00:00Z")


def failed(s: Selection) -> dict[str, str]:
    """Duty -> why, of the checks that fail."""
    return {check["duty"]: check["because"] for check in report(s.public)[1]}


def entries(s: Selection, act: str) -> list[dict[str, Any]]:
    return [entry for entry in map(json.loads, s.lines()) if entry["act"] == act]


def prepared(theatre: Theatre, *held: int) -> Selection:
    """Everything is there for opening but the proofs of the trustees that are not named."""
    s = theatre.at("ready")
    fresh = theatre.at("proved")
    for n in held:
        done("ballot", "hold", fresh.office, fresh.sent("proof", n), "--number", str(n), *AT)
    # The credential authority's list is of the same election: both copies come from one final roll.
    for name in ("authority", "candidates.toml"):
        (s.root / name).rename(fresh.root / name)
    return fresh


def test_a_proof_goes_on_the_record_with_the_trustees_name_and_number(theatre: Theatre) -> None:
    s = theatre.at("proved")
    told = json.loads(done("ballot", "hold", s.office, s.sent("proof", 2), "--number", "2", *AT, "--json"))
    assert (told["trustee"], told["name"]) == (2, "Trustee Two")
    assert json.loads(done("ballot", "hold", s.office, s.sent("proof", 1), *AT, "--json"))["trustee"] == 1
    again = json.loads(done("ballot", "hold", s.office, s.sent("proof", 2), *AT, "--json"))
    assert again["trustee"] == 2, "the place of this key's earlier proof"
    found = entries(s, "trustee.held")
    assert [(one["by"], one["data"]["trustee"]) for one in found] == [
        ([{"name": "Trustee Two", "role": "trustee"}], 2),
        ([{"name": "Trustee One", "role": "trustee"}], 1),
    ]
    public = json.loads(Path(f"{s.key(2)}.pub").read_bytes())["public_key"]
    assert found[0]["data"]["public_key"] == public
    assert report(s.public) == (0, [])


@pytest.mark.parametrize(("change", "code", "sentence"), [
    ({"response": "1"}, 1, "The proof of Trustee One does not hold: "),
    ({"size": 3}, 1, "The proof of Trustee One is not of an election of this record with its final roll."),
    ({"root": "0" * 64}, 1, "The proof of Trustee One is not of an election of this record"),
    ({"uuid": "1" * 14}, 1, "The proof of Trustee One is not of an election of this record"),
    ({"by": " "}, 2, "This is not a trustee's proof of holding a key."),
    ({"size": "7"}, 2, "This is not a trustee's proof of holding a key."),
    ({"more": "x"}, 2, "This is not a trustee's proof of holding a key."),
])  # fmt: skip
def test_a_bent_proof_is_refused(change: dict[str, Any], code: int, sentence: str, theatre: Theatre) -> None:
    s = theatre.at("proved")
    value = json.loads(s.sent("proof", 1).read_bytes()) | change
    path = s.root / "bent.json"
    path.write_text(json.dumps(value, sort_keys=True, separators=(",", ":")))
    said = say("ballot", "hold", s.office, path, *AT)
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith(sentence)
    assert not entries(s, "trustee.held")


def test_the_poll_does_not_open_until_every_trustee_proved_to_hold_the_key(theatre: Theatre) -> None:
    s = prepared(theatre, 1)
    said = say(*s.opening(*OPEN))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Not every trustee has proved to hold the key: trustee 2, trustee 3.\n")
    done("ballot", "hold", s.office, s.sent("proof", 3), "--number", "2", *AT)
    said = say(*s.opening(*OPEN))
    assert said.err.startswith(
        "Not every trustee has proved to hold the key: trustee 2 (Trustee Three proved another key), trustee 3.\n"
    )
    for n in (2, 3):
        done("ballot", "hold", s.office, s.sent("proof", n), "--number", str(n), *AT)
    done(*s.opening(*OPEN))
    assert report(s.public) == (0, []), "a proof under another number does no harm"
    said = say("ballot", "hold", s.office, s.sent("proof", 1))
    assert said.err.startswith("This cannot be done now (Taking in a proof): the poll is open.")


def test_an_office_that_opens_without_a_proof_fails_p7_alone(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = prepared(theatre, 1, 3)
    with monkeypatch.context() as patch:
        patch.setattr(tally, "demand_held", lambda *_: None)
        done(*s.opening(*OPEN))
    assert failed(s) == {"P7": "trustee 2: no proof is on the record"}


@pytest.mark.parametrize(("change", "because"), [
    ({"response": "1"}, "trustee 1: "),
    ({"size": 3}, "trustee 1: its checkpoint is not one of this record that covers the final roll"),
    ({"root": "0" * 64}, "trustee 1: its checkpoint is not one of this record that covers the final roll"),
])  # fmt: skip
def test_an_office_that_notes_a_bad_proof_fails_p7_alone(
    change: dict[str, Any], because: str, theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = prepared(theatre, 2, 3)
    value = json.loads(s.sent("proof", 1).read_bytes())
    data = {name: value[name] for name in value if name not in ("by", "group")} | {"trustee": 1} | change
    Workspace(s.office).append(Addition(Entry("trustee.held", (Holder("trustee", "Trustee One"),), data)))
    with monkeypatch.context() as patch:
        patch.setattr(tally, "demand_held", lambda *_: None)
        done(*s.opening(*OPEN))
    found = failed(s)
    assert list(found) == ["P7"]
    assert found["P7"].startswith(because)


def swapped(s: Selection, owner: int) -> Path:
    """The decryption of trustee 1 under another's number, as one that cheats could send it."""
    from selectorate.ballot import wire

    content = s.sent("decryption", 1).read_bytes().splitlines()[1]
    path = s.root / "swapped.json"
    owned = wire.encode({"owner": owner, "payload": wire.sha256_hex(content)})
    path.write_bytes(owned + b"\n" + content + b"\n")
    return path


def test_a_bad_decryption_is_named_on_the_record_and_the_tally_goes_on(theatre: Theatre) -> None:
    s = theatre.at("mixed")
    done(*s.decrypting(1))
    bad = swapped(s, 2)
    for _ in range(2):
        said = say("ballot", "take-decryption", s.office, bad)
        assert (said.code, said.out) == (1, "")
        assert said.err.startswith("The decryption of trustee 2 is faulty and was not taken in: D3: ")
    (entry,) = entries(s, "decryption.refused")
    assert entry["by"] == [{"name": "Trustee Two", "role": "trustee"}]
    assert (entry["data"]["trustee"], entry["data"]["duty"]) == (2, "D3")
    published = s.public / "documents" / "refused-2.json"
    assert published.read_bytes() == bad.read_bytes().splitlines()[1]
    assert entry["data"]["document"] == {"name": "refused-2.json", "sha256": entry["data"]["object"]}
    assert report(s.public) == (0, [])
    for n in (1, 2, 3):
        if n > 1:
            done(*s.decrypting(n))
        done("ballot", "take-decryption", s.office, s.sent("decryption", n))
    done("ballot", "result", s.office)
    assert report(s.public) == (0, [])


def test_what_is_no_decryption_is_named_but_not_published(theatre: Theatre) -> None:
    """Nobody can put text of their own into the public folder by sending a bad decryption."""
    from selectorate.ballot import wire

    s = theatre.at("mixed")
    for number, content in enumerate((
        b'{"decryption_factors":[["Vote for Elm"]],"decryption_proofs":[[]]}',
        b'{"decryption_factors":[],"decryption_proofs":[],"note":"Vote for Elm"}',
        b"Vote for Elm",
    )):  # fmt: skip
        path = s.root / f"text-{number}.json"
        owned = wire.encode({"owner": 3, "payload": wire.sha256_hex(content)})
        path.write_bytes(owned + b"\n" + content + b"\n")
        assert say("ballot", "take-decryption", s.office, path).code == 1
    assert [entry["data"]["document"] for entry in entries(s, "decryption.refused")] == [None] * 3
    assert not [name for name, data in s.files().items() if b"Vote for Elm" in data]
    assert report(s.public) == (0, [])


def test_a_trustee_that_does_not_exist_or_sends_twice_is_refused_and_not_named(theatre: Theatre) -> None:
    s = theatre.at("mixed")
    for n in (1, 2):
        done(*s.decrypting(n))
    done("ballot", "take-decryption", s.office, s.sent("decryption", 2))
    for owner, because in ((9, "there is no trustee 9"), (2, "trustee 2 has sent one already")):
        said = say("ballot", "take-decryption", s.office, swapped(s, owner))
        assert said.code == 1
        assert because in said.err
    assert not entries(s, "decryption.refused")


def test_an_office_that_refuses_a_good_decryption_fails_p8_alone(theatre: Theatre) -> None:
    from selectorate.canon import sha256

    s = theatre.at("mixed")
    done(*s.decrypting(1))
    content = s.sent("decryption", 1).read_bytes().splitlines()[1]
    workspace = Workspace(s.office)
    opened = workspace.record.find("poll.opened")
    assert opened is not None
    digest = sha256(content)
    data = {
        "uuid": opened.data["uuid"], "trustee": 1, "duty": "D3", "object": digest,
        "document": {"name": "refused-1.json", "sha256": digest},
    }  # fmt: skip
    entry = Entry("decryption.refused", (Holder("trustee", "Trustee One"),), data)
    workspace.append(Addition(entry, documents=(("refused-1.json", content),)))
    assert failed(s) == {
        "P8": "refused-1.json: the decryption of trustee 1 is sound and was refused all the same"
    }


def test_the_result_waits_for_every_single_trustee(theatre: Theatre) -> None:
    s = theatre.at("mixed")
    done(*s.decrypting(2))
    told = json.loads(done("ballot", "take-decryption", s.office, s.sent("decryption", 2), "--json"))
    assert told == {"owner": 2, "lacking": ["trustee 1", "trustee 3"]}
    said = say("ballot", "result", s.office)
    assert said.code == 2
    assert said.err.startswith(
        "The decryptions do not suffice for a result yet. Missing: trustee 1, trustee 3.\n"
    )


def test_an_office_that_takes_few_ballots_without_a_yes_fails_p9_alone(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cli.test_trustee import few

    s = few(theatre)
    done(*s.decrypting(1), "--small", "Trustee One")
    done(*s.decrypting(2), "--small", "Trustee Two")
    done("ballot", "take-decryption", s.office, s.sent("decryption", 1))
    with monkeypatch.context() as patch:
        patch.setattr(tally, "_said_small", lambda *_: ())
        done("ballot", "take-decryption", s.office, s.sent("decryption", 2))
    assert failed(s) == {"P9": "trustee 2 decrypted 3 ballots without saying yes; the floor is 10"}


def word(s: Selection, batch: str = "batch-001", letters: int | str = 40, uuid: str = "") -> Path:
    final = entries(s, "roll.final")[0]["data"]["elections"][0]["uuid"]
    path = s.root / "destroyed.json"
    path.write_text(
        json.dumps({"batch": batch, "letters": letters, "uuid": uuid or final}, separators=(",", ":"))
    )
    return path


def test_destroyed_letters_stand_on_the_record_once_and_as_a_cell(theatre: Theatre) -> None:
    s = theatre.at("polling")
    typed = ("ballot", "letters-destroyed", s.office)
    for _ in range(2):
        assert "batch-001 (40)" in done(*typed, word(s), *BY)
    assert "(fewer than 10)" in done(*typed, word(s, "replacement-001", 1), *BY)
    assert "(fewer than 10)" in done(*typed, word(s, "replacement-002", "fewer than 10"), *BY)
    assert [entry["data"]["letters"] for entry in entries(s, "letters.destroyed")] == [
        40, "fewer than 10", "fewer than 10",
    ]  # fmt: skip
    assert report(s.public) == (0, [])


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"letters": -1}, "This is not the credential authority's word on destroyed letters."),
    ({"letters": True}, "This is not the credential authority's word on destroyed letters."),
    ({"batch": ""}, "This is not the credential authority's word on destroyed letters."),
    ({"uuid": "1" * 14}, "These letters are of election 11111111111111, which is not on this record."),
])  # fmt: skip
def test_word_on_letters_that_cannot_be_used_is_refused(
    fields: dict[str, Any], sentence: str, theatre: Theatre
) -> None:
    s = theatre.at("ready")
    said = say("ballot", "letters-destroyed", s.office, word(s, **fields), *BY)
    assert (said.code, said.err.splitlines()[0]) == (2, sentence)
    assert not entries(s, "letters.destroyed")


def test_a_small_number_of_letters_fails_l8_alone(theatre: Theatre) -> None:
    s = theatre.at("ready")
    data = {"uuid": entries(s, "roll.final")[0]["data"]["elections"][0]["uuid"], "batch": "b", "letters": 3}
    Workspace(s.office).append(
        Addition(Entry("letters.destroyed", (Holder("officer", "Officer One"),), data))
    )
    assert list(failed(s)) == ["L8"]


def test_a_proof_made_again_replaces_the_first(theatre: Theatre) -> None:
    """A trustee who lost the key before opening makes another one and proves that."""
    s = prepared(theatre, 1, 2, 3)
    for path in s.key(2).parent.glob("key.json*"):
        path.unlink()
    done("trustee", "new", s.key(2), "--passphrase-file", s.words(2))
    prove(s, 2)
    done("ballot", "hold", s.office, s.sent("proof", 2), "--number", "2", *AT)
    done(*s.opening(*OPEN))
    assert report(s.public) == (0, [])


def test_mixing_needs_no_key_and_remembers_nothing(theatre: Theatre) -> None:
    s = theatre.at("closed")
    before = sorted(path.name for path in s.key(1).parent.iterdir())
    mix(s)
    assert sorted(path.name for path in s.key(1).parent.iterdir()) == sorted([*before, "shuffle.json"])
