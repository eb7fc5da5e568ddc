"""Findings out of groups: the sentence, the numbers, what is against it, and how urgent it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from selectorate.roll.objects import Finding
from selectorate.roll.signals.components import Edges, Group
from selectorate.roll.signals.objects import Asked, Engine, Fact, Seen, Whole

EVENTS_MAX = 400
"""A timeline of more than this many events shows no more."""


@dataclass(frozen=True, slots=True)
class People:
    """What is said about each member of a group: arrays by member, ascending."""

    member: Whole
    branch: Whole
    home: Whole
    day: Whole
    renewed: Whole
    moved: Whole

    def rows(self, members: Whole) -> Whole:
        return np.searchsorted(self.member, members)


def people(engine: Engine, members: Whole) -> People:
    engine.put("named", {"named": np.unique(members)})
    lines = engine.columns(
        "SELECT e.member, e.branch, e.home, e.day, e.renewed, e.moved FROM events e SEMI JOIN named n "
        "ON e.member = n.named ORDER BY e.member"
    )
    engine.drop("named")
    return People(
        lines["member"], lines["branch"], lines["home"], lines["day"], lines["renewed"], lines["moved"]
    )


def finding(
    group: Group, found: Edges, seen: Sequence[Seen], modules: Sequence[ModuleType], who: People, asked: Asked
) -> Finding:
    """One group as a finding."""
    rows = who.rows(group.members)
    strongest = _strongest(group, found, seen, modules, asked)
    number, fact = strongest[0]
    first_module = modules[number]
    branches, counts = np.unique(who.branch[rows], return_counts=True)
    most = int(branches[np.argmax(counts)])
    where = asked.branch_name(most) if len(branches) == 1 else f"{len(branches)} branches"
    homes = len(np.unique(who.home[rows]))
    evidence = _evidence(group, found)
    named = tuple(asked.member_name(int(member)) for member in group.members)
    kinds = tuple(dict.fromkeys(modules[kind].KIND for kind, _ in strongest))
    severity = urgency(strongest, modules, homes, asked)
    because = " ".join([first_module.sentence(fact, where), *_also(strongest[1:], modules, where)])
    days = who.day[rows]
    key = f"{first_module.KIND} {sorted(named)} {int(days.min())} {int(days.max())}"
    return Finding(
        kind=first_module.KIND,
        id=f"{first_module.KIND}-{hashlib.sha256(key.encode()).hexdigest()[:10]}",
        branch=asked.branch_name(most) if len(branches) == 1 else "",
        members=named,
        households=homes,
        first=asked.day(int(days.min())),
        last=asked.day(int(days.max())),
        observed=fact.observed,
        expected=first_module.sentence(fact, where).split(". ", 1)[-1],
        because=because,
        innocent=tuple(dict.fromkeys(line for kind, _ in strongest for line in modules[kind].INNOCENT)),
        settles=tuple(dict.fromkeys(line for kind, _ in strongest for line in modules[kind].SETTLES)),
        against=_against(group, rows, who, fact, branches, homes),
        severity=severity,
        events=_events(group, rows, who, asked),
        links=(*_homes(group, who.home[rows], asked), *_links(group, found, modules, asked)),
        chance=_thousandths(min(fact.expected_milli for _, fact in strongest)),
        weight=asked.weight(first_module.KIND),
        evidence=evidence,
        kinds=kinds,
        past=_past(fact),
        parts=_parts(group, found, modules),
    )


def _strongest(
    group: Group, found: Edges, seen: Sequence[Seen], modules: Sequence[ModuleType], asked: Asked
) -> list[tuple[int, Fact]]:
    """For each signal in the group its value with the most evidence. What makes a finding urgent comes first, so that
    its title is not that of a sign which never would by itself; then the signal with the most evidence."""
    kinds, values, units = found.kind[group.edges], found.value[group.edges], found.units[group.edges]
    best: dict[int, tuple[int, int]] = {}
    for pair in {(int(kind), int(value)) for kind, value in zip(kinds, values, strict=True)}:
        weight = int(units[(kinds == pair[0]) & (values == pair[1])].sum())
        best[pair[0]] = max(best.get(pair[0], (-1, 0)), (weight, -pair[1]))
    ranked = sorted(best.items(), key=lambda each: (-each[1][0], each[0]))
    facts = [(kind, seen[kind].facts[-value]) for kind, (_, value) in ranked if -value in seen[kind].facts]
    return sorted(facts, key=lambda each: not _grave(modules[each[0]], each[1], asked))


def _grave(module: ModuleType, fact: Fact, asked: Asked) -> bool:
    settings = asked.settings
    return bool(
        module.HARD and fact.expected_milli <= settings.chance_grave and fact.homes >= settings.now_homes
    )


def _evidence(group: Group, found: Edges) -> int:
    """Mean evidence of a member, times the root of the size up to twenty-five: a pair of strong links is
    less than a group."""
    total = sum(units for units, _ in _sums(group, found).values())
    size = len(group.members)
    return int(total / size * float(np.sqrt(min(size, 25))))


def _sums(group: Group, found: Edges) -> Mapping[int, tuple[int, int]]:
    """For each signal in the group: the sum over members of the strongest link, and how many members have one."""
    sums = {}
    for kind in np.unique(found.kind[group.edges]).tolist():
        here = group.edges[found.kind[group.edges] == kind]
        people, place = np.unique(found.member[here], return_inverse=True)
        best = np.zeros(len(people), dtype=np.int64)
        np.maximum.at(best, place, found.units[here])
        sums[int(kind)] = (int(best.sum()), len(people))
    return sums


def _parts(group: Group, found: Edges, modules: Sequence[ModuleType]) -> tuple[tuple[str, int, int], ...]:
    """What each signal adds to the evidence of a member, as the mean over all members, the most first."""
    size = len(group.members)
    parts = [
        (modules[kind].KIND, units // size, count) for kind, (units, count) in _sums(group, found).items()
    ]
    return tuple(sorted(parts, key=lambda part: (-part[1], part[0])))


def _past(fact: Fact) -> tuple[tuple[str, int], ...]:
    """The comparison as numbers; nothing without an earlier year."""
    if not fact.years:
        return ()
    years = "the year before" if fact.years == 1 else f"{fact.years} earlier years"
    return (
        (f"most elsewhere in {years}", fact.most),
        ("here, at most before", fact.own),
        ("now", fact.observed),
    )


def urgency(
    strongest: Sequence[tuple[int, Fact]], modules: Sequence[ModuleType], homes: int, asked: Asked
) -> int:
    """1 notice, 2 ask, 3 ask now, 4 before the vote.

    Only an account, a telephone, an address or a cohort with a trace of its own asks now; a device, a
    recruiter, a collector or dates alone never do, however many they brought.
    """
    settings = asked.settings
    chance = min(fact.expected_milli for _, fact in strongest)
    grave = any(_grave(modules[kind], fact, asked) for kind, fact in strongest)
    if grave:
        return 4 if homes >= settings.vote_homes else 3
    # Without such a trace even a question needs as many homes as would make the others urgent.
    hard = any(modules[kind].HARD for kind, _ in strongest)
    least = settings.ask_homes if hard else settings.now_homes
    asks = chance <= settings.chance_notice and max(fact.homes for _, fact in strongest) >= least
    return 2 if asks and homes >= settings.ask_homes else 1


def _also(rest: Sequence[tuple[int, Fact]], modules: Sequence[ModuleType], where: str) -> list[str]:
    return [
        f"Also: {modules[kind].sentence(fact, where).split('. ', 1)[0].rstrip('.')}."
        for kind, fact in rest[:2]
    ]


def _against(
    group: Group, rows: Whole, who: People, fact: Fact, branches: Whole, homes: int
) -> tuple[str, ...]:
    """What does not fit an arrangement to bring in votes."""
    said = []
    days = who.day[rows]
    spread = int(days.max() - days.min()) + 1
    if spread > 90:
        said.append(f"it is spread over {spread} days, not over a few")
    if len(branches) > 1:
        said.append(f"the members belong to {len(branches)} different branches")
    if homes < len(rows):
        together = len(rows) - homes
        lives = "one of the members lives" if together == 1 else f"{together} of the members live"
        said.append(f"{lives} with another one of them")
    if fact.own > 1:
        said.append(f"the same showed for {fact.own} homes in an ordinary earlier year already")
    if not fact.years:
        said.append("there is no earlier year to compare with")
    return tuple(said) or ("nothing that the roll shows",)


def _events(group: Group, rows: Whole, who: People, asked: Asked) -> tuple[tuple[int, str, str], ...]:
    lines = []
    for row, member in zip(rows.tolist(), group.members.tolist(), strict=True):
        name = asked.member_name(member)
        lines.append((int(who.day[row]), name, "renewal" if who.renewed[row] else "join"))
        if who.moved[row] >= who.day[row]:
            lines.append((int(who.moved[row]), name, "transfer"))
    return tuple(sorted(lines)[:EVENTS_MAX])


def _homes(group: Group, homes: Whole, asked: Asked) -> tuple[tuple[str, str, int], ...]:
    """Which members live together; homes are numbered within the finding, by their first member."""
    numbers: dict[int, int] = {}
    return tuple(
        (asked.member_name(member), "home", numbers.setdefault(home, len(numbers) + 1))
        for member, home in zip(group.members.tolist(), homes.tolist(), strict=True)
    )


def _links(
    group: Group, found: Edges, modules: Sequence[ModuleType], asked: Asked
) -> tuple[tuple[str, str, int], ...]:
    """Who hangs on what; instruments are numbered within the finding, by the first member they touch."""
    numbers: dict[tuple[int, int], int] = {}
    lines = []
    order = np.lexsort((found.value[group.edges], found.kind[group.edges], found.member[group.edges]))
    for row in group.edges[order].tolist():
        pair = (int(found.kind[row]), int(found.value[row]))
        number = numbers.setdefault(pair, len(numbers) + 1)
        lines.append((asked.member_name(int(found.member[row])), modules[pair[0]].KIND, number))
    return tuple(lines)


def _thousandths(number: int) -> str:
    return f"{number // 1000}.{number % 1000:03}"[:-1] if number >= 10 else "0.01"
