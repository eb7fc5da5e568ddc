"""The days of a selection: those of the rulebook, and until when answers and appeals are awaited."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from selectorate.office import files
from selectorate.office.rulebook import open_rulebook


def timetable(
    source: Path, ics: Path | None, at: datetime | None = None
) -> tuple[tuple[tuple[str, date], ...], str | None]:
    """(name, day) in order, of a rulebook's file or of a workspace; the file that was written, where one is asked for.

    Raises Refusal `file.exists` and those of `open_rulebook` and of a workspace.
    """
    from selectorate.office.rulebook.ics import timetable_ics

    further: tuple[tuple[str, date], ...] = ()
    now = at or datetime.now(UTC)
    if source.is_dir():
        from selectorate.office.workspace import Workspace

        workspace = Workspace(source, at, alone=False)
        book, now = workspace.rulebook, workspace.now
        until = workspace.vault.load("deadlines", {}).get("appeal_until")
        asked = [workspace.vault.load(name, {}) for name in ("questions", "pairs-asked")]
        replies = [one["reply_by"] for known in asked for one in known.values() if one["asked"]]
        further = (
            *((("last day for answers to letters", date.fromisoformat(max(replies))),) if replies else ()),
            *((("last day for appeals against decisions", date.fromisoformat(until)),) if until else ()),
        )
    else:
        book = open_rulebook(source)
    named = [(name.replace("_", " "), day) for name, day in book.timetable]
    days = tuple(sorted((*named, *further), key=lambda one: (one[1], one[0])))
    if ics is not None:
        files.write(ics, timetable_ics(book, now, further), replace=False)
    return days, None if ics is None else str(ics)
