"""Queries that a reader keeps under a name."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """Return a name that nobody guesses."""
    return secrets.token_urlsafe(12)


class SavedView(models.Model):
    """A list and a query under a reader's name for it; whoever has its address may follow it."""

    token = models.CharField(_("address"), max_length=32, unique=True, default=new_token, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("reader"), related_name="saved_views"
    )
    name = models.CharField(_("name"), max_length=120)
    resource = models.CharField(_("list"), max_length=20)
    query = models.TextField(_("query"), blank=True)
    looked_at = models.DateTimeField(_("last looked at"), default=timezone.now)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "resource", "name"], name="saved_view_name_unique",
                violation_error_message=_("Name: there is a saved view of that name already."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="saved_view_named", violation_error_message=_("Name: expected some text.")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
