"""The lists, each a declaration to the list machine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from investments.choices import ImpactMetric
from investments.models import DataCenterProject, Impact
from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.companies import COMPANIES
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.resources.projects import PROJECTS
from investments.views.listing import list_page


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
    """``/projects/``."""
    return list_page(request, PROJECTS)


def forecasts(request: HttpRequest) -> HttpResponse:
    """``/forecasts/``: market-wide estimates."""
    return list_page(request, FORECASTS)


def impacts(request: HttpRequest) -> HttpResponse:
    """``/impacts/``: each metric's figures across sites, and how many sites disclose it."""
    rows = (
        Impact.objects.published()
        .select_related("project", "source")
        .order_by("metric", "-value_high", "-value_low", "pk")
    )
    by_metric: dict[str, list[Impact]] = {}
    for row in rows:
        by_metric.setdefault(row.metric, []).append(row)
    groups = [
        (metric.value, by_metric[metric.value], len({row.project_id for row in by_metric[metric.value]}))
        for metric in ImpactMetric
        if metric.value in by_metric
    ]
    sites = DataCenterProject.objects.public().count()
    return render(request, "investments/impacts.html", {"groups": groups, "sites": sites})
