"""What holds for every page, read from its bytes."""

from __future__ import annotations

import dataclasses
import itertools
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from selectorate.pages import style
from selectorate.pages.objects import (
    Custody,
    Doubt,
    Holder,
    OfficerStory,
    PublicStory,
    Tracker,
    Word,
)
from selectorate.pages.officer import officer_html
from selectorate.pages.public import index_html
from selectorate.pages.trackers import tracker_pages

# architecture, "Words": what pages for members never say; attacks, wording rules; roll, severity.
WORKSHOP = ("duty", "duties", "dialect", "commitment", "commitments", "root", "bound")
NEVER = ("fraud", "fake", "guilty", "unhackable", "anonymous", "blockchain", "coercion-proof", "hack")


@pytest.fixture
def pages(public_story: PublicStory, officer_story: OfficerStory) -> dict[str, bytes]:
    every = {"index": index_html(public_story), "officer": officer_html(officer_story)}
    trackers = [Tracker(f"{start}{'x' * 41}", place) for place, start in enumerate(("kA", "kB", "/+"), 1)]
    return every | {f"trackers/{name}": made for name, made in tracker_pages(trackers).items()}


def tree(markup: bytes) -> ET.Element:
    """The page as XML (ours are well-formed as both); nothing of it is from outside."""
    return ET.fromstring(markup.decode().removeprefix("<!DOCTYPE html>\n"))  # noqa: S314


def seen(markup: bytes) -> str:
    """All words a reader meets, on screen or read aloud, without the style sheet."""
    whole = tree(markup)
    texts = [whole.findtext("head/title") or "", *(whole.find("body") or whole).itertext()]
    labels = [one.get(name, "") for one in whole.iter() for name in ("aria-label", "title", "data-label")]
    return " ".join([*texts, *labels])


def test_every_page_is_well_formed(pages: dict[str, bytes]) -> None:
    for markup in pages.values():
        assert tree(markup).tag == "html"


def test_pages_have_no_script_and_no_address_outside(pages: dict[str, bytes]) -> None:
    for name, markup in pages.items():
        text = markup.decode()
        assert not re.search(r"<(script|iframe|object|embed|form|input|base|link|img)\b", text), name
        assert not re.search(r"https?:|url\(|@import|srcset", text), name
        for one in tree(markup).iter():
            assert not any(attribute.startswith("on") or attribute == "style" for attribute in one.attrib)


def test_every_page_carries_the_policy_before_anything_else_could_load(pages: dict[str, bytes]) -> None:
    for markup in pages.values():
        head = tree(markup).find("head")
        assert head is not None
        policy = head[1]
        assert policy.get("http-equiv") == "Content-Security-Policy"
        assert (policy.get("content") or "").startswith(
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        )


def test_pages_say_their_language_and_direction(public_story: PublicStory) -> None:
    whole = tree(index_html(dataclasses.replace(public_story, language="ar", direction="rtl")))
    assert (whole.get("lang"), whole.get("dir")) == ("ar", "rtl")


def test_the_style_knows_no_left_and_right() -> None:
    for sheet in (style.BASE, style.PUBLIC, style.TRACKERS, style.OFFICER):
        assert not re.search(r"\b(left|right|margin-top|padding-(left|right)|border-(left|right))\b", sheet)


def test_same_story_same_bytes(public_story: PublicStory, officer_story: OfficerStory) -> None:
    assert index_html(public_story) == index_html(dataclasses.replace(public_story))
    assert officer_html(officer_story) == officer_html(dataclasses.replace(officer_story))


def test_the_bytes_do_not_hang_on_the_hash_seed(repository: Path) -> None:
    program = (
        "from selectorate.pages.trackers import tracker_pages; from selectorate.pages.objects import "
        "Tracker;import hashlib; p = tracker_pages([Tracker(c + 'x' * 42, i) for i, c in "
        "enumerate('zaZ9+/')]);print(hashlib.sha256(b''.join(k.encode() + v for k, v in "
        "p.items())).hexdigest())"
    )
    shown = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(repository / "src")},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(shown) == 1


def test_words_members_never_see(pages: dict[str, bytes]) -> None:
    for name, markup in pages.items():
        if name != "officer":
            words = set(re.findall(r"[a-z-]+", seen(markup).lower()))
            assert not words & set(WORKSHOP), name


def test_words_no_page_ever_says(pages: dict[str, bytes]) -> None:
    for name, markup in pages.items():
        assert not [word for word in NEVER if word in seen(markup).lower()], name


