"""What an engine asks about constraints while it counts: who may be elected, who goes out next, and what is said.

Candidates are numbers here, their positions, as engines have them. An engine without constraints has a watch too,
one that lets everything pass and says nothing.

The rules, the same for every engine:

* Those who have the votes are elected one after the other, most votes first; after each it is asked anew who can
  still be elected, so that two at once never break a bound. Who cannot is not elected, whatever the votes.
* Doomed candidates go out before anything else happens, before a surplus moves too: all in one stage where the
  rule set excludes several together, else one stage each, the fewest votes first.
* A guarded candidate is not excluded: of the others the one with the fewest votes is. Several go out together only
  if all bounds can then still be met; otherwise one does, and no surplus waits for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from selectorate.count.constraints import (
    Constraints,
    Group,
    Standing,
    because_of,
    feasible,
    standing,
)
from selectorate.count.objects import Number

NOBODY = Standing(frozenset(), frozenset())


class Watch:
    """The constraints of one count, and what has been said of them so far."""

    __slots__ = ("_known", "_said", "constraints", "names", "seats")

    def __init__(self, constraints: Constraints | None, names: tuple[str, ...], seats: int) -> None:
        self.constraints, self.names, self.seats = constraints, names, seats
        self._known: dict[tuple[frozenset[int], frozenset[int]], Standing] = {}
        self._said: set[tuple[str, str]] = set()

    def __bool__(self) -> bool:
        return self.constraints is not None and bool(self.constraints.groups)

    # who

    def doomed(self, elected: Sequence[int], hopeful: Sequence[int]) -> list[int]:
        """Those who can no longer be elected; nobody once the seats are filled, for then the count is over."""
        found = self._standing(elected, hopeful).doomed
        return [one for one in hopeful if self.names[one] in found]

    def next_out(self, elected: Sequence[int], hopeful: Sequence[int]) -> list[int]:
        """Among whom the next to be excluded is sought: the doomed, else all who are not guarded."""
        now = self._standing(elected, hopeful)
        if now.doomed:
            return [one for one in hopeful if self.names[one] in now.doomed]
        return [one for one in hopeful if self.names[one] not in now.guarded]

    def may_go(self, elected: Sequence[int], hopeful: Sequence[int], group: Sequence[int]) -> bool:
        """Whether all these can go out together and every bound can still be met."""
        if self.constraints is None:
            return True
        left = [one for one in hopeful if one not in group]
        free = self.seats - len(elected)
        return feasible(self.constraints, self._named(elected), self._named(left), free)

    def admitted(
        self,
        elected: Sequence[int],
        hopeful: Sequence[int],
        reached: Sequence[int],
        votes: Sequence[Number],
        in_order: Callable[[list[int]], list[int]],
    ) -> list[int]:
        """Of those who have the votes, those who are elected now. in_order: puts equal candidates in order, by
        lot in the end; asked only where it matters."""
        if not self:
            return list(reached)
        taken: list[int] = []
        for level in sorted({votes[one] for one in reached}, reverse=True):
            equal = [one for one in reached if votes[one] == level]
            equal = [one for one in equal if self._may_enter([*elected, *taken], hopeful, [one])]
            if len(equal) > 1 and not self._may_enter([*elected, *taken], hopeful, equal):
                equal = in_order(equal)
            for one in equal:
                if self._may_enter([*elected, *taken], hopeful, [one]):
                    taken.append(one)
        return taken

    def _may_enter(self, elected: Sequence[int], hopeful: Sequence[int], new: Sequence[int]) -> bool:
        """Whether all bounds can still be met with these elected as well."""
        if self.constraints is None:
            return True
        free = self.seats - len(elected) - len(new)
        left = [one for one in hopeful if one not in elected and one not in new]
        if free < 0:
            return False
        return feasible(self.constraints, self._named([*elected, *new]), self._named(left), free)

    def _standing(self, elected: Sequence[int], hopeful: Sequence[int]) -> Standing:
        free = self.seats - len(elected)
        if self.constraints is None or not self or not free:
            return NOBODY
        where = (frozenset(elected), frozenset(hopeful))
        if where not in self._known:
            self._known[where] = standing(self.constraints, self._named(elected), self._named(hopeful), free)
        return self._known[where]

    def _named(self, some: Sequence[int]) -> list[str]:
        return [self.names[one] for one in some]

    # in words

    def news(self, elected: Sequence[int], hopeful: Sequence[int]) -> str:
        """Who is newly doomed or guarded and by which bounds, in sentences; nothing where nobody is."""
        now = self._standing(elected, hopeful)
        found: dict[tuple[bool, tuple[Group, ...]], list[str]] = {}
        for doomed, some in ((True, now.doomed), (False, now.guarded - now.doomed)):
            for name in sorted(some):
                if (name, str(doomed)) in self._said or self.constraints is None:
                    continue
                self._said.add((name, str(doomed)))
                by = because_of(
                    self.constraints, self._named(elected), self._named(hopeful),
                    self.seats - len(elected), name, doomed=doomed,
                )  # fmt: skip
                found.setdefault((doomed, by), []).append(name)
        return " ".join(_said(names, by, doomed) for (doomed, by), names in found.items() if by)

    def reason(self, elected: Sequence[int], hopeful: Sequence[int], group: Sequence[int]) -> str:
        """Why these go out, where it is because of constraints: the beginning of a sentence, else nothing."""
        now = self._standing(elected, hopeful)
        names = sorted(self._named(group))
        if now.doomed.issuperset(names) and names:
            verb = "is doomed by the bounds on places for groups and is" if len(names) == 1 else ""
            verb = verb or "are doomed by the bounds on places for groups and are"
            return f"{_listed(names)} {verb} excluded"
        if now.guarded and len(names) == 1:
            guarded = _listed(sorted(now.guarded))
            return f"Leaving out {guarded} (guarded), {names[0]} has the fewest votes and is excluded"
        return ""


def _said(names: list[str], by: tuple[Group, ...], doomed: bool) -> str:
    verb = "is" if len(names) == 1 else "are"
    bounds = _listed([group.said() for group in by])
    if doomed:
        return f"{_listed(names)} {verb} doomed, whatever the votes: if elected, the bounds {bounds} could not be met."
    return f"{_listed(names)} {verb} guarded and cannot be excluded: without, the bounds {bounds} could not be met."


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
