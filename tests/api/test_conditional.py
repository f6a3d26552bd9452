"""What a program has already is not sent again, and never when a fact has changed."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import a_deal, an_announcement

ADDRESSES = ["/api/v1/deals/", "/api/v1/announcements/?event=announced", "/charts/spending.json", "/deals/feed.atom"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_is_given_again_only_once_a_fact_has_changed(client: Client, address: str) -> None:
    an_announcement(a_deal(), "2025-01-01", "5")
    first = client.get(address)
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    # Nothing but the version of the data.
    assert [query["sql"] for query in queries] == ["SELECT tracker_data_version()"]
    an_announcement(a_deal(), "2025-01-02", "7")
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/api/v1/deals/", "/api/v1/spending/", "/charts/spending.json?min=1"])
def test_an_answer_is_made_once_for_each_state_of_the_facts(client: Client, address: str) -> None:
    an_announcement(a_deal(), "2025-01-01", "5")
    first = client.get(address)
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address)
    assert (again.status_code, again.content) == (200, first.content)
    assert [query["sql"] for query in queries] == ["SELECT tracker_data_version()"]
    an_announcement(a_deal("another"), "2025-01-02", "7")
    assert client.get(address).content != first.content


@pytest.mark.django_db
def test_languages_and_queries_have_tags_of_their_own(client: Client) -> None:
    tags = {client.get(address)["ETag"] for address in (*ADDRESSES, "/fr/charts/spending.json", "/api/v1/deals/?q=a")}
    assert len(tags) == 6


@pytest.mark.django_db
def test_any_origin_may_read_and_answers_are_compressed(client: Client) -> None:
    for number in range(30):
        an_announcement(a_deal(), "2025-01-01", str(number + 1))
    response = client.get("/api/v1/deals/", headers={"Accept-Encoding": "gzip"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Encoding"] == "gzip"
    assert "Access-Control-Allow-Origin" not in client.get("/deals/")
