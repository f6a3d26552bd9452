"""Test databases: each test process works on a copy of one template, and finds it as it was before each test.

Making a database by its migrations takes seconds, most of them for the exchange rates; copying one takes a tenth of
one. So the template is made once per version of the code and kept on the server. It holds no facts, but those of the
bundled dataset lie beside, in the schema ``kept``, to be put in place by one statement per table.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from investments.dataset.load import load
from investments.management.commands.serve import BUNDLED
from investments.models import ExchangeRate

ExchangeRateEvent = apps.get_model("investments", "ExchangeRateEvent")

# Rooms of the code that leave nothing in the database.
ELSEWHERE = {"admin", "api", "charts", "exports", "management", "resources", "templatetags", "views", "__pycache__"}
# Tables that migrations fill, and of those the two whose later rows go; with their numbering columns.
RATES = {ExchangeRate._meta.db_table: "id", ExchangeRateEvent._meta.db_table: "pgh_id"}
LASTING = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    *RATES,
}
# The tables that large queries join.
PLANNED = ("announcement", "company", "deal", "deal_projects", "dealcontainment", "dealparty", "ledgerentry")
# The first keys of advisory locks: of whoever makes the template, and of whoever uses a copy.
TEMPLATE, COPY = 7001, 7002


@contextmanager
def copy() -> Iterator[None]:
    """Point the app at a new copy of the template until the end."""
    asked = connection.settings_dict["NAME"]
    run = secrets.randbelow(2**31)
    name = f"test_tracker_{run}"
    with connection._nodb_cursor() as server:
        # Held while this process lives: copies whose processes were killed can be told from those in use.
        server.execute("SELECT pg_advisory_lock(%s, %s)", [COPY, run])
        with locked(server):
            sweep(server)
            make_template(server)
            create(server, name, template())
        try:
            point_at(name)
            yield
        finally:
            point_at(asked)
            drop(server, name)


def empty() -> None:
    """Undo what a test has committed. Rates of the central bank that it changed it must put back itself."""
    tables = ", ".join(sorted(set(connection.introspection.table_names()) - LASTING))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}")
        for table, number in RATES.items():
            cursor.execute(f"DELETE FROM {table} WHERE {number} > (SELECT number FROM kept.last_{table})")


def fill() -> None:
    """Put the bundled facts in place, with the ledger and the history that loading them made."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        if not cursor.fetchone()[0]:
            load(BUNDLED)
            return
        # Without triggers: what they would make is among what is put in place.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, columns in kept(cursor):
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept.{table}")
        cursor.execute("SET LOCAL session_replication_role = origin")
        # Rows that are rolled back after each test leave statistics of empty tables, and plans made for those.
        cursor.execute(f"ANALYZE {', '.join(f'investments_{name}' for name in PLANNED)}")


def kept(cursor: Any) -> list[tuple[str, str]]:
    """Return the tables that ``kept`` has rows for, and their columns, those left out that the database computes."""
    cursor.execute(
        """
        SELECT table_name, string_agg(quote_ident(column_name), ', ')
        FROM information_schema.columns c
        WHERE table_schema = current_schema() AND is_generated = 'NEVER' AND EXISTS (
            SELECT FROM information_schema.tables k WHERE k.table_schema = 'kept' AND k.table_name = c.table_name
        )
        GROUP BY 1
        """
    )
    return list(cursor.fetchall())


def make_template(server: Any) -> None:
    """Make the template for this version of the code, unless it is there; remove older ones."""
    known = databases(server, "template_tracker_")
    if template() in known:
        return
    draft = f"draft_{template()}"
    for name in [*known, *databases(server, "draft_template_tracker_")]:
        drop(server, name)
    create(server, draft)
    asked = connection.settings_dict["NAME"]
    point_at(draft)
    try:
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA kept")
            for table, number in RATES.items():
                cursor.execute(
                    f"CREATE TABLE kept.last_{table} AS SELECT coalesce(max({number}), 0) AS number FROM {table}"
                )
            load(BUNDLED)
            for table in sorted(set(connection.introspection.table_names()) - LASTING):
                cursor.execute(f"CREATE TABLE kept.{table} AS TABLE {table}")
            for table, number in RATES.items():
                cursor.execute(
                    f"CREATE TABLE kept.{table} AS SELECT * FROM {table} "
                    f"WHERE {number} > (SELECT number FROM kept.last_{table})"
                )
        # Numbers go on after those of the kept facts, so that none is given twice.
        empty()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    finally:
        point_at(asked)
    server.execute(f'ALTER DATABASE "{draft}" RENAME TO "{template()}"')


@cache
def template() -> str:
    """Return the name of the template, which changes with whatever it is made of."""
    code = [path for path in (settings.BASE_DIR / "investments").rglob("*") if path.suffix in {".py", ".sql", ".csv"}]
    digest = sha256()
    for path in sorted([settings.BASE_DIR / "requirements.txt", settings.BASE_DIR / "tests" / "databases.py", *code]):
        place = path.relative_to(settings.BASE_DIR)
        if ELSEWHERE.isdisjoint(place.parts):
            content = path.read_bytes()
            digest.update(f"{place} {len(content)}\n".encode() + content)
    return f"template_tracker_{digest.hexdigest()[:12]}"


def sweep(server: Any) -> None:
    """Remove the copies of processes that are gone."""
    for name in databases(server, "test_tracker_"):
        run = name.rpartition("_")[2]
        server.execute("SELECT pg_try_advisory_lock(%s, %s)", [COPY, run])
        if server.fetchone()[0]:
            drop(server, name)
            server.execute("SELECT pg_advisory_unlock(%s, %s)", [COPY, run])


def databases(server: Any, prefix: str) -> list[str]:
    server.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{prefix}[0-9a-f]+$"])
    return [name for (name,) in server.fetchall()]


def create(server: Any, name: str, template: str = "template0") -> None:
    server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop(server: Any, name: str) -> None:
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def locked(server: Any) -> Iterator[None]:
    """Wait until no other process makes or copies the template."""
    server.execute("SELECT pg_advisory_lock(%s, 0)", [TEMPLATE])
    try:
        yield
    finally:
        server.execute("SELECT pg_advisory_unlock(%s, 0)", [TEMPLATE])


def point_at(name: str) -> None:
    """Let every connection from now on be to that database."""
    connection.close()
    cast(Any, connection).close_pool()
    # The dictionary is the one in the settings: connections of other threads read it too.
    connection.settings_dict["NAME"] = name
