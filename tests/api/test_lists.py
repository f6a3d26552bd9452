"""The API's lists: pages that neither repeat nor miss a row, narrow fields, and errors that name the parameter."""

from typing import Any

import pytest
from django.test import Client

from tests.builders import a_company, a_deal, a_project, a_source, an_announcement

pytestmark = pytest.mark.django_db
SORTS = ("first_announced", "-first_announced", "headline_usd", "-headline_usd", "title", "-mw", "kind")


@pytest.fixture
def deals() -> None:
    """Sixty deals with many ties, a third of them without an amount."""
    for number in range(60):
        deal = a_deal(f"deal-{number:02}", kind=("equity", "debt")[number % 2])
        amount = None if number % 3 == 0 else str(number // 10 + 1)
        an_announcement(deal, f"2025-01-{number // 4 + 1:02}", amount)


def walk(client: Client, address: str, step: str = "next") -> list[list[str]]:
    """Return the slugs of every page from ``address`` on."""
    pages = []
    following: str | None = address
    while following:
        answer = client.get(following).json()
        pages.append([row["slug"] for row in answer["results"]])
        following = answer[step]
    return pages


@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_every_row_once_in_the_order_of_the_list(client: Client, deals: None, sort: str) -> None:
    whole = walk(client, f"/api/v1/deals/?per_page=250&sort={sort}")
    pages = walk(client, f"/api/v1/deals/?per_page=25&sort={sort}")
    assert [len(page) for page in pages] == [25, 25, 10]
    assert [slug for page in pages for slug in page] == whole[0]
    assert len(set(whole[0])) == 60


@pytest.mark.parametrize("sort", SORTS)
def test_the_way_back_leads_over_the_same_pages(client: Client, deals: None, sort: str) -> None:
    first = client.get(f"/api/v1/deals/?per_page=25&sort={sort}").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    assert third["next"] is None
    again = client.get(third["previous"]).json()
    assert [row["slug"] for row in again["results"]] == [row["slug"] for row in second["results"]]
    assert client.get(again["next"]).json()["results"] == third["results"]
    start = client.get(again["previous"]).json()
    assert start["results"] == first["results"]
    assert start["previous"] is None


def test_a_row_that_comes_between_is_neither_missed_nor_repeated(client: Client, deals: None) -> None:
    first = client.get("/api/v1/deals/?per_page=25").json()
    an_announcement(a_deal("newcomer"), "2026-01-01", "1")
    rest = walk(client, first["next"])
    assert len({row["slug"] for row in first["results"]} | {slug for page in rest for slug in page}) == 60


def test_a_deal_comes_with_parties_entries_sources_and_disputes(client: Client) -> None:
    lab, cloud = a_company("lab"), a_company("cloud")
    pledge = a_deal("pledge", payers=[(lab, "0.25")], payees=[cloud])
    inner = a_deal("inner", part_of=pledge)
    an_announcement(inner, "2025-01-01", "1")
    first = an_announcement(pledge, "2025-01-01", "100", key="pledge-1")
    a_source(first, "https://example.org/1", publisher="Example")
    an_announcement(pledge, "2025-02-01", "150", key="pledge-2", event="increased", date_precision="month")
    an_announcement(pledge, "2025-03-01", "90", key="pledge-3", event="disputed")
    an_announcement(pledge, "2025-04-01", "900", key="pledge-4", review="draft")
    deal = client.get("/api/v1/deals/pledge/").json()
    assert deal["parties"] == [
        {"company": "lab", "name": "Lab", "role": "investor", "share": "0.25000000"},
        {"company": "cloud", "name": "Cloud", "role": "recipient", "share": None},
    ]
    assert [(e["key"], e["date"], e["increment_usd"]) for e in deal["entries"]] == [
        ("pledge-1", "2025-01-01", "100.00"), ("pledge-2", "2025-02", "50.00"), ("pledge-3", "2025-03-01", "0.00"),
    ]  # fmt: skip
    assert deal["entries"][0]["sources"] == [{"url": "https://example.org/1", "publisher": "Example", "title": ""}]
    assert [(one["amount_high"], one["against"]["amount_high"]) for one in deal["conflicts"]] == [("90.00", "150.00")]
    assert deal["conflicts"][0]["against"]["key"] == "pledge-2"
    assert deal["url"] == "http://testserver/deals/pledge/"
    assert client.get("/api/v1/deals/inner/").json()["inside"] == ["pledge"]


def test_fields_narrow_the_answer(client: Client, deals: None) -> None:
    answer = client.get("/api/v1/deals/?fields=headline_usd,slug,url&per_page=25").json()
    assert {tuple(row) for row in answer["results"]} == {("slug", "headline_usd", "url")}
    assert client.get("/api/v1/deals/deal-01/?fields=steps").json() == {"steps": 1}


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/api/v1/deals/?kind=nothing", "kind"),
        ("/api/v1/deals/?nonsense=1", "nonsense"),
        ("/api/v1/deals/?page=2", "page"),
        ("/api/v1/deals/?cursor=abc", "cursor"),
        ("/api/v1/deals/?cursor=WyItdGl0bGUiLCJhIiwxLGZhbHNlXQ", "cursor"),  # of another order
        ("/api/v1/deals/?fields=slug,colour", "fields"),
        ("/api/v1/deals/?fields=", "fields"),
        ("/api/v1/deals/?fields=slug&fields=title", "fields"),
        ("/api/v1/announcements/?after=yesterday", "after"),
        ("/api/v1/projects/?min_mw=lots", "min_mw"),
        ("/api/v1/impacts/?metric=joy", "metric"),
        ("/api/v1/spending/?by=decade", "by"),
    ],
)
def test_a_bad_query_is_answered_with_the_field_named(client: Client, deals: None, address: str, field: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == 400
    assert list(problem["errors"]) == [field]


def test_what_is_not_there_is_said_so(client: Client) -> None:
    response = client.get("/api/v1/deals/none-such/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert "none-such" in response.json()["detail"]


def test_a_draft_is_in_no_answer(client: Client) -> None:
    site = a_project("site")
    hidden = an_announcement(a_deal("hidden"), "2025-01-01", "1", review="draft")
    a_source(hidden)
    site.milestones.create(date="2025-01-01", kind="announced", review="draft")
    for name in ("deals", "announcements", "milestones", "impacts", "forecasts", "sources"):
        assert client.get(f"/api/v1/{name}/").json()["results"] == []
    assert client.get("/api/v1/deals/hidden/").status_code == 404


def test_only_reading_is_possible(client: Client) -> None:
    assert client.post("/api/v1/deals/", {}).status_code == 405
