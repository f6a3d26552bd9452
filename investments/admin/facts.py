"""What the admin pages of all facts share: who may do what, history and undo, review, a lock, former addresses."""

from typing import Any

import pghistory
from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from investments import actions
from investments.admin.figures import TypedColumns
from investments.admin.forms import FactForm, PartForm
from investments.admin.words import refused
from investments.choices import ReviewState
from investments.desk import wanting
from investments.history import events_of, timeline
from investments.models import (
    Announcement,
    AnnouncementSource,
    Company,
    DataCenterProject,
    Deal,
    DealParty,
    ExchangeRate,
    Forecast,
    Impact,
    LedgerEntry,
    Milestone,
    ProjectEnergy,
    ProjectParty,
    Source,
)
from investments.models.fields import Reviewed

PUBLISH = "investments.publish"
# Changes shown under a form; the page of the history has them all.
LATEST = 6


def is_public(row: Any) -> bool:
    """Whether a change of the row would be seen by the public at once."""
    match row:
        case Reviewed():
            # Withdrawn facts were public: making them so again is for a publisher too.
            return row.review != ReviewState.DRAFT
        case Deal():
            return row.is_public
        case Company() | DataCenterProject():
            return type(row)._default_manager.public().filter(pk=row.pk).exists()
        case DealParty():
            return row.deal.is_public
        case ProjectParty():
            return is_public(row.project)
        case Source():
            return _cited_in_public(row)
        case ExchangeRate():
            return True
    return False


def _cited_in_public(source: Source) -> bool:
    cited = AnnouncementSource.objects.filter(source=source).exclude(announcement__review=ReviewState.DRAFT)
    others = (Milestone, Impact, ProjectEnergy, Forecast)
    return cited.exists() or any(
        model._default_manager.filter(source=source).exclude(review=ReviewState.DRAFT).exists() for model in others
    )


class ReviewField:
    """Lets only publishers say that a fact is public, or was."""

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "review" and not request.user.has_perm(PUBLISH):
            kwargs["choices"] = [(ReviewState.DRAFT.value, ReviewState.DRAFT.label)]
            kwargs["initial"] = ReviewState.DRAFT
        return super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[misc]


class PartInline(TypedColumns, ReviewField, admin.TabularInline):
    """Facts that are entered on the page of what they belong to; who may change that may change them."""

    form = PartForm
    extra = 1


