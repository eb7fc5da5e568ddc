"""Pages of findings: what speaks for asking and what against have the same rank; pictures and tables say the same."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta

import pytest

from selectorate.pages.findings import words
from selectorate.pages.findings.objects import Finding, Happening, Look, Tie
from selectorate.pages.findings.page import QUIET, file_name, finding_html, overview_html
from selectorate.pages.findings.text import finding_text, look_text


@pytest.fixture
def look(finding: Finding) -> Look:
    return Look(
        "Example Party", "committee", "8 February 2027", "2026-12-31", 160, 4, "ab" * 32, (finding,), 4
    )


def large(finding: Finding, homes: int) -> Finding:
    """So many homes of one or two members each, at three accounts, a telephone for every fifth and a recruiter."""
    members = [(home, member) for home in range(1, homes + 1) for member in range(1 + home % 2)]
    ties, happened = [], []
    for number, (home, _) in enumerate(members, 1):
        ties += [
            Tie(number, "home", home),
            Tie(number, "payer", 1 + home % 3),
            Tie(number, "recruiter", 1 + home % 29),
        ]
        ties += [Tie(number, "phone", 1 + home // 50)] if home % 5 == 0 else []
        day = date(2026, 5, 1) + timedelta(days=home % 150)
        happened.append(Happening(day.isoformat(), number, "join"))
    return replace(
        finding, members=len(members), homes=homes, ties=tuple(ties), happened=tuple(happened), people=()
    )


def tree(markup: bytes) -> ET.Element:
    return ET.fromstring(markup.decode().removeprefix("<!DOCTYPE html>\n"))  # noqa: S314 - our own page


def said(markup: bytes) -> str:
    body = tree(markup).find("body")
    assert body is not None
    return " ".join(" ".join(body.itertext()).split())


def table(markup: bytes, caption: str) -> list[list[str]]:
    found = next(one for one in tree(markup).iter("table") if caption in "".join(one[0].itertext()))
    return [["".join(box.itertext()) for box in row] for row in found.iter("tr")][1:]


def test_what_stands_out_and_what_does_not_fit_have_the_same_heading_and_stand_side_by_side(
    finding: Finding, look: Look
) -> None:
    pairs = [one for one in tree(finding_html(finding, look)).iter("div") if one.get("class") == "pair"]
    heads = [[(child[0].tag, child[0].text) for child in pair] for pair in pairs]
    assert heads == [
        [("h2", "What stands out"), ("h2", "What does not fit")],
        [("h2", "What innocently looks the same"), ("h2", "What would settle it")],
    ]


def test_a_page_tells_everything_that_an_officer_needs_to_ask(finding: Finding, look: Look) -> None:
    shown = said(finding_html(finding, look))
    for told in (
        "Ask now (3 of 4)", finding.sentence, "from 1 December 2026 to 2 January 2027, 33 days", finding.comparison,
        "about once in 50 looks", "They share no telephone.", "A workplace pays.", "One own payment.",
        "4 of 160 members who may vote.", "1 of 4 has answered.", "selectorate roll reply DIR",
        "about once in 200", "takes nobody off the roll", "selectorate roll explain F-01 DIR",
    ):  # fmt: skip
        assert told in shown, told


def test_pictures_name_nobody(finding: Finding, look: Look) -> None:
    whole = tree(finding_html(finding, look))
    drawn = [" ".join(one.itertext()) for one in whole.iter("svg")]
    assert any("Home 3" in text for text in drawn)
    assert any("Account 1" in text and "Telephone 1" in text for text in drawn)
    assert not [text for text in drawn if "M-000" in text]
    assert "M-00017" in said(finding_html(finding, look))


def test_every_happening_of_the_picture_stands_in_the_table_beside_it(finding: Finding, look: Look) -> None:
    """By hand from the fixture: two of home 1 joined on one day, and so on."""
    assert table(finding_html(finding, look), "Everything in the picture") == [
        ["1 December 2026", "Home 1", "joined", "2"],
        ["1 December 2026", "Home 2", "joined", "1"],
        ["2 December 2026", "Home 1", "paid for", "1"],
        ["2 December 2026", "Home 2", "paid for", "1"],
        ["30 December 2026", "Home 3", "joined", "1"],
        ["2 January 2027", "Home 3", "paid for", "1"],
    ]


def test_what_is_shared_stands_in_the_table_beside_the_picture(finding: Finding, look: Look) -> None:
    assert table(finding_html(finding, look), "what they use") == [
        ["Home 1", "2", "Account 1"],
        ["Home 2", "1", "Account 1, Telephone 1"],
        ["Home 3", "1", "Account 1, Telephone 1"],
    ]


@pytest.mark.parametrize("homes", [1, 14, 15, 32, 33, 400, 3000])
def test_a_finding_of_any_size_stays_a_page_that_opens(homes: int, finding: Finding, look: Look) -> None:
    """Shapes and bytes are bounded: the largest is four times as large as that of 33 homes at most."""
    made = finding_html(large(finding, homes), look)
    pictures = [one for one in tree(made).iter("svg") if one.get("role") == "img"]
    assert len(pictures) == 4
    for one in pictures:
        assert len(list(one.iter())) <= 260, one.get("aria-labelledby")
        assert int(one.get("viewBox", "").split()[3]) <= 760
    assert len(made) < 200_000


def test_all_homes_of_an_aggregated_picture_are_counted(finding: Finding, look: Look) -> None:
    whole = tree(finding_html(large(finding, 400), look))
    picture = next(one for one in whole.iter("svg") if "shared-1-860" in (one.get("aria-labelledby") or ""))
    texts = [one.text or "" for one in picture.iter("text")]
    boxes = [text for text in texts if re.fullmatch(r"(Home \d+|[\d,]+ (further )?homes)", text)]
    right = [
        texts[place + 1]
        for place, text in enumerate(texts)
        if re.match(r"(Account|Telephone|Recruiter) |\d+ others", text)
    ]
    left = [text for text in boxes if text not in right]
    assert (
        sum(1 if text.startswith("Home") else int(text.split()[0].replace(",", "")) for text in left) >= 400
    )


def test_a_quiet_roll_says_so_in_a_sentence(look: Look) -> None:
    quiet = replace(look, findings=(), concerned=0)
    assert QUIET in said(overview_html(quiet))
    assert "unlike the organisation's own past" in QUIET
    assert QUIET in " ".join(look_text(quiet).split())


def test_the_overview_has_the_most_urgent_first_and_leads_to_every_page(finding: Finding, look: Look) -> None:
    several = tuple(replace(finding, id=f"F-{level}", severity=level) for level in (1, 4, 2, 3))
    made = overview_html(replace(look, findings=several))
    heads = [one.text for one in tree(made).iter("h2")]
    assert heads == ["Settle before the vote", "Ask now", "Ask", "For your notice"]
    links = [one.get("href") for one in tree(made).iter("a")]
    assert links == [file_name(several[at]) for at in (1, 3, 2, 0)]


def test_the_text_of_a_finding_has_the_same_points(finding: Finding) -> None:
    told = " ".join(finding_text(finding).split())
    for point in ("[Ask now (3 of 4)]", "What stands out:", "What does not fit: - They share no telephone."):
        assert point in told
    assert "One account pays for many homes, 4 members: about once in 200 (2.30)" in told
    assert all(len(line) <= 78 for line in finding_text(finding).splitlines() if "selectorate " not in line)


@pytest.mark.parametrize(
    ("chance", "told"),
    [
        ("0.02", "about once in 50 looks"),
        ("0.0031", "about once in 300 looks"),
        ("0.7", "on most rolls of this size"),
        ("3", "about 3 such groups"),
        ("1", "about one such group"),
        ("0", "next to none"),
        ("", "not reckoned"),
        ("plenty", "not reckoned"),
    ],
)  # fmt: skip
def test_chance_is_said_as_how_often_one_looks_in_vain(chance: str, told: str) -> None:
    assert told in words.by_chance(chance)


def test_whatever_a_finding_is_called_the_page_stays_one_of_ours(finding: Finding, look: Look) -> None:
    payload = "</title></desc></text><script>alert(1)</script>"
    ties = tuple(replace(tie, kind=payload) if tie.kind == "phone" else tie for tie in finding.ties)
    happened = tuple(replace(one, what=payload) for one in finding.happened)
    hostile = replace(
        finding, id=payload, kind=payload, title=payload, chance=payload, ties=ties, happened=happened, first=payload
    )  # fmt: skip
    for made in (finding_html(hostile, look), overview_html(replace(look, findings=(hostile,)))):
        assert b"<script" not in made
        assert tree(made).tag == "html"
    assert re.fullmatch(r"finding-[A-Za-z0-9-]+[.]html", file_name(hostile))


def test_a_lowered_weight_is_told_and_a_full_one_is_not(finding: Finding, look: Look) -> None:
    assert "80 % of its weight" in said(finding_html(replace(finding, weight=800), look))
    assert "of its weight" not in said(finding_html(finding, look))


def test_a_finding_about_a_branch_has_no_list_of_members(finding: Finding, look: Look) -> None:
    branch = replace(
        finding, members=0, homes=0, people=(), ties=(), counted="joined", observed=41,
        happened=tuple(Happening("2026-12-01", 0, "join") for _ in range(41)),
    )  # fmt: skip
    shown = said(finding_html(branch, look))
    assert "41 joined" in " ".join(shown.split()) or "joined 41" in shown
    assert "Whom it concerns" not in shown
    assert "What they share" not in shown
