"""``manage.py serve``: brings everything up to date and serves; what ``make run`` does."""

import os
import secrets
import socket
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from investments.dataset.load import load
from investments.models import Deal
from tracker.settings import env_number

BUNDLED = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Migrate, load the bundled dataset into an empty database, collect static files, and serve."

    def handle(self, **options: Any) -> None:
        port = env_number("PORT", 8000, 1, 65535)
        refuse_taken(port)
        call_command("migrate", verbosity=0)
        if not Deal.objects.exists() and (BUNDLED / "deals.csv").exists():
            self.stdout.write("Loading the bundled dataset ...")
            report = load(BUNDLED)
            self.stdout.write(f"{report.changed} rows loaded.")
        collect_static()
        self._first_user()
        self.stdout.flush()
        # gunicorn takes this process over, so that signals reach it and nothing of the preparation stays in memory.
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "python:tracker.gunicorn", "tracker.wsgi"])

    def _first_user(self) -> None:
        """Make the admin user on the very first run, and say its password once."""
        users = get_user_model().objects
        if users.exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser("admin", password=password)
        self.stdout.write(f"The admin user is admin, the password {password} (said once, now).")


def refuse_taken(port: int) -> None:
    """Raise CommandError if something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"PORT={port}: this port cannot be used ({error.strerror}). Choose another: make run PORT={port + 1}"
            ) from error


def collect_static() -> None:
    """Collect and compress static files, unless those collected are of the same versions."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted)


def fingerprint() -> str:
    """Return a digest of what collectstatic would read: our files, and the requirements that ship the others."""
    digest = sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for path in sorted((settings.BASE_DIR / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()
