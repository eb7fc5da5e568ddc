"""Officer: what is seen and done with findings. Commands of `selectorate roll`, a file for each concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectorate.cli.officer.evidence import declare, explain, pages, reviews

if TYPE_CHECKING:
    import click

COMMANDS: tuple[click.Command, ...] = (
    *declare.COMMANDS,
    *reviews.COMMANDS,
    *pages.COMMANDS,
    *explain.COMMANDS,
)
