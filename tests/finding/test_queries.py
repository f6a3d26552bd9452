"""The query language under any query: no crash, no silence, and the same rows wherever they are asked for."""

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from investments.models import Company, DataCenterProject
from tests.pages.test_agreement import foot, random_query

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled")]

GOOD: dict[str, list[str]] = {
    "q": ["stargate", "open ai", "l'énergie", "nvidia gpu"],
    "kind": ["equity", "debt", "lease"], "status": ["announced", "rumoured"], "event": ["increased", "reported"],
    "layer": ["build", "contract"], "count": ["net", "gross", "leaves"], "has": ["amount", "-source", "conflict"],
    "company": ["openai", "Oracle"], "role": ["investor", "supplier"], "payer": ["microsoft"], "payee": ["openai"],
    "country": ["US", "fr"], "after": ["2025", "2025-03"], "before": ["2026-01-31"], "min": ["1bn", "1.5e9"],
    "max": ["300m", "1000000000000"], "include": ["rumoured"], "currency": ["EUR", "jpy"], "measure": ["floor"],
    "slice": ["payer:openai", "country:unknown", "kind:-equity;debt"], "left_out": ["covered", "no_amount"],
    "sort": ["-headline_usd", "title"], "page": ["2", "999"], "per_page": ["25"],
}  # fmt: skip
ODD = [
    "", " ", "zzz", "-1", "0", "1e999", "NaN", "∞", "2025-13", "2025-02-30", "99999-01", "' OR 1=1 --", "<script>", "%",
    "\x00", "\ud7ff", "a" * 300, "payer:", ":", "payer:x:y", "٣", "-", "--", "1,2", "US,", "{}", "../..", "9" * 40,
]  # fmt: skip
PLACES = (
    "/deals/", "/announcements/", "/deals/export.csv", "/announcements/export.json", "/api/v1/deals/",
    "/api/v1/announcements/", "/charts/spending.json", "/deals/feed.atom", "/charts/",
)  # fmt: skip
OTHERS = ("/companies/", "/projects/", "/forecasts/", "/api/v1/projects/", "/api/v1/milestones/", "/api/v1/impacts/",
          "/api/v1/sources/", "/search/", "/projects/export.csv")  # fmt: skip
names = st.sampled_from([*GOOD, "min_mw", "metric", "by", "split", "view", "cursor", "fields", "nonsense", "Kind"])
values = st.one_of(st.sampled_from([one for group in GOOD.values() for one in group]), st.sampled_from(ODD), st.text())
pairs = st.one_of(st.sampled_from([(n, v) for n, group in GOOD.items() for v in group]), st.tuples(names, values))


def unread(client: Client, place: str, query: list[tuple[str, str]]) -> list[str]:
    """Return the names that a place says it did not understand, after checking how it says so."""
    address = f"{place}?{urlencode([(n, v.encode('utf-8', 'surrogatepass')) for n, v in query])}"
    response: Any = client.get(address)
    assert response.status_code in (200, 400), address
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.status_code == 400:
        errors = json.loads(body)["errors"]
        assert errors, address
        assert all(messages for messages in errors.values()), address
        return list(errors)
    return ["page"] if b'role="alert"' in body else []


@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(place=st.sampled_from(PLACES + OTHERS), query=st.lists(pairs, max_size=5))
def test_any_query_is_answered_or_its_fault_is_named(client: Client, place: str, query: list[tuple[str, str]]) -> None:
    faults = unread(client, place, query)
    if any(name in ("nonsense", "Kind") for name, _value in query) and place != "/search/":
        assert faults, (place, query)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("place", ["/deals/", "/api/v1/deals/", "/deals/export.json", "/announcements/feed.atom"])
def test_a_bad_value_is_never_passed_over(client: Client, place: str, name: str) -> None:
    bad = {"q": "\x00"}.get(name, "no such value")
    if name == "page" and place.startswith("/api"):
        bad = "1"
    assert unread(client, place, [(name, bad)])


