"""Loading a package: one transaction, all of it or nothing (DATASET.md).

Files are read once, cell by cell, into temporary tables; what is wrong is collected; then each table takes its new
and changed rows by one statement, so that the ledger's triggers run once per table and not per row.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.utils import DatabaseError

from investments.dataset import checks
from investments.dataset.export import keep_stored
from investments.dataset.format import FILES, CellError, File
from investments.dataset.problems import PackageError, Problem, Problems
from investments.dataset.writes import FIRST_TO_GO, Counts, prune_files, write
from investments.ledger.rates import load_reference_rates
from investments.models import AnnouncementSource, DealContainment, DealDocument, LedgerEntry

Progress = Callable[[str, int], None]

csv.field_size_limit(10_000_000)


@dataclass(frozen=True)
class LoadReport:
    """What a load did: per file the number of rows added, changed, unchanged and removed."""

    counts: dict[str, Counts]

    @property
    def changed(self) -> int:
        """How many rows were added, changed or removed in all."""
        return sum(count.added + count.changed + count.removed for count in self.counts.values())


def load(
    folder: Path, *, prune: bool = False, progress: Progress = lambda file, rows: None, kept: frozenset[str] = frozenset()
) -> LoadReport:  # fmt: skip
    """Load the package in ``folder``; raise PackageError, and write nothing, when anything in it is wrong.

    ``progress`` is told a file and how many more of its rows have been read. Columns named in ``kept`` stay as they
    are stored in rows that are known, where a package that lacks them would empty them.
    """
    problems = Problems()
    _check_folder(folder, problems)
    problems.refuse()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            rows = 0
            for file in FILES:
                rows += _read(cursor, folder, file, problems, progress)
                for cell in file.cells:
                    if cell.name in kept and (folder / file.path).exists():
                        cursor.execute(keep_stored(file, cell))
            checks.check(cursor, problems, prune=prune)
            problems.refuse()
            if rows > LARGE:
                # The history's triggers keep the plan of their first run, which may have met a single row; a loop
                # within a loop would then go through a million rows a million times.
                cursor.execute("DISCARD PLANS")
                cursor.execute("SET LOCAL enable_nestloop = off")
            # Parties and announcements that stay are checked by triggers as they are written, beside those that are there.
            removed = prune_files(cursor, FIRST_TO_GO) if prune else {}
            counts = {file.name: write(cursor, file) for file in FILES}
            if prune:
                removed |= prune_files(cursor, [file for file in reversed(FILES) if file not in FIRST_TO_GO])
            for name, count in removed.items():
                counts[name] = counts[name].without(count)
            if removed.get("exchange_rates"):
                # A rate by hand that went may have stood in the place of a reference rate.
                load_reference_rates(anew=True)
            # What the database checks at commit, it checks now, while its words can still be told.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            report = LoadReport(counts)
            if report.changed:
                # Plans made before the statistics catch up with a large load would be poor ones.
                cursor.execute(f"ANALYZE {', '.join(DERIVED_TABLES + [file.table for file in FILES])}")
    except DatabaseError as error:
        # What no check foresaw: the database's own words are better than none.
        raise PackageError(
            [Problem(str(folder), 0, "package", str(error).split("\n")[0], "rows that the database takes")], 1
        ) from error
    return report


# Rows in a package from which on its statements are planned for many.
LARGE = 20_000
DERIVED_TABLES = [model._meta.db_table for model in (LedgerEntry, DealContainment, DealDocument, AnnouncementSource)]


def _check_folder(folder: Path, problems: Problems) -> None:
    if not folder.is_dir():
        problems.add(str(folder), 0, "folder", folder, "a folder with the package's CSV files")
        return
    known = {file.path for file in FILES}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in known:
            problems.add(path.name, 0, "file", path.name, f"one of {', '.join(sorted(known))}")
    if not any((folder / name).exists() for name in known):
        problems.add(str(folder), 0, "folder", folder, "at least one of the package's CSV files")


def _read(cursor: Any, folder: Path, file: File, problems: Problems, progress: Progress) -> int:
    """Read a file into its temporary table, collecting what is wrong with its cells; return its number of rows."""
    columns = [column for cell in file.cells for column in cell.columns]
    declared = ", ".join(f"{name} {kind}" for name, kind in columns)
    cursor.execute(f"DROP TABLE IF EXISTS {file.draft}")
    cursor.execute(f"CREATE TEMP TABLE {file.draft} (line integer, bad boolean, {declared}) ON COMMIT DROP")
    path = folder / file.path
    rows = 0
    if path.exists():
        names = ", ".join(["line", "bad", *(name for name, kind in columns)])
        with cursor.copy(f"COPY {file.draft} ({names}) FROM STDIN") as copy:
            copy.set_types(["int4", "bool", *(kind for name, kind in columns)])
            since = 0
            for row in _rows(path, file, problems):
                copy.write_row(row)
                rows += 1
                since += 1
                if since == 5000:
                    progress(file.name, since)
                    since = 0
            progress(file.name, since)
    for name in {"slug", "url", "key"} & {name for name, kind in columns}:
        cursor.execute(f"CREATE INDEX ON {file.draft} ({name})")
    cursor.execute(f"ANALYZE {file.draft}")
    return rows


def _rows(path: Path, file: File, problems: Problems) -> Iterator[tuple[Any, ...]]:
    """Yield the first line of each row, whether a cell of it could not be read, and its values.

    A row with a bad cell is yielded too, the cell empty: others may refer to it, and it may hold more mistakes.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as handle:
            reader = csv.reader(handle, strict=True)
            header = next(reader, [])
            if not _header_understood(header, file, problems):
                return
            place = {name: number for number, name in enumerate(header)}
            after = reader.line_num
            for row in reader:
                line, after = after + 1, reader.line_num
                if not row:
                    continue
                if len(row) != len(header):
                    problems.add(file.path, line, "row", f"{len(row)} cells", f"{len(header)} cells, as in the header")
                    continue
                before = problems.count
                values = _values(row, place, line, file, problems)
                yield line, problems.count > before, *values
    except csv.Error as error:
        problems.add(file.path, reader.line_num, "row", str(error), "a row of RFC 4180 CSV")


