"""``manage.py restore FILE``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tracker.backup import BackupError, restore


class Command(BaseCommand):
    help = "Put a backup in place of everything in the database, then prove the ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what backup has written")

    def handle(self, *, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"{file}: no such file")
        try:
            restore(file)
        except BackupError as error:
            raise CommandError(f"{error}\nThe database is as it was.") from error
        # The backup may be of an older version.
        call_command("migrate", verbosity=0)
        self.stdout.write(f"{file} restored.")
        call_command("rebuild_ledger", check=True, stdout=self.stdout)
