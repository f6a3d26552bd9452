"""Starting, sharing and stopping the embedded server."""

import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import psycopg

from tracker.embedded.cluster import DATABASE, SUPERUSER, Cluster, ConnectionParams, EmbeddedPostgresError
from tracker.embedded.leases import Leases

# Seconds. Recovery after a crash replays what was not yet in the data files.
START_TIMEOUT = 600
ORPHAN_TIMEOUT = 60


class EmbeddedServer:
    """The server of one data folder, as one process sees it."""

    def __init__(self, data_dir: Path) -> None:
        self.cluster = Cluster(data_dir)
        self.leases = Leases(self.cluster.folder)
        self._lease: int | None = None
        self._params: ConnectionParams | None = None
        # A forked child shares the handle of the lease: it lets go of its copy and takes a lease of its own.
        os.register_at_fork(after_in_child=self._forget)

    def ensure_running(self) -> ConnectionParams:
        """Return how to reach the server, started if it does not run; raise EmbeddedPostgresError if it cannot."""
        if self._params and self._lease is not None:
            if self.cluster.postmaster():
                return self._params
            self.release()
        try:
            self.cluster.prepare()
            with self.leases.changing():
                lease = self.leases.take()
                try:
                    params = self._running() or self._start()
                except BaseException:
                    os.close(lease)
                    raise
                self._watch()
        except OSError as error:
            raise EmbeddedPostgresError(
                f"{error.strerror or error}: {error.filename or self.cluster.folder}"
            ) from error
        self._lease, self._params = lease, params
        return params

    def release(self) -> None:
        """Give up this process's lease; the watchdog stops the server once nobody has one."""
        if self._lease is not None:
            os.close(self._lease)
        self._forget(closed=True)

    def stop(self) -> None:
        """Stop the server now, whoever uses it."""
        self.release()
        if self.cluster.folder.exists():
            with self.leases.changing():
                self.stop_held()

    def stop_held(self) -> None:
        """Stop the server; the caller holds the lock for changing."""
        if self.cluster.postmaster():
            self.cluster.run(
                "pg_ctl", "-D", self.cluster.data, "-m", "fast", "-w", "-t", str(START_TIMEOUT), "stop", check=False
            )
        if not self.cluster.postmaster():
            self.cluster.leave_socket_folder()

    def status(self) -> str:
        """Return ``running`` or ``stopped``."""
        return "running" if self.cluster.postmaster() else "stopped"

    def _forget(self, *, closed: bool = False) -> None:
        if self._lease is not None and not closed:
            os.close(self._lease)
        self._lease = self._params = None

    def _running(self) -> ConnectionParams | None:
        """Return how to reach the server that runs already; None when none does or it is going down."""
        if not self.cluster.postmaster():
            return None
        params = ConnectionParams(host=self._socket_of_running())
        return params if self._answers(params) else None

    def _socket_of_running(self) -> str:
        return self.cluster.pid_file.read_text().splitlines()[4]

    def _answers(self, params: ConnectionParams) -> bool:
        """Wait while the server starts up or recovers; return whether it came to take connections."""
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and self.cluster.postmaster():
            try:
                psycopg.connect(host=params.host, port=params.port, user=params.user, dbname="postgres").close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return True
        return False

    def _start(self) -> ConnectionParams:
        """Start the server; the caller holds the lock for changing."""
        self.cluster.make()
        sockets = self.cluster.configure()
        self._wait_for_orphans()
        self.cluster.disown_stale_pid()
        self.cluster.clear_socket(sockets)
        if not self.cluster.log.exists() or self.cluster.log.stat().st_size > 10_000_000:
            self.cluster.log.write_text("")
            self.cluster._own(self.cluster.log)
        started = self.cluster.run(
            "pg_ctl",
            "-D",
            self.cluster.data,
            "-l",
            self.cluster.log,
            "-w",
            "-t",
            str(START_TIMEOUT),
            "start",
            check=False,
        )
        if started.returncode:
            raise EmbeddedPostgresError(started.stdout.strip().splitlines()[-1], self.cluster.log_tail())
        params = ConnectionParams(host=str(sockets))
        if not self._answers(params):
            raise EmbeddedPostgresError("it took no connection.", self.cluster.log_tail())
        _create_database(params)
        return params

    def _wait_for_orphans(self) -> None:
        """Wait for server processes whose postmaster was killed: they end by themselves and hold shared memory till then."""
        deadline = time.monotonic() + ORPHAN_TIMEOUT
        while any(self.cluster.orphans()) and not self.cluster.postmaster():
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    "processes of a killed server still run on its data.", self.cluster.log_tail()
                )
            time.sleep(0.05)

    def _watch(self) -> None:
        """Start the watchdog, unless one watches already."""
        handle = self.leases.watch()
        if handle is None:
            return
        os.close(handle)
        # It outlives us and holds nothing of ours: no terminal, no pipe, no working folder.
        subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("watchdog.py")), str(self.cluster.folder.parent)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            cwd="/", env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONWARNINGS": "ignore"},
        ).returncode = 0  # fmt: skip  # Never waited for: it ends long after whoever started it.


def _create_database(params: ConnectionParams) -> None:
    with psycopg.connect(
        host=params.host, port=params.port, user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


@cache
def server_for(data_dir: Path) -> EmbeddedServer:
    """Return the server of a data folder; one object per process and folder."""
    return EmbeddedServer(data_dir)
