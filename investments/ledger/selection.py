"""What a reader's query selects, and which of it counts (DOMAIN.md, rules 2, 6 and 7)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.expressions import RawSQL

from investments.choices import PAYEE_ROLES, PAYER_ROLES, DealStatus
from investments.models import DealContainment, DealParty
from investments.models.deal import DealQuerySet

Count = Literal["net", "gross", "leaves"]
Measure = Literal["headline", "floor", "delivered", "delivered_floor"]
View = Literal["announced", "planned"]
Dimension = Literal["layer", "kind", "status", "payer", "payee", "country"]

COUNTS = ("net", "gross", "leaves")
MEASURES = ("headline", "floor")
VIEWS = ("announced", "planned")
DIMENSIONS = ("layer", "kind", "status", "payer", "payee", "country")
# The segment of money whose payer, payee or country nobody named (rule 8).
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Slice:
    """The part of a selection that falls in one segment: ``dimension:value``.

    ``without`` turns it round: all segments but the named ones (what a chart calls "other").
    """

    dimension: Dimension
    values: tuple[str, ...]
    without: bool = False

    @classmethod
    def parse(cls, text: str) -> "Slice":
        """Read ``payer:openai`` or ``payer:-openai;oracle``; raise ValueError otherwise."""
        dimension, colon, value = text.partition(":")
        without = value.startswith("-")
        values = tuple(part for part in value.removeprefix("-").split(";") if part)
        if dimension not in DIMENSIONS or not colon or not values:
            raise ValueError(text)
        return cls(dimension, values, without)  # type: ignore[arg-type]  # checked just above

    def __str__(self) -> str:
        return f"{self.dimension}:{'-' if self.without else ''}{';'.join(self.values)}"


@dataclass(frozen=True)
class Selection:
    """The deals a filter selects and how their money is to be read.

    ``matching`` holds every public deal that the filter names, rumoured ones too; ``with_rumoured`` says whether
    the reader wants those counted. ``after``, ``before`` and ``slices`` cut what is summed, not what is selected,
    so that containment does not change with them (rule 6); neither do ``first_after`` and ``first_before``, between
    which the deals of a list were first announced. ``whole`` says that ``matching`` is every public deal.
    """

    matching: DealQuerySet
    with_rumoured: bool = False
    count: Count = "net"
    measure: Measure = "headline"
    currency: str = "USD"
    view: View = "announced"
    after: date | None = None
    before: date | None = None
    events: tuple[str, ...] = ()
    slices: tuple[Slice, ...] = ()
    whole: bool = False
    first_after: date | None = None
    first_before: date | None = None

    @property
    def selected(self) -> DealQuerySet:
        """The set S of rule 6."""
        return self.matching if self.with_rumoured else self.matching.firm()

    @property
    def holding(self) -> Q:
        """The condition under which a deal of ``matching`` holds money that counts, and covers what is inside it."""
        return Q(has_money=True) if self.with_rumoured else Q(has_money=True) & ~Q(status=DealStatus.RUMOURED)

    @property
    def with_money(self) -> DealQuerySet:
        """The selected deals that hold money."""
        return self.matching.filter(self.holding)

    @property
    def between(self) -> Q:
        """The condition that a deal was first announced between the reader's days, where a list asks for that."""
        condition = Q()
        if self.first_after:
            condition &= Q(first_announced__gte=self.first_after)
        if self.first_before:
            condition &= Q(first_announced__lte=self.first_before)
        return condition

    def within(self, deals: DealQuerySet) -> DealQuerySet:
        """Return those of the deals that were first announced between the reader's days, where a list asks for that."""
        return deals.filter(self.between)

    def in_slices(self, deals: DealQuerySet) -> DealQuerySet:
        """Return those of the deals with money in every segment that the reader asks for."""
        for part in self.slices:
            deals = deals.filter(slice_condition(part))
        return deals

    @property
    def rumoured(self) -> DealQuerySet:
        """The deals left out because they are no more than reported (rule 2)."""
        rumoured = self.matching.filter(status=DealStatus.RUMOURED)
        return self.matching.none() if self.with_rumoured else self.within(rumoured)

    @property
    def held_back(self) -> DealQuerySet:
        """The selected deals whose entries are not added under the counting rule in force."""
        if self.count == "gross":
            return self.selected.none()
        return self.within(self.selected).filter(is_held_back(self.with_money, self.count))

    @property
    def counted(self) -> DealQuerySet:
        """The selected deals whose entries are added."""
        listed = self.within(self.selected)
        return listed if self.count == "gross" else listed.exclude(is_held_back(self.with_money, self.count))


def is_held_back(with_money: DealQuerySet | RawSQL, count: Count, deal: str = "pk") -> Exists:
    """Return the condition under which a deal's entries are not added to those of a selection.

    ``with_money`` are the keys of the selected deals that hold money. ``net``: one of them contains the deal.
    ``leaves``: the deal contains one of them. ``deal`` is the column of the row that names the deal.
    """
    keys: Any = with_money if isinstance(with_money, RawSQL) else with_money.order_by().values("pk")
    if count == "leaves":
        return Exists(DealContainment.objects.filter(container=OuterRef(deal), deal__in=keys))
    return Exists(DealContainment.objects.filter(deal=OuterRef(deal), container__in=keys))


def containers_in_force(selection: Selection, deals: list[int]) -> dict[int, DealContainment]:
    """Return, for those of the deals that net counting holds back, the nearest container that covers them."""
    links = (
        DealContainment.objects.filter(deal__in=deals, container__in=selection.with_money.order_by().values("pk"))
        .select_related("container")
        .only("deal", "container__slug", "container__title", "container__title_fr")
        .order_by("deal", "-depth")
    )  # fmt: skip
    return {link.deal_id: link for link in links}


def slice_condition(part: Slice) -> Q:
    """Return the condition that some of a deal's money falls in the segment (rule 8)."""
    if part.dimension in ("layer", "kind", "status"):
        inside = Q(**{f"{part.dimension}__in": part.values})
        return ~inside if part.without else inside
    roles = PAYEE_ROLES if part.dimension == "payee" else PAYER_ROLES
    column = "company__country" if part.dimension == "country" else "company__slug"
    parties = DealParty.objects.filter(deal=OuterRef("pk"), role__in=roles)
    named = Q(**{f"{column}__in": part.values})
    if part.dimension == "country":
        named = (named | Q(company__country="")) if UNKNOWN in part.values else named & ~Q(company__country="")
    condition = Q(Exists(parties.exclude(named) if part.without else parties.filter(named)))
    if (UNKNOWN in part.values) != part.without:
        shares = parties.order_by().values("deal").annotate(total=Sum("share")).filter(total__lt=1)
        # A company of two roles has a share as soon as one of them has.
        unshared = parties.order_by().values("deal", "company").annotate(known=Sum("share")).filter(known=None)
        condition |= ~Q(Exists(parties)) | Q(Exists(shares)) & ~Q(Exists(unshared))
    return condition
