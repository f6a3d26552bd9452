"""Announcements and their sources in the admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from investments import actions
from investments.admin.entry import EntryForm
from investments.admin.exports import ExportMixin
from investments.admin.facts import FactAdmin
from investments.admin.fields import PickView
from investments.admin.told import Told
from investments.models import Announcement, Source


@admin.register(Announcement)
class AnnouncementAdmin(Told, ExportMixin, FactAdmin):
    form = EntryForm
    change_form_template = "admin/investments/announcement/change_form.html"
    date_hierarchy = "date"
    list_display = ["headline", "dated", "stated", "event", "review", "deal"]
    list_filter = ["review", "event", "basis", "currency", "deal__kind"]
    list_select_related = ["deal"]
    search_fields = ["headline", "headline_fr", "key", "deal__title", "project__name"]
    fieldsets = [
        (None, {"fields": ["headline", "headline_fr", ("when", "event"), "amount", "deal"]}),
        (
            _("The new deal"),
            {
                "fields": [("deal_kind", "deal_stage"), "deal_title_fr", "deal_part_of", ("deal_starts", "deal_ends")],
                "classes": ["if-new", "new-deal"],
            },
        ),
        (None, {"fields": ["addresses", "project"]}),
        (
            _("The new site"),
            {
                "fields": [("project_city", "project_country"), ("project_status", "project_mw")],
                "classes": ["if-new", "new-project"],
            },
        ),
        (None, {"fields": ["review"]}),
        (_("Capacity and notes"), {"fields": ["mw", "note", "note_fr", "key"], "classes": ["collapse"]}),
    ]  # fmt: skip

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        readable = obj is None or self.has_change_permission(request, obj)
        return super().get_fieldsets(request, obj) if readable else self._shown()

    def _shown(self) -> Any:
        """Return the stored columns, for those who may look but not change."""
        names = ["headline", "headline_fr", "date", "date_precision", "event", "amount_low", "amount_high", "currency",
                 "basis", "per", "mw", "deal", "project", "note", "note_fr", "review", "key"]  # fmt: skip
        return [(None, {"fields": names})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # What is typed in one field is kept in several: Django is told of the stored columns only.
        form: Any = super().get_form(request, obj, change, **{**kwargs, "fields": EntryForm.Meta.fields})
        form.by = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        made = actions.enter(entry=form.entry(), by=request.user, reason=form.cleaned_data.get("reason", ""))
        # The page goes on with its own copy of the row.
        obj.pk, obj.deal, obj.project = made.pk, made.deal, made.project
        obj._state.adding = False

    def get_urls(self) -> list[Any]:
        picks = PickView.as_view(admin_site=self.admin_site)
        own = [
            path("weigh/", self.admin_site.admin_view(self.weigh_view), name="investments_announcement_weigh"),
            path("picks/", self.admin_site.admin_view(picks), name="picks"),
        ]
        return [*own, *super().get_urls()]

    def weigh_view(self, request: HttpRequest) -> HttpResponse:
        """Say what a form that is being typed would do; nothing is kept."""
        number = request.POST.get("being", "")
        row = Announcement.objects.filter(pk=number).first() if number.isdecimal() else None
        allowed = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        if request.method != "POST" or not allowed:
            raise PermissionDenied
        form = self.get_form(request, row, change=row is not None)(request.POST, instance=row)
        form.only_read = True
        form.full_clean()
        return render(request, "admin/investments/announcement/_weighed.html", {"form": form, "typed": typed(form)})


def typed(form: EntryForm) -> list[str]:
    """Return the errors of what has been typed so far; empty fields are not told of before saving."""
    parts: list[Any] = [form, *form.parties]
    found = [
        str(said) for part in parts for name in part.fields if part[name].data for said in part.errors.get(name, ())
    ]
    # Here nothing is marked: what is wrong with a party has just been said.
    return found + [text for one in form.non_field_errors().as_data() if one.code != "marked" for text in one.messages]


@admin.register(Source)
class SourceAdmin(ExportMixin, FactAdmin):
    list_display = ["__str__", "publisher", "published_on", "language", "url"]
    list_filter = ["language"]
    search_fields = ["url", "title", "publisher"]
    fields = [
        "url", "publisher", "title", ("published_on", "published_on_precision"), "language", "archived_url",
    ]  # fmt: skip
