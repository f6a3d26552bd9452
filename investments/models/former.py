"""Former names in addresses, and packages of one table that an editor brings in."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from investments.choices import ImportState, Noun


class FormerSlug(models.Model):
    """Derived: a slug that a fact once had, so that its old address leads to it (ledger/sql/slugs.sql).

    The database writes a row whenever a slug changes, by whatever path, and drops those of a fact that goes.
    """

    noun = models.CharField(_("noun"), max_length=8, choices=Noun.choices)
    slug = models.CharField(_("slug"), max_length=100)
    target = models.BigIntegerField(_("leads to"))
    since = models.DateTimeField(_("since"), db_default=Now())

    class Meta:
        verbose_name = _("former slug")
        verbose_name_plural = _("former slugs")
        constraints = [models.UniqueConstraint(fields=["noun", "slug"], name="former_slug_unique")]
        indexes = [models.Index(fields=["noun", "target"], name="former_slug_by_target")]

    def __str__(self) -> str:
        return f"{self.noun} {self.slug}"


class Upload(models.Model):
    """A table that an editor brings in: the file, how its columns are read, and what came of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("editor"))
    table = models.CharField(_("table"), max_length=20)
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(_("rows, as CSV in UTF-8"))
    columns = models.JSONField(_("columns of the file, and what each is read as"), default=list)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=ImportState.choices, default=ImportState.MAPPING)
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows read"), default=0)
    report = models.JSONField(_("report"), default=dict)
    created_at = models.DateTimeField(_("brought in"), auto_now_add=True)
    beat_at = models.DateTimeField(_("last sign of work"), auto_now=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name}, {self.table}"
