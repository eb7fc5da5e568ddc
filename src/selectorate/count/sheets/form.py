"""A sheet as JSON for people and programs: `plain` writes it, `read` reads it (docs/formats/count-sheet.md).

Every figure is exact: a decimal with the sheet's places, or a fraction of votes ("1/3") where a rule set rounds
nothing. Reading is strict about what is there and generous about what is missing: a report that only has tallies
can be checked as far as tallies go. Sources may be typed by hand, so the bytes need not be canonical.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any, cast

from selectorate import canon
from selectorate.canon import Digest
from selectorate.count import fields
from selectorate.count.objects import Decided, Number, Purpose, Sheet, Stage, Table, Tie, Transfer
from selectorate.errors import Refusal, refuse

NAME = "the count sheet"
BYTES_MAX = 64 * 1024 * 1024
STAGES_MAX = 100_000
PLACES_MAX = 18
TEXT_MAX = 4_000
_NO_PAPERS = canon.sha256(b"")

_NEEDED = ("elected", "quota", "ruleset", "seats", "stages", "valid")
_OPTIONAL = (
    "anchor", "blank", "candidates", "cleaning", "invalid", "papers", "places", "remarks", "tables", "ties",
    "title", "vacant", "withdrawn",
)  # fmt: skip
_STAGE_NEEDED = ("act", "non_transferable", "number", "tallies")
_STAGE_OPTIONAL = (
    "clause", "elected", "excluded", "figures", "part", "rounding", "says", "set_aside", "transfers",
)  # fmt: skip


def plain(sheet: Sheet) -> dict[str, Any]:
    """The sheet as a plain value, the fields in the order in which a person reads them."""
    return {
        "ruleset": sheet.ruleset,
        "title": sheet.title,
        "anchor": sheet.anchor,
        "seats": sheet.seats,
        "candidates": list(sheet.candidates),
        "withdrawn": list(sheet.withdrawn),
        "papers": sheet.papers,
        "valid": sheet.valid,
        "blank": sheet.blank,
        "invalid": sheet.invalid,
        "cleaning": dict(sheet.cleaning),
        "places": sheet.places,
        "quota": sheet.quota_text,
        "elected": list(sheet.elected),
        "vacant": sheet.vacant,
        "stages": [_stage(sheet, stage) for stage in sheet.stages],
        "ties": [tie.to_plain() for tie in sheet.ties],
        "tables": [
            {"title": one.title, "columns": list(one.columns), "rows": [list(row) for row in one.rows]}
            for one in sheet.tables
        ],
        "remarks": list(sheet.remarks),
    }


def _stage(sheet: Sheet, stage: Stage) -> dict[str, Any]:
    def votes(units: Number) -> str:
        return fields.number(units, sheet.places)

    return {
        "number": stage.number,
        "part": stage.part,
        "act": stage.act,
        "tallies": {name: votes(units) for name, units in zip(sheet.candidates, stage.tallies, strict=True)},
        "non_transferable": votes(stage.non_transferable),
        "rounding": votes(stage.rounding),
        "set_aside": votes(stage.set_aside),
        "elected": list(stage.elected),
        "excluded": list(stage.excluded),
        "transfers": [
            {
                "from": one.giver,
                "to": one.heir,
                "papers": one.papers,
                "value": votes(one.value),
                "votes": votes(one.votes),
            }
            for one in stage.transfers
        ],
        "figures": dict(stage.figures),
        "clause": stage.clause,
        "says": stage.says,
    }


def read(data: bytes) -> Sheet:
    """The sheet of these bytes. Raises Refusal `count.form` for anything the page does not describe."""
    top = _object(_decoded(data), _NEEDED, _OPTIONAL, NAME)
    stages = fields.listed(top["stages"], f"stages of {NAME}")
    if not 1 <= len(stages) <= STAGES_MAX:
        raise _refused("stages", f"1 to {STAGES_MAX} stages were expected")
    candidates, places = _candidates(top, stages[0]), _places(top, stages[0])
    return Sheet(
        ruleset=_text(top["ruleset"], "ruleset"),
        seats=fields.whole(top["seats"], f"seats of {NAME}", 1, fields.SEATS_MAX),
        candidates=candidates,
        valid=fields.whole(top["valid"], f"valid of {NAME}"),
        blank=fields.whole(top.get("blank", 0), f"blank of {NAME}"),
        invalid=fields.whole(top.get("invalid", 0), f"invalid of {NAME}"),
        papers=Digest(fields.digest(top.get("papers", _NO_PAPERS), f"papers of {NAME}")),
        quota=_quota(top["quota"]),
        stages=tuple(_read_stage(one, at, candidates, places) for at, one in enumerate(stages, 1)),
        ties=tuple(_read_tie(one, candidates) for one in fields.listed(top.get("ties", []), "ties")),
        elected=fields.of(top["elected"], candidates, f"elected of {NAME}"),
        places=places,
        withdrawn=fields.names(top.get("withdrawn", []), f"withdrawn of {NAME}"),
        vacant=fields.whole(top.get("vacant", 0), f"vacant of {NAME}", 0, fields.SEATS_MAX),
        tables=tuple(_read_table(one) for one in fields.listed(top.get("tables", []), "tables")),
        cleaning=tuple(_counts(top.get("cleaning", {}), "cleaning")),
        remarks=tuple(
            _text(one, "remarks") for one in fields.listed(top.get("remarks", []), f"remarks of {NAME}")
        ),
        anchor=_text(top.get("anchor", ""), "anchor"),
        title=_text(top.get("title", ""), "title"),
    )


def _decoded(data: bytes) -> Any:
    if len(data) > BYTES_MAX:
        raise _refused("size", f"{len(data)} bytes; at most {BYTES_MAX} are read")
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float
        )
    except Refusal:
        raise
    except (ValueError, RecursionError) as reason:
        raise _refused("text", f"it is not JSON ({reason})") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _refused("fields", "a field or a name stands there twice")
    return found


def _no_float(text: str) -> Any:
    raise _refused("figures", f"{text} stands there as a number; decimals are written as text, “{text}”")


def _refused(what: str, because: str) -> Refusal:
    return refuse("count.form", where=f"{what} of {NAME}", because=because)


def _object(value: Any, needed: tuple[str, ...], optional: tuple[str, ...], where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refuse("count.form", where=where, because="an object was expected")
    missing, odd = set(needed) - set(value), set(value) - set(needed) - set(optional)
    if missing:
        raise refuse("count.form", where=where, because=f"it lacks {', '.join(sorted(missing))}")
    if odd:
        named = ", ".join(f"“{one[:40]}”" for one in sorted(odd))
        raise refuse("count.form", where=where, because=f"it has fields that are not known: {named}")
    return value


def _candidates(top: dict[str, Any], first: Any) -> tuple[str, ...]:
    """Who stands: as listed, else the names of the first stage's tallies."""
    listed = top.get("candidates")
    if listed is None:
        stage = _object(first, _STAGE_NEEDED, _STAGE_OPTIONAL, f"stage 1 of {NAME}")
        listed = list(stage["tallies"]) if isinstance(stage["tallies"], dict) else []
    found = fields.names(listed, f"candidates of {NAME}")
    if not 1 <= len(found) <= fields.CANDIDATES_MAX:
        raise _refused("candidates", f"1 to {fields.CANDIDATES_MAX} were expected")
    return found


