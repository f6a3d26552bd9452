"""Figures of sites: the latest of each basis, added like with like only, in the reader's units."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from investments.units import STATED, UnitError, kept, shown
from tests.builders import a_deal, a_milestone, a_project, a_source, an_announcement, an_impact
from tests.sites.reading import text

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def totals(html: str) -> dict[str, tuple[Decimal, Decimal]]:
    found = re.findall(r'data-total="([^"]+)" data-low="([^"]+)" data-high="([^"]+)"', html)
    return {name: (Decimal(low), Decimal(high)) for name, low, high in found}


def row(html: str, figure: str) -> str:
    """Return the text of the row of one figure."""
    found = re.search(rf'data-(?:figure|intensity)="{figure}">(.*?)</tr>', html, re.DOTALL)
    assert found, figure
    return text(found[1])


def test_only_latest_figures_of_one_basis_are_added_one_of_each_site(client: Client) -> None:
    first, second, third, silent = (a_project(slug) for slug in ("first", "second", "third", "silent"))
    a_milestone(silent, "2024", "announced")
    an_impact(first, "water_m3_per_year", "2024", 900)
    an_impact(first, "water_m3_per_year", "2025", 100, 200)
    an_impact(first, "water_m3_per_year", "2025", 5000, basis="permit", source=a_source())
    an_impact(second, "water_m3_per_year", "2023", 50)
    an_impact(third, "water_m3_per_year", "2023", 7, basis="permit")
    an_impact(third, "water_m3_per_year", "2024", 1, basis="permit", review="draft")
    an_impact(third, "land_ha", "2024", 3)
    html = page(client, "/impacts/")
    assert totals(html) == {
        "water_m3_per_year:company": (Decimal(150), Decimal(250)), "water_m3_per_year:permit": (Decimal(5007), Decimal(5007)),
    }  # fmt: skip
    assert "3 of 4 sites disclose this." in text(html)
    assert "1 of 4 sites discloses this." in text(html)
    assert "100–200 m³ a year company 2025" in row(html, "first:water_m3_per_year:company")
    assert "down from 900 m³ a year (2024)" in row(html, "first:water_m3_per_year:company")


def test_facts_of_one_day_that_differ_are_one_range_with_both_sources(client: Client) -> None:
    site = a_project("site")
    for value, publisher in ((35, "One paper"), (30, "Another paper")):
        an_impact(site, "gas_turbines", "2025-04", value, basis="press", source=a_source(publisher=publisher))
    for html in (page(client, "/impacts/"), page(client, "/projects/site/")):
        said = row(html, "site:gas_turbines:press")
        assert "30–35 turbines" in said
        assert "One paper" in said
        assert "Another paper" in said


@pytest.mark.parametrize(
    ("values", "words"), [((5, 9), "up from 5 ha"), ((9, 5), "down from 9 ha"), ((5, 5), "unchanged since 5 ha")]
)  # fmt: skip
def test_a_trend_is_told_within_one_basis(client: Client, values: tuple[int, int], words: str) -> None:
    site = a_project("site")
    for year, value in zip((2024, 2025), values, strict=True):
        an_impact(site, "land_ha", str(year), value)
    an_impact(site, "land_ha", "2023", 1, basis="permit")
    html = page(client, "/projects/site/")
    assert words in row(html, "site:land_ha:company")
    assert "from" not in row(html, "site:land_ha:permit")


def test_a_reader_chooses_units(client: Client) -> None:
    site = a_project("site")
    an_impact(site, "land_ha", "2024", "910.5")
    an_impact(site, "water_m3_per_year", "2024", 1_000_000, 2_000_000)
    an_impact(site, "nox_t_per_year", "2024", 79)
    an_impact(site, "jobs_permanent", "2024", 300)
    for address in ("/impacts/", "/projects/site/"):
        metric, us = page(client, address), page(client, f"{address}?units=us")
        assert "910 ha" in row(metric, "site:land_ha:company")
        assert "1–2 million m³ a year" in row(metric, "site:water_m3_per_year:company")
        # 910.5 ha / 0.40468726; 1 to 2 million m3 / 3785.411784; 79 t / 0.90718474
        assert "2,250 acres" in row(us, "site:land_ha:company")
        assert "264–528 million gallons a year" in row(us, "site:water_m3_per_year:company")
        assert "87.1 short tons a year" in row(us, "site:nox_t_per_year:company")
        assert "300 jobs" in row(us, "site:jobs_permanent:company")
    assert "“imperial” is not one of: metric, us." in text(page(client, "/impacts/?units=imperial"))


def test_intensities_name_both_figures(client: Client) -> None:
    site = a_project("site", planned_mw=500)
    an_announcement(alone := a_deal("alone"), "2025-01-01", "2000000000")
    an_announcement(shared := a_deal("shared"), "2025-01-01", "90000000000")
    alone.projects.add(site)
    shared.projects.add(site, a_project("other"))
    an_impact(site, "water_m3_per_year", "2024", 100_000, 300_000)
    an_impact(site, "electricity_mwh_per_year", "2023", 1_000_000, basis="permit")
    an_impact(site, "tax_incentive_usd", "2024", 500_000_000, 1_000_000_000)
    an_impact(site, "jobs_permanent", "2024", 250, 500, basis="press")
    for html in (page(client, "/impacts/"), page(client, "/projects/site/")):
        # The money of the deal that names another site too is not this site's alone.
        money = row(html, "site:money_per_mw")
        assert "$2 bn" in money and "500 MW" in money and "$4 m" in money
        water = row(html, "site:water_per_mwh")
        assert "Water use: 100,000–300,000 m³ a year (company, 2024)" in water
        assert "Electricity use: 1 million MWh a year (permit, 2023)" in water
        assert "0.1–0.3 m³ per MWh" in water
        # 0.5 bn / 500 to 1 bn / 250
        incentive = row(html, "site:incentive_per_job")
        assert "$1–4 m per permanent job" in incentive
        assert "$0.5–1 bn" in incentive and "250–500 jobs" in incentive
    assert "26.4–79.3 gallons per MWh" in row(page(client, "/impacts/?units=us"), "site:water_per_mwh")


def test_the_page_takes_the_query_of_its_export(client: Client) -> None:
    here, there = a_project("here", country="FR"), a_project("there", country="US")
    for site in (here, there):
        an_impact(site, "land_ha", "2024", 5)
        an_impact(site, "jobs_permanent", "2024", 5, basis="press")
    html = page(client, "/impacts/?country=FR&basis=press")
    assert re.findall(r'data-figure="([^"]+)"', html) == ["here:jobs_permanent:press"]
    assert "1 of 1 sites discloses this." in text(html)
    assert 'href="/impacts/export.csv?country=FR&amp;basis=press"' in html
    answer = client.get("/impacts/export.json?country=FR&basis=press")
    assert b'"here"' in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert client.get("/api/v1/impacts/?country=FR&basis=press").json()["results"][0]["project"] == "here"
    assert "“joy” is not one of" in text(page(client, "/impacts/?metric=joy"))


def test_units_keep_their_dimension() -> None:
    # By the definitions: 4046.8726 m2, 3.785411784 l, 907.18474 kg, 365.25 days.
    assert kept(Decimal(1000), "acre", "ha") == Decimal("404.6873")
    assert kept(Decimal(1_000_000), "gallon/day", "m3/year") == Decimal("1382621.6541")
    assert kept(Decimal(100), "short_ton/year", "t/year") == Decimal("90.7185")
    assert shown(Decimal(5), "MW", "us") == 5
    for unit in STATED:
        for wrong in ("furlong", "", "horse", "9**9**9"):
            with pytest.raises(UnitError):
                kept(Decimal(1), wrong, unit)
    with pytest.raises(UnitError):
        kept(Decimal(1), "acre", "m3/year")
