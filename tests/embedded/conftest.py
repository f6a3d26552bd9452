"""Servers of their own for the tests of the embedded PostgreSQL: real processes in folders of their own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tracker.embedded import EmbeddedServer

REPO = Path(__file__).parents[2]


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder; whatever server a test leaves on it is stopped."""
    folder = tmp_path / "var"
    yield folder
    EmbeddedServer(folder).stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start Python programs that use the server; those still running at the end are killed."""
    started: list[subprocess.Popen[str]] = []

    def run(
        code: str, *arguments: object, before: Sequence[str] = (), path: Path = REPO, cwd: Path | None = None
    ) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            [*before, sys.executable, "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=cwd,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until a condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to hold in time"
        time.sleep(0.05)


def at_work(pid: int) -> bool:
    """Whether a process runs; one that ended and that its parent has not yet asked about has no command."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except FileNotFoundError:
        return False
