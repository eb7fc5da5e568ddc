"""Engines that rooms run on: DuckDB for the roll, with its memory and spill bounded."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from selectorate.errors import refuse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "4GB"
SPILL = "8GB"


@contextmanager
def at_work(path: Path | None) -> Iterator[DuckDBPyConnection]:
    """The roll's tables for one act; without a path tables that never touch a disk. Ctrl-C stops a
    running query at once.

    DuckDB looks for signals between its tasks only, and not while another of its threads has the only task;
    Python's own handler waits until DuckDB returns. So a thread is woken by the signal and stops the query.
    """
    engine = roll_engine(path)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)

    def watch() -> None:
        while received := os.read(woken, 1):
            if received[0] == signal.SIGINT:
                engine.interrupt()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    main = threading.current_thread() is threading.main_thread()
    before = signal.set_wakeup_fd(wake) if main else -1
    try:
        yield engine
    finally:
        if main:
            signal.set_wakeup_fd(before)
        os.close(wake)  # ends the thread
        watcher.join()
        os.close(woken)
        engine.close()


def roll_engine(path: Path | None) -> DuckDBPyConnection:
    """An open DuckDB database: the roll's tables at `path`, or one in memory.

    Raises Refusal `engine.missing` where DuckDB is not installed, `engine.trouble` where the file cannot be used.
    """
    try:
        import duckdb
    except ModuleNotFoundError:
        raise refuse("engine.missing") from None
    try:
        engine = duckdb.connect(str(path) if path else ":memory:")
        engine.execute(f"SET memory_limit = '{MEMORY}'")
        if path is None:
            # what is only looked at leaves nothing behind; in memory it is packed as it would be in a file
            engine.execute("SET temp_directory = ''")
            engine.execute("ATTACH ':memory:' AS packed (COMPRESS)")
            engine.execute("USE packed")
        else:
            engine.execute(f"SET max_temp_directory_size = '{SPILL}'")
    except duckdb.Error as reason:
        raise refuse("engine.trouble", file=path or "memory", because=str(reason).splitlines()[0]) from None
    if path is not None:
        path.chmod(0o600)
    return engine
