"""Writes docs/manual/errors.md from the catalogue: python -m tests.cli.errors_page, with src on the path."""

from __future__ import annotations

import re
from pathlib import Path

from selectorate.errors import CATALOGUE, Kind

PAGE = Path(__file__).resolve().parents[2] / "docs" / "manual" / "errors.md"
FAMILIES = {
    "bad input": "a file or an option is not what it should be; nothing was changed",
    "out of order": "this act does not come now; nothing was changed",
    "rule not met": "a rule of the organisation or of this program is not kept; nothing was changed",
    "check failed": "something was checked and found wrong; exit code 1",
    "engine trouble": "the disk, the engine or another program is in the way",
}


def errors_page() -> str:
    """The page: every refusal by room, with its sentence and its remedy; `…` stands for what is filled in."""
    lines = [
        "# What the program says when it refuses",
        "",
        (
            "Every refusal is one sentence and one remedy. The exit code is 2, and 1 where a check "
            "failed. This page is "
            "made from the catalogue in `src/selectorate/errors/`; `…` stands for what is filled in."
        ),
        "",
    ]
    lines += [f"- **{family}**: {says}." for family, says in FAMILIES.items()]
    room = ""
    for code in sorted(CATALOGUE):
        if code.partition(".")[0] != room:
            room = code.partition(".")[0]
            lines += ["", f"## {room}"]
        lines += ["", *_entry(code, CATALOGUE[code])]
    return "\n".join(lines) + "\n"


def _entry(code: str, kind: Kind) -> list[str]:
    return [f"`{code}` ({kind.family}) {_plain(kind.sentence)}  ", f"→ {_plain(kind.remedy)}"]


def _plain(text: str) -> str:
    return re.sub(r"\{[^}]*\}", "…", text).replace("\n", " ").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(errors_page())
