"""The folder of the server's unix socket: short, closed to others, and of one cluster alone."""

import os
import socket
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from tracker.embedded.programs import Owner

PORT = 5432
# A unix socket's whole path must stay under 104 bytes on macOS, 108 on Linux.
LONGEST_FOLDER = 80


class SocketFolder:
    """Where the socket of one cluster is; a note in the cluster's folder keeps the place from start to start.

    The note says which folder on which disk it was written for. A copy of the cluster has another, so that the copy
    takes a socket folder of its own and leaves the original's alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.note = folder / "socket"

    def take(self, owner: Owner) -> Path:
        """Return a folder that only the server's user may enter, the same as last time where it still is ours."""
        if known := self.noted():
            state = known.stat()
            if state.st_uid == owner.uid and stat.S_IMODE(state.st_mode) == 0o700 and not _listened(known):
                return known
        base = tempfile.gettempdir()
        if len(os.fsencode(base)) > LONGEST_FOLDER - 20:
            base = "/tmp"
        made = Path(tempfile.mkdtemp(prefix="tracker-", dir=base))
        owner.own(made)
        self.note.write_text(f"{made}\n{self._identity()}\n")
        return made

    def noted(self) -> Path | None:
        """Return the folder that the note names, if the note is this cluster's and the folder is there."""
        try:
            place, identity = self.note.read_text().splitlines()
        except (FileNotFoundError, ValueError):
            return None
        path = Path(place)
        return path if identity == self._identity() and path.is_dir() and not path.is_symlink() else None

    def clear(self, sockets: Path) -> None:
        """Remove what a killed server left in the folder; a server that still listens there keeps it."""
        if not _listened(sockets):
            for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
                (sockets / name).unlink(missing_ok=True)

    def leave(self) -> None:
        """Remove the folder, which the next start makes anew."""
        if sockets := self.noted():
            self.clear(sockets)
            with suppress(OSError):  # somebody put a file of theirs there: it stays
                sockets.rmdir()
        self.note.unlink(missing_ok=True)

    def _identity(self) -> str:
        state = self.folder.stat()
        return f"{state.st_dev}:{state.st_ino}"


def _listened(sockets: Path) -> bool:
    """Whether a server listens in the folder, be it too busy to answer."""
    with socket.socket(socket.AF_UNIX) as door:
        door.setblocking(False)
        try:
            door.connect(str(sockets / f".s.PGSQL.{PORT}"))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:
            return True
    return True
