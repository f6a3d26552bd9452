"""Public documents that facts rest on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from investments.models.fields import period, precision_field, tracked
from investments.values import Period


@tracked()
class Source(models.Model):
    """One public document, named by its address."""

    url = models.CharField(
        _("address"), max_length=1000, unique=True,
        help_text=_("A web address; urn: and a name for a document that has none."),
    )  # fmt: skip
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    published_on_precision = precision_field(_("published on"))
    language = models.CharField(_("language"), max_length=3, blank=True, help_text=_("ISO 639 code, such as en or fr."))
    archived_url = models.URLField(_("archived copy"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["publisher", "url"]
        constraints = [
            models.CheckConstraint(
                condition=Q(url__regex=r"^(https?://|urn:)[^\s;]+$"),
                name="source_url_well_formed",
                violation_error_message=_(
                    "Address: expected one starting with http://, https:// or urn:, without spaces."
                ),
            ),
        ]

    def __str__(self) -> str:
        return " – ".join(part for part in (self.publisher, self.title) if part) or self.url

    @property
    def published(self) -> Period | None:
        """When the document appeared, as precisely as is known."""
        return period(self.published_on, self.published_on_precision)
