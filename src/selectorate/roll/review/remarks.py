"""What an export holds that cannot be so, or was put in by a program: said to the officer, stopping nothing.

Numbers that come twice, days in an impossible order, addresses without an @, and days that a system writes
where nobody gave one. None of it is evidence about a person: many people have no recorded day of birth, and
offices then write the first of January. What depends on such a day is asked, never assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from selectorate.roll.columns import Layout
from selectorate.roll.objects import LeftOut, Problem, Table

Columns = Mapping[str, Sequence[str]]
DEFAULTS = frozenset(
    (
        "0001-01-01", "1111-11-11", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01",
        "1901-01-01", "1904-01-01", "1970-01-01", "2099-12-31", "2999-12-31", "9999-12-31",
    )
)  # fmt: skip
"""Days on which calendars and clocks of common programs begin or end, and the all-ones filler."""
FEW = 10
"""Fewer people than this with one day of birth are never remarked on."""
TIMES = 10
"""So many times the average of the file's days of birth is remarked on."""
OLDEST = 120
LATE_DAYS = 30
BACKDATED = "Look for what it rests on, a form or a payment; nobody is left out for it."
AT = "Correct it in the source if it is wrong; nobody is left out for it."


def repeated(table: Table, columns: Columns, layout: Layout, gone: set[int]) -> Iterator[LeftOut]:
    """Lines of members that say word for word what an earlier line of the same number says."""
    if layout.table != "members":
        return
    numbers = number_of(columns, layout, len(table.rows))
    twice = {number for number, times in Counter(numbers).items() if times > 1 and number}
    fields = [columns[field] for field in sorted(columns)]
    seen: set[tuple[str, ...]] = set()
    for place, row in enumerate(table.rows):
        if numbers[place] not in twice or row in gone:
            continue
        line = tuple(cells[place] for cells in fields)
        if line in seen:
            # A document's number is kept only as a keyed token, so no reason may say it.
            which = "" if "identity_ref" in layout.number else f" of number {numbers[place]}"
            because = f"it repeats an earlier row{which} word for word"
            yield LeftOut(table.source, row, because)
        seen.add(line)


def number_of(columns: Columns, layout: Layout, length: int) -> Sequence[str]:
    """What stands for a member's number in each row: the first filled one of the layout's fields for it."""
    given = [columns[field] for field in layout.number if field in columns]
    if len(given) == 1:
        return given[0]
    if not given:
        return [""] * length
    return [next(filter(None, cells), "") for cells in zip(*given, strict=True)]


def notes(rows: Sequence[int], columns: Columns) -> tuple[str, ...]:
    """What the returning officer has to know before the import, as sentences."""
    found = []
    heavy = [
        (row, text)
        for row, text in zip(rows, columns.get("weight", ()), strict=False)
        if text not in {"", "1"}
    ]
    if heavy:
        shown = ", ".join(f"row {row}: {text[:20]}" for row, text in heavy[:5])
        carry = "row carries" if len(heavy) == 1 else "rows carry"
        found.append(f"{len(heavy)} {carry} another weight than 1 ({shown}{_more(heavy)}).")
    by_hand = [
        row
        for row, text in zip(rows, columns.get("status_override", ()), strict=False)
        if text.casefold() in {"1", "y", "yes", "true", "x"}
    ]
    if by_hand:
        shown = ", ".join(map(str, by_hand[:5]))
        found.append(
            f"{len(by_hand)} {'row has' if len(by_hand) == 1 else 'rows have'} a standing that was set by hand "
            f"(row {shown}{_more(by_hand)})."
        )
    return tuple(found)


def remarks(
    layout: Layout,
    rows: Sequence[int],
    columns: Columns,
    titles: Mapping[str, str],
    today: date | None,
) -> tuple[Problem, ...]:
    """Everything worth a look that does not stop an import, by row. columns: dates in ISO form; titles: the
    header of each field; today: as at when a day is in the future."""
    found: list[Problem] = []
    if layout.table == "members":
        found.extend(shared_numbers(layout, rows, columns, titles))
        found.extend(_common_births(rows, columns, titles))
        found.extend(contacts(rows, columns, titles))
    for field in sorted(layout.dates & set(columns)):
        found.extend(defaults(field, rows, columns, titles))
    found.extend(order(rows, columns, titles, today))
    return tuple(sorted(found, key=lambda one: (one.row, one.column)))


def shared_numbers(
    layout: Layout, rows: Sequence[int], columns: Columns, titles: Mapping[str, str]
) -> Iterator[Problem]:
    numbers = number_of(columns, layout, len(rows))
    twice = {number for number, times in Counter(numbers).items() if times > 1 and number}
    first: dict[str, int] = {}
    column = next((titles[field] for field in layout.number if field in titles), "")
    for row, number in zip(rows, numbers, strict=True):
        if number not in twice:
            continue
        earlier = first.setdefault(number, row)
        if earlier != row:
            yield Problem(
                row=row,
                column=column,
                found=f"{number[:60]}, which row {earlier} has with other contents",
                expected="a number of its own for each member",
                remedy="Correct it in the source. Both rows are kept and asked about; nothing is merged.",
            )


