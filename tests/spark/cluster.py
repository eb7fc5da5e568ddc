"""A standalone Spark cluster on this computer, for the tests: a master and two workers, each a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

QUIET = (
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
)
"""pyspark leaves sockets to the collector of garbage; that is not for our tests to mend."""
WORKERS = 2
WORKER_MEMORY = "2g"
STARTS_WITHIN = 300.0
DEFAULTS = """\
spark.executor.memory 1500m
spark.driver.memory 1500m
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
"""


def missing() -> str:
    """Why no cluster can be started here, in a sentence; "" where one can."""
    if find_spec("pyspark") is None:
        return "Spark is not installed here; `make spark` sets it up and runs these"
    try:
        subprocess.run(["java", "-version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "Spark needs Java, which is not here; `make spark` sets it up and runs these"
    return ""


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start it, give its address, end it. folder: where it logs and puts things aside.

    Raises RuntimeError where it does not come up.
    """
    import pyspark

    home = Path(pyspark.__file__).parent
    (folder / "conf").mkdir()
    (folder / "conf" / "spark-defaults.conf").write_text(DEFAULTS)
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_CONF_DIR": str(folder / "conf"),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "PYSPARK_PYTHON": sys.executable,
    }
    before = {name: os.environ.get(name) for name in ("SPARK_HOME", "SPARK_CONF_DIR", "PYSPARK_PYTHON")}
    os.environ.update({name: environment[name] for name in before})
    port = _free()
    address = f"spark://127.0.0.1:{port}"
    deploy, own = "org.apache.spark.deploy", str(home / "bin" / "spark-class")
    with ExitStack() as started:
        started.callback(_restore, before)
        master = [
            own,
            f"{deploy}.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--webui-port",
            "0",
        ]
        log = _start(started, master, environment, folder / "master.log")
        _wait(log, "New state: ALIVE")
        worker = [own, f"{deploy}.worker.Worker", "--host", "127.0.0.1", "--webui-port", "0", "--cores", "1"]
        logs = [
            _start(
                started, [*worker, "--memory", WORKER_MEMORY, address], environment, folder / f"worker{n}.log"
            )
            for n in range(1, WORKERS + 1)
        ]
        for log in logs:
            _wait(log, "Successfully registered with master")
        yield address


def _restore(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _start(started: ExitStack, command: list[str], environment: dict[str, str], log: Path) -> Path:
    out = started.enter_context(log.open("wb"))
    running = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    started.callback(_end, running)
    return log


def _end(running: subprocess.Popen[bytes]) -> None:
    running.terminate()
    try:
        running.wait(30)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


def _wait(log: Path, sign: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if sign in log.read_text(errors="replace"):
            return
        time.sleep(0.2)
    raise RuntimeError(f"Spark did not come up: {log.read_text(errors='replace')[-2000:]}")


def _free() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
