"""The chart of market-wide estimates as ranges, beside what has been announced for the same years."""

from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from investments import amounts
from investments.charts import ranges as chart
from investments.charts.ranges import Panel, Range
from investments.ledger import totals
from investments.models import Forecast
from investments.resources.charts import ForecastChartFilters
from investments.resources.deals import DEALS
from investments.templatetags.display import address, colon, language, quantity
from investments.templatetags.display import period as written_period
from investments.views.charts.frame import PAGING, Cell, Drawn, Head, Problems, Sheet, Table, plain
from investments.views.charts.words import estimate, publishers, sourced
from investments.views.forecasts import contradicting

# The group of the marks that are no estimate.
ANNOUNCED = "announced_so_far"
ESTIMATE, CONFLICT = "estimate", "contradicted"


def read(query: QueryDict) -> Drawn | Problems:
    """Return the chart of a query, or what is wrong with the query."""
    asked = ForecastChartFilters(query, Forecast.objects.published())
    if asked.problems:
        return asked.problems
    wanted = asked.cleaned.get("unit") or asked.defaults["unit"].split()
    known = asked.rows.filter(unit__in=wanted).select_related("forecaster", "source")
    rows = [
        row for row in known.prefetch_related("disputes", "disputed_by").order_by("unit", "horizon_end", "-amount_high", "slug")
        if row.amount_low is not None or row.amount_high is not None
    ]  # fmt: skip
    yearly = planned_by_year()
    panels = []
    for unit in wanted:
        inside = [row for row in rows if row.unit == unit]
        if inside:
            panels.append(Panel(_panel_title(unit), [line for row in inside for line in _lines(row, yearly)], unit))
    groups = {ESTIMATE: _("Estimate"), CONFLICT: _("Estimate that another one contradicts"),
              ANNOUNCED: _("Announced so far, same years (build)")}  # fmt: skip
    return Drawn(
        title=_("What others expect, beside what has been announced"),
        subtitle=_("Market-wide estimates by banks, agencies and companies, by horizon; they are added to nothing."),
        finding=_finding(rows, yearly),
        figure=chart.figure(panels, label=lambda one: groups[one], write=lambda panel, value: _written(panel.unit, value)),
        table=_table(rows, yearly),
        sheet=Sheet(
            ("slug", "forecaster", "unit", "amount_low", "amount_high", "horizon_start", "horizon_end", "announced_build", "source"),
            [tuple(_row(row, yearly).values()) for row in rows],
        ),
        answer={
            "forecasts": [_row(row, yearly) for row in rows],
            "conflicts": sorted({
                tuple(sorted((row.slug, other.slug))) for row in rows for other in contradicting(row)
            }),
        },
        behind=address(reverse("forecasts"), query, **dict.fromkeys(PAGING)),
        behind_label=_("The estimates behind this chart, each with its source"),
        size=chart.size(panels),
        notes=[
            _("Announced so far: the build layer’s deals spread evenly over their spending windows, net of what lies inside others; deals without a window are left out, so it is less than what has been announced."),
        ],
    )  # fmt: skip


def planned_by_year() -> dict[int, Decimal]:
    """Return the US dollars that deals of the build layer plan to spend in each year."""
    selection = DEALS.filter(QueryDict("layer=build")).selection(view="planned")
    return {int(row.period): row.amount for row in totals.spending(selection, "year", None)}


def announced_for(row: Forecast, yearly: dict[int, Decimal]) -> Decimal | None:
    """Return what is announced for the years of an estimate in US dollars; None where it counts something else."""
    if row.unit not in ("USD", "USD/year") or row.horizon_end is None:
        return None
    if row.unit == "USD/year" or row.horizon_start is None:
        return yearly.get(row.horizon_end.year, Decimal("0.00"))
    years = range(row.horizon_start.year, row.horizon_end.year + 1)
    return sum((yearly.get(year, Decimal(0)) for year in years), Decimal("0.00"))


