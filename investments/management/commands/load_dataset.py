"""``manage.py load_dataset DIR [--prune]``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from investments.dataset.load import load
from investments.dataset.problems import PackageError


class Command(BaseCommand):
    help = "Load a dataset package: all of it or nothing; loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with the package's CSV files")
        parser.add_argument("--prune", action="store_true", help="also remove what the package does not have")

    def handle(self, *, folder: Path, prune: bool, **options: Any) -> None:
        with tqdm(unit="row", disable=None) as bar:

            def told(file: str, rows: int) -> None:
                bar.set_description(file)
                bar.update(rows)

            try:
                with pghistory.context(source="manage.py load_dataset"):
                    report = load(folder, prune=prune, progress=told)
            except PackageError as error:
                raise CommandError(str(error), returncode=1) from error
        self.stdout.write(f"{'file':16} {'added':>9} {'changed':>9} {'unchanged':>9} {'removed':>9}")
        for name, count in report.counts.items():
            self.stdout.write(f"{name:16} {count.added:9} {count.changed:9} {count.unchanged:9} {count.removed:9}")
        self.stdout.write(f"{report.changed} changed")
