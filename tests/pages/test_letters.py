"""The printed letter: a sheet for each elector, the same for everybody, with nothing that acts."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.pages.test_inert import HOSTILE, read, shape
from tests.pages.test_pages import NEVER, WORKSHOP, seen, tree

from selectorate.pages.html import clean
from selectorate.pages.letters import Poll, VotingLetter, address, letters_html

POLL = Poll(
    organisation="The Orchard League",
    question="Who should sit on the committee?",
    ranked=True,
    opens="2027-03-01",
    closes="2027-03-15",
    election="4rWTX9kTQ1mPzd",
    ask="letters@orchard.example",
    where="orchard.example/vote",
)
CODES = ("x7Kdm-Pq3vTz-9aBcD-EfGh2K", "W4WWW-W5WWWW-W6WWW-W7WWWW")
LETTERS = tuple(
    VotingLetter(f"M-0001{n}", code, (f"Member 1{n}", f"1{n} Orchard Lane", "OR17 1XX"))
    for n, code in enumerate(CODES)
)


def articles(markup: bytes) -> list[ET.Element]:
    return tree(markup).findall("body/main/article")


def words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_each_elector_has_a_sheet_with_the_own_credential_and_no_other() -> None:
    sheets = [words(one) for one in articles(letters_html(POLL, LETTERS))]
    assert len(sheets) == 2
    for sheet, one in zip(sheets, LETTERS, strict=True):
        found = re.findall(r"\w{5}-\w{6}-\w{5}-\w{6}", sheet)
        assert found == [one.credential]
        assert one.member in sheet
        assert all(line in sheet for line in one.to)


def test_a_letter_says_what_when_how_how_to_check_and_whom_to_ask() -> None:
    sheet = words(articles(letters_html(POLL, LETTERS))[0])
    for said in (
        "The Orchard League",
        "Who should sit on the committee?",
        "opens on 1 March 2027 and closes on 15 March 2027",
        "selectorate vote public --credential my-code.txt --choices my-choices.txt ballot.json",
        "best first",
        "selectorate receipt check my-receipt.json public",
        "letters@orchard.example",
        "orchard.example/vote",
        "4rWTX9kTQ1mPzd",
    ):
        assert said in sheet


def test_a_letter_says_only_what_the_record_says() -> None:
    bare = Poll("The Orchard League", "", ranked=False, opens="", closes="", election="4rWTX9kTQ1mPzd")
    sheet = words(articles(letters_html(bare, LETTERS))[0])
    assert "announces when the vote opens and closes" in sheet
    assert "best first" not in sheet
    assert "Ask the returning officer at once" in sheet
    assert "March" not in sheet


def test_two_letters_differ_in_the_persons_own_words_alone() -> None:
    """Nothing marks an elector who was asked something or is challenged: the rest is the same, byte for byte."""
    texts = [ET.tostring(one).decode() for one in articles(letters_html(POLL, LETTERS))]
    for one, n in zip(LETTERS, (0, 1), strict=True):
        for own in (one.member, *one.to):
            texts[n] = texts[n].replace(own, "OWN")
        for part in one.credential.split("-"):
            texts[n] = texts[n].replace(part, "OWN")
    assert texts[0].strip() == texts[1].strip()


def test_only_name_and_address_go_on_the_envelope() -> None:
    cells = {
        "name": "Member 17", "email": "m@orchard.example", "branch": "North", "Address 1": "17 Orchard Lane",
        "address_2": "", "weight": "2", "postcode": "'+17 1XX", "status": "asked", "locality": " Pippin\nGreen ",
    }  # fmt: skip
    assert address(cells.items()) == ("Member 17", "17 Orchard Lane", "+17 1XX", "Pippin", "Green")


def test_the_page_loads_nothing_and_every_word_can_be_read() -> None:
    markup = letters_html(POLL, LETTERS)
    text = markup.decode()
    assert "default-src 'none'" in text
    assert not re.search(r"<(script|link|img|iframe|object)\b|url\(|@import|https?:", text)
    said = seen(markup).casefold()
    for word in (*WORKSHOP, *NEVER):
        assert not re.search(rf"\b{word}", said), word


@pytest.mark.parametrize("payload", HOSTILE)
def test_every_text_of_a_letter_is_inert(payload: str) -> None:
    poll = Poll(
        POLL.organisation + payload, POLL.question + payload, True, payload, payload, POLL.election + payload,
        payload, payload,
    )  # fmt: skip
    bent = [
        VotingLetter(one.member + payload, CODES[0], tuple(x + payload for x in one.to)) for one in LETTERS
    ]
    found, honest = read(letters_html(poll, bent)), read(letters_html(POLL, LETTERS))
    assert shape(found) == shape(honest)
    assert clean(payload) in "".join(found.text)
    for _, attributes in found.tags:
        assert not any(name.startswith("on") or name in ("style", "href", "src") for name in attributes)


def test_the_same_letters_are_the_same_bytes() -> None:
    assert letters_html(POLL, LETTERS) == letters_html(POLL, list(LETTERS))


@pytest.mark.slow
def test_every_letter_fits_on_one_sheet_even_with_the_longest_words(tmp_path: Path) -> None:
    """Printed by a browser: as many pages as letters, with an organisation of 200 characters, a question of 300
    and an address of seven lines."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("no browser on this computer")
    poll = Poll(
        "The Orchard League of Many Words " * 6, "Who should sit on the committee of long names? " * 6, True,
        POLL.opens, POLL.closes, POLL.election, "the letters desk, letters@orchard.example, Orchard Lane 1", "x" * 60,
    )  # fmt: skip
    wide = VotingLetter("M-00012", "WWWWW-WWWWWW-WWWWW-WWWWWW", tuple(f"Line {n} of it" for n in range(7)))
    (tmp_path / "letters.html").write_bytes(letters_html(poll, (*LETTERS, wide)))
    printed = tmp_path / "letters.pdf"
    options = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--print-to-pdf={printed}",
    )
    done = subprocess.run(
        [browser, *options, (tmp_path / "letters.html").as_uri()],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert printed.exists(), done.stderr.decode("utf-8", "replace")
    assert len(re.findall(rb"/Type /Page\b", printed.read_bytes())) == 3
