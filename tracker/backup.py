"""The whole database into a file and back, by PostgreSQL's own programs."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import connection

from tracker.embedded import binary


class BackupError(Exception):
    """A program of PostgreSQL failed; says what it said."""


def dump(file: Path) -> None:
    """Write the database into ``file`` as it is at this moment; replace the file only when all is written."""
    draft = file.with_name(f"{file.name}.part")
    # Password hashes are in it.
    draft.touch(mode=0o600)
    try:
        _run(
            "pg_dump",
            _address(),
            "--schema=public",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--file={draft}",
        )
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def restore(file: Path) -> None:
    """Put what ``file`` holds in place of everything in the database, in one transaction."""
    with tempfile.TemporaryDirectory(prefix="tracker-restore-", dir=settings.DATA_DIR) as folder:
        # As SQL first, so that a damaged file is found before anything is changed.
        script = Path(folder) / "restore.sql"
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file))
        _run(
            "psql",
            _address(),
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--single-transaction",
            "--command=SET lock_timeout = '60s'; SET client_min_messages = warning",
            "--command=DROP SCHEMA public CASCADE",
            f"--file={script}",
        )


def _address() -> str:
    """Return what leads to the app's database, the password left out."""
    connection.ensure_connection()
    return f"--dbname={cast(Any, connection.connection).info.dsn}"


def _run(program: str, *arguments: str) -> None:
    # A server of one's own may need what the embedded server's programs lack, such as TLS.
    own = settings.DATABASES["default"]["ENGINE"] != "tracker.postgres" and shutil.which(program)
    connection.ensure_connection()
    password = cast(Any, connection.connection).info.password
    done = subprocess.run(
        [own or binary(program), *arguments],
        env={**os.environ, "PGPASSWORD": password},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")
