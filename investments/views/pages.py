"""The overview."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from investments.choices import Layer
from investments.ledger import totals
from investments.ledger.selection import containers_in_force
from investments.models import Announcement, Company, Deal, Impact
from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.deals import DEALS
from investments.resources.projects import with_milestones
from investments.views.about import tour
from investments.views.charts.frame import Drawn
from investments.views.charts.registry import CHARTS
from investments.views.charts.rooms import drawn_context
from investments.views.listing import foot
from investments.views.structured import dataset


def overview(request: HttpRequest) -> HttpResponse:
    """``/``: what has been announced, by layer, and the ways on."""
    drawn = CHARTS["spending"].read(QueryDict())
    assert isinstance(drawn, Drawn)
    selection = DEALS.filter(QueryDict()).selection()
    context = {
        "foot": foot(selection),
        "followed": totals.follow_through(selection),
        "latest": _latest(),
        "largest": _largest(),
        "numbers": _numbers(),
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


def _numbers() -> dict[str, Any]:
    """Return how much the tracker knows."""
    sites = list(with_milestones().values_list("planned_mw", "in_service_mw"))
    disclosing = Impact.objects.published().filter(metric="water_m3_per_year").values("project").distinct().count()
    return {
        "announcements": Announcement.objects.published().count(),
        "deals": Deal.objects.public().count(),
        "companies": Company.objects.public().count(),
        "sites": len(sites),
        "planned_mw": sum(planned or 0 for planned, served in sites),
        "in_service_mw": sum(served or 0 for planned, served in sites),
        "water_sites": disclosing,
        "layers": list(Layer),
    }
