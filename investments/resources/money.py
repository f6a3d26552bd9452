"""The filters of deals, announcements and charts: one query language over deals and their ledger (INTERFACE.md)."""

from typing import Any, ClassVar

from django.db.models import BooleanField, Exists, OuterRef, Q, Value
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from investments.choices import (
    PAYEE_ROLES,
    PAYER_ROLES,
    AnnouncementEvent,
    DealKind,
    DealStatus,
    Layer,
    PartyRole,
)
from investments.iso import COUNTRY_CODES, CURRENCY_CODES
from investments.ledger.keys import by_keys
from investments.ledger.selection import COUNTS, MEASURES, Selection, is_held_back
from investments.models import Announcement, AnnouncementSource, Company, DataCenterProject, Deal, DealParty
from investments.models.deal import DealQuerySet
from investments.resources.base import PagingFilters, Plain, PlainChoice
from investments.resources.fields import (
    AmountField,
    ChoicesField,
    CodesField,
    DayField,
    SlicesField,
    SlugsField,
    WordsField,
)
from investments.search import matches

# Why a selected deal's money is not in the sums (docs/counting.md).
LEFT_OUT = {
    "covered": _("deals inside others"), "rumoured": _("rumoured deals"), "no_amount": _("deals without an amount"),
    "no_window": _("deals without a spending window"),
}  # fmt: skip
HAS = ("amount", "source", "window", "project", "conflict")


class Choices(Plain):
    field_class = ChoicesField


class Slugs(Plain):
    field_class = SlugsField


class Codes(Plain):
    field_class = CodesField


class Day(Plain):
    field_class = DayField


class Amount(Plain):
    field_class = AmountField


class Slices(Plain):
    field_class = SlicesField


class Words(Plain):
    field_class = WordsField


class MoneyFilters(PagingFilters):
    """The parameters that select deals, and how their money is read.

    ``deals()`` is the filter: the public deals that every parameter names. Subclasses say which rows of theirs
    belong to those deals, and what ``after``, ``before`` and ``event`` mean for them.
    """

    defaults: ClassVar[dict[str, str]] = {"count": "net", "measure": "headline"}

    q = Words(label=_("Words"))
    layer = Choices(label=_("Layer"), choices=Layer.choices)
    kind = Choices(label=_("Kind"), choices=DealKind.choices)
    status = Choices(label=_("Status"), choices=DealStatus.choices)
    event = Choices(label=_("Event"), choices=AnnouncementEvent.choices)
    has = Choices(label=_("Has or lacks"), choices=[(sign + name, sign + name) for sign in ("", "-") for name in HAS])
    company = Slugs(label=_("Company"), model=Company)
    role = Choices(label=_("Role"), choices=PartyRole.choices)
    payer = Slugs(label=_("Payer"), model=Company)
    payee = Slugs(label=_("Payee"), model=Company)
    country = Codes(label=_("Country"), codes=COUNTRY_CODES, expected=_("an ISO 3166-1 code such as US"))
    project = Slugs(label=_("Data-center project"), model=DataCenterProject)
    after = Day(label=_("From"))
    before = Day(label=_("To"), last=True)
    min = Amount(label=_("Amount, from"))
    max = Amount(label=_("Amount, to"))
    include = Choices(label=_("Include"), choices=[("rumoured", _("Rumoured deals"))])
    count = PlainChoice(label=_("Counting"), choices=[(name, name) for name in COUNTS])
    currency = Codes(
        label=_("Currency"), codes=["USD", *CURRENCY_CODES], expected=_("an ISO 4217 code such as EUR"), single=True
    )
    measure = PlainChoice(label=_("Measure"), choices=[(name, name) for name in MEASURES])
    slice = Slices(label=_("Segment"))
    left_out = PlainChoice(label=_("Left out of the sums"), choices=list(LEFT_OUT.items()))

    def matching(self) -> DealQuerySet:
        """Return the public deals that the query names, rumoured ones too; none while the query is wrong."""
        deals = Deal.objects.public()
        if self.problems:
            return deals.none()
        given = {name: self.cleaned[name] for name in self.asked}
        # In one order always: what is remembered goes by the text of the query.
        for name, condition in DEAL_CONDITIONS.items():
            if name in given:
                deals = deals.filter(condition(given[name]))
        return deals.filter(*party_conditions(given))

    @cached_property
    def _found(self) -> DealQuerySet:
        """``matching``, found once: a selection is asked for sums, facets and rows, each with what covers it."""
        return self.matching() if self.problems or self.whole else by_keys(self.matching())

    @property
    def asked(self) -> set[str]:
        """The names of the parameters that have a value."""
        return {name for name, value in self.cleaned.items() if value not in (None, "", [], ())}

    @property
    def narrows(self) -> bool:
        """Whether the query asks anything of the deals but whether they are rumoured."""
        return not self.asked.isdisjoint(DEAL_CONDITIONS.keys() | PARTY_CONDITIONS | {"slice", "left_out"})

    @property
    def whole(self) -> bool:
        """Whether ``matching`` is every public deal."""
        return not self.problems and self.asked.isdisjoint(DEAL_CONDITIONS.keys() | PARTY_CONDITIONS)

    @property
    def listed(self) -> DealQuerySet:
        """The deals that a list shows: those selected, or those of them that the sums leave out for one reason."""
        selection = self.selection()
        match self.cleaned.get("left_out"):
            case "covered":
                deals = selection.held_back
            case "rumoured":
                deals = selection.rumoured
            case "no_amount":
                deals = selection.counted.filter(headline_usd=None)
            case "no_window":
                deals = selection.counted.filter(Q(window_start=None) | Q(window_end=None))
            case _:
                deals = selection.within(selection.selected)
        return selection.in_slices(deals)

    @property
    def summed(self) -> DealQuerySet | None:
        """The deals whose money is the sum under a list; None for those that the selection counts."""
        return self.listed if self.cleaned.get("left_out") else None

    @property
    def with_rumoured(self) -> bool:
        """Whether the reader asks for rumoured deals."""
        return bool(self.cleaned.get("include")) or DealStatus.RUMOURED in self.cleaned.get("status", [])

    def selection(self, **reading: Any) -> Selection:
        """Return what the query selects, and how its money is to be read."""
        cleaned = self.cleaned
        return Selection(
            matching=self._found,
            with_rumoured=self.with_rumoured,
            count=self.reading("count"),  # type: ignore[arg-type]  # one of its choices
            measure=self.reading("measure"),  # type: ignore[arg-type]  # one of its choices
            currency=(cleaned.get("currency") or ["USD"])[0],
            slices=cleaned.get("slice") or (),
            whole=self.whole,
            **reading,
        )


