"""The parts of the pages, each in each state, for those who build them; with DEBUG=1 only."""

from datetime import date
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from investments.charts import spending
from investments.charts.still import still
from investments.values import SpendingRow

COLOURS = (
    "paper",
    "card",
    "hover",
    "ink",
    "muted",
    "faint",
    "rule",
    "field",
    "accent",
    "accent-soft",
    "warn",
    "warn-soft",
    "bad",
    "bad-soft",
)
TYPES = ("t-2xl", "t-xl", "t-l", "t-m", "t-s", "t-xs")
SPACES = ("s1", "s2", "s3", "s4", "s5", "s6", "s7")


def styleguide(request: HttpRequest) -> HttpResponse:
    """``/styleguide/``: tokens, elements and components with made-up contents."""
    rows = (
        SpendingRow("2023", "build", "", Decimal(40)), SpendingRow("2024", "build", "", Decimal(90)),
        SpendingRow("2024", "financing", "", Decimal(35)), SpendingRow("2025", "build", "", Decimal(160)),
        SpendingRow("2025", "financing", "", Decimal(70)),
    )  # fmt: skip
    words = spending.Words(
        label=str.capitalize,
        money=lambda amount: f"${amount:.0f}",
        link=lambda *_names: "",
        period=str,
        floor=_("floor"),
    )
    series = spending.arrange(rows, top=8, cumulative=False)
    extras = spending.Extras(floor={"2024": Decimal(100), "2025": Decimal(180)})
    context = {
        "colours": COLOURS,
        "types": TYPES,
        "spaces": SPACES,
        "still": still(spending.figure(series, words, extras, may_grow="2025")),
        "page": Paginator(range(1200), 50).page(7),
        "sizes": (25, 50, 100),
        "query": QueryDict(),
        "amounts": [Decimal(500_000_000_000), Decimal(1_240_000_000_000), Decimal(2_500_000), None],
        "today": date(2026, 1, 31),
    }
    return render(request, "investments/styleguide.html", context)