def _lines(row: Forecast, yearly: dict[int, Decimal]) -> list[Range]:
    high = row.amount_high if row.amount_high is not None else row.amount_low
    low = row.amount_low if row.amount_low is not None else row.amount_high
    assert high is not None and low is not None
    name = f"{_short(row.by)}, {row.horizon_ends or '–'}"
    link = reverse("forecast", args=[row.slug])
    against = contradicting(row)
    said = f"{row.local_headline}<br>{row.by}, {colon(written_period(row.when))} {estimate(row)}"
    if against:
        said += "<br>" + _("Contradicted by: %(other)s") % {"other": "; ".join(one.local_headline for one in against)}
    said = sourced(said, [row.source])
    lines = [Range(f"{name} · {row.slug}", low, high, said, link, CONFLICT if against else ESTIMATE, name)]
    done = announced_for(row, yearly)
    if done:
        text = _("Announced so far for the same years: %(amount)s") % {"amount": amounts.money(done, "USD", language())}
        lines.append(Range(f"{name} · {row.slug}", done, done, text, link, ANNOUNCED, name))
    return lines


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:22].rstrip()}…"


def _panel_title(unit: str) -> str:
    return {
        "USD": _("US dollars in all, by the end of the horizon"), "USD/year": _("US dollars in one year"),
        "EUR": _("Euros in all, by the end of the horizon"), "EUR/year": _("Euros in one year"),
        "MW": _("Megawatts"), "GW": _("Gigawatts"), "TWh": _("Terawatt-hours"), "TWh/year": _("Terawatt-hours a year"),
        "m3/year": _("Cubic metres of water a year"), "t/year": _("Tonnes a year"), "percent": _("Per cent"),
    }[unit]  # fmt: skip


def _written(unit: str, value: Decimal) -> str:
    currency = unit.partition("/")[0]
    return amounts.money(value, currency, language()) if currency in ("USD", "EUR") else quantity(value, unit)


def _row(row: Forecast, yearly: dict[int, Decimal]) -> dict[str, Any]:
    done = announced_for(row, yearly)
    return {
        "slug": row.slug, "forecaster": row.by, "unit": row.unit, "amount_low": plain(row.amount_low),
        "amount_high": plain(row.amount_high), "horizon_start": str(row.horizon_starts or ""),
        "horizon_end": str(row.horizon_ends or ""), "announced_build": None if done is None else f"{done:.2f}",
        "source": row.source.url if row.source else "",
    }  # fmt: skip


def _finding(rows: list[Forecast], yearly: dict[int, Decimal]) -> str:
    compared = [(row, done) for row in rows if (done := announced_for(row, yearly))]
    said = (
        [_("%(number)s estimates.") % {"number": len(rows)}] if rows else [_("No estimate is published in this unit.")]
    )
    if compared:
        row, done = max(compared, key=lambda pair: pair[0].amount_high or pair[0].amount_low or 0)
        said.append(_("The largest comes from %(by)s: %(estimate)s by %(horizon)s; %(amount)s has been announced for the same years.") % {
            "by": row.by, "estimate": estimate(row), "horizon": written_period(row.horizon_ends),
            "amount": amounts.money(done, "USD", language())})  # fmt: skip
    return " ".join(said)


def _table(rows: list[Forecast], yearly: dict[int, Decimal]) -> Table:
    def done(row: Forecast) -> Cell:
        amount = announced_for(row, yearly)
        return Cell("–" if amount is None else amounts.money(amount, "USD", language()))

    return Table(
        caption=_("Estimates by unit and horizon"),
        heads=[
            Head(_("Estimate"), number=False), Head(_("By"), number=False), Head(_("Figure")),
            Head(_("Until"), number=False), Head(_("Announced for the same years")),
            Head(_("Source"), number=False),
        ],
        rows=[
            [
                Cell(row.local_headline, reverse("forecast", args=[row.slug]), number=False), Cell(row.by, number=False),
                Cell(estimate(row)), Cell(written_period(row.horizon_ends), number=False), done(row),
                Cell(publishers([row.source]), number=False),
            ]
            for row in rows
        ],
    )  # fmt: skip
