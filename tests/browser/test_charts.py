"""Charts in a real browser: each draws under the strict policy, asks no other host, and can be taken away."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHARTS = ("spending", "followthrough", "flows", "map", "capacity", "impacts", "forecasts")


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_draws(strict_page: Page, served: str, name: str) -> None:
    page = strict_page
    page.goto(f"{served}/charts/{name}/")
    plot = page.locator(".plot[data-drawn]")
    expect(plot).to_be_visible()
    expect(plot.locator(".main-svg").first).to_be_attached()
    expect(page.locator(".chart table").first).to_be_attached()
    # What a pointer shows stays inside the policy too.
    box = plot.bounding_box()
    assert box
    for part in range(1, 10):
        page.mouse.move(box["x"] + box["width"] * part / 10, box["y"] + box["height"] / 2)


def test_a_chart_can_be_taken_away_as_a_picture(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/charts/flows/")
    expect(page.locator(".plot[data-drawn]")).to_be_visible()
    for form, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=form).click()
        path: Any = waiting.value.path()
        assert path.read_bytes().startswith(start)


def test_a_deal_is_taken_away_as_it_is_told(strict_page: Page, served: str) -> None:
    page = strict_page
    page.goto(f"{served}/deals/softbank-openai-40b/")
    plot = page.locator(".plot.steps[data-drawn]")
    expect(plot).to_be_visible()
    page.get_by_text("The figures as a table").click()
    rows = page.locator(".chart tbody tr")
    told = [row.locator("td").first.inner_text().replace("\xa0", " ") for row in rows.all()]
    drawn = plot.evaluate("(plot) => plot.data.find((trace) => trace.name === 'Headline').y")
    # The last total runs on to today.
    assert [f"${amount / 10**9:g} bn" for amount in drawn] == [*told, told[-1]]
    rows.last.get_by_role("link").click()
    expect(page.locator(".timeline li:target")).to_be_in_viewport()
    name = "openai-s-2025-round-led-by-softbank-the-total-through-its-announcements"
    for form, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=form).click()
        assert waiting.value.suggested_filename == f"{name}.{form.lower()}"
        picture: Any = waiting.value.path()
        assert picture.read_bytes().startswith(start)
    # By itself it says what it shows, in what unit, and where it comes from.
    words = picture.read_text()
    for said in ("the total through its announcements", "US dollars", "Buildout · http", "/deals/softbank-openai-40b/"):
        assert said in words


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/projects/?show=map",
        "/impacts/",
        "/forecasts/",
        "/companies/openai/",
        "/deals/stargate/",
        "/projects/stargate-abilene/",
        "/fr/projects/colossus-memphis/?on=2025-06",
    ],
)
def test_pages_draw_their_charts(strict_page: Page, served: str, path: str) -> None:
    page = strict_page
    page.goto(f"{served}{path}")
    for plot in page.locator(".plot").all():
        plot.scroll_into_view_if_needed()
        expect(plot).to_have_attribute("data-drawn", "")


def test_without_script_the_table_is_there(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/charts/followthrough/")
    page.get_by_text("The figures as a table").click()
    expect(page.locator(".chart table tbody tr").first).to_be_visible()
    context.close()


def test_one_bar_alone_is_as_wide_as_its_year_and_has_a_name(strict_page: Page, served: str) -> None:
    strict_page.goto(f"{served}/charts/spending/?by=year&after=2025&before=2025")
    bar = strict_page.locator(".plot .bars .point path").first
    expect(bar).to_be_visible()
    plot = strict_page.locator(".plot").first.bounding_box()
    drawn = bar.bounding_box()
    assert plot
    assert drawn
    assert drawn["width"] > plot["width"] / 2
    expect(strict_page.locator(".plot .xtick")).to_have_text(["2025"])
