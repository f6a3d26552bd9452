"""Writing the package: every file in the order of its key, and the Frictionless description beside them."""

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from investments.dataset.format import BY_NAME, FILES, Cell, File, written
from investments.dataset.public import REFERENCES, chosen
from investments.dataset.writes import LINKS
from investments.values import Period

Progress = Callable[[str, int], None]
CHUNK = 2000
FIELD_TYPES = {"number": "number", "slug": "string", "date": "string"}


def export(folder: Path, *, progress: Progress = lambda file, rows: None) -> dict[str, int]:
    """Write the package into ``folder``; return the number of rows per file.

    The files appear there only once all of them are written; one snapshot of the database serves them all.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    counts = {}
    try:
        with one_snapshot():
            for file in FILES:
                counts[file.name] = 0
                with (draft / file.path).open("w", newline="", encoding="utf-8") as handle:
                    for rows, text in texts(file):
                        handle.write(text)
                        counts[file.name] += rows
                        progress(file.name, rows)
        (draft / "datapackage.json").write_text(description_text(), encoding="utf-8")
        folder.mkdir(exist_ok=True)
        for path in sorted(draft.iterdir()):
            path.replace(folder / path.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return counts


@contextmanager
def one_snapshot(db: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let every query inside see the facts of one moment."""
    outermost = not connections[db].in_atomic_block
    with transaction.atomic(using=db):
        if outermost:
            with connections[db].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def texts(file: File, *, public: bool = False, db: str = DEFAULT_DB_ALIAS) -> Iterator[tuple[int, str]]:
    """Yield a file's header and rows as pieces of CSV, each with the number of its rows; never the whole of it."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(file.header)
    count = 0
    for row in _rows(file, public=public, db=db):
        writer.writerow(row)
        count += 1
        if count == CHUNK:
            yield count, text.getvalue()
            text.seek(0)
            text.truncate()
            count = 0
    yield count, text.getvalue()


def rows_of(file: File, ids: list[int]) -> Iterator[list[str]]:
    """Yield the cells of the rows with these numbers."""
    return _rows(file, "WHERE x.id = ANY (%s)", [ids])


def _rows(
    file: File,
    condition: str = "",
    params: list[Any] | None = None,
    *,
    public: bool = False,
    db: str = DEFAULT_DB_ALIAS,
) -> Iterator[list[str]]:
    """Yield the cells of each row, by a cursor on the server's side."""
    expressions = [expression for cell in file.cells for expression in _expressions(file, cell, public=public)]
    named = ""
    if public:
        named, params = chosen(file.name)
        condition = "WHERE x.id IN (SELECT id FROM chosen)"
    elif file.name == "exchange_rates" and not condition:
        condition = "WHERE x.origin <> 'ecb'"
    order = ", ".join(
        f'{expression}::text COLLATE "C"' for key in file.key for expression in _expressions(file, file.cell(key))
    )
    statement = f"{named} SELECT {', '.join(expressions)} FROM {file.table} x {condition} ORDER BY {order}"
    with connections[db].chunked_cursor() as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                yield _cells(file, row)


def _expressions(file: File, cell: Cell, *, public: bool = False) -> list[str]:
    """Return the SQL of a cell's stored values, from the row ``x``; what is public of them."""
    column = cell.columns[0][0]
    if public and (file.name, cell.name) in REFERENCES:
        return [REFERENCES[file.name, cell.name]]
    if cell.many:
        table, own, other, position = LINKS[file.name, cell.name]
        target = BY_NAME[str(cell.refers)]
        key = f"t.{target.key[0]}"
        order = f"l.{position}" if position else f'{key} COLLATE "C"'
        return [
            f"ARRAY(SELECT {key} FROM {table} l JOIN {target.table} t ON t.id = l.{other} WHERE l.{own} = x.id ORDER BY {order})"
        ]
    if cell.refers:
        target = BY_NAME[cell.refers]
        return [f"(SELECT t.{target.key[0]} FROM {target.table} t WHERE t.id = x.{column}_id)"]
    if cell.name == "forecaster":
        return ["coalesce((SELECT c.slug FROM investments_company c WHERE c.id = x.forecaster_id), x.forecaster_name)"]
    return [f"x.{name}" for name, kind in cell.columns]


def keep_stored(file: File, cell: Cell) -> str:
    """Return the statement that gives a column of a file's draft the values that are stored for its rows."""
    same = " AND ".join(
        f"coalesce(d.{name}::text, '') = coalesce(({expression})::text, '')"
        for key in file.key
        for (name, _kind), expression in zip(file.cell(key).columns, _expressions(file, file.cell(key)), strict=True)
    )
    values = ", ".join(
        f"{name} = {expression}"
        for (name, _kind), expression in zip(cell.columns, _expressions(file, cell), strict=True)
    )
    return f"UPDATE {file.draft} d SET {values} FROM {file.table} x WHERE {same}"


def _cells(file: File, row: tuple[Any, ...]) -> list[str]:
    cells = []
    values = iter(row)
    for cell in file.cells:
        value = next(values)
        if len(cell.columns) == 2:
            precision = next(values)
            value = Period.containing(value, precision) if value else None
        text = written(value)
        cells.append("" if cell.name == "review" and text == "published" else text)
    return cells


def description_text(**more: Any) -> str:
    """Return ``datapackage.json``."""
    return json.dumps(description() | more, indent=2, ensure_ascii=False) + "\n"


def description() -> dict[str, Any]:
    """Return the package's description, as Frictionless Data Package lays it down."""
    return {
        "name": "ai-infrastructure-investment",
        "title": "Announced investment in AI infrastructure",
        "profile": "tabular-data-package",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "Creative Commons Attribution 4.0",
            }
        ],
        "resources": [_resource(file) for file in FILES],
    }


def _resource(file: File) -> dict[str, Any]:
    fields = []
    for cell in file.cells:
        field: dict[str, Any] = {"name": cell.name, "type": FIELD_TYPES.get(cell.kind, "string")}
        if cell.required:
            field["constraints"] = {"required": True}
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields, "primaryKey": list(file.key)}
    keys = [
        {"fields": [cell.name], "reference": {"resource": "" if cell.refers == file.name else cell.refers,
                                              "fields": [BY_NAME[cell.refers].key[0]]}}
        for cell in file.cells if cell.refers and not cell.many
    ]  # fmt: skip
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": file.name, "path": file.path, "profile": "tabular-data-resource", "encoding": "utf-8", "format": "csv",
        "mediatype": "text/csv", "schema": schema,
    }  # fmt: skip
