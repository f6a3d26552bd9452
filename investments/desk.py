"""The admin's site: its first page says what waits for an editor."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from investments.choices import CorrectionState, DealStatus, ReviewState
from investments.history import recent
from investments.models import (
    Announcement,
    AnnouncementSource,
    Company,
    Correction,
    DataCenterProject,
    Deal,
    DealParty,
    Forecast,
    Impact,
    Milestone,
    ProjectEnergy,
    ProjectParty,
)

REVIEWED = (Announcement, Milestone, Impact, ProjectEnergy, Forecast)
STALE = timedelta(days=180)
SHOWN = 8


@dataclass(frozen=True)
class Waiting:
    """Facts that ask for an editor: how many, the first few, and the list of all of them."""

    code: str
    title: Any
    model: type[Any]
    rows: Any

    @property
    def address(self) -> str:
        """The list of these facts in the admin."""
        return f"{reverse(f'admin:investments_{self.model._meta.model_name}_changelist')}?{urlencode({'wanting': self.code})}"


def announcements_without_source() -> QuerySet:
    """Return the published announcements that cite nothing."""
    cited = AnnouncementSource.objects.filter(announcement=OuterRef("pk"))
    return Announcement.objects.published().filter(~Exists(cited))


def deals_without_window() -> QuerySet:
    """Return the public deals with money that no day of spending is known of."""
    open_ended = Q(window_start=None) | Q(window_end=None)
    return Deal.objects.public().filter(open_ended, has_money=True).exclude(status=DealStatus.CANCELLED)


def stale_sites(now: Any) -> QuerySet:
    """Return the public sites of which no fact is younger than 180 days."""
    newest = Greatest(
        Max("milestones__date", filter=Q(milestones__review=ReviewState.PUBLISHED)),
        Max("announcements__date", filter=Q(announcements__review=ReviewState.PUBLISHED)),
        Max("impacts__as_of", filter=Q(impacts__review=ReviewState.PUBLISHED)),
    )
    sites = DataCenterProject.objects.public().annotate(newest=newest)
    return sites.filter(Q(newest=None) | Q(newest__lt=now.date() - STALE)).order_by(F("newest").asc(nulls_first=True))


def waiting(now: Any) -> list[Waiting]:
    """Return what asks for an editor, each kind with its query."""
    return [
        Waiting("source", _("Announcements without a source"), Announcement, announcements_without_source()),
        Waiting("conflict", _("Deals whose figures are disputed"), Deal, Deal.objects.public().filter(has_conflict=True)),
        Waiting("window", _("Deals with no spending window"), Deal, deals_without_window()),
        Waiting("place", _("Sites without coordinates"), DataCenterProject,
                DataCenterProject.objects.public().filter(latitude=None)),
        Waiting("stale", _("Sites with no fact for 180 days"), DataCenterProject, stale_sites(now)),
    ]  # fmt: skip


def wanting(code: str, rows: QuerySet) -> QuerySet:
    """Return those of the rows that ask for an editor in one way."""
    found = next((one.rows for one in waiting(timezone.now()) if one.code == code and one.model is rows.model), None)
    return rows if found is None else rows.filter(pk__in=found.order_by().values("pk"))


def plural(model: type[Any]) -> str:
    """Return what rows of a model are called in a list of all kinds: two kinds of parties are told apart."""
    apart = {DealParty: gettext("parties of deals"), ProjectParty: gettext("parties of sites")}
    return apart.get(model) or str(model._meta.verbose_name_plural)


class TrackerSite(AdminSite):
    """Django's admin with a desk in front."""

    site_header = site_title = _("Editing")
    index_title = _("Desk")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().index(request, {**self.desk(request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found = super().get_app_list(request, app_label)
        for app in found:
            for one in app["models"]:
                one["name"] = capfirst(plural(one["model"]))
            app["models"].sort(key=lambda one: one["name"])
        return found

    def desk(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the first page shows a user who may see facts; nothing to others."""
        if not request.user.has_perm("investments.view_announcement"):
            return {}
        queue = [(model._meta, model._default_manager.filter(review=ReviewState.DRAFT).count()) for model in REVIEWED]
        drafts = [(opts, number, self._drafts(opts)) for opts, number in queue if number]
        return {
            "queue": self._reported(request) + drafts,
            "waiting": [(one, one.rows.count(), list(one.rows[:SHOWN])) for one in waiting(timezone.now())],
            "latest": recent([Announcement, Deal, Company, DataCenterProject, Milestone], 12),
        }

    def _reported(self, request: HttpRequest) -> list[tuple[Any, int, str]]:
        """Return what readers report as wrong and nobody has dealt with, as a line of the queue."""
        number = Correction.objects.filter(state=CorrectionState.DRAFT).count()
        if not number or not request.user.has_perm("investments.view_correction"):
            return []
        address = f"{reverse('admin:investments_correction_changelist')}?state__exact={CorrectionState.DRAFT}"
        return [(Correction._meta, number, address)]

    def _drafts(self, opts: Any) -> str:
        return f"{reverse(f'admin:investments_{opts.model_name}_changelist')}?review__exact={ReviewState.DRAFT}"
