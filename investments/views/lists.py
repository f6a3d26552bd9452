"""The lists, each a declaration to the list machine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.companies import COMPANIES
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.resources.projects import PROJECTS, SHOWS
from investments.views.forecasts import so_far
from investments.views.listing import list_page, swaps
from investments.views.sites import impacts_context


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
    return list_page(request, PROJECTS, show=show, shows=SHOWS, places=on_map)


def forecasts(request: HttpRequest) -> HttpResponse:
    """``/forecasts/``: market-wide estimates, money and physical units apart, beside what is announced."""
    return list_page(request, FORECASTS, **so_far())


def impacts(request: HttpRequest) -> HttpResponse:
    """``/impacts/``: each metric's latest figures across sites, and how many sites disclose it."""
    template = "investments/impacts/_results.html" if swaps(request) else "investments/impacts/page.html"
    return render(request, template, impacts_context(request))
