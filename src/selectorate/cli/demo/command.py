"""`selectorate demo`: one whole selection of an invented organisation, on one computer."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  selectorate demo
  selectorate demo --dir demo --ballots ward.csv"""
)
@click.option(
    "--dir",
    "directory",
    default="demo",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where to put it; must be new or hold an earlier demonstration.",
)
@click.option(
    "--ballots",
    type=click.Path(path_type=Path),
    help="Papers of a real election to use as the members' choices (scot-elex CSV or BLT).",
)
@click.option(
    "--papers", type=click.IntRange(20, 1_000_000), hidden=True, help="Use only so many papers (for tests)."
)
@click.option("--sentinel", hidden=True, help="Text put into every private field of the roll (for tests).")
def demo(directory: Path, ballots: Path | None, papers: int | None, sentinel: str | None) -> int:
    """Run one whole selection, from a membership list to an independently verified result.

    One computer plays all parts, so this demonstration claims no secrecy. DIR/public is what everybody gets;
    DIR/officer.html and DIR/vault are the officer's; DIR/people is what the others hold.
    """
    from selectorate.cli.demo.play import play

    return play(directory, ballots, papers=papers, sentinel=sentinel)
