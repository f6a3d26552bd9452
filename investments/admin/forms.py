"""Forms of facts: a reason for what matters, nothing overwritten, and in words what the database would refuse."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from investments.admin.fields import PeriodsAsTyped
from investments.admin.mistakes import NamedMistakes
from investments.choices import FORECAST_UNITS, PAYEE_ROLES, PAYER_ROLES
from investments.history import Change, changes_since, marks, values_at, version_of
from investments.ledger.rates import NoRate
from investments.models import Deal, DealContainment, Forecast


class FactForm(PeriodsAsTyped, NamedMistakes, forms.ModelForm):
    """A fact as it was when its editor opened it.

    When others have changed it meanwhile, nothing is saved: what the editor did not touch takes the new value, what
    both touched keeps what was typed, and ``theirs`` says what changed. Saving again is then a decision.
    """

    # Fields whose change needs a reason, and how they are told.
    watched: tuple[str, ...] = ()

    data: Any
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False, max_length=300, label=gettext_lazy("Reason of the change"),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept with the change. Needed when an amount, a date, a stage or a containment changes."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs: list[Change] = []
        if self.instance.pk:
            self.initial["version"] = version_of(self.instance)
        else:
            del self.fields["version"], self.fields["reason"]

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return the form's values for a row, as they would be shown."""
        return forms.model_to_dict(row, fields=[name for name in self.fields if name in _columns(type(row))])

    def clean_version(self) -> str:
        seen = str(self.cleaned_data["version"])
        current = version_of(self.instance)
        if seen and seen != current:
            self.theirs = changes_since(self.instance, seen)
            self._take_over(seen)
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = current
            raise ValidationError(
                _("Others have changed this meanwhile. What you typed is kept; compare and save again.")
            )
        return seen

    def _take_over(self, seen: str) -> None:
        """Give the fields that the editor did not touch the values that others gave them."""
        model = type(self.instance)
        then = values_at(model, self.instance.pk, marks(self.instance, seen).get(model, 0))
        if then is None:
            return
        base, now = self.values_of(then), self.values_of(model._default_manager.get(pk=self.instance.pk))
        self.data = taken_over(self, base, now)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "reason" in self.fields and not self.cleaned_data.get("reason"):
            touched = [name for name in self.watched if name in self.changed_data]
            if touched:
                labels = ", ".join(str(self.fields[name].label) for name in touched)
                self.add_error(
                    "reason", _("Reason: expected a few words, because this changed: %(fields)s.") % {"fields": labels}
                )
        return cleaned


def taken_over(form: forms.BaseForm, base: dict[str, Any], now: dict[str, Any]) -> Any:
    """Return a form's data in which what was not touched since ``base`` has the values of ``now``."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    for name in base.keys() & form.fields.keys():
        field, key = form.fields[name], form.add_prefix(name)
        typed = field.widget.value_from_datadict(form.data, form.files, key)
        if base[name] != now[name] and not field.has_changed(base[name], typed):
            value = field.prepare_value(now[name])
            data[key] = "" if value is None else str(value)
    return data


def _columns(model: type[Any]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def missing_rate(missing: NoRate) -> str:
    """Say that a currency has no rate on a day, and what to do."""
    return _(
        "No exchange rate for %(currency)s on %(day)s or in the 7 days before. Add a manual exchange rate for that day."
    ) % {"currency": missing.currency, "day": missing.day.isoformat()}


class PartForm(PeriodsAsTyped, NamedMistakes, forms.ModelForm):
    """A fact that is entered on the page of what it belongs to."""


class DealForm(FactForm):
    """A deal that does not lie inside itself, at any depth."""

    watched = ("stage", "part_of", "window_start", "window_end", "kind")

    class Meta:
        model = Deal
        fields = [
            "title", "title_fr", "slug", "kind", "stage", "window_start", "window_start_precision", "window_end",
            "window_end_precision", "part_of", "projects", "note", "note_fr",
        ]  # fmt: skip

    def clean_part_of(self) -> Deal | None:
        container = self.cleaned_data["part_of"]
        if container and self.instance.pk:
            inside = DealContainment.objects.filter(deal=container, container=self.instance)
            if container.pk == self.instance.pk or inside.exists():
                raise ValidationError(
                    _("“%(title)s” lies inside this deal: this deal cannot lie inside it.") % {"title": container.title}
                )
        return container


class ProjectForm(FactForm):
    watched = ("status", "planned_mw")


class MilestoneForm(FactForm):
    watched = ("date", "kind", "mw")


class EnergyForm(FactForm):
    watched = ("mw", "as_of", "source_kind")


class ForecastForm(FactForm):
    unit = forms.ChoiceField(
        choices=[("", "–"), *((unit, unit) for unit in FORECAST_UNITS)],
        label=Forecast._meta.get_field("unit").verbose_name,
    )

    watched = ("amount_low", "amount_high", "unit", "published_on", "horizon_start", "horizon_end")


class RateForm(FactForm):
    watched = ("rate", "date", "currency")


class PartyFormSet(forms.BaseInlineFormSet):
    """Parties whose shares add up to at most 1 on each side; what others changed meanwhile is not changed back."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        row, seen = form.instance, self.data.get("version", "") if self.is_bound else ""
        if row.pk and seen:
            then = values_at(type(row), row.pk, marks(self.instance, seen).get(type(row), 0))
            if then is not None:
                form.data = taken_over(form, forms.model_to_dict(then), forms.model_to_dict(row))
        return form

    def clean(self) -> None:
        super().clean()
        check_shares(
            [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        )


def check_shares(parties: list[dict[str, Any]]) -> None:
    """Raise ValidationError where the shares of one side come to more than 1."""
    for roles, side in ((PAYER_ROLES, _("payers")), (PAYEE_ROLES, _("payees"))):
        total = sum(data["share"] for data in parties if data.get("share") and data.get("role") in roles)
        if total > 1:
            raise ValidationError(
                _("Share: the shares of the %(side)s add up to %(total)s, more than 1.")
                % {"side": side, "total": f"{total.normalize():f}"}
            )
