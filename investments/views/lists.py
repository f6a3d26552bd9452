"""The lists, each a declaration to the list machine."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.companies import COMPANIES
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.resources.projects import PROJECTS, SHOWS
from investments.views.charts import places
from investments.views.charts.frame import PAGING, Hung, without
from investments.views.charts.rooms import hung, hung_drawn
from investments.views.forecasts import so_far
from investments.views.listing import list_page, swaps
from investments.views.sites import impacts_context

# What narrows the figures of the page of impacts and is nothing to its chart, which is of sites.
OF_FIGURES = ("project", "basis", "after", "before")


def announcements(request: HttpRequest) -> HttpResponse:
    """``/announcements/``: the ledger, newest first."""
    return list_page(request, ANNOUNCEMENTS)


def deals(request: HttpRequest) -> HttpResponse:
    """``/deals/``."""
    return list_page(request, DEALS)


def companies(request: HttpRequest) -> HttpResponse:
    """``/companies/``."""
    return list_page(request, COMPANIES)


def projects(request: HttpRequest) -> HttpResponse:
    """``/projects/``: the sites as a table, or all of the selection on a map."""
    filters = PROJECTS.filter(request.GET)
    show = filters.cleaned.get("show") or SHOWS[0]
    on_map = list(filters.rows.order_by("sort_name", "pk")) if show == "map" else []
    chart = _map(on_map, request.GET) if on_map else None
    return list_page(request, PROJECTS, show=show, shows=SHOWS, places=on_map, hung=chart)


def _map(sites: list[Any], query: QueryDict) -> Hung:
    """Return the map of the sites that the page names below it."""
    asked = without(query, "show", *PAGING)
    largest_first = sorted(sites, key=lambda site: (site.planned_mw is None, -(site.planned_mw or 0)))
    # The rows behind it are on the page.
    return hung_drawn("map", places.drawn_of(largest_first, asked), asked).saying(behind="")


def forecasts(request: HttpRequest) -> HttpResponse:
    """``/forecasts/``: market-wide estimates, money and physical units apart, beside what is announced."""
    return list_page(request, FORECASTS, **so_far(), hung=hung("forecasts", without(request.GET, *PAGING)))


def impacts(request: HttpRequest) -> HttpResponse:
    """``/impacts/``: each metric's latest figures across sites, and how many sites disclose it."""
    template = "investments/impacts/_results.html" if swaps(request) else "investments/impacts/page.html"
    return render(request, template, {**impacts_context(request), "hung": _impacts(request.GET)})


def _impacts(query: QueryDict) -> Hung | None:
    """Return the chart of the sites that a query of figures selects, and what of the query it does not follow."""
    chart = hung("impacts", without(query, "units", *OF_FIGURES, *PAGING))
    if chart is None or not any(query.get(name) for name in OF_FIGURES):
        return chart
    note = _(
        "The chart takes the latest figures of all sites of the selection: site, basis and days narrow only the figures below it."
    )
    return chart.saying(notes=[*chart.drawn.notes, note])
