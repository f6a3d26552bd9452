"""For those who watch the server: ``/healthz``, ``/readyz`` and ``/metrics``."""

import logging
import os
from collections.abc import Callable
from functools import cache
from time import perf_counter

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from tracker.embedded import EmbeddedPostgresError

logger = logging.getLogger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Counter("tracker_requests", "Requests answered.", ["view", "method", "status"])
SECONDS = Histogram(
    "tracker_request_seconds",
    "Seconds from a request to the start of its answer.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process lives."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database is reachable and every migration is applied; else 503 with the reason."""
    try:
        missing = unapplied_migrations()
    except (Error, EmbeddedPostgresError) as error:
        # Addresses and user names are for the log, not for the public.
        logger.warning("not ready: %s", error)
        return _not_ready(f"the database cannot be reached ({type(error).__name__})")
    if missing:
        return _not_ready(f"not migrated: {', '.join(missing)}")
    return JsonResponse({"status": "ready"})


def _not_ready(reason: str) -> HttpResponse:
    return JsonResponse({"status": "not ready", "reason": reason}, status=503)


def unapplied_migrations() -> list[str]:
    """Return the migrations that the database still lacks, by one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return sorted(f"{app}.{name}" for app, name in known_migrations())
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return sorted(f"{app}.{name}" for app, name in known_migrations() - applied)


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of the code that runs, by app and name."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the counts of all workers in Prometheus's text format."""
    registry = REGISTRY
    # Set by tracker/gunicorn.py: each worker keeps its counts there.
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class CountRequestsMiddleware:
    """Counts every answer by view, method and status. Comes first, to see what the others answer too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = perf_counter()
        response = self.get_response(request)
        # Names of views, never addresses: readers could make up any number of those.
        view = (request.resolver_match and request.resolver_match.view_name) or "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, response.status_code).inc()
        SECONDS.labels(view).observe(perf_counter() - start)
        return response
