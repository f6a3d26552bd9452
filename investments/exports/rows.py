"""The rows that a query selects, as the database writes them: CSV by COPY, JSON objects by a server-side cursor.

Memory does not grow with the number of rows: neither form is ever held whole.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connections, transaction
from django.db.models import QuerySet

from investments.resources.base import Column, Resource, StrictFilterSet

CHUNK = 2000
# Pieces of CSV are sent on once they are this large, in bytes.
PIECE = 1 << 16
# A cell that begins so is taken for a formula by spreadsheets; a quote before it makes it text.
FORMULA = r"^[=+\-@\t\r]"
TEXTS = {"money", "power", "number"}


def csv_pieces(resource: Resource, filters: StrictFilterSet) -> Iterator[bytes]:
    """Yield the rows as RFC 4180 CSV in UTF-8 with a header; lists are joined by ``;``, formulas are neutralised."""
    inner, params, db = query_of(resource, filters)
    cells = ", ".join(f'{_csv_cell(column)} AS "{column.name}"' for column in resource.written)
    connection: Any = connections[db]
    statement = f"COPY (SELECT {cells} FROM ({inner}) x) TO STDOUT WITH (FORMAT csv, HEADER true)"
    with connection.cursor() as cursor:
        held: list[bytes] = []
        size = 0
        with cursor.copy(connection.ops.compose_sql(statement, params)) as copy:
            for piece in copy:
                held.append(bytes(piece))
                size += len(piece)
                if size >= PIECE:
                    yield b"".join(held)
                    held, size = [], 0
        yield b"".join(held)


def json_pieces(resource: Resource, filters: StrictFilterSet, envelope: dict[str, Any]) -> Iterator[bytes]:
    """Yield ``envelope`` as JSON with the rows under ``rows``: amounts as decimal strings, dates with their precision."""
    inner, params, db = query_of(resource, filters)
    pairs = ", ".join(f"'{column.name}', {json_value(column)}" for column in resource.written)
    yield json.dumps(envelope, ensure_ascii=False)[:-1].encode() + b', "rows": ['
    between = "\n"
    for chunk in chunks(db, f"SELECT json_build_object({pairs})::text FROM ({inner}) x", params):
        yield (between + ",\n".join(text for (text,) in chunk)).encode()
        between = ",\n"
    yield b"\n]}\n"


def plain_rows(resource: Resource, filters: StrictFilterSet) -> Iterator[tuple[Any, ...]]:
    """Yield the rows as tuples of plain values, in the order of the written columns."""
    inner, params, db = query_of(resource, filters)
    names = ", ".join(f'x."c_{column.name}"' for column in resource.written)
    for chunk in chunks(db, f"SELECT {names} FROM ({inner}) x", params):
        yield from chunk


def query_of(resource: Resource, filters: StrictFilterSet) -> tuple[str, tuple[Any, ...], str]:
    """Return the SQL, the parameters and the database of the rows, ordered, under the names ``c_...``."""
    rows: QuerySet = resource.values(
        filters, resource.ordered(filters.rows, filters.cleaned.get("sort") or resource.default_sort)
    )
    sql, params = rows.query.get_compiler(rows.db, elide_empty=False).as_sql()
    return sql, params, rows.db


def chunks(db: str, sql: str, params: tuple[Any, ...]) -> Iterator[list[tuple[Any, ...]]]:
    # The cursor lives on the server's side for as long as its transaction.
    with transaction.atomic(using=db), connections[db].chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while chunk := cursor.fetchmany(CHUNK):
            yield chunk


def _csv_cell(column: Column) -> str:
    value = f'x."c_{column.name}"'
    match column.kind:
        case "money" | "power" | "number" | "count" | "date" | "period":
            return value
        case "flag":
            return f"{value}::text"
        case "labels":
            value = f"array_to_string({value}, ';')"
    return f"CASE WHEN {value} ~ E'{FORMULA}' THEN '''' || {value} ELSE {value} END"


def json_value(column: Column) -> str:
    value = f'x."c_{column.name}"'
    return f"{value}::text" if column.kind in TEXTS else value
