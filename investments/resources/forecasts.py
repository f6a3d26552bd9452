"""Market-wide estimates as a list."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from investments.choices import FORECAST_UNITS
from investments.models import Company, Forecast
from investments.resources.base import Column, PagingFilters, Resource, sort_choices
from investments.resources.money import Choices, Slugs

COLUMNS = (
    Column("published_on", _("Published"), lambda row: row.when, kind="date", sort="published_on"),
    Column("headline", _("Estimate"), lambda row: row.local_headline, kind="forecast"),
    Column("forecaster", _("By"), lambda row: row.by),
    Column("amount", _("Figure"), lambda row: row, kind="estimate"),
    Column("horizon_end", _("Until"), lambda row: row.horizon_ends, kind="date", sort="horizon_end"),
)


class ForecastFilters(PagingFilters):
    """Published estimates, by who made them and what they count."""

    forecaster = Slugs(label=_("Forecaster"), model=Company)
    unit = Choices(label=_("Unit"), choices=[(unit, unit) for unit in FORECAST_UNITS])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(COLUMNS)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.cleaned.get("forecaster"):
            queryset = queryset.filter(forecaster__slug__in=self.cleaned["forecaster"])
        if self.cleaned.get("unit"):
            queryset = queryset.filter(Q(unit__in=self.cleaned["unit"]))
        return queryset


FORECASTS = Resource(
    name="forecasts",
    label=_("Forecasts"),
    model=Forecast,
    filterset=ForecastFilters,
    columns=COLUMNS,
    default_sort="-published_on",
    queryset=Forecast.objects.published,
    facets=("unit",),
    related=("forecaster", "source"),
    prefetched=(
        Prefetch("disputes", Forecast.objects.published().select_related("source", "forecaster")),
        Prefetch("disputed_by", Forecast.objects.published().select_related("source", "forecaster")),
    ),
    options={
        "form": ("unit", "forecaster"),
        "kept": ("per_page",),
        "rows": "investments/forecasts/_rows.html",
    },
)
