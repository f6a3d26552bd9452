"""What those who watch the server are told."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tracker import health


def test_a_process_is_alive_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert "no-store" in answer["Cache-Control"]


def test_only_reading_is_allowed(client: Client) -> None:
    assert [client.post(path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [405, 405, 405]


@pytest.mark.django_db
def test_a_migrated_database_is_ready(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@pytest.mark.django_db
def test_a_missing_migration_is_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'investments' AND name LIKE '0001%'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reason"].startswith("not migrated: investments.0001")


@pytest.mark.django_db
def test_a_database_without_any_table_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")
    assert "auth.0001_initial" in client.get("/readyz").json()["reason"]


def test_an_unreachable_database_is_said_without_its_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("connection to server at db.internal failed for user root")

    monkeypatch.setattr(health, "unapplied_migrations", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "the database cannot be reached (OperationalError)"


def test_health_is_public_where_everything_else_needs_a_login(client: Client, settings: Any) -> None:
    settings.REQUIRE_LOGIN = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 302


def test_answers_are_counted_by_view_method_and_status(client: Client) -> None:
    line = 'tracker_requests_total{method="GET",status="200",view="tracker.health.healthz"}'
    before = counted(client, line)
    client.get("/healthz")
    client.get("/healthz")
    assert counted(client, line) - before == 2
    assert counted(client, 'tracker_request_seconds_count{view="tracker.health.healthz"}') >= 2


def test_made_up_addresses_make_no_new_series(client: Client, settings: Any) -> None:
    settings.REQUIRE_LOGIN = True
    client.get("/no/such/page-4711")
    assert "4711" not in client.get("/metrics", headers={"host": "localhost"}).text


def counted(client: Client, line: str) -> float:
    for found in client.get("/metrics").text.splitlines():
        if found.startswith(line):
            return float(found.rsplit(" ", 1)[1])
    return 0.0
