"""Deals as a list: which rows, which columns."""

from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from investments.choices import OTHER_ROLES, PAYEE_ROLES, PAYER_ROLES
from investments.ledger.selection import VIEWS, Selection
from investments.models import Deal, DealParty
from investments.models.deal import DealQuerySet
from investments.resources.base import Column, PlainChoice, Resource, sort_choices
from investments.resources.expressions import deal_parties, linked, period_text
from investments.resources.money import MoneyFilters, is_counted


def public_container() -> Case:
    """Return the slug of the deal that a deal is part of, as long as that is public too."""
    return Case(When(part_of__is_public=True, then=F("part_of__slug")))


COLUMNS = (
    Column("slug", _("Slug")),
    Column("title", _("Deal"), "deal", sort="title", shown=True, page=True, always=True),
    Column("title_fr", _("Title in French")),
    Column("kind", _("Kind"), "choice", sort="kind", shown=True, page=True, always=True),
    Column("layer", _("Layer"), "choice", sort="layer", page=True),
    Column("stage", _("Stage"), "choice"),
    Column("status", _("Status"), "status", sort="status", shown=True, page=True, always=True),
    Column("payers", _("Payers"), "labels", deal_parties(PAYER_ROLES), page=True),
    Column("payees", _("Payees"), "labels", deal_parties(PAYEE_ROLES), page=True),
    Column("others", _("Partners and guarantors"), "labels", deal_parties(OTHER_ROLES)),
    Column("first_announced", _("First announced"), "date", sort="first_announced", shown=True, page=True, always=True),
    Column("last_announced", _("Last news"), "date", sort="last_announced", page=True, always=True),
    Column("window_start", _("Spending starts"), "period", period_text("window_start"), sort="window_start", page=True),
    Column("window_end", _("Spending ends"), "period", period_text("window_end"), sort="window_end", page=True),
    Column("headline_usd", _("Total"), "money", sort="headline_usd", shown=True, page=True),
    Column("floor_usd", _("Floor"), "money", sort="floor_usd", page=True),
    Column("delivered_usd", _("Delivered"), "money", "delivered_high_usd", sort="delivered_high_usd", page=True),
    Column("counted", _("Added to totals"), "flag", is_counted),
    Column("currency", _("Currency")),
    Column("amount_low", _("Total in its currency, low"), "money"),
    Column("amount_high", _("Total in its currency, high"), "money"),
    Column("basis", _("Basis"), "choice"),
    Column("per", _("Per"), "choice"),
    Column("mw", _("Capacity, MW"), "power", sort="mw", page=True),
    Column("part_of", _("Part of"), "text", public_container()),
    Column("projects", _("Sites"), "labels", linked(Deal.projects.through, of="deal", other="datacenterproject__slug")),
    Column("steps", _("Steps"), "count", sort="steps", shown=True, page=True),
    Column("has_conflict", _("Disputed"), "flag"),
    Column("note", _("Note")),
    Column("note_fr", _("Note in French")),
)  # fmt: skip


class DealFilters(MoneyFilters):
    """Deals: ``after`` and ``before`` bound the first announcement, or in the planned view the days of spending."""

    defaults: ClassVar[dict[str, str]] = MoneyFilters.defaults | {"view": "announced"}

    view = PlainChoice(label=_("View"), choices=[(name, name) for name in VIEWS])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(COLUMNS)

    def selection(self, **reading: Any) -> Selection:
        after, before = self.cleaned.get("after"), self.cleaned.get("before")
        bounds: dict[str, Any] = {"first_after": after, "first_before": before}
        if self.planned:
            bounds = {"view": "planned", "after": after, "before": before}
        return super().selection(**{**bounds, **reading})

    @property
    def planned(self) -> bool:
        """Whether the money is to be read by the days on which it is planned to be spent (rule 7)."""
        return self.reading("view") == "planned"

    @property
    def listed(self) -> DealQuerySet:
        deals = super().listed
        if not self.planned or self.cleaned.get("left_out"):
            return deals
        # Those that have a part in the sum: a window that reaches into the reader's days.
        deals = deals.filter(window_start__isnull=False, window_end__isnull=False)
        if self.cleaned.get("after"):
            deals = deals.filter(window_end__gte=self.cleaned["after"])
        if self.cleaned.get("before"):
            deals = deals.filter(window_start__lte=self.cleaned["before"])
        return deals

    @property
    def narrows(self) -> bool:
        return super().narrows or self.planned

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return self.listed


def with_named(deals: QuerySet) -> QuerySet:
    """Return the deals with role, slug and name of their companies, as ``Deal.named`` has them, in the same query."""
    told = JSONObject(role="role", slug="company__slug", name="company__name")
    parties = DealParty.objects.filter(deal=OuterRef("pk")).order_by("pk")
    return deals.annotate(named=ArraySubquery(parties.values_list(told)))


DEALS = Resource(
    name="deals",
    label=_("Deals"),
    model=Deal,
    filterset=DealFilters,
    columns=COLUMNS,
    default_sort="-first_announced",
    queryset=Deal.objects.public,
    whole=with_named,
    panel=(
        ("words", "q"),
        ("choices", "layer"),
        ("choices", "kind"),
        ("choices", "status"),
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
