"""Form fields of the query language (INTERFACE.md): what a reader may type, and the words when it is not understood."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet, Value
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from investments.amounts import AmountError, read_plain_amount
from investments.choices import DealKind, DealStatus, Layer
from investments.iso import COUNTRY_CODES
from investments.ledger.selection import DIMENSIONS, UNKNOWN, Slice
from investments.models import Company
from investments.models.fields import Fold
from investments.values import Period


class RepeatedWidget(forms.SelectMultiple):
    """Takes every value of a repeated parameter; the templates draw it."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        return [value for value in values if value != ""]


def values_of(texts: Iterable[str]) -> list[str]:
    """Return the values that a parameter of a vocabulary is given, however they are parted, each once."""
    return list(dict.fromkeys(filter(None, (one.strip() for text in texts for one in str(text).split(",")))))


def known_values(field: forms.ChoiceField) -> list[str]:
    """Return the values that a field of a vocabulary takes."""
    choices: Any = field.choices
    return [str(key) for key, label in choices]


class ChoicesField(forms.MultipleChoiceField):
    """Any number of values of a vocabulary; a repeated parameter, or values with commas between them."""

    widget = RepeatedWidget

    def to_python(self, value: Any) -> list[str]:
        return values_of(value or ())

    def validate(self, value: Sequence[str]) -> None:
        known = known_values(self)
        for one in value:
            if one not in known:
                raise ValidationError(
                    _("“%(value)s” is not one of: %(known)s.") % {"value": one, "known": ", ".join(known)}
                )


class ChoiceField(forms.ChoiceField):
    """One value of a vocabulary; empty means the default."""

    def validate(self, value: str) -> None:
        known = known_values(self)
        if value and value not in known:
            raise ValidationError(
                _("“%(value)s” is not one of: %(known)s.") % {"value": value, "known": ", ".join(known)}
            )


class SlugsField(forms.Field):
    """Slugs of things that are public; a repeated parameter. Cleans to the list of slugs, each checked to exist.

    ``known`` gives the rows that may be named, where those are not all public ones of the model.
    """

    widget = RepeatedWidget

    def __init__(
        self, model: type[models.Model], *, known: Callable[[], QuerySet] | None = None, **options: Any
    ) -> None:
        self.model = model
        every: Any = model._default_manager
        self.known = known or every.public
        super().__init__(**options)

    def to_python(self, value: Any) -> list[str]:
        """Return the slugs; a name that is no slug is looked up, case and accents aside."""
        typed = list(dict.fromkeys(part.strip() for text in value or [] for part in text.split(",") if part.strip()))
        if not typed:
            return []
        if any("\x00" in one for one in typed):
            raise ValidationError(_("A name cannot hold that character."))
        rows = self.known()
        known = set(rows.filter(slug__in=typed).values_list("slug", flat=True))
        slugs = []
        for one in typed:
            slug = (
                one if one in known else rows.filter(sort_name=Fold(Value(one))).values_list("slug", flat=True).first()
            )
            if slug is None:
                noun = self.model._meta.verbose_name
                raise ValidationError(_("No %(noun)s is called “%(slug)s”.") % {"noun": noun, "slug": one})
            slugs.append(slug)
        return slugs


class CodesField(forms.Field):
    """Codes out of a fixed list, such as countries; a repeated parameter unless ``single``. Case does not matter."""

    widget = RepeatedWidget

    def __init__(self, codes: Iterable[str], expected: Any, *, single: bool = False, **options: Any) -> None:
        self.codes = frozenset(codes)
        self.expected = expected
        self.single = single
        super().__init__(**options)

    def to_python(self, value: Any) -> list[str]:
        return [code.strip().upper() for text in value or [] for code in text.split(",") if code.strip()]

    def validate(self, value: list[str]) -> None:
        if self.single and len(value) > 1:
            raise ValidationError(_("“%(value)s”: expected one value, not several.") % {"value": ", ".join(value)})
        for code in value:
            if code not in self.codes:
                raise ValidationError(
                    _("“%(value)s”: expected %(expected)s.") % {"value": code, "expected": self.expected}
                )


class DayField(forms.Field):
    """A day, month or year that bounds a window: its first day, or with ``last`` its last one."""

    widget = forms.TextInput

    def __init__(self, *, last: bool = False, **options: Any) -> None:
        self.last = last
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        if not value:
            return None
        try:
            period = Period.parse(str(value))
        except ValueError:
            raise ValidationError(
                _("“%(value)s” is no date: expected YYYY, YYYY-MM or YYYY-MM-DD.") % {"value": value}
            ) from None
        return period.last if self.last else period.first


class AmountField(forms.Field):
    """An amount of US dollars: 1500000000, 1.5e9, 1.5bn, 300m."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:
        if not value:
            return None
        try:
            return read_plain_amount(str(value))
        except AmountError:
            raise ValidationError(
                _("“%(value)s” is no amount: expected a figure such as 1500000000, 1.5e9, 1.5bn or 300m.")
                % {"value": value}
            ) from None


class NumberField(forms.Field):
    """A number that is not negative, such as megawatts."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:
        if not value:
            return None
        try:
            return read_plain_amount(str(value))
        except AmountError:
            raise ValidationError(
                _("“%(value)s” is no number: expected a figure such as 100 or 1500.5.") % {"value": value}
            ) from None


# The segments of the dimensions that have a vocabulary.
SEGMENTS = {"layer": Layer.values, "kind": DealKind.values, "status": DealStatus.values}


class SlicesField(forms.Field):
    """Segments of a chart, ``dimension:value``; a repeated parameter. Cleans to a tuple of Slice."""

    widget = RepeatedWidget

    def to_python(self, value: Any) -> tuple[Slice, ...]:
        slices = []
        for text in value or []:
            try:
                slices.append(Slice.parse(text))
            except ValueError:
                raise ValidationError(
                    _("“%(value)s”: expected dimension:value, with a dimension out of %(known)s.")
                    % {"value": text, "known": ", ".join(DIMENSIONS)}
                ) from None
        for one in slices:
            self._check(one)
        return tuple(slices)

    def _check(self, part: Slice) -> None:
        """Refuse values that no segment can have: no row would be left, and nobody told why."""
        values = set(part.values) - {UNKNOWN}
        if any("\x00" in value for value in values):
            raise ValidationError(_("A name cannot hold that character."))
        if part.dimension in ("payer", "payee"):
            values -= set(Company.objects.public().filter(slug__in=values).values_list("slug", flat=True))
        elif part.dimension == "country":
            values -= set(COUNTRY_CODES)
        else:
            values -= set(SEGMENTS[part.dimension])
        if values:
            raise ValidationError(
                _("“%(value)s” is no known value of %(dimension)s.")
                % {"value": min(values), "dimension": part.dimension}
            )


class WordsField(forms.CharField):
    """Words to search for, without characters that no text can hold."""

    def clean(self, value: Any) -> str:
        words = super().clean(value)
        if "\x00" in words:
            raise ValidationError(_("The search words hold a character that no text can hold."))
        return words


class PageField(forms.Field):
    """The number of a page, from 1."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int:
        if not value:
            return 1
        if not (str(value).isascii() and str(value).isdecimal() and 1 <= int(value[:10]) <= 10**9):
            raise ValidationError(_("“%(value)s” is no page: expected a whole number from 1.") % {"value": value})
        return int(value)
