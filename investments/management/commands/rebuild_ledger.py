"""``manage.py rebuild_ledger [--check]``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from investments.ledger.rebuild import Difference, differences, rebuild, rollup_holds
from investments.models import Deal


class Command(BaseCommand):
    help = "Derive the ledger anew from facts; with --check only compare, and exit 1 on a difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only; write nothing")

    def handle(self, *, check: bool, **options: Any) -> None:
        with tqdm(total=Deal.objects.count(), unit="deal", disable=None) as bar:
            if not check:
                rebuild(bar.update)
                self.stdout.write(f"The ledger of {bar.total} deals was derived anew.")
                return
            found = differences(bar.update)
            lines = [said(difference) for difference in found]
            if not rollup_holds():
                lines.append("rollup: its sums are not what the entries come to")
        for line in lines:
            self.stdout.write(line)
        if lines:
            raise CommandError(f"{len(lines)} differences: run manage.py rebuild_ledger", returncode=1)
        self.stdout.write("0 differences: the ledger is what the facts say.")


def said(difference: Difference) -> str:
    """Return one line on a difference."""
    if difference.containment:
        return f"{difference.slug}: its containers are not what part_of says"
    return (
        f"{difference.slug}: stored {difference.stored_usd} USD in {difference.stored_entries} entries, "
        f"derived {difference.derived_usd} USD in {difference.derived_entries}"
    )
