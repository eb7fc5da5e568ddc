"""The eight rulebooks of vectors/rules and how their cases are written (vectors/rules/SOURCE.md)."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from selectorate.rules import Event, Rulebook, load

HERE = Path(__file__).resolve().parents[2] / "vectors" / "rules"
NAMES = tuple(sorted(path.parent.name for path in HERE.glob("*/rulebook.toml")))


def book(name: str) -> Rulebook:
    return load((HERE / name / "rulebook.toml").read_bytes(), f"{name}/rulebook.toml")


def cases(name: str) -> list[dict[str, Any]]:
    text = (HERE / name / "cases.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def events(text: str) -> tuple[Event, ...]:
    return tuple(_event(one.split()) for one in text.split(";") if one.strip())


def _event(words: list[str]) -> Event:
    kind, day, *marks = words
    on = None if day == "?" else dt.date.fromisoformat(day)
    told = {mark[0]: mark[1:] for mark in marks}
    assert set(told) <= set("=@#~!"), words
    recorded = dt.date.fromisoformat(told["@"]) if "@" in told else on
    assert recorded is not None, words
    return Event(kind, on, recorded, told.get("=", ""), told.get("#", ""), told.get("~", ""), "!" in told)


def kinds(rulebook: Rulebook) -> tuple[str, ...]:
    """Every kind of event that the rulebook looks at."""
    spells = {spell.id: spell for spell in rulebook.spells}
    read = (fact.reads.kinds(spells) for fact in rulebook.facts if fact.reads is not None)
    return tuple(dict.fromkeys(kind for found in read for kind in found))


def known(case: dict[str, Any]) -> dt.date | None:
    return dt.date.fromisoformat(case["known"]) if "known" in case else None
