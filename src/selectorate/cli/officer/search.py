"""A search that shows how far it is, and that Ctrl-C ends with what it has found."""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

import click

_WIDTH = 100


class Search:
    """Pass it to a search as `told`. On a terminal, after two seconds: what is examined, its share, how long it takes.

    Ctrl-C once: the search ends at its next step and gives the bounds that it has; twice: the command ends at once.
    """

    def __init__(self, what: str) -> None:
        self.what, self.doing, self.done, self.total = what, "", 0, 0
        self.stopped = False
        self._over = threading.Event()
        self._watcher: threading.Thread | None = None
        self._before: Any = None

    def __call__(self, doing: str, done: int, total: int) -> None:
        self.doing, self.done, self.total = doing, done, total
        if self.stopped:
            from selectorate.count.margin.found import Stopped

            raise Stopped

    def __enter__(self) -> Search:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._stop)
        if sys.stderr.isatty():
            self._watcher = threading.Thread(target=self._show, daemon=True)
            self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        self._over.set()
        if self._watcher:
            self._watcher.join()
        if self.stopped:
            click.echo(
                "Stopped: what follows is what was found until then. No number is more than proved.", err=True
            )

    def _stop(self, _: int, __: FrameType | None) -> None:
        if self.stopped:
            raise KeyboardInterrupt
        self.stopped = True

    def line(self, seconds: int) -> str:
        """What is examined, and how much of it; else only what is searched for."""
        if not self.total:
            return f"Searching for {self.what} ... {seconds} s"
        share = min(1.0, self.done / self.total)
        bar = "█" * round(24 * share) + "░" * (24 - round(24 * share))
        ends = "stops at the next step" if self.stopped else "Ctrl-C: stop with what is found"
        return f"{self.doing} {bar} {self.done:,} of {self.total:,}, {seconds} s ({ends})"

    def _show(self) -> None:
        begun, shown = time.monotonic(), False
        while not self._over.wait(0.5):
            seconds = int(time.monotonic() - begun)
            if seconds >= 2:
                shown = True
                click.echo("\r" + self.line(seconds).ljust(_WIDTH), nl=False, err=True)
        if shown:
            click.echo("\r" + " " * (_WIDTH + 20) + "\r", nl=False, err=True)
