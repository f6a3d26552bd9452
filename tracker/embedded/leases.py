"""Who uses the server: locks of the kernel, which end with their process however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Leases:
    """The locks of one data folder: one for starting and stopping, one that users share, one for the watchdog."""

    def __init__(self, folder: Path) -> None:
        self.start_file = folder / "start.lock"
        self.users_file = folder / "users.lock"
        self.watch_file = folder / "watch.lock"

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the right to start or stop the server; waits for whoever has it."""
        handle = _open(self.start_file)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def take(self) -> int:
        """Take a user's lease; return its handle. The lease ends when the handle is closed, or the process."""
        handle = _open(self.users_file)
        fcntl.flock(handle, fcntl.LOCK_SH)
        return handle

    def unused(self) -> bool:
        """Whether nobody holds a lease at this moment."""
        handle = _open(self.users_file)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(handle)

    def wait_until_unused(self) -> None:
        """Return once nobody holds a lease."""
        handle = _open(self.users_file)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        finally:
            os.close(handle)

    def watch(self) -> int | None:
        """Become the watchdog; return the handle of its lock, None when there is one already."""
        handle = _open(self.watch_file)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        return handle


def _open(path: Path) -> int:
    # Not inherited by programs that this process starts.
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
