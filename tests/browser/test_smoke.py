"""The main job in a real browser: an analyst walks from the overview to a chart, an editor moves it."""

import json
import re
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def total(page: Page, address: str) -> Decimal:
    return Decimal(json.loads(page.request.get(address).text())["total"])


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
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".plot .bars .point")).not_to_have_count(0)
    page.get_by_text("The figures as a table").click()
    expect(page.get_by_role("columnheader", name="Cloud contract")).to_be_visible()


def test_an_editor_enters_an_announcement_and_the_chart_moves(strict_page: Page, served: str) -> None:
    page = strict_page
    get_user_model().objects.create_superuser("editor", password="a long passphrase")
    chart = f"{served}/charts/spending.json?kind=equity"
    before = total(page, chart)

    page.goto(f"{served}/admin/investments/announcement/add/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("a long passphrase")
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Headline:").fill("Amazon goes to 9 billion dollars")
    page.get_by_label("Date:", exact=True).fill("2026-03-02")
    page.get_by_label("Event").select_option("increased")
    page.locator(".field-deal .select2-selection").click()
    page.locator(".select2-search__field").fill("Amazon invests in Anthropic")
    page.get_by_role("option", name="Amazon invests in Anthropic").click()
    page.get_by_label("Amount, high").fill("9000000000")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()

    assert total(page, chart) - before == Decimal("1000000000.00")


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
