"""The rows that a query selects, as an Excel workbook, written row by row."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from investments.exports.rows import plain_rows
from investments.resources.base import Resource, StrictFilterSet

# A sheet of Excel holds 1,048,576 rows; the rest goes on to the next sheet.
ROWS_A_SHEET = 1_000_000
LONGEST = 32_767


def write(resource: Resource, filters: StrictFilterSet, query: str, handle: IO[bytes], title: str) -> int:
    """Write the rows into ``handle`` and return their number; query and day stand in the file's properties."""
    book = Workbook(write_only=True)
    book.properties.title = title
    book.properties.creator = title
    book.properties.subject = str(resource.label)
    book.properties.description = f"/{resource.name}/?{query}" if query else f"/{resource.name}/"
    book.properties.created = datetime.now(UTC).replace(tzinfo=None)
    count, sheet = 0, None
    for row in plain_rows(resource, filters):
        if count % ROWS_A_SHEET == 0:
            sheet = _sheet(book, resource, count // ROWS_A_SHEET)
        sheet.append([_cell(value) for value in row])  # type: ignore[union-attr]
        count += 1
    if sheet is None:
        _sheet(book, resource, 0)
    book.save(handle)
    return count


def _sheet(book: Workbook, resource: Resource, number: int) -> Any:
    sheet: Any = book.create_sheet(resource.name if not number else f"{resource.name} {number + 1}")
    sheet.freeze_panes = "A2"
    head = []
    for column in resource.written:
        cell = WriteOnlyCell(sheet, column.name)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    return sheet


def _cell(value: Any) -> Any:
    """Return a value as Excel takes it; text that looks like a formula stays text."""
    if isinstance(value, list):
        value = ";".join(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
        return f"'{value}" if re.match(r"[=+\-@\t\r]", value) else value
    return value
