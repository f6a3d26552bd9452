"""The page of a site: steps in order with sources, neighbours by great circle, energy, money not counted twice."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import (
    a_company,
    a_deal,
    a_milestone,
    a_project,
    a_source,
    an_announcement,
    an_energy_source,
    an_impact,
)
from tests.sites.reading import text

pytestmark = pytest.mark.django_db


def section(html: str, name: str) -> str:
    """Return the text of a section of a page."""
    found = re.search(rf'aria-labelledby="{name}">(.*?)</section>', html, re.DOTALL)
    assert found, name
    return text(found[1])


def test_steps_stand_in_order_each_with_its_source(client: Client) -> None:
    site = a_project("site", status="operational", planned_mw=400)
    steps = [
        ("2025-07-16", "lawsuit", None, "Appeal"), ("2025-07-02", "permit", None, "15 turbines"),
        ("2024-06", "operational", 100, "First hall"), ("2025-06-17", "lawsuit", None, "Notice"),
        ("2026-01", "ruling", None, "Appeal refused"), ("2025-12", "expanded", 250, "Second hall"),
        ("2025-05", "opposition", None, "Neighbours protest"),
    ]  # fmt: skip
    for when, kind, mw, note in steps:
        a_milestone(site, when, kind, mw, note=note, source=a_source(publisher=f"Paper on {note}"))
    html = client.get("/projects/site/").content.decode()
    told = section(html, "milestones")
    order = ["First hall", "Neighbours protest", "Notice", "15 turbines", "Appeal", "Second hall", "Appeal refused"]
    places = [told.index(f"{note} Source: Paper on {note}") for note in order]
    assert places == sorted(places)
    contested = section(html, "contested")
    assert [note for note in order if note in contested] == ["Neighbours protest", "Notice", "Appeal", "Appeal refused"]
    growth = section(html, "growth")
    assert "Against 400 MW planned" in growth
    assert growth.index("Jun 2024 100 MW 25%") < growth.index("Dec 2025 250 MW 62%")


def test_neighbours_are_those_within_a_hundred_kilometres(client: Client) -> None:
    # One degree of a great circle of the mean Earth is 111.195 km.
    places = {
        "here": (0, 179.5), "across-the-date-line": (0, -179.7), "north": (0.89, 179.5), "too-far-north": (0.91, 179.5),
        "pole": (89.5, 0), "over-the-pole": (89.7, 180), "vague": (0.1, 179.5), "unplaced": (None, None),
    }  # fmt: skip
    for slug, (latitude, longitude) in places.items():
        site = a_project(
            slug, latitude=latitude, longitude=longitude, location_precision="country" if slug == "vague" else "city"
        )
        a_milestone(site, "2024", "announced")

    def near(slug: str) -> list[str]:
        return re.findall(r'data-near="([^"]+)"', client.get(f"/projects/{slug}/").content.decode())

    assert near("here") == ["across-the-date-line", "north"]
    assert near("pole") == ["over-the-pole"]
    assert near("vague") == near("unplaced") == []
    html = client.get("/projects/here/").content.decode()
    # 0.8 and 0.89 degrees.
    assert "89 km" in section(html, "near")
    assert "99 km" in section(html, "near")


def test_energy_is_a_fact_with_its_day_and_source_and_a_filter(client: Client) -> None:
    gas, sun = a_project("gas"), a_project("sun")
    an_energy_source(
        gas, "gas_on_site", "2025-07-02", mw=247, note="15 turbines", source=a_source(publisher="A county")
    )
    an_energy_source(gas, "grid", "2026")
    an_energy_source(sun, "solar", "2025")
    an_energy_source(sun, "wind", "2025", review="draft")
    for site in (gas, sun):
        a_milestone(site, "2024", "announced")
    told = section(client.get("/projects/gas/").content.decode(), "energy")
    assert "Gas on site , 247 MW 2 Jul 2025 · 15 turbines ( A county )" in told
    assert told.index("Grid") < told.index("Gas on site")

    def found(kind: str) -> list[str]:
        return [row["slug"] for row in client.get(f"/api/v1/projects/?energy={kind}").json()["results"]]

    assert (found("gas_on_site"), found("solar"), found("wind")) == (["gas"], ["sun"], [])
    one = client.get("/api/v1/projects/gas/").json()["energy"][0]
    assert (one["source_kind"], one["mw"], one["as_of"]) == ("gas_on_site", "247.000", "2025-07-02")
    assert one["source"].startswith("https://example.org/")
    html = client.get("/projects/").content.decode()
    assert 'id="f-energy-solar"' in html
    assert 'id="f-energy-wind"' not in html


def test_money_inside_other_money_is_not_counted_twice(client: Client) -> None:
    site = a_project("site")
    whole, inside = a_deal("whole"), a_deal("inside", kind="lease", part_of=a_deal("outside"))
    part = a_deal("part", part_of=whole)
    rumour = a_deal("rumour")
    for deal, amount in ((whole, "100"), (part, "60"), (inside, "7"), (rumour, "900")):
        an_announcement(deal, "2025-01-01", amount, event="reported" if deal is rumour else "announced")
        deal.projects.add(site)
    # What contains the lease does not name the site, so that the lease counts here.
    an_announcement(inside.part_of, "2025-01-01", "1000")
    html = client.get("/projects/site/").content.decode()
    assert re.findall(r'data-layer="(\w+)" data-headline="([-\d.]+)"', html) == [
        ("build", "100.00"),
        ("contract", "7.00"),
    ]
    row = client.get("/api/v1/projects/site/").json()
    assert (row["build_usd"], row["contract_usd"], row["financing_usd"]) == ("100.00", "7.00", None)
    assert [row["slug"] for row in client.get("/api/v1/projects/?sort=-build_usd").json()["results"]] == ["site"]


def test_parties_stand_by_their_role(client: Client) -> None:
    site = a_project("site")
    a_milestone(site, "2024", "announced")
    for slug, role in (("one", "tenant"), ("two", "operator"), ("three", "tenant")):
        site.parties.create(company=a_company(slug), role=role)
    assert (
        section(client.get("/projects/site/").content.decode(), "parties") == "Parties Operator Two Tenant One , Three"
    )


def test_a_draft_shows_nowhere_on_the_page(client: Client) -> None:
    site = a_project("site")
    a_milestone(site, "2024", "announced", note="Known")
    a_milestone(site, "2025", "lawsuit", note="Secret suit", review="draft")
    an_impact(site, "land_ha", "2025", 77, note="Secret land", review="withdrawn")
    an_energy_source(site, "grid", note="Secret line", review="draft")
    html = client.get("/projects/site/").content.decode()
    assert "Known" in html
    assert "Secret" not in html


def test_the_page_asks_a_fixed_number_of_queries(client: Client) -> None:
    site = a_project("site", latitude=1, longitude=1, planned_mw=10)

    def more() -> None:
        first = 1990 + site.milestones.count()
        for year in range(first, first + 6):
            a_milestone(site, str(year), "expanded", 5, source=a_source())
            an_impact(site, "land_ha", str(year), 5, source=a_source())
            deal = a_deal()
            an_announcement(deal, "2025-01-01", "5")
            deal.projects.add(site)
            a_milestone(a_project(latitude="1.1", longitude=1), "2024", "announced")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/projects/site/")
        return len(queries)

    more()
    asked()
    before = asked()
    more()
    assert asked() == before


@pytest.mark.usefixtures("bundled")
class TestBundled:
    """The sites that the seed names, with the facts that are there."""

    def test_memphis(self, client: Client) -> None:
        html = client.get("/projects/colossus-memphis/").content.decode()
        told = section(html, "milestones")
        places = [told.index(words) for words in ("17 Jun 2025 Lawsuit", "2 Jul 2025 Permit", "16 Jul 2025 Lawsuit")]
        assert places == sorted(places)
        assert "Source:" in told
        figures = section(html, "impacts")
        assert "35 turbines" in figures
        assert "15 turbines" in figures
        assert "79 t a year" in figures
        assert "1,814 t a year" in figures
        assert "60-day notice" in section(html, "contested")
        assert "Colossus 2" in section(html, "near")

    def test_abilene(self, client: Client) -> None:
        html = client.get("/projects/stargate-abilene/").content.decode()
        assert "Megawatts in service over time" in section(html, "growth")
        assert ">Partly operational</span>" in html
        assert "1.2 GW" in text(html)
        data = client.get("/projects/stargate-abilene/growth.json").json()
        assert data["planned"] == "1200"
        levels = [(row["date"], row["mw"]) for row in data["in_service"]]
        assert levels[:2] == [("2024-06", "0"), ("2025-06", "200")]

    def test_louisiana(self, client: Client) -> None:
        html = client.get("/projects/hyperion-richland-parish/").content.decode()
        assert "$27 bn" in section(html, "money")
        assert "build three gas plants" in section(html, "milestones")
        assert "Three gas plants" in section(html, "energy")
        figures = section(html, "impacts")
        assert "911 ha" in figures
        assert "3 turbines" in figures
        us = section(client.get("/projects/hyperion-richland-parish/?units=us").content.decode(), "impacts")
        assert "2,250 acres" in us
