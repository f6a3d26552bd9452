"""What the tests of replicas share: two databases that know a deal each, pages that read and write, and the log."""

import logging
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections, router
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from investments.models import Deal
from tests.builders import a_deal

REPLICA, OTHER = "replica1", "replica2"
MAIN_ONLY, REPLICA_ONLY = "Written To Main", "Known To Replica"
PAGES = ["/deals/", "/fr/deals/", "/announcements/", "/api/v1/deals/", "/deals/export.csv", "/deals/export.json",
         "/deals/feed.atom", "/search/?q=to"]  # fmt: skip
# The views below, as a site of their own.
URLS = __name__


def titles(request: HttpRequest) -> HttpResponse:
    """Name all deals."""
    return HttpResponse(", ".join(Deal.objects.values_list("title", flat=True)))


def writes(request: HttpRequest) -> HttpResponse:
    """Read, write and read again."""
    before = Deal.objects.get().title
    a_deal("just-written")
    return HttpResponse(f"{before}, {Deal.objects.filter(slug='just-written').exists()}")


def saves(request: HttpRequest) -> HttpResponse:
    """Keep a row that was read."""
    deal = Deal.objects.get()
    deal.save()
    return HttpResponse(deal._state.db)


def marks(request: HttpRequest) -> HttpResponse:
    """Ask where facts are read for what a server does only that takes writes."""
    with connections[router.db_for_read(Deal)].cursor() as cursor:
        cursor.execute("SELECT id FROM investments_deal FOR UPDATE")
    return titles(request)


urlpatterns = [path("titles/", titles), path("writes/", writes), path("saves/", saves), path("marks/", marks)]


def address(name: str) -> str:
    """Return the address of a database on the server of the tests."""
    connection.ensure_connection()
    known = {key: quote(str(connection.settings_dict[key]), safe="") for key in ("USER", "PASSWORD", "PORT")}
    where = urlencode({"host": connection.settings_dict["HOST"]})
    return f"postgresql://{known['USER']}:{known['PASSWORD']}@:{known['PORT']}/{name}?{where}"


def read_from(client: Client, page: str = "/deals/") -> set[str]:
    """Return which of the two databases a page names deals of."""
    response: Any = client.get(page)
    assert response.status_code == 200
    body = b"".join(response.streaming_content) if response.streaming else response.content
    # The search marks what it has found.
    text = re.sub("</?mark>", "", body.decode())
    return {where for where, name in (("main", MAIN_ONLY), (REPLICA, REPLICA_ONLY)) if name in text}


def signed_in(**fields: Any) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("somebody", **fields))
    return client


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the log says of replicas that fail."""
    return [r.getMessage() for r in caplog.records if r.name == "tracker.routers" and r.levelno >= logging.WARNING]


def rename(name: str, other: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} RENAME TO {other}")
