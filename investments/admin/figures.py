"""Fields that read figures and countries as sources write them: ``1.2 GW``, ``60%``, ``Germany``."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import DateField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from investments.admin.fields import DayField
from investments.iso import COUNTRY_CODES
from investments.typed_dates import unaccented

_FIGURE = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:[.,](\d+))?([a-z%]*)", re.ASCII)
_EITHER = re.compile(r"[1-9]\d{0,2},\d{3}[a-z]*", re.ASCII)
# Names that people write and Babel does not.
_ALSO = {
    "usa": "US", "u.s.": "US", "united states of america": "US", "etats-unis d'amerique": "US", "uk": "GB",
    "great britain": "GB", "uae": "AE", "emirats": "AE", "korea": "KR", "coree": "KR", "holland": "NL", "turkey": "TR",
    "czech republic": "CZ", "hong kong": "HK", "taiwan": "TW",
}  # fmt: skip


class FigureField(forms.DecimalField):
    """A number with its unit, brought to the unit in which it is stored."""

    widget = forms.TextInput(attrs={"size": 10, "inputmode": "decimal"})

    def __init__(self, *, units: dict[str, Decimal], expected: Any, **options: Any) -> None:
        self.units, self.expected = units, expected
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as DecimalField itself does
        text = str(value or "").strip()
        if value is None or text in self.empty_values or isinstance(value, Decimal):
            return super().to_python(value)
        plain = re.sub(r"[\s_'’]", "", text).lower()
        match = _FIGURE.fullmatch(plain)
        factor = self.units.get(match[3]) if match else None
        # A comma before three digits parts thousands of megawatts; of another unit it may as well be a decimal comma.
        grouped = _EITHER.fullmatch(plain) is not None
        if match is None or factor is None or (grouped and factor != 1):
            raise ValidationError(
                _("%(label)s: “%(value)s”: expected %(expected)s.")
                % {"label": self.label, "value": text[:80], "expected": self.expected},
            )
        whole, part = (match[1] + match[2], "0") if grouped else (match[1].replace(",", ""), match[2] or "0")
        return super().to_python(_plain(Decimal(f"{whole}.{part}") * factor))

    def prepare_value(self, value: Any) -> Any:
        return _plain(value) if isinstance(value, Decimal) else value


def _plain(number: Decimal) -> str:
    """Return a number without the zeros at its end."""
    return f"{number.normalize():f}"


def power_field(**options: Any) -> FigureField:
    """Return the field of megawatts."""
    return FigureField(
        units={"": Decimal(1), "mw": Decimal(1), "gw": Decimal(1000), "kw": Decimal("0.001")},
        expected=gettext_lazy("a power such as 300, 300 MW or 1.2 GW"), **options,
    )  # fmt: skip


def share_field(**options: Any) -> FigureField:
    """Return the field of a party's share."""
    return FigureField(
        units={"": Decimal(1), "%": Decimal("0.01")},
        expected=gettext_lazy("a share such as 0.6 or 60%"), **options,
    )  # fmt: skip


class CountryField(forms.CharField):
    """A country by its code or by its name, in English or French."""

    widget = forms.TextInput(attrs={"size": 14})

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", gettext_lazy("Code or name, such as FR or France."))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = super().clean(value).strip()
        code = text.upper() if text.upper() in COUNTRY_CODES else _names().get(_folded(text), "")
        if text and not code:
            raise ValidationError(
                _("%(label)s: “%(value)s”: expected a country, by its name or its code of two letters, such as FR.")
                % {"label": self.label, "value": text[:80]}
            )
        return code


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    known = {
        _folded(name): code
        for spoken in ("en", "fr")
        for code, name in Locale(spoken).territories.items()
        if code in COUNTRY_CODES
    }
    return {**known, **_ALSO}


def _folded(name: str) -> str:
    return unaccented(name).replace("’", "'")


_FIELDS = {"mw": power_field, "planned_mw": power_field, "share": share_field, "country": CountryField}


class TypedColumns(BaseModelAdmin):
    """Columns of the admin that are typed as sources write them."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        if isinstance(db_field, DateField) and f"{db_field.name}_precision" in {
            f.name for f in db_field.model._meta.fields
        }:
            options |= {"form_class": DayField, "ends": db_field.name.endswith("_end")}
        make: Any = _FIELDS.get(db_field.name)
        if make is None:
            return super().formfield_for_dbfield(db_field, request, **options)
        own: dict[str, Any] = {"label": capfirst(db_field.verbose_name), "required": not db_field.blank}
        if make is not CountryField:
            own |= {
                "max_digits": db_field.max_digits, "decimal_places": db_field.decimal_places,
                "help_text": db_field.help_text,
            }  # fmt: skip
        return make(**own)
