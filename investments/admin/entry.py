"""One announcement on one page: typed as the press release says it, tried out, asked about, and then saved."""

import copy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from investments import actions
from investments.addresses import clean_address
from investments.admin.fields import AmountField, PeriodField, of_announcement, of_party
from investments.admin.figures import CountryField, power_field, share_field
from investments.admin.forms import FactForm, check_shares, missing_rate
from investments.admin.mistakes import NamedMistakes
from investments.admin.words import compared, doubted, read_back, refused
from investments.choices import CompanyKind, DealKind, DealStage, PartyRole, ProjectStatus, ReviewState
from investments.doubts import Doubt, doubts_about
from investments.ledger.rates import NoRate, rate_on
from investments.models import Announcement, Company, Deal, DealParty, LedgerEntry
from investments.typed_amounts import TypedAmount, write_typed_amount

# Rows for parties of a new deal; those left empty are no parties.
PARTIES = 8
LONGEST_ADDRESS = 1000


@dataclass(frozen=True)
class Weighed:
    """What an announcement would do if it were published: shown beside the form before anything is saved."""

    doubts: list[tuple[Doubt, str, str]] = field(default_factory=list)
    amount: list[tuple[str, str]] = field(default_factory=list)
    added_usd: Decimal | None = None
    before_usd: Decimal | None = None
    after_usd: Decimal | None = None
    deal: str = ""
    sources: list[tuple[str, bool]] = field(default_factory=list)


