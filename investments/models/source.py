"""Public documents that facts rest on."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from investments.models.fields import period, precision_field, tracked
from investments.values import Period

# Facts that name one source; announcements name several.
CITING = ("Milestone", "Impact", "ProjectEnergy", "Forecast")


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources as readers ask for them."""

    def public(self) -> "SourceQuerySet":
        """Return the sources that a published fact names."""
        citations = apps.get_model("investments", "AnnouncementSource").objects
        named = Q(Exists(citations.filter(source=OuterRef("pk"), announcement__review="published")))
        for name in CITING:
            facts = apps.get_model("investments", name)._default_manager
            named |= Q(Exists(facts.filter(source=OuterRef("pk"), review="published")))
        return self.filter(named)


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

    objects = SourceQuerySet.as_manager()

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
