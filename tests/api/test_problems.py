"""Whatever goes wrong is told to programs as problem details (RFC 9457)."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIRequestFactory

from investments.api.base import Retirement
from investments.api.views import DealsView
from tests.builders import a_deal, an_announcement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "address", "how"),
    [
        (400, "/api/v1/deals/?kind=nothing", {}),
        (400, "/charts/map.json?status=nothing", {}),
        (400, "/charts/map.csv?status=nothing", {}),
        (400, "/deals/export.csv?kind=nothing", {}),
        (400, "/deals/feed.atom?kind=nothing", {}),
        (400, "/api/v1/deals/?currency=EUR&currency=JPY", {}),
        (404, "/api/v1/deals/none-such/", {}),
        (404, "/api/v1/none-such/", {}),
        (404, "/charts/none-such.json", {}),
        (404, "/fr/charts/none-such.json", {}),
        (404, "/none-such.json", {}),
        (406, "/api/v1/deals/", {"headers": {"Accept": "text/turtle"}}),
        (406, "/charts/map.json", {"headers": {"Accept": "text/turtle"}}),
    ],
)
def test_a_problem_says_its_status_and_what_is_wrong(client: Client, status: int, address: str, how: Any) -> None:
    answer = client.get(address, **how)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert told["title"] and told["detail"]
    assert ("errors" in told) == (status == 400)
    assert "ETag" not in answer and "Last-Modified" not in answer


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/api/v1/deals/", "/api/v1/schema/", "/api/v1/docs/", "/charts/map.json"])
def test_only_reading_is_possible_and_the_answer_says_how(client: Client, method: str, address: str) -> None:
    answer = getattr(client, method)(address)
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert "GET" in answer["Allow"] and "POST" not in answer["Allow"]


def test_a_fault_of_the_site_is_told_without_its_reason(client: Client) -> None:
    an_announcement(a_deal(), "2025-01-01", "5")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE investments_dealparty RENAME TO parties_elsewhere")
    client.raise_request_exception = False
    answer = client.get("/api/v1/deals/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "dealparty" not in answer.content.decode()
    assert answer.json()["title"] == "Internal Server Error"


def test_a_browser_may_ask_first_whether_it_may_send_a_key(client: Client) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "authorization"}  # fmt: skip
    answer = client.options("/api/v1/deals/", headers=asked)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert "Authorization" in answer["Access-Control-Allow-Headers"]
    assert "POST" not in answer["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in client.options("/keys/", headers=asked)


@pytest.mark.parametrize("address", ["/api/v1/deals/", "/charts/map.json", "/deals/export.csv", "/deals/feed.atom"])
def test_any_origin_may_read_data_and_its_headers(client: Client, address: str) -> None:
    answer = client.get(address, headers={"Origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "RateLimit" in answer["Access-Control-Expose-Headers"]


def test_an_address_that_goes_away_says_when_and_where_to_read_of_it() -> None:
    leaving = Retirement(date(2026, 1, 1), date(2027, 1, 1), "/api/v1/docs/")
    view = DealsView.as_view({"get": "rows"}, retires=leaving)
    answer = view(APIRequestFactory().get("/api/v1/deals/"))
    # 20,454 days after 1 January 1970.
    assert answer["Deprecation"] == f"@{20454 * 86400}"
    assert answer["Sunset"] == "Fri, 01 Jan 2027 00:00:00 GMT"
    assert answer["Link"] == '</api/v1/docs/>; rel="deprecation"; type="text/html"'
