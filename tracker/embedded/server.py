"""Starting, sharing and stopping the embedded server."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from tracker.embedded.cluster import Cluster, ConnectionParams, foreign
from tracker.embedded.connecting import ensure_database
from tracker.embedded.leases import Leases
from tracker.embedded.programs import EmbeddedPostgresError
from tracker.embedded.waits import Waits


class EmbeddedServer:
    """The server of one data folder, as one process sees it."""

    def __init__(self, data_dir: Path, waits: Waits | None = None) -> None:
        # Resolved once: the process may change its working folder later.
        self.cluster = Cluster(data_dir.resolve(), waits or Waits())
        self.leases = Leases(self.cluster.folder, self.cluster.waits.turn)
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
            with self.leases.changing() as turn:
                lease = self.leases.take()
                try:
                    params = self._running() or self._start(turn)
                except BaseException:
                    os.close(lease)
                    raise
                self._watch()
        except TimeoutError as error:
            raise EmbeddedPostgresError(str(error), self.cluster.log) from error
        except PermissionError as error:
            reason = f"{error.strerror}: {error.filename or self.cluster.folder}.{foreign(self.cluster.folder)}"
            raise EmbeddedPostgresError(reason) from error
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
        self.cluster.stop()

    def status(self) -> str:
        """Return ``running`` or ``stopped``."""
        return "running" if self.cluster.postmaster() else "stopped"

    def _forget(self, *, closed: bool = False) -> None:
        if self._lease is not None and not closed:
            os.close(self._lease)
        self._lease = self._params = None

    def _running(self) -> ConnectionParams | None:
        """Return how to reach the server that runs already; None when none does or it is going down."""
        self.cluster.settle()
        sockets = self.cluster.sockets_of_running()
        if not sockets:
            return None
        params = ConnectionParams(host=sockets)
        # Also here: whoever started it may have been killed before it made the database.
        return params if ensure_database(self.cluster, params) else None

    def _start(self, turn: int) -> ConnectionParams:
        """Start the server; the caller holds the lock for changing, by the handle ``turn``."""
        self.cluster.settle()
        self.cluster.make(turn)
        sockets = self.cluster.configure()
        self.cluster.start(sockets)
        params = ConnectionParams(host=str(sockets))
        if not ensure_database(self.cluster, params):
            raise EmbeddedPostgresError("it ended before it took connections.", self.cluster.log)
        return params

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


def server_for(data_dir: Path) -> EmbeddedServer:
    """Return the server of a data folder; one object per process and folder."""
    return _server_of(data_dir.resolve())


@cache
def _server_of(data_dir: Path) -> EmbeddedServer:
    return EmbeddedServer(data_dir)
