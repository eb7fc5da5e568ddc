"""Electors' devices: encrypt, sign, send. Some vote twice, some spoil their paper, some never vote."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

from selectorate.cli.elector import open_poll

if TYPE_CHECKING:
    from selectorate.cli.demo.stage import Stage
    from selectorate.cli.demo.ward import Ward

BLANK, INVALID, TWICE = 5, 3, 150
CHUNK = 512


def members(letters: Path) -> list[str]:
    """The members' numbers in the authority's letters."""
    return list(_credentials(letters))


def vote(stage: Stage, ward: Ward) -> None:
    """Cast the ward's papers, five blank and three invalid ones, with 150 second thoughts."""
    from selectorate.ballot import make, papers
    from selectorate.office import files

    with stage.step("Vote: devices encrypt and sign, the office accepts"):
        setup, parameters = open_poll(stage.public)
        answers = parameters.questions[0].answers
        credentials = _credentials(stage.people / "post")
        draw = random.Random(3)  # noqa: S311 - who votes how in a demonstration is no secret
        chosen = [_ranks(ward, answers, paper) for paper in ward.papers]
        chosen += [(0,) * len(answers)] * BLANK + [_spoilt(len(answers), kind) for kind in range(INVALID)]
        voters = draw.sample(sorted(credentials), len(chosen))
        draw.shuffle(chosen)
        first = _own_story(stage, voters[0], credentials, ward)
        early = [
            (voters[number], draw.choice(chosen))
            for number in draw.sample(range(1, len(voters)), min(TWICE, len(voters) // 8))
        ]
        final = list(zip(voters, chosen, strict=True))
        casts = early + final[1:]
        sent = stage.people / "electors" / "ballots.jsonl"
        lines = [first]
        for start in range(0, len(casts), CHUNK):
            part = casts[start : start + CHUNK]
            choices = [papers.choice_text((ranks,), parameters.questions) for _, ranks in part]
            lines += make.ballots(setup, [credentials[voter][-1] for voter, _ in part], choices)
        lines.append(_again(stage, voters[0], credentials, final[0][1], answers))
        files.write(sent, b"".join(line + b"\n" for line in lines))
        told = stage.seat("ballot", "accept", stage.place, sent, "--json", "--at", "2027-03-14T12:00:00Z")
        receipts = told.encode()
        files.write(stage.people / "electors" / "receipts.jsonl", receipts, private=True)
        accepted = [json.loads(line) for line in receipts.splitlines()]
        files.write(
            stage.people / "electors" / "first" / "receipt.json", receipts.splitlines()[-1], private=True
        )
        stage.say(
            f"{len(accepted):,} ballots accepted, each with a receipt; "
            f"{len(early) + 1} of them are replaced by a later one."
        )
        _lost_letter_is_void(stage, credentials, setup, parameters)


def _own_story(stage: Stage, voter: str, credentials: dict[str, list[str]], ward: Ward) -> bytes:
    """One elector does it by the commands that every elector has."""
    from selectorate.office import files

    own = stage.people / "electors" / "first"
    files.write(own / "credential.txt", credentials[voter][-1].encode(), private=True)
    slips = json.loads((stage.place / "vault" / "slips.json").read_bytes())
    files.write(own / "slip.json", slips[voter].encode(), private=True)
    stage.seat("slip", "check", own / "slip.json", stage.public)
    files.write(own / "choices.txt", "\n".join(ward.candidates[:2]).encode(), private=True)
    stage.seat(
        "vote",
        stage.public,
        "--credential",
        own / "credential.txt",
        "--choices",
        own / "choices.txt",
        own / "ballot-1.json",
    )
    return (own / "ballot-1.json").read_bytes()


def _again(
    stage: Stage,
    voter: str,
    credentials: dict[str, list[str]],
    ranks: tuple[int, ...],
    answers: tuple[str, ...],
) -> bytes:
    """The same elector's second thought, encrypted on another device."""
    from selectorate.ballot import make, papers

    setup, parameters = open_poll(stage.public)
    choice = papers.choice_text((ranks,), parameters.questions)
    (ballot,) = make.ballots(setup, [credentials[voter][-1]], [choice])
    return ballot


def _lost_letter_is_void(
    stage: Stage, credentials: dict[str, list[str]], setup: object, parameters: object
) -> None:
    """Whoever finds a replaced letter cannot vote with it."""
    from selectorate.ballot import make
    from selectorate.ballot.objects import Setup
    from selectorate.office import files

    replaced = next((both for both in credentials.values() if len(both) > 1), None)
    if replaced is None or not isinstance(setup, Setup):
        return
    width = len(parameters.questions[0].answers)  # type: ignore[attr-defined]
    (ballot,) = make.ballots(setup, [replaced[0]], [json.dumps([[0] * width])])
    path = stage.people / "electors" / "found-letter-ballot.json"
    files.write(path, ballot)
    stage.seat("ballot", "accept", stage.place, path, "--at", "2027-03-14T13:00:00Z", code=1)
    stage.say("A ballot made with a letter that had been replaced was refused.")


def _ranks(ward: Ward, answers: tuple[str, ...], paper: tuple[int, ...]) -> tuple[int, ...]:
    """A paper of the ward as one rank per answer of the question, whose order came from the seed."""
    rank = {ward.candidates[place]: number for number, place in enumerate(paper, 1)}
    return tuple(rank.get(name, 0) for name in answers)


def _spoilt(width: int, kind: int) -> tuple[int, ...]:
    """Papers no rule set can read: two first preferences, a gap, ranks that begin at two."""
    marks = ((1, 1), (1, 3), (2, 3))[kind % 3]
    return (*marks, *(0,) * (width - 2))


def _credentials(letters: Path) -> dict[str, list[str]]:
    """Member -> private credentials from the letters: the first one, and the replacement where there is one."""
    found: dict[str, list[str]] = {}
    for pattern in ("batch-[0-9]*.csv", "batch-replacement-*.csv"):
        for path in sorted(letters.glob(pattern)):
            with path.open(newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    found.setdefault(row["member"], []).append(row["credential"])
    return found
