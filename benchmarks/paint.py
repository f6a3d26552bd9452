"""How fast a page is to see, and whether it jumps: largest contentful paint and cumulative layout shift in Chromium.

    python -m benchmarks.paint http://127.0.0.1:8000          # a served site with the bundled facts
    python -m benchmarks.paint http://127.0.0.1:8000 --runs 5 --slowdown 4 / /charts/

The processor is slowed down (4 times, unless said otherwise) and nothing is cached. Each page is scrolled to its end
after its first paint, so that charts which are drawn late count too. Exit code 1 where the median of a page misses
the aim: 1.5 s, and a shift of 0.02.
"""

import argparse
import shutil
import statistics
import sys

from playwright.sync_api import Browser, sync_playwright

LATEST_PAINT = 1500.0  # milliseconds
MOST_SHIFT = 0.02
PAGES = ("/", "/charts/", "/charts/flows/", "/charts/map/", "/deals/", "/deals/stargate/")
WATCH = """
window.seen = { paint: 0, what: '', shift: 0 };
new PerformanceObserver((list) => { for (const one of list.getEntries()) { seen.paint = one.startTime; seen.what = one.element?.tagName ?? ''; } })
  .observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) seen.shift += one.value; })
  .observe({ type: 'layout-shift', buffered: true });
"""


def visit(browser: Browser, address: str, width: int, slowdown: float) -> tuple[float, float, str]:
    """Return largest paint in milliseconds, the sum of all layout shifts, and the element that was painted last."""
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.add_init_script(WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1500)
    # A largest paint is what comes before the reader acts: it is read before the page scrolls.
    paint, what = page.evaluate("[seen.paint, seen.what]")
    height = page.evaluate("document.documentElement.scrollHeight")
    for step in range(1, min(height, 6000) // 600 + 1):
        page.evaluate(f"scrollTo(0, {step * 600})")
        page.wait_for_timeout(250)
    page.wait_for_timeout(1500)
    shift = page.evaluate("seen.shift")
    context.close()
    return paint, shift, what


def main() -> int:
    """Measure, print a line per page and width, and say whether all met the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("pages", nargs="*", default=PAGES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--slowdown", type=float, default=4)
    asked = parser.parse_intermixed_args()
    missed = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for path in asked.pages:
            for width in (1280, 390):
                found = [visit(browser, asked.site + path, width, asked.slowdown) for _run in range(asked.runs)]
                paint, shift = statistics.median(one[0] for one in found), statistics.median(one[1] for one in found)
                best = min(one[0] for one in found)
                good = paint < LATEST_PAINT and shift < MOST_SHIFT
                missed |= not good
                print(
                    f"{path} {width} px: paint {paint:.0f} ms (at best {best:.0f}, {found[0][2]}), shift {shift:.4f}{'' if good else '  MISSED'}"
                )
        browser.close()
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
