"""Announcements and their sources in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from investments.admin.forms import AnnouncementForm
from investments.models import Announcement, AnnouncementSource, Source


class SourceInline(admin.TabularInline):
    model = AnnouncementSource
    autocomplete_fields = ["source"]
    extra = 1


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin):
    form = AnnouncementForm
    inlines = [SourceInline]
    autocomplete_fields = ["deal", "project"]
    date_hierarchy = "date"
    list_display = ["headline", "date", "event", "deal", "amount_low", "amount_high", "currency", "review"]
    list_filter = ["review", "event", "basis", "currency", "deal__kind"]
    list_select_related = ["deal"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["headline", "headline_fr", "key", "deal__title", "project__name"]
    fieldsets = [
        (None, {"fields": ["headline", "headline_fr", ("date", "date_precision"), "event", "deal", "project"]}),
        (
            _("What was pledged"),
            {
                "fields": [("amount_low", "amount_high", "currency"), ("basis", "per"), "mw"],
                "description": _("The total of the deal after this announcement, not what it adds."),
            },
        ),
        (_("Notes and review"), {"fields": ["note", "note_fr", "review", "key"]}),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"currency": "USD", **super().get_changeform_initial_data(request)}


class AnnouncementInline(admin.StackedInline):
    """Announcements within their deal."""

    model = Announcement
    form = AnnouncementForm
    extra = 0
    show_change_link = True
    autocomplete_fields = ["project"]
    fields = [
        "headline", "headline_fr", ("date", "date_precision", "event"), ("amount_low", "amount_high", "currency"),
        ("basis", "per", "mw"), "project", ("note", "note_fr"), ("review", "key"),
    ]  # fmt: skip


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ["__str__", "publisher", "published_on", "language", "url"]
    list_filter = ["language"]
    search_fields = ["url", "title", "publisher"]
