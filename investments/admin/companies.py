"""Companies in the admin."""

from django.contrib import admin

from investments.models import Company


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
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
