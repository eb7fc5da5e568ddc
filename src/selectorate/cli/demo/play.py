"""The play: twelve steps from a membership list to an independently verified result.

Each seat runs its own command and keeps its own folder below DIR/people. The clock moves from act to act; all
that is signed says "demonstration". The planted operation has the size that the invented roll gives it; nothing
here is tuned to the certificate.
"""

from __future__ import annotations

import random
import shutil
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selectorate.cli.demo import judges, keys, voting
from selectorate.cli.demo.stage import SeatError, Stage
from selectorate.cli.demo.ward import Ward, find

if TYPE_CHECKING:
    from selectorate.cli.demo.people import Truth

BY = ("--by", "Officer One")
BOTH = (*BY, "--and", "Officer Two")
PASSPHRASE = b"a demonstration hides nothing\n"
CASES = ("partnership", "conduct", "conduct-again")


def play(directory: Path, ballots: Path | None, *, papers: int | None, sentinel: str | None) -> int:
    """Run all steps; 0 when the record passes. Raises SeatError where a seat's command fails."""
    from selectorate.office import files

    ward = find(ballots, files.read)
    if papers is not None:
        ward = Ward(
            f"{ward.title}, {papers} papers of it",
            ward.real,
            ward.seats,
            ward.candidates,
            ward.papers[:papers],
        )
    _clear(directory)
    stage = Stage(directory)
    click.echo(f"A selection of the Orchard League, an invented organisation. Votes: {ward.title}.")
    click.echo("One computer plays all parts, so no secrecy is claimed. Times are demonstration times.\n")
    try:
        truth = _import(stage, ward, sentinel)
        _check(stage, truth)
        _decide(stage)
        _amend(stage, truth)
        _open(stage, ward)
        voting.vote(stage, ward)
        _tally(stage)
        _count(stage)
        _certify(stage)
        _cases(stage)
        sentences, code = _verify(stage)
        _pages(stage, sentences, ward)
    except SeatError as reason:
        click.echo(f"The demonstration stopped.\n{reason}", err=True)
        return 1
    core = sum(milliseconds for _, milliseconds in stage.times[:10]) / 1000
    click.echo(f"\nSteps 1 to 10: {core:.0f} s. All of it: {sum(ms for _, ms in stage.times) / 1000:.0f} s.")
    click.echo(f"Open {stage.public / 'index.html'}   (the officer's own page: {directory / 'officer.html'})")
    click.echo(f"Verify it again: selectorate verify {stage.public}")
    return code


def _clear(directory: Path) -> None:
    """An earlier demonstration is replaced; anything else that is there is never touched."""
    from selectorate.errors import refuse
    from selectorate.log.objects import Entry

    if not directory.exists() or not any(directory.iterdir()):
        return
    entries = directory / "public" / "log" / "entries.jsonl"
    first = entries.read_bytes().split(b"\n", 1)[0] if entries.is_file() else b""
    # The same marks as a demonstration leaves: somebody's real workspace is refused, not deleted.
    if not (first and Entry.from_json(first, 0).data.get("demonstration") is True):
        raise refuse("office.not_empty", directory=directory)
    shutil.rmtree(directory)


def _import(stage: Stage, ward: Ward, sentinel: str | None) -> Truth:
    from selectorate.cli.demo.people import invent
    from selectorate.office import files

    with stage.step("Import the membership list"):
        template = (resources.files("selectorate.cli.demo") / "rulebook.toml").read_text("utf-8")
        seats = tomllib.loads(template)["contest"][0]["seats"]
        rulebook = template.replace(f"seats = {seats}", f"seats = {ward.seats}")
        files.write(stage.people / "officer" / "rulebook.toml", rulebook.encode())
        freeze = date(2026, 12, 31)
        made = invent(freeze, sentinel=sentinel)
        office = stage.people / "membership-office"
        for name, data in made.files():
            files.write(office / name, data, private=True)
        stage.seat(
            "new", stage.place, "--rulebook", stage.people / "officer" / "rulebook.toml", "--demonstration",
            *BY, "--at", "2026-12-01T09:00:00Z",
        )  # fmt: skip
        checked = stage.seat_json("roll", "check", office / "members.csv")
        stage.say(
            f"The list names a column that may not be used, and it is refused: {', '.join(checked['refuse'])}."
        )
        imported = stage.seat_json(
            "roll",
            "import",
            stage.place,
            *(office / name for name, _ in made.files()),
            *BY,
            "--at",
            "2027-01-02T09:00:00Z",
        )
        stage.say(
            f"{imported['kept']:,} members kept of {imported['rows']:,} rows, {imported['payments']:,} payments."
        )
    return made.truth


