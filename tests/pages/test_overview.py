"""The overview says in short what each part of the tracker says in full, and leads to it."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.builders import a_company, a_deal, a_forecast, a_milestone, a_project, an_announcement, an_impact

pytestmark = pytest.mark.django_db
BN = 10**9


@pytest.fixture
def world() -> None:
    lab, cloud, bank = a_company("lab", name="Lab"), a_company("cloud", name="Cloud"), a_company("bank", name="Bank")
    outer = a_deal("outer", payers=[lab], payees=[cloud])
    an_announcement(outer, "2025-01-10", 9 * BN)
    # Inside the other, so that it adds nothing to what the lab pays the cloud.
    an_announcement(a_deal("inner", payers=[lab], payees=[cloud], part_of=outer), "2025-02-10", 4 * BN)
    an_announcement(a_deal("loan", kind="debt", payers=[bank], payees=[lab]), "2025-03-10", 2 * BN)
    site, other = a_project("site"), a_project("other")
    a_milestone(other, "2025", "announced")
    an_impact(site, "water_m3_per_year", "2025", 1000)
    a_forecast("guess", "USD", 3 * 10**12, 3 * 10**12, (2025, 2029), headline="A bank expects 3 trillion")


def section(page: str, name: str) -> str:
    found = re.search(rf'<section[^>]*aria-labelledby="{name}".*?</section>', page, re.S)
    assert found
    return found[0]


def test_who_pays_whom_in_short_leads_to_rows_that_add_up(client: Client, world: None) -> None:
    part = section(client.get("/").content.decode(), "between")
    links = [unescape(link) for link in re.findall(r'href="(/deals/[^"]*)"', part)]
    assert re.findall(r">(\w+ → \w+)</a>", part) == ["Lab → Cloud", "Bank → Lab"]
    assert len(links) == 2
    for link, amount in zip(links, (9 * BN, 2 * BN), strict=True):
        foot = re.findall(r'data-headline="([\d.]+)"', client.get(link).content.decode())
        assert sum(float(one) for one in foot) == amount


def test_disclosure_is_told_as_part_of_all_sites(client: Client, world: None) -> None:
    part = section(client.get("/").content.decode(), "told")
    assert ("Water use", "1 of 2") in re.findall(r">([^<]+)</a><span class=.num.>([^<]+)<", part)
    assert 'href="/impacts/?metric=water_m3_per_year"' in part


def test_the_newest_estimates_stand_on_it(client: Client, world: None) -> None:
    page = client.get("/").content.decode()
    assert "A bank expects 3 trillion" in section(page, "expected")
    for way_on in ("/charts/flows/", "/charts/capacity/", "/charts/forecasts/", "/forecasts/", "/projects/"):
        assert f'href="{way_on}"' in page
