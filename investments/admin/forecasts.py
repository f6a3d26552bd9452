"""Forecasts in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from investments.admin.exports import ExportMixin
from investments.admin.facts import FactAdmin
from investments.admin.forms import ForecastForm
from investments.admin.told import Figure
from investments.models import Forecast


@admin.register(Forecast)
class ForecastAdmin(Figure, ExportMixin, FactAdmin):
    form = ForecastForm
    autocomplete_fields = ["forecaster", "source", "disputes"]
    prepopulated_fields = {"slug": ["headline"]}
    list_display = ["headline", "by", "published_on", "figure", "review"]
    list_filter = ["unit", "review"]
    list_select_related = ["forecaster"]
    search_fields = ["headline", "headline_fr", "slug", "subject", "forecaster__name", "forecaster_name"]
    fieldsets = [
        (None, {"fields": ["headline", "headline_fr", "slug", "subject", ("forecaster", "forecaster_name")]}),
        (_("Figure"), {"fields": [("amount_low", "amount_high", "unit"), ("horizon_start", "horizon_start_precision"),
                                  ("horizon_end", "horizon_end_precision")]}),
        (_("Evidence"), {"fields": [("published_on", "published_on_precision"), "source", "disputes", "review"]}),
    ]  # fmt: skip
