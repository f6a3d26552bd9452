"""Milestones and impacts of sites, and the sources of facts: lists that programs read."""

from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from investments.choices import ImpactBasis, ImpactMetric, MilestoneKind
from investments.iso import COUNTRY_CODES
from investments.models import AnnouncementSource, DataCenterProject, Forecast, Impact, Milestone, ProjectEnergy, Source
from investments.resources.base import Column, PagingFilters, Resource, sort_choices
from investments.resources.expressions import period_text
from investments.resources.money import Choices, Codes, Day, Slugs, Words

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


class SiteFactFilters(PagingFilters):
    """Facts of sites: ``country`` is the site's, ``after`` and ``before`` bound the fact's own day."""

    day = "date"
    columns: tuple[Column, ...] = ()

    project = Slugs(label=_("Data-center project"), model=DataCenterProject)
    country = Codes(label=_("Country"), codes=COUNTRY_CODES, expected=_("an ISO 3166-1 code such as US"))
    after = Day(label=_("From"))
    before = Day(label=_("To"), last=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(self.columns)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        conditions = {
            "project": "project__slug__in",
            "country": "project__country__in",
            "after": f"{self.day}__gte",
            "before": f"{self.day}__lte",
            "kind": "kind__in",
            "metric": "metric__in",
            "basis": "basis__in",
        }
        given = {name: value for name, value in self.cleaned.items() if value not in (None, "", [])}
        return queryset.filter(**{conditions[name]: given[name] for name in conditions.keys() & given.keys()})


class MilestoneFilters(SiteFactFilters):
    columns = MILESTONE_COLUMNS
    kind = Choices(label=_("Kind"), choices=MilestoneKind.choices)


class ImpactFilters(SiteFactFilters):
    day = "as_of"
    columns = IMPACT_COLUMNS
    metric = Choices(label=_("Metric"), choices=ImpactMetric.choices)
    basis = Choices(label=_("Basis"), choices=ImpactBasis.choices)


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


def public_sources() -> QuerySet:
    """Return the sources that a published fact names."""
    of_announcement = AnnouncementSource.objects.filter(source=OuterRef("pk"), announcement__review="published")
    named = Q(Exists(of_announcement))
    models: tuple[type[Model], ...] = (Milestone, Impact, ProjectEnergy, Forecast)
    for model in models:
        named |= Q(Exists(model._default_manager.filter(source=OuterRef("pk"), review="published")))
    return Source.objects.filter(named)


def _site_facts(name: str, label: Any, model: Any, filterset: Any, columns: tuple[Column, ...], sort: str) -> Resource:
    return Resource(
        name=name, label=label, model=model, filterset=filterset, columns=columns, default_sort=sort,
        queryset=model.objects.published, related=("project", "source"),
    )  # fmt: skip


MILESTONES = _site_facts("milestones", _("Milestones"), Milestone, MilestoneFilters, MILESTONE_COLUMNS, "-date")
IMPACTS = _site_facts("impacts", _("Impacts"), Impact, ImpactFilters, IMPACT_COLUMNS, "-as_of")
SOURCES = Resource(
    name="sources",
    label=_("Sources"),
    model=Source,
    filterset=SourceFilters,
    columns=SOURCE_COLUMNS,
    default_sort="url",
    queryset=public_sources,
)
