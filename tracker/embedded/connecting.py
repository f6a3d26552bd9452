"""The first connection to a server: waiting until it takes one, and for no longer than it says that it starts."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql

from tracker.embedded.cluster import DATABASE, Cluster, ConnectionParams
from tracker.embedded.programs import EmbeddedPostgresError

# Seconds of one attempt; libpq knows nothing shorter than two.
ATTEMPT = 5
# How every refusal of a server begins that is starting up, recovering or shutting down.
IN_BETWEEN = "the database system is"

Connection = psycopg.Connection[tuple[object, ...]]


def ensure_database(cluster: Cluster, params: ConnectionParams) -> bool:
    """Make the app's database unless it is there; return False when the server ended meanwhile.

    Raises EmbeddedPostgresError, with what was waited for and how long, when the server runs but takes no connection.
    """
    connection = _connected(cluster, params)
    if connection is None:
        return False
    seconds = cluster.waits.start
    try:
        with connection, _bounded(connection, seconds):
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                # A killed process's own CREATE DATABASE may still be under way.
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.Error as error:
        if not cluster.postmaster():
            return False
        raise EmbeddedPostgresError(
            f"its database could not be looked up or made within {seconds:g} seconds: {error}", cluster.log
        ) from error
    return True


def _connected(cluster: Cluster, params: ConnectionParams) -> Connection | None:
    """Connect, waiting while the server starts up, recovers or shuts down; None when it ended."""
    begun = in_between = time.monotonic()
    waits = cluster.waits
    while pid := cluster.postmaster():
        try:
            return psycopg.connect(
                host=params.host, port=params.port, user=params.user, dbname="postgres", autocommit=True,
                connect_timeout=ATTEMPT,
            )  # fmt: skip
        except psycopg.OperationalError as error:
            said = str(error).strip()
        now = time.monotonic()
        if IN_BETWEEN in said:
            in_between = now
        if now - in_between > waits.answer or now - begun > waits.start:
            raise EmbeddedPostgresError(
                f"the server (process {pid}) took no connection at {params.host}, waited for {now - begun:.0f} seconds. "
                f"The last answer: {said}",
                cluster.log,
            )
        time.sleep(0.1)
    return None


@contextmanager
def _bounded(connection: Connection, seconds: float) -> Iterator[None]:
    """Cut the connection after so many seconds, also from a server that no longer reads."""

    def cut() -> None:
        with suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
