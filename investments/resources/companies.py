"""Companies as a list."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from investments.choices import CompanyKind
from investments.iso import COUNTRY_CODES
from investments.models import Company
from investments.resources.base import Column, PagingFilters, Resource, sort_choices
from investments.resources.money import Choices, Codes, Words
from investments.search import matches

COLUMNS = (
    Column("slug", _("Slug")),
    Column("name", _("Company"), "company", sort="sort_name", shown=True, page=True, always=True),
    Column("aliases", _("Also known as"), "labels"),
    Column("kind", _("Kind"), "choice", sort="kind", shown=True, page=True, always=True),
    Column("country", _("Country"), "country", sort="country", shown=True, page=True),
    Column("parent", _("Parent"), "text", "parent__slug"),
    Column("ticker", _("Ticker"), page=True),
    Column("website", _("Website")),
    Column("wikidata", _("Wikidata id")),
    Column("deals", _("Deals"), "count", "deal_count", sort="deal_count", shown=True, page=True),
    Column("sites", _("Sites"), "count", "site_count", sort="site_count", shown=True, page=True),
    Column("summary", _("Summary")),
    Column("summary_fr", _("Summary in French")),
)


class CompanyFilters(PagingFilters):
    """Companies that a public deal or site names."""

    q = Words(label=_("Words"))
    kind = Choices(label=_("Kind"), choices=CompanyKind.choices)
    country = Codes(label=_("Country"), codes=COUNTRY_CODES, expected=_("an ISO 3166-1 code such as US"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(COLUMNS)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        cleaned = self.cleaned
        if cleaned.get("q"):
            queryset = queryset.filter(matches("search", cleaned["q"]))
        if cleaned.get("kind"):
            queryset = queryset.filter(kind__in=cleaned["kind"])
        if cleaned.get("country"):
            queryset = queryset.filter(country__in=cleaned["country"])
        return queryset


def with_counts() -> QuerySet:
    """Return the public companies with the number of public deals and of sites that name them."""
    return Company.objects.public().annotate(
        deal_count=Count("deal_parties__deal", distinct=True, filter=Q(deal_parties__deal__is_public=True)),
        site_count=Count("project_parties__project", distinct=True),
    )


COMPANIES = Resource(
    name="companies",
    label=_("Companies"),
    model=Company,
    filterset=CompanyFilters,
    columns=COLUMNS,
    default_sort="name",
    queryset=with_counts,
    panel=(("words", "q"), ("choices", "kind"), ("codes", "country")),
)
