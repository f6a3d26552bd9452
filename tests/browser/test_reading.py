"""What explains, in a real browser: words open by key and touch, the tour ends without a script, a report arrives."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from investments.models import Correction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_word_opens_and_closes_by_the_keyboard(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/stargate/")
    word = page.get_by_role("button", name="Floor")
    meaning = page.get_by_text("What is pledged at least: the lower figure of a range.")
    expect(meaning).to_be_hidden()
    word.focus()
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    # The next stop is the way to the glossary, inside the note.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Glossary").and_(page.locator(":focus"))).to_have_attribute(
        "href", "/glossary/#floor"
    )
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()


def test_a_word_opens_by_touch_within_a_narrow_screen(browser: Browser, served: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(f"{served}/fr/")
    page.locator("dl.figures button.term").nth(3).tap()
    meaning = page.locator(".meaning:popover-open")
    expect(meaning).to_be_visible()
    box = meaning.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.locator("h1").tap()
    expect(meaning).to_have_count(0)
    context.close()


def test_the_tour_ends_without_a_script(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/")
    expect(page.get_by_role("heading", name="New here? Four steps")).to_be_visible()
    page.get_by_role("button", name="Close the tour").click()
    expect(page.get_by_role("heading", name="New here? Four steps")).to_have_count(0)
    page.goto(f"{served}/about/")
    page.get_by_role("link", name="The tour in four steps").click()
    expect(page.get_by_role("heading", name="New here? Four steps")).to_be_visible()
    context.close()


def test_a_reader_reports_an_error_from_the_page_of_a_deal(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/stargate/")
    page.get_by_role("contentinfo").get_by_role("link", name="Report an error").click()
    expect(page.get_by_label("Page")).to_have_value("/deals/stargate/")
    page.get_by_label("What is wrong, and what is right?").fill(
        "The headline should read 500 billion.\nSee the release."
    )
    page.get_by_label("Where is it said?").fill("https://example.org/release")
    page.get_by_role("button", name="Send to the editors").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("link", name="Back to the page").click()
    expect(page).to_have_url(f"{served}/deals/stargate/")
    kept = Correction.objects.get()
    assert (kept.state, kept.page, kept.source) == ("draft", "/deals/stargate/", "https://example.org/release")
    assert kept.text == "The headline should read 500 billion.\nSee the release."


def test_filters_go_along_into_the_other_language_and_the_report(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/")
    page.get_by_label("Joint venture").check()
    expect(page).to_have_url(re.compile("kind=joint_venture"))
    expect(page.get_by_role("contentinfo").get_by_role("link", name="Report an error")).to_have_attribute(
        "href", "/corrections/?page=%2Fdeals%2F%3Fkind%3Djoint_venture"
    )
    page.get_by_role("link", name="Français").click()
    expect(page).to_have_url(f"{served}/fr/deals/?kind=joint_venture")
    page.goto(f"{served}/charts/")
    page.get_by_role("navigation", name="Charts").get_by_role("link", name="Flows").click()
    expect(page).to_have_url(re.compile("/charts/flows/"))
    page.get_by_role("link", name="Français").click()
    expect(page).to_have_url(re.compile("/fr/charts/flows/"))
