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

\b
Exit codes: 0 passed, 1 failed, 2 unusable or not yet supported, 3 incomplete.
A second verifier, in plain Python and independent of this one: python3 auditor/verify.py PATH"""
)
@click.argument("path", type=click.Path(path_type=Path))
@speak.as_json
@click.pass_context
def verify(context: click.Context, path: Path, json_: bool) -> None:
    """Run every check over PATH: a public folder, or one archive UUID.bel."""
    from selectorate.pages import terminal
    from selectorate.verify import not_covered, open_source
    from selectorate.verify import verify as run

    source = open_source(path)
    with speak.Progress("Checking ballots") as progress:
        report = run(source, progress=progress)
    lines = [] if json_ else [terminal.report_text(report).rstrip(), "Not covered:"]
    if not json_:
        lines += [f"  {sentence}" for sentence in not_covered(source)]
    speak.tell(json_, report.to_json(), *lines)
    context.exit(report.exit_code)
