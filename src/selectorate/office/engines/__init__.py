"""Engines that rooms run on: DuckDB for the roll, with its memory and spill bounded."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from selectorate.errors import Refusal, refuse
from selectorate.office.vault.spill import spill_folder

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "3GB"
SPILL_MAX = 64 * 1024**3
SPARED = 512 * 1024**2
"""Bytes of a disk that are left to others."""
Bar = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, of how much."""


@contextmanager
def at_work(path: Path | None, near: Path | None = None) -> Iterator[DuckDBPyConnection]:
    """The roll's tables for one act; without a path tables that are gone afterwards. Ctrl-C stops a running query
    at once.

    near: the folder in which a spill is made and taken away again; else that of the path. DuckDB looks for signals
    between its tasks only, and not while another of its threads has the only task; Python's own handler waits
    until DuckDB returns. So a thread is woken by the signal and stops the query.

    Raises Refusal `engine.room` where memory and the room on the disk do not suffice.
    """
    with spill_folder(near or (path.parent if path else None)) as folder:
        engine = roll_engine(path, folder)
        if path is None:
            # for this connection alone: its cursors begin with the settings of a fresh one, and see nothing of it
            engine.execute("USE packed")
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        stopped = threading.Event()

        def watch() -> None:
            while received := os.read(woken, 1):
                if received[0] == signal.SIGINT:
                    stopped.set()
                    engine.interrupt()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        main = threading.current_thread() is threading.main_thread()
        before = signal.set_wakeup_fd(wake) if main else -1
        try:
            yield engine
        except Exception as reason:
            # what an interrupted engine says differs: of the query, of a transaction that is gone, of a closed file
            if stopped.is_set():
                raise KeyboardInterrupt from reason
            if refusal := _no_room(reason, folder):
                raise refusal from None
            raise
        finally:
            if main:
                signal.set_wakeup_fd(before)
            os.close(wake)  # ends the thread
            watcher.join()
            os.close(woken)
            engine.close()


def _no_room(reason: Exception, folder: Path) -> Refusal | None:
    """The refusal where an engine had not enough room, by its own words."""
    kind, said = type(reason).__name__, str(reason)
    if kind == "OutOfMemoryException" or os.strerror(errno.ENOSPC) in said:
        free = shutil.disk_usage(folder.parent).free
        return refuse("engine.room", folder=folder.parent, free=f"{free / 1e9:.1f}", memory=MEMORY)
    return None


def roll_engine(path: Path | None, spill: Path | None = None) -> DuckDBPyConnection:
    """An open DuckDB database: the roll's tables at `path`, or one in memory. spill: the folder for what does not
    fit into memory; without it nothing touches a disk.

    Raises Refusal `engine.missing` where DuckDB is not installed, `engine.trouble` where the file cannot be used.
    """
    try:
        import duckdb
    except ModuleNotFoundError:
        raise refuse("engine.missing") from None
    try:
        engine = duckdb.connect(str(path) if path else ":memory:")
        engine.execute(f"SET memory_limit = '{MEMORY}'")
        engine.execute("SET temp_directory = ?", [str(spill or "")])
        if spill is not None:
            most = min(SPILL_MAX, max(shutil.disk_usage(spill).free - SPARED, 0))
            engine.execute(f"SET max_temp_directory_size = '{most // 1024}KiB'")
        # lines of a large file wait here; in memory they are packed as they would be in a file
        engine.execute("ATTACH ':memory:' AS packed (COMPRESS)")
    except duckdb.Error as reason:
        raise refuse("engine.trouble", file=path or "memory", because=str(reason).splitlines()[0]) from None
    if path is not None:
        path.chmod(0o600)
    return engine


@contextmanager
def showing(engine: DuckDBPyConnection, bar: Bar | None, doing: str, total: int) -> Iterator[None]:
    """Tell the bar how far the statements inside have come, by the engine's own estimate."""
    if bar is None:
        yield
        return
    tell, over = bar, threading.Event()
    for setting in ("enable_progress_bar_print = false", "enable_progress_bar = true"):
        engine.execute(f"SET {setting}")  # else the engine does not estimate

    def look() -> None:
        while not over.wait(0.25):
            share = max(0.0, min(100.0, engine.query_progress()))
            tell(doing, int(total * share / 100), total if share else 0)

    looker = threading.Thread(target=look, daemon=True)
    looker.start()
    try:
        yield
    finally:
        over.set()
        looker.join()
