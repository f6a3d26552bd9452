"""Commitments of money, who takes part in them, and what contains what."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from investments.choices import LAYER_KINDS, Basis, DealKind, DealStage, DealStatus, Layer, PartyRole, Per
from investments.models.fields import MONEY, POWER, ordered, period, precision_field, slug_field, tracked
from investments.values import Period

# Columns of a deal that the database derives from its announcements (ledger/sql); never entered.
DERIVED_COLUMNS = (
    "status", "is_public", "headline_usd", "floor_usd", "delivered_high_usd", "delivered_low_usd", "has_money",
    "currency", "amount_low", "amount_high", "basis", "per", "mw", "first_announced", "last_announced", "steps",
    "has_conflict",
)  # fmt: skip


NEWEST = F("first_announced").desc(nulls_last=True)
LARGEST = F("headline_usd").desc(nulls_last=True)
LAST = F("id").desc()
LISTED = ["is_public", "status"]


class DealQuerySet(models.QuerySet["Deal"]):
    """Deals as readers ask for them."""

    def public(self) -> "DealQuerySet":
        """Return the deals that have a published announcement."""
        return self.filter(is_public=True)

    def firm(self) -> "DealQuerySet":
        """Return the deals that are more than a rumour (DOMAIN.md, rule 2)."""
        return self.exclude(status=DealStatus.RUMOURED)


@tracked(exclude=["layer", *DERIVED_COLUMNS])
class Deal(models.Model):
    """One commitment of money between parties.

    The amounts in ``*_usd`` columns are US dollars at the announcements' own days; ``amount_low`` and
    ``amount_high`` are in ``currency``. All columns from ``status`` on are derived by the database.
    """

    slug = slug_field()
    title = models.CharField(_("title"), max_length=300)
    title_fr = models.CharField(_("title in French"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=DealKind.choices)
    layer = models.GeneratedField(
        expression=Case(
            *(When(kind__in=kinds, then=Value(layer.value)) for layer, kinds in LAYER_KINDS.items()),
            default=Value(""),
        ),
        output_field=models.CharField(_("layer"), max_length=9, choices=Layer.choices),
        db_persist=True,
    )
    stage = models.CharField(_("stage"), max_length=16, choices=DealStage.choices, default=DealStage.ANNOUNCED)
    window_start = models.DateField(_("spending starts"), null=True, blank=True)
    window_start_precision = precision_field(_("spending starts"))
    window_end = models.DateField(
        _("spending ends"), null=True, blank=True, help_text=_("The last day on which money is spent.")
    )
    window_end_precision = precision_field(_("spending ends"))
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("part of"), related_name="parts",
        help_text=_("The deal whose money contains this one’s."),
    )  # fmt: skip
    projects = models.ManyToManyField(
        "investments.DataCenterProject", blank=True, verbose_name=_("data-center projects"), related_name="deals"
    )
    companies = models.ManyToManyField("investments.Company", through="DealParty", related_name="deals")
    note = models.TextField(_("note"), blank=True)
    note_fr = models.TextField(_("note in French"), blank=True)

    status = models.CharField(
        _("status"), max_length=16, choices=DealStatus.choices, default=DealStatus.ANNOUNCED, editable=False
    )
    is_public = models.BooleanField(_("public"), default=False, editable=False)
    headline_usd = models.DecimalField(_("headline, USD"), **MONEY, null=True, editable=False)
    floor_usd = models.DecimalField(_("floor, USD"), **MONEY, null=True, editable=False)
    delivered_high_usd = models.DecimalField(_("delivered, USD"), **MONEY, null=True, editable=False)
    delivered_low_usd = models.DecimalField(_("delivered at least, USD"), **MONEY, null=True, editable=False)
    has_money = models.BooleanField(_("has an entry that is not zero"), default=False, editable=False)
    currency = models.CharField(_("currency"), max_length=3, default="", editable=False)
    amount_low = models.DecimalField(_("total, low"), **MONEY, null=True, editable=False)
    amount_high = models.DecimalField(_("total, high"), **MONEY, null=True, editable=False)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis.choices, default="", editable=False)
    per = models.CharField(_("per"), max_length=5, choices=Per.choices, default="", editable=False)
    mw = models.DecimalField(_("capacity, MW"), **POWER, null=True, editable=False)
    first_announced = models.DateField(_("first announced"), null=True, editable=False)
    last_announced = models.DateField(_("last announced"), null=True, editable=False)
    steps = models.PositiveIntegerField(_("announcements"), default=0, editable=False)
    has_conflict = models.BooleanField(_("disputed"), default=False, editable=False)

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        ordering = ["slug"]
        indexes = [
            # Pages are found by these alone: what the usual list asks of a row stands in the index too.
            models.Index(NEWEST, LAST, name="deal_newest", include=LISTED),
            models.Index("kind", NEWEST, LAST, name="deal_kind_newest", include=LISTED),
            models.Index(LARGEST, LAST, name="deal_largest", include=LISTED),
            models.Index("kind", LARGEST, LAST, name="deal_kind_largest", include=LISTED),
            # Deals found by their parties, sites or keys, and those that can cover others, without reading them.
            models.Index(fields=["id"], name="deal_by_key", include=[*LISTED, "has_money"]),
        ]
        constraints = [
            ordered(
                "window_start", "window_end", "deal_window_ordered",
                _("Spending ends: expected a day on or after the one on which spending starts."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DealKind.values), name="deal_kind_known",
                violation_error_message=_("Kind: not one of the kinds of deal."),
            ),
            models.CheckConstraint(
                condition=Q(stage__in=DealStage.values), name="deal_stage_known",
                violation_error_message=_("Stage: not one of the stages of a deal."),
            ),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True) | ~Q(part_of=F("id")), name="deal_not_part_of_itself",
                violation_error_message=_("Part of: a deal cannot be inside itself."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        """The title in the active language, English where there is no French one."""
        return self.title_fr if get_language() == "fr" and self.title_fr else self.title

    @cached_property
    def named(self) -> list[Any]:
        """Role, slug and name of its companies, in order; lists read them with their rows (resources/deals.py)."""
        return list(self.parties.order_by("pk").values("role", slug=F("company__slug"), name=F("company__name")))

    @property
    def window_starts(self) -> Period | None:
        """The first period in which money is spent."""
        return period(self.window_start, self.window_start_precision)

    @property
    def window_ends(self) -> Period | None:
        """The last period in which money is spent."""
        return period(self.window_end, self.window_end_precision)


@tracked()
class DealParty(models.Model):
    """A company in a role of a deal, with the fraction of the deal it stands for, where that is known."""

    deal = models.ForeignKey(Deal, models.CASCADE, verbose_name=_("deal"), related_name="parties")
    company = models.ForeignKey(
        "investments.Company", models.PROTECT, verbose_name=_("company"), related_name="deal_parties"
    )
    role = models.CharField(_("role"), max_length=9, choices=PartyRole.choices)
    share = models.DecimalField(
        _("share"), max_digits=9, decimal_places=8, null=True, blank=True,
        help_text=_("Fraction of the deal, above 0 and at most 1; empty where unknown."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["deal", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["deal", "company", "role"], name="deal_party_unique"),
            models.CheckConstraint(
                condition=Q(role__in=PartyRole.values), name="deal_party_role_known",
                violation_error_message=_("Role: not one of the roles of a party."),
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1), name="deal_party_share_is_fraction",
                violation_error_message=_("Share: expected a number above 0 and at most 1."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["company", "role", "deal"], name="deal_party_by_company")]

    def __str__(self) -> str:
        return f"{self.company}, {self.get_role_display()}"


class DealContainment(models.Model):
    """Derived: ``deal`` lies inside ``container``, ``depth`` steps of part_of away."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="containers")
    container = models.ForeignKey(Deal, models.CASCADE, related_name="contained")
    depth = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("containment")
        verbose_name_plural = _("containments")
        constraints = [models.UniqueConstraint(fields=["deal", "container"], name="deal_containment_unique")]

    def __str__(self) -> str:
        return f"{self.deal_id} in {self.container_id}"


class DealDocument(models.Model):
    """Derived: the words by which a deal is found (titles, notes, parties, sites, announcements)."""

    deal = models.OneToOneField(Deal, models.CASCADE, primary_key=True, related_name="document")
    search = SearchVectorField()

    class Meta:
        verbose_name = _("search document of a deal")
        verbose_name_plural = _("search documents of deals")
        indexes = [GinIndex(fields=["search"], name="deal_document_search")]

    def __str__(self) -> str:
        return str(self.deal_id)
