"""“Re-open nominations” among several seats: what is vacant when it is elected to one of them."""

from __future__ import annotations

from typing import Literal

from selectorate.count.ballots import NONE_OF_THESE
from selectorate.count.objects import Sheet
from selectorate.count.seats.composed import Composed

Vacates = Literal["its own seat", "its own seat and every seat after it"]


def reopened(sheet: Sheet, vacates: Vacates) -> Composed:
    """Who is elected by this sheet when “re-open nominations” stood as a candidate.

    "its own seat": as for any candidate, its surplus passes on and the seats after it are filled. "its own seat and
    every seat after it": whoever would be elected after it is not; a practice that the National Union of Students'
    (UK) model ruling on RON and STV describes, and departs from: there the surplus and all further votes pass to a
    further “re-open nominations”, which needs an engine that lets one candidate be elected several times.
    """
    at = next((one for one, name in enumerate(sheet.elected) if name.casefold() in NONE_OF_THESE), None)
    if at is None:
        return Composed(sheet.elected, (("the count", sheet),), (), sheet.vacant)
    name, before, after = sheet.elected[at], sheet.elected[:at], sheet.elected[at + 1 :]
    if vacates == "its own seat":
        says = f"{name} is elected to one seat, which stays vacant."
        return Composed((*before, *after), (("the count", sheet),), (says,), sheet.vacant + 1)
    says = f"{name} is elected: its seat and every seat after it stay vacant ({1 + len(after)})."
    return Composed(before, (("the count", sheet),), (says,), sheet.vacant + 1 + len(after))
