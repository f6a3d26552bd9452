"""The overview."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from investments.choices import ImpactMetric, Layer
from investments.ledger import totals
from investments.ledger.flows import largest_flows
from investments.ledger.horizons import SoFar
from investments.ledger.selection import Selection, containers_in_force
from investments.models import Company, Deal, Impact
from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.views.about import known, tour
from investments.views.charts.frame import Drawn
from investments.views.charts.registry import CHARTS
from investments.views.charts.rooms import drawn_context, foot_of
from investments.views.forecasts import so_far
from investments.views.structured import dataset

# Pairs of companies of "who pays whom, in short".
MOST_BETWEEN = 7


def overview(request: HttpRequest) -> HttpResponse:
    """``/``: what has been announced, by layer, and the ways on."""
    drawn = CHARTS["spending"].read(QueryDict())
    assert isinstance(drawn, Drawn)
    selection = DEALS.filter(QueryDict()).selection()
    beside = so_far()
    context = {
        "foot": foot_of(drawn, selection),
        "followed": totals.follow_through(selection),
        "latest": _latest(),
        "largest": _largest(),
        "numbers": _numbers(beside["so_far"]),
        "between": _between(selection),
        "expected": _expected(),
        "disclosed": _disclosed(),
        **beside,
        "query": QueryDict(),
        "dataset": dataset(request),
        **tour(request),
        **drawn_context(CHARTS["spending"], drawn, QueryDict()),
    }
    return render(request, "investments/overview.html", context)


def _latest() -> dict[str, Any]:
    """Return the newest announcements and what each added."""
    filters = ANNOUNCEMENTS.filter(QueryDict())
    rows = list(ANNOUNCEMENTS.page(ANNOUNCEMENTS.ordered(filters.rows, "-date"))[:6])
    selection = filters.selection()
    return {
        "rows": rows,
        "columns": ANNOUNCEMENTS.usual,
        "increments": totals.amounts_of(selection, [row.pk for row in rows]),
        "covering": containers_in_force(selection, [row.deal_id for row in rows if row.deal_id]),
    }


def _largest() -> list[Deal]:
    """Return the largest deals of the build layer that are counted."""
    counted = DEALS.filter(QueryDict("layer=build")).selection().counted
    return list(DEALS.ordered(counted.filter(headline_usd__gt=0), "-headline_usd")[:7])


def _numbers(beside: SoFar) -> dict[str, Any]:
    """Return how much the tracker knows, and the megawatts of all sites."""
    served, planned = beside.power()
    return {**known(), "planned_mw": planned, "in_service_mw": served, "layers": list(Layer)}


def _between(selection: Selection) -> list[dict[str, Any]]:
    """Return the companies between which most money goes, and the segments of the rows that make it up."""
    largest = largest_flows(selection, MOST_BETWEEN)
    slugs = {slug for payer, payee, _amount in largest for slug in (payer, payee)}
    names = dict(Company.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return [
        {"payer": names[payer], "payee": names[payee], "amount": amount, "slices": [f"payer:{payer}", f"payee:{payee}"]}
        for payer, payee, amount in largest
    ]


def _expected() -> dict[str, Any]:
    """Return the newest estimates in US dollars that name a year."""
    rows = FORECASTS.page(FORECASTS.queryset().filter(unit__in=("USD", "USD/year"), horizon_end__isnull=False))
    wanted = ("headline", "forecaster", "amount", "horizon_end", "so_far")
    return {
        "rows": list(FORECASTS.ordered(rows, "-published_on")[:4]),
        "columns": [column for column in FORECASTS.columns if column.name in wanted],
    }


def _disclosed() -> list[tuple[ImpactMetric, int]]:
    """Return how many sites disclose each metric, the most disclosed first."""
    sites = Impact.objects.published().values_list("metric").annotate(number=Count("project", distinct=True))
    return [(ImpactMetric(metric), number) for metric, number in sites.order_by("-number", "metric")]
