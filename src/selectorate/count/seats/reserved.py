"""Reserved seats: filled by a count of their own before the rest, or by the best placed of those who lost.

Both are common in the rule books of unions; which one holds, the rulebook must say.
"""

from __future__ import annotations

from collections.abc import Collection

from selectorate.count.objects import Number, Profile, Sheet
from selectorate.count.seats.composed import Composed, Count, standing
from selectorate.count.ties import Draw


def reserved_first(
    profile: Profile,
    seats: int,
    count: Count,
    group: Collection[str],
    reserved: int,
    own: Profile | None = None,
) -> Composed:
    """The reserved seats first, among the group only; then the others, among everybody who is not elected yet.

    own: the papers of the group's own electorate; None: everybody's papers. Where fewer of the group stand than
    seats are reserved, the rest stays vacant. Raises what the engine raises.
    """
    electorate = own or profile
    there = [name for name in electorate.candidates if name in group]
    to_fill = min(reserved, len(there))
    counts: list[tuple[str, Sheet]] = []
    elected: tuple[str, ...] = ()
    says = []
    if to_fill:
        sheet = count(standing(electorate, there), to_fill)
        counts.append((f"{reserved} reserved seats", sheet))
        elected = sheet.elected
        says.append(f"Reserved seats: {', '.join(elected)}.")
    if to_fill < reserved:
        says.append(f"{reserved - to_fill} reserved seats stay vacant: nobody else of the group stands.")
    main = count(
        standing(profile, [one for one in profile.candidates if one not in elected]), seats - reserved
    )
    counts.append((f"{seats - reserved} other seats", main))
    says.append(f"Other seats: {', '.join(main.elected)}.")
    return Composed((*elected, *main.elected), tuple(counts), tuple(says), reserved - to_fill + main.vacant)


def reserved_to_best_placed(
    profile: Profile,
    seats: int,
    count: Count,
    group: Collection[str],
    reserved: int,
    draw: Draw | None = None,
) -> Composed:
    """One count for all seats that are not reserved; each reserved seat goes to the best placed of the group among
    those who lost. Raises what the engine raises, and Refusal `count.tie`."""
    sheet = count(profile, seats - reserved)
    placed = [name for name in best_placed(sheet, draw or Draw()) if name in group][:reserved]
    says = [f"Seats open to all: {', '.join(sheet.elected)}."]
    if placed:
        says.append(f"Best placed of the group among the others: {', '.join(placed)}.")
    vacant = reserved - len(placed) + sheet.vacant
    return Composed((*sheet.elected, *placed), (("seats open to all", sheet),), tuple(says), vacant)


def best_placed(sheet: Sheet, draw: Draw) -> list[str]:
    """Those who lost, the best placed first: who stayed in longest; of those who left together, who had more votes
    just before, then at the latest earlier stage that differs; else the lot."""
    gone: dict[str, int] = {}
    for place, stage in enumerate(sheet.stages):
        for name in stage.excluded:
            gone.setdefault(name, place)
    losers = [name for name in sheet.candidates if name not in sheet.elected]
    stayed = {name: gone.get(name, len(sheet.stages)) for name in losers}
    at = {name: place for place, name in enumerate(sheet.candidates)}

    def strength(name: str) -> tuple[int, tuple[Number, ...]]:
        """How long, then the votes from the last stage before back to the first."""
        seen = sheet.stages[: stayed[name]]
        return stayed[name], tuple(stage.tallies[at[name]] for stage in reversed(seen))

    order: list[str] = []
    for worth in sorted({strength(name) for name in losers}, reverse=True):
        equal = [name for name in losers if strength(name) == worth]
        order += draw.order(equal, len(sheet.stages)) if len(equal) > 1 else equal
    return order
