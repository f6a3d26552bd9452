"""``manage.py backup FILE``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.backup import BackupError, dump


class Command(BaseCommand):
    help = "Write the whole database, users and history included, into one file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="where to write; a file of that name is replaced")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            dump(file)
        except OSError as error:
            raise CommandError(f"{file} could not be written: {error.strerror}") from error
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file.stat().st_size:,} bytes written to {file}")
