"""Data-center projects, their milestones, figures and parties in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from investments.admin.exports import ExportMixin
from investments.admin.facts import FactAdmin, PartInline
from investments.admin.forms import EnergyForm, ImpactForm, MilestoneForm, ProjectForm
from investments.models import DataCenterProject, Impact, Milestone, ProjectEnergy, ProjectParty


class ProjectPartyInline(PartInline):
    model = ProjectParty
    autocomplete_fields = ["company"]


class MilestoneInline(PartInline):
    model = Milestone
    autocomplete_fields = ["source"]
    fields = ["date", "date_precision", "kind", "mw", "note", "note_fr", "source", "review"]


class ImpactInline(PartInline):
    model = Impact
    autocomplete_fields = ["source"]
    fields = [
        "metric", "value_low", "value_high", "unit", "as_of", "as_of_precision", "basis", "note", "note_fr", "source",
        "review",
    ]  # fmt: skip


class EnergyInline(PartInline):
    model = ProjectEnergy
    autocomplete_fields = ["source"]
    extra = 0
    fields = ["source_kind", "mw", "as_of", "as_of_precision", "note", "note_fr", "source", "review"]


@admin.register(DataCenterProject)
class DataCenterProjectAdmin(ExportMixin, FactAdmin):
    form = ProjectForm
    inlines = [ProjectPartyInline, MilestoneInline, ImpactInline, EnergyInline]
    prepopulated_fields = {"slug": ["name"]}
    list_display = ["name", "city", "region", "country", "status", "planned_mw"]
    list_filter = ["status", "country", "location_precision"]
    search_fields = ["name", "slug", "city", "region"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "status", "planned_mw"]}),
        (_("Place"), {"fields": ["city", "region", "country", ("latitude", "longitude", "location_precision")]}),
        (_("Notes"), {"fields": ["note", "note_fr"]}),
    ]


class OfSiteAdmin(ExportMixin, FactAdmin):
    """A fact about a site, on its own page."""

    autocomplete_fields = ["project", "source"]
    list_select_related = ["project"]


@admin.register(Milestone)
class MilestoneAdmin(OfSiteAdmin):
    form = MilestoneForm
    list_display = ["project", "date", "kind", "mw", "review"]
    list_filter = ["kind", "review"]
    date_hierarchy = "date"
    search_fields = ["project__name", "note", "note_fr"]


@admin.register(Impact)
class ImpactAdmin(OfSiteAdmin):
    form = ImpactForm
    list_display = ["project", "metric", "value_low", "value_high", "unit", "as_of", "basis", "review"]
    list_filter = ["metric", "basis", "review"]
    search_fields = ["project__name", "note", "note_fr"]


@admin.register(ProjectEnergy)
class ProjectEnergyAdmin(OfSiteAdmin):
    form = EnergyForm
    list_display = ["project", "source_kind", "mw", "as_of", "review"]
    list_filter = ["source_kind", "review"]
    search_fields = ["project__name", "note", "note_fr"]