def _places(top: dict[str, Any], first: Any) -> int:
    """Decimal places: as said, else those of the first figure; every figure must then have as many."""
    if "places" in top:
        return fields.whole(top["places"], f"places of {NAME}", 0, PLACES_MAX)
    stage = _object(first, _STAGE_NEEDED, _STAGE_OPTIONAL, f"stage 1 of {NAME}")
    return min(PLACES_MAX, len(_text(stage["non_transferable"], "stage 1").partition(".")[2]))


def _text(value: Any, what: str) -> str:
    found = fields.text(value, f"{what} of {NAME}")
    if len(found) > TEXT_MAX:
        raise _refused(what, f"a text of at most {TEXT_MAX} characters was expected")
    return found


def votes(value: Any, places: int, where: str) -> Number:
    """A figure in units: a decimal with exactly these places, or a fraction of votes in lowest terms."""
    found = fields.text(value, where)
    over, stroke, under = found.partition("/")
    if not stroke:
        return fields.units(found, places, where)
    plain_digits = over.isdecimal() and under.isdecimal() and found.isascii()
    if not plain_digits or len(found) > TEXT_MAX or not int(under):
        raise refuse("count.form", where=where, because="a decimal or a fraction was expected")
    units = Fraction(int(over) * 10**places, int(under))
    if fields.number(units, places) != found:
        raise refuse("count.form", where=where, because=f"“{found}” is not the one way to write that number")
    return units


