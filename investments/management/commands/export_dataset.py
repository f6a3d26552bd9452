"""``manage.py export_dataset DIR``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from investments.dataset.export import export


class Command(BaseCommand):
    help = "Write every fact as a dataset package: CSV files and a datapackage.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="where to write; files of that name are replaced")

    def handle(self, *, folder: Path, **options: Any) -> None:
        with tqdm(unit="row", disable=None) as bar:
            try:
                counts = export(folder, progress=lambda file, rows: bar.update(rows) and None)
            except OSError as error:
                raise CommandError(f"{folder} could not be written: {error.strerror}", returncode=1) from error
        self.stdout.write(f"{sum(counts.values())} rows in {len(counts)} files written to {folder}")
