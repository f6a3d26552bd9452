"""Exchange rates, and the parties and entries that editors may look up on their own."""

from django.contrib import admin
from django.http import HttpRequest

from investments.admin.exports import ExportMixin
from investments.admin.facts import FactAdmin
from investments.admin.forms import RateForm
from investments.models import DealParty, ExchangeRate, LedgerEntry, ProjectParty


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ExportMixin, FactAdmin):
    form = RateForm
    list_display = ["currency", "date", "rate", "origin"]
    list_filter = ["origin"]
    search_fields = ["=currency"]
    date_hierarchy = "date"
    show_full_result_count = False


@admin.register(DealParty)
class DealPartyAdmin(ExportMixin, FactAdmin):
    autocomplete_fields = ["deal", "company"]
    list_display = ["deal", "company", "role", "share"]
    list_filter = ["role"]
    list_select_related = ["deal", "company"]
    search_fields = ["deal__title", "company__name"]


@admin.register(ProjectParty)
class ProjectPartyAdmin(ExportMixin, FactAdmin):
    autocomplete_fields = ["project", "company"]
    list_display = ["project", "company", "role"]
    list_filter = ["role"]
    list_select_related = ["project", "company"]
    search_fields = ["project__name", "company__name"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(admin.ModelAdmin):
    """Derived rows: to look at, never to type in."""

    list_display = ["date", "deal", "high_usd", "low_usd", "delivered_high_usd"]
    list_select_related = ["deal"]
    search_fields = ["deal__title"]
    date_hierarchy = "date"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LedgerEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LedgerEntry | None = None) -> bool:
        return False
