"""Data-center projects, their milestones, figures and parties in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from investments.admin.exports import ExportMixin
from investments.admin.facts import FactAdmin, PartInline
from investments.admin.forms import EnergyForm, MilestoneForm, ProjectForm
from investments.admin.sites import ImpactFactForm, ImpactForm, warnings
from investments.admin.told import Figure
from investments.choices import ProjectStatus
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
    form = ImpactForm
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
    list_display = ["name", "city", "region", "country", "status", "standing", "planned_mw", "in_service_mw"]
    list_filter = ["status", "country", "location_precision"]
    search_fields = ["name", "slug", "city", "region"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "status", "planned_mw"]}),
        (_("Place"), {"fields": ["city", "region", "country", ("latitude", "longitude", "location_precision")]}),
        (_("Notes"), {"fields": ["note", "note_fr"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return DataCenterProject.objects.standing_on(timezone.now().date()).order_by("sort_name", "pk")

    @admin.display(description=_("status shown"), ordering="standing")
    def standing(self, site: Any) -> str:
        """What readers see."""
        return str(dict(ProjectStatus.choices).get(site.standing, "–"))

    @admin.display(description=_("in service, MW"), ordering="in_service_mw")
    def in_service_mw(self, site: Any) -> Any:
        """What is in service by the milestones."""
        return site.in_service_mw

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **options: Any) -> HttpResponse:
        """Show what is doubtful about the stored site above its form."""
        if request.method == "GET":
            for warning in warnings(object_id):
                messages.warning(request, warning)
        return super().change_view(request, object_id, *args, **options)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        for warning in warnings(obj.pk):
            messages.warning(request, warning)
        return super().response_post_save_change(request, obj)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        for warning in warnings(obj.pk):
            messages.warning(request, warning)
        return super().response_post_save_add(request, obj)


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
class ImpactAdmin(Figure, OfSiteAdmin):
    form = ImpactFactForm
    list_display = ["project", "metric", "figure", "as_of", "basis", "review"]
    list_filter = ["metric", "basis", "review"]
    search_fields = ["project__name", "note", "note_fr"]


@admin.register(ProjectEnergy)
class ProjectEnergyAdmin(OfSiteAdmin):
    form = EnergyForm
    list_display = ["project", "source_kind", "mw", "as_of", "review"]
    list_filter = ["source_kind", "review"]
    search_fields = ["project__name", "note", "note_fr"]
