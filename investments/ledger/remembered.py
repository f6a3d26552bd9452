"""Answers kept until a fact changes: what is asked most is worked out once for each state of the facts.

Every transaction that changes facts changes the version of the data (sql/version.sql), and the version is part of
the name under which an answer is kept, so none can be out of date.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from asgiref.local import Local
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.db import connections, router
from django.db.models import QuerySet

from investments.models import DataChange

# The versions that the running request has read, by database; only requests that write nothing keep them.
_request = Local()


def _begin(environ: dict[str, Any] | None = None, **signal: Any) -> None:
    _request.versions = {} if (environ or {}).get("REQUEST_METHOD") in {"GET", "HEAD"} else None


def _end(**signal: Any) -> None:
    _request.versions = None


request_started.connect(_begin, dispatch_uid="remembered")
request_finished.connect(_end, dispatch_uid="remembered")


def database() -> str:
    """Return the database that facts are read from now: what a request says of them comes from one."""
    return router.db_for_read(DataChange)


def data_version(db: str | None = None) -> str:
    """Return the version of the data: another text after each committed change of a fact; read once a request."""
    db = db or database()
    versions = getattr(_request, "versions", None)
    if versions is not None and db in versions:
        return str(versions[db])
    with connections[db].cursor() as cursor:
        cursor.execute("SELECT tracker_data_version()")
        version = str(cursor.fetchone()[0])
    if versions is not None:
        versions[db] = version
    return version


def number_of(rows: QuerySet) -> int:
    """Return the number of rows, from memory where it is known for this version of the data."""
    return numbers_of(rows)[0]


def numbers_of(*sets: QuerySet) -> tuple[int, ...]:
    """Return the number of rows of each set, all by one query."""
    found = [compiled(rows.order_by().values("pk")) for rows in sets]
    counts = ", ".join(f"(SELECT count(*) FROM ({sql}) x)" for sql, _params in found)
    return remembered(sets[0].db, f"SELECT {counts}", [param for _sql, params in found for param in params])[0]


def compiled(rows: QuerySet) -> tuple[str, tuple[Any, ...]]:
    """Return the statement of a query set, and its parameters, to stand inside another."""
    sql, params = rows.query.get_compiler(rows.db, elide_empty=False).as_sql()
    return str(sql), tuple(params)


def remembered(db: str, sql: str, params: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a query over facts, from memory where they are known for this version of the data."""
    connection = connections[db]
    # Inside a transaction the reader may see what nobody else does: changes of its own, or an older snapshot.
    if connection.in_atomic_block:
        return _run(connection, sql, params)
    params = tuple(params)
    name = (
        f"{data_version(db)}-{sha256(repr((db, connection.settings_dict['NAME'], sql, params)).encode()).hexdigest()}"
    )
    rows = caches["answers"].get(name)
    if rows is None:
        rows = _run(connection, sql, params)
        caches["answers"].set(name, rows)
    return rows


def _run(connection: Any, sql: str, params: Iterable[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
