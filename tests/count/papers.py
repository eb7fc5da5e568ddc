"""What several tests of the count share: small profiles, and the vectors as they lie in the folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from selectorate.canon import Digest
from selectorate.count import readers, rulesets, stv
from selectorate.count.objects import Profile, Sheet

TREES = ("Alder", "Beech", "Cedar", "Dogwood", "Elm", "Fir")
NO_FILE = Digest("0" * 64)
SCOTTISH = rulesets.load("scottish-stv")


def of(text: str, size: int | None = None, blank: int = 0, invalid: int = 0) -> Profile:
    """A profile from "3 AB, 2 C": three papers Alder then Beech, two papers Cedar alone."""
    counts: dict[tuple[int, ...], int] = {}
    for part in text.split(","):
        number, letters = part.split()
        ranking = tuple("ABCDEF".index(letter) for letter in letters)
        counts[ranking] = counts.get(ranking, 0) + int(number)
    size = size or 1 + max(max(ranking) for ranking in counts)
    return Profile.gather(TREES[:size], counts, blank=blank, invalid=invalid)


def counted(profile: Profile, seats: int, seed: str | None = "acorn") -> Sheet:
    return stv.count(profile, SCOTTISH, seats, tie_seed=seed, papers_digest=NO_FILE)


def vector(place: Path) -> tuple[Profile, dict[str, Any]]:
    profile = readers.read((place / "papers.blt").read_bytes(), "papers.blt").profile
    return profile, json.loads((place / "expected.json").read_text())


def as_expected(sheet: Sheet, seed: str | None) -> dict[str, Any]:
    """The sheet in the shape of a vector's expected.json."""
    plain = sheet.to_plain()
    keys = ("ruleset", "seats", "valid", "quota", "elected", "stages", "ties")
    return {key: plain[key] for key in keys} | {"tie_seed": seed}


def answering(name: str, **answers: str | int) -> rulesets.Ruleset:
    """The rule set with other answers to some of its questions, read as its file would be."""
    ruleset = rulesets.load(name)
    lines = [
        f"{key} = {json.dumps(getattr(ruleset, key))}" for key in ("name", "family", "title", "law", "anchor")
    ]
    for one in ruleset.questions:
        said = json.dumps(answers.get(one.name, one.answer), ensure_ascii=False)
        lines.append(
            f"[{one.name}]\nanswer = {said}\nsource = {json.dumps(one.source)}\ntext = {json.dumps(one.text)}"
        )
    return rulesets.parse(name, "\n".join(lines))
