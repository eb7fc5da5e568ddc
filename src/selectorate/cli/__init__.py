"""The command line: one module per seat (officer, trustee, mixer, credential authority, elector, auditor).

Takes arguments and files; gives sentences on standard output (or JSON with --json), talk and progress on
standard error, and exit codes: 0 done or passed, 1 a check failed, 2 refused or unusable, 3 incomplete,
130 interrupted. Never a traceback without --debug. Commands are imported only when they are run, so that
`selectorate --help` starts at once.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from selectorate import __version__

if TYPE_CHECKING:
    from selectorate.errors import Refusal

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module:attribute, one line of help). Order is that of a selection.
    "demo": ("selectorate.cli.demo.command:demo", "Run one whole selection of an invented organisation."),
    "verify": ("selectorate.cli.auditor:verify", "Check a public folder or an archive, offline."),
    "count": ("selectorate.cli.officer.count:count", "Count a file of papers, or a workspace's poll."),
    "check-sheet": ("selectorate.cli.sheets:check_sheet", "Check a count sheet, with or without the papers."),
    "margin": (
        "selectorate.cli.officer.margin:margin",
        "How many papers stand between the elected and others.",
    ),
    "certify-count": (
        "selectorate.cli.officer.margin:certify_count",
        "Could so many doubtful papers have changed who is elected?",
    ),
    "rules": (
        "selectorate.cli.officer.rules:rules",
        "Read a rulebook, and see what a change would do before it is adopted.",
    ),
    "new": ("selectorate.cli.officer.start:new", "Officer: start a workspace with a rulebook."),
    "status": ("selectorate.cli.officer.start:status", "Officer: what is done, what comes next."),
    "vault": (
        "selectorate.cli.officer.keeping.vault:vault",
        "Officer: seal the private files, open them again.",
    ),
    "roll": ("selectorate.cli.officer.roll:roll", "Officer: import, check, decide, freeze the roll."),
    "ballot": ("selectorate.cli.officer.ballot:ballot", "Officer: open the poll, accept, close, tally."),
    "certify": (
        "selectorate.cli.officer.count:certify",
        "Officer: could the doubts have changed the outcome?",
    ),
    "case": ("selectorate.cli.officer.case:case", "Officer: decide a case by the rulebook."),
    "publish": ("selectorate.cli.officer.start:publish", "Officer: write the pages of the public folder."),
    "credentials": ("selectorate.cli.authority:credentials", "Credential authority: make voting letters."),
    "trustee": ("selectorate.cli.trustee:trustee", "Trustee: make a key, decrypt with it."),
    "ceremony": (
        "selectorate.cli.ceremony:ceremony",
        "Trustees: make one key together, of which T of m members are enough.",
    ),
    "mix": ("selectorate.cli.mixer:mix", "Mixer: shuffle the ballots with a proof."),
    "vote": ("selectorate.cli.elector:vote", "Elector: encrypt and sign a ballot."),
    "slip": ("selectorate.cli.elector:slip", "Elector: check that you are on the roll."),
    "receipt": ("selectorate.cli.elector:receipt", "Elector: check that your ballot stands in the record."),
}


class LazyGroup(click.Group):
    """A group that lists its commands from a table and imports one only when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args or args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        raise click.UsageError(f"There is no command “{args[0]}”. {self._meant(ctx, args[0])}".strip(), ctx)

    def _meant(self, ctx: click.Context, name: str) -> str:
        """What else is called so, or nearly so; a command of a group is found by its own name too."""
        from selectorate.errors.naming import did_you_mean

        groups = {group: self.get_command(ctx, group) for group in COMMANDS}
        within = [
            f"{group} {name}"
            for group, found in groups.items()
            if isinstance(found, click.Group) and name in found.commands
        ]
        if within:
            return f"There is: {', '.join(f'selectorate {one}' for one in within)}."
        return did_you_mean(name, COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    epilog="""\b
Examples:
  selectorate demo --dir demo
  selectorate roll check members.xlsx
  selectorate count ward.blt --rules scottish-stv --seats 4
  selectorate verify demo/public""",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="selectorate")
@click.option("--debug", is_flag=True, help="Show a traceback when something fails.")
@click.pass_context
def selectorate(context: click.Context, debug: bool) -> None:
    """Internal democracy for member organisations: a checked roll, verifiable secret ballots, a count that a
    losing candidate can follow, and one public record that a stranger can check."""
    context.obj = {"debug": debug}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; the only place where a refusal becomes an exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    sys.exit(run(arguments))


def run(arguments: list[str]) -> int:
    """The exit code of one command."""
    from selectorate.errors import Refusal

    # A command holds lists of members that form no circles: looking for circles among them at every turn costs a
    # twentieth of its time.
    gc.set_threshold(200_000, 20, 100)

    try:
        code: Any = selectorate.main(arguments, prog_name="selectorate", standalone_mode=False)
        sys.stdout.flush()
    except Refusal as refusal:
        if "--debug" in arguments:
            raise
        return _refused(refusal, arguments)
    except click.exceptions.Exit as reason:
        return reason.exit_code
    except click.ClickException as reason:
        reason.show()
        return 2
    except click.Abort:
        return _interrupted("")  # click has ended the line
    except KeyboardInterrupt:
        return _interrupted("\n")
    except (BrokenPipeError, SystemExit):
        # Whoever read has gone (click ends the program for it, with the code that says that a check failed).
        # Without this Python complains once more when it flushes at the end.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as reason:
        if "--debug" in arguments:
            raise
        place = f"{reason.filename}: " if reason.filename else ""
        click.echo(f"{place}{reason.strerror or reason}. Nothing is half-written.", err=True)
        return 2
    except Exception as reason:
        # DuckDB answers Ctrl-C with errors of its own.
        if str(reason) == "Query interrupted" or type(reason).__name__ == "InterruptException":
            return _interrupted("\n")
        if "--debug" in arguments:
            raise
        from selectorate.errors import refuse

        return _refused(refuse("program.fault", because=f"{type(reason).__name__}, {reason}"), arguments)
    return code if isinstance(code, int) else 0


def _refused(refusal: Refusal, arguments: list[str]) -> int:
    """Sentence and remedy, or with --json one line of JSON with the code beside them (docs/manual/json.md)."""
    said = f"{refusal.sentence}\n{refusal.remedy}".strip()
    if "--json" in arguments:
        import json

        said = json.dumps(refusal.to_json(), ensure_ascii=False)
    click.echo(said, err=True)
    return 1 if refusal.family == "check failed" else 2


def _interrupted(line_end: str) -> int:
    click.echo(
        f"{line_end}Interrupted. Nothing is half-written; run the same command again to go on.", err=True
    )
    return 130
