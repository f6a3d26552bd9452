"""Corrections from readers in the admin: read beside the page that they are about, and marked when dealt with."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from investments import corrections
from investments.choices import CorrectionState, Noun
from investments.models import Announcement, Company, Correction, DataCenterProject, Deal, Forecast

MODELS: dict[str, Any] = {
    Noun.COMPANY: Company, Noun.DEAL: Deal, Noun.PROJECT: DataCenterProject, Noun.FORECAST: Forecast,
}  # fmt: skip
# What the address of an announcement on the page of its deal ends in, before its key.
FRAGMENT = "announcement-"


def fact_of(page: str) -> Any:
    """Return the fact that a page of the site is about; None where it is about none, or the fact is gone."""
    parts = urlsplit(page)
    number = parts.fragment.removeprefix(FRAGMENT)
    if parts.fragment.startswith(FRAGMENT) and number.isdecimal() and len(number) < 19:
        return Announcement.objects.filter(pk=number).first()
    match = corrections.page_at(page)
    if match is None or match.url_name not in MODELS:
        return None
    return MODELS[match.url_name]._default_manager.filter(slug=match.kwargs["slug"]).first()


@admin.register(Correction)
class CorrectionAdmin(admin.ModelAdmin):
    list_display = ["sent_at", "leads_to_page", "beginning", "state"]
    list_display_links = ["sent_at", "beginning"]
    list_filter = ["state", "language"]
    search_fields = ["page", "text", "source", "remark"]
    date_hierarchy = "sent_at"
    list_per_page = 50
    show_full_result_count = False
    fields = ["leads_to_page", "fact", "text", "leads_to_source", "language", "sent_at", "state", "remark", "handled"]
    readonly_fields = ["leads_to_page", "fact", "text", "leads_to_source", "language", "sent_at", "handled"]
    actions = ["mark_handled", "open_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("page"), ordering="page")
    def leads_to_page(self, row: Correction) -> SafeString:
        return format_html('<a href="{}">{}</a>', row.page, row.page)

    @admin.display(description=gettext_lazy("fact"))
    def fact(self, row: Correction) -> SafeString | str:
        found = fact_of(row.page)
        if found is None:
            return "–"
        name = f"admin:investments_{found._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[found.pk]), found)

    @admin.display(description=gettext_lazy("where it is said"))
    def leads_to_source(self, row: Correction) -> SafeString | str:
        if not row.source.startswith(("http://", "https://")):
            return row.source or "–"
        return format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', row.source, row.source)

    @admin.display(description=gettext_lazy("what is wrong"))
    def beginning(self, row: Correction) -> str:
        return row.text if len(row.text) <= 120 else f"{row.text[:119]}…"

    @admin.display(description=gettext_lazy("handled by"))
    def handled(self, row: Correction) -> str:
        if row.handled_at is None:
            return "–"
        return f"{row.handled_by or '–'}, {date_format(timezone.localtime(row.handled_at), 'DATETIME_FORMAT')}"

    @admin.action(description=gettext_lazy("Mark as handled"), permissions=["change"])
    def mark_handled(self, request: HttpRequest, queryset: QuerySet) -> None:
        number = corrections.handle(corrections=_keys(queryset), by=request.user, now=timezone.now())
        told = ngettext("%(number)d correction is handled.", "%(number)d corrections are handled.", number)
        self.message_user(request, told % {"number": number})

    @admin.action(description=gettext_lazy("Open again"), permissions=["change"])
    def open_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        number = corrections.reopen(corrections=_keys(queryset), by=request.user)
        told = ngettext("%(number)d correction is open again.", "%(number)d corrections are open again.", number)
        self.message_user(request, told % {"number": number})

    def save_model(self, request: HttpRequest, obj: Correction, form: Any, change: bool) -> None:
        wanted = obj.state
        Correction.objects.filter(pk=obj.pk).update(remark=obj.remark)
        if wanted == CorrectionState.HANDLED:
            corrections.handle(corrections=[obj.pk], by=request.user, now=timezone.now())
        else:
            corrections.reopen(corrections=[obj.pk], by=request.user)
        obj.refresh_from_db()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("handled_by")


def _keys(rows: QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True))
