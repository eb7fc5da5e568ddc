"""A list in order: the last place by who drops out when one seat fewer is filled, again and again."""

from __future__ import annotations

from selectorate.count.objects import Profile
from selectorate.count.seats.composed import Composed, Count, standing
from selectorate.errors import refuse


def ordered_list(profile: Profile, places: int, count: Count) -> Composed:
    """The list, its first place first. The counts stand from the longest to the last, between two.

    Source: C. Rosenstiel, Producing a party list using STV, Voting matters 9 (1998): count for all places; then, on
    the same papers, for one place fewer among those elected; who drops out takes the last place; and so on. Raises
    Refusal `count.seats` where one count elects another number than its places, and what the engine raises.
    """
    first = count(profile, places)
    counts = [(f"who is on the list: {places} places", first)]
    left, behind, says = first.elected, list[str](), [f"On the list are {', '.join(first.elected)}."]
    while len(left) > 1:
        sheet = count(standing(profile, left), len(left) - 1)
        dropped = [name for name in left if name not in sheet.elected]
        if len(dropped) != 1:
            raise refuse("count.seats", found=len(sheet.elected), allowed=len(left) - 1)
        counts.append((f"place {len(left)}: who drops out", sheet))
        says.append(
            f"With {len(left) - 1} of these {len(left)} to elect, {dropped[0]} drops out: place {len(left)}."
        )
        behind += dropped
        left = sheet.elected
    return Composed((*left, *reversed(behind)), tuple(counts), tuple(says))
