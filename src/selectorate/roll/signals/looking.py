"""The whole look: events, every signal, evidence of members, groups, findings, and how far honest years
scatter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from selectorate.roll.objects import Finding
from selectorate.roll.signals import components, events, findings
from selectorate.roll.signals.branch import blocks, crowd, network, rejoin, surge, transfers, weak
from selectorate.roll.signals.calibration import Placebo, placebo
from selectorate.roll.signals.objects import Asked, Declared, Engine, Whole
from selectorate.roll.signals.own import building, collector, recruiter
from selectorate.roll.signals.records import edits, exclusions, moves, receipts, signins
from selectorate.roll.signals.settings import Settings
from selectorate.roll.signals.shared import device, email, payer, phone

MODULES: tuple[ModuleType, ...] = (
    payer, phone, email, device, building, recruiter, collector, crowd, transfers, weak, network,
    surge, rejoin, blocks, moves, edits, receipts, exclusions, signins,
)  # fmt: skip
"""In the order of the look: `weak` reads what the four shared ones leave."""


@dataclass(frozen=True, slots=True)
class Look:
    """findings: the most urgent first; members and units: evidence of each member who has any, in thousandths
    of a log10 unit, by number; small: the roll is too small for a number about a person, and there is none."""

    findings: tuple[Finding, ...]
    members: Whole
    units: Whole
    years: int
    small: bool
    settings: Settings
    placebo: tuple[Placebo, ...]


def asked_of(
    engine: Engine,
    freeze: int,
    settings: Settings,
    declared: Declared | None = None,
    tables: frozenset[str] = frozenset(),
    weights: Mapping[str, int] | None = None,
    *,
    calibrated: bool = True,
) -> Asked:
    """Make the events and tell how many earlier years there are. calibrated=False passes over all earlier
    years: only for measuring what they are worth."""
    declared = declared or Declared()
    years = events.make(engine, freeze, settings.years_max, declared)
    years = years if calibrated else 0
    size = int(engine.columns("SELECT count(*) AS members FROM members")["members"][0])
    return Asked(freeze, years, size, settings, declared, tables, weights or {})


def look(engine: Engine, asked: Asked, modules: Sequence[ModuleType] = MODULES) -> Look:
    """Everything. modules: the signals, in order; leaving some out is for measuring what each is worth."""
    seen = [module.look(engine, asked) for module in modules]
    soft = [bool(module.SOFT) for module in modules]
    members, units = components.member_units(seen, soft, asked.settings, 0)
    found = components.edges(seen, asked.settings)
    who = findings.people(engine, found.member)
    branch = who.branch[who.rows(found.member)]
    found = components.untangled(components.at_home(found, branch, asked.settings), soft)
    homes = dict(zip(who.member.tolist(), who.home.tolist(), strict=True))
    made = [
        findings.finding(group, found, seen, modules, who, asked)
        for group in components.groups(found, homes, asked.settings)
    ]
    made += [one for each in seen for one in each.findings]
    made.sort(key=lambda one: (-one.severity, -one.evidence, one.kind, one.id))
    small = asked.size < asked.settings.small_roll
    if small:
        members, units = members[:0], units[:0]
    return Look(
        tuple(made), members, units, asked.years, small, asked.settings, placebo(engine, seen, soft, asked)
    )
