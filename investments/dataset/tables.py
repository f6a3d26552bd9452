"""One table as people bring it, CSV or Excel: its rows as text, and which of its columns is which of the package's."""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook

from investments.dataset.format import File

# No table has more columns than this; a file that has is no table.
WIDEST = 200


class TableError(ValueError):
    """A file that is no table; the code says why: encoding, workbook, empty, wide."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code, about)
        self.code = code
        self.about = about


def read_table(name: str, content: bytes) -> list[list[str]]:
    """Return the rows of a file as text, the header first; line n of the file is row n of a workbook."""
    rows = list(_workbook(content) if content[:2] == b"PK" or name.lower().endswith(".xlsx") else _text(content))
    if not rows or not any(rows[0]):
        raise TableError("empty")
    if len(rows[0]) > WIDEST:
        raise TableError("wide", str(len(rows[0])))
    return rows


def _text(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError("encoding", repr(content[error.start : error.start + 4])) from error
    first = text.partition("\n")[0]
    # French and German spreadsheets write semicolons, others tabs.
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise TableError("csv", str(error)) from error


def _workbook(content: bytes) -> Iterator[list[str]]:
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        sheet = book.active
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise TableError("workbook", str(error)) from error
    if sheet is None:
        raise TableError("empty")
    for row in sheet.iter_rows(values_only=True):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> str:
    """Return a cell as the package writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return str(value)


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


def guess_columns(header: list[str], file: File) -> list[str]:
    """Return for each column of a header the package's column that it seems to be; empty where it seems none."""
    known = {_folded(name): name for name in file.header}
    for name in file.header:
        if any(field.name == name for field in file.model._meta.fields):
            known.setdefault(_folded(str(file.model._meta.get_field(name).verbose_name)), name)  # type: ignore[union-attr]
    guesses: list[str] = []
    for column in header:
        name = known.get(_folded(column), "")
        guesses.append("" if name in guesses else name)
    return guesses


def missing_columns(file: File, reads: list[str]) -> list[str]:
    """Return the columns that every row needs and that no column of the file is read as."""
    needed = [cell.name for cell in file.cells if cell.required]
    return [name for name in dict.fromkeys([*file.key[:1], *needed]) if name not in reads]


def as_package(rows: list[list[str]], reads: list[str]) -> str:
    """Return the rows as the package's file: the columns that are read, under its names, each row on its own line."""
    places = [(place, name) for place, name in enumerate(reads) if name]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([name for _place, name in places])
    for row in rows[1:]:
        # A short row ends in empty cells, as spreadsheets leave them out.
        writer.writerow([row[place] if place < len(row) else "" for place, _name in places])
    return text.getvalue()
