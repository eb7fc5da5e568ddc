"""The ballot summary, for electors who look for their tracker and for programs that compare."""

from __future__ import annotations

from pathlib import Path

import click

from selectorate.cli import speak


@click.command(
    epilog="""\b
Examples:
  selectorate ballot summary public
  selectorate ballot summary 4rWTX9kTQ1mPzd.bel --out summary.json"""
)
@click.argument("public", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write the summary to this file, as JSON.")
@speak.as_json
def summary(public: Path, out: Path | None, json_: bool) -> None:
    """List the last ballot of each elector in PUBLIC, a public folder or an archive: the newest first.

    Nothing is checked but the archive's form: `selectorate verify` says whether the ballots are valid.
    """
    from selectorate.ballot import archive
    from selectorate.ballot.summary import summary_of
    from selectorate.errors import refuse
    from selectorate.office import files
    from selectorate.verify import open_source

    if out is not None:
        speak.demand_other(out, public)
    source = open_source(public)
    with source.opened() as stream:
        if stream is None:
            raise refuse("elector.no_poll", directory=public)
        read, faults = archive.read(stream, source.uuid)
        if faults:
            because = f"{faults[0].reason} (duty {faults[0].duty})"
            raise refuse("ballot.form", what=f"The archive in {public}", because=because)
        found = summary_of(read)
    if out is not None:
        files.write(out, found.to_json())
    voted = len(found.ballots)
    told = {"uuid": found.uuid, "voted": voted, "cast": found.cast, "out": str(out) if out else None}
    shown = [] if out else list(found.lines())
    noun = "elector" if voted == 1 else "electors"
    speak.tell(
        json_,
        told | {"summary": found.entries()},
        f"Election {found.uuid}: {voted:,} {noun} voted, {found.cast:,} ballots were cast.",
        *shown,
        *([f"The summary is in {out}."] if out else []),
    )
