"""The main job in a real browser: an analyst walks from the overview to a chart."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_analyst_walks_from_the_overview_to_a_chart(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(served)
    expect(page.locator("h1")).to_contain_text("At least $")
    expect(page.locator(".plot .bars .point")).not_to_have_count(0)

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Deals").click()
    page.get_by_label("Words").fill("stargate")
    page.get_by_label("Joint venture").check()
    expect(page.get_by_role("link", name="remove").first).to_be_attached()
    expect(page).to_have_url(re.compile("kind=joint_venture"))
    page.get_by_role("link", name="Stargate", exact=True).first.click()

    expect(page.locator("h1")).to_have_text("Stargate")
    expect(page.get_by_text("$500 bn").first).to_be_visible()
    page.get_by_role("link", name="OpenAI", exact=True).first.click()

    expect(page.locator("h1")).to_have_text("OpenAI")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Charts").click()
    page.get_by_label("Split").select_option("kind")
    expect(page).to_have_url(re.compile("split=kind"))
    expect(page.locator(".plot .bars .point")).not_to_have_count(0)
    page.get_by_text("The figures as a table").click()
    expect(page.get_by_role("columnheader", name="Cloud contract")).to_be_visible()


def test_every_page_works_without_javascript(live_server: LiveServer, served: str, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/deals/")
    page.get_by_label("Words").fill("stargate")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("link", name="Stargate", exact=True).first).to_be_visible()
    page.goto(f"{served}/charts/")
    page.get_by_text("The figures as a table").click()
    expect(page.get_by_role("rowheader").first).to_be_visible()
    context.close()
