"""The backend. Named in DATABASES by tracker/database.py when no DATABASE_URL is given."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from django.db.backends.postgresql import base
from django.db.backends.postgresql.client import DatabaseClient as PostgresClient

from tracker.embedded import binary, server_for


class DatabaseClient(PostgresClient):
    """``manage.py dbshell`` with the psql that comes with the server."""

    def runshell(self, parameters: Iterable[str]) -> None:
        cast(DatabaseWrapper, self.connection).reach_server()
        self.executable_name = str(binary("psql"))
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    """Fills in where the embedded server listens at the first connection, so that commands without one start nothing."""

    client_class = DatabaseClient

    def reach_server(self) -> None:
        params = server_for(Path(self.settings_dict["DATA_DIR"])).ensure_running()
        self.settings_dict.update(HOST=params.host, PORT=str(params.port), USER=params.user)

    def get_connection_params(self) -> dict[str, Any]:
        self.reach_server()
        return super().get_connection_params()
