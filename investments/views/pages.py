"""The overview and the search page."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from investments.choices import Layer
from investments.ledger import totals
from investments.ledger.selection import containers_in_force
from investments.models import Announcement, Company, DataCenterProject, Deal, Impact
from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.companies import with_counts
from investments.resources.deals import DEALS
from investments.resources.projects import with_milestones
from investments.search import matches, words_of
from investments.views.charts import Spending, read_spending, spending_context
from investments.views.listing import foot

FOUND_PER_GROUP = 20


def overview(request: HttpRequest) -> HttpResponse:
    """``/``: what has been announced, by layer, and the ways on."""
    query = QueryDict("by=quarter&split=layer")
    spending = read_spending(query)
    assert isinstance(spending, Spending)
    selection = DEALS.filter(QueryDict()).selection()
    context = {
        "foot": foot(selection),
        "followed": totals.follow_through(selection),
        "latest": _latest(),
        "largest": _largest(),
        "numbers": _numbers(),
        "query": QueryDict(),
        **spending_context(spending, query),
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


def search(request: HttpRequest) -> HttpResponse:
    """``/search/?q=``: companies, deals, sites and announcements that hold every word."""
    text = request.GET.get("q", "").replace("\x00", "")
    groups = []
    if words_of(text):
        companies = with_counts().filter(matches("search", text)).order_by("-deal_count", "pk")
        deals = Deal.objects.public().filter(matches("document__search", text))
        sites = DataCenterProject.objects.public().filter(matches("search", text)).order_by("sort_name", "pk")
        announcements = Announcement.objects.published().filter(matches("search", text)).order_by("-date", "-pk")
        groups = [
            ("companies", _("Companies"), companies[:FOUND_PER_GROUP]),
            ("deals", _("Deals"), DEALS.ordered(deals, "-headline_usd")[:FOUND_PER_GROUP]),
            ("projects", _("Data centers"), sites[:FOUND_PER_GROUP]),
            ("announcements", _("Announcements"), announcements.select_related("deal", "project")[:FOUND_PER_GROUP]),
        ]
    found = [(name, title, list(rows)) for name, title, rows in groups]
    context = {"text": text, "groups": [group for group in found if group[2]], "per_group": FOUND_PER_GROUP}
    return render(request, "investments/search.html", context)
