"""Every chart of the room: page, data, sheet and frame say the same, in both languages."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from investments.models import Milestone
from tests.builders import a_company, a_deal, a_project, a_source, an_announcement

CHARTS = ("spending", "followthrough", "flows", "map", "capacity", "impacts", "forecasts")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_a_chart_has_a_page_data_a_sheet_and_a_frame(client: Client, bundled: None, name: str, prefix: str) -> None:
    page = client.get(f"{prefix}/charts/{name}/")
    data = client.get(f"{prefix}/charts/{name}.json")
    sheet = client.get(f"{prefix}/charts/{name}.csv")
    frame = client.get(f"{prefix}/charts/{name}/embed/")
    assert [answer.status_code for answer in (page, data, sheet, frame)] == [200] * 4
    assert data.json()["figure"]["data"]
    assert "<table" in page.content.decode()
    # Sentences and figures are mere text.
    assert "&lt;span" not in page.content.decode()
    assert "<span" not in data.content.decode()
    assert len(list(csv.reader(StringIO(sheet.content.decode())))) > 5
    # Only the frame may stand on other pages.
    assert page["X-Frame-Options"] == "DENY"
    assert "X-Frame-Options" not in frame


@pytest.mark.parametrize("name", CHARTS)
def test_an_unknown_parameter_is_named(client: Client, name: str) -> None:
    answer = client.get(f"/charts/{name}.json?nonsense=1")
    assert answer.status_code == 400
    assert "nonsense" in answer.json()["errors"]


def test_follow_through_parts_promises_by_what_became_of_them(client: Client) -> None:
    begun = a_deal(stage="under_way")
    an_announcement(begun, "2024-03-01", 10_000_000_000)
    an_announcement(begun, "2025-03-01", 4_000_000_000, event="delivered")
    dropped = a_deal(stage="announced")
    an_announcement(dropped, "2024-05-01", 2_000_000_000)
    an_announcement(dropped, "2025-05-01", event="cancelled")
    done = a_deal(stage="completed")
    an_announcement(done, "2025-01-01", 1_000_000_000)
    data = client.get("/charts/followthrough.json").json()
    found = {(row["period"], row["segment"]): row["amount"] for row in data["series"]}
    assert found == {
        ("2024", "delivered"): "4000000000.00",
        ("2024", "under_way"): "6000000000.00",
        ("2024", "cancelled"): "2000000000.00",
        ("2025", "unknown"): "1000000000.00",
    }
    assert data["gaps"] == [{"deal": begun.slug, "promised": "10000000000.00", "delivered": "4000000000.00"}]


def test_a_ring_of_payments_is_found_with_its_smallest_link(client: Client) -> None:
    lab, maker, cloud = (a_company(name) for name in ("lab", "maker", "cloud"))
    for payer, payee, amount in ((maker, lab, 100), (lab, cloud, 300), (cloud, maker, 40), (lab, maker, 7)):
        deal = a_deal(payers=[payer], payees=[payee], kind="equity")
        an_announcement(deal, "2025-01-01", amount * 10**9)
    data = client.get("/charts/flows.json").json()
    rings = [(ring["companies"], ring["smallest"]) for ring in data["circles"]]
    assert rings == [
        (["cloud", "maker", "lab"], "40000000000.00"),
        (["lab", "maker"], "7000000000.00"),
    ]
    assert data["more_circles"] is False
    assert sum(Decimal(link["amount"]) for link in data["links"]) == Decimal(data["total"]) == 447 * 10**9


def test_capacity_follows_milestones_and_a_closed_site_has_none(client: Client) -> None:
    operator = a_company("operator")
    site = a_project(planned_mw=500, country="US", status="operational")
    site.parties.create(company=operator, role="operator")
    for day, kind, mw in (("2024-02-01", "first_power", 50), ("2025-02-01", "expanded", 200)):
        Milestone.objects.create(project=site, date=day, kind=kind, mw=mw)
    closed = a_project(planned_mw=30, country="FR")
    Milestone.objects.create(project=closed, date="2024-06-01", kind="operational", mw=30)
    Milestone.objects.create(project=closed, date="2025-06-01", kind="closed")
    data = client.get("/charts/capacity.json?by=year&split=operator").json()
    found = {(row["period"], row["segment"]): row["mw"] for row in data["series"]}
    assert found == {("2024", "operator"): "50", ("2024", "unknown"): "30", ("2025", "operator"): "200"}
    assert data["in_service"] == "200"


def test_the_map_leaves_out_what_has_no_place_and_says_so(client: Client) -> None:
    placed = a_project(latitude="48.1", longitude="2.2", planned_mw=10)
    lost = a_project()
    for site in (placed, lost):
        Milestone.objects.create(project=site, date="2025-01-01", kind="announced")
    data = client.get("/charts/map.json").json()
    assert [site["slug"] for site in data["sites"]] == [placed.slug]
    assert data["left_out"] == {"no_place": {"sites": 1}}


def test_a_deals_steps_are_its_totals(client: Client) -> None:
    deal = a_deal()
    an_announcement(deal, "2024-01-10", 4_000_000_000)
    an_announcement(deal, "2024-11-22", 8_000_000_000, event="increased")
    data = client.get(reverse("deal-steps", args=[deal.slug, "json"])).json()
    assert data["steps"] == [
        {"date": "2024-01-10", "low_usd": "4000000000.00", "high_usd": "4000000000.00"},
        {"date": "2024-11-22", "low_usd": "8000000000.00", "high_usd": "8000000000.00"},
    ]


def test_the_largest_announcements_say_who_published_them(client: Client) -> None:
    a_source(
        an_announcement(a_deal("pledge"), "2025-01-21", 500 * 10**9, headline="Five hundred"), publisher="Example Times"
    )
    bars = client.get("/charts/spending.json?by=year").json()["figure"]["data"]
    (marks,) = [trace for trace in bars if trace["name"] == "Largest announcements"]
    assert marks["text"] == ["Five hundred (+$500\u00a0bn)<br>Source: Example Times"]


def test_filters_beside_planned_bars_count_what_is_planned_for_their_days(client: Client) -> None:
    deal = a_deal("campus", kind="lease", window_start="2027-01-01", window_end="2027-12-31")
    an_announcement(deal, "2025-01-21", 5_000_000_000)
    page = client.get("/charts/spending/?view=planned&after=2027&before=2027").content.decode()
    filters = page[page.index('<form id="ask"') :].partition("</form>")[0]
    assert "Planned for" in filters
    assert 'value="lease"' in filters
    assert "before=2025" not in filters


def test_a_swap_brings_the_title_of_the_page_along(client: Client) -> None:
    swapped = client.get("/charts/spending/?by=month", headers={"HX-Request": "true"}).content.decode()
    assert "<title>Announced spending per month – " in swapped
    assert client.get("/charts/spending/").content.decode().count("<title>") == 1


def test_links_of_a_frame_leave_it(client: Client) -> None:
    an_announcement(a_deal(), "2024-01-10", 4_000_000_000)
    assert '<base target="_blank">' in client.get("/charts/spending/embed/").content.decode()
