"""Who reads from a replica, and what happens when it fails.

The replica here is a second database of the same server with facts of its own, so that each answer shows where it was
read. A server that really follows another is in tests/embedded/test_standby.py.
"""

import logging
import math
import re
import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import close_old_connections, connection, connections, router, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from pytest_django import DjangoDbBlocker

from investments.models import Announcement, ApiKey, Deal, SavedView
from tests import databases
from tests.builders import a_deal, an_announcement
from tracker import routers
from tracker.database import from_url, lasting

REPLICA, OTHER = "replica1", "replica2"
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", REPLICA, OTHER])
MAIN_ONLY, REPLICA_ONLY = "Written To Main", "Known To Replica"
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"


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


PAGES = ["/deals/", "/fr/deals/", "/announcements/", "/api/v1/deals/", "/deals/export.csv", "/deals/export.json",
         "/deals/feed.atom", "/search/?q=to"]  # fmt: skip


@pytest.mark.parametrize("where", PAGES)
def test_who_is_not_signed_in_reads_from_the_replica(replica: str, client: Client, where: str) -> None:
    assert read_from(client, where) == {REPLICA}


def test_the_main_server_is_not_asked_by_who_is_not_signed_in(replica: str, client: Client) -> None:
    def refuse(*arguments: Any) -> None:
        raise AssertionError("the main server was asked")

    with connection.execute_wrapper(refuse):
        for page in ("/", "/deals/", "/deals/copy/", "/projects/", "/charts/spending/", "/charts/spending.json",
                     "/forecasts/", "/impacts/", "/api/v1/deals/", "/deals/feed.atom", "/sitemap.xml", "/about/"):  # fmt: skip
            response = client.get(page)
            assert response.status_code == 200, page


def test_staff_read_what_they_have_written(replica: str) -> None:
    editor = signed_in(is_staff=True)
    assert [read_from(editor, page) for page in PAGES] == [{"main"}] * len(PAGES)


def test_other_readers_read_from_the_replica_and_keep_their_own_things_on_the_main_server(replica: str) -> None:
    reader = signed_in()
    assert read_from(reader) == {REPLICA}
    reader.post("/views/", {"list": "deals", "name": "My own view", "query": "q=known"})
    reader.post("/keys/", {"name": "My own key"})
    assert "My own view" in reader.get("/deals/?q=known").text
    assert "My own key" in reader.get("/keys/").text
    assert (SavedView.objects.count(), SavedView.objects.using(REPLICA).count()) == (1, 0)


def test_a_key_is_looked_up_where_it_is_withdrawn(replica: str, client: Client) -> None:
    user: Any = get_user_model().objects.create_user("program")
    key, text = ApiKey.objects.make(user=user, name="Script")
    headers = {"Authorization": f"Bearer {text}"}
    answer = client.get("/api/v1/deals/", headers=headers)
    assert (answer.status_code, [row["title"] for row in answer.json()["results"]]) == (200, [REPLICA_ONLY])
    key.delete()
    assert client.get("/api/v1/deals/", headers=headers).status_code == 401


