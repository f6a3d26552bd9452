"""Health checks: ``/healthz`` says that the process lives, ``/readyz`` that it can answer."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse

from tracker.embedded import EmbeddedPostgresError


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process lives."""
    return JsonResponse({"status": "alive"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database is reachable and migrated; else 503 with the reason."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except (DatabaseError, EmbeddedPostgresError) as error:
        return JsonResponse({"status": "not ready", "reason": f"database: {str(error).splitlines()[0]}"}, status=503)
    missing = sorted(f"{app}.{name}" for app, name in known_migrations() - applied)
    if missing:
        return JsonResponse({"status": "not ready", "reason": f"not migrated: {', '.join(missing)}"}, status=503)
    return JsonResponse({"status": "ready"})


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of the code that runs, by app and name."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {})
