"""WCAG 2.2 AA by axe on every page type: both languages, both themes, wide and narrow; and what axe cannot see."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Every page type, and its states that look different. Lists are filtered, so that axe has few rows of each kind.
PAGES = (
    "/",
    "/announcements/?company=oracle&per_page=25",
    "/deals/?company=oracle&kind=lease&count=gross",
    "/deals/?q=zzzzzz",
    "/deals/?kind=nonsense",
    "/deals/stargate/",
    "/companies/?country=FR",
    "/companies/mistral-ai/",
    "/projects/?country=FR",
    "/projects/?country=FR&show=map",
    "/projects/hyperion-richland-parish/",
    "/impacts/?metric=land_ha&units=us&country=FR",
    "/forecasts/?q=nvidia",
    "/forecasts/nvidia-2030/",
    "/charts/?kind=equity",
    "/charts/spending/?split=nonsense",
    "/charts/followthrough/",
    "/charts/flows/?kind=lease",
    "/charts/map/?country=FR",
    "/charts/capacity/?country=FR",
    "/charts/impacts/?country=FR",
    "/charts/forecasts/?q=nvidia",
    "/charts/spending/embed/",
    "/about/",
    "/glossary/",
    "/corrections/?page=/deals/stargate/",
    "/corrections/sent/",
    "/search/?q=mistral",
    "/search/?q=zzzzzz",
    "/signin/",
    "/there-is-no-such-page/",
)
SIZES = ((1280, 900), (390, 844))
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
# What a theme changes is colours, and nothing else: the other rules have seen the same page in the light.
COLOUR_RULES = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}

THEMES: tuple[tuple[Literal["light", "dark"], dict[str, Any]], ...] = (("light", RULES), ("dark", COLOUR_RULES))


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    """One page that goes from address to address: to make a new one for each would take longer than axe does."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def settled(page: Page) -> None:
    """Wait until the charts in view are drawn."""
    page.evaluate(
        """async () => {
          const near = () => [...document.querySelectorAll('.plot[data-chart]')].filter((plot) => plot.getBoundingClientRect().top < innerHeight);
          for (let turn = 0; turn < 100 && near().some((plot) => !('drawn' in plot.dataset)); turn++) await new Promise((done) => setTimeout(done, 50));
        }"""
    )


def violations(page: Page, rules: dict[str, Any]) -> str:
    """Return what axe finds on the page, as text; nothing where it finds nothing."""
    found = AxeResults(page.evaluate("(rules) => axe.run(document, rules)", rules))
    return found.generate_report() if found.violations_count else ""


def _overflows(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 800})
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("language", ["", "/fr"], ids=["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(reader: Page, served: str, path: str, language: str) -> None:
    found = {}
    reader.set_viewport_size({"width": 1280, "height": 900})
    reader.emulate_media(color_scheme="light")
    reader.goto(f"{served}{language}{path}")
    settled(reader)
    reader.evaluate(Axe().axe_script)
    for width, height in SIZES:
        reader.set_viewport_size({"width": width, "height": height})
        for theme, rules in THEMES:
            reader.emulate_media(color_scheme=theme)
            if report := violations(reader, rules):
                found[width, theme] = report
    # 640 px is a screen of 1280 px at 200 %; 320 px is what WCAG asks of every page.
    wide = [width for width in (640, 320) if _overflows(reader, width)]
    assert not wide, f"the page scrolls sideways at {wide} px"
    assert not found, "\n".join(f"{width} px, {theme}:\n{report}" for (width, theme), report in found.items())
