"""Whatever a first start was killed in, and whatever a killed server left running, the next start goes through."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.embedded.conftest import at_work, wait_for
from tests.embedded.programs import BEGIN, HOLD, WRITE
from tracker.embedded import EmbeddedServer

Start = Callable[..., subprocess.Popen[str]]


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def count(start: Start, data_dir: Path) -> int:
    """Write a row; return how many there are."""
    return int(start(WRITE, data_dir, 1).communicate(timeout=90)[0].split()[0])


def test_a_server_that_runs_without_the_database_gets_it(data_dir: Path, start: Start) -> None:
    line(start(HOLD, data_dir))
    params = EmbeddedServer(data_dir).ensure_running()
    with psycopg.connect(host=params.host, user=params.user, dbname="postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE tracker")  # as when the first process died before it was made
    assert count(start, data_dir) == 1


@pytest.mark.parametrize("seconds", sorted(random.Random(7).uniform(0.1, 1.6) for _ in range(8)))
def test_a_first_start_killed_at_any_moment_is_taken_up(data_dir: Path, start: Start, seconds: float) -> None:
    first = start(HOLD, data_dir)
    time.sleep(seconds)
    first.kill()
    first.wait()
    assert count(start, data_dir) == 1  # at once: initdb or the server may still be starting


def test_a_second_start_waits_for_the_initdb_of_a_killed_one(data_dir: Path, start: Start) -> None:
    first = start(HOLD, data_dir)
    wait_for(lambda: bool(list(data_dir.glob("postgres/data.new*/base"))))
    first.kill()
    first.wait()
    assert count(start, data_dir) == 1
    assert not list(data_dir.glob("postgres/data.new*"))


def test_an_empty_pid_file_does_not_stop_the_next_start(data_dir: Path, start: Start) -> None:
    assert count(start, data_dir) == 1
    server = EmbeddedServer(data_dir)
    server.stop()
    server.cluster.pid_file.touch()  # as after a loss of power
    assert count(start, data_dir) == 2


@pytest.mark.parametrize("frozen", [False, True], ids=["busy", "frozen"])
def test_backends_of_a_killed_server_are_ended_and_nobody_else(data_dir: Path, start: Start, *, frozen: bool) -> None:
    assert count(start, data_dir) == 1
    code = (
        BEGIN
        + """
c = connect()
print(c.info.backend_pid, flush=True)
c.execute("SET max_parallel_workers_per_gather = 0; SELECT count(*) FROM generate_series(1, 1000000000000) n")
"""
    )
    busy = start(code, data_dir)
    backend = int(line(busy))
    server = EmbeddedServer(data_dir)
    postmaster = server.cluster.postmaster()
    assert postmaster
    # A stranger with a likely name in the same folder, such as an editor.
    stranger = subprocess.Popen(["sleep", "60"], executable="/bin/sleep", cwd=server.cluster.data)
    titled = subprocess.Popen(["postgres: tracker", "60"], executable="/bin/sleep", cwd=server.cluster.data)
    try:
        time.sleep(0.5)
        if frozen:
            os.kill(backend, signal.SIGSTOP)
        os.kill(postmaster, signal.SIGKILL)
        wait_for(lambda: server.status() == "stopped")
        assert at_work(backend)
        assert count(start, data_dir) == 2
        assert not at_work(backend)
        assert stranger.poll() is None
        assert titled.poll() is None
    finally:
        for process in (stranger, titled):
            process.kill()
            process.wait()


def test_backends_of_another_folders_server_are_no_orphans_of_ours(
    data_dir: Path, tmp_path: Path, start: Start
) -> None:
    other = EmbeddedServer(tmp_path / "other")
    other.ensure_running()
    server = EmbeddedServer(data_dir)
    server.ensure_running()
    try:
        assert not list(server.cluster.processes.orphans(server.cluster.owner))  # nor those of a server that runs
        postmaster = server.cluster.postmaster()
        assert postmaster
        server.release()
        os.kill(postmaster, signal.SIGKILL)
        assert count(start, data_dir) == 1
        assert other.status() == "running"
    finally:
        other.stop()
