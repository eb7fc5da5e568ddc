"""The words that no finding, letter, page, refusal or manual page about findings uses: none of them accuses anybody.

Read are all texts in the source that can be printed (docstrings apart), the tables beside it, and the manual.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ACCUSING = re.compile(
    r"\b("
    r"fraud\w*|fake\w*|guilt\w*|cheat\w*|suspicio\w*|suspect\w*|bogus|phon(e)?y|sham|crook\w*|culprit\w*|"
    r"perpetrat\w*|criminal\w*|crimes?|offen[cs]e\w*|offender\w*|accus\w*|dodgy|rigg\w*|infiltrat\w*|conspir\w*|"
    r"collu[ds]\w*|scam\w*|stack(ed|ing|er|ers)|ghosts?|impost[eo]r\w*|intruder\w*|malicious\w*|dishonest\w*|liars?|"
    r"illegitimate|unlawful\w*|ringleader\w*|red flags?|flagged|bots?"
    r")\b",
    re.IGNORECASE,
)
SAID_OF_THE_REGISTER = (
    "The suspicion is that of whoever asks for the register to be inspected, as section 49(3A) of the Act words it.",
    ("suspects that it is not accurate", "the suspicion is ill-founded", "suspicion considered ill-founded"),
)
"""Not said of anybody."""
ROOMS = (
    "roll", "pages/findings", "pages/member", "pages/letters", "office/settling", "office/evidence", "office/keeping",
    "cli/officer/evidence", "cli/officer/keeping",
)  # fmt: skip
FILES = (
    "pages/officer.py",
    "cli/officer/roll.py",
    "cli/story.py",
    "office/roll.py",
    "errors/roll.py",
    "errors/evidence.py",
)
PAGES = ("findings.md", "signals.md", "member.md", "officer.md")


def printed(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of every text in a module that is no docstring, those of formatted texts too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {
        id(body[0].value)
        for node in ast.walk(tree)
        if isinstance(body := getattr(node, "body", None), list) and body and isinstance(body[0], ast.Expr)
    }
    silent |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


def values(table: Any) -> Iterator[str]:
    """Every key and text of a table; its comments are for those who write it."""
    if isinstance(table, dict):
        for key, value in table.items():
            yield key
            yield from values(value)
    elif isinstance(table, list):
        for value in table:
            yield from values(value)
    elif isinstance(table, str):
        yield table


def accusing(text: str) -> list[str]:
    for allowed in SAID_OF_THE_REGISTER[1]:
        text = text.replace(allowed, "")
    return [match[0] for match in ACCUSING.finditer(text)]


NAMES_OF_COLUMNS = "protected.toml"
"""Holds the headings that the importer refuses; one who has such a column is told its name, and nothing is kept."""


def source(repository: Path) -> list[Path]:
    package = repository / "src" / "selectorate"
    found = [
        path for room in ROOMS if (package / room).is_dir() for path in sorted((package / room).rglob("*"))
    ]
    found = [path for path in found if path.suffix in {".py", ".toml"} and path.name != NAMES_OF_COLUMNS]
    return found + [package / name for name in FILES if (package / name).is_file()]


def test_no_text_that_can_be_printed_accuses_anybody(repository: Path) -> None:
    wrong, looked = [], 0
    for path in source(repository):
        if path.suffix == ".toml":
            texts = list(enumerate(values(tomllib.loads(path.read_text(encoding="utf-8"))), 1))
        else:
            texts = list(printed(path))
        looked += len(texts)
        wrong += [f"{path.name} line {line}: {word}" for line, text in texts for word in accusing(text)]
    assert not wrong, "\n".join(wrong)
    assert looked > 3_000


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_the_manual_accuses_anybody(page: str, repository: Path) -> None:
    text = (repository / "docs" / "manual" / page).read_text(encoding="utf-8")
    assert not accusing(text)


@pytest.mark.parametrize(
    "text", ["A fraud.", "Fake members", "they are guilty", "suspicious joins", "flagged"]
)
def test_an_accusing_word_would_be_seen(text: str) -> None:
    assert accusing(text)


def test_an_accusing_text_in_a_module_would_be_seen(tmp_path: Path) -> None:
    module = tmp_path / "m.py"
    module.write_text(
        '"""Docstring of fraud."""\nSAYS = f"{1} is guilty"\ndef f():\n    "Fake."\n    return "bogus"\n'
    )
    assert [(line, accusing(text)) for line, text in printed(module) if accusing(text)] == [
        (2, ["guilty"]),
        (5, ["bogus"]),
    ]
