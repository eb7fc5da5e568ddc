"""Further counts: how a group's minimum is met by asking larger and smaller committees."""

from __future__ import annotations

from collections.abc import Collection

from selectorate.count.objects import Profile
from selectorate.count.seats.composed import Composed, Count, by_first_preferences
from selectorate.count.ties import Draw


def further_counts(
    profile: Profile, seats: int, count: Count, group: Collection[str], least: int, draw: Draw | None = None
) -> Composed:
    """A committee of `seats` with at least `least` members of `group`, as far as so many stand.

    Source: Liberal Democrats, election regulations since 1988, as C. Rosenstiel reports them (Using STV to select an
    ordered list, gender balance): of the group that is short, those are elected who would be in a larger committee,
    the smallest that has the right number of them; of all others, those who would be in a smaller committee, the
    largest that has the right number of these. Where a size jumps over the right number, first preferences decide,
    then the lot. Raises what the engine raises, and Refusal `count.tie`.
    """
    draw = draw or Draw()
    base = count(profile, seats)
    counts, says = [(f"{seats} seats", base)], [f"For {seats} seats {', '.join(base.elected)} are elected."]
    least = min(least, sum(name in group for name in profile.candidates), seats)
    if sum(name in group for name in base.elected) >= least:
        return Composed(base.elected, tuple(counts), tuple(says), base.vacant)
    size, inside = seats, list[str]()
    while len(inside) < least and size < len(profile.candidates):
        size += 1
        sheet = count(profile, size)
        counts.append((f"a larger committee: {size} seats", sheet))
        inside = [name for name in sheet.elected if name in group]
    if len(inside) > least:
        inside = by_first_preferences(profile, inside, draw, size)[:least]
    says.append(f"A committee of {size} has {least} of the group: {', '.join(inside)} are elected.")
    size, others = seats, [name for name in base.elected if name not in group]
    above = others
    while len(others) > seats - least and size > 1:
        size -= 1
        sheet = count(profile, size)
        counts.append((f"a smaller committee: {size} seats", sheet))
        above, others = others, [name for name in sheet.elected if name not in group]
    if len(others) > seats - least:
        above, others = others, []
    missing = seats - least - len(others)
    others += by_first_preferences(profile, [name for name in above if name not in others], draw, size)[
        :missing
    ]
    if others:
        says.append(f"A committee of {size} has {seats - least} others: {', '.join(others)} are elected.")
    named = dict.fromkeys((*base.elected, *inside, *others))
    elected = [name for name in named if name in inside or name in others]
    return Composed(tuple(elected), tuple(counts), tuple(says))