class PartyForm(NamedMistakes, forms.Form):
    """A party of a new deal: a company, known or new, its role and share."""

    company = of_party(label=gettext_lazy("Company"))
    role = forms.ChoiceField(choices=PartyRole.choices, initial=PartyRole.INVESTOR, label=gettext_lazy("Role"))
    share = share_field(
        required=False, min_value=Decimal("0.00000001"), max_value=1, max_digits=9, decimal_places=8,
        label=gettext_lazy("Share"), widget=forms.TextInput(attrs={"size": 5, "inputmode": "decimal"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        choices=CompanyKind.choices,
        initial=CompanyKind.OTHER,
        label=pgettext_lazy("company", "Kind, if new"),
        required=False,
    )
    country = CountryField(
        required=False, label=gettext_lazy("Country, if new"), widget=forms.TextInput(attrs={"size": 9})
    )

    @property
    def party(self) -> DealParty | None:
        """The party, unsaved; its company is unsaved too where it is new."""
        company: Company | None = self.cleaned_data.get("company")
        if company is None:
            return None
        if company.pk is None:
            company.kind = self.cleaned_data.get("kind") or CompanyKind.OTHER
            company.country = self.cleaned_data.get("country") or ""
        return DealParty(company=company, role=self.cleaned_data["role"], share=self.cleaned_data.get("share"))


PartyFormSet = forms.formset_factory(PartyForm, extra=PARTIES, max_num=PARTIES, absolute_max=PARTIES)


class EntryForm(FactForm):
    """An announcement with its deal, site, parties and sources, known or made in place."""

    watched = ("when", "amount", "event", "mw", "deal")

    when = PeriodField(label=gettext_lazy("Date"))
    amount = AmountField(
        required=False, label=gettext_lazy("Amount"),
        help_text=gettext_lazy("As the source says it. The total of the deal after this announcement, not what it adds."),
    )  # fmt: skip
    deal = of_announcement("deal", "title", label=gettext_lazy("Deal"))
    project = of_announcement("project", "name", label=gettext_lazy("Data-center project"))
    addresses = forms.CharField(
        required=False, label=gettext_lazy("Sources"),
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Their addresses, one a line, the best one first."),
    )  # fmt: skip
    # No kind stands there of itself: the first of the list would be taken by mistake.
    deal_kind = forms.ChoiceField(
        choices=[("", "–"), *DealKind.choices], required=False, label=pgettext_lazy("deal", "Kind")
    )
    deal_stage = forms.ChoiceField(
        choices=DealStage.choices, initial=DealStage.ANNOUNCED, required=False, label=gettext_lazy("Stage")
    )
    deal_title_fr = forms.CharField(required=False, max_length=300, label=gettext_lazy("Title in French"))
    deal_part_of = forms.ModelChoiceField(
        Deal.objects.all(), required=False, label=gettext_lazy("Part of"),
        widget=AutocompleteSelect(Deal._meta.get_field("part_of"), admin.site, attrs={"data-placeholder": " "}),
    )  # fmt: skip
    deal_starts = PeriodField(required=False, label=gettext_lazy("Spending starts"), help_text="")
    deal_ends = PeriodField(required=False, label=gettext_lazy("Spending ends"), help_text="")
    project_city = forms.CharField(required=False, max_length=120, label=gettext_lazy("City"))
    project_country = CountryField(required=False, label=gettext_lazy("Country"))
    project_status = forms.ChoiceField(
        choices=ProjectStatus.choices, initial=ProjectStatus.ANNOUNCED, required=False, label=gettext_lazy("Status")
    )
    project_mw = power_field(required=False, max_digits=12, decimal_places=3, label=gettext_lazy("Planned, MW"))

    class Meta:
        model = Announcement
        fields = ["event", "headline", "headline_fr", "mw", "note", "note_fr", "review", "key"]
        # What only the entry form knows by that name is checked by the entry, tried out.
        help_texts = {"review": gettext_lazy("Drafts are seen by editors only.")}

    # Given by the page: who enters.
    by: Any = None
    # Only shown, not yet saved: ticks are not asked for.
    only_read = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weighed: Weighed | None = None
        if self.instance.pk:
            self.initial.update(self.values_of(self.instance))
        self.parties = PartyFormSet(self.data if self.is_bound else None, prefix="party")

    @property
    def media(self) -> forms.Media:
        return super().media + self.parties.media

    def values_of(self, row: Announcement) -> dict[str, Any]:
        low, high = row.amount_low, row.amount_high
        amount = TypedAmount(low, high, row.currency or None, row.basis or "exact", row.per or "total")  # type: ignore[arg-type]
        cited = row.citations.select_related("source").order_by("position", "pk") if row.pk else []
        return {
            **super().values_of(row), "when": str(row.when), "amount": write_typed_amount(amount),
            "deal": row.deal_id, "project": row.project_id,
            "addresses": "\n".join(citation.source.url for citation in cited),
        }  # fmt: skip

    def clean_addresses(self) -> list[str]:
        wanted = [clean_address(line) for line in self.cleaned_data["addresses"].split() if line.strip()]
        for address in wanted:
            if len(address) > LONGEST_ADDRESS:
                raise ValidationError(
                    _("Sources: “%(value)s”: expected at most %(longest)s characters.")
                    % {"value": f"{address[:80]}…", "longest": LONGEST_ADDRESS}
                )
            if not address.startswith(("http://", "https://", "urn:")) or ";" in address:
                raise ValidationError(
                    _("Sources: “%(value)s”: expected an address with http://, https:// or urn:.")
                    % {"value": address[:80]}
                )
        return list(dict.fromkeys(wanted))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        if not data.get("deal") and not data.get("project") and not {"deal", "project"} & set(self.errors):
            self.add_error("deal", _("Deal: an announcement needs a deal or a data-center project."))
        if self._new_deal and not data.get("deal_kind"):
            self.add_error("deal_kind", _("Kind: expected one, because the deal is new."))
        starts, ends = data.get("deal_starts"), data.get("deal_ends")
        if starts and ends and starts.first > ends.last:
            self.add_error(
                "deal_ends", _("Spending ends: expected a day on or after the one on which spending starts.")
            )
        if not self.parties.is_valid():
            self.add_error(None, ValidationError(_("Parties: please correct what is marked."), "marked"))
        elif self._new_deal:
            try:
                check_shares([form.cleaned_data for form in self.parties if form.cleaned_data.get("company")])
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    @property
    def _new_deal(self) -> bool:
        deal = self.cleaned_data.get("deal")
        return deal is not None and deal.pk is None

    def _post_clean(self) -> None:
        self._fill()
        super()._post_clean()
        if not self.errors:
            self._weigh()
        elif self.only_read and isinstance(typed := self.cleaned_data.get("amount"), TypedAmount) and typed.figures:
            # What is missing yet says nothing of the amount.
            self.weighed = Weighed(amount=[*self._day_read(), *read_back(typed, self._currency(typed), None)])

    def _day_read(self) -> list[tuple[str, str]]:
        """Return the date as it was understood, where it was typed in another way."""
        when = self.cleaned_data.get("when")
        return [(_("Date"), str(when))] if when and str(when) != str(self["when"].data).strip() else []

    def _get_validation_exclusions(self) -> set[str]:
        # Whether there is a deal or a site is said above, also where both are new.
        return {*super()._get_validation_exclusions(), "deal", "project"}  # type: ignore[misc]

    def _fill(self) -> None:
        """Give the announcement the values that are typed in one field and kept in several."""
        data, row = self.cleaned_data, self.instance
        if period := data.get("when"):
            row.date, row.date_precision = period.first, period.precision
        if ("amount" in self.changed_data or not row.pk) and isinstance(read := data.get("amount"), TypedAmount):
            row.amount_low, row.amount_high = read.low, read.high
            row.currency = self._currency(read) if read.figures else ""
            row.basis, row.per = (read.basis, read.per) if read.figures else ("", "")

    def _currency(self, read: TypedAmount) -> str:
        """Return the currency of an amount: its own, else that of its deal, else dollars."""
        deal = self.cleaned_data.get("deal")
        return read.currency or self.instance.currency or (deal.currency if deal else "") or "USD"

    def entry(self) -> actions.Entry:
        """Return what is to be stored; each call returns other, unsaved rows."""
        data = self.cleaned_data
        deal, project = copy.copy(data.get("deal")), copy.copy(data.get("project"))
        parties: list[DealParty] = []
        if deal is not None and deal.pk is None:
            deal.kind, deal.stage = data["deal_kind"], data.get("deal_stage") or DealStage.ANNOUNCED
            deal.title_fr, deal.part_of = data.get("deal_title_fr") or "", data.get("deal_part_of")
            starts, ends = data.get("deal_starts"), data.get("deal_ends")
            if starts:
                deal.window_start, deal.window_start_precision = starts.first, starts.precision
            if ends:
                deal.window_end, deal.window_end_precision = ends.last, ends.precision
            parties = [copy.deepcopy(form.party) for form in self.parties if form.party]
        if project is not None and project.pk is None:
            project.city, project.country = data.get("project_city") or "", data.get("project_country") or ""
            project.status = data.get("project_status") or ProjectStatus.ANNOUNCED
            project.planned_mw = data.get("project_mw")
        row = copy.copy(self.instance)
        row.deal = deal if deal is not None and deal.pk else None
        row.project = project if project is not None and project.pk else None
        return actions.Entry(row, deal, project, parties, data["addresses"])

    def _weigh(self) -> None:
        """Store the entry on trial, as if published, and look what comes of it."""
        row = self.instance
        has_amount = row.amount_low is not None or row.amount_high is not None
        usd = None
        if has_amount:
            try:
                amount = row.amount_high if row.amount_high is not None else row.amount_low
                usd = amount / rate_on(row.currency, row.date)
            except NoRate as missing:
                self.add_error("amount", missing_rate(missing))
                return
        entry = self.entry()
        entry.announcement.review = ReviewState.PUBLISHED
        known = [(address, actions.known_source(address) is not None) for address in entry.addresses]
        before = Deal.objects.filter(pk=entry.deal.pk).first() if entry.deal and entry.deal.pk else None
        try:
            with actions.on_trial():
                made = actions.enter(entry=entry, by=self.by)
                doubts = [
                    (doubt, doubted(doubt), compared(doubt)) for doubt in doubts_about([made.pk], timezone.localdate())
                ]
                deal = Deal.objects.filter(pk=made.deal_id or 0).first()
                added = LedgerEntry.objects.filter(announcement=made.pk).values_list("high_usd", flat=True).first()
        except actions.Refused as error:
            self.add_error(None, refused(error))
            return
        read = TypedAmount(row.amount_low, row.amount_high, row.currency, row.basis, row.per)
        typed = self.cleaned_data.get("amount")
        named = typed if isinstance(typed, TypedAmount) and typed.figures else read
        understood = [*self._day_read(), *(read_back(named, row.currency, usd) if has_amount else [])]
        self.weighed = Weighed(
            doubts, understood, added,
            before.headline_usd if before else None, deal.headline_usd if deal else None, deal.local_title if deal else "",
            known,
        )  # fmt: skip
        if not self.only_read and (
            open_doubts := [text for doubt, text, _address in doubts if doubt.token not in self.confirmed]
        ):
            self.add_error(
                None,
                [_("Please correct this or confirm it below:"), *open_doubts],
            )

    @property
    def confirmed(self) -> list[str]:
        """The doubts that the editor has ticked."""
        return self.data.getlist("confirm") if hasattr(self.data, "getlist") else []
