"""Deals and their parties in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from investments.admin.announcements import AnnouncementInline
from investments.admin.forms import DealForm, PartyFormSet
from investments.models import Deal, DealParty


class DealPartyInline(admin.TabularInline):
    model = DealParty
    formset = PartyFormSet
    autocomplete_fields = ["company"]
    extra = 2


@admin.register(Deal)
class DealAdmin(admin.ModelAdmin):
    form = DealForm
    inlines = [DealPartyInline, AnnouncementInline]
    autocomplete_fields = ["part_of", "projects"]
    prepopulated_fields = {"slug": ["title"]}
    list_display = ["title", "kind", "stage", "status", "first_announced", "headline_usd", "floor_usd", "is_public"]
    list_filter = ["kind", "stage", "status", "is_public", "has_conflict"]
    list_per_page = 50
    show_full_result_count = False
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
