"""Forms that say in words what the database would refuse."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from investments.choices import PAYEE_ROLES, PAYER_ROLES
from investments.iso import CURRENCY_CODES
from investments.ledger.rates import NoRate, rate_on
from investments.models import Announcement, Deal, DealContainment


class AnnouncementForm(forms.ModelForm):
    """An announcement whose amount has a rate on its day (DOMAIN.md, rule 5)."""

    class Meta:
        model = Announcement
        fields = [
            "key", "deal", "project", "date", "date_precision", "event", "amount_low", "amount_high", "currency", "basis",
            "per", "mw", "headline", "headline_fr", "note", "note_fr", "review",
        ]  # fmt: skip

    def clean_currency(self) -> str:
        code = self.cleaned_data["currency"].strip().upper()
        if code and code not in CURRENCY_CODES:
            raise ValidationError(_("Currency: expected an ISO 4217 code of three letters, such as USD or EUR."))
        return code

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        amounts = (data.get("amount_low"), data.get("amount_high"))
        day, currency = data.get("date"), data.get("currency")
        if any(amount is not None for amount in amounts) and day and currency:
            try:
                rate_on(currency, day)
            except NoRate as missing:
                self.add_error("currency", missing_rate(missing))
        return cleaned


def missing_rate(missing: NoRate) -> str:
    """Say that a currency has no rate on a day, and what to do."""
    return _(
        "No exchange rate for %(currency)s on %(day)s or in the 7 days before. Add a manual exchange rate for that day."
    ) % {"currency": missing.currency, "day": missing.day.isoformat()}


class DealForm(forms.ModelForm):
    """A deal that does not lie inside itself, at any depth."""

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


class PartyFormSet(forms.BaseInlineFormSet):
    """Parties whose shares add up to at most 1 on each side."""

    def clean(self) -> None:
        super().clean()
        for roles, side in ((PAYER_ROLES, _("payers")), (PAYEE_ROLES, _("payees"))):
            kept = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
            total = sum(data["share"] for data in kept if data.get("share") and data.get("role") in roles)
            if total > 1:
                raise ValidationError(
                    _("Share: the shares of the %(side)s add up to %(total)s, more than 1.")
                    % {"side": side, "total": f"{total.normalize():f}"}
                )
