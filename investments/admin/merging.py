"""Two rows that are one: chosen in a list, shown as they would be, and merged."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from investments import actions
from investments.admin.words import refused
from investments.history import Change, timeline, version_of
from investments.models import Deal

MERGING_ACTIONS: Any = ["merge_rows", "export_csv", "export_xlsx"]


@dataclass(frozen=True)
class Outcome:
    """What a merge would leave: the row, what refers to it now, and the changes it would make."""

    row: Any
    counts: list[tuple[Any, int]]
    changes: list[Change]
    totals: list[Any]


class MergeMixin:
    """Merging for the rows of one model; ``merge`` is the action."""

    merge: Callable[..., Any]
    model: type[Any]
    opts: Any
    admin_site: Any

    @admin.action(description=gettext_lazy("Merge the two selected rows"), permissions=["publish"])
    def merge_rows(self, request: HttpRequest, rows: QuerySet) -> HttpResponse | None:
        chosen = list(rows.order_by("pk").values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            messages.error(request, _("Select two rows to merge, no more and no fewer."))
            return None
        return HttpResponseRedirect(reverse(f"admin:investments_{self.opts.model_name}_merge", args=chosen))

    def get_urls(self) -> list[Any]:
        name = f"investments_{self.opts.model_name}_merge"
        own = path("merge/<int:keep>/<int:lose>/", self.admin_site.admin_view(self.merge_view), name=name)
        return [own, *super().get_urls()]  # type: ignore[misc]

    def merge_view(self, request: HttpRequest, keep: int, lose: int) -> HttpResponse:
        """Show what would be left of two rows, and merge them once that is confirmed."""
        if not self.has_publish_permission(request) or not self.has_change_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        kept, lost = get_object_or_404(self.model, pk=keep), get_object_or_404(self.model, pk=lose)
        seen = f"{version_of(kept)}/{version_of(lost)}"
        reason = request.POST.get("reason", "").strip()[:300]
        outcome = None
        try:
            if request.method == "POST" and reason and request.POST.get("seen") == seen:
                self.merge(keep=kept, lose=lost, by=request.user, reason=reason)
                messages.success(request, _("“%(lose)s” is now part of “%(keep)s”.") % {"keep": kept, "lose": lost})
                return HttpResponseRedirect(reverse(f"admin:investments_{self.opts.model_name}_change", args=[keep]))
            outcome = self._tried(request, keep, lose)
        except actions.Refused as error:
            messages.error(request, refused(error))
        if request.method == "POST" and outcome:
            missed = (
                _("Reason: expected a few words.")
                if not reason
                else _("Others have changed this meanwhile: look again.")
            )
            messages.error(request, missed)
        context = {
            **self.admin_site.each_context(request), "title": _("Merge"), "opts": self.opts, "keep": kept, "lose": lost,
            "outcome": outcome, "seen": seen, "reason": reason,
            "turned": reverse(f"admin:investments_{self.opts.model_name}_merge", args=[lose, keep]),
        }  # fmt: skip
        return render(request, "admin/investments/merge.html", context)

    def _tried(self, request: HttpRequest, keep: int, lose: int) -> Outcome:
        before = [
            row.headline_usd
            for row in (self.model.objects.get(pk=keep), self.model.objects.get(pk=lose))
            if isinstance(row, Deal)
        ]
        with actions.on_trial():
            row = self.merge(
                keep=self.model.objects.get(pk=keep), lose=self.model.objects.get(pk=lose), by=request.user
            )
            row = self.model.objects.get(pk=row.pk)
            counts = [
                (
                    relation.related_model._meta.verbose_name_plural,
                    relation.related_model._default_manager.filter(**{relation.field.name: row}).count(),
                )
                for relation in row._meta.related_objects
                if relation.related_model._meta.app_label == "investments"
                and not relation.related_model._meta.model_name.endswith("event")
            ]
            return Outcome(
                row, [(noun, number) for noun, number in counts if number], timeline(row, 12),
                [*before, row.headline_usd] if isinstance(row, Deal) else [],
            )  # fmt: skip
