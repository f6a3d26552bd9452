"""API keys: made by their reader, shown once, withdrawn; and what they open where a sign-in is required."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from investments.models import ApiKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Any:
    """A signed-in reader."""
    made = get_user_model().objects.create_user("reader")
    client.force_login(made)
    return made


def make(client: Client, name: str = "notebook") -> str:
    """Return the text of a key made on the page."""
    page = client.post("/keys/", {"name": name}).content.decode()
    found = re.search(r'class="api-key">(buildout_[\w-]{43})<', page)
    assert found, page
    return found[1]


def test_a_key_is_shown_once_and_kept_as_a_digest(client: Client, reader: Any) -> None:
    text = make(client)
    stored = ApiKey.objects.get()
    assert (stored.user, stored.name, stored.ending) == (reader, "notebook", text[-4:])
    assert text not in client.get("/keys/").content.decode()
    assert text not in str(list(ApiKey.objects.values_list()))
    assert client.get("/api/v1/deals/", headers={"Authorization": f"Bearer {text}"}).status_code == 200


def test_a_withdrawn_key_is_refused(client: Client, reader: Any) -> None:
    text = make(client)
    client.post(f"/keys/{ApiKey.objects.get().pk}/drop/")
    assert client.get("/api/v1/deals/", headers={"Authorization": f"Bearer {text}"}).status_code == 401


def test_nobody_sees_or_withdraws_the_keys_of_another(client: Client, reader: Any) -> None:
    other = get_user_model().objects.create_user("other")
    key, _text = ApiKey.objects.make(user=other, name="of another")
    assert "of another" not in client.get("/keys/").content.decode()
    assert client.post(f"/keys/{key.pk}/drop/").status_code == 404
    assert ApiKey.objects.count() == 1


def test_a_key_needs_a_name_and_a_reader_holds_twenty_at_most(client: Client, reader: Any) -> None:
    refused = client.post("/keys/", {"name": " "})
    assert (refused.status_code, ApiKey.objects.count()) == (400, 0)
    for number in range(20):
        make(client, f"key {number}")
    assert client.post("/keys/", {"name": "one more"}).status_code == 400
    assert ApiKey.objects.count() == 20


def test_keys_are_for_those_who_are_signed_in(client: Client) -> None:
    assert client.get("/keys/")["Location"] == "/signin/?next=/keys/"


def test_a_key_opens_data_where_a_sign_in_is_required(client: Client, settings: Any) -> None:
    settings.REQUIRE_LOGIN = True
    key = {
        "Authorization": f"Bearer {ApiKey.objects.make(user=get_user_model().objects.create_user('r'), name='n')[1]}"
    }
    for address in ("/api/v1/deals/", "/charts/spending.json", "/deals/export.csv", "/deals/feed.atom"):
        refused = client.get(address)
        assert (refused.status_code, refused["Content-Type"]) == (401, "application/problem+json")
        assert "WWW-Authenticate" in refused
        assert client.get(address, headers=key).status_code == 200
    assert client.get("/deals/", headers=key).status_code == 302
    assert client.get("/api/v1/deals/", headers={"Authorization": "Bearer wrong"}).status_code == 401
