"""What the page of a site and the page of impacts show: figures, steps, money and what is near."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import CharField, F, Func, QuerySet, Value
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from investments.choices import MilestoneKind
from investments.ledger.disclosures import Intensity, disclosed, intensities, latest
from investments.models import Announcement, DataCenterProject, Impact, Milestone
from investments.models.project import ProjectQuerySet
from investments.resources.deals import DEALS
from investments.resources.projects import PROJECTS, money_alone, with_milestones
from investments.resources.sites import IMPACTS, ImpactPageFilters, SitePageFilters
from investments.units import SYSTEMS
from investments.views.chips import chips
from investments.views.listing import deals_of, foot
from investments.views.panel import kept, panel

# How far a neighbouring site may be, in kilometres, and how many are listed.
NEAR, NEIGHBOURS = 100, 20
# Figures listed for each metric; all of them are in the exports.
FIGURES = 10
# Steps before anything is in service, and those that bring something into service.
COMING = (MilestoneKind.ANNOUNCED, MilestoneKind.PERMIT, MilestoneKind.CONSTRUCTION_START)
SERVING = (MilestoneKind.FIRST_POWER, MilestoneKind.OPERATIONAL)
CONTESTED = (MilestoneKind.OPPOSITION, MilestoneKind.LAWSUIT, MilestoneKind.RULING)


@dataclass(frozen=True)
class Step:
    """A milestone as the timeline shows it: the status that it leads to, where it changes, and whether it is to come."""

    milestone: Milestone
    status: str
    ahead: bool


def steps_of(site: DataCenterProject, day: date) -> list[Step]:
    """Return the published milestones in their order; those after ``day`` are ahead."""
    after = Func(
        F("project"), F("date"), Value(site.planned_mw), Value(None, CharField()), function="tracker_site_status",
        output_field=CharField(),
    )  # fmt: skip
    rows = Milestone.objects.published().filter(project=site).select_related("source").annotate(after=after)
    found = list(rows.order_by("date", "pk"))
    made, before = [], ""
    for row, following in zip(found, [*found, None][1:], strict=True):
        # What several milestones of one date lead to stands beside the last of them.
        now = (row.after or "") if following is None or following.date != row.date else before
        made.append(Step(row, now if now not in (before, row.kind) else "", row.date > day))
        before = now
    return made


def growth_of(steps: Sequence[Step]) -> list[tuple[Step, Decimal | None]]:
    """Return the steps that change what is known of the megawatts in service, each with these megawatts.

    Nothing is in service before the first step that brings something; from such a step without a figure on it is not
    known (None). A closed site has nothing unless it says so.
    """
    found: list[tuple[Step, Decimal | None]] = []
    stated = False
    # Of several figures of one date the highest holds (ledger/sql/sites.sql).
    for step in sorted(steps, key=lambda one: (one.milestone.date, one.milestone.mw or 0)):
        one = step.milestone
        if one.mw is not None or one.kind == MilestoneKind.CLOSED:
            found.append((step, one.mw or Decimal(0)))
            stated = True
        elif not found and one.kind in COMING:
            found.append((step, Decimal(0)))
        elif one.kind in SERVING and not stated:
            found.append((step, None))
    return found


def site_context(site: DataCenterProject, asked: SitePageFilters) -> dict[str, Any]:
    """Return what the page of a site takes, beside the site itself."""
    on = asked.cleaned.get("on")
    steps = steps_of(site, on or timezone.now().date())
    facts = list(Impact.objects.published().filter(project=site).select_related("source", "project").order_by("pk"))
    energy = list(site.energy.published().select_related("source").order_by("-as_of", "pk"))
    announcements = list(
        Announcement.objects.published().filter(project=site).prefetch_related("citations__source").order_by("date", "key")
    )  # fmt: skip
    deals, covering = deals_of(f"project={site.slug}&include=rumoured", "-headline_usd")
    stated: list[Any] = [*(step.milestone for step in steps), *facts, *energy]
    cited = [citation.source for row in announcements for citation in row.citations.all()]
    return {
        "site": site,
        "on": on,
        "units": asked.cleaned.get("units") or SYSTEMS[0],
        "systems": SYSTEMS,
        "problems": asked.problems,
        "query": asked.data,
        "steps": steps,
        "growth": [step for step in steps if step.milestone.mw is not None],
        "contested": [step.milestone for step in steps if step.milestone.kind in CONTESTED],
        "figures": [figure for metric in disclosed(facts) for figure in metric.figures],
        "intensities": intensities(site, latest(facts)),
        "energy": energy,
        "announcements": announcements,
        "deals": deals,
        "deal_columns": [column for column in DEALS.usual if column.name != "steps"],
        "covering": covering,
        "foot": foot(DEALS.filter(QueryDict(f"project={site.slug}")).selection()),
        "neighbours": cast(ProjectQuerySet, with_milestones()).near(site, NEAR)[:NEIGHBOURS],
        "near": NEAR,
        "sources": list(dict.fromkeys([*(fact.source for fact in stated if fact.source), *cited])),
    }


def site_on(slug: str, on: date | None) -> QuerySet:
    """Return the site of that name with what holds on a day."""
    return PROJECTS.page(with_milestones(on).annotate(**money_alone())).filter(slug=slug)


def impacts_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the page of impacts takes."""
    resource = replace(IMPACTS, filterset=ImpactPageFilters)
    filters = resource.filter(request.GET)
    assert isinstance(filters, ImpactPageFilters)
    facts = list(resource.page(filters.rows).order_by("pk"))
    sites = filters.sites.count() if not filters.problems else 0
    controls = panel(resource, filters, request.path)
    groups = disclosed(facts)
    return {
        "resource": resource,
        "filters": filters,
        "problems": filters.problems,
        "query": request.GET,
        "chips": chips(resource, filters, request.GET),
        "controls": controls,
        "kept": kept(controls, request.GET),
        "units": filters.cleaned.get("units") or SYSTEMS[0],
        "systems": SYSTEMS,
        "groups": groups,
        "figures_shown": FIGURES if len(groups) > 1 else None,
        "facts": len(facts),
        "sites": sites,
        "intensities": [] if filters.problems else _per_site(filters, facts),
    }


def _per_site(filters: ImpactPageFilters, facts: list[Impact]) -> list[tuple[str, list[Intensity]]]:
    """Return the intensities of the selected sites, by what they divide, the highest first."""
    of_site: dict[int, list[Impact]] = {}
    for fact in facts:
        of_site.setdefault(fact.project_id, []).append(fact)
    named: dict[str, list[Intensity]] = {}
    for site in filters.sites.annotate(**money_alone()).order_by("sort_name", "pk"):
        for one in intensities(site, latest(of_site.get(site.pk, []))):
            named.setdefault(one.name, []).append(one)
    return [(name, sorted(rows, key=lambda one: -one.high)) for name, rows in named.items()]