def _header_understood(header: list[str], file: File, problems: Problems) -> bool:
    """Say whether rows can be read under a header: optional columns may be missing, and are then taken as empty."""
    if _BROKEN.search(",".join(header)):
        problems.add(file.path, 1, "header", _around_broken(",".join(header)), "text in UTF-8")
        return False
    known = set(file.header)
    identifying = [key for key in file.key if file.cell(key).required]
    fine = True
    for name in header:
        if name not in known:
            problems.add(file.path, 1, name or "header", name, f"a column out of {', '.join(file.header)}")
            fine = False
    if len(set(header)) < len(header):
        problems.add(file.path, 1, "header", ",".join(header), "each column once")
        fine = False
    for key in identifying:
        if key not in header:
            problems.add(file.path, 1, key, "", "this column: it identifies the row")
            fine = False
    # Unknown columns are no reason to keep quiet about the cells of the known ones.
    return fine or (all(key in header for key in identifying) and len(set(header)) == len(header))


# Bytes that are no UTF-8, as they are read: each stands for itself, so that its line and column can be told.
_BROKEN = re.compile("[\udc80-\udcff]")


def _around_broken(text: str) -> str:
    """Return what stands around the first byte of a text that is no UTF-8, this byte by its number."""
    found = _BROKEN.search(text)
    start = max(found.start() - 20, 0) if found else 0
    return text[start : start + 40].encode(errors="surrogateescape").decode(errors="backslashreplace")


def _values(row: list[str], place: dict[str, int], line: int, file: File, problems: Problems) -> list[Any]:
    """Return the values of a row, unknown ones for a cell that could not be read."""
    values: list[Any] = []
    for cell in file.cells:
        text = row[place[cell.name]].strip() if cell.name in place else ""
        if not text.isascii() and _BROKEN.search(text):
            problems.add(file.path, line, cell.name, _around_broken(text), "text in UTF-8")
            values += [None] * len(cell.columns)
            continue
        if not text and cell.required:
            problems.add(file.path, line, cell.name, text, "a value")
            values += [None] * len(cell.columns)
            continue
        try:
            values += cell.read(text)
        except (CellError, ValueError) as error:
            problems.add(file.path, line, cell.name, text, str(error))
            values += [None] * len(cell.columns)
    return values
