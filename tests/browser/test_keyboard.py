"""Everything by keyboard: the way into a page, filters, search, rows, the sheet of shortcuts; and what is said of it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return { tag: one.tagName, text: one.textContent.trim().slice(0, 40), inside: !!one.closest('main'),
           seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
           ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
}"""


def test_the_skip_link_comes_first_and_leads_into_the_content(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/stargate/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["inside"]


@pytest.mark.parametrize(
    "path", ["/", "/deals/?company=oracle&kind=lease", "/charts/?kind=equity", "/fr/deals/stargate/"]
)
@pytest.mark.parametrize("width", [1280, 390])
def test_every_stop_of_the_tab_key_is_seen_and_ringed(strict_page: Page, served: str, path: str, width: int) -> None:
    page = strict_page
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{served}{path}")
    unseen = []
    for _stop in range(70):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["tag"] == "BODY":
            break
        if not (at["seen"] and at["ringed"]):
            unseen.append(at)
    assert not unseen


def test_a_filter_is_chosen_by_keyboard_and_the_new_count_is_said(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/")
    page.keyboard.press("f")
    box = page.get_by_role("checkbox", name=re.compile("^Equity"))
    box.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("kind=equity"))
    expect(page.get_by_role("checkbox", name=re.compile("^Equity"))).to_be_focused()
    told = page.locator("[data-said] strong").first.inner_text()
    expect(page.locator("#said[role=status]")).to_contain_text(told)


def test_search_is_typed_chosen_and_opened_by_keyboard(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(served)
    page.keyboard.press("/")
    page.keyboard.type("stargate")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Stargate")


def test_the_sheet_opens_leads_on_and_gives_the_focus_back(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/fr/")
    opener = page.get_by_role("button", name="Raccourcis clavier")
    opener.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Raccourcis clavier")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("?")
    expect(sheet).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile("/fr/deals/$"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tbody th a").first).to_be_focused()
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("page=2"))
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile(r"^[^/]+//[^/]+/deals/\?page=2"))


def test_single_keys_can_be_turned_off_and_stay_off(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(served)
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="Use these keys on this site").uncheck()
    page.get_by_role("button", name="Close", exact=True).click()
    page.reload()
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_letters_typed_into_a_field_are_letters(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/")
    page.get_by_label("Words").focus()
    page.keyboard.type("l?gd")
    assert page.get_by_label("Words").input_value() == "l?gd"
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_link_is_copied_and_that_is_said(browser: Browser, served: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{served}/deals/?kind=equity&sort=-headline_usd")
    page.get_by_role("button", name="Copy link").click()
    toast = page.locator(".toasts[role=status] .toast")
    expect(toast).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{served}/deals/?kind=equity&sort=-headline_usd"
    assert toast.evaluate("(one) => getComputedStyle(one).animationName") == "none"
    page.goto(f"{served}/charts/flows/?kind=equity")
    page.get_by_text("Show this chart on your page").click()
    page.get_by_role("button", name="Copy the code").click()
    expect(toast).to_have_text("Copied")
    assert "/charts/flows/embed/?kind=equity" in page.evaluate("navigator.clipboard.readText()")
    context.close()


def test_a_phone_loads_the_chart_library_when_the_chart_is_touched(browser: Browser, served: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}/charts/")
    plot = page.locator(".plot").first
    plot.scroll_into_view_if_needed()
    expect(plot.locator("svg.field rect").first).to_be_visible()
    expect(page.get_by_text("Touch the chart for its figures")).to_be_visible()
    assert not [url for url in asked if "plotly" in url]
    plot.tap()
    expect(page.locator(".plot[data-drawn]")).to_be_visible()
    expect(page.locator(".still")).to_have_count(0)
    context.close()
