"""Which database the app uses: a server named by DATABASE_URL, or else the embedded one."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SCHEMES = ("postgres", "postgresql")
# libpq's own options that an address may carry.
OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "target_session_attrs", "options")
# What makes libpq's options the settings of a server's connections.
Connections = Callable[[dict[str, Any]], dict[str, Any]]


def databases(environ: Mapping[str, str], base_dir: Path) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES; raise ImproperlyConfigured naming the variable that is wrong."""
    url = environ.get("DATABASE_URL", "").strip()
    replicas = environ.get("DATABASE_REPLICA_URLS", "").split()
    if not url:
        if replicas:
            raise ImproperlyConfigured("DATABASE_REPLICA_URLS is set without DATABASE_URL, the server they follow.")
        data_dir = Path(environ.get("TRACKER_DATA_DIR") or base_dir / "var").resolve()
        return {
            "default": {"ENGINE": "tracker.postgres", "NAME": "tracker", "DATA_DIR": str(data_dir), **pooled({})},
        }
    made = {"default": from_url(url, "DATABASE_URL")}
    for number, replica in enumerate(replicas, 1):
        made[f"replica{number}"] = from_url(replica, "DATABASE_REPLICA_URLS", lasting) | {"TEST": {"MIRROR": "default"}}
    return made


def pooled(options: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of connections to the main server: a pool per process, each looked at as it is taken."""
    return {
        "CONN_MAX_AGE": 0,
        # After a restart of the server no reader meets a connection that ended with it.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}, "application_name": "tracker", **options},
    }


def lasting(options: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of connections to a replica: one to each thread, looked at before each request.

    No pool: that would wait for a replica that is gone, where another can be asked at once (tracker/routers.py).
    """
    # Seconds to connect, and milliseconds until a server that says nothing any more counts as gone.
    waits = {"connect_timeout": 2, "tcp_user_timeout": 5000}
    return {
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "tracker", **waits, **options},
    }


def from_url(url: str, variable: str, connections: Connections = pooled) -> dict[str, Any]:
    """Return the settings of one server from its address; messages never show the password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{variable}: {error}.") from error
    if parts.scheme not in SCHEMES:
        raise ImproperlyConfigured(
            f"{variable} starts with {parts.scheme or 'no scheme'!r}: expected postgresql://user:password@host:port/database."
        )
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise ImproperlyConfigured(
            f"{variable} names no database: expected postgresql://user:password@host:port/database."
        )
    host = query.pop("host", "") or unquote(parts.hostname or "")
    if unknown := sorted(query.keys() - set(OPTIONS)):
        raise ImproperlyConfigured(
            f"{variable} has the unknown option {unknown[0]!r}: known are host, {', '.join(OPTIONS)}."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        **connections(query),
    }
