"""Milestones and impacts of sites, and the sources of facts: lists that programs read."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from investments.choices import EnergyKind, ImpactBasis, ImpactMetric, MilestoneKind, ProjectRole, ProjectStatus
from investments.iso import COUNTRY_CODES
from investments.models import Company, DataCenterProject, Impact, Milestone, Source
from investments.resources.base import Column, PagingFilters, PlainChoice, Resource, StrictFilterSet, sort_choices
from investments.resources.expressions import period_text
from investments.resources.money import Choices, Codes, Day, Slugs, Words
from investments.resources.projects import Megawatts, sites_that, with_milestones
from investments.units import SYSTEMS

MILESTONE_COLUMNS = (
    Column("project", _("Site"), "text", "project__slug", sort="project__sort_name", always=True),
    Column("date", _("Date"), "period", period_text("date"), sort="date", always=True),
    Column("kind", _("Kind"), "choice", sort="kind", always=True),
    Column("mw", _("In service after it, MW"), "power", sort="mw"),
    Column("note", _("Note")),
    Column("note_fr", _("Note in French")),
    Column("source", _("Source"), "text", "source__url"),
)
IMPACT_COLUMNS = (
    Column("project", _("Site"), "text", "project__slug", sort="project__sort_name", always=True),
    Column("metric", _("Metric"), "choice", sort="metric", always=True),
    Column("as_of", _("As of"), "period", period_text("as_of"), sort="as_of", always=True),
    Column("value_low", _("Value, low"), "number", sort="value_low"),
    Column("value_high", _("Value, high"), "number", sort="value_high"),
    Column("unit", _("Unit")),
    Column("basis", _("Basis"), "choice"),
    Column("note", _("Note")),
    Column("note_fr", _("Note in French")),
    Column("source", _("Source"), "text", "source__url"),
)
SOURCE_COLUMNS = (
    Column("url", _("Address"), sort="url", always=True),
    Column("publisher", _("Publisher"), sort="publisher"),
    Column("title", _("Title"), sort="title"),
    Column("published_on", _("Published"), "period", period_text("published_on"), sort="published_on"),
    Column("language", _("Language")),
    Column("archived_url", _("Archived copy")),
)


# The parameters that select sites, as on the list of sites; the others select their facts.
OF_SITES = ("q", "status", "country", "company", "role", "energy", "discloses", "min_mw", "max_mw")


class SiteFactFilters(PagingFilters):
    """Facts of the sites that a query selects; ``after`` and ``before`` bound the fact's own day."""

    day = "date"
    columns: tuple[Column, ...] = ()

    q = Words(label=_("Words"))
    project = Slugs(label=_("Data-center project"), model=DataCenterProject)
    status = Choices(label=_("Status of the site"), choices=ProjectStatus.choices)
    country = Codes(label=_("Country"), codes=COUNTRY_CODES, expected=_("an ISO 3166-1 code such as US"))
    company = Slugs(label=_("Company"), model=Company)
    role = Choices(label=_("Role"), choices=ProjectRole.choices)
    energy = Choices(label=_("Energy source"), choices=EnergyKind.choices)
    discloses = Choices(label=_("Discloses"), choices=ImpactMetric.choices)
    min_mw = Megawatts(label=_("Planned MW, from"))
    max_mw = Megawatts(label=_("Planned MW, to"))
    after = Day(label=_("From"))
    before = Day(label=_("To"), last=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(self.columns)

    @property
    def sites(self) -> QuerySet:
        """The sites whose facts are asked for."""
        chosen = {name: self.cleaned.get(name) for name in OF_SITES}
        sites = sites_that(with_milestones(), chosen)
        slugs = self.cleaned.get("project")
        return sites.filter(slug__in=slugs) if slugs else sites

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        conditions = {
            "after": f"{self.day}__gte", "before": f"{self.day}__lte", "kind": "kind__in", "metric": "metric__in",
            "basis": "basis__in",
        }  # fmt: skip
        given = {name: value for name, value in self.cleaned.items() if value not in (None, "", [])}
        queryset = queryset.filter(**{conditions[name]: given[name] for name in conditions if name in given})
        if given.keys() & {"project", *OF_SITES}:
            queryset = queryset.filter(project__in=self.sites.order_by().values("pk"))
        return queryset


class MilestoneFilters(SiteFactFilters):
    columns = MILESTONE_COLUMNS
    kind = Choices(label=_("Kind"), choices=MilestoneKind.choices)


class ImpactFilters(SiteFactFilters):
    day = "as_of"
    columns = IMPACT_COLUMNS
    metric = Choices(label=_("Metric"), choices=ImpactMetric.choices)
    basis = Choices(label=_("Basis"), choices=ImpactBasis.choices)


class ImpactPageFilters(ImpactFilters):
    """``/impacts/``: the filters of impacts, and the units in which a reader sees them."""

    units = PlainChoice(label=_("Units"), choices=[(name, name) for name in SYSTEMS])


class SitePageFilters(StrictFilterSet):
    """``/projects/<slug>/``: the day for which a site is shown, and the units in which a reader sees its figures."""

    on = Day(label=_("On"), last=True)
    units = PlainChoice(label=_("Units"), choices=[(name, name) for name in SYSTEMS])


class SourceFilters(PagingFilters):
    """Sources of published facts; ``q`` is part of their publisher, title or address."""

    q = Words(label=_("Words"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(SOURCE_COLUMNS)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        for word in (self.cleaned.get("q") or "").split():
            queryset = queryset.filter(Q(publisher__icontains=word) | Q(title__icontains=word) | Q(url__icontains=word))
        return queryset


def _site_facts(
    name: str, label: Any, model: Any, filterset: Any, columns: tuple[Column, ...], sort: str, **more: Any
) -> Resource:
    return Resource(
        name=name, label=label, model=model, filterset=filterset, columns=columns, default_sort=sort,
        queryset=model.objects.published, related=("project", "source"), **more,
    )  # fmt: skip


PANEL = (
    ("choices", "metric"),
    ("choices", "basis"),
    ("codes", "country"),
    ("picker", "company"),
    ("picker", "project"),
)
MILESTONES = _site_facts("milestones", _("Milestones"), Milestone, MilestoneFilters, MILESTONE_COLUMNS, "-date")
IMPACTS = _site_facts("impacts", _("Impacts"), Impact, ImpactFilters, IMPACT_COLUMNS, "-as_of", panel=PANEL)
SOURCES = Resource(
    name="sources",
    label=_("Sources"),
    model=Source,
    filterset=SourceFilters,
    columns=SOURCE_COLUMNS,
    default_sort="url",
    queryset=Source.objects.public,
)
