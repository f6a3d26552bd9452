"""The figures of a chart as CSV."""

import csv
from decimal import Decimal
from io import StringIO
from typing import Any

from django.http import HttpResponse

from investments.views.charts.frame import Sheet

# A spreadsheet takes a text that begins so for a formula; a quote before it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(made: Sheet, name: str) -> HttpResponse:
    """Answer the sheet of a chart as a file of that name."""
    handle = StringIO()
    writer = csv.writer(handle, lineterminator="\r\n")
    writer.writerow(made.names)
    writer.writerows([_cell(value) for value in row] for row in made.rows)
    response = HttpResponse(handle.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _cell(value: Any) -> Any:
    """Neutralise a text that a spreadsheet would run; figures stay what they are."""
    if not isinstance(value, str) or not value.startswith(FORMULA):
        return value
    try:
        Decimal(value)
    except ArithmeticError:
        return f"'{value}"
    return value