def test_headings_are_in_order(pages: dict[str, bytes]) -> None:
    for name, markup in pages.items():
        levels = [int(one.tag[1]) for one in tree(markup).iter() if re.fullmatch("h[1-6]", one.tag)]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), name


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(pages: dict[str, bytes]) -> None:
    for name, markup in pages.items():
        for table in tree(markup).iter("table"):
            assert "".join(table[0].itertext()).strip() and table[0].tag == "caption", name
            assert all(cell.get("scope") in {"row", "col"} for cell in table.iter("th")), name
            assert all("".join(cell.itertext()).strip() for cell in table.iter("th")), name


def test_every_row_of_a_table_has_as_many_cells_as_its_head(pages: dict[str, bytes]) -> None:
    for name, markup in pages.items():
        for table in tree(markup).iter("table"):
            assert len({len(row) for row in table.iter("tr")}) == 1, name


def test_ids_are_unique_and_every_inner_link_arrives(pages: dict[str, bytes]) -> None:
    for name, markup in pages.items():
        whole = tree(markup)
        ids = [one.get("id") for one in whole.iter() if one.get("id")]
        assert len(ids) == len(set(ids)), name
        for one in whole.iter("a"):
            address = one.get("href", "")
            if address.startswith("#"):
                assert address[1:] in ids, (name, address)
        for one in whole.iter():
            for attribute in ("aria-labelledby", "aria-describedby"):
                assert set((one.get(attribute) or "").split()) <= set(ids), name


def test_every_picture_has_a_title_and_a_description_or_a_row_that_says_the_same(
    pages: dict[str, bytes],
) -> None:
    pictures = 0
    for name, markup in pages.items():
        for one in tree(markup).iter("svg"):
            if one.get("aria-hidden") == "true":
                continue
            pictures += 1
            assert one.get("role") == "img", name
            assert (one[0].tag, one[1].tag) == ("title", "desc"), name
            assert one[0].text and one[1].text, name
    assert pictures == 8, "count, doubts and two of one finding, each for wide and narrow screens"


