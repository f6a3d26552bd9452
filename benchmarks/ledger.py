"""What the ledger costs: ``python -m benchmarks.ledger DIR`` loads a package with the triggers and without them.

Needs an empty database. Prints seconds of the load with triggers; of the load without them and the rebuild after; the
ratio; and what an ordinary save of an announcement costs the database.
"""

import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from investments.dataset.load import load
from investments.models import Announcement

TABLES = (
    "investments_announcement", "investments_exchangerate", "investments_deal", "investments_dealparty",
    "investments_deal_projects", "investments_company", "investments_datacenterproject",
)  # fmt: skip


def switch(state: str) -> None:
    """Enable or disable the ledger's triggers; those that keep the history stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE 'ledger_on%%' AND tgrelid::regclass::text = ANY (%s)",
            [list(TABLES)],
        )
        for table, name in cursor.fetchall():
            if name != "ledger_on_deal_arriving":
                cursor.execute(f"ALTER TABLE {table} {state} TRIGGER {name}")


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE investments_deal, investments_company CASCADE")
        cursor.execute(
            "SELECT string_agg(relname, ', ') FROM pg_class WHERE relname LIKE 'investments%%event' AND relkind = 'r'"
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]}")


def timed(label: str, work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    seconds = time.perf_counter() - begin
    print(f"{label:42} {seconds:8.1f} s", flush=True)
    return seconds


def save_once() -> None:
    """Save one announcement as the admin does and leave no trace; print the database's time."""
    row = Announcement.objects.order_by("-pk")[500]
    spent = 0.0

    def watch(execute, sql, params, many, context):
        nonlocal spent
        begin = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent += time.perf_counter() - begin

    with transaction.atomic(), connection.execute_wrapper(watch):
        row.amount_high = row.amount_low = 5 * 10**9
        row.save()
        transaction.set_rollback(True)
    print(f"{'an ordinary save, database time':42} {spent * 1000:8.1f} ms")


def main(folder: Path) -> None:
    empty()
    with_triggers = timed("load with triggers", lambda: load(folder))
    for _ in range(3):
        save_once()
    timed("rebuild of what is right", lambda: call_command("rebuild_ledger", stdout=StringIO()))
    timed("check", lambda: call_command("rebuild_ledger", "--check", stdout=StringIO()))
    empty()
    switch("DISABLE")
    try:
        without = timed("load without triggers", lambda: load(folder))
    finally:
        switch("ENABLE")
    rebuild = timed("rebuild after it", lambda: call_command("rebuild_ledger", stdout=StringIO()))
    print(f"{'ratio':42} {with_triggers / (without + rebuild):8.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
