"""Deals and their parties in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from investments.actions import merge_deals
from investments.admin.exports import ExportMixin
from investments.admin.facts import FactAdmin, PartInline
from investments.admin.forms import DealForm, PartyFormSet
from investments.admin.merging import MERGING_ACTIONS, MergeMixin
from investments.admin.told import Told, Totals
from investments.models import Announcement, Deal, DealParty


class DealPartyInline(PartInline):
    model = DealParty
    formset = PartyFormSet
    autocomplete_fields = ["company"]
    extra = 2


class AnnouncementInline(Told, admin.TabularInline):
    """What was announced about the deal; each announcement is entered and changed on its own page."""

    model = Announcement
    fields = ("headline", "dated", "event", "stated", "review")
    readonly_fields = fields
    extra = max_num = 0
    can_delete = False
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Deal)
class DealAdmin(Totals, MergeMixin, ExportMixin, FactAdmin):
    form = DealForm
    actions = MERGING_ACTIONS
    merge = staticmethod(merge_deals)
    inlines = [DealPartyInline, AnnouncementInline]
    autocomplete_fields = ["part_of", "projects"]
    prepopulated_fields = {"slug": ["title"]}
    list_display = ["title", "kind", "stage", "status", "first_announced", "headline_told", "floor_told", "is_public"]
    list_filter = ["kind", "stage", "status", "is_public", "has_conflict"]
    search_fields = ["title", "title_fr", "slug"]
    readonly_fields = ["status", "headline_usd", "floor_usd", "delivered_high_usd", "first_announced", "steps"]
    fieldsets = [
        (None, {"fields": ["title", "title_fr", "slug", ("kind", "stage"), "part_of", "projects"]}),
        (
            _("When the money is spent"),
            {"fields": [("window_start", "window_start_precision"), ("window_end", "window_end_precision")]},
        ),
        (_("Notes"), {"fields": ["note", "note_fr"]}),
        (
            _("Derived by the ledger"),
            {
                "fields": [("status", "steps", "first_announced"), ("headline_usd", "floor_usd", "delivered_high_usd")],
                "classes": ["collapse"],
            },
        ),
    ]
