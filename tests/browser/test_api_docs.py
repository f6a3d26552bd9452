"""The API's documentation in a browser: drawn from the served schema, under the site's policy, without a foreign request."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_documentation_is_drawn_and_an_answer_can_be_tried(strict_page: Page, live_server: LiveServer) -> None:
    strict_page.goto(f"{live_server.url}/api/v1/docs/")
    expect(strict_page.locator(".opblock")).to_have_count(21)
    block = strict_page.locator("#operations-companies-companies_rows")
    block.locator(".opblock-summary-control").click()
    expect(block.get_by_text("the beginnings of words count")).to_be_visible()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    expect(block.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