@pytest.mark.parametrize("name", GOOD)
def test_a_good_value_is_understood_everywhere(client: Client, name: str) -> None:
    for place in PLACES:
        elsewhere = (name == "page" and "/api/" in place) or (name == "left_out" and "/charts/" in place)
        for value in GOOD[name]:
            sorting = (name == "sort" and value == "title" and "announcements" in place) or (
                name == "sort" and "charts" in place
            )
            wrong_list = name == "sort" and "deals" not in place
            if not (elsewhere or sorting or wrong_list):
                assert not unread(client, place, [(name, value)]), (place, name, value)


def rows(client: Client, address: str) -> Iterator[dict[str, Any]]:
    following: str | None = address
    while following:
        answer = client.get(following).json()
        yield from answer["results"]
        following = answer["next"]


@pytest.mark.parametrize("batch", range(20))
def test_page_export_feed_and_api_hold_the_same_rows(client: Client, batch: int) -> None:
    chance = random.Random(7000 + batch)
    companies = list(Company.objects.public().order_by("slug").values_list("slug", flat=True))
    for _number in range(10):
        query = random_query(chance, companies)
        query.pop("slice", None)
        name, key = chance.choice([("deals", "slug"), ("announcements", "key")])
        address = urlencode(query, doseq=True)
        export: Any = client.get(f"/{name}/export.json?{address}")
        told = json.loads(b"".join(export.streaming_content))
        html = client.get(f"/{name}/?{address}").content.decode()
        shown = html.split("data-said><strong>")[1].split(" ")[0]
        keys = [row[key] for row in told["rows"]]
        assert int(shown.replace(",", "")) == told["row_count"] == len(keys), address
        found = rows(client, f"/api/v1/{name}/?per_page=250&fields={key}&{address}")
        assert [row[key] for row in found] == keys, address
        feed = ElementTree.fromstring(client.get(f"/{name}/feed.atom?per_page=250&{address}").content)
        assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == min(len(keys), 250), address
        if keys:
            headline = {layer: sums["headline"] for layer, sums in foot(html).items()}
            assert headline == {layer: Decimal(amount) for layer, amount in told["by_layer"].items()}, address


def test_facets_count_what_choosing_them_would_leave(client: Client) -> None:
    base = "after=2025&company=openai&company=microsoft&min=100m"
    html = client.get(f"/deals/?{base}&kind=equity&country=US").content.decode()
    for name, value in (("kind", "cloud_contract"), ("kind", "equity"), ("country", "JP"), ("role", "investor")):
        label = html.split(f'id="f-{name}-{value}"')[1].split("</label>")[0]
        count = int(label.split('muted small">')[1].split("<")[0])
        others = {"kind": "country=US", "country": "kind=equity"}.get(name, "kind=equity&country=US")
        told: Any = client.get(f"/deals/export.json?{base}&{others}&{name}={value}")
        assert count == json.loads(b"".join(told.streaming_content))["row_count"], (name, value)


@pytest.mark.parametrize("place", ["/deals/", "/announcements/", "/companies/", "/projects/", "/forecasts/"])
def test_a_page_asks_as_often_whatever_its_size(client: Client, place: str) -> None:
    counts = []
    for size in (25, 100):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{place}?per_page={size}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 40


@pytest.mark.parametrize(
    "name", ["deals", "announcements", "companies", "projects", "milestones", "impacts", "sources"]
)
def test_the_api_asks_as_often_whatever_its_size(client: Client, name: str) -> None:
    counts = []
    for size in (25, 100):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/api/v1/{name}/?per_page={size}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_a_picker_keeps_what_was_chosen(client: Client) -> None:
    slug = DataCenterProject.objects.order_by("slug").values_list("slug", flat=True)[0]
    html = client.get(f"/deals/?project={slug}&company=uob").content.decode()
    assert f'id="f-project-{slug}" name="project" value="{slug}" checked' in html
    assert 'value="uob" checked' in html
