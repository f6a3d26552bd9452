"""A second database of the same server that stands for a replica, with facts of its own: each answer shows where it was
read. A server that really follows another is in tests/embedded/test_standby.py."""

import math
import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection, connections, transaction
from pytest_django import DjangoDbBlocker

from investments.models import Announcement, Deal
from tests import databases
from tests.builders import a_deal, an_announcement
from tests.routers.places import MAIN_ONLY, OTHER, REPLICA, REPLICA_ONLY, address
from tracker import routers
from tracker.database import from_url, lasting


@pytest.fixture(scope="module", autouse=True)
def second(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The database that replica1 and replica2 stand for, made as those of test processes are (tests/databases.py)."""
    run = secrets.randbelow(2**31)
    name = f"test_tracker_{run}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as server:
        server.execute("SELECT pg_advisory_lock(%s, %s)", [databases.COPY, run])
        with databases.locked(server):
            databases.create(server, name, databases.template())
        settings = from_url(address(name), "DATABASE_REPLICA_URLS", lasting)
        known = connections.configure_settings({"default": {}, REPLICA: settings, OTHER: {**settings}})
        connections.databases.update({alias: known[alias] for alias in (REPLICA, OTHER)})
        try:
            yield name
        finally:
            for alias in (REPLICA, OTHER):
                connections[alias].close()
                del connections[alias], connections.databases[alias]
            databases.drop(server, name)


@pytest.fixture
def replica(second: str, transactional_db: None, settings: Any) -> Iterator[str]:
    """The site with a replica, of which this is the name; it and the main server know a deal each."""
    settings.DATABASE_ROUTERS = ["tracker.routers.ReplicaRouter"]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE]
    settings.MIDDLEWARE.insert(1, "tracker.routers.ReplicaMiddleware")
    # The database of another file began at the same versions: what is kept of it is not of this one.
    caches["bodies"].clear()
    # Two changes here and one there: versions of the data that differ, as they do where one follows the other.
    an_announcement(a_deal("main", title=MAIN_ONLY), "2025-01-01", "5")
    with transaction.atomic(using=REPLICA):
        deal = Deal.objects.using(REPLICA).create(slug="copy", title=REPLICA_ONLY, kind="capex_commitment")
        Announcement.objects.using(REPLICA).create(
            deal=deal, key="copy-1", headline="Statement", date=date(2025, 1, 1), currency="USD",
            amount_low=7, amount_high=7,
        )  # fmt: skip
    # Most tests have one replica.
    routers._resting[OTHER] = math.inf
    yield second
    routers._resting.clear()
    # A test may have lost the connection.
    connections[REPLICA].close()
    connections[OTHER].close()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("TRUNCATE investments_deal CASCADE; DELETE FROM investments_datachange")
    connections[REPLICA].close()
