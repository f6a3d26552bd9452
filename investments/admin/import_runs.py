"""The work of an import, beside the requests: tried out first, then loaded, all of it or nothing.

The dataset loader does both, so a file that an editor brings is held to what holds for every package.
"""

import tempfile
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pghistory
from django.db import connection, connections
from django.utils import timezone
from django.utils.translation import get_language, override

from investments import actions
from investments.admin.words import doubted
from investments.choices import ImportState
from investments.dataset.format import BY_NAME
from investments.dataset.load import LoadReport, load
from investments.dataset.problems import PackageError
from investments.dataset.tables import as_package, read_table
from investments.doubts import doubts_about
from investments.ledger.selection import Selection
from investments.ledger.totals import sums
from investments.models import Deal, Upload

RUNNING = (ImportState.CHECKING, ImportState.LOADING)
# Without a sign of work for this long the process that did it is gone.
GONE = timedelta(minutes=10)
DOUBTS_SHOWN = 100


def start(upload: Upload, state: ImportState, place: str) -> bool:
    """Begin to try an upload out, or to load it; False where that is under way already."""
    free = Upload.objects.filter(pk=upload.pk).exclude(state=ImportState.LOADED)
    running = free.filter(state__in=RUNNING, beat_at__gt=timezone.now() - GONE)
    if running.exists() or not free.update(state=state, done=0, beat_at=timezone.now()):
        return False
    arguments = (upload.pk, state, place, get_language() or "en")
    threading.Thread(target=run, args=arguments, name=f"import-{upload.pk}", daemon=True).start()
    return True


def run(number: int, state: ImportState, place: str, language: str) -> None:
    """Do the work, and leave its outcome with the upload whatever happens."""
    try:
        with override(language):
            upload = Upload.objects.select_related("user").get(pk=number)
            outcome, report = worked(upload, state, place)
            # What was loaded is in the facts and their history.
            dropped = {"content": b""} if outcome == ImportState.LOADED else {}
            Upload.objects.filter(pk=number).update(state=outcome, report=report, **dropped)
    except Exception as error:
        # Nobody waits for this thread: whatever ends it must be told where the reader looks, and is raised on.
        Upload.objects.filter(pk=number).update(state=ImportState.REFUSED, report={"failed": str(error).split("\n")[0]})
        raise
    finally:
        connections.close_all()


def worked(upload: Upload, state: ImportState, place: str) -> tuple[ImportState, dict[str, Any]]:
    """Return what came of an upload: its new state, and the report that its page shows."""
    file = BY_NAME[upload.table]
    rows = read_table(upload.name, bytes(upload.content))
    reads = [name for _header, name in upload.columns]
    kept = frozenset(name for name in file.header if name not in reads and name not in file.key)
    with tempfile.TemporaryDirectory() as folder, Beat(upload) as beat:
        (Path(folder) / file.path).write_text(as_package(rows, reads), encoding="utf-8")
        try:
            if state == ImportState.LOADING:
                with pghistory.context(url=place), actions.done_by(upload.user, upload.reason):
                    return ImportState.LOADED, {
                        **upload.report,
                        **counted(load(Path(folder), progress=beat.told, kept=kept)),
                    }
            with actions.on_trial():
                before = totals()
                report = counted(load(Path(folder), progress=beat.told, kept=kept))
                report["totals"] = [
                    [layer, str(amount), str(after)]
                    for (layer, amount), after in zip(before.items(), totals().values(), strict=True)
                ]
                return ImportState.CHECKED, report | asked(upload)
        except PackageError as error:
            problems = [[p.line, p.column, p.value, p.expected] for p in error.problems]
            return ImportState.REFUSED, {"problems": problems, "problem_count": error.count}


def counted(report: LoadReport) -> dict[str, Any]:
    """Return the numbers of rows of a load, as the page shows them."""
    one = [count for count in report.counts.values() if count.added or count.changed or count.unchanged]
    return {key: sum(getattr(count, key) for count in one) for key in ("added", "changed", "unchanged")}


def totals() -> dict[str, Any]:
    """Return the sums of all public deals by layer, in US dollars."""
    return dict(sums(Selection(Deal.objects.public())).by_layer)


def asked(upload: Upload) -> dict[str, Any]:
    """Return what is odd about the announcements that a trial has just written: how often, and the first of them."""
    if upload.table != "announcements":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT DISTINCT t.id, d.line FROM touched_announcements t
            JOIN investments_announcement a ON a.id = t.id JOIN draft_announcements d ON d.key = a.key ORDER BY d.line""")
        lines = dict(cursor.fetchall())
    doubts = doubts_about(lines, timezone.localdate())
    shown = [[lines[doubt.announcement], doubted(doubt)] for doubt in doubts[:DOUBTS_SHOWN]]
    return {"doubts": shown, "doubt_count": len(doubts), "doubt_kinds": dict(Counter(doubt.code for doubt in doubts))}


class Beat:
    """Tells how far an import has come on a connection of its own, since its own transaction is not seen outside."""

    def __init__(self, upload: Upload) -> None:
        self.number = upload.pk
        self.done = 0

    def __enter__(self) -> "Beat":
        self.connection = connections.create_connection("default")
        return self

    def __exit__(self, *error: Any) -> None:
        self.connection.close()

    def told(self, file: str, rows: int) -> None:
        """Take note of more rows that have been read."""
        self.done += rows
        if rows:
            with self.connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE investments_upload SET done = %s, beat_at = now() WHERE id = %s", [self.done, self.number]
                )
