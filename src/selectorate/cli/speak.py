"""What commands have in common when they speak: JSON or sentences, progress, the next step."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.log.objects import Holder

if TYPE_CHECKING:
    from selectorate.ballot.check import Examination
    from selectorate.ballot.objects import Verified
    from selectorate.verify.source import Source

Command = Callable[..., Any]


def as_json(command: Command) -> Command:
    return click.option("--json", "json_", is_flag=True, help="Print JSON instead of sentences.")(command)


def at(command: Command) -> Command:
    """The time of the act, for demonstrations only (the workspace refuses it elsewhere)."""
    return click.option("--at", "at_", type=MOMENT, default=None, hidden=True)(command)


def on_engine(command: Command) -> Command:
    """Where the heavy work is done; `cluster_of` makes of both options what the office takes."""
    command = click.option(
        "--spark-master",
        help="The cluster for --engine spark, as spark://host:port (default: SELECTORATE_SPARK).",
    )(command)
    return click.option(
        "--engine",
        type=click.Choice(("duckdb", "spark")),
        default="duckdb",
        help="duckdb: this computer; spark: a cluster, for rolls beyond one computer. The answers are the same.",
    )(command)


def cluster_of(engine: str, spark_master: str | None) -> str | None:
    """The address of the cluster to be used; None for none. Raises Refusal `spark.address`."""
    if engine != "spark":
        return None
    from selectorate.office.engines.clusters import address

    return address(spark_master)


def with_passphrase(command: Command) -> Command:
    """The one way to give a passphrase beside the terminal; never an argument, never the environment."""
    return click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path),
        default=None,
        help="A file whose first line is the passphrase and that only you may read; else you are asked.",
    )(command)


def new_passphrase(file: Path | None, what: str) -> str:
    """A passphrase for a file to be made: from the file, or asked twice without being shown.

    Raises Refusal `sealed.passphrase_file`, `sealed.passphrase_short`, `sealed.passphrase_form`,
    `sealed.passphrase_differs`, `sealed.nobody_to_ask`, `file.*`.
    """
    from selectorate.errors import refuse
    from selectorate.office.sealed import demand_passphrase

    if file is not None:
        typed = _first_line(file)
    else:
        typed = _asked(f"New passphrase for {what}")
        demand_passphrase(typed)
        if typed != _asked("The same again"):
            raise refuse("sealed.passphrase_differs")
    demand_passphrase(typed)
    return typed


def passphrase(file: Path | None, what: str) -> str:
    """The passphrase of a file that is there: from the file named, or asked once without being shown.

    Raises Refusal `sealed.passphrase_file`, `sealed.nobody_to_ask`, `file.*`.
    """
    return _first_line(file) if file is not None else _asked(f"Passphrase for {what}")


def _first_line(file: Path) -> str:
    from selectorate.errors import refuse
    from selectorate.office import files

    first = files.read(file, bytes_max=64 * 1024).partition(b"\n")[0].removesuffix(b"\r")
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise refuse("sealed.passphrase_file", file=file)
    try:
        return first.decode()
    except UnicodeDecodeError:
        raise refuse("file.unreadable", file=file, because="its first line is not UTF-8") from None


def _asked(question: str) -> str:
    from selectorate.errors import refuse

    if not sys.stdin.isatty():
        raise refuse("sealed.nobody_to_ask")
    return str(click.prompt(question, hide_input=True, err=True))


def one_person(command: Command) -> Command:
    return click.option("--by", required=True, metavar="NAME", help="Who does this (goes on the record).")(
        command
    )


def two_persons(command: Command) -> Command:
    second = click.option(
        "--and", "second", required=True, metavar="NAME", help="The second person who does this together."
    )
    return one_person(second(command))


def holders(by: str, second: str | None = None) -> tuple[Holder, ...]:
    """Who does it, by names in one form, so that blanks do not make two persons of one.

    Raises Refusal `seat.nobody` for an empty name.
    """
    first = (Holder("returning officer", plain_name(by)),)
    return first if second is None else (*first, Holder("second officer", plain_name(second)))


def plain_name(typed: str) -> str:
    """A name as it goes on the record. Raises Refusal `seat.nobody`."""
    from selectorate.errors import refuse

    plain = " ".join(unicodedata.normalize("NFC", typed).split())
    if not plain or not plain.isprintable():
        raise refuse("seat.nobody")
    return plain


def demand_other(out: Path, *inputs: Path) -> None:
    """Raise Refusal `seat.out` where a command would write over what it reads."""
    from selectorate.errors import refuse

    if out.resolve() in {path.resolve() for path in inputs}:
        raise refuse("seat.out", out=out)


class _Moment(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is not a time; write 2027-03-01T09:00:00Z.", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


MOMENT = _Moment()


def tell(json_: bool, value: dict[str, Any], *lines: str, following: str | None = None) -> None:
    """Print the value as JSON, or the lines and the suggested next command."""
    if json_:
        click.echo(json.dumps(value, ensure_ascii=False))
        return
    for line in lines:
        click.echo(line)
    if following:
        click.echo(f"Next: {following}")


@contextmanager
def waiting(doing: str) -> Iterator[None]:
    """Shows on a terminal, after two seconds, that work whose end cannot be foreseen goes on, and for how long."""
    with Steps(doing):
        yield


class Steps:
    """A line on standard error, on a terminal and after two seconds, for work in steps that are not all counted.

    Called with (what is being done, how much of it, of how much); it is told from any thread.
    """

    def __init__(self, doing: str) -> None:
        self.now: tuple[str, int, int] = (doing, 0, 0)
        self._over = threading.Event()
        self._watcher: threading.Thread | None = None

    def __call__(self, doing: str, done: int, total: int) -> None:
        self.now = (doing, done, total)

    def line(self, seconds: int) -> str:
        doing, done, total = self.now
        if not total:
            return f"{doing} … {seconds} s"
        full = round(24 * min(1.0, done / total))
        return f"{doing} {'█' * full}{'░' * (24 - full)} {done:,} of {total:,}, {seconds} s"

    def _show(self) -> None:
        begun, width = time.monotonic(), 0
        while not self._over.wait(0.5):
            if (seconds := int(time.monotonic() - begun)) >= 2:
                line = self.line(seconds)
                width = max(width, len(line))
                click.echo(f"\r{line.ljust(width)}", nl=False, err=True)
        if width:
            click.echo("\r" + " " * width + "\r", nl=False, err=True)

    def __enter__(self) -> Steps:
        if sys.stderr.isatty():
            self._watcher = threading.Thread(target=self._show, daemon=True)
            self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._watcher:
            self._over.set()
            self._watcher.join()


def sound_archive(public: Path) -> Verified:
    """Every check over a public folder; what was verified, or a refusal that names the first failed duty.

    Mixers and trustees build on nothing else: they act on the record that they checked themselves.
    """
    from selectorate.verify import open_source

    return sound_source(open_source(public))


def sound_source(source: Source) -> Verified:
    """As `sound_archive`, of a folder that was read already."""
    from selectorate.errors import refuse

    examined = demand_sound(source)
    if examined is None or examined.verified is None:
        raise refuse("elector.no_poll", directory=source.path)
    return examined.verified


def demand_sound(source: Source) -> Examination | None:
    """Every check over a public folder, and what was examined of the archive where there is one.

    Raises Refusal `seat.unsound` naming the first failed duty.
    """
    from selectorate.errors import refuse
    from selectorate.verify import judge

    with Progress("Checking ballots") as progress:
        found = judge(source, progress=progress)
    failed = next((check for check in found.report.checks if check.verdict == "failed"), None)
    if failed is not None:
        raise refuse("seat.unsound", directory=source.path, duty=failed.duty, because=failed.because)
    return found.examined


def sent(owner: int, content: bytes) -> bytes:
    """What a mixer or trustee sends: the owned record and the object, a line each."""
    from selectorate.ballot import wire

    return wire.encode({"owner": owner, "payload": wire.sha256_hex(content)}) + b"\n" + content + b"\n"


class Progress:
    """A line on standard error that shows how many and how long, on a terminal, after two seconds.

    Called with (done, total); usable as the `progress` argument of every room.
    """

    def __init__(self, doing: str) -> None:
        self.doing = doing
        self.began = self.shown = time.monotonic()
        self.on = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not self.on or now - self.began < 2 or now - self.shown < 0.2:
            return
        self.shown = now
        share = done / total if total else 1
        left = (now - self.began) * (1 - share) / share if share else 0
        bar = "█" * round(24 * share) + "░" * (24 - round(24 * share))
        click.echo(
            f"\r{self.doing} {bar} {done:,} of {total:,}, about {left:.0f} s left ", nl=False, err=True
        )

    def close(self) -> None:
        if self.on and self.shown > self.began:
            click.echo("\r" + " " * 100 + "\r", nl=False, err=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