def _quota(value: Any) -> Number | None:
    """Whole votes as a number; a decimal or a fraction as text; null where the rule set has no quota."""
    if value is None:
        return None
    if isinstance(value, int):
        return fields.whole(value, f"quota of {NAME}")
    found = _text(value, "quota")
    places = len(found.partition(".")[2])
    if places > PLACES_MAX:
        raise _refused("quota", f"at most {PLACES_MAX} decimal places were expected")
    return Fraction(votes(found, places, f"quota of {NAME}"), 10**places)


def _read_stage(value: Any, index: int, candidates: tuple[str, ...], places: int) -> Stage:
    where = f"stage {index} of {NAME}"
    row = _object(value, _STAGE_NEEDED, _STAGE_OPTIONAL, where)
    tallies = row["tallies"]
    if not isinstance(tallies, dict) or set(tallies) != set(candidates):
        raise refuse("count.form", where=where, because="a tally for each candidate was expected")

    def figure(field: str) -> Number:
        nothing = fields.decimal(0, places)
        return votes(row.get(field, nothing), places, f"{where}, {field}")

    return Stage(
        number=fields.whole(row["number"], where, 1, STAGES_MAX),
        act=_text(row["act"], f"stage {index}"),
        tallies=tuple(votes(tallies[name], places, f"{where}, {name}") for name in candidates),
        non_transferable=figure("non_transferable"),
        elected=fields.of(row.get("elected", []), candidates, where),
        excluded=fields.of(row.get("excluded", []), candidates, where),
        part=fields.whole(row.get("part", 0), where, 0, STAGES_MAX),
        rounding=figure("rounding"),
        set_aside=figure("set_aside"),
        transfers=tuple(
            _read_transfer(one, candidates, places, where)
            for one in fields.listed(row.get("transfers", []), where)
        ),
        figures=tuple(
            (key, _text(one, "figures")) for key, one in _mapping(row.get("figures", {}), "figures")
        ),
        clause=_text(row.get("clause", ""), "clause"),
        says=_text(row.get("says", ""), "says"),
    )


def _mapping(value: Any, what: str) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise _refused(what, "an object was expected")
    return [(_text(key, what), one) for key, one in value.items()]


def _counts(value: Any, what: str) -> list[tuple[str, int]]:
    return [(key, fields.whole(one, f"{what} of {NAME}")) for key, one in _mapping(value, what)]


def _read_transfer(value: Any, candidates: tuple[str, ...], places: int, where: str) -> Transfer:
    row = _object(value, ("from", "papers", "to", "value", "votes"), (), f"a transfer at {where}")

    def person(field: str) -> str | None:
        return None if row[field] is None else fields.of([row[field]], candidates, where)[0]

    return Transfer(
        giver=person("from"),
        heir=person("to"),
        papers=fields.whole(row["papers"], where),
        value=votes(row["value"], places, where),
        votes=votes(row["votes"], places, where),
    )


def _read_tie(value: Any, candidates: tuple[str, ...]) -> Tie:
    where = f"ties of {NAME}"
    row = _object(value, ("between", "by", "chosen", "for", "stage"), (), where)
    between = fields.of(row["between"], candidates, where)
    return Tie(
        between=between,
        by=cast(Decided, _text(row["by"], "ties")),
        chosen=fields.of([row["chosen"]], between, where)[0],
        purpose=cast(Purpose, _text(row["for"], "ties")),
        stage=fields.whole(row["stage"], where, 1, STAGES_MAX),
    )


def _read_table(value: Any) -> Table:
    row = _object(value, ("columns", "rows", "title"), (), f"tables of {NAME}")
    columns = tuple(_text(one, "tables") for one in fields.listed(row["columns"], "tables"))
    rows = tuple(
        tuple(_text(cell, "tables") for cell in fields.listed(one, "tables"))
        for one in fields.listed(row["rows"], "tables")
    )
    if any(len(one) != len(columns) for one in rows):
        raise _refused("tables", f"a row of “{row['title']}” has not as many cells as there are columns")
    return Table(_text(row["title"], "tables"), columns, rows)
