"""Market-wide estimates as a list."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from investments.choices import FORECAST_UNITS
from investments.models import Company, Forecast
from investments.resources.base import Column, PagingFilters, Resource, sort_choices
from investments.resources.expressions import period_text
from investments.resources.money import Choices, Day, Slugs, Words

COLUMNS = (
    Column("slug", _("Slug")),
    Column("published_on", _("Published"), "period", period_text("published_on"), sort="published_on", shown=True, page=True, always=True),
    Column("headline", _("Estimate"), "forecast", shown=True, page=True),
    Column("headline_fr", _("Estimate, in French")),
    Column("forecaster", _("By"), "forecaster", Coalesce("forecaster__slug", "forecaster_name"), shown=True, page=True),
    Column("subject", _("Subject")),
    Column("amount", _("Figure"), "estimate", None, sort="amount_high", shown=True, page=True),
    Column("amount_low", _("Figure, low"), "number"),
    Column("amount_high", _("Figure, high"), "number"),
    Column("unit", _("Unit")),
    Column("horizon_start", _("Horizon starts"), "period", period_text("horizon_start")),
    Column("horizon_end", _("Until"), "period", period_text("horizon_end"), sort="horizon_end", shown=True, page=True),
    Column("so_far", _("Announced so far"), "beside", None, shown=True, page=True),
    Column("source", _("Source"), "text", "source__url"),
)  # fmt: skip


def forecasters() -> QuerySet:
    """Return the companies that a published estimate is by."""
    return Company.objects.filter(Exists(Forecast.objects.published().filter(forecaster=OuterRef("pk"))))


def unit_name(unit: str) -> Any:
    """Return how a unit reads: ``TWh/year`` is TWh a year."""
    what, _slash, rest = unit.partition("/")
    what = {"m3": "m³", "percent": "%"}.get(what, what)
    return format_lazy("{} {}", what, _("a year")) if rest else what


class ForecastFilters(PagingFilters):
    """Published estimates; ``after`` and ``before`` bound the end of their horizon."""

    q = Words(label=_("Words"))
    forecaster = Slugs(label=_("Forecaster"), model=Company, known=forecasters)
    unit = Choices(label=_("Unit"), choices=[(unit, unit_name(unit)) for unit in FORECAST_UNITS])
    after = Day(label=_("From"))
    before = Day(label=_("To"), last=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(COLUMNS)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        given = {name: value for name, value in self.cleaned.items() if value not in (None, "", [])}
        for name, column in (("forecaster", "forecaster__slug__in"), ("unit", "unit__in"),
                             ("after", "horizon_end__gte"), ("before", "horizon_end__lte")):  # fmt: skip
            if name in given:
                queryset = queryset.filter(**{column: given[name]})
        for word in (given.get("q") or "").split():
            inside = Q()
            for column in ("headline", "headline_fr", "subject", "forecaster_name", "forecaster__name"):
                inside |= Q(**{f"{column}__icontains": word})
            queryset = queryset.filter(inside)
        return queryset


FORECASTS = Resource(
    name="forecasts",
    label=_("Forecasts"),
    model=Forecast,
    filterset=ForecastFilters,
    columns=COLUMNS,
    default_sort="-published_on",
    queryset=Forecast.objects.published,
    related=("forecaster", "source"),
    prefetched=(
        Prefetch("disputes", Forecast.objects.published().select_related("source", "forecaster")),
        Prefetch("disputed_by", Forecast.objects.published().select_related("source", "forecaster")),
    ),
    panel=(("words", "q"), ("choices", "unit"), ("picker", "forecaster"), ("bounds", "horizon")),
)
