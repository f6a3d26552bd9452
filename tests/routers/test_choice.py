"""Who reads from a replica, and who from the main server."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, connections, router
from django.test import Client
from django.test.utils import CaptureQueriesContext

from investments.models import ApiKey, Deal, SavedView
from tests.builders import a_deal
from tests.routers.places import MAIN_ONLY, OTHER, PAGES, REPLICA, REPLICA_ONLY, URLS, read_from, signed_in
from tracker import routers

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", REPLICA, OTHER])
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"


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
    settings.ROOT_URLCONF = URLS
    assert [client.get("/titles/").text, client.head("/titles/").status_code] == [REPLICA_ONLY, 200]
    assert [client.post("/titles/").text, client.put("/titles/").text] == [MAIN_ONLY] * 2


def test_a_request_that_has_written_reads_what_it_wrote(replica: str, client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = URLS
    assert client.get("/writes/").text == f"{REPLICA_ONLY}, True"
    assert not Deal.objects.using(REPLICA).filter(slug="just-written").exists()


def test_a_row_read_from_a_replica_is_saved_to_the_main_server(replica: str, client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = URLS
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


def test_requests_are_counted_by_where_they_read(replica: str, client: Client) -> None:
    read_from(client)
    line = 'tracker_reads_total{database="replica1"}'
    before = counted(client, line)
    read_from(client)
    # What reads nothing is not counted.
    client.get("/healthz")
    assert counted(client, line) - before == 1


def counted(client: Client, line: str) -> float:
    found = [text for text in client.get("/metrics").text.splitlines() if text.startswith(line)]
    return float(found[0].rsplit(" ", 1)[1])
