"""Saved views: a signed-in reader's named queries, and what is new in each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from investments.models import Announcement, SavedView
from investments.resources.base import Resource
from investments.views.preferences import RESOURCES

LONGEST_QUERY = 4000


@dataclass(frozen=True)
class Shelf:
    """A saved view as it stands over its list: how many rows are new since the reader last looked."""

    view: SavedView
    new: int
    here: bool


def shelf(request: HttpRequest, resource: Resource) -> dict[str, Any]:
    """Return the reader's saved views of a list, and the one whose query is this page's."""
    if not request.user.is_authenticated:
        return {"shelf": [], "saved_here": None}
    query = canonical(request.GET)
    rows = [
        Shelf(view, number_new(resource, view), view.query == query)
        for view in SavedView.objects.filter(user=request.user, resource=resource.name)
    ]
    return {"shelf": rows, "saved_here": next((one.view for one in rows if one.here), None)}


def canonical(query: QueryDict) -> str:
    """Return a query as it is kept: sorted, without what says only which page of it is read."""
    kept = QueryDict(mutable=True)
    for name in sorted(query):
        if name != "page" and any(query.getlist(name)):
            kept.setlist(name, sorted(value for value in query.getlist(name) if value))
    return kept.urlencode(safe=":;")


def number_new(resource: Resource, view: SavedView) -> int:
    """Return how many of the view's rows the public could not see when the reader last looked."""
    filters = resource.filter(QueryDict(view.query))
    return NEW[resource.name](filters.rows.order_by(), view.looked_at).count() if not filters.problems else 0


def _seen(row: str, moment: datetime) -> QuerySet:
    """Return the states of an announcement in which it was public by that moment."""
    history = apps.get_model("investments", "AnnouncementEvent")
    return history._default_manager.filter(pgh_obj_id=OuterRef(row), pgh_created_at__lte=moment, review="published")


def _new_announcements(rows: QuerySet, moment: datetime) -> QuerySet:
    return rows.filter(~Exists(_seen("pk", moment)))


def _new_deals(rows: QuerySet, moment: datetime) -> QuerySet:
    new = Announcement.objects.published().filter(deal=OuterRef("pk")).filter(~Exists(_seen("pk", moment)))
    return rows.filter(Exists(new))


def _newly_made(model: str) -> Callable[[QuerySet, datetime], QuerySet]:
    def new(rows: QuerySet, moment: datetime) -> QuerySet:
        history = apps.get_model("investments", f"{model}Event")
        return rows.filter(
            ~Exists(history._default_manager.filter(pgh_obj_id=OuterRef("pk"), pgh_created_at__lte=moment))
        )

    return new


NEW: dict[str, Callable[[QuerySet, datetime], QuerySet]] = {
    "announcements": _new_announcements,
    "deals": _new_deals,
    "companies": _newly_made("Company"),
    "projects": _newly_made("DataCenterProject"),
    "forecasts": _newly_made("Forecast"),
}


@login_required
def keep(request: HttpRequest) -> HttpResponse:
    """``/views/``: keep a query under a name; a name that is taken gets the new query."""
    if request.method != "POST":
        # Where signing in again leads back to, and what the address alone can show.
        return redirect("deals")
    resource = RESOURCES.get(request.POST.get("list", ""))
    name = " ".join(request.POST.get("name", "").split())[:120]
    query = QueryDict(request.POST.get("query", "")[:LONGEST_QUERY])
    if resource is None:
        return redirect("overview")
    there = HttpResponseRedirect(f"{reverse(resource.name)}?{canonical(query)}")
    if not name:
        messages.error(request, _("A saved view needs a name."))
        return there
    if resource.filter(query).problems:
        messages.error(request, _("A query that is not understood cannot be kept."))
        return there
    assert request.user.pk is not None
    SavedView.objects.update_or_create(
        user_id=request.user.pk, resource=resource.name, name=name,
        defaults={"query": canonical(query), "looked_at": timezone.now()},
    )  # fmt: skip
    messages.success(request, _("Kept as “%(name)s”.") % {"name": name})
    return there


@login_required
@require_POST
def drop(request: HttpRequest, token: str) -> HttpResponse:
    """``/views/<token>/drop/``: forget one of the reader's own saved views."""
    view = get_object_or_404(SavedView, token=token, user=request.user)
    resource = view.resource
    view.delete()
    messages.success(request, _("“%(name)s” is forgotten.") % {"name": view.name})
    return redirect(resource)


@login_required
@require_POST
def looked(request: HttpRequest, token: str) -> HttpResponse:
    """``/views/<token>/looked/``: open one of the reader's own saved views and count what is new from now on."""
    with transaction.atomic():
        view = get_object_or_404(SavedView.objects.select_for_update(), token=token, user=request.user)
        view.looked_at = timezone.now()
        view.save(update_fields=["looked_at"])
    return HttpResponseRedirect(_address(view))


def follow(request: HttpRequest, token: str) -> HttpResponse:
    """``/views/<token>/``: the list with the query that the address stands for; anyone may follow it."""
    return HttpResponseRedirect(_address(get_object_or_404(SavedView, token=token.replace("\x00", ""))))


def _address(view: SavedView) -> str:
    return f"{reverse(view.resource)}?{view.query}" if view.query else reverse(view.resource)