class FactAdmin(TypedColumns, ReviewField, admin.ModelAdmin):
    """A fact in the admin."""

    form = FactForm
    change_form_template = "admin/investments/change_form.html"
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_per_page = 50
    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin.css"]}

    # Who may do what

    def may_publish(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(PUBLISH))

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Who may run the actions of this name in lists."""
        return self.may_publish(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or self.may_publish(request) or not is_public(obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        # A party on its own page joins a deal or a site that may be public.
        alone = issubclass(self.model, DealParty | ProjectParty)
        return super().has_add_permission(request) and (not alone or self.may_publish(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or self.may_publish(request) or not is_public(obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        shown, counts, missing, protected = super().get_deleted_objects(objs, request)
        # Nobody may delete a derived row by itself; it goes with the facts that it was made of.
        return shown, counts, missing - {LedgerEntry._meta.verbose_name}, protected

    # Lists

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "wanting" or super().lookup_allowed(lookup, value, request)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [*super().get_list_filter(request), WantingFilter]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        if not issubclass(self.model, Reviewed):
            found = {name: action for name, action in found.items() if name not in {"publish", "withdraw"}}
        return found

    actions: Any = ["publish", "withdraw"]

    @admin.action(description=gettext_lazy("Publish the selected rows"), permissions=["publish"])
    def publish(self, request: HttpRequest, rows: QuerySet) -> None:
        self._review(request, rows, ReviewState.PUBLISHED)

    @admin.action(description=gettext_lazy("Withdraw the selected rows"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, rows: QuerySet) -> None:
        self._review(request, rows, ReviewState.WITHDRAWN)

    def _review(self, request: HttpRequest, rows: QuerySet, state: ReviewState) -> None:
        try:
            number = actions.set_review(rows=rows, state=state, by=request.user)
        except actions.Refused as error:
            self.message_user(request, refused(error), messages.ERROR)
            return
        told = ngettext("%(number)s row is now: %(state)s.", "%(number)s rows are now: %(state)s.", number)
        self.message_user(request, told % {"number": number, "state": state.label}, messages.SUCCESS)

    # One fact

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        # The reason stands last, where the change has been made.
        found = list(super().get_fieldsets(request, obj))
        bare = [
            (name, {**options, "fields": [f for f in options["fields"] if f not in {"version", "reason"}]})
            for name, options in found
        ]
        asked = obj is not None and self.has_change_permission(request, obj)
        return [*bare, (None, {"fields": ["reason"]})] if asked else bare

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        review = ReviewState.PUBLISHED if self.may_publish(request) else ReviewState.DRAFT
        return {"review": review, **super().get_changeform_initial_data(request)}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not self._in_transaction(request):
            return found
        # Whoever saves second waits here, and then sees what the first one saved. The deal comes first, as in the ledger.
        if isinstance(found, Announcement) and found.deal_id:
            Deal.objects.select_for_update(of=("self",), no_key=True).get(pk=found.deal_id)
        return self.get_queryset(request).select_for_update(of=("self",), no_key=True).get(pk=found.pk)

    def _in_transaction(self, request: HttpRequest) -> bool:
        return bool(request.resolver_match and (request.resolver_match.url_name or "").endswith("_change"))

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        if reason := form.cleaned_data.get("reason"):
            # Kept with all that this request changes from here on.
            pghistory.context(reason=reason)
        return super().save_form(request, form, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        if row is not None:
            context |= {
                "changes": timeline(row, LATEST),
                "preview": self.preview_of(row),
                "revertible": revertible(request),
                "announce": self._announce(request, row),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def _announce(self, request: HttpRequest, row: Any) -> str:
        """Return the address at which an announcement about a deal or a site is entered."""
        about = {Deal: "deal", DataCenterProject: "project"}.get(type(row))
        if about is None or not request.user.has_perm("investments.add_announcement"):
            return ""
        return f"{reverse('admin:investments_announcement_add')}?{about}={row.pk}"

    # History and undo

    def get_urls(self) -> list[Any]:
        name = f"investments_{self.model._meta.model_name}"
        own = [
            path("revert/<int:event>/", self.admin_site.admin_view(self.revert_view), name=f"{name}_revert"),
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview_view), name=f"{name}_preview"),
        ]
        return [*own, *super().get_urls()]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request), "title": _("History: %(name)s") % {"name": row}, "object": row,
            "opts": self.opts, "changes": timeline(row), "revertible": revertible(request),
        }  # fmt: skip
        return render(request, "admin/investments/history.html", context)

    @csrf_protect_m
    def revert_view(self, request: HttpRequest, event: int) -> HttpResponse:
        """Show what a version says, ask for a reason, and make the row that again."""
        was = events_of(self.model).objects.filter(pgh_id=event).first()
        if was is None:
            raise Http404
        now = self.model._default_manager.filter(pk=was.id).first()
        as_then = self.model(
            **{f.attname: getattr(was, f.attname) for f in self.model._meta.concrete_fields if hasattr(was, f.attname)}
        )
        allowed = self.has_change_permission(request, now) and self.has_add_permission(request)
        if not allowed or (is_public(as_then) and not self.may_publish(request)):
            raise PermissionDenied
        if request.method == "POST":
            reason = request.POST.get("reason", "").strip()[:300]
            if reason and (row := self._reverted(request, event, reason)):
                return HttpResponseRedirect(reverse(f"admin:investments_{self.opts.model_name}_change", args=[row.pk]))
            if not reason:
                self.message_user(request, _("Reason: expected a few words."), messages.ERROR)
        chain = [one for one in timeline(as_then) if one.model is self.model]
        context = {
            **self.admin_site.each_context(request), "title": _("Revert: %(name)s") % {"name": now or as_then},
            "opts": self.opts, "object": now, "chosen": next((one for one in chain if one.event == event), None),
            "later": [one for one in chain if one.event > event],
        }  # fmt: skip
        return render(request, "admin/investments/revert.html", context)

    def _reverted(self, request: HttpRequest, event: int, reason: str) -> Any:
        try:
            row = actions.revert(model=self.model, event=event, by=request.user, reason=reason)
        except actions.Refused as error:
            self.message_user(request, refused(error), messages.ERROR)
            return None
        self.log_change(request, row, [{"changed": {"name": _("reverted"), "object": str(row)}}])
        self.message_user(request, _("“%(name)s” is again what it was.") % {"name": row}, messages.SUCCESS)
        return row

    # Preview

    def preview_of(self, row: Any) -> str | None:
        """Return the address of a fact's preview; None where it has no page of its own."""
        place = page_of(row)
        return reverse(f"admin:investments_{self.opts.model_name}_preview", args=[row.pk]) if place else None

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the public page as it would be, were this fact published: published on trial, shown, and undone."""
        row = self.get_object(request, str(pk))
        if row is None or not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        with actions.on_trial():
            for draft in drafts_of(row):
                draft.review = ReviewState.PUBLISHED
                draft.save(update_fields=["review"])
            place = page_of(row)
            if place is None:
                raise Http404
            messages.warning(request, _("Preview: this is how the page will look. The public does not see it."))
            match = resolve(place)
            response = match.func(request, *match.args, **match.kwargs)
        response["Cache-Control"] = "no-store"
        return response


def page_of(row: Any) -> str | None:
    """Return the address of the public page that shows a fact."""
    match row:
        case Deal():
            return reverse("deal", args=[row.slug])
        case Company():
            return reverse("company", args=[row.slug])
        case DataCenterProject():
            return reverse("project", args=[row.slug])
        case Forecast():
            return reverse("forecast", args=[row.slug])
    about = getattr(row, "deal", None) or getattr(row, "project", None)
    return page_of(about) if about else None


def drafts_of(row: Any) -> list[Any]:
    """Return the drafts that a preview of a fact takes as published."""
    if isinstance(row, Reviewed):
        return [row]
    if isinstance(row, Deal | DataCenterProject):
        return list(row.announcements.filter(review=ReviewState.DRAFT))
    if isinstance(row, Company):
        return list(Announcement.objects.filter(deal__parties__company=row, review=ReviewState.DRAFT).distinct())
    return []


def revertible(request: HttpRequest) -> dict[str, str]:
    """Return, for the kinds of fact that the user may revert, the start of the address that does."""
    kinds = (model for model in admin.site._registry if model._meta.app_label == "investments")
    return {
        model._meta.model_name or "": f"{reverse(f'admin:investments_{model._meta.model_name}_changelist')}revert/"
        for model in kinds
        if isinstance(admin.site._registry[model], FactAdmin)
        and admin.site._registry[model].has_change_permission(request)
    }


class WantingFilter(admin.SimpleListFilter):
    """Facts that ask for an editor, as the desk counts them."""

    title = gettext_lazy("wanting")
    parameter_name = "wanting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        words = {
            Announcement: [("source", _("a source"))],
            Deal: [("conflict", _("a solved conflict")), ("window", _("a spending window"))],
            DataCenterProject: [("place", _("coordinates")), ("stale", _("a recent fact"))],
        }
        return words.get(model_admin.model, [])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return wanting(self.value() or "", queryset)
