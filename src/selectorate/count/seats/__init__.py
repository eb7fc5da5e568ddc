"""Several counts of the same papers put together: ordered lists, further counts, reserved seats, vacant seats.

Everything here works over any engine: it is given a `Count`, a function that counts a profile for so many seats,
and gives a `Composed`: who is elected, every sheet it rests on, and a sentence for each step.
"""

from selectorate.count.seats.composed import Composed, Count, standing
from selectorate.count.seats.further import further_counts
from selectorate.count.seats.ordered import ordered_list
from selectorate.count.seats.reserved import best_placed, reserved_first, reserved_to_best_placed
from selectorate.count.seats.vacant import reopened

__all__ = [
    "Composed", "Count", "best_placed", "further_counts", "ordered_list", "reopened", "reserved_first",
    "reserved_to_best_placed", "standing",
]  # fmt: skip
