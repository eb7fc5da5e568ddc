"""Markup, escaped by construction: text becomes markup only through `tag`.

Takes names and attributes that we wrote and children from anywhere. Gives `Markup`, well-formed as XML too.
Raises ValueError for an attribute that could act (on…, style) or an address that leads outside.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

ADDRESS = re.compile(r"(#[A-Za-z0-9._-]+|(?!\.\.?/)[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*)")
"""Within the page, or a file below it: no scheme, no host, no way up."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

_VOID = frozenset({"meta", "br", "hr", "col", "rect", "line", "circle", "path", "link"})
_ADDRESSES = frozenset({"href", "src", "action", "data", "formaction", "poster", "srcset"})
# Invisible or reordering characters would let a text from outside change how the words beside it read.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Markup:
    """Markup that `tag` made. Nothing else passes unescaped."""

    text: str


Node = Markup | str | int | None | tuple["Node", ...] | list["Node"]


def clean(text: str) -> str:
    """The text without control, reordering and half characters (each shown as U+FFFD)."""
    return text if text.isprintable() else _UNSEEN.sub("\ufffd", text)


def tag(name: str, /, *children: Node, **attributes: str | int | None) -> Markup:
    """One element. A last underscore in an attribute name is dropped, others are hyphens; None is omitted."""
    shown = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if name in _VOID and not children:
        return Markup(f"<{name}{shown}/>")
    return Markup(f"<{name}{shown}>{join(*children).text}</{name}>")


def join(*children: Node) -> Markup:
    """The children one after the other, texts escaped."""
    return Markup("".join(_text(child) for child in children))


def link(address: str, *children: Node) -> Markup:
    """A link to a place in this page or a file below it; the bare text where the address is another one."""
    if not ADDRESS.fullmatch(address):
        return tag("span", *children)
    return tag("a", *children, href=address)


def outside(text: str) -> Markup:
    """A text from outside, isolated so that its direction of writing does not touch its neighbours'."""
    return tag("bdi", text)


def number(value: int) -> str:
    """A whole number with separators: 9,567."""
    return f"{value:,}"


def figure(text: str) -> str:
    """A decimal string with separators in its whole part (1,914.00000); another text as it is."""
    whole, point, places = text.partition(".")
    return f"{number(int(whole))}{point}{places}" if whole.isdecimal() and whole.isascii() else text


def cell(value: int | str) -> str:
    """A number of members as published: with separators, or "fewer than 10"."""
    return number(value) if isinstance(value, int) else value


def share(part: int, whole: int) -> str:
    """Percent with one place, half away from nought; a dash where there is no whole."""
    if whole <= 0:
        return "–"
    permille = (2000 * part + whole) // (2 * whole)
    if part > 0 and permille == 0:
        return "under 0.1%"
    return f"{permille // 10}.{permille % 10}%"


def several(count: int, one: str, many: str) -> str:
    """1 ballot, 2 ballots."""
    return f"{number(count)} {one if count == 1 else many}"


def listed(names: tuple[str, ...]) -> Markup:
    """A, B and C; each isolated."""
    parts: list[Node] = []
    for index, name in enumerate(names):
        if index:
            parts.append(" and " if index == len(names) - 1 else ", ")
        parts.append(outside(name))
    return join(*parts)


def page(title: str, style: str, *body: Node, language: str = "en", direction: str = "ltr") -> bytes:
    """A whole page, UTF-8. `style` is ours and goes in as it is: it may hold neither < nor &."""
    if "<" in style or "&" in style:
        raise ValueError("a style sheet of ours holds < or &")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"/>'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="generator", content="selectorate"),
        tag("title", title),
        Markup(f"<style>{style}</style>"),
    )
    whole = tag("html", "\n", head, "\n", tag("body", "\n", *body, "\n"), "\n", lang=language, dir=direction)
    return f"<!DOCTYPE html>\n{whole.text}\n".encode()


def _attribute(key: str, value: str | int) -> str:
    name = key.rstrip("_").replace("_", "-")
    if name.startswith("on") or name == "style":
        raise ValueError(f"an attribute that acts: {name}")
    if name in _ADDRESSES and not ADDRESS.fullmatch(str(value)):
        raise ValueError("an address that leads outside")
    return f' {name}="{html.escape(clean(str(value)))}"'


def _text(child: Node) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child.text
    if isinstance(child, tuple | list):
        return "".join(_text(part) for part in child)
    return html.escape(clean(str(child)), quote=False)
