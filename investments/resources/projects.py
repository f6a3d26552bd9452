"""Data-center projects as a list."""

from typing import Any

from django.db.models import DateField, DecimalField, Exists, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from investments.choices import ProjectRole, ProjectStatus
from investments.iso import COUNTRY_CODES
from investments.models import Company, DataCenterProject, Milestone, ProjectParty
from investments.resources.base import Column, PagingFilters, Plain, Resource, sort_choices
from investments.resources.expressions import site_parties
from investments.resources.fields import NumberField
from investments.resources.money import Choices, Codes, Day, Slugs, Words
from investments.search import matches

COLUMNS = (
    Column("slug", _("Slug")),
    Column("name", _("Site"), "project", sort="sort_name", shown=True, page=True, always=True),
    Column("city", _("City"), sort="city", page=True),
    Column("region", _("Region"), sort="region", page=True),
    Column("country", _("Country"), "country", sort="country", shown=True, page=True),
    Column("latitude", _("Latitude"), "number"),
    Column("longitude", _("Longitude"), "number"),
    Column("location_precision", _("Precision of the place"), "choice"),
    Column("status", _("Status"), "project_status", sort="status", shown=True, page=True, always=True),
    Column("planned_mw", _("Planned"), "power", sort="planned_mw", shown=True, page=True),
    Column("in_service_mw", _("In service"), "power", sort="in_service_mw", shown=True, page=True),
    Column("first_date", _("First heard of"), "date", sort="first_date", shown=True, page=True),
    Column("operators", _("Operators"), "labels", site_parties("operator")),
    Column("developers", _("Developers"), "labels", site_parties("developer")),
    Column("note", _("Note")),
    Column("note_fr", _("Note in French")),
)


class Megawatts(Plain):
    field_class = NumberField


class ProjectFilters(PagingFilters):
    """Sites: ``after`` and ``before`` bound the first milestone."""

    q = Words(label=_("Words"))
    status = Choices(label=_("Status"), choices=ProjectStatus.choices)
    country = Codes(label=_("Country"), codes=COUNTRY_CODES, expected=_("an ISO 3166-1 code such as US"))
    company = Slugs(label=_("Company"), model=Company)
    role = Choices(label=_("Role"), choices=ProjectRole.choices)
    min_mw = Megawatts(label=_("Planned MW, from"))
    max_mw = Megawatts(label=_("Planned MW, to"))
    after = Day(label=_("From"))
    before = Day(label=_("To"), last=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(COLUMNS)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        given = {name: value for name, value in self.cleaned.items() if value not in (None, "", [], ())}
        for name in PROJECT_CONDITIONS.keys() & given.keys():
            queryset = queryset.filter(PROJECT_CONDITIONS[name](given[name]))
        if "company" in given or "role" in given:
            one = {
                key: given[name]
                for key, name in (("company__slug__in", "company"), ("role__in", "role"))
                if name in given
            }
            queryset = queryset.filter(Exists(ProjectParty.objects.filter(project=OuterRef("pk"), **one)))
        return queryset


PROJECT_CONDITIONS: dict[str, Any] = {
    "q": lambda words: matches("search", words),
    "status": lambda statuses: Q(status__in=statuses),
    "country": lambda codes: Q(country__in=codes),
    "min_mw": lambda power: Q(planned_mw__gte=power),
    "max_mw": lambda power: Q(planned_mw__lte=power),
    "after": lambda day: Q(first_date__gte=day),
    "before": lambda day: Q(first_date__lte=day),
}


def with_milestones() -> QuerySet:
    """Return the public sites with the day of their first milestone and the megawatts in service by the latest."""
    published = Milestone.objects.published().filter(project=OuterRef("pk")).order_by()
    first = published.values("project").annotate(day=Min("date")).values("day")
    latest = published.filter(mw__isnull=False).order_by("-date", "-pk").values("mw")[:1]
    return DataCenterProject.objects.public().annotate(
        first_date=Subquery(first, output_field=DateField()),
        in_service_mw=Subquery(latest, output_field=DecimalField()),
    )


PROJECTS = Resource(
    name="projects",
    label=_("Data centers"),
    model=DataCenterProject,
    filterset=ProjectFilters,
    columns=COLUMNS,
    default_sort="name",
    queryset=with_milestones,
    prefetched=(Prefetch("parties", ProjectParty.objects.select_related("company").order_by("pk")),),
    panel=(
        ("words", "q"),
        ("choices", "status"),
        ("codes", "country"),
        ("picker", "company"),
        ("choices", "role"),
        ("bounds", "mw"),
        ("bounds", "dates"),
    ),
)
