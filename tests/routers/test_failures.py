"""What happens when a replica fails: readers see no error, and the log has a line."""

from typing import Any

import pytest
from django.db import close_old_connections, connection, connections
from django.test import Client

from tests.routers.places import (
    MAIN_ONLY,
    OTHER,
    PAGES,
    REPLICA,
    REPLICA_ONLY,
    URLS,
    complaints,
    read_from,
    rename,
    signed_in,
)
from tracker import routers

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", REPLICA, OTHER])
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"


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
    try:
        assert [read_from(client), read_from(client, "/api/v1/deals/")] == [{"main"}] * 2
        assert [line.split(":")[0] for line in complaints(caplog)] == [
            "replica1 did not answer /deals/",
            "replica1 did not answer /api/v1/deals/",
        ]
    finally:
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
    settings.ROOT_URLCONF = URLS
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


def test_readiness_is_that_of_the_main_server(replica: str, client: Client) -> None:
    connections[REPLICA].close()
    rename(replica, f"{replica}0")
    try:
        assert client.get("/readyz").json() == {"status": "ready"}
    finally:
        rename(f"{replica}0", replica)
