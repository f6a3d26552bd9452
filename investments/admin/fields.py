"""Fields of the entry form: pick something or name something new, a date as precise as it is known, an amount."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from investments.admin.words import complained
from investments.choices import Precision
from investments.models import Announcement, DealParty
from investments.typed_amounts import TypedAmount, read_typed_amount
from investments.typed_dates import DateError, read_typed_date
from investments.values import Period

# Before the name of something that is not there yet.
NEW = "new:"


class PickWidget(AutocompleteSelect):
    """The admin's autocomplete, which also offers to make what is not found."""

    def get_url(self) -> str:
        return reverse("admin:picks")

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        chosen = [str(one) for one in value if one]
        rows = self.field.remote_field.model._default_manager.in_bulk([int(one) for one in chosen if one.isdecimal()])
        options = [self.create_option(name, "", "", False, 0)]
        for one in chosen:
            new = _("New: %(name)s") % {"name": one.removeprefix(NEW)} if one.startswith(NEW) else ""
            row = rows.get(int(one)) if one.isdecimal() else None
            options.append(self.create_option(name, one, new or row or one, True, len(options)))
        return [(None, options, 0)]


class PickView(AutocompleteJsonView):
    """The admin's answers to an autocomplete, with an offer to make what was typed where nothing has that name."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        answer = super().get(request, *args, **kwargs)
        term = self.term.strip()
        listed = {str(row).casefold() for row in self.object_list[: self.paginate_by]}
        if term and term.casefold() not in listed and self.model_admin.has_add_permission(request):
            data = self.get_context_data()
            rows = [self.serialize_result(row, "pk") for row in data["object_list"]]
            offer = {"id": f"{NEW}{term}", "text": _("New: %(name)s") % {"name": term}}
            more = data["page_obj"].has_next()
            # The offer stands last, where it is not taken by mistake.
            return JsonResponse({"results": [*rows, *([] if more else [offer])], "pagination": {"more": more}})
        return answer


class PickField(forms.Field):
    """Something stored, by its number, or something new, by its name: an unsaved row of the model."""

    def __init__(self, of: type[Any], column: str, name: str, **options: Any) -> None:
        field = of._meta.get_field(column)
        self.model = field.remote_field.model
        self.named = name
        widget = PickWidget(field, admin.site, attrs={"data-placeholder": " "})
        super().__init__(widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        return value.pk if hasattr(value, "pk") else value

    def to_python(self, value: Any) -> Any:
        if value in (None, ""):
            return None
        if str(value).startswith(NEW):
            name = str(value).removeprefix(NEW).strip()
            longest = self.model._meta.get_field(self.named).max_length
            if not name or len(name) > longest:
                raise ValidationError(
                    _("Name: expected some text of at most %(longest)s characters.") % {"longest": longest}
                )
            return self.model(**{self.named: name})
        row = self.model._default_manager.filter(pk=value).first() if str(value).isdecimal() else None
        if row is None:
            raise ValidationError(_("%(value)s: it is not there any more.") % {"value": value})
        return row

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")


class PeriodField(forms.CharField):
    """A date as precise as it is known; the text carries the precision."""

    widget = forms.TextInput(attrs={"class": "vTextField when", "size": 12, "placeholder": "2025-01-21"})

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "help_text", gettext_lazy("As precise as it is known: 2025-01-21, 2025-01, 2025-Q1 or 2025.")
        )
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            period = read_typed_date(text)
        except DateError as error:
            raise ValidationError(undated(str(error)) % {"label": self.label, "value": text[:80]}) from None
        if not 1900 <= period.first.year <= 2200:
            raise ValidationError(_("%(label)s: expected a year from 1900 to 2200.") % {"label": self.label})
        return period


def undated(code: str) -> str:
    """Return why a typed date is none: what %(label)s and %(value)s are put in."""
    match code:
        case "no_such_day":
            return _("%(label)s: “%(value)s”: there is no such day.")
        case "two_readings":
            return _("%(label)s: “%(value)s” can be read in two ways. Write YYYY-MM-DD.")
    return _("%(label)s: “%(value)s”: expected YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY.")


class DayField(forms.DateField):
    """A date that has its precision beside it: ``2026-Q3`` says both."""

    def __init__(self, *, ends: bool = False, **options: Any) -> None:
        super().__init__(**options)
        # The end of something is kept as the last day of its period.
        self.ends = ends

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        period = self.period(value)
        return period.last if self.ends else period.first

    def period(self, text: str) -> Period:
        """Return what a text names; raise ValidationError."""
        if get_language() == "fr":
            # In French the page itself writes 21/01/2025.
            with suppress(ValidationError):
                if day := super().to_python(text):
                    return Period(day, "day")
        try:
            return read_typed_date(text)
        except DateError as error:
            raise ValidationError(undated(str(error)) % {"label": self.label, "value": text[:80]}) from None


class PeriodsAsTyped(forms.BaseForm):
    """A form in which a date that is typed as a month, a quarter or a year sets its precision."""

    def _post_clean(self) -> None:
        for name, field in self.fields.items():
            beside = f"{name}_precision"
            if isinstance(field, DayField) and self.cleaned_data.get(name) and beside in self.cleaned_data:
                precision = field.period(self[name].data).precision
                if precision != Precision.DAY:
                    self.cleaned_data[beside] = precision
        super()._post_clean()  # type: ignore[misc]  # Django has it, its stubs do not


class AmountField(forms.CharField):
    """An amount as people write it."""

    widget = forms.TextInput(
        attrs={"class": "vTextField", "placeholder": "$30B, 500 milliards d’euros, up to 100 bn USD"}
    )

    def clean(self, value: Any) -> TypedAmount:
        read = read_typed_amount(super().clean(value) or "")
        if read.complaints:
            raise ValidationError([complained(complaint) for complaint in read.complaints])
        return read


def of_announcement(column: str, name: str, **options: Any) -> PickField:
    """Return the field that picks what an announcement is about."""
    return PickField(Announcement, column, name, required=False, **options)


def of_party(**options: Any) -> PickField:
    """Return the field that picks a party."""
    return PickField(DealParty, "company", "name", required=False, **options)
