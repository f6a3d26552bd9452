"""Every wait has an end, and an error that says what was waited for, how long, and where the log is."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.embedded.programs import HOLD
from tracker.embedded import EmbeddedPostgresError, EmbeddedServer
from tracker.embedded.waits import Waits

Start = Callable[..., subprocess.Popen[str]]


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_a_server_that_accepts_but_never_answers_is_given_up(data_dir: Path, start: Start) -> None:
    postmaster = int(line(start(HOLD, data_dir)))
    os.kill(postmaster, signal.SIGSTOP)  # the kernel still takes connections for it
    begun = time.monotonic()
    try:
        with pytest.raises(EmbeddedPostgresError) as caught:
            EmbeddedServer(data_dir, Waits(answer=1)).ensure_running()
    finally:
        os.kill(postmaster, signal.SIGCONT)
    assert time.monotonic() - begun < 15
    said = str(caught.value)
    assert f"the server (process {postmaster}) took no connection at /" in said
    assert "waited for 5 seconds" in said  # one attempt
    assert str(data_dir / "postgres" / "server.log") in said


def test_a_process_that_holds_the_turn_for_ever_is_named_by_its_lock(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir, Waits(turn=0.5))
    server.cluster.prepare()
    with server.leases.start_file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(EmbeddedPostgresError, match=r"has held .*start\.lock for 0\.5 seconds(?s:.)*server\.log"):
            server.ensure_running()


def test_a_program_that_does_not_end_is_ended(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir)
    server.cluster.prepare()
    with pytest.raises(EmbeddedPostgresError, match=r"sleep did not end within 0\.3 seconds"):
        server.cluster.owner.run(["sleep", "60"], 0.3)
