"""The rule sets there are, for people and programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

UNCHECKED = "not checked against an official count"
_WIDTH = 80


def listed() -> dict[str, Any]:
    """Every rule set as a plain value. anchor: what it was checked against, or that it was not. not_seen: how many of
    its answers rest on texts that were not seen."""
    from selectorate.count import rulesets

    every = [rulesets.load(name) for name in rulesets.names()]
    return {
        "rulesets": [
            {
                "name": one.name,
                "family": one.family,
                "title": one.title,
                "law": one.law,
                "anchor": one.anchor if one.anchored else UNCHECKED,
                "not_seen": one.resting(rulesets.NOT_SEEN),
                "questions": [
                    {
                        "name": asked.name,
                        "asks": asked.asks,
                        "answer": str(asked.answer),
                        "source": asked.source,
                        "text": asked.text,
                    }
                    for asked in one.questions
                ],
            }
            for one in every
        ]
    }


def lines() -> Iterator[str]:
    """Every rule set in a few lines of text, by family."""
    every = listed()["rulesets"]
    for family in dict.fromkeys(one["family"] for one in every):
        yield f"{family}:"
        for one in every:
            if one["family"] != family:
                continue
            yield f"  {one['name']}"
            for text, first in ((one["title"], ""), (one["law"], "law: "), (one["anchor"], "")):
                if text == one["anchor"] and text != UNCHECKED:
                    first = "checked against: "
                yield from textwrap.wrap(
                    text, _WIDTH, initial_indent=f"      {first}", subsequent_indent="        "
                )
            if one["not_seen"]:
                yield f"      texts not seen: {one['not_seen']} of {len(one['questions'])} answers"
