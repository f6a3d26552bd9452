"""Lists in a real browser: by mouse, by keyboard alone, on a phone, and without script."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from investments.resources.deals import DEALS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_filter_narrows_the_rows_and_back_undoes_it(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/")
    before = page.locator("[data-said] strong").first.inner_text()
    page.evaluate("window.same = true")
    page.get_by_role("checkbox", name=re.compile("^Equity")).check()
    expect(page).to_have_url(re.compile("kind=equity"))
    expect(page.locator("[data-said] strong").first).not_to_have_text(before)
    narrowed = page.locator("[data-said] strong").first.inner_text()
    # Swapped, not loaded anew; the box that was clicked keeps the focus; the count is said.
    assert page.evaluate("window.same") is True
    expect(page.locator("#f-kind-equity")).to_be_focused()
    expect(page.locator("#said")).to_contain_text(narrowed)
    page.get_by_role("link", name=re.compile("Kind: Equity")).click()
    expect(page).to_have_url(f"{served}/deals/")
    expect(page.locator("[data-said] strong").first).to_have_text(before)
    page.go_back()
    expect(page.locator("[data-said] strong").first).to_have_text(narrowed)
    expect(page.locator("#f-kind-equity")).to_be_checked()
    page.go_forward()
    expect(page.locator("[data-said] strong").first).to_have_text(before)


def test_the_focus_stays_where_it_was_when_rows_are_swapped(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/?kind=equity&per_page=25")
    page.evaluate("window.same = true")
    for role_name, address in (
        ("Total", "sort=-headline_usd"),
        ("Total", "sort=headline_usd"),
        ("Gross", "count=gross"),
        ("Next", "page=2"),
        ("50", "per_page=50"),
    ):
        link = page.locator("#list .results").get_by_role("link", name=role_name, exact=role_name != "Total")
        link.focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(rf"[?&]{address}(&|$)"))
        expect(link).to_be_focused()
    # What is gone gives the focus to the heading.
    page.get_by_role("link", name=re.compile("Kind: Equity")).focus()
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("kind=equity"))
    expect(page.locator("#list-title")).to_be_focused()
    assert page.evaluate("window.same") is True


def test_suggestions_open_inside_the_panel_of_filters(strict_page: Page, served: str) -> None:
    page = strict_page
    page.set_viewport_size({"width": 1280, "height": 700})
    for name in ("deals", "projects", "announcements"):
        page.goto(f"{served}/{name}/")
        for box in page.locator(".pick input").all():
            box.focus()
            page.keyboard.type("a")
            suggestions = page.locator(".filters .picks:visible")
            expect(suggestions).to_be_visible()
            bottom = suggestions.evaluate("list => list.getBoundingClientRect().bottom")
            panel = page.locator(".filters").evaluate("panel => panel.getBoundingClientRect().bottom")
            # The panel fades out over its last 2.5 rem.
            assert bottom <= min(panel - 40, 700) + 1
            page.keyboard.press("Escape")


def test_a_company_is_picked_by_the_keyboard_alone(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/")
    box = page.get_by_role("combobox", name=re.compile("Company"))
    box.focus()
    page.keyboard.type("mistr")
    option = page.get_by_role("option", name="Mistral AI")
    expect(option).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("company=mistral"))
    expect(page.get_by_role("link", name=re.compile("Company: Mistral AI"))).to_be_visible()
    expect(page.locator("#f-company-mistral-ai")).to_be_checked()


def test_the_search_box_finds_as_one_types(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(served)
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name=re.compile("Search"))
    expect(box).to_be_focused()
    page.keyboard.type("hyperi")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.type("o")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/(deals|projects)/"))
    page.goto(served)
    page.keyboard.press("/")
    page.keyboard.type("stargate")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=stargate"))
    expect(page.locator("mark").first).to_be_visible()


def test_columns_and_density_are_kept(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/?kind=equity")
    page.get_by_text("Columns", exact=True).first.click()
    page.get_by_role("checkbox", name="Payees").check()
    page.get_by_role("checkbox", name="Steps").uncheck()
    page.get_by_label("compact").check()
    page.get_by_role("button", name="Keep", exact=True).first.click()
    expect(page).to_have_url(f"{served}/deals/?kind=equity")
    page.goto(f"{served}/deals/")
    expect(page.get_by_role("columnheader", name="Payees")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Steps")).to_have_count(0)
    expect(page.locator("table.compact")).to_be_visible()


def test_many_columns_scroll_inside_their_frame(browser: Browser, served: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    names = ".".join(column.name for column in DEALS.drawable)
    page.goto(f"{served}/deals/")
    frame = page.locator(".table-frame")
    assert frame.evaluate("frame => getComputedStyle(frame).overflowX") == "visible"
    context.add_cookies([{"name": "columns_deals", "value": names, "url": served}])
    page.reload()
    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    page.get_by_role("region", name="Deals: Rows").focus()
    page.keyboard.press("ArrowRight")
    expect(frame).not_to_have_js_property("scrollLeft", 0)
    page.set_viewport_size({"width": 390, "height": 800})
    # Every chosen column is there in every row, also where there is nothing to tell.
    assert page.locator("td[data-label]:visible").count() == page.locator("td[data-label]").count() > 300
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


def test_on_a_phone_rows_are_cards_and_filters_fold(browser: Browser, served: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{served}/deals/")
    expect(page.get_by_role("checkbox", name=re.compile("^Equity"))).not_to_be_visible()
    page.locator(".filters summary").click()
    page.get_by_role("checkbox", name=re.compile("^Equity")).check()
    expect(page).to_have_url(re.compile("kind=equity"))
    expect(page.locator("thead")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


def test_without_script_the_form_says_the_same(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/deals/")
    page.get_by_role("checkbox", name=re.compile("^Equity")).check()
    page.locator("#f-company").fill("Anthropic")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("kind=equity.*company=Anthropic"))
    expect(page.get_by_role("link", name=re.compile("Company: Anthropic"))).to_be_visible()
    without = page.locator("[data-said] strong").first.inner_text()
    page.goto(f"{served}/deals/?kind=equity&company=anthropic")
    assert page.locator("[data-said] strong").first.inner_text() == without
    context.close()
