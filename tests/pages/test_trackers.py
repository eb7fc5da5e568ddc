"""A voter finds a ballot by the first two characters of its tracker."""

from __future__ import annotations

import base64
import random
import re

from selectorate.pages.objects import Tracker
from selectorate.pages.trackers import file_name, tracker_pages


def made(count: int) -> list[Tracker]:
    """Trackers as they are in life: unpadded base64 of 32 bytes."""
    draw = random.Random(7)
    return [
        Tracker(base64.b64encode(draw.randbytes(32)).decode()[:43], place, place % 5 == 0)
        for place in range(1, count + 1)
    ]


def test_the_file_name_is_the_hexadecimal_of_two_characters() -> None:
    assert file_name("kA" + "x" * 41) == "6b41.html"  # the example of docs/formats/pages.md
    assert file_name("/+" + "x" * 41) == "2f2b.html"
    assert file_name("ka" + "x" * 41) != file_name("kA" + "x" * 41).lower()


def test_every_tracker_stands_on_one_page_with_its_position() -> None:
    trackers = made(500)
    pages = tracker_pages(trackers)
    for one in trackers:
        holding = [name for name, page in pages.items() if f">{one.tracker}<".encode() in page]
        assert holding == [file_name(one.tracker)]
        row = re.search(
            rf"{re.escape(one.tracker)}</code></th><td>([^<]*)</td><td>([^<]*)<", pages[holding[0]].decode()
        )
        assert row is not None
        assert row[1] == f"{one.position:,}"
        assert row[2].startswith("replaced by a later") == one.replaced


def test_before_the_close_no_ballot_is_said_to_be_counted() -> None:
    pages = tracker_pages(made(20), closed=False)
    assert not any(b"counted" in page for page in pages.values())
    assert any("the voter’s last so far".encode() in page for page in pages.values())


def test_the_index_leads_to_every_page_and_to_no_other() -> None:
    pages = tracker_pages(made(500))
    shown = pages["index.html"].decode()
    assert set(re.findall(r'href="([0-9a-f]+\.html)"', shown)) == set(pages) - {"index.html"}
    assert "500 ballots were accepted" in shown


def test_the_order_in_which_trackers_are_given_does_not_show() -> None:
    trackers = made(200)
    assert tracker_pages(trackers) == tracker_pages(reversed(trackers))


def test_without_a_ballot_there_is_still_an_index() -> None:
    assert list(tracker_pages([])) == ["index.html"]
