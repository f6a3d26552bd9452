"""The chart room, and the data of its charts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from investments import amounts
from investments.charts import spending as chart
from investments.ledger import totals
from investments.ledger.rates import NoRate
from investments.ledger.selection import UNKNOWN, Slice
from investments.models import Announcement, Company
from investments.resources.charts import SpendingFilters
from investments.templatetags.display import address, country, label, language
from investments.values import LeftOut, Period, Sums, Tally
from investments.views.listing import no_rate

# Parameters of the chart that its lists do not take.
CHART_ONLY = ("by", "split", "view", "cumulative", "top", "sort", "page", "per_page")


@dataclass(frozen=True)
class Spending:
    """One reading of the spending chart: what is drawn, its sums, and the query behind it."""

    filters: SpendingFilters
    series: chart.Series
    sums: Sums
    left_out: LeftOut
    figure: dict[str, Any]

    @property
    def currency(self) -> str:
        return self.filters.selection().currency

    @property
    def total(self) -> Decimal:
        return self.sums.total


def read_spending(query: QueryDict) -> Spending | dict[str, list[str]]:
    """Return the spending chart of a query, or what is wrong with the query: parameter -> messages."""
    filters = SpendingFilters(query, Announcement.objects.published())
    if filters.problems:
        return filters.problems
    selection = filters.selection()
    split = filters.reading("split")
    cumulative = filters.reading("cumulative") == "1"
    try:
        rows = totals.spending(selection, filters.reading("by"), None if split == "none" else split)  # type: ignore[arg-type]
        sums = totals.sums(selection)
        left_out = totals.left_out(selection)
    except NoRate as missing:
        return {"currency": [no_rate(missing)]}
    series = chart.arrange(rows, top=int(filters.reading("top")), cumulative=cumulative)
    figure = chart.figure(
        series,
        label=segment_labels(split, series.segments),
        money=lambda amount: amounts.money(amount, selection.currency, language()),
        link=bar_link(query, split, series),
        running=str(Period.containing(timezone.now().date(), filters.reading("by"))),
        cumulative=cumulative,
    )
    return Spending(filters, series, sums, left_out, figure)


def segment_labels(split: str, segments: tuple[str, ...]) -> Callable[[str], str]:
    """Return the function that names a segment of a split in the reader's language."""
    special = {"other": _("Other"), UNKNOWN: _("Unknown"), "all": _("All")}
    if split in ("payer", "payee"):
        named = dict(Company.objects.filter(slug__in=segments).values_list("slug", "name"))
    elif split == "country":
        named = {code: country(code) for code in segments}
    elif split == "none":
        named = {}
    else:
        named = {segment: label(segment, split) for segment in segments}
    return lambda segment: special.get(segment) or named.get(segment, segment)


def bar_link(query: QueryDict, split: str, series: chart.Series) -> Callable[[str, str], str]:
    """Return the function that gives the address of the rows behind a bar (INTERFACE.md)."""
    base = query.copy()
    planned = base.get("view") == "planned"
    cumulative = base.get("cumulative") == "1"
    for name in CHART_ONLY:
        base.pop(name, None)
    path = reverse("deals" if planned else "announcements")
    given = {"after": _day(base.get("after")), "before": _day(base.get("before"), last=True)}
    if planned:
        base.pop("after", None)
        base.pop("before", None)
    slices = base.pop("slice", [])

    def link(period: str, segment: str) -> str:
        span = Period.parse(period)
        after = given["after"] if cumulative else max(filter(None, [span.first, given["after"]]))
        before = min(filter(None, [span.last, given["before"]]))
        changes: dict[str, Any] = (
            {} if planned else {"after": after and after.isoformat(), "before": before.isoformat()}
        )
        if split != "none":
            cut = _segment_slice(split, segment, series)
            changes["slice"] = [*slices, str(cut)]
        elif slices:
            changes["slice"] = slices
        return address(path, base, **changes)

    return link


def _segment_slice(split: str, segment: str, series: chart.Series) -> Slice:
    """Return the slice that a segment stands for; "other" is everything but the segments beside it."""
    if segment == chart.OTHER and series.folded:
        beside = tuple(name for name in series.segments if name != chart.OTHER)
        return Slice(split, beside, without=True)  # type: ignore[arg-type]
    return Slice(split, (segment,))  # type: ignore[arg-type]


def _day(text: str | None, *, last: bool = False) -> date | None:
    if not text:
        return None
    period = Period.parse(text)
    return period.last if last else period.first


def spending_json(request: HttpRequest) -> HttpResponse:
    """``/charts/spending.json``."""
    answer = spending_data(request.GET)
    return JsonResponse(answer, status=400 if "errors" in answer else 200)


def spending_data(query: QueryDict) -> dict[str, Any]:
    """Return the data of the spending chart, as INTERFACE.md lays it down, or what is wrong under ``errors``."""
    answer = read_spending(query)
    if isinstance(answer, dict):
        return {"errors": answer}
    filters, selection = answer.filters, answer.filters.selection()
    return {
        "currency": selection.currency,
        "measure": selection.measure,
        "by": filters.reading("by"),
        "split": filters.reading("split"),
        "view": selection.view,
        "cumulative": filters.reading("cumulative") == "1",
        "total": _text(answer.total),
        "by_layer": {layer: _text(amount) for layer, amount in answer.sums.by_layer.items()},
        "count": selection.count,
        "series": [
            {"period": row.period, "segment": row.segment, "amount": _text(row.amount)} for row in answer.series.rows
        ],
        "counted": {"deals": answer.sums.counted.deals, "announcements": answer.sums.counted.announcements},
        "left_out": {
            "covered": _tally(answer.left_out.covered),
            "rumoured": _tally(answer.left_out.rumoured),
            "no_window": _tally(answer.left_out.no_window),
            "no_amount": _tally(answer.left_out.no_amount),
        },
        "figure": answer.figure,
    }


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _tally(tally: Tally) -> dict[str, Any]:
    return {"deals": tally.deals, "amount": _text(tally.amount)}


def chart_room(request: HttpRequest) -> HttpResponse:
    """``/charts/``: spending over time, its controls and its table."""
    answer = read_spending(request.GET)
    context: dict[str, Any] = {"query": request.GET}
    if isinstance(answer, dict):
        context["problems"] = answer
        context["filters"] = SpendingFilters(request.GET, Announcement.objects.none())
    else:
        context |= spending_context(answer, request.GET)
    return render(request, "investments/charts/room.html", context)


def spending_context(answer: Spending, query: QueryDict) -> dict[str, Any]:
    """Return what the templates need to show a spending chart and its table."""
    split = answer.filters.reading("split")
    name = segment_labels(split, answer.series.segments)
    amount_of = {(row.period, row.segment): row.amount for row in answer.series.rows}
    return {
        "spending": answer,
        "filters": answer.filters,
        "selection": answer.filters.selection(),
        "data_url": address(reverse("chart-data", args=["spending"]), query),
        "segments": [name(segment) for segment in answer.series.segments],
        "table": [
            (period, [amount_of.get((period, segment), Decimal(0)) for segment in answer.series.segments])
            for period in reversed(answer.series.periods)
        ],
    }


CHARTS = {"spending": spending_json}


def chart_data(request: HttpRequest, name: str) -> HttpResponse:
    """Answer the data of one chart; 404 names the charts there are."""
    if name not in CHARTS:
        known = ", ".join(CHARTS)
        message = _("There is no chart “%(name)s”. Known: %(known)s.") % {"name": name, "known": known}
        return JsonResponse({"errors": {"name": [message]}}, status=404)
    return CHARTS[name](request)
