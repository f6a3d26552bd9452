"""The server's processes: which of the system's are this cluster's, proven by more than a number."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tracker.embedded.programs import EmbeddedPostgresError, Owner

PROC = Path("/proc")


class Processes:
    """The processes of one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def is_postmaster(self, pid: int, owner: Owner) -> bool:
        """Whether the process is the server of this cluster, and not one that took over a stale number."""
        if not (PROC / "self").exists():
            shown = subprocess.run(
                ["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False, timeout=10
            )
            return "postgres" in shown.stdout and str(self.data) in shown.stdout
        words = _words(pid)
        # A backend's words are a title, such as "postgres: checkpointer".
        return not words[0].startswith(b"postgres:") and (self._names_data(words) or self._works_here(pid, owner))

    def begun(self) -> Iterator[int]:
        """Yield the servers of this cluster by their command, those included that have no pid file yet or any more."""
        for pid in _all():
            if self._names_data(_words(pid)):
                yield pid

    def orphans(self, owner: Owner) -> Iterator[int]:
        """Yield the server processes that outlived their postmaster: each works in this data folder, with no server above."""
        for pid in _all():
            if (
                _words(pid)[0].startswith(b"postgres:")
                and self._works_here(pid, owner)
                and not self._works_here(_parent(pid), owner)
            ):
                yield pid

    def end_orphans(self, owner: Owner, how: signal.Signals) -> None:
        """Send the signal to each orphan; the handle is taken before the proof, so no other process can get it."""
        for pid in list(self.orphans(owner)):
            with suppress(ProcessLookupError):
                handle = os.pidfd_open(pid)
                try:
                    if pid in self.orphans(owner):
                        signal.pidfd_send_signal(handle, how)
                finally:
                    os.close(handle)

    def _names_data(self, words: list[bytes]) -> bool:
        """Whether a command is ``postgres -D <our data>``, be it still before it became another user's."""
        pair = [b"-D", os.fsencode(self.data)]
        return any(words[at + 1 : at + 3] == pair and word.endswith(b"/postgres") for at, word in enumerate(words))

    def _works_here(self, pid: int, owner: Owner) -> bool:
        """Whether the process is one of PostgreSQL's whose working folder is our data."""
        try:
            state = (PROC / str(pid)).stat()
            if state.st_uid != owner.uid:
                return False
            program, place = _links(pid, owner)
            return program.removesuffix(" (deleted)").endswith("/postgres") and Path(place) == self.data.resolve()
        except (OSError, EmbeddedPostgresError):
            return False


def alive(pid: int) -> bool:
    """Whether any process has this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _all() -> Iterator[int]:
    return (int(entry.name) for entry in PROC.glob("[0-9]*"))


def _words(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return [b""]


def _parent(pid: int) -> int:
    # After the name, which may hold any character: the state, then the parent.
    try:
        return int((PROC / str(pid) / "stat").read_text(errors="replace").rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def _links(pid: int, owner: Owner) -> tuple[str, str]:
    """Return a process's program and working folder.

    Root in a container may lack the right to look at another user's processes; that user itself has it.
    """
    links = [str(PROC / str(pid) / name) for name in ("exe", "cwd")]
    try:
        program, place = map(os.readlink, links)
    except PermissionError:
        if os.geteuid() == owner.uid:
            raise
        program, place = owner.run(["readlink", "-z", *links], 10).stdout.split("\0")[:2]
    return program, place
