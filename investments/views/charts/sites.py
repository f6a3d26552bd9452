"""The charts of one site: its megawatts over time, and where it lies."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from investments.charts import growth, places
from investments.charts.growth import Level
from investments.models import DataCenterProject
from investments.resources.sites import SitePageFilters
from investments.templatetags.display import label
from investments.templatetags.display import period as written_period
from investments.views.charts.frame import megawatts
from investments.views.charts.places import place_of
from investments.views.charts.words import power
from investments.views.problems import bad_query
from investments.views.sites import growth_of, site_on, steps_of


def site_growth(request: HttpRequest, slug: str) -> HttpResponse:
    """``/projects/<slug>/growth.json``: what is in service and planned, on a day where ``on`` names one."""
    asked = SitePageFilters(request.GET, DataCenterProject.objects.none())
    if asked.problems:
        return bad_query(asked.problems)
    day = asked.cleaned.get("on") or timezone.now().date()
    site = get_object_or_404(site_on(slug, day))
    steps = steps_of(site, day)
    found = growth_of(steps)
    levels = [Level(step.milestone.date, level, _told(step, level), step.ahead) for step, level in found]
    figure = growth.figure(
        levels, site.planned_mw, power=power, served=_("In service"), expected=_("Expected"), plan=_("Planned"),
        since=min([*(step.milestone.date for step in steps), day]), until=day,
    )  # fmt: skip
    rows = [
        {"date": str(step.milestone.when), "kind": step.milestone.kind, "mw": megawatts(level), "expected": step.ahead}
        for step, level in found
    ]
    return JsonResponse({"unit": "MW", "planned": megawatts(site.planned_mw), "in_service": rows, "figure": figure})


def site_place(request: HttpRequest, slug: str) -> JsonResponse:
    """``/projects/<slug>/place.json``: a small map of where a site lies."""
    site = get_object_or_404(site_on(slug, None))
    if site.latitude is None or site.longitude is None:
        raise Http404
    return JsonResponse({
        "slug": site.slug, "latitude": str(site.latitude), "longitude": str(site.longitude),
        "location_precision": site.location_precision, "figure": places.alone(place_of(site)),
    })  # fmt: skip


def _told(step: Any, level: Any) -> str:
    """Say what a step changes, when."""
    said = _("in service: not told") if level is None else _("%(power)s in service") % {"power": power(level)}
    return f"{label(step.milestone.kind, 'milestone')}, {written_period(step.milestone.when)}<br>{said}"