def _check(stage: Stage, truth: Truth) -> None:
    with stage.step("Check the roll: possible duplicates, findings, letters"):
        found = stage.seat_json(
            "roll", "findings", stage.place, "--answer-to", "roll@orchard.example", "--scheme", truth.employer,
            *BY, "--at", "2027-01-04T09:00:00Z",
        )  # fmt: skip
        for one in found["findings"]:
            stage.say(f"Finding ({one['urgency']}): {one['because']}")
        stage.say(
            f"{len(found['links'])} pairs of records may be one person; both are asked, nothing is merged."
        )
        named = {member for one in found["findings"] for member in one["members"]}
        alike = {
            "A family of seven": truth.family,
            "a care home": truth.care_home,
            "a student hall": truth.hall,
        }
        quiet = [who for who, members in alike.items() if not named & set(members)]
        stage.say(f"{', '.join(quiet)}: named in no finding.")
        stage.say(f"{found['letters']} letters written. A finding excludes nobody.")
        stage.seat("roll", "asked", stage.place, "--on", "2027-01-05", *BY, "--at", "2027-01-05T17:00:00Z")


def _decide(stage: Stage) -> None:
    with stage.step("Decide who may vote, by the rulebook, and freeze the roll"):
        made = stage.seat_json("roll", "freeze", stage.place, *BOTH, "--at", "2027-01-20T10:00:00Z")
        shown = ", ".join(f"{word} {number:,}" for word, number in made["outcomes"].items())
        stage.say(f"{made['members']:,} members decided by the same rules: {shown}. Reasons for each.")


def _amend(stage: Stage, truth: Truth) -> None:
    from selectorate.office import files

    with stage.step("Appeals, amendments, the final roll"):
        appealing = (*truth.in_arrears[:3], truth.too_new[0])
        for member in appealing:
            stage.seat(
                "roll",
                "appeal",
                stage.place,
                "--member",
                member,
                "--on",
                "2027-01-25",
                "--at",
                "2027-01-25T12:00:00Z",
            )
        decisions = (
            (
                "appeal-1",
                appealing[0],
                "put back",
                "E2",
                "Paid on 3 January; the receipt was seen.",
                "arrears_months = 0",
            ),
            (
                "answer-1",
                truth.no_ledger[0],
                "answered",
                "E2",
                "Showed the receipt for the year.",
                "arrears_months = 0",
            ),
        )
        for name, member, change, clause, reason, facts in decisions:
            path = stage.people / "appeals-panel" / f"{name}.toml"
            text = (
                f'[decision]\nmember = "{member}"\nchange = "{change}"\nclause = "{clause}"\n'
                f'decided_by = "Appeals panel"\non = 2027-02-05\nreason = "{reason}"\n\n[facts]\n{facts}\n'
            )
            files.write(path, text.encode(), private=True)
            stage.seat("roll", "amend", stage.place, path, *BY, "--at", "2027-02-05T15:00:00Z")
        made = stage.seat_json("roll", "final", stage.place, *BY, "--at", "2027-02-09T09:00:00Z")
        stage.say(f"One appeal succeeded and its member is back; {len(appealing) - 1} are still open.")
        stage.say(
            f"{made['electors']:,} electors on the final roll; each gets a slip that opens a sealed line."
        )


def _open(stage: Stage, ward: Ward) -> None:
    from selectorate.office import files

    with stage.step("Open the poll: trustees, credentials, candidates"):
        keys.make(stage)
        letters, post = stage.people / "credential-authority", stage.people / "post"
        electorate = stage.place / "vault" / "electorate.csv"
        typed = stage.people / "credential-authority-passphrase.txt"
        files.write(typed, PASSPHRASE, private=True)
        secret = ("--passphrase-file", typed)
        stage.seat("credentials", "make", stage.public, electorate, letters, "--per-batch", "5000", *secret)
        for batch in stage.seat_json("credentials", "status", letters)["batches"]:
            stage.seat("credentials", "letters", letters, "--batch", batch["batch"], "--to", post, *secret)
        lost = random.Random(12).sample(voting.members(post), 12)  # noqa: S311 - which letters get lost
        again = stage.seat_json("credentials", "replace", letters, *sorted(lost), *secret)["batch"]
        stage.seat("credentials", "letters", letters, "--batch", again, "--to", post, *secret)
        consents = "".join(
            f'[[candidate]]\nname = "{name}"\nconsent = 2027-01-20\n\n' for name in ward.candidates
        )
        files.write(stage.people / "officer" / "candidates.toml", consents.encode())
        command = (
            "ballot", "open", stage.place, "--credentials", letters / "for-the-officer" / "public-credentials.json",
            *keys.public_keys(stage),
            "--candidates", stage.people / "officer" / "candidates.toml", *BOTH, "--at", "2027-03-01T09:00:00Z",
        )  # fmt: skip
        stage.say(*stage.seat(*command, code=2).strip().splitlines())
        opened = stage.seat_json(*command, "--rankings-public", "yes")
        stage.say(
            f"The officers said yes, on the record. Poll {opened['uuid']} is open.",
            f"{len(lost)} lost letters were replaced before it opened.",
            "Three trustees proved on the record that they hold their keys, sealed on their own computers.",
        )


