"""What tells one state of the facts from another."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class DataChange(models.Model):
    """Derived: one row for each transaction that changed facts, written by the database (ledger/sql/version.sql)."""

    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("change of the data")
        verbose_name_plural = _("changes of the data")

    def __str__(self) -> str:
        return f"{self.pk}, {self.at}"
