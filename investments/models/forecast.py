"""Market-wide estimates: shown beside the deals, never added to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from investments.choices import FORECAST_UNITS
from investments.models.fields import Reviewed, ReviewedQuerySet, ordered, period, precision_field, slug_field, tracked
from investments.values import Period

# What units of an estimate count; the others are currencies.
QUANTITIES = {
    "MW": "power", "GW": "power", "TWh": "energy", "TWh/year": "energy", "m3/year": "water", "t/year": "emissions",
    "percent": "share",
}  # fmt: skip


@tracked()
class Forecast(Reviewed):
    """A market-wide estimate by a company or another body; ``unit`` says what the amounts count."""

    slug = slug_field()
    forecaster = models.ForeignKey(
        "investments.Company", models.PROTECT, null=True, blank=True, verbose_name=_("forecaster, a company here"),
        related_name="forecasts",
    )  # fmt: skip
    forecaster_name = models.CharField(
        _("forecaster, another body"), max_length=200, blank=True, help_text=_("Where it is no company of the tracker.")
    )
    published_on = models.DateField(_("published on"))
    published_on_precision = precision_field(_("published on"))
    subject = models.CharField(_("subject"), max_length=300)
    amount_low = models.DecimalField(_("amount, low"), max_digits=24, decimal_places=4, null=True, blank=True)
    amount_high = models.DecimalField(_("amount, high"), max_digits=24, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=10)
    horizon_start = models.DateField(_("horizon starts"), null=True, blank=True)
    horizon_start_precision = precision_field(_("horizon starts"))
    horizon_end = models.DateField(_("horizon ends"), null=True, blank=True)
    horizon_end_precision = precision_field(_("horizon ends"))
    headline = models.CharField(_("headline"), max_length=300)
    headline_fr = models.CharField(_("headline in French"), max_length=300, blank=True)
    source = models.ForeignKey(
        "investments.Source", models.PROTECT, null=True, blank=True, verbose_name=_("source"), related_name="+"
    )
    disputes = models.ManyToManyField(
        "self", symmetrical=False, blank=True, verbose_name=_("disputes"), related_name="disputed_by",
        help_text=_("Forecasts with which this one’s figure cannot be reconciled."),
    )  # fmt: skip

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ["-published_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(forecaster__isnull=False) & Q(forecaster_name="")
                | Q(forecaster__isnull=True) & ~Q(forecaster_name=""),
                name="forecast_has_one_forecaster",
                violation_error_message=_("Forecaster: expected either a company or the name of another body."),
            ),
            ordered(
                "amount_low", "amount_high", "forecast_amounts_ordered",
                _("Amount, low: expected at most the high amount."),
            ),
            ordered(
                "horizon_start", "horizon_end", "forecast_horizon_ordered",
                _("Horizon ends: expected a day on or after its start."),
            ),
            models.CheckConstraint(
                condition=Q(unit__in=FORECAST_UNITS), name="forecast_unit_known",
                violation_error_message=_("Unit: not one of the units of a forecast."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.headline

    @property
    def by(self) -> str:
        """Who made the estimate."""
        return self.forecaster.name if self.forecaster else self.forecaster_name

    @property
    def when(self) -> Period | None:
        """When the estimate was published."""
        return period(self.published_on, self.published_on_precision)

    @property
    def horizon_starts(self) -> Period | None:
        """The first period that the estimate covers."""
        return period(self.horizon_start, self.horizon_start_precision)

    @property
    def quantity(self) -> str:
        """What kind of thing the unit counts: money, power, energy, water, emissions or share."""
        return QUANTITIES.get(self.unit, "money")

    @property
    def horizon_ends(self) -> Period | None:
        """The last period that the estimate covers."""
        return period(self.horizon_end, self.horizon_end_precision)

    @property
    def local_headline(self) -> str:
        """The headline in the active language, English where there is no French one."""
        return self.headline_fr if get_language() == "fr" and self.headline_fr else self.headline