def _tally(stage: Stage) -> None:
    with stage.step("Close, mix twice, decrypt by three trustees"):
        _destroy_letters(stage)
        closed = stage.seat_json("ballot", "close", stage.place, *BOTH, "--at", "2027-03-15T20:00:00Z")
        stage.say(f"{closed['accepted']:,} ballots accepted; the poll is closed.")
        stage.say(f"All trustees saw the same end of the record: root {keys.see(stage)[:16]}…")
        for owner in (1, 2):
            out = stage.people / f"trustee-{owner}" / "shuffle.json"
            stage.seat("mix", stage.public, out, "--owner", str(owner))
            stage.seat("ballot", "take-shuffle", stage.place, out, "--at", f"2027-03-15T2{owner}:00:00Z")
        keys.decrypt(stage)
        stage.seat("ballot", "result", stage.place, "--at", "2027-03-15T23:30:00Z")
        stage.say("Two mixers and three trustees each checked the whole record before they acted.")


def _destroy_letters(stage: Stage) -> None:
    """The credential authority destroys the replacement letters after their delivery; the officer notes it."""
    letters = stage.people / "credential-authority"
    batches = [one["batch"] for one in stage.seat_json("credentials", "status", letters)["batches"]]
    (batch,) = (name for name in batches if name.startswith("replacement"))
    stage.seat("credentials", "destroy", letters, "--batch", batch, "--yes")
    word = letters / "for-the-officer" / f"destroyed-{batch}.json"
    stage.seat("ballot", "letters-destroyed", stage.place, word, *BY, "--at", "2027-03-15T12:00:00Z")
    stage.say("The replacement letters were destroyed after delivery; that is on the record.")


def _count(stage: Stage) -> None:
    with stage.step("Count by the rulebook's rule set"):
        counted = stage.seat_json("count", stage.place, *BY, "--at", "2027-03-16T09:00:00Z")
        stage.say(
            f"{counted['valid']:,} valid papers, quota {counted['quota']:,}, {len(counted['stages'])} stages."
        )
        stage.say(f"Elected: {', '.join(counted['elected'])}.")


def _certify(stage: Stage) -> None:
    with stage.step("Certify: could the doubts have changed who is elected?"):
        text = stage.seat("certify", stage.place, *BY, "--at", "2027-03-16T10:00:00Z")
        stage.say(*(line for line in text.strip().splitlines() if not line.startswith("Next:")))


def _cases(stage: Stage) -> None:
    from selectorate.office import files

    with stage.step("Decide cases by the same rulebook"):
        shown = []
        for name in CASES:
            text = (resources.files("selectorate.cli.demo") / "cases" / f"{name}.toml").read_bytes()
            path = stage.people / "officer" / f"{name}.toml"
            files.write(path, text, private=True)
            made = stage.seat_json("case", "decide", stage.place, path, *BY, "--at", "2027-03-17T10:00:00Z")
            stage.say(f"{made['cite']}: {made['outcome']} (fingerprint {made['fingerprint'][:12]}…)")
            shown.append(made)
        same = (
            shown[1]["fingerprint"] == shown[2]["fingerprint"] and shown[1]["outcome"] == shown[2]["outcome"]
        )
        stage.say(
            "The same facts under another name gave the same outcome." if same else "LIKE CASES DIFFER."
        )


def _verify(stage: Stage) -> tuple[list[str], int]:
    """Our verifier, the auditor on a sample, a foreign judge; sentences for the page, and the exit code."""
    with stage.step("Verify"):
        report = stage.seat_json("verify", stage.public)
        passed = sum(check["verdict"] == "passed" for check in report["checks"])
        own = (
            f"selectorate verify: {report['verdict']}, {passed} checks passed, on the officer's computer; "
            "do it yourself: selectorate verify public"
        )
        sentences = [own, judges.audit(stage, 200), judges.foreign(stage)]
        stage.say(*sentences)
    return sentences, 0 if report["verdict"] == "passed" else 1


def _pages(stage: Stage, sentences: list[str], ward: Ward) -> None:
    from datetime import UTC, datetime

    from selectorate.cli.story import publish
    from selectorate.office.workspace import Workspace

    with stage.step("Write the pages"):
        workspace = Workspace(stage.place, datetime(2027, 3, 17, 12, tzinfo=UTC))
        made = publish(workspace, sentences, one_computer=True, note=f"The votes are {ward.title}.")
        stage.say(f"{made.pages:,} pages, self-contained, no script.")