@pytest.mark.parametrize("palette", [style.LIGHT, style.DARK], ids=["light", "dark"])
def test_colours_have_enough_contrast(palette: dict[str, str]) -> None:
    """WCAG 2.2, 1.4.3 (4.5 for text) and 1.4.11 (3 for pictures); formula of its contrast ratio."""
    for pairs, least in ((style.TEXT_PAIRS, 4.5), (style.PICTURE_PAIRS, 3.0)):
        for one, other in pairs:
            bright, dim = sorted((_luminance(palette[one]), _luminance(palette[other])), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= least, (one, other)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_who_was_elected_stands_before_any_other_answer(public_story: PublicStory) -> None:
    shown = seen(index_html(public_story))
    places = [
        shown.index(words)
        for words in (
            "Elected",
            "Alder",
            "The members elected",
            "How many voted, and",
            "How many were left out",
            "How many are in doubt",
            "Step by step",
            "Votes after each stage",
            "No foreign judge was found",
            "That these votes are secret",
            "Requests and complaints",
            "selectorate verify public",
        )
    ]
    assert places == sorted(places)


def test_the_lead_says_how_many_and_who(public_story: PublicStory) -> None:
    whole = tree(index_html(public_story))
    lead = next("".join(one.itertext()) for one in whole.iter("p") if one.get("class") == "lead")
    assert lead == (
        "The members elected Alder and Beech. 103 of the 160 people who could vote did so (64.4%). 100 "
        "valid papers were counted in 3 stages under Scottish STV for 2 places."
    )


def test_the_sheet_shows_every_figure_and_every_stage_adds_up_to_the_valid_papers(
    public_story: PublicStory,
) -> None:
    whole = tree(index_html(public_story))
    table = next(one for one in whole.iter("table") if one.get("class") == "sheet")
    rows = {
        "".join(row[0].itertext()): ["".join(box.itertext()) for box in row[1:]] for row in table.iter("tr")
    }
    assert rows["Alder"] == ["✓ 40.0", "34.0", "34.0"]
    assert rows["Beech"] == ["30.0", "33.0", "✓ 39.0"]
    assert rows["Cedar"] == ["20.0", "22.4", "25.4"]
    assert rows["Elm"] == ["10.0", "10.0", "–"]
    assert rows["Passed to nobody"] == ["0.0", "0.6", "1.6"]
    assert rows["Total"] == ["100.0", "100.0", "100.0"]


def test_a_demonstration_on_one_computer_claims_no_secrecy(public_story: PublicStory) -> None:
    shown = seen(index_html(public_story))
    assert "One computer plays all parts and claims no secrecy" in shown
    assert "My vote is secret" not in shown
    held = dataclasses.replace(public_story.custody, one_computer=False)
    apart = seen(index_html(dataclasses.replace(public_story, custody=held, demonstration=False)))
    assert "My vote is secret" in apart
    assert "This is a demonstration" not in apart


def test_a_person_with_several_parts_counts_as_one(public_story: PublicStory) -> None:
    custody = Custody(
        (Holder("trustee", "Member 1"), Holder("mixer", "Member 1"), Holder("trustee", "Member 2")), 2, False
    )
    shown = seen(index_html(dataclasses.replace(public_story, custody=custody)))
    assert "There were 2 trustees (all are needed to open the votes), 1 mixer, no outside witness" in shown
    assert "2 persons in all. 1 person holds more than one part and count once." in shown


@pytest.mark.parametrize(
    ("word", "doubt", "says"),
    [
        ("certified", Doubt(10, 0, 12, None, "certified"), "the same people are elected. This is proved."),
        ("not certified", Doubt(20, 10, 3, 140, "not certified"), "Nobody is unseated by it."),
        ("could change", Doubt(20, 10, 3, 14, "could change", ("Elm",)), "Whether they did, nobody knows."),
    ],
)
def test_each_word_of_the_certificate_is_explained(
    word: Word, doubt: Doubt, says: str, public_story: PublicStory
) -> None:
    shown = seen(index_html(dataclasses.replace(public_story, doubt=doubt)))
    assert f"{word.capitalize()}." in shown
    assert says in shown


def test_an_outcome_that_is_not_certified_is_named_among_what_is_not_claimed(
    public_story: PublicStory,
) -> None:
    shown = seen(index_html(public_story))
    assert "That the outcome is safe whatever the people in doubt voted." in shown
    proved = Doubt(10, 0, 12, None, "certified")
    assert "That the outcome is safe" not in seen(index_html(dataclasses.replace(public_story, doubt=proved)))


def test_a_page_for_a_poll_where_nobody_stood_still_reads(public_story: PublicStory) -> None:
    sheet = dataclasses.replace(public_story.sheet, candidates=(), stages=(), elected=())
    bare = dataclasses.replace(
        public_story,
        sheet=sheet,
        elected=(),
        left_out=(),
        cases=(),
        files=(),
        commands=(),
        timetable=(),
        checked=(),
        custody=Custody((), 0, False),
        doubt=Doubt(0, 0, 0, None, "certified"),
        put_back=0,
    )
    assert "Nobody was elected" in seen(index_html(bare))


def test_the_widest_contest_allowed_is_drawn(public_story: PublicStory) -> None:
    """30 candidates, 29 stages: the most the rulebook lint lets through."""
    names = tuple(f"Tree {place:02}" for place in range(30))
    stages = tuple(
        dataclasses.replace(
            public_story.sheet.stages[0],
            number=number,
            act="first preferences" if number == 1 else f"exclude {names[number - 2]}",
            tallies=tuple(
                (name, "0.0" if place < number - 1 else "10.0") for place, name in enumerate(names)
            ),
            elected=(),
        )
        for number in range(1, 30)
    )
    sheet = dataclasses.replace(public_story.sheet, candidates=names, stages=stages, elected=names[29:])
    whole = tree(index_html(dataclasses.replace(public_story, sheet=sheet, elected=names[29:])))
    drawn = [one for one in whole.iter("svg") if "count-wide" in (one.get("aria-labelledby") or "")]
    assert len(list(drawn[0].iter("rect"))) == sum(30 - number + 1 for number in range(1, 30))


def test_a_finding_shows_its_other_side(officer_story: OfficerStory) -> None:
    shown = seen(officer_html(officer_story))
    for words in (
        "What innocently looks the same",
        "A workplace pays.",
        "What does not fit",
        "They share no telephone.",
        "What would settle it",
        "One own payment.",
        "Ask now",
        "No finding takes anybody off the roll",
    ):
        assert words in shown


def test_an_account_that_does_not_balance_says_by_how_much(officer_story: OfficerStory) -> None:
    assert "103 = 100 + 2 + 1. It balances." in seen(officer_html(officer_story))
    wrong = dataclasses.replace(officer_story.account, accepted=110)
    shown = seen(officer_html(dataclasses.replace(officer_story, account=wrong)))
    assert "110 = 103 + 4 is off by 3. Do not declare before this is explained." in shown
