"""Estimates of the market: money and physical units apart, conflicts with both figures, and what is announced so far."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from tests.builders import a_deal, a_forecast, a_milestone, a_project, an_announcement
from tests.sites.reading import text

pytestmark = pytest.mark.django_db


def beside(client: Client, slug: str) -> dict[str, tuple[Decimal, Decimal]]:
    """Return headline and floor of what stands beside an estimate of money."""
    html = client.get(f"/forecasts/{slug}/").content.decode()
    found = re.findall(r'data-beside="(\w+)" data-headline="([^"]+)" data-floor="([^"]+)"', html)
    return {name: (Decimal(headline), Decimal(floor)) for name, headline, floor in found}


@pytest.fixture
def deals() -> None:
    """100 to build over 2025 and 2026 by days, up to 40 without a window, and money of other layers."""
    window = {"window_start": "2025-01-01", "window_end": "2026-12-31"}
    whole = a_deal("whole", **window)
    an_announcement(whole, "2025-02-01", "73000")
    an_announcement(a_deal("inside", part_of=whole, **window), "2025-02-01", "500")
    an_announcement(a_deal("loose"), "2026-03-01", "40000", basis="up_to")
    an_announcement(a_deal("contract", kind="lease", **window), "2025-02-01", "900000")
    an_announcement(a_deal("rumour", **window), "2025-02-01", "900000", event="reported")


@pytest.mark.usefixtures("deals")
@pytest.mark.parametrize(
    ("unit", "years", "planned", "announced"),
    [
        ("USD", (2025, 2025), (36500, 36500), (73000, 73000)),
        ("USD", (2025, 2026), (73000, 73000), (113000, 73000)),
        ("USD", (2026, 2030), (36500, 36500), (40000, 0)),
        # A yearly figure is about the last year of its horizon.
        ("USD/year", (2025, 2026), (36500, 36500), (40000, 0)),
        ("USD", (2029, 2030), (0, 0), (0, 0)),
    ],
)  # fmt: skip
def test_beside_an_estimate_stands_what_is_announced_for_its_years(
    client: Client, unit: str, years: tuple[int, int], planned: tuple[int, int], announced: tuple[int, int]
) -> None:
    a_forecast("estimate", unit, 73000, 146000, years)
    assert beside(client, "estimate") == {"planned": planned, "announced": announced}
    assert "1 deal without a spending window ($40,000) is left out" in text(
        client.get("/forecasts/estimate/").content.decode()
    )


@pytest.mark.usefixtures("deals")
def test_the_share_of_an_estimate_is_of_both_its_bounds(client: Client) -> None:
    a_forecast("estimate", "USD", 73000, 146000, (2025, 2026))
    assert "What is planned is 50%–100% of the estimate." in text(client.get("/forecasts/estimate/").content.decode())
    assert "planned for 2025–2026 · 50%–100%" in text(client.get("/forecasts/").content.decode())
    # An estimate of less than half of that is about something smaller.
    a_forecast("small", "USD", 100, 200, (2025, 2026))
    assert "of the estimate" not in text(client.get("/forecasts/small/").content.decode())


def test_beside_an_estimate_of_power_stand_known_sites(client: Client) -> None:
    a_forecast("power", "GW", 10, 20, (2030, 2030))
    for slug, planned, served in (("one", 3000, 500), ("two", 1500, None), ("gone", 900, None)):
        site = a_project(slug, planned_mw=planned, status="cancelled" if slug == "gone" else "announced")
        a_milestone(site, "2024", "operational" if served else "announced", served)
    html = text(client.get("/forecasts/power/").content.decode())
    assert "In service today 0.5 GW" in html
    assert "Planned, sites that are cancelled left out 4.5 GW" in html
    a_forecast("water", "m3/year", 10, 20, (2030, 2030))
    assert "What has been announced so far" not in text(client.get("/forecasts/water/").content.decode())


def test_money_and_physical_units_stand_apart(client: Client) -> None:
    for slug, unit in (
        ("power", "GW"),
        ("money", "USD"),
        ("share", "percent"),
        ("yearly", "USD/year"),
        ("use", "TWh/year"),
    ):
        a_forecast(slug, unit, 1, 2, (2026, 2030))
    html = client.get("/forecasts/").content.decode()
    parts = re.findall(r'<section aria-labelledby="of-(\w+)"(.*?)</section>', html, re.DOTALL)
    slugs = {name: sorted(re.findall(r'class="row-title" href="/forecasts/([^/]+)/"', rows)) for name, rows in parts}
    assert slugs == {"money": ["money", "yearly"], "power": ["power"], "energy": ["use"], "share": ["share"]}
    assert parts[0][0] == "money"


def test_units_to_choose_from_are_named(client: Client) -> None:
    for slug, unit in (("water", "m3/year"), ("yearly", "USD/year"), ("share", "percent")):
        a_forecast(slug, unit, 1, 2, (2026, 2030))
    for prefix, names in (
        ("", ("USD a year 1", "m³ a year 1", "% 1")),
        ("/fr", ("USD par an 1", "m³ par an 1", "% 1")),
    ):
        told = text(client.get(f"{prefix}/forecasts/").content.decode())
        assert [name for name in names if name not in told] == []
    assert "m³ a year ✕" in text(client.get("/forecasts/?unit=m3/year").content.decode())


def test_a_conflict_shows_both_figures_with_both_sources(client: Client) -> None:
    large = a_forecast("large", "USD", 3 * 10**12, 4 * 10**12, (2025, 2030))
    small = a_forecast("small", "USD", 3 * 10**9, 4 * 10**9, (2025, 2030))
    small.disputes.add(large)
    for slug, other in (("large", "$3–4 bn"), ("small", "$3–4 tn")):
        html = text(client.get(f"/forecasts/{slug}/").content.decode())
        assert "Disputed figures" in html
        assert other in html
    listed = text(client.get("/forecasts/").content.decode())
    assert listed.count("disputed against:") == 2


def test_estimates_are_found_by_words_and_by_the_end_of_their_horizon(client: Client) -> None:
    a_forecast("near", "USD", 1, 2, (2025, 2026), headline="Café spending")
    a_forecast("far", "USD", 1, 2, (2025, 2035))

    def found(query: str) -> list[str]:
        return [row["slug"] for row in client.get(f"/api/v1/forecasts/?{query}").json()["results"]]

    assert found("before=2026") == ["near"]
    assert found("after=2027") == ["far"]
    assert found("q=spending caf") == ["near"]
    assert client.get("/api/v1/forecasts/?after=never").status_code == 400


@pytest.mark.usefixtures("bundled")
def test_three_to_four_trillion_and_the_report_of_billions(client: Client) -> None:
    listed = text(client.get("/forecasts/?forecaster=nvidia").content.decode())
    assert "$3–4 tn" in listed
    assert "$3–4 bn" in listed
    chart = client.get(
        "/charts/spending.json?layer=build&view=planned&by=year&split=none&after=2025&before=2030"
    ).json()
    assert beside(client, "nvidia-2030")["planned"][0] == Decimal(chart["total"])
