"""``manage.py serve``: brings everything up to date and serves; what ``make run`` does."""

import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from investments.dataset.load import load
from investments.dataset.problems import PackageError
from investments.models import Company, DataCenterProject, Deal
from tracker.health import unapplied_migrations

BUNDLED = settings.BASE_DIR / "investments" / "data"


class Command(BaseCommand):
    help = "Migrate, load the bundled dataset into an empty database, collect static files, and serve."

    def handle(self, **options: Any) -> None:
        refuse_taken(settings.PORT)
        reach_database()
        with alone():
            collect_static()
            if unapplied_migrations():
                self.stdout.write("Preparing the database ...")
                self.stdout.flush()
            call_command("migrate", verbosity=0)
            self._first_facts()
            self._first_user()
        self.stdout.flush()
        # gunicorn takes this process over, so that signals reach it and nothing of the preparation stays in memory.
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "python:tracker.gunicorn", "tracker.wsgi"])

    def _first_facts(self) -> None:
        """Load the bundled dataset into an empty database."""
        if any(model.objects.exists() for model in (Company, Deal, DataCenterProject)):
            return
        self.stdout.write("Loading the bundled dataset ...")
        self.stdout.flush()
        try:
            report = load(BUNDLED)
        except PackageError as error:
            raise CommandError(f"The bundled dataset could not be loaded:\n{error}") from error
        self.stdout.write(f"{report.changed} rows loaded.")

    def _first_user(self) -> None:
        """Make the admin user on the very first run, and say its password once."""
        users = get_user_model().objects
        if users.exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser("admin", password=password)
        self.stdout.write(f"Sign in at /admin/ as admin with the password {password} (said this once only).")


def refuse_taken(port: int) -> None:
    """Raise CommandError if the port cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"PORT={port}: this port cannot be used ({error.strerror}). Choose another: make run PORT={port + 1}"
            ) from error


def reach_database() -> None:
    """Raise CommandError if the database cannot be reached; what was tried has been logged by then."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CommandError(f"The database of DATABASE_URL cannot be reached: {error}") from error


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other process prepares this database or data folder: several may be started at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('tracker serve'))")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('tracker serve'))")


def collect_static() -> None:
    """Collect and compress static files, unless those collected are the same."""
    # With DEBUG they are served from their places.
    if settings.DEBUG:
        return
    stamp = settings.DATA_DIR / "static.stamp"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text() == wanted and (settings.STATIC_ROOT / "staticfiles.json").exists():
        return
    # Files of the version before stay: pages that are open now may still ask for them.
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def fingerprint() -> str:
    """Return a digest of what collectstatic would read: our files, and the requirements that ship the others."""
    digest = sha256()
    ours = sorted(path for path in (settings.BASE_DIR / "static").rglob("*") if path.is_file())
    for path in [settings.BASE_DIR / "requirements.txt", settings.BASE_DIR / "tracker" / "staticfiles.py", *ours]:
        content = path.read_bytes()
        digest.update(f"{path} {len(content)}\n".encode() + content)
    return digest.hexdigest()
