"""Mixer: shuffle the encrypted papers so that nobody can tell whose is whose, and prove that none changed."""

from __future__ import annotations

from pathlib import Path

import click

from selectorate.cli import speak


@click.command(
    epilog="""\b
Example:
  selectorate mix public shuffle.json --owner 1"""
)
@click.argument("public", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--owner", required=True, type=click.IntRange(1, 999), help="Your number among the trustees.")
@speak.as_json
def mix(public: Path, out: Path, owner: int, json_: bool) -> None:
    """Check the folder PUBLIC, then shuffle its encrypted papers, with a proof, into OUT.

    The order of the papers exists only in memory while this runs, and is forgotten with it.
    """
    from selectorate.ballot import make
    from selectorate.errors import refuse
    from selectorate.office import files

    examined = speak.sound_archive(public)
    if examined.shuffle_input is None:
        raise refuse("mixer.not_ready", directory=public)
    with speak.waiting(f"Shuffling {len(examined.counted):,} papers and proving it"):
        content = make.shuffle(examined.setup, examined.shuffle_input)
    files.write(out, speak.sent(owner, content))
    speak.tell(
        json_,
        {"owner": owner, "out": str(out), "papers": len(examined.counted)},
        f"Mixer {owner}: {len(examined.counted):,} encrypted papers shuffled, with a proof.",
        f"Send {out} to the returning officer.",
    )
