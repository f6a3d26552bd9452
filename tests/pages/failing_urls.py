"""The addresses of the site, and two that fail: one by a mistake in code, one by a database that hangs up."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tracker.urls import handler403, handler404, handler500  # noqa: F401
from tracker.urls import urlpatterns as real


def mistaken(request: HttpRequest) -> HttpResponse:
    """Raise what no one foresaw."""
    raise ZeroDivisionError


def hung_up(request: HttpRequest) -> HttpResponse:
    """Ask a database that ends the connection meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse()


urlpatterns = [*real]
for prefix in ("", "fr/", "api/v1/"):
    urlpatterns += [path(f"{prefix}mistaken/", mistaken), path(f"{prefix}hung-up/", hung_up)]
