"""Auditor: check a public folder or an archive, offline, with no trust in whoever made it."""

from __future__ import annotations

from pathlib import Path

import click

from selectorate.cli import speak


@click.command(
    epilog="""\b
Examples:
  selectorate verify demo/public
  selectorate verify 4rWTX9kTQ1mPzd.bel --json
  selectorate verify public --earlier 4rWTX9kTQ1mPzd-of-monday.bel --resume progress

\b
Exit codes: 0 passed, 1 failed, 2 unusable or not yet supported, 3 incomplete.
A second verifier, in plain Python and independent of this one: python3 auditor/verify.py PATH"""
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--earlier",
    metavar="COPY",
    type=click.Path(path_type=Path),
    help="An archive or folder that you kept before: PATH must go on from it without any change.",
)
@click.option(
    "--resume",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Keep in FILE how far the proofs have been checked; a later run does not repeat them.",
)
@speak.as_json
@click.pass_context
def verify(
    context: click.Context, path: Path, earlier: Path | None, resume: Path | None, json_: bool
) -> None:
    """Run every check over PATH: a public folder, one archive UUID.bel, or - for an archive that is piped in.

    Ends with what this election promises and on which conditions, filled from what was checked.
    """
    from selectorate.pages import terminal
    from selectorate.verify import Progress, judge, not_covered, open_source

    if resume is not None:
        speak.demand_other(resume, path, *((earlier,) if earlier else ()))
    source = open_source(path)
    copy = open_source(earlier) if earlier else None
    kept = Progress(resume) if resume else None
    with speak.Progress("Checking ballots") as progress:
        found = judge(source, progress=progress, earlier=copy, resume=kept)
    report, rows = found.report, [claim.to_json() for claim in found.claims]
    if kept is not None and kept.note:
        click.echo(kept.note, err=True)
    lines = [] if json_ else [terminal.report_text(report).rstrip(), "Not covered:"]
    if not json_:
        lines += [f"  {sentence}" for sentence in not_covered(source)]
        lines += [terminal.claims_text(rows).rstrip()] if rows else []
    speak.tell(json_, report.to_json() | {"claims": rows}, *lines)
    context.exit(report.exit_code)
