"""Whatever stands in a story, pages stay what we made them: the same elements, nothing that acts."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from selectorate.canon import Check, Report
from selectorate.pages import terminal
from selectorate.pages.html import clean, link, page, tag
from selectorate.pages.objects import CountSheet, OfficerStory, PublicStory, Tracker
from selectorate.pages.officer import officer_html
from selectorate.pages.public import index_html
from selectorate.pages.trackers import tracker_pages

# After the OWASP filter evasion sheet: each breaks out of another context.
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><svg onload=alert(1)>",
    "</title></desc></text><a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "//evil.example/x",
    "&#60;script&#62;&lt;b&gt;",
    "<!-- ]]> <![CDATA[ <?x ?>",
    "\u202etxt.exe\u2066\x00\x1b[2J\x9b31m\ud800",
    "{0} %s ${x} {{x}}",
)
KEPT = frozenset(
    {"word", "direction", "what", "kind", "severity", "quota", "non_transferable", "day", "language"}
)
ALLOWED = re.findall(
    r"\w+",
    """
    html head meta title style body a abbr article b bdi br caption code dd desc details div dl dt figcaption
    figure footer h1 h2 h3 h4 header li line main nav ol p path pre rect circle section span summary svg table
    tbody td text tfoot th thead tr ul""",
)


class Elements(HTMLParser):
    """Every start tag with its attributes, and all text, as a browser's parser would meet them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(markup: bytes) -> Elements:
    found = Elements()
    found.feed(markup.decode())
    found.close()
    return found


def poisoned(value: Any, payload: str, field: str = "") -> Any:
    """The value with the payload after every text, but for votes, days and words of a closed list."""
    if isinstance(value, str):
        number = value.replace(".", "").isdecimal()
        kept = field in KEPT or number or value in {"", "first preferences"}
        return value if kept else value + payload
    if isinstance(value, tuple):
        return tuple(poisoned(part, payload, field) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {
            one.name: poisoned(getattr(value, one.name), payload, one.name)
            for one in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **changed)
    return value


def shape(found: Elements) -> list[str]:
    """The elements in order; a link that lost its address counts as the span it becomes."""
    return ["span" if tag == "a" else tag for tag, _ in found.tags]


@pytest.mark.parametrize("payload", HOSTILE)
def test_every_text_from_outside_is_inert(
    payload: str, public_story: PublicStory, officer_story: OfficerStory
) -> None:
    pages = [
        (index_html(public_story), index_html(poisoned(public_story, payload))),
        (officer_html(officer_story), officer_html(poisoned(officer_story, payload))),
    ]
    trackers = [Tracker("kA" + "x" * 41, 1), Tracker("kB" + "y" * 41, 2, True)]
    bad = [Tracker(one.tracker + payload, one.position, one.replaced) for one in trackers]
    pages += zip(tracker_pages(trackers).values(), tracker_pages(bad).values(), strict=True)
    for honest, hostile in pages:
        found = read(hostile)
        assert shape(found) == shape(read(honest))
        assert {tag for tag, _ in found.tags} <= set(ALLOWED)
        for _, attributes in found.tags:
            assert not any(name.startswith("on") or name == "style" for name in attributes)
            assert not any(":" in (attributes.get(name) or "") for name in ("href", "src"))
        # Shown, not swallowed: the reader sees what the text was (the index shows two characters only).
        assert clean(payload) in "".join(found.text) or "Find your ballot" in found.text


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_tracker_that_begins_with_anything_has_a_harmless_file_name(payload: str) -> None:
    names = set(tracker_pages([Tracker(payload, 1)])) - {"index.html"}
    assert all(set(name.removesuffix(".html")) <= set("0123456789abcdef") for name in names)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://evil.example",
        "//evil.example",
        "/etc/passwd",
        "../secret",
        "a/../../b",
        "data:text/html,x",
        "a b",
        "",
        "#",
    ],
)
def test_an_address_that_leads_outside_is_no_link(address: str) -> None:
    assert link(address, "words").text == "<span>words</span>"
    with pytest.raises(ValueError, match="outside"):
        tag("a", "words", href=address)


@pytest.mark.parametrize("name", ["onclick", "onload", "style"])
def test_an_attribute_that_acts_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="acts"):
        tag("p", "words", **{name: "x"})


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_text_in_an_attribute_stays_in_it(payload: str) -> None:
    found = read(tag("p", "words", aria_label=payload).text.encode())
    assert found.tags == [("p", {"aria-label": clean(payload)})]


def test_a_style_sheet_cannot_end_its_element() -> None:
    with pytest.raises(ValueError, match="style sheet"):
        page("title", "p{}</style>")


def test_reordering_characters_never_reach_a_page(public_story: PublicStory) -> None:
    shown = index_html(poisoned(public_story, "\u202eevil\u2066")).decode()
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(shown)


@pytest.mark.parametrize("payload", HOSTILE)
def test_terminal_text_cannot_move_the_cursor(payload: str, sheet: CountSheet) -> None:
    report = Report("closed", (Check("B4" + payload, "claim" + payload, "failed", "seen\n✓ A1 " + payload),))
    texts = [terminal.report_text(report), terminal.sheet_text(poisoned(sheet, payload))]
    texts += [terminal.step_line(1, 2, "says" + payload, 10), terminal.progress_line(payload, 1, 2, 10)]
    for text in texts:
        assert all(char == "\n" or char.isprintable() for char in text)
    assert texts[0].count("\n") == 2, "a text from outside made a line of its own"
