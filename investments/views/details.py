"""One deal, one company, one site, one forecast."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from investments.choices import PAYEE_ROLES, PAYER_ROLES, Noun
from investments.history import public_log
from investments.ledger.selection import containers_in_force
from investments.models import (
    Announcement,
    Company,
    DataCenterProject,
    Deal,
    DealContainment,
    Forecast,
    Impact,
    Milestone,
    ProjectEnergy,
)
from investments.resources.companies import with_counts
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.resources.projects import PROJECTS, with_milestones
from investments.views.former import with_former_slugs
from investments.views.listing import foot

# Rows of the list of deals on another noun's page; the whole list is one click away.
DEALS_SHOWN = 50


def cited(rows: list[Announcement]) -> list[Any]:
    """Return the sources of the announcements, each once, in the order in which they are first cited."""
    return list(dict.fromkeys(citation.source for row in rows for citation in row.citations.all()))


def deals_of(query: str, sort: str) -> tuple[list[Deal], dict[int, DealContainment]]:
    """Return the first deals of a query in an order, and what covers those that are not added."""
    filters = DEALS.filter(QueryDict(query))
    rows = list(DEALS.page(DEALS.ordered(filters.rows, sort))[:DEALS_SHOWN])
    return rows, containers_in_force(filters.selection(), [row.pk for row in rows])


@with_former_slugs(Noun.DEAL)
def deal(request: HttpRequest, slug: str) -> HttpResponse:
    """``/deals/<slug>/``: a deal's announcements, parties, containers and parts, sources and conflicts."""
    row = get_object_or_404(DEALS.page(Deal.objects.public()), slug=slug)
    announcements = list(
        row.announcements.published()
        .select_related("entry")
        .prefetch_related("citations__source")
        .order_by("date", "key")
    )
    context = {
        "deal": row,
        "announcements": announcements,
        "conflicts": [one for one in announcements if one.event == "disputed"],
        "payers": [party for party in row.parties.all() if party.role in PAYER_ROLES],
        "payees": [party for party in row.parties.all() if party.role in PAYEE_ROLES],
        "others": [party for party in row.parties.all() if party.role not in (*PAYER_ROLES, *PAYEE_ROLES)],
        "containers": [link.container for link in row.containers.all() if link.container.is_public],
        "parts": Deal.objects.public().filter(part_of=row).order_by("-headline_usd", "slug"),
        "sites": row.projects.order_by("sort_name"),
        "sources": cited(announcements),
        "changes": public_log(row),
    }
    return render(request, "investments/deals/detail.html", context)


@with_former_slugs(Noun.COMPANY)
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """``/companies/<slug>/``: money out and in by layer, deals, sites."""
    row = get_object_or_404(with_counts().select_related("parent"), slug=slug)
    sides = {}
    for side in ("payer", "payee"):
        query = QueryDict(f"{side}={slug}&slice={side}:{slug}")
        sides[side] = (query.urlencode(safe=":"), foot(DEALS.filter(query).selection()))
    deals, covering = deals_of(f"company={slug}&include=rumoured", "-first_announced")
    context = {
        "company": row,
        "sides": sides,
        "deals": deals,
        "deal_columns": DEALS.usual,
        "covering": covering,
        "sites": row.project_parties.filter(project__in=DataCenterProject.objects.public()).select_related("project"),
        "forecasts": row.forecasts.published(),
        "subsidiaries": Company.objects.public().filter(parent=row),
    }
    return render(request, "investments/companies/detail.html", context)


@with_former_slugs(Noun.PROJECT)
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """``/projects/<slug>/``: a site's milestones, figures, parties, money and sources."""
    site = get_object_or_404(PROJECTS.page(with_milestones()), slug=slug)
    milestones = list(
        Milestone.objects.published().filter(project=site).select_related("source").order_by("date", "pk")
    )
    impacts = list(
        Impact.objects.published().filter(project=site).select_related("source").order_by("metric", "as_of", "pk")
    )
    energy = list(
        ProjectEnergy.objects.published().filter(project=site).select_related("source").order_by("as_of", "pk")
    )
    announcements = list(
        Announcement.objects.published()
        .filter(project=site)
        .prefetch_related("citations__source")
        .order_by("date", "key")
    )
    by_metric: dict[str, list[Impact]] = defaultdict(list)
    for impact in impacts:
        by_metric[impact.metric].append(impact)
    selection = DEALS.filter(QueryDict(f"project={slug}")).selection()
    deals, covering = deals_of(f"project={slug}&include=rumoured", "-headline_usd")
    facts: list[Any] = [*milestones, *impacts, *energy]
    sources = dict.fromkeys([fact.source for fact in facts if fact.source] + cited(announcements))
    context = {
        "site": site,
        "milestones": milestones,
        "impacts": dict(by_metric),
        "energy": energy,
        "announcements": announcements,
        "deals": deals,
        "deal_columns": DEALS.usual,
        "covering": covering,
        "foot": foot(selection),
        "sources": list(sources),
    }
    return render(request, "investments/projects/detail.html", context)


@with_former_slugs(Noun.FORECAST)
def forecast(request: HttpRequest, slug: str) -> HttpResponse:
    """``/forecasts/<slug>/``: one estimate, and the figures that contradict it."""
    row = get_object_or_404(FORECASTS.page(Forecast.objects.published()), slug=slug)
    return render(request, "investments/forecasts/detail.html", {"forecast": row, "against": contradicting(row)})


def contradicting(row: Forecast) -> list[Forecast]:
    """Return the published forecasts tied to this one by a dispute, either way."""
    return list(dict.fromkeys([*row.disputes.all(), *row.disputed_by.all()]))
