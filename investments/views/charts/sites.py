"""The charts of one site: its megawatts over time, and where it lies."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from investments.charts import growth, places
from investments.charts.growth import Level
from investments.models import DataCenterProject
from investments.resources.sites import SitePageFilters
from investments.templatetags.display import address, label, percent
from investments.templatetags.display import period as written_period
from investments.views.charts.frame import Cell, Drawn, Head, Hung, Sheet, Table, megawatts
from investments.views.charts.places import place_of
from investments.views.charts.sheets import csv_of
from investments.views.charts.words import power, publishers, sourced, unbroken
from investments.views.problems import bad_query
from investments.views.sites import Step, growth_of, site_on, steps_of

# The steps that change what is known of the megawatts in service, each with these megawatts.
Growth = Sequence[tuple[Step, Decimal | None]]


def site_growth(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """``/projects/<slug>/growth.json``, ``.csv``: what is in service and planned, on a day where ``on`` names one."""
    asked = SitePageFilters(request.GET, DataCenterProject.objects.none())
    if asked.problems:
        return bad_query(asked.problems)
    day = asked.cleaned.get("on") or timezone.now().date()
    site = get_object_or_404(site_on(slug, day))
    drawn = growth_drawn(site, steps_of(site, day), day)
    if form == "csv":
        return csv_of(drawn.sheet, f"{slug}-growth")
    return JsonResponse({**drawn.answer, "figure": drawn.figure})


def hung_growth(site: DataCenterProject, steps: Sequence[Step], day: date, query: QueryDict) -> Hung | None:
    """Return the chart for the page of a site; None where neither a plan nor anything in service is known."""
    if not any(level or (level == 0 and site.planned_mw) for _step, level in growth_of(steps)):
        return None
    data, csv = (
        address(reverse("project-growth", args=[site.slug, form]), query, units=None) for form in ("json", "csv")
    )
    return Hung("growth", growth_drawn(site, steps, day), data, csv)


def growth_drawn(site: DataCenterProject, steps: Sequence[Step], day: date) -> Drawn:
    """Return the chart of a site's megawatts as they are told by ``day``."""
    found = growth_of(steps)
    levels = [Level(step.milestone.date, level, _told(step, level), step.ahead, _spot(step)) for step, level in found]
    return Drawn(
        title=_("%(site)s: megawatts planned and in service over time") % {"site": site.name},
        subtitle=_("In service is what the latest dated milestone states; a gap is not known, what lies ahead is dashed. The plan is the one of today."),
        finding=_finding(site, found),
        figure=growth.figure(
            levels, site.planned_mw, power=power, served=_("In service"), expected=_("Expected"), plan=_("Planned"),
            since=min([*(step.milestone.date for step in steps), day]), until=day,
        ),
        table=_table(site, found),
        sheet=Sheet(("date", "kind", "mw", "expected", "planned_mw", "source"), [
            (*_row(step, level).values(), megawatts(site.planned_mw), step.milestone.source.url if step.milestone.source else "")
            for step, level in found
        ]),
        answer={
            "unit": "MW", "planned": megawatts(site.planned_mw), "in_service": [_row(step, level) for step, level in found],
        },
    )  # fmt: skip


def _row(step: Step, level: Decimal | None) -> dict[str, Any]:
    """Return a step as chart data has it."""
    one = step.milestone
    return {"date": str(one.when), "kind": one.kind, "mw": megawatts(level), "expected": step.ahead}


def _spot(step: Step) -> str:
    """Return where the page of the site shows a milestone."""
    return f"#milestone-{step.milestone.pk}"


def _finding(site: DataCenterProject, found: Growth) -> str:
    """Say what is in service of what is planned, and what is expected last."""
    past, ahead = [pair for pair in found if not pair[0].ahead], [pair for pair in found if pair[0].ahead]
    now = past[-1][1] if past else Decimal(0)
    if now is None:
        told = [_("How much is in service is not told.")]
    elif site.planned_mw:
        told = [_("%(served)s are in service, %(share)s of %(planned)s planned.") % {
            "served": power(now), "share": percent(now, site.planned_mw), "planned": power(site.planned_mw)}]  # fmt: skip
    else:
        told = [_("%(served)s are in service; no plan in megawatts is disclosed.") % {"served": power(now)}]
    if ahead and ahead[-1][1] is not None:
        step, level = ahead[-1]
        told.append(_("%(power)s are expected by %(day)s.") % {"power": power(level), "day": written_period(step.milestone.when)})  # fmt: skip
    return " ".join(told)


def _table(site: DataCenterProject, found: Growth) -> Table:
    """Return the steps of the chart in their order; each leads to its milestone on the page."""

    def kind(step: Step) -> str:
        said = str(label(step.milestone.kind, "milestone"))
        return f"{said} ({_('expected')})" if step.ahead else said

    return Table(
        caption=_("Against %(planned)s planned") % {"planned": power(site.planned_mw)} if site.planned_mw
        else _("No plan in megawatts is disclosed"),
        heads=[
            Head(_("Date"), number=False), Head(_("In service")), Head(_("Of the plan")),
            Head(_("Milestone"), number=False), Head(_("Source"), number=False),
        ],
        rows=[
            [
                Cell(unbroken(step.milestone.when), _spot(step), number=False),
                Cell(_("not told") if level is None else power(level)),
                Cell("–" if level is None else percent(level, site.planned_mw)),
                Cell(kind(step), number=False), Cell(publishers([step.milestone.source]), number=False),
            ]
            for step, level in found
        ],
    )  # fmt: skip


def site_place(request: HttpRequest, slug: str) -> JsonResponse:
    """``/projects/<slug>/place.json``: a small map of where a site lies."""
    site = get_object_or_404(site_on(slug, None))
    if site.latitude is None or site.longitude is None:
        raise Http404
    return JsonResponse({
        "slug": site.slug, "latitude": str(site.latitude), "longitude": str(site.longitude),
        "location_precision": site.location_precision, "figure": places.alone(place_of(site)),
    })  # fmt: skip


def _told(step: Step, level: Decimal | None) -> str:
    """Say what a step changes, when, and who says so."""
    said = _("in service: not told") if level is None else _("%(power)s in service") % {"power": power(level)}
    told = f"{label(step.milestone.kind, 'milestone')}, {written_period(step.milestone.when)}<br>{said}"
    return sourced(told, [step.milestone.source])
