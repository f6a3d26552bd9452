"""Who uses the server: locks of the kernel, which end with their process however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Leases:
    """The locks of one data folder: one for starting and stopping, one that users share, one for the watchdog."""

    def __init__(self, folder: Path, turn: float) -> None:
        self.turn = turn
        self.start_file = folder / "start.lock"
        self.users_file = folder / "users.lock"
        self.watch_file = folder / "watch.lock"

    @contextmanager
    def changing(self) -> Iterator[int]:
        """Hold the right to start or stop the server, by the handle given; waits for whoever has it.

        Raises TimeoutError when the turn does not come.
        """
        handle = _open(self.start_file)
        try:
            self._lock(handle, fcntl.LOCK_EX, self.start_file)
            yield handle
        finally:
            os.close(handle)

    def take(self) -> int:
        """Take a user's lease; return its handle. The lease ends when the handle is closed, or the process."""
        handle = _open(self.users_file)
        try:
            self._lock(handle, fcntl.LOCK_SH, self.users_file)
        except BaseException:
            os.close(handle)
            raise
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
        """Return once nobody holds a lease, however long that is: this is the watchdog's life."""
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

    def _lock(self, handle: int, how: int, path: Path) -> None:
        deadline = time.monotonic() + self.turn
        while True:
            try:
                fcntl.flock(handle, how | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError(
                        f"another process that starts or stops the server has held {path} for {self.turn:g} seconds."
                    ) from None
                time.sleep(0.02)
            else:
                return


def _open(path: Path) -> int:
    # Not inherited by programs that this process starts.
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    owner = path.parent.stat()
    if os.geteuid() == 0 and os.fstat(handle).st_uid != owner.st_uid:
        os.fchown(handle, owner.st_uid, owner.st_gid)  # so that the folder's own user can still use it after root
    return handle
