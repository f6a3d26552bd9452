"""Companies in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from investments.actions import merge_companies
from investments.admin.exports import ExportMixin
from investments.admin.facts import FactAdmin
from investments.admin.merging import MERGING_ACTIONS, MergeMixin
from investments.models import Company


@admin.register(Company)
class CompanyAdmin(MergeMixin, ExportMixin, FactAdmin):
    actions = MERGING_ACTIONS
    merge = staticmethod(merge_companies)
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}
    list_display = ["name", "kind", "country", "parent", "ticker"]
    list_filter = ["kind", "country"]
    list_select_related = ["parent"]
    search_fields = ["name", "slug", "aliases", "ticker"]
    fields = [
        "name", "slug", "aliases", ("kind", "country"), "parent", ("ticker", "website", "wikidata"), "summary",
        "summary_fr",
    ]  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        former = form.initial.get("name")
        if change and "name" in form.changed_data and former not in obj.aliases:
            # Who knows the old name still finds the company.
            obj.aliases = [*obj.aliases, former]
        super().save_model(request, obj, form, change)
