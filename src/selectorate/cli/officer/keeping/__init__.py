"""Officer: what is owed to those who stand on the roll. Commands of `selectorate roll`, a file for each concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectorate.cli.officer.keeping import appeals, clock, pairs, persons, samples

if TYPE_CHECKING:
    import click

COMMANDS: tuple[click.Command, ...] = (
    *persons.COMMANDS,
    *pairs.COMMANDS,
    *appeals.COMMANDS,
    *samples.COMMANDS,
    *clock.COMMANDS,
)
