"""The catalogue of refusals: every code is used, every used code is there, and sentences are for people."""

from __future__ import annotations

import ast
import re
import string

import pytest
from tests.house import source_graph

from selectorate.errors import CATALOGUE, refuse

# words that mean something to those who wrote the program and nothing to the one who must act
NOT_FOR_PEOPLE = (
    "exception", "traceback", "null", "stack", "regex", "tuple", "dict", "boolean", "assert",
    "assertion", "callback", "user", "invalid syntax", "segfault", "stdin", "stdout",
    "errno", "keyerror", "valueerror", "handle", "parse", "parsed", "parser", "oserror", "subprocess",
    "serialise", "deserialise", "instance", "object has no",
)  # fmt: skip


def used() -> dict[str, list[str]]:
    """Codes given as text to `refuse(...)`, each with the places; also codes that a table hands on."""
    places: dict[str, list[str]] = {}
    for module in source_graph.modules():
        if module.room == "errors":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in CATALOGUE:
                places.setdefault(node.value, []).append(f"{module.name} line {node.lineno}")
    return places


def refused() -> dict[str, list[str]]:
    """First arguments of `refuse(...)` that are plain text."""
    places: dict[str, list[str]] = {}
    for module in source_graph.modules():
        for node in ast.walk(module.tree):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called == "refuse" and isinstance(node, ast.Call) and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    places.setdefault(code.value, []).append(f"{module.name} line {node.lineno}")
    return places


def test_every_code_of_the_catalogue_is_used() -> None:
    idle = sorted(CATALOGUE.keys() - used().keys())
    assert not idle, f"nothing refuses with {idle}"


def test_every_code_that_is_used_is_in_the_catalogue() -> None:
    unknown = {code: places for code, places in refused().items() if code not in CATALOGUE}
    assert not unknown, str(unknown)


def test_every_refusal_fills_the_blanks_of_its_sentence() -> None:
    wrong = []
    for module in source_graph.modules():
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refuse" and node.args):
                continue
            code = node.args[0]
            if not (isinstance(code, ast.Constant) and code.value in CATALOGUE):
                continue
            given = {keyword.arg for keyword in node.keywords}
            kind = CATALOGUE[code.value]
            needed = {
                name
                for text in (kind.sentence, kind.remedy)
                for _, name, _, _ in string.Formatter().parse(text)
            }
            lacking = {name for name in needed if name} - given
            if None not in given and lacking:
                wrong.append(f"{module.name} line {node.lineno}: {code.value} lacks {sorted(lacking)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_refusal_speaks_to_the_person_who_can_act(code: str) -> None:
    kind = CATALOGUE[code]
    assert re.fullmatch(r"[a-z]+(\.[a-z_-]+)+", code), "a code is room dot situation"
    assert kind.sentence.rstrip().endswith((".", "?", ":", "}")), "a whole sentence ends"
    assert kind.remedy.strip(), "what to do about it is never left open"
    words = f"{re.sub(r'{[^}]*}', '', kind.sentence)} {kind.remedy}".lower()
    said = [word for word in NOT_FOR_PEOPLE if re.search(rf"\b{re.escape(word)}\b", words)]
    assert not said, f"words that mean nothing to the reader: {said}"


def test_text_from_outside_cannot_break_the_line() -> None:
    code = "file.missing"
    refusal = refuse(code, file="a\nb\x1b[31m" + "c" * 1000)
    assert "\n" not in str(refusal)
    assert "\x1b" not in str(refusal)
    assert len(str(refusal)) < 500
