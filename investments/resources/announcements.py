"""Announcements as a list: the ledger, newest first."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from investments.choices import DealStatus
from investments.ledger.selection import Selection
from investments.models import Announcement, AnnouncementSource
from investments.resources.base import Column, Resource, sort_choices
from investments.resources.expressions import cited, period_text
from investments.resources.money import MoneyFilters, is_counted
from investments.search import matches

COLUMNS = (
    Column("key", _("Key")),
    Column("date", _("Date"), "period", period_text("date"), sort="date", shown=True, page=True, always=True),
    Column("headline", _("What was said"), "announcement", shown=True, page=True),
    Column("headline_fr", _("What was said, in French")),
    Column("event", _("Event"), "event", sort="event", shown=True, page=True, always=True),
    Column("deal", _("Deal"), "text", "deal__slug"),
    Column("project", _("Data-center project"), "text", "project__slug"),
    Column("kind", _("Kind"), "choice", "deal__kind", sort="deal__kind", page=True),
    Column("layer", _("Layer"), "choice", "deal__layer", page=True),
    Column("status", _("Status"), "status", "deal__status", page=True),
    Column("amount", _("Total after it"), "stated", None, shown=True, page=True),
    Column("amount_low", _("Total after it, low"), "money"),
    Column("amount_high", _("Total after it, high"), "money"),
    Column("currency", _("Currency")),
    Column("basis", _("Basis"), "choice"),
    Column("per", _("Per"), "choice"),
    Column("mw", _("Capacity pledged, MW"), "power", sort="mw", page=True),
    Column("increment", _("Change"), "increment", None, sort="entry__high_usd", shown=True, page=True),
    Column("increment_usd", _("Change, headline"), "money", "entry__high_usd"),
    Column("increment_floor_usd", _("Change, floor"), "money", "entry__low_usd"),
    Column("counted", _("Added to totals"), "flag", lambda filters: is_counted(filters, "deal_id")),
    Column("sources", _("Sources"), "labels", cited()),
    Column("note", _("Note")),
    Column("note_fr", _("Note in French")),
)  # fmt: skip

# The parameters that also say something of a statement about a site alone; any other leaves those out.
OF_SITES = {"q", "project", "country", "event", "after", "before", "measure", "currency", "count", "sort", "page",
            "per_page", "include"}  # fmt: skip


class AnnouncementFilters(MoneyFilters):
    """Announcements: ``after``, ``before`` and ``event`` bound the statement itself."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(COLUMNS)

    def selection(self, **reading: Any) -> Selection:
        cleaned = self.cleaned
        bounds = {
            "after": cleaned.get("after"),
            "before": cleaned.get("before"),
            "events": tuple(cleaned.get("event") or ()),
        }
        return super().selection(**{**bounds, **reading})

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        selection = self.selection()
        about = self._of_deals()
        if not self.active.keys() - OF_SITES:
            about |= Q(deal=None) & self._of_site()
        rows = queryset.filter(about)
        if selection.after:
            rows = rows.filter(date__gte=selection.after)
        if selection.before:
            rows = rows.filter(date__lte=selection.before)
        if selection.events:
            rows = rows.filter(event__in=selection.events)
        return rows

    def _of_deals(self) -> Q:
        """Return the condition that a statement is about one of the deals listed.

        Where nothing narrows them it is said by a join: a page of the newest statements then reads its own rows only.
        """
        if self.narrows:
            return Q(deal__in=self.listed.order_by().values("pk"))
        public = Q(deal__is_public=True)
        return public if self.with_rumoured else public & ~Q(deal__status=DealStatus.RUMOURED)

    def _of_site(self) -> Q:
        """Return what the query asks of a statement about a site alone."""
        cleaned, condition = self.cleaned, Q()
        if cleaned.get("q"):
            condition &= matches("search", cleaned["q"])
        if cleaned.get("project"):
            condition &= Q(project__slug__in=cleaned["project"])
        if cleaned.get("country"):
            condition &= Q(project__country__in=cleaned["country"])
        return condition


ANNOUNCEMENTS = Resource(
    name="announcements",
    label=_("Announcements"),
    model=Announcement,
    filterset=AnnouncementFilters,
    columns=COLUMNS,
    default_sort="-date",
    queryset=Announcement.objects.published,
    related=("deal", "project", "entry"),
    prefetched=(Prefetch("citations", AnnouncementSource.objects.select_related("source").order_by("position", "pk")),),
    panel=(
        ("words", "q"),
        ("choices", "layer"),
        ("choices", "kind"),
        ("choices", "status"),
        ("choices", "event"),
        ("picker", "company"),
        ("choices", "role"),
        ("years", "year"),
        ("amounts", "amount"),
        ("codes", "country"),
        ("picker", "project"),
        ("choices", "has"),
        ("reading", "currency"),
    ),
)
