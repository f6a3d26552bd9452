"""Dated public statements: what moves the totals."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from investments.choices import AnnouncementEvent, Basis, Per
from investments.iso import CURRENCY_CODES
from investments.models.fields import (
    MONEY,
    POWER,
    Reviewed,
    ReviewedQuerySet,
    not_negative,
    ordered,
    precision_field,
    tracked,
)
from investments.values import Period


def new_key() -> str:
    """Return a key for an announcement that nobody named."""
    return uuid.uuid4().hex


@tracked(exclude=["search"])
class Announcement(Reviewed):
    """A dated public statement about a deal, a site or both.

    Amounts are the deal's TOTAL after the announcement, in units of ``currency`` (DOMAIN.md, rule 1);
    ``mw`` is capacity in megawatts and is never turned into money.
    """

    key = models.CharField(
        _("key"), max_length=200, unique=True, default=new_key,
        help_text=_("Stable name in data packages; orders the announcements of one day."),
    )  # fmt: skip
    deal = models.ForeignKey(
        "investments.Deal", models.CASCADE, null=True, blank=True, verbose_name=_("deal"),
        related_name="announcements",
    )  # fmt: skip
    project = models.ForeignKey(
        "investments.DataCenterProject", models.CASCADE, null=True, blank=True,
        verbose_name=_("data-center project"), related_name="announcements",
    )  # fmt: skip
    date = models.DateField(_("date"))
    date_precision = precision_field(_("date"))
    event = models.CharField(
        _("event"), max_length=9, choices=AnnouncementEvent.choices, default=AnnouncementEvent.ANNOUNCED
    )
    amount_low = models.DecimalField(_("amount, low"), **MONEY, null=True, blank=True)
    amount_high = models.DecimalField(_("amount, high"), **MONEY, null=True, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, help_text=_("ISO 4217 code of three letters, such as USD or EUR.")
    )
    basis = models.CharField(_("basis"), max_length=8, choices=Basis.choices, default=Basis.EXACT, blank=True)
    per = models.CharField(_("per"), max_length=5, choices=Per.choices, default=Per.TOTAL, blank=True)
    mw = models.DecimalField(_("capacity pledged, MW"), **POWER, null=True, blank=True)
    headline = models.CharField(_("headline"), max_length=300)
    headline_fr = models.CharField(_("headline in French"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    note_fr = models.TextField(_("note in French"), blank=True)
    sources = models.ManyToManyField(
        "investments.Source", through="AnnouncementSource", blank=True, related_name="announcements"
    )
    search = models.GeneratedField(
        expression=Func(F("headline"), F("headline_fr"), F("note"), F("note_fr"), function="tracker_document"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-date", "-pk"]
        # Of all facts: who holds it decides what the public sees.
        permissions = [("publish", "Can publish and withdraw facts")]
        indexes = [
            models.Index(
                F("date").desc(nulls_last=True), F("id").desc(), name="announcement_newest", include=["review", "deal"]
            ),
            models.Index(fields=["deal", "date"], name="announcement_of_deal"),
            GinIndex(fields=["search"], name="announcement_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(deal__isnull=False) | Q(project__isnull=False), name="announcement_about_something",
                violation_error_message=_("Deal: an announcement needs a deal or a data-center project."),
            ),
            ordered(
                "amount_low", "amount_high", "announcement_amounts_ordered",
                _("Amount, low: expected at most the high amount."),
            ),
            not_negative(
                ["amount_low", "amount_high", "mw"], "announcement_amounts_not_negative",
                _("Amounts and capacity: expected zero or more."),
            ),
            models.CheckConstraint(
                condition=Q(amount_low__isnull=True, amount_high__isnull=True) | ~Q(currency="") & ~Q(basis=""),
                name="announcement_amount_has_currency_and_basis",
                violation_error_message=_("Currency: an amount needs its currency and its basis."),
            ),
            models.CheckConstraint(
                condition=Q(currency="") | Q(currency__in=CURRENCY_CODES), name="announcement_currency_known",
                violation_error_message=_("Currency: expected an ISO 4217 code of three letters, such as USD or EUR."),
            ),
            models.CheckConstraint(
                condition=Q(event__in=AnnouncementEvent.values), name="announcement_event_known",
                violation_error_message=_("Event: not one of the events of an announcement."),
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["", *Basis.values], per__in=["", *Per.values]),
                name="announcement_basis_and_per_known",
                violation_error_message=_("Basis or per: not one of the values allowed."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.when}: {self.headline}"

    @property
    def when(self) -> Period:
        """The day, month, quarter or year of the statement."""
        return Period.containing(self.date, self.date_precision)

    @property
    def local_headline(self) -> str:
        """The headline in the active language, English where there is no French one."""
        return self.headline_fr if get_language() == "fr" and self.headline_fr else self.headline


@tracked()
class AnnouncementSource(models.Model):
    """A source of an announcement; the best one stands first."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="citations")
    source = models.ForeignKey("investments.Source", models.PROTECT, verbose_name=_("source"), related_name="citations")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("source of the announcement")
        verbose_name_plural = _("sources of the announcement")
        ordering = ["announcement", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["announcement", "source"], name="announcement_source_unique")]

    def __str__(self) -> str:
        return str(self.source)
