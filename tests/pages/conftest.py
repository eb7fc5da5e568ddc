"""Stories of an invented party, small enough to check by hand.

The count: 100 papers, 2 seats, quota 34. Alder 40, Beech 30, Cedar 20, Elm 10. Alder is elected with 6 over;
they pass on at 6/40 a paper: 20 papers to Beech (3.0), 16 to Cedar (2.4), 4 to nobody (0.6). Elm goes out:
6 to Beech, 3 to Cedar, 1 to nobody; Beech stands at 39.0 and is elected.
"""

from __future__ import annotations

import pytest

from selectorate.pages.findings.objects import Finding, Happening, Part, Person, Step, Tie
from selectorate.pages.objects import (
    BallotAccount,
    CaseLine,
    ClauseLine,
    Command,
    CountSheet,
    Custody,
    Doubt,
    Holder,
    LeftOut,
    Letter,
    Moment,
    OfficerStory,
    PossiblePair,
    PublicFile,
    PublicStory,
    Stage,
    Turnout,
)

STAGES = (
    Stage(
        1,
        "first preferences",
        (("Alder", "40.0"), ("Beech", "30.0"), ("Cedar", "20.0"), ("Elm", "10.0")),
        "0.0",
        ("Alder",),
    ),
    Stage(
        2, "surplus Alder", (("Alder", "34.0"), ("Beech", "33.0"), ("Cedar", "22.4"), ("Elm", "10.0")), "0.6"
    ),
    Stage(
        3,
        "exclude Elm",
        (("Alder", "34.0"), ("Beech", "39.0"), ("Cedar", "25.4"), ("Elm", "0.0")),
        "1.6",
        ("Beech",),
    ),
)


@pytest.fixture
def sheet() -> CountSheet:
    return CountSheet(
        "scottish-stv",
        "Scottish STV",
        "the order of 2011, rules 45 to 52",
        2,
        "34",
        ("Elm", "Alder", "Cedar", "Beech"),
        STAGES,
        ("Alder", "Beech"),
        ("At stage 3 no tie had to be resolved.",),
    )


@pytest.fixture
def public_story(sheet: CountSheet) -> PublicStory:
    return PublicStory(
        organisation="Example Party",
        contest="Committee 2027",
        question="Who should sit on the committee?",
        demonstration=True,
        timetable=(Moment("Voting opened", "1 March 2027"), Moment("Voting closed", "15 March 2027")),
        elected=("Alder", "Beech"),
        turnout=Turnout(160, 103, 103, 2, 1, 4),
        left_out=(
            LeftOut("E1", "Rule 4.2", "Joined six months before the freeze date.", 12),
            LeftOut("E2", "Rule 4.3", "Owes no more than three months.", "fewer than 10"),
        ),
        doubt=Doubt(20, 10, 3, 14, "not certified", ("Alder", "Cedar")),
        sheet=sheet,
        custody=Custody(
            (
                Holder("returning officer", "Officer One"),
                Holder("trustee", "Member 11"),
                Holder("trustee", "Member 12"),
                Holder("mixer", "Member 11"),
            ),
            needed=2,
            one_computer=True,
            rankings_public=True,
            patterns="64",
        ),
        checked=("Checked on the officer’s computer at 15 March 2027.", "No foreign judge was found."),
        cases=(
            CaseLine("P1", "partnership", "Rule 15.4", "accept", "ab" * 32),
            CaseLine("C1", "conduct", "Rule 12", "warning", "cd" * 32, "the appeal body found otherwise"),
        ),
        files=(PublicFile("documents/sheet.json", "The count sheet"),),
        commands=(Command("Does everything hold?", "selectorate verify public"),),
        record_key="record.example/one+8f2c11aa+AcT1ppO0",
        origin="record.example/one",
        published="15 March 2027, 21:45 UTC",
        put_back="fewer than 10",
        note="The ballots were made up.",
    )


@pytest.fixture
def finding() -> Finding:
    return Finding(
        id="F-01",
        kind="one payer, many households",
        title="Three households were paid for by one account",
        severity=3,
        sentence="4 members from 3 homes were paid for by one account within 2 days.",
        members=4,
        homes=3,
        branch="North",
        first="2026-12-01",
        last="2027-01-02",
        observed=3,
        comparison="In the last 4 years no account paid for more than 1 home.",
        past=(("2025", 1), ("2026", 3)),
        lookalikes=("A workplace pays.",),
        against=("They share no telephone.",),
        settle=("One own payment.",),
        happened=(
            Happening("2026-12-01", 1, "join"),
            Happening("2026-12-01", 2, "join"),
            Happening("2026-12-02", 1, "payment"),
            Happening("2026-12-01", 3, "join"),
            Happening("2026-12-02", 3, "payment"),
            Happening("2026-12-30", 4, "join"),
            Happening("2027-01-02", 4, "payment"),
        ),
        ties=(
            *(Tie(member, "home", home) for member, home in ((1, 1), (2, 1), (3, 2), (4, 3))),
            *(Tie(member, "payer", 1) for member in (1, 2, 3, 4)),
            *(Tie(member, "phone", 1) for member in (3, 4)),
        ),
        people=tuple(Person(f"M-{number:05}") for number in (17, 18, 19, 20)),
        parts=(Part("One account pays for many homes", 2300, 4),),
        chance="0.02",
        matters="4 of 160 members who may vote.",
        answers="1 of 4 has answered.",
        steps=(Step("Note every answer.", "selectorate roll reply DIR"),),
    )


@pytest.fixture
def officer_story(finding: Finding) -> OfficerStory:
    return OfficerStory(
        organisation="Example Party",
        contest="Committee 2027",
        demonstration=True,
        made="8 February 2027",
        findings=(finding,),
        letters=(
            Letter("M-00017", "F-01", "5 January 2027", "showed a payment", "letters/M-00017.txt"),
            Letter("M-00018", "F-01", "", ""),
        ),
        pairs=(PossiblePair("M-00017", "M-00099", "same e-mail", "two persons (Officer One)"),),
        account=BallotAccount(160, 3, 107, 4, 103, 2, 1, 100),
        clauses=(ClauseLine("E1", "Rule 4.2", "Joined six months before.", 150, 12, 3),),
        amendments=("M-00412 put back: E2 is met.",),
    )
