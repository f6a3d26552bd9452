"""What the ledger reads and writes: exchange rates in, entries out."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from investments.choices import RateOrigin
from investments.iso import CURRENCY_CODES
from investments.models.fields import MONEY, tracked


@tracked()
class ExchangeRate(models.Model):
    """Units of a currency per US dollar on a day (DOMAIN.md, rule 5).

    A reference (``ecb``) or manual rate serves its own day and the 7 that follow; a ``peg`` holds from its
    day until the currency's next peg row.
    """

    currency = models.CharField(_("currency"), max_length=3)
    date = models.DateField(_("date"))
    # 24 decimals, so that 1/1.0312 turns a trillion back into dollars exact to the cent.
    rate = models.DecimalField(_("units per USD"), max_digits=36, decimal_places=24)
    origin = models.CharField(_("origin"), max_length=6, choices=RateOrigin.choices, default=RateOrigin.MANUAL)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "-date"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "date"], name="exchange_rate_unique"),
            models.CheckConstraint(
                condition=Q(rate__gt=0), name="exchange_rate_positive",
                violation_error_message=_("Units per USD: expected a number above 0."),
            ),
            models.CheckConstraint(
                condition=Q(currency__in=CURRENCY_CODES) & ~Q(currency="USD"), name="exchange_rate_currency_known",
                violation_error_message=_("Currency: expected an ISO 4217 code other than USD, such as EUR."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.currency} {self.date}: {self.rate.normalize():f}"


class LedgerEntry(models.Model):
    """Derived: what one published announcement added to its deal, in US dollars (DOMAIN.md, rule 4).

    Written by the database alone (ledger/sql); ``manage.py rebuild_ledger`` makes it anew from the facts.
    """

    announcement = models.OneToOneField(
        "investments.Announcement",
        models.CASCADE,
        primary_key=True,
        related_name="entry",
        verbose_name=_("announcement"),
    )
    deal = models.ForeignKey("investments.Deal", models.CASCADE, related_name="entries", verbose_name=_("deal"))
    date = models.DateField(_("date"))
    low_usd = models.DecimalField(_("floor, USD"), **MONEY)
    high_usd = models.DecimalField(_("headline, USD"), **MONEY)
    delivered_low_usd = models.DecimalField(_("delivered at least, USD"), **MONEY)
    delivered_high_usd = models.DecimalField(_("delivered, USD"), **MONEY)
    # What the rollup tells entries apart by; of the deal, and the same in all its entries but for the last three.
    kind = models.CharField(_("kind"), max_length=16, default="")
    status = models.CharField(_("status"), max_length=16, default="")
    is_covered = models.BooleanField(_("inside another deal with money"), default=False)
    is_priced = models.BooleanField(_("of a deal with a total"), default=False)
    opens = models.BooleanField(_("first of its deal"), default=False)
    opens_low = models.BooleanField(_("first with a floor that is not zero"), default=False)
    opens_high = models.BooleanField(_("first with a headline that is not zero"), default=False)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["date", "announcement"]
        indexes = [
            models.Index(fields=["date"], name="ledger_entry_by_day", include=["deal", "low_usd", "high_usd"]),
            models.Index(
                F("high_usd").desc(),
                "announcement",
                name="ledger_entry_largest",
                include=["date", "status", "is_covered"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.high_usd:+} USD"


class SpendingRollup(models.Model):
    """Derived: differences that add up to the entries of a month, kind, status and coverage (ledger/sql/rollup.sql).

    ``deals`` counts deals by the month of their first announcement; ``low_deals`` and ``high_deals`` those with money,
    by the month of their first amount. Written by the database alone.
    """

    month = models.DateField(_("month"))
    kind = models.CharField(_("kind"), max_length=16)
    status = models.CharField(_("status"), max_length=16)
    is_covered = models.BooleanField(_("inside another deal with money"))
    low_usd = models.DecimalField(_("floor, USD"), **MONEY)
    high_usd = models.DecimalField(_("headline, USD"), **MONEY)
    low_statements = models.BigIntegerField(_("announcements that move the floor"))
    high_statements = models.BigIntegerField(_("announcements that move the headline"))
    low_deals = models.BigIntegerField(_("deals with a floor"))
    high_deals = models.BigIntegerField(_("deals with a headline"))
    deals = models.BigIntegerField(_("deals"))
    unpriced_deals = models.BigIntegerField(_("deals without a total"))

    class Meta:
        verbose_name = _("sum of spending")
        verbose_name_plural = _("sums of spending")
        ordering = ["month", "pk"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind}: {self.high_usd:+} USD"
