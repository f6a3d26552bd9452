"""How often may be asked: by address, more often by key, and what the answers' headers say of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.test import Client

from investments.api.limits import count
from investments.models import ApiKey
from investments.views.readers import network

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/deals/?fields=slug"


@pytest.fixture(autouse=True)
def few(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Three requests a minute to an address and five to a key, counted apart from those of other tests."""
    settings.CACHES = {**settings.CACHES, "limits": {**settings.CACHES["limits"], "LOCATION": tmp_path}}
    settings.API_PER_MINUTE, settings.API_PER_MINUTE_BY_KEY = 3, 5
    yield
    caches["limits"].clear()


def a_key(**user: Any) -> str:
    """Return the text of a new key of a new user."""
    reader = get_user_model().objects.create_user("reader", **user)
    return ApiKey.objects.make(user=reader, name="notebook")[1]


def statuses(client: Client, number: int, **headers: str) -> list[int]:
    return [client.get(PLACE, headers=headers).status_code for _turn in range(number)]


def test_an_address_is_answered_so_often_and_then_told_to_wait(client: Client) -> None:
    first = client.get(PLACE)
    assert first["RateLimit-Policy"] == '"address";q=3;w=60'
    assert first["RateLimit"].startswith('"address";r=2;t=')
    assert statuses(client, 3) == [200, 200, 429]
    refused = client.get(PLACE)
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"] == f'"address";r=0;t={refused["Retry-After"]}'
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["status"] == 429
    assert "ETag" not in refused


def test_another_address_is_counted_apart(client: Client) -> None:
    assert statuses(client, 4)[-1] == 429
    assert client.get(PLACE, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_forged_forwarding_header_changes_nothing(client: Client) -> None:
    assert [client.get(PLACE, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(4)][-1] == 429


def test_a_key_has_a_limit_of_its_own(client: Client) -> None:
    assert statuses(client, 4)[-1] == 429
    key = {"Authorization": f"Bearer {a_key()}"}
    answer = client.get(PLACE, headers=key)
    assert answer["RateLimit-Policy"] == '"key";q=5;w=60'
    assert statuses(client, 5, **key) == [200, 200, 200, 200, 429]


@pytest.mark.parametrize("user", [{"is_active": True}, {"is_active": False}])
def test_a_key_that_is_not_known_is_refused(client: Client, user: dict[str, bool]) -> None:
    key = a_key(**user)
    if user["is_active"]:
        ApiKey.objects.all().delete()
    answer = client.get(PLACE, headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert answer["Content-Type"] == "application/problem+json"


def test_what_a_program_has_already_is_not_counted(client: Client) -> None:
    tag = client.get(PLACE)["ETag"]
    assert statuses(client, 5, **{"If-None-Match": tag}) == [304] * 5
    assert client.get(PLACE)["RateLimit"].startswith('"address";r=1;')


def test_pages_draw_their_charts_however_often(client: Client) -> None:
    assert {client.get("/charts/forecasts.json?unit=MW").status_code for _turn in range(5)} == {200}
    assert [client.get("/api/v1/spending/").status_code for _turn in range(4)][-1] == 429


def test_a_new_minute_begins_anew() -> None:
    assert [count("address", "a", 3, 59.0).used, count("address", "a", 3, 59.5).used] == [1, 2]
    anew = count("address", "a", 3, 60.0)
    assert (anew.used, anew.ends) == (1, 60)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_address_of_ipv6_counts_as_its_network(address: str, counted: str) -> None:
    assert network(address) == counted
