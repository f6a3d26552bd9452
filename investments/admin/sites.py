"""What is doubtful about a site, said to its editor; and figures of sites in the units of their source."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from investments.admin.forms import FactForm, PartForm
from investments.choices import METRIC_UNITS, MilestoneKind, ProjectStatus
from investments.models import DataCenterProject, Impact
from investments.units import STATED, UnitError, kept


def warnings(key: Any) -> list[str]:
    """Return what is doubtful about a stored site, each with the field named; nothing where there is no such site."""
    today = timezone.now().date()
    site: Any = DataCenterProject.objects.standing_on(today).filter(pk=key).first()
    if site is None:
        return []
    return [text for text in (_status(site), *_power(site), *_place(site)) if text]


def _status(site: Any) -> str:
    said = {value: str(label) for value, label in ProjectStatus.choices}
    if site.standing != site.status:
        return _("Status: entered as “%(entered)s”, but the milestones up to today say “%(shown)s”. Readers see that.") % {
            "entered": said[site.status], "shown": said[site.standing]}  # fmt: skip
    if site.told is None and site.status != ProjectStatus.RUMOURED:
        return _("Status: entered as “%(entered)s”; no milestone says since when.") % {"entered": said[site.status]}
    if site.told is not None and site.told != site.status and not _open(site):
        return _("Status: entered as “%(entered)s”, while the milestones say no more than “%(told)s”. Add the milestone that says since when.") % {
            "entered": said[site.status], "told": said[site.told]}  # fmt: skip
    return ""


def _open(site: Any) -> bool:
    """Whether milestones leave open how much of a site is in service, so that the entered status says it."""
    serving = {ProjectStatus.PARTLY_OPERATIONAL, ProjectStatus.OPERATIONAL}
    return {site.told, site.status} <= serving


def _power(site: Any) -> list[str]:
    over = site.milestones.published().filter(mw__gt=site.planned_mw) if site.planned_mw is not None else []
    found = [
        _("In service, MW: %(mw)s on %(day)s is more than the %(planned)s planned (Planned, MW).")
        % {"mw": f"{one.mw.normalize():f}", "day": one.when, "planned": f"{site.planned_mw.normalize():f}"}
        for one in over
    ]
    if site.milestones.published().filter(kind=MilestoneKind.CLOSED, mw__gt=0).exists():
        found.append(_("In service, MW: a milestone closes the site and still names megawatts in service."))
    return found


def _place(site: Any) -> list[str]:
    if site.latitude is None:
        return [_("Latitude, longitude: not known, so that no map shows the site.")]
    return []


class ImpactForm(PartForm):
    """A figure of a site, in the unit of its metric or in one that its source states, which is converted."""

    unit = forms.CharField(
        label=Impact._meta.get_field("unit").verbose_name, required=False, max_length=20,
        widget=forms.TextInput(attrs={"size": 10}),
    )  # fmt: skip

    class Meta:
        model = Impact
        fields = [
            "project", "metric", "value_low", "value_high", "unit", "as_of", "as_of_precision", "basis", "note", "note_fr",
            "source", "review",
        ]  # fmt: skip

    def clean_unit(self) -> str:
        """Return the unit of the metric; figures in another unit of its kind are converted."""
        metric = self.cleaned_data.get("metric")
        stated = self.cleaned_data["unit"].strip()
        if metric not in METRIC_UNITS:
            return stated
        unit = METRIC_UNITS[metric]
        if stated in ("", unit):
            return unit
        try:
            for name in ("value_low", "value_high"):
                if self.cleaned_data.get(name) is not None:
                    self.cleaned_data[name] = kept(self.cleaned_data[name], stated, unit)
        except UnitError:
            known = ", ".join((unit, *STATED.get(unit, ())))
            raise ValidationError(
                _("Unit: “%(stated)s” is not known for this metric. Expected one of: %(known)s.")
                % {"stated": stated, "known": known}
            ) from None
        return unit


class ImpactFactForm(ImpactForm, FactForm):
    """The same on the figure's own page, where nothing is overwritten and a change needs a reason."""

    watched = ("value_low", "value_high", "unit", "as_of")
