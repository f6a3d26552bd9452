"""Field declarations that several facts share."""

from collections.abc import Iterable
from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Func, Q
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from investments.choices import Precision, ReviewState
from investments.iso import COUNTRY_CODES
from investments.values import Period

# Amounts of money: up to a sextillion, in units of the currency, to the cent.
MONEY: dict[str, Any] = {"max_digits": 24, "decimal_places": 2}
# Megawatts.
POWER: dict[str, Any] = {"max_digits": 12, "decimal_places": 3}


def _said(of: Any) -> str:
    return gettext("precision of “%(date)s”") % {"date": of}


# Said in the language of each page: a message that is filled in at once stays in that of the start.
_precision_of = lazy(_said, str)


def precision_field(of: Any) -> models.CharField:
    """Return the field that says how much of the date ``of`` is known."""
    return models.CharField(
        _precision_of(of),
        max_length=7,
        choices=Precision.choices,
        default=Precision.DAY,
        help_text=_("How much of the date is known: its day, month, quarter or year."),
    )


def slug_field() -> models.SlugField:
    """Return the field of a fact's stable name in addresses and packages."""
    return models.SlugField(
        _("slug"), max_length=100, unique=True, help_text=_("Stable name in addresses: a-z, 0-9 and hyphens.")
    )


def country_field() -> models.CharField:
    """Return the field of a country by its ISO 3166-1 alpha-2 code; empty means unknown or none."""
    return models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("ISO 3166-1 code of two letters, such as US or FR.")
    )


def country_known(name: str) -> models.CheckConstraint:
    """Return the constraint that a country is empty or an ISO code."""
    return models.CheckConstraint(
        condition=Q(country="") | Q(country__in=COUNTRY_CODES),
        name=name,
        violation_error_code="country",
        violation_error_message=_("Country: expected an ISO 3166-1 code of two capital letters, such as US or FR."),
    )


def ordered(low: str, high: str, name: str, message: Any) -> models.CheckConstraint:
    """Return the constraint that the field ``low`` is not above the field ``high`` where both are known."""
    unknown = Q(**{f"{low}__isnull": True}) | Q(**{f"{high}__isnull": True})
    return models.CheckConstraint(
        condition=unknown | Q(**{f"{low}__lte": F(high)}), name=name, violation_error_message=message
    )


def not_negative(fields: Iterable[str], name: str, message: Any) -> models.CheckConstraint:
    """Return the constraint that none of the fields is below zero."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0})
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)


class Fold(Func):
    """Text without case and accents, as the SQL function ``tracker_fold`` makes it."""

    function = "tracker_fold"
    output_field = models.TextField()


def folded(column: str) -> models.GeneratedField:
    """Return the stored, folded copy of a column: what names are sorted and found by."""
    return models.GeneratedField(expression=Fold(F(column)), output_field=models.TextField(), db_persist=True)


def tracked(*, exclude: Iterable[str] = ()) -> Any:
    """Return the decorator that keeps every insert, update and delete of a fact, by whatever path.

    Derived columns are excluded: they follow from the facts whose history is kept.
    """
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(exclude)
    )


class ReviewedQuerySet(models.QuerySet):
    """Rows that a publisher releases."""

    def published(self) -> "ReviewedQuerySet":
        """Return the rows that the public may see."""
        return self.filter(review=ReviewState.PUBLISHED)


class Reviewed(models.Model):
    """A fact that stays out of every public page until it is published."""

    review = models.CharField(
        _("review state"), max_length=9, choices=ReviewState.choices, default=ReviewState.PUBLISHED
    )

    class Meta:
        abstract = True


class Sited(Reviewed):
    """A reviewed fact about one site, with its note in two languages and its source."""

    note = models.TextField(_("note"), blank=True)
    note_fr = models.TextField(_("note in French"), blank=True)
    source = models.ForeignKey(
        "investments.Source", models.PROTECT, null=True, blank=True, verbose_name=_("source"), related_name="+"
    )

    class Meta:
        abstract = True


def period(day: Any, precision: str) -> Period | None:
    """Return the period that a date and its precision name; None where the date is unknown."""
    return Period.containing(day, precision) if day else None