def test_what_is_sent_is_answered_by_the_main_server(replica: str, client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    assert [client.get("/titles/").text, client.head("/titles/").status_code] == [REPLICA_ONLY, 200]
    assert [client.post("/titles/").text, client.put("/titles/").text] == [MAIN_ONLY] * 2


def test_a_request_that_has_written_reads_what_it_wrote(replica: str, client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    assert client.get("/writes/").text == f"{REPLICA_ONLY}, True"
    assert not Deal.objects.using(REPLICA).filter(slug="just-written").exists()


def test_a_row_read_from_a_replica_is_saved_to_the_main_server(replica: str, client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    assert client.get("/saves/").text == "default"
    assert Deal.objects.filter(slug="copy").exists()


def test_without_a_request_the_main_server_is_asked(replica: str, client: Client) -> None:
    assert read_from(client) == {REPLICA}
    assert Deal.objects.get().title == MAIN_ONLY


def test_nothing_is_migrated_on_a_replica(replica: str) -> None:
    assert router.allow_migrate("default", "investments")
    assert not router.allow_migrate(REPLICA, "investments")


def test_what_refers_to_people_is_no_fact() -> None:
    users = get_user_model()
    personal = {
        model for model in apps.get_models() if any(field.related_model is users for field in model._meta.fields)
    }
    assert personal and not [model for model in personal if routers.is_fact(model)]
    known = {model._meta.model_name for model in apps.get_app_config("investments").get_models()}
    assert known >= routers.KEPT_BY_PEOPLE


@pytest.mark.parametrize("where", ["/api/v1/deals/", "/charts/spending.json", "/dataset.zip", "/sitemap.xml"])
def test_a_tag_is_of_the_database_that_the_answer_is_read_from(replica: str, client: Client, where: str) -> None:
    tag = client.get(where)["ETag"]
    a_deal("later")
    assert client.get(where, headers={"If-None-Match": tag}).status_code == 304
    Deal.objects.using(REPLICA).update(title="Later")
    changed = client.get(where, headers={"If-None-Match": tag})
    assert (changed.status_code, changed["ETag"] == tag) == (200, False)


def test_last_modified_is_of_the_same_database(replica: str, client: Client) -> None:
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("UPDATE investments_datachange SET at = now() - interval '1 hour'")
    # The main one has changed within these two seconds.
    assert "Last-Modified" in client.get("/api/v1/deals/")
    assert "Last-Modified" not in signed_in(is_staff=True).get("/api/v1/deals/")


def test_kept_answers_are_those_of_one_database(replica: str, client: Client) -> None:
    editor = signed_in(is_staff=True)
    for _again in range(2):
        assert read_from(client, "/api/v1/deals/") == {REPLICA}
        assert read_from(editor, "/api/v1/deals/") == {"main"}
        assert read_from(client) == {REPLICA}
        assert read_from(editor) == {"main"}


def test_a_package_is_read_from_one_database(replica: str, client: Client) -> None:
    with connection.execute_wrapper(lambda *arguments: pytest.fail("the main server was asked")):
        response: Any = client.get("/dataset.zip")
        assert b"".join(response.streaming_content)
    # No transaction is left open, there or here.
    assert not connections[REPLICA].in_atomic_block


def test_a_connection_is_used_by_many_requests(replica: str, client: Client) -> None:
    for _time in range(3):
        read_from(client)
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS, [replica])
        assert cursor.fetchone() == (1,)


def test_a_lost_connection_is_made_anew(replica: str, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    read_from(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [replica])
    # As at the beginning of each request, but those of tests.
    close_old_connections()
    assert [read_from(client, "/deals/export.csv"), read_from(client)] == [{REPLICA}] * 2
    assert not complaints(caplog)


def test_a_connection_lost_on_the_way_is_no_error_to_readers(
    replica: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    read_from(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [replica])
    assert [read_from(client), read_from(client)] == [{"main"}] * 2
    assert len(complaints(caplog)) == 1


def test_a_replica_that_is_away_is_passed_over_and_comes_back(
    replica: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    connections[REPLICA].close()
    rename(replica, f"{replica}0")
    assert [read_from(client, page) for page in PAGES] == [{"main"}] * len(PAGES)
    assert len(complaints(caplog)) == 1
    assert complaints(caplog)[0].startswith("replica1 is not read from, and tried every 30 seconds: ")
    # As if the thirty seconds were over: it is tried, and is still away.
    routers._resting[REPLICA] = 0.0
    assert read_from(client) == {"main"}
    assert routers._resting[REPLICA] > 0
    rename(f"{replica}0", replica)
    assert read_from(client) == {"main"}
    routers._resting[REPLICA] = 0.0
    assert read_from(client) == {REPLICA}
    assert len(complaints(caplog)) == 1


def test_a_request_reads_all_from_one_of_many_replicas(replica: str, client: Client) -> None:
    del routers._resting[OTHER]
    used = set()
    for _time in range(30):
        # A filter of its own each time: what is kept in memory is not asked for.
        with CaptureQueriesContext(connections[REPLICA]) as here, CaptureQueriesContext(connections[OTHER]) as there:
            assert read_from(client, f"/deals/?min={_time}") <= {REPLICA}
        assert bool(here) != bool(there)
        used.add(REPLICA if here else OTHER)
    assert used == {REPLICA, OTHER}


def test_of_two_replicas_the_one_that_is_there_is_read_from(
    replica: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    del routers._resting[OTHER]
    connections.databases[OTHER]["NAME"] = "no_such_database"
    try:
        assert [read_from(client) for _time in range(30)] == [{REPLICA}] * 30
    finally:
        connections.databases[OTHER]["NAME"] = replica
    assert [line.split(" ")[0] for line in complaints(caplog)] == [OTHER]


def test_a_replica_that_lacks_a_migration_is_no_error_to_readers(
    replica: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("ALTER TABLE investments_deal RENAME TO elsewhere")
    assert [read_from(client), read_from(client, "/api/v1/deals/")] == [{"main"}] * 2
    assert [line.split(":")[0] for line in complaints(caplog)] == [
        "replica1 did not answer /deals/",
        "replica1 did not answer /api/v1/deals/",
    ]
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO investments_deal")
    assert read_from(client) == {REPLICA}


def test_a_replica_that_gives_up_a_query_is_no_error_to_readers(replica: str, client: Client) -> None:
    connections[REPLICA].close()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {replica} SET lock_timeout = '50ms'")  # of sessions that begin now
    other = connections.create_connection(REPLICA)
    try:
        # As a server does that follows another: it keeps a table to itself and ends who waits for it.
        with other.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE investments_deal")
            assert [read_from(client, page) for page in ("/deals/", "/api/v1/deals/")] == [{"main"}] * 2
    finally:
        other.close()
    assert read_from(client) == {REPLICA}


def test_what_a_replica_cannot_do_the_main_server_does(replica: str, client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    connections[REPLICA].close()
    # As on a server that follows another.
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {replica} SET default_transaction_read_only = on")
    try:
        assert [client.get("/titles/").text, client.get("/marks/").text] == [REPLICA_ONLY, MAIN_ONLY]
    finally:
        connections[REPLICA].close()
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {replica} RESET default_transaction_read_only")


def test_a_failure_of_the_main_server_is_not_laid_to_the_replica(
    replica: str, caplog: pytest.LogCaptureFixture
) -> None:
    reader = signed_in()
    reader.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE investments_savedview RENAME TO elsewhere")
    try:
        assert reader.get("/deals/").status_code == 500
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO investments_savedview")
    assert not complaints(caplog)


def test_requests_are_counted_by_where_they_read(replica: str, client: Client) -> None:
    read_from(client)
    line = 'tracker_reads_total{database="replica1"}'
    before = counted(client, line)
    read_from(client)
    # What reads nothing is not counted.
    client.get("/healthz")
    assert counted(client, line) - before == 1


def test_readiness_is_that_of_the_main_server(replica: str, client: Client) -> None:
    connections[REPLICA].close()
    rename(replica, f"{replica}0")
    try:
        assert client.get("/readyz").json() == {"status": "ready"}
    finally:
        rename(f"{replica}0", replica)


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the log says of replicas that fail."""
    return [r.getMessage() for r in caplog.records if r.name == "tracker.routers" and r.levelno >= logging.WARNING]


def rename(name: str, other: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} RENAME TO {other}")


def counted(client: Client, line: str) -> float:
    found = [text for text in client.get("/metrics").text.splitlines() if text.startswith(line)]
    return float(found[0].rsplit(" ", 1)[1])
