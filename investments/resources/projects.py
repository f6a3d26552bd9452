"""Data-center projects as a list."""

from datetime import date
from typing import Any

from django.db.models import DateField, Exists, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from investments.choices import EnergyKind, ImpactMetric, Layer, ProjectRole, ProjectStatus
from investments.iso import COUNTRY_CODES
from investments.ledger.sites import money_naming
from investments.models import Company, DataCenterProject, Impact, Milestone, ProjectEnergy, ProjectParty
from investments.resources.base import Column, PagingFilters, Plain, PlainChoice, Resource, sort_choices
from investments.resources.expressions import facts_of_site, site_parties
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
    Column("status", _("Status"), "project_status", "standing", sort="standing", shown=True, page=True, always=True),
    Column("planned_mw", _("Planned"), "power", sort="planned_mw", shown=True, page=True),
    Column("in_service_mw", _("In service"), "power", sort="in_service_mw", shown=True, page=True),
    Column("build_usd", _("Build money"), "money", sort="build_usd", shown=True, page=True),
    Column("contract_usd", _("Contract money"), "money", sort="contract_usd", page=True),
    Column("financing_usd", _("Financing money"), "money", sort="financing_usd", page=True),
    Column("energy", _("Energy"), "labels", facts_of_site(ProjectEnergy, "source_kind"), page=True),
    Column("discloses", _("Discloses"), "labels", facts_of_site(Impact, "metric"), page=True),
    Column("first_date", _("First heard of"), "date", sort="first_date", shown=True, page=True),
    Column("operators", _("Operators"), "labels", site_parties("operator")),
    Column("developers", _("Developers"), "labels", site_parties("developer")),
    Column("note", _("Note")),
    Column("note_fr", _("Note in French")),
)


SHOWS = ("table", "map")


class Megawatts(Plain):
    field_class = NumberField


class ProjectFilters(PagingFilters):
    """Sites: ``after`` and ``before`` bound the first milestone; ``status`` is what holds today (docs/sites.md)."""

    q = Words(label=_("Words"))
    status = Choices(label=_("Status"), choices=ProjectStatus.choices)
    country = Codes(label=_("Country"), codes=COUNTRY_CODES, expected=_("an ISO 3166-1 code such as US"))
    company = Slugs(label=_("Company"), model=Company)
    role = Choices(label=_("Role"), choices=ProjectRole.choices)
    energy = Choices(label=_("Energy source"), choices=EnergyKind.choices)
    discloses = Choices(label=_("Discloses"), choices=ImpactMetric.choices)
    min_mw = Megawatts(label=_("Planned MW, from"))
    max_mw = Megawatts(label=_("Planned MW, to"))
    after = Day(label=_("From"))
    before = Day(label=_("To"), last=True)
    show = PlainChoice(label=_("Shown as"), choices=[(name, name) for name in SHOWS])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(COLUMNS)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return sites_that(queryset, self.cleaned)


def sites_that(sites: QuerySet, cleaned: dict[str, Any]) -> QuerySet:
    """Return those of ``with_milestones`` that fit the cleaned values of a query; its other parameters say nothing."""
    given = {name: value for name, value in cleaned.items() if value not in (None, "", [], ())}
    for name, condition in PROJECT_CONDITIONS.items():
        if name in given:
            sites = sites.filter(condition(given[name]))
    if "company" in given or "role" in given:
        # A company and a role are one party's.
        one = {
            key: given[name] for key, name in (("company__slug__in", "company"), ("role__in", "role")) if name in given
        }
        sites = sites.filter(Exists(ProjectParty.objects.filter(project=OuterRef("pk"), **one)))
    return sites


PROJECT_CONDITIONS: dict[str, Any] = {
    "q": lambda words: matches("search", words),
    "status": lambda statuses: Q(standing__in=statuses),
    "country": lambda codes: Q(country__in=codes),
    "energy": lambda kinds: Exists(
        ProjectEnergy.objects.published().filter(project=OuterRef("pk"), source_kind__in=kinds)
    ),
    "discloses": lambda metrics: Exists(Impact.objects.published().filter(project=OuterRef("pk"), metric__in=metrics)),
    "min_mw": lambda power: Q(planned_mw__gte=power),
    "max_mw": lambda power: Q(planned_mw__lte=power),
    "after": lambda day: Q(first_date__gte=day),
    "before": lambda day: Q(first_date__lte=day),
}


def money_alone() -> dict[str, Any]:
    """Return the columns ``alone_usd`` and ``alone_floor_usd``: money to build a site that names no other site."""
    return {
        "alone_usd": money_naming(Layer.BUILD, alone=True),
        "alone_floor_usd": money_naming(Layer.BUILD, "floor", alone=True),
    }


def with_milestones(day: date | None = None) -> QuerySet:
    """Return the public sites with what holds on a day (today unless told), the day of their first milestone, and the
    money of each layer that names them, in US dollars."""
    published = Milestone.objects.published().filter(project=OuterRef("pk")).order_by()
    first = published.values("project").annotate(day=Min("date")).values("day")
    money = {f"{layer.value}_usd": money_naming(layer) for layer in Layer}
    return (
        DataCenterProject.objects.public()
        .standing_on(day or timezone.now().date())
        .annotate(first_date=Subquery(first, output_field=DateField()), **money)
    )


PROJECTS = Resource(
    name="projects",
    label=_("Data centers"),
    model=DataCenterProject,
    filterset=ProjectFilters,
    columns=COLUMNS,
    default_sort="name",
    queryset=with_milestones,
    prefetched=(
        Prefetch("parties", ProjectParty.objects.select_related("company").order_by("pk")),
        Prefetch("energy", ProjectEnergy.objects.published().order_by("as_of", "pk")),
        Prefetch("impacts", Impact.objects.published().order_by("metric", "as_of", "pk")),
    ),
    panel=(
        ("words", "q"),
        ("choices", "status"),
        ("codes", "country"),
        ("picker", "company"),
        ("choices", "role"),
        ("choices", "energy"),
        ("choices", "discloses"),
        ("bounds", "mw"),
        ("bounds", "dates"),
    ),
)