def _common_births(rows: Sequence[int], columns: Columns, titles: Mapping[str, str]) -> Iterator[Problem]:
    births = [(row, text) for row, text in zip(rows, columns.get("born_on", ()), strict=False) if text]
    counted = Counter(text for _, text in births)
    for text in common_births(counted):
        where = [row for row, other in births if other == text]
        yield common_birth(text, counted, where, titles)


def common_births(counted: Mapping[str, int]) -> list[str]:
    """Days of birth that so many rows have that a program may have written them. counted: rows of each day."""
    usual = sum(counted.values()) / max(1, len(counted))
    return [
        text
        for text, times in counted.items()
        if times >= FEW and times > TIMES * usual and text not in DEFAULTS
    ]


def common_birth(
    text: str, counted: Mapping[str, int], where: Sequence[int], titles: Mapping[str, str]
) -> Problem:
    usual = sum(counted.values()) / max(1, len(counted))
    return Problem(
        row=where[0],
        column=titles["born_on"],
        found=f"{text} in {counted[text]} rows ({_listed(where)})",
        expected=f"about {usual:.1f} rows with one day of birth",
        remedy="Ask how the system fills an unknown birthday, and empty it there. " + AT,
    )


def defaults(
    field: str, rows: Sequence[int], columns: Columns, titles: Mapping[str, str]
) -> Iterator[Problem]:
    cells = columns[field]
    for text in sorted(DEFAULTS.intersection(cells)):
        where = [row for row, other in zip(rows, cells, strict=True) if other == text]
        yield Problem(
            row=where[0],
            column=titles[field],
            found=f"{text} in {len(where)} rows ({_listed(where)}), a day that programs write by themselves",
            expected="the real day, or an empty cell",
            remedy="Empty the cell in the source where the day is not known. " + AT,
        )


def order(
    rows: Sequence[int], columns: Columns, titles: Mapping[str, str], today: date | None
) -> Iterator[Problem]:
    """Days that cannot be so. ISO texts compare as the days they mean."""
    now = today.isoformat() if today else ""
    oldest = f"{today.year - OLDEST:04d}{now[4:]}" if today else ""
    for before, after, expected in (
        ("born_on", "joined_on", "a day of joining after the day of birth"),
        ("joined_on", "paid_to", "a paid period that ends after the joining"),
        ("period_start", "paid_to", "a paid period that ends after it began"),
        ("happened_on", "recorded_on", "a record made after what it records"),
    ):
        if before in columns and after in columns:
            for row, one, two in zip(rows, columns[before], columns[after], strict=True):
                if one and two and two < one and not DEFAULTS & {one, two}:
                    found = f"{two}, and {titles[before]} {one}"
                    yield Problem(row, titles[after], found, expected, AT)
    for row, day, written in zip(
        rows, columns.get("happened_on", ()), columns.get("recorded_on", ()), strict=False
    ):
        if day and written and (date.fromisoformat(written) - date.fromisoformat(day)).days > LATE_DAYS:
            found = f"{day}, recorded only on {written}"
            yield Problem(row, titles["happened_on"], found, f"a record within {LATE_DAYS} days", BACKDATED)
    for field in ("born_on", "joined_on", "paid_on", "happened_on"):
        if now and field in columns:
            for row, text in zip(rows, columns[field], strict=True):
                if text > now and text not in DEFAULTS:
                    yield Problem(row, titles[field], text, f"a day up to {now}", AT)
    for row, text in zip(rows, columns.get("born_on", ()), strict=False):
        if oldest and text and text < oldest and text not in DEFAULTS:
            yield Problem(row, titles["born_on"], text, f"a day of birth after {oldest}", AT)


def contacts(rows: Sequence[int], columns: Columns, titles: Mapping[str, str]) -> Iterator[Problem]:
    for field in ("email", "email_other"):
        for row, text in zip(rows, columns.get(field, ()), strict=False):
            if text and not _is_address(text):
                yield Problem(row, titles[field], text[:60], "an address such as name@example.org", AT)
    for field in ("phone", "mobile", "phone_other"):
        for row, text in zip(rows, columns.get(field, ()), strict=False):
            if text and not 5 <= sum(map(str.isdigit, text)) <= 20:
                yield Problem(row, titles[field], text[:60], "a telephone number of 5 to 20 digits", AT)


def _is_address(text: str) -> bool:
    name, _, domain = text.rpartition("@")
    return bool(name) and "@" not in name and "." in domain.strip(".") and not any(map(str.isspace, text))


def _listed(where: Sequence[int]) -> str:
    return f"row {', '.join(map(str, where[:5]))}{_more(where)}"


def _more(found: Sequence[object]) -> str:
    return f" and {len(found) - 5} more" if len(found) > 5 else ""
