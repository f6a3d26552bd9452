"""One deal, one company, one site, one forecast."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from investments.choices import PAYEE_ROLES, PAYER_ROLES, Noun
from investments.conflicts import contradictions
from investments.history import public_log
from investments.models import Announcement, Company, DataCenterProject, Deal, Forecast
from investments.resources.companies import with_counts
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.resources.sites import SitePageFilters
from investments.views.charts.sides import sides_of
from investments.views.charts.sites import hung_growth
from investments.views.charts.steps import hung_steps
from investments.views.forecasts import contradicting, so_far
from investments.views.former import with_former_slugs
from investments.views.listing import deals_of
from investments.views.sites import site_context, site_on


def cited(rows: list[Announcement]) -> list[Any]:
    """Return the sources of the announcements, each once, in the order in which they are first cited."""
    return list(dict.fromkeys(citation.source for row in rows for citation in row.citations.all()))


@with_former_slugs(Noun.DEAL)
def deal(request: HttpRequest, slug: str) -> HttpResponse:
    """``/deals/<slug>/``: a deal's announcements, parties, containers and parts, sources and conflicts."""
    row = get_object_or_404(Deal.objects.public().prefetch_related("parties__company"), slug=slug)
    announcements = list(
        row.announcements.published()
        .select_related("entry")
        .prefetch_related("citations__source")
        .order_by("date", "key")
    )
    context = {
        "deal": row,
        "announcements": announcements,
        "conflicts": contradictions(announcements),
        "payers": [party for party in row.parties.all() if party.role in PAYER_ROLES],
        "payees": [party for party in row.parties.all() if party.role in PAYEE_ROLES],
        "others": [party for party in row.parties.all() if party.role not in (*PAYER_ROLES, *PAYEE_ROLES)],
        "containers": [link.container for link in row.containers.all() if link.container.is_public],
        "parts": Deal.objects.public().filter(part_of=row).order_by("-headline_usd", "slug"),
        "sites": row.projects.order_by("sort_name"),
        "sources": cited(announcements),
        "changes": public_log(row),
        "hung": hung_steps(row, announcements),
    }
    return render(request, "investments/deals/detail.html", context)


@with_former_slugs(Noun.COMPANY)
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """``/companies/<slug>/``: money out and in by layer, deals, sites."""
    row = get_object_or_404(with_counts().select_related("parent"), slug=slug)
    deals, covering = deals_of(f"company={slug}&include=rumoured", "-first_announced")
    context = {
        "company": row,
        "sides": sides_of(row),
        "deals": deals,
        "deal_columns": DEALS.usual,
        "covering": covering,
        "sites": row.project_parties.filter(project__in=DataCenterProject.objects.public())
        .select_related("project")
        .order_by("project__sort_name", "role"),
        "forecasts": row.forecasts.published(),
        "subsidiaries": Company.objects.public().filter(parent=row),
    }
    return render(request, "investments/companies/detail.html", context)


@with_former_slugs(Noun.PROJECT)
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """``/projects/<slug>/``: a site's steps, figures, parties, money, neighbours and sources."""
    asked = SitePageFilters(request.GET, DataCenterProject.objects.none())
    site = get_object_or_404(site_on(slug, asked.cleaned.get("on")))
    context = site_context(site, asked)
    day, query = asked.cleaned.get("on") or timezone.now().date(), QueryDict() if asked.problems else request.GET
    context["hung"] = hung_growth(site, context["steps"], day, query)
    return render(request, "investments/projects/detail.html", context)


@with_former_slugs(Noun.FORECAST)
def forecast(request: HttpRequest, slug: str) -> HttpResponse:
    """``/forecasts/<slug>/``: one estimate, the figures that contradict it, and what is announced for its years."""
    row = get_object_or_404(FORECASTS.page(Forecast.objects.published()), slug=slug)
    known = so_far()
    context = {"forecast": row, "against": contradicting(row), "beside": known["so_far"].of(row), **known}
    return render(request, "investments/forecasts/detail.html", context)
