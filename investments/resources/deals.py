"""Deals as a list: which rows, which columns."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from investments.choices import PAYEE_ROLES, PAYER_ROLES
from investments.models import Deal, DealContainment, DealParty
from investments.models.deal import DealQuerySet
from investments.resources.base import Column, Resource, sort_choices
from investments.resources.money import MoneyFilters


def names(deal: Deal, roles: tuple[str, ...]) -> list[str]:
    """Return the names of the deal's parties in these roles."""
    return list(dict.fromkeys(party.company.name for party in deal.parties.all() if party.role in roles))


COLUMNS = (
    Column("title", _("Deal"), lambda deal: deal.local_title, kind="deal", sort="title"),
    Column("kind", _("Kind"), lambda deal: deal.get_kind_display(), sort="kind"),
    Column("status", _("Status"), lambda deal: deal.status, kind="status", sort="status"),
    Column("payers", _("Payers"), lambda deal: names(deal, PAYER_ROLES), kind="labels", shown=False),
    Column("payees", _("Payees"), lambda deal: names(deal, PAYEE_ROLES), kind="labels", shown=False),
    Column("first_announced", _("First announced"), lambda deal: deal.first_announced, kind="date", sort="first_announced"),
    Column("last_announced", _("Last news"), lambda deal: deal.last_announced, kind="date", sort="last_announced", shown=False),
    Column("headline", _("Total"), lambda deal: deal.headline_usd, kind="total", sort="headline_usd"),
    Column("floor", _("Floor"), lambda deal: deal.floor_usd, kind="money", sort="floor_usd", shown=False),
    Column("steps", _("Steps"), lambda deal: deal.steps, kind="number", sort="steps"),
)  # fmt: skip


class DealFilters(MoneyFilters):
    """Deals: ``after`` and ``before`` bound the first announcement."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.form.fields["sort"].choices = sort_choices(COLUMNS)

    def matching(self) -> DealQuerySet:
        deals = super().matching()
        if after := self.cleaned.get("after"):
            deals = deals.filter(first_announced__gte=after)
        if before := self.cleaned.get("before"):
            deals = deals.filter(first_announced__lte=before)
        return deals

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return self.in_slices(self.selection().selected)


DEALS = Resource(
    name="deals",
    label=_("Deals"),
    model=Deal,
    filterset=DealFilters,
    columns=COLUMNS,
    default_sort="-first_announced",
    queryset=Deal.objects.public,
    facets=("layer", "kind", "status"),
    prefetched=(
        Prefetch("parties", DealParty.objects.select_related("company").order_by("pk")),
        Prefetch("containers", DealContainment.objects.select_related("container").order_by("depth")),
    ),
    options={
        "form": ("q", "layer", "kind", "status", "company", "country", "after", "before", "min"),
        "kept": (
            "role",
            "payer",
            "payee",
            "project",
            "event",
            "has",
            "max",
            "include",
            "count",
            "currency",
            "measure",
            "slice",
            "per_page",
        ),
        "rows": "investments/deals/_rows.html",
    },
)
