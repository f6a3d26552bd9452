"""The still of a figure: the same bars, floors and steps as the figure has, in per cent of the picture."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from investments.charts import spending, steps
from investments.charts.still import still
from investments.values import SpendingRow

WORDS = spending.Words(label=str, money=str, link=lambda *_names: "", period=str)


def row(period: str, segment: str, amount: int) -> SpendingRow:
    return SpendingRow(period, segment, "", Decimal(amount))


def test_bars_stand_on_each_other_and_the_scale_reaches_above_them() -> None:
    rows = [row("2024", "build", 50), row("2025", "build", 60), row("2025", "debt", 40)]
    made = still(spending.figure(spending.arrange(rows, top=8, cumulative=False), WORDS))
    assert made
    bars = [mark for mark in made.marks if mark.shape == "rect"]
    # Round amounts to 100, and a margin of 4 % above: 104 is the whole height. Two years of 366 and 365 days; a gap of 18 %.
    assert [(bar.y, bar.height) for bar in bars] == [("51.92%", "48.08%"), ("42.31%", "57.69%"), ("3.85%", "38.46%")]
    assert [bar.x for bar in bars] == ["4.51%", "54.56%", "54.56%"]
    assert {bar.width for bar in bars} == {"41.06%", "40.94%"}
    assert [tick.text for tick in made.across] == ["2024", "2025"]
    assert [tick.text for tick in made.up] == ["", "20", "40", "60", "80", "100"]
    assert [one.text for one in made.legend] == ["build", "debt"]


def test_what_takes_away_hangs_below_zero() -> None:
    rows = [row("2024", "build", 30), row("2024", "debt", -10)]
    made = still(spending.figure(spending.arrange(rows, top=8, cumulative=False), WORDS))
    assert made
    up, down = (mark for mark in made.marks if mark.shape == "rect")
    # From 31.2 (4 % above 30) down to -10, which is 41.2 in all.
    assert (up.y, up.height) == ("2.91%", "72.82%")
    assert (down.y, down.height) == ("75.73%", "24.27%")


def test_the_period_that_may_grow_is_fainter() -> None:
    rows = [row("2024", "build", 30), row("2025", "build", 20)]
    series = spending.arrange(rows, top=8, cumulative=False)
    made = still(spending.figure(series, WORDS, may_grow="2025"))
    assert made and [mark.faint for mark in made.marks] == [False, True]


def test_steps_run_on_with_a_band_from_floor_to_headline() -> None:
    said = [
        steps.Step(date(2025, 1, 1), Decimal(20), Decimal(60), ""),
        steps.Step(date(2025, 7, 2), Decimal(20), Decimal(100), ""),
    ]
    made = still(
        steps.figure(
            said, [], money=str, headline="Headline", floor="Floor", disputed="Disputed", until=date(2025, 12, 31)
        )
    )
    assert made
    bands = [mark for mark in made.marks if mark.band]
    # 182 of 364 days; from 60 and then from 100 down to 20, of 104.
    assert [(band.x, band.width, band.height) for band in bands] == [
        ("0.00%", "50.00%", "38.46%"), ("50.00%", "50.00%", "76.92%"),
    ]  # fmt: skip
    assert [mark.x for mark in made.marks if mark.shape == "dot"] == ["0.00%", "50.00%"]


def test_a_logarithmic_scale_has_no_still() -> None:
    series = spending.arrange([row("2024", "build", 30)], top=8, cumulative=False)
    assert still(spending.figure(series, WORDS, log=True)) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize(
    "path", ["/", "/charts/", "/charts/followthrough/", "/deals/stargate/", "/charts/spending/embed/"]
)
def test_a_page_shows_its_chart_before_any_script(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert '<svg class="field"' in html
    assert "Drawing the chart" not in html.split("</figure>")[0]
