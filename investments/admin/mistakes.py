"""Mistakes in a form, each said with the field that it is in, what was typed and what is expected."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

# Django's own messages that say what is expected but not of what.
BARE = {
    "max_length", "min_length", "max_value", "min_value", "max_digits", "max_decimal_places", "max_whole_digits",
    "invalid_choice", "invalid_pk_value", "overflow", "null_characters_not_allowed", "invalid_list",
}  # fmt: skip


class NamedMistakes(forms.BaseForm):
    """A form whose every message names its field; Django's are said by the form, ours name it already."""

    def add_error(self, field: str | None, error: Any) -> None:
        if not isinstance(error, ValidationError):
            error = ValidationError(error)
        if hasattr(error, "error_dict"):
            named = {name: self._named(name, found) for name, found in error.error_dict.items()}
            super().add_error(field, ValidationError(named))
        elif field is not None:
            super().add_error(field, ValidationError(self._named(field, error.error_list)))
        else:
            super().add_error(field, error)

    def _named(self, name: str, found: list[ValidationError]) -> list[ValidationError]:
        if name not in self.fields:
            return found
        typed = str(self[name].data or "")[:80]
        return [ValidationError(said(self.fields[name], typed, one), one.code) for one in found]


def said(field: forms.Field, typed: str, error: ValidationError) -> str:
    """Return what a mistake is, with its field."""
    words = {"label": capfirst(str(field.label or "")), "value": typed}
    message = " ".join(error.messages)
    if error.code == "required":
        return _("%(label)s: expected, but left empty.") % words
    if error.code == "unique":
        return _("%(label)s: “%(value)s” is taken already. Expected another one.") % words
    if error.code in BARE:
        return _("%(label)s: %(message)s") % {**words, "message": message}
    if error.code != "invalid":
        return message
    match field:
        case forms.DateField():
            return _("%(label)s: “%(value)s”: expected a day, such as 2025-01-21.") % words
        case forms.URLField():
            return _("%(label)s: “%(value)s”: expected an address, such as https://example.org.") % words
        case forms.SlugField():
            return _("%(label)s: “%(value)s”: expected a-z, 0-9 and hyphens.") % words
        case forms.IntegerField():
            # Decimal numbers too.
            return _("%(label)s: “%(value)s”: expected a number, such as 1200 or 0.5.") % words
    return message
