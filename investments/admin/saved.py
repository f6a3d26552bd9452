"""Saved views in the admin: each reader sees their own."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from investments.models import SavedView


@admin.register(SavedView)
class SavedViewAdmin(admin.ModelAdmin):
    list_display = ["name", "resource", "query", "looked_at"]
    search_fields = ["name", "query"]
    fields = ["name", "resource", "query"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(user_id=request.user.pk)

    def save_model(self, request: HttpRequest, obj: SavedView, form: Any, change: bool) -> None:
        obj.user_id = obj.user_id or request.user.pk  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
