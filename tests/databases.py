"""Test databases: copies of two templates, one without facts and one with the bundled dataset.

Making a database by its migrations takes seconds, most of them for the exchange rates; copying one takes a tenth of
that. So each template is made once per version of the code and kept on the server, every test process works on
copies of its own, and a copy in which a test has committed something is thrown away for a new one.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from typing import Any, cast

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from investments.dataset.load import load
from investments.management.commands.serve import BUNDLED

# Rooms of the code that leave nothing in the database.
ELSEWHERE = {"admin", "api", "charts", "exports", "management", "resources", "templatetags", "views", "__pycache__"}
# The first keys of advisory locks: whoever changes templates, and whoever uses the copies of one run.
TEMPLATES, COPIES = 7001, 7002


class Copies:
    """The databases of one test process: a copy of each template that it has asked for."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.run = secrets.randbelow(2**31)
        self.made: set[str] = set()
        self.used = ""
        # Held while this process lives, so that others can tell its copies from those of a process that was killed.
        server.execute("SELECT pg_advisory_lock(%s, %s)", [COPIES, self.run])

    def use(self, kind: str) -> None:
        """Point the app at the copy of that kind, ``empty`` or ``bundled``."""
        if kind not in self.made:
            self._copy(kind)
        if kind != self.used:
            self.used = kind
            point_at(self._name(kind))

    def renew(self) -> None:
        """Undo everything that was committed to the copy in use."""
        disconnect()
        self._copy(self.used)

    def drop(self) -> None:
        """Remove all copies."""
        disconnect()
        for kind in self.made:
            drop(self.server, self._name(kind))

    def _name(self, kind: str) -> str:
        return f"test_tracker_{self.run}_{kind}"

    def _copy(self, kind: str) -> None:
        with locked(self.server, TEMPLATES, 0):
            make_template(self.server, kind)
            drop(self.server, self._name(kind))
            create(self.server, self._name(kind), template(kind))
        self.made.add(kind)


@contextmanager
def copies() -> Iterator[Copies]:
    """Give this process its databases, and remove those that a killed process left."""
    asked = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as server:
        sweep(server)
        ours = Copies(server)
        try:
            yield ours
        finally:
            ours.drop()
            point_at(asked)


def make_template(server: Any, kind: str) -> None:
    """Make the template of that kind for this version of the code, unless it is there; remove older ones."""
    known = databases(server, f"template_tracker_{kind}_%")
    if template(kind) in known:
        return
    for name in known:
        drop(server, name)
    draft = f"draft_{template(kind)}"
    drop(server, draft)
    if kind == "empty":
        create(server, draft)
    else:
        make_template(server, "empty")
        create(server, draft, template("empty"))
    asked = connection.settings_dict["NAME"]
    point_at(draft)
    try:
        if kind == "empty":
            call_command("migrate", verbosity=0)
        else:
            load(BUNDLED)
    finally:
        point_at(asked)
    server.execute(f'ALTER DATABASE "{draft}" RENAME TO "{template(kind)}"')


@cache
def template(kind: str) -> str:
    """Return the name of the template, which changes with whatever it is made of."""
    code = [path for path in (settings.BASE_DIR / "investments").rglob("*") if path.suffix in {".py", ".sql"}]
    made_of = [settings.BASE_DIR / "requirements.txt", *code, *(BUNDLED.glob("*.csv") if kind == "bundled" else ())]
    digest = sha256()
    for path in sorted(made_of):
        place = path.relative_to(settings.BASE_DIR)
        if ELSEWHERE.isdisjoint(place.parts):
            content = path.read_bytes()
            digest.update(f"{place} {len(content)}\n".encode() + content)
    return f"template_tracker_{kind}_{digest.hexdigest()[:12]}"


def sweep(server: Any) -> None:
    """Remove the copies of processes that are gone."""
    for name in databases(server, "test\\_tracker\\_%"):
        run = name.split("_")[2]
        server.execute("SELECT pg_try_advisory_lock(%s, %s)", [COPIES, run])
        if server.fetchone()[0]:
            drop(server, name)
            server.execute("SELECT pg_advisory_unlock(%s, %s)", [COPIES, run])


def databases(server: Any, pattern: str) -> list[str]:
    server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
    return [name for (name,) in server.fetchall()]


def create(server: Any, name: str, template: str = "template0") -> None:
    server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop(server: Any, name: str) -> None:
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def locked(server: Any, space: int, key: int) -> Iterator[None]:
    server.execute("SELECT pg_advisory_lock(%s, %s)", [space, key])
    try:
        yield
    finally:
        server.execute("SELECT pg_advisory_unlock(%s, %s)", [space, key])


def point_at(name: str) -> None:
    """Let every connection from now on be to that database."""
    disconnect()
    # The dictionary is the one in the settings: connections of other threads read it too.
    connection.settings_dict["NAME"] = name


def disconnect() -> None:
    connection.close()
    cast(Any, connection).close_pool()
