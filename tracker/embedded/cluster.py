"""The cluster on disk: its folders and settings, and the server that runs on it."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tracker.embedded.processes import Processes, alive
from tracker.embedded.programs import MAJOR, EmbeddedPostgresError, Owner, binary, environment, owner_of
from tracker.embedded.sockets import PORT, SocketFolder
from tracker.embedded.waits import Waits

SUPERUSER = "postgres"
DATABASE = "tracker"
LARGEST_LOG = 10_000_000  # bytes

SETTINGS = f"""\
# Written by the tracker at every start; edits are lost. Own settings go into postgresql.conf.
listen_addresses = ''
port = {PORT}
max_connections = 200
shared_buffers = 256MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
random_page_cost = 1.1
log_min_messages = warning
timezone = 'UTC'
log_timezone = 'UTC'
"""


@dataclass(frozen=True)
class ConnectionParams:
    """How to reach the server: ``host`` is the folder of its unix socket."""

    host: str
    port: int = PORT
    user: str = SUPERUSER
    dbname: str = DATABASE


class Cluster:
    """One cluster under ``data_dir/postgres``: files, owner and programs, without a word about who uses it."""

    def __init__(self, data_dir: Path, waits: Waits) -> None:
        self.folder = data_dir / "postgres"
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.pid_file = self.data / "postmaster.pid"
        self.sockets = SocketFolder(self.folder)
        self.processes = Processes(self.data)
        self.waits = waits

    @property
    def owner(self) -> Owner:
        """The user that runs the server."""
        return owner_of(self.folder)

    def prepare(self) -> None:
        """Make the folders that are ours. No folder that we did not make is touched."""
        if not self.folder.exists():
            owner = self.owner
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner.own(self.folder)

    def make(self, turn: int) -> None:
        """Make the cluster if there is none. A half-made one lies under another name and is begun anew.

        initdb keeps ``turn``, the handle of the lock for changing: should we be killed, the next one waits for its end.
        """
        version = self.data / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != MAJOR:
                raise EmbeddedPostgresError(
                    f"{self.data} was made by PostgreSQL {found}, this is {MAJOR}. Restore a backup into a new data folder."
                )
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise EmbeddedPostgresError(f"{self.data} is not empty and holds no PostgreSQL cluster.")
        for left in self.folder.glob("data.new*"):
            shutil.rmtree(left)
        owner = self.owner
        draft = Path(tempfile.mkdtemp(prefix="data.new", dir=self.folder))
        owner.own(draft)
        owner.run(
            [*owner.naming(), str(binary("initdb")), "-D", str(draft), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8",
             "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums",
             "--no-instructions"],
            self.waits.make, keep=[turn],
        )  # fmt: skip
        with (draft / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists = 'tracker.conf'\n")
        if self.data.exists():
            self.data.rmdir()
        draft.rename(self.data)

    def configure(self) -> Path:
        """Write the settings of this start; return the folder of the socket."""
        owner = self.owner
        sockets = self.sockets.take(owner)
        path = self.data / "tracker.conf"
        quoted = str(sockets).replace("'", "''").replace('"', '""')
        path.write_text(f"{SETTINGS}unix_socket_directories = '\"{quoted}\"'\nunix_socket_permissions = 0700\n")
        owner.own(path)
        return sockets

    def start(self, sockets: Path) -> None:
        """Start the server and return once its pid file names it; the caller waits until it takes connections."""
        owner = self.owner
        self._disown_stale_pid()
        self.sockets.clear(sockets)
        if not self.log.exists() or self.log.stat().st_size > LARGEST_LOG:
            self.log.write_text("")
            owner.own(self.log)
        with self.log.open("ab") as log:
            # Not by pg_ctl, whose shell stumbles over quotes in a path. It outlives us, apart from our terminal.
            server = subprocess.Popen(
                [*owner.prefix(), str(binary("postgres")), "-D", str(self.data)], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env=environment(), cwd="/", start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + self.waits.answer
        while not self.postmaster():
            if server.poll() is not None:
                raise EmbeddedPostgresError(f"it ended at once, with the code {server.returncode}.", self.log)
            if time.monotonic() > deadline:
                server.kill()
                server.wait()
                raise EmbeddedPostgresError(
                    f"it did not write {self.pid_file} within {self.waits.answer:g} seconds.", self.log
                )
            time.sleep(0.02)
        server.returncode = 0  # Never waited for.

    def stop(self) -> None:
        """Stop the server, if it runs, and leave the socket's folder."""
        if self.postmaster():
            seconds = self.waits.stop
            command = [str(binary("pg_ctl")), "-D", str(self.data), "-m", "fast", "-w", "-t", f"{seconds:.0f}", "stop"]
            self.owner.run(command, seconds + 10, check=False)
        if not self.postmaster():
            self.sockets.leave()

    def postmaster(self) -> int | None:
        """Return the process id of the server that really runs on this cluster; None when there is none."""
        pid = self._noted_pid()
        return pid if pid and self.processes.is_postmaster(pid, self.owner) else None

    def sockets_of_running(self) -> str | None:
        """Return the folder of the socket of the server that runs; None when none does.

        A server writes its number first and its socket a moment later.
        """
        deadline = time.monotonic() + self.waits.answer
        while pid := self.postmaster():
            with suppress(FileNotFoundError):
                lines = self.pid_file.read_text().splitlines()
                if len(lines) > 4 and lines[4]:
                    return lines[4]
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"the server (process {pid}) named no socket in {self.pid_file} "
                    f"within {self.waits.answer:g} seconds.",
                    self.log,
                )
            time.sleep(0.02)
        return None

    def _noted_pid(self) -> int | None:
        try:
            first = self.pid_file.read_text().split("\n", 1)[0]
        except (FileNotFoundError, PermissionError):
            return None
        return int(first) if first.strip().isdecimal() else None

    def settle(self) -> None:
        """Return once a server runs and is noted, or nothing runs on this cluster at all.

        Processes that outlived a killed server hold its shared memory. Those that are idle end by themselves; busy
        ones are told to, and are then ended. Nothing committed is lost: the next start replays the log.
        """
        if self.postmaster():
            return
        self._await_unnoted()
        owner = self.owner
        for how in (None, signal.SIGQUIT, signal.SIGKILL):
            if how:
                self.processes.end_orphans(owner, how)
            deadline = time.monotonic() + self.waits.orphans
            while any(self.processes.orphans(owner)):
                if time.monotonic() > deadline:
                    break
                time.sleep(0.05)
            else:
                return
        left = ", ".join(map(str, self.processes.orphans(owner)))
        raise EmbeddedPostgresError(
            f"processes of a killed server ({left}) still run on its data, {3 * self.waits.orphans:g} seconds after they "
            "were first waited for and although they were killed.",
            self.log,
        )

    def _await_unnoted(self) -> None:
        """Wait for a server that has just begun, or that lost its pid file and will stop itself."""
        deadline = time.monotonic() + self.waits.unnoted
        while not self.postmaster() and (found := list(self.processes.begun())):
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"a server (process {found[0]}) runs without {self.pid_file}, "
                    f"and did not end within {self.waits.unnoted:g} seconds.",
                    self.log,
                )
            time.sleep(0.05)

    def _disown_stale_pid(self) -> None:
        """Make a pid file harmless that names somebody else's process, or nobody, and keep what else it says.

        PostgreSQL would refuse to start while any process has that number. The file also tells it of shared memory
        that orphaned server processes may still use, so it is not removed: a number that nobody has replaces the first
        line. A file without a number, as a crash of the whole machine leaves it, says nothing, and PostgreSQL would
        refuse it for ever: it goes.
        """
        pid = self._noted_pid()
        if pid is None:
            self.pid_file.unlink(missing_ok=True)
        elif alive(pid):
            rest = self.pid_file.read_text().split("\n", 1)[1:]
            free = next(number for number in range(4_194_303, 1, -1) if not alive(number))
            self.pid_file.write_text("\n".join([str(free), *rest]))


def foreign(folder: Path) -> str:
    """Return a sentence about a folder that belongs to another user; empty where it is ours."""
    try:
        state = folder.stat()
    except OSError:
        return ""
    if state.st_uid == os.geteuid():
        return ""
    return (
        f" {folder} belongs to the user with the number {state.st_uid}, we are {os.geteuid()}: start the app as that "
        "user, or set TRACKER_DATA_DIR to a folder of your own."
    )
