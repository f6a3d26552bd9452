"""Every process of one data folder shares one server; the last one to end stops it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.embedded.conftest import wait_for
from tests.embedded.programs import BEGIN, HOLD, WRITE
from tracker.embedded import EmbeddedServer

Start = Callable[..., subprocess.Popen[str]]


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.close()
    process.wait(30)


def test_two_processes_share_one_server_and_the_last_stops_it(data_dir: Path, start: Start) -> None:
    first, second = start(HOLD, data_dir), start(HOLD, data_dir)
    assert line(first) == line(second)
    server = EmbeddedServer(data_dir)
    end(first)
    assert server.status() == "running"
    end(second)
    wait_for(lambda: server.status() == "stopped")


def test_a_stopped_server_leaves_nothing_outside_its_data_folder(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir)
    sockets = Path(server.ensure_running().host)
    assert sockets.exists()
    server.stop()
    assert not sockets.exists()


def test_the_server_stops_after_its_only_user_is_killed(data_dir: Path, start: Start) -> None:
    user = start(HOLD, data_dir)
    line(user)
    user.kill()
    user.wait()
    wait_for(lambda: EmbeddedServer(data_dir).status() == "stopped")


def test_the_server_stops_although_its_watchdog_was_killed(data_dir: Path, start: Start) -> None:
    first = start(HOLD, data_dir)
    line(first)
    shown = subprocess.run(["pgrep", "-f", f"watchdog.py {data_dir}"], capture_output=True, text=True, check=True)
    os.kill(int(shown.stdout.split()[0]), 9)
    second = start(HOLD, data_dir)  # starts another watchdog
    line(second)
    end(first)
    end(second)
    wait_for(lambda: EmbeddedServer(data_dir).status() == "stopped")


def test_eight_processes_racing_at_the_first_start_all_get_a_server(data_dir: Path, start: Start) -> None:
    racing = [start(HOLD, data_dir) for _ in range(8)]
    assert len({line(process) for process in racing}) == 1


def test_two_data_folders_run_side_by_side(tmp_path: Path, start: Start) -> None:
    here, there = start(HOLD, tmp_path / "a"), start(HOLD, tmp_path / "b")
    assert line(here) != line(there)
    for name in "ab":
        EmbeddedServer(tmp_path / name).stop()


def test_a_forked_child_neither_holds_nor_ends_its_parents_lease(data_dir: Path, start: Start) -> None:
    code = (
        BEGIN
        + """
connect().close()
child = os.fork()
if child == 0:
    time.sleep(60)
    os._exit(0)
print(child, flush=True)
sys.stdin.read()
"""
    )
    parent = start(code, data_dir)
    child = int(line(parent))
    server = EmbeddedServer(data_dir)
    assert not server.leases.unused()
    end(parent)
    try:
        wait_for(lambda: server.status() == "stopped")  # while the child still runs
    finally:
        os.kill(child, 9)


def test_an_ended_child_leaves_its_parents_lease(data_dir: Path, start: Start) -> None:
    code = (
        BEGIN
        + """
connect().close()
if os.fork() == 0:
    connect().close()
    sys.exit(0)
os.wait()
print("ended", flush=True)
sys.stdin.read()
"""
    )
    parent = start(code, data_dir)
    assert line(parent) == "ended"
    assert not EmbeddedServer(data_dir).leases.unused()


def test_output_of_a_user_is_not_held_open_by_the_server(data_dir: Path, start: Start) -> None:
    process = start(WRITE, data_dir, 1)
    # Returns only once every holder of the pipe has closed it.
    assert process.communicate(timeout=30)[0].startswith("1 ")


@pytest.mark.parametrize("name", ["with space", "été", "quote'd", "deep/" + "long-folder-name-" * 6])
def test_a_data_folder_may_have_any_name(tmp_path: Path, name: str, start: Start) -> None:
    folder = tmp_path / name
    assert start(WRITE, folder, 1).communicate(timeout=60)[0].startswith("1 ")
    EmbeddedServer(folder).stop()