def is_counted(filters: MoneyFilters, deal: str = "pk") -> Any:
    """Return the expression: whether the money of the row's deal is added under the counting rule in force (rule 6)."""
    selection = filters.selection()
    if selection.count == "gross":
        return Value(True, output_field=BooleanField())
    return ~is_held_back(selection.with_money, selection.count, deal)


def party_conditions(given: dict[str, Any]) -> list[Exists]:
    """Return the conditions on a deal's parties; ``company`` with ``role`` means one party that fits both."""
    wanted = []
    if "company" in given or "role" in given:
        one = {
            name: given[key] for name, key in (("company__slug__in", "company"), ("role__in", "role")) if key in given
        }
        wanted.append(Exists(DealParty.objects.filter(deal=OuterRef("pk"), **one)))
    for name, roles in (("payer", PAYER_ROLES), ("payee", PAYEE_ROLES)):
        if name in given:
            parties = DealParty.objects.filter(deal=OuterRef("pk"), role__in=roles, company__slug__in=given[name])
            wanted.append(Exists(parties))
    return wanted


def has_condition(wanted: list[str]) -> Q:
    """Return the condition that a deal has, or with ``-`` lacks, any of the things named."""
    of_deal = {"deal": OuterRef("pk")}
    cited = AnnouncementSource.objects.filter(announcement__deal=OuterRef("pk"), announcement__review="published")
    tests = {
        "amount": Q(headline_usd__isnull=False),
        "source": Q(Exists(cited)),
        "window": Q(window_start__isnull=False, window_end__isnull=False),
        "project": Q(Exists(Deal.projects.through.objects.filter(**of_deal))),
        "conflict": Q(has_conflict=True),
    }
    condition = Q()
    for name in wanted:
        test = tests[name.removeprefix("-")]
        condition |= ~test if name.startswith("-") else test
    return condition


def country_condition(codes: list[str]) -> Q:
    """Return the condition that a party, or a linked site, is in one of the countries."""
    party = DealParty.objects.filter(deal=OuterRef("pk"), company__country__in=codes)
    site = Deal.projects.through.objects.filter(deal=OuterRef("pk"), datacenterproject__country__in=codes)
    return Q(Exists(party)) | Q(Exists(site))


def project_condition(slugs: list[str]) -> Q:
    """Return the condition that a deal names one of the sites."""
    return Q(Exists(Deal.projects.through.objects.filter(deal=OuterRef("pk"), datacenterproject__slug__in=slugs)))


def event_condition(events: list[str]) -> Q:
    """Return the condition that a published announcement of the deal is one of the events."""
    announcements = Announcement.objects.published().filter(deal=OuterRef("pk"), event__in=events)
    return Q(Exists(announcements))


PARTY_CONDITIONS = {"company", "role", "payer", "payee"}
# What each parameter asks of a deal. Parties are asked together (party_conditions).
DEAL_CONDITIONS: dict[str, Any] = {
    "q": lambda words: matches("document__search", words),
    "layer": lambda layers: Q(layer__in=layers),
    "kind": lambda kinds: Q(kind__in=kinds),
    "status": lambda statuses: Q(status__in=statuses),
    "event": event_condition,
    "has": has_condition,
    "country": country_condition,
    "project": project_condition,
    "min": lambda amount: Q(headline_usd__gte=amount),
    "max": lambda amount: Q(headline_usd__lte=amount),
}
