"""Sites in a real browser: table and map, units, and narrow screens."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reader_filters_sites_and_turns_to_the_map_and_back(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/projects/")
    page.get_by_role("checkbox", name=re.compile("^Gas on site")).check()
    expect(page).to_have_url(re.compile(r"energy=gas_on_site"))
    shown = page.locator("[data-said] strong").first.inner_text()
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page).to_have_url(re.compile(r"energy=gas_on_site&show=map"))
    expect(page.locator("[data-site]")).to_have_count(int(shown.split()[0]))
    page.get_by_role("checkbox", name=re.compile("^Canada")).check()
    expect(page).to_have_url(re.compile(r"show=map"))
    expect(page).to_have_url(re.compile(r"country=CA"))
    page.get_by_role("link", name="Table", exact=True).click()
    expect(page.get_by_role("columnheader", name="Build money")).to_be_visible()
    expect(page).not_to_have_url(re.compile("show="))


def test_a_reader_turns_to_acres_and_keeps_them_on_the_page_of_a_site(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/impacts/?metric=land_ha")
    page.get_by_role("link", name="US customary").click()
    expect(page).to_have_url(re.compile("units=us"))
    page.locator('[data-figure="hyperion-richland-parish:land_ha:press"] a').first.click()
    expect(page.locator("h1")).to_have_text("Meta Hyperion")
    expect(page.get_by_text("2,250 acres", exact=True)).to_be_visible()


def test_nothing_is_wider_than_a_phone(browser: Browser, served: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    for address in (
        "/projects/", "/projects/?show=map", "/projects/hyperion-richland-parish/", "/impacts/?units=us", "/fr/impacts/",
        "/forecasts/", "/fr/forecasts/nvidia-2030/",
    ):  # fmt: skip
        page.goto(f"{served}{address}")
        assert page.evaluate("document.documentElement.scrollWidth") == 390, address
    context.close()
