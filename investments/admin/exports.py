"""Any selection of facts as a file of the dataset package: CSV, or a workbook of the same columns."""

import csv
from io import BytesIO, StringIO
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook

from investments.dataset.export import rows_of
from investments.dataset.format import FILES, File

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_of(model: type[Any]) -> File:
    """Return the file of the package that holds a kind of fact."""
    return next(file for file in FILES if file.model is model)


class ExportMixin:
    """Offers the selected rows as a file that the import reads back."""

    actions: Any = ["publish", "withdraw", "export_csv", "export_xlsx"]

    @admin.action(description=_("Export the selected rows as CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, rows: QuerySet) -> HttpResponse:
        file = file_of(rows.model)
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(file.header)
        writer.writerows(rows_of(file, list(rows.order_by().values_list("pk", flat=True))))
        return attached(text.getvalue().encode(), "text/csv; charset=utf-8", file.path)

    @admin.action(description=_("Export the selected rows as Excel"), permissions=["view"])
    def export_xlsx(self, request: HttpRequest, rows: QuerySet) -> HttpResponse:
        file = file_of(rows.model)
        book = Workbook(write_only=True)
        sheet = book.create_sheet(file.name)
        sheet.append(file.header)
        for row in rows_of(file, list(rows.order_by().values_list("pk", flat=True))):
            sheet.append(row)
        content = BytesIO()
        book.save(content)
        return attached(content.getvalue(), XLSX, f"{file.name}.xlsx")


def attached(content: bytes, kind: str, name: str) -> HttpResponse:
    """Return an answer that a browser saves under a name."""
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
