"""The stage of the demonstration: seats run their real commands here, steps are timed and told."""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

STEPS = 12


class SeatError(Exception):
    """A command of a seat did not do what the demonstration expects; the text has the command and its words."""


class Stage:
    """Runs commands of the seats in this process, as if typed, and tells the steps."""

    def __init__(self, directory: Path) -> None:
        self.place = directory
        self.people = directory / "people"
        self.public = directory / "public"
        self.step_number = 0
        self.began = time.monotonic()
        self.times: list[tuple[str, int]] = []

    def seat(self, *arguments: str | Path, code: int = 0) -> str:
        """Run one command; its standard output. Raises SeatError unless it exits with `code`."""
        from selectorate.cli import run

        typed = [str(argument) for argument in arguments]
        out, talk = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(talk):
            found = run(typed)
        if found != code:
            raise SeatError(
                f"selectorate {' '.join(typed)}\nexit {found}\n{out.getvalue()[-2000:]}{talk.getvalue()}"
            )
        return out.getvalue() if code == 0 else talk.getvalue() or out.getvalue()

    def seat_json(self, *arguments: str | Path) -> Any:
        return json.loads(self.seat(*arguments, "--json"))

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One of the twelve steps; its time is printed when it ends."""
        self.step_number += 1
        begun = time.monotonic()
        click.echo(f"{self.step_number:2}/{STEPS}  {title}")
        yield
        milliseconds = round((time.monotonic() - begun) * 1000)
        self.times.append((title, milliseconds))
        click.echo(f"       {' ' * 62}{milliseconds / 1000:7.1f} s")

    def say(self, *sentences: str) -> None:
        for sentence in sentences:
            click.echo(f"       {sentence}")
