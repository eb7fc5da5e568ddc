"""`public/trackers/*.html`: every accepted ballot, found by the first two characters of its tracker.

File names are the hexadecimal of the two characters ("6b41.html" for "kA"), the same on every file system.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from selectorate.pages import style
from selectorate.pages.html import Markup, Node, link, number, page, several, tag
from selectorate.pages.objects import Tracker

_STYLE = style.colours("paper", "ink", "soft", "line", "link") + style.TRACKERS
_ABOUT = (
    "The position is the ballot’s place among all accepted ballots, in the order in which they were "
    "accepted. Capital and small letters are different."
)


def file_name(tracker: str) -> str:
    """The page a tracker stands on: hexadecimal of its first two characters."""
    return f"{tracker[:2].encode('utf-8', 'replace').hex()}.html"


def tracker_pages(
    trackers: Iterable[Tracker], *, closed: bool = True, language: str = "en"
) -> dict[str, bytes]:
    """All pages by file name, `index.html` among them. `closed`: the poll is, so what stands last counts."""
    groups: dict[str, list[Tracker]] = defaultdict(list)
    for one in trackers:
        groups[one.tracker[:2]].append(one)
    pages = {"index.html": _index(groups, language)}
    last = "counted: the voter’s last" if closed else "the voter’s last so far"
    for start in sorted(groups):
        pages[file_name(start)] = _group(start, groups[start], last, language)
    return pages


def _group(start: str, trackers: list[Tracker], last: str, language: str) -> bytes:
    ordered = sorted(trackers, key=lambda one: (one.tracker, one.position))
    rows = [
        tag(
            "tr",
            tag("th", tag("code", one.tracker), scope="row"),
            tag("td", number(one.position)),
            tag("td", "replaced by a later ballot of the same voter" if one.replaced else last),
        )
        for one in ordered
    ]
    head = tag("tr", *(tag("th", says, scope="col") for says in ("Tracker", "Position", "What became of it")))
    return _page(
        f"Ballots that begin with {start}",
        tag("p", _ABOUT),
        tag(
            "table",
            tag("caption", several(len(rows), "ballot", "ballots")),
            tag("thead", head),
            tag("tbody", *rows),
        ),
        tag("p", link("index.html", "Back to all ballots")),
        language=language,
        heading=("Ballots that begin with ", tag("code", start)),
    )


def _index(groups: dict[str, list[Tracker]], language: str) -> bytes:
    firsts: dict[str, list[str]] = defaultdict(list)
    for start in sorted(groups):
        firsts[start[:1]].append(start)
    jumps = [tag("li", link(f"#c{_code(first)}", first)) for first in firsts]
    blocks = [
        tag(
            "section",
            tag("h2", first, id=f"c{_code(first)}"),
            tag(
                "ul",
                *(tag("li", link(file_name(start), start)) for start in starts),
                class_="grid",
                role="list",
            ),
        )
        for first, starts in firsts.items()
    ]
    every = sum(len(found) for found in groups.values())
    return _page(
        "Find your ballot",
        tag(
            "p",
            "Your receipt shows your tracker: 43 letters, digits and signs. Choose its first two "
            "characters. ",
            _ABOUT,
        ),
        tag(
            "p",
            f"{several(every, 'ballot was', 'ballots were')} accepted. If your receipt shows a tracker that "
            "is not here, keep the receipt: it proves that something is wrong.",
        ),
        tag("nav", tag("ul", *jumps, role="list", class_="grid"), aria_label="First character")
        if jumps
        else None,
        *blocks,
        language=language,
        heading="Find your ballot",
    )


def _page(title: str, *body: Node, language: str, heading: Node) -> bytes:
    top: Markup = tag("header", tag("h1", heading))
    return page(title, _STYLE, top, tag("main", *body), language=language)


def _code(first: str) -> str:
    return first.encode("utf-8", "replace").hex()
