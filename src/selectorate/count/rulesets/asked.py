"""One question that the rule sets of a family answer."""

from __future__ import annotations

from dataclasses import dataclass

Answer = str | int | bool


@dataclass(frozen=True, slots=True)
class Asked:
    """asks: the question in plain words, ending with "?"; answers: every answer that the engine knows."""

    asks: str
    answers: tuple[Answer, ...]
