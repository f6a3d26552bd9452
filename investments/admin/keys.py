"""API keys in the admin: who holds which, to be withdrawn; they are made on the readers' own page."""

from django.contrib import admin
from django.http import HttpRequest

from investments.models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    list_display = ["name", "ending", "user", "made_at"]
    search_fields = ["name", "ending", "user__username"]
    list_select_related = ["user"]
    readonly_fields = ["user", "name", "ending", "made_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
