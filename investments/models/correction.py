"""What readers report as wrong."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from investments.choices import CorrectionState

models.TextField.register_lookup(Length)

# Characters of a report: fewer say nothing, more are no report.
SHORTEST, LONGEST = 10, 4000
LONGEST_PAGE = LONGEST_SOURCE = 1000


class Correction(models.Model):
    """A reader's report that a page is wrong: a draft until an editor has dealt with it. No fact changes by it."""

    page = models.CharField(_("page"), max_length=LONGEST_PAGE)
    text = models.TextField(_("what is wrong"))
    source = models.CharField(_("where it is said"), max_length=LONGEST_SOURCE, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    # A keyed digest of the network that it came from; forgotten after a day.
    sender = models.CharField(_("sender"), max_length=64, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), db_index=True)
    state = models.CharField(
        _("state"), max_length=7, choices=CorrectionState.choices, default=CorrectionState.DRAFT, db_index=True
    )
    remark = models.TextField(_("remark"), blank=True, help_text=_("What was done, for other editors."))
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, verbose_name=_("handled by"),
        related_name="+",
    )  # fmt: skip
    handled_at = models.DateTimeField(_("handled on"), null=True, editable=False)

    class Meta:
        verbose_name = _("correction from a reader")
        verbose_name_plural = _("corrections from readers")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(page__startswith="/") & ~Q(page__startswith="//"), name="correction_page_on_this_site",
                violation_error_message=_("Page: expected an address on this site, such as /deals/stargate/."),
            ),
            models.CheckConstraint(
                condition=Q(text__length__gte=SHORTEST, text__length__lte=LONGEST), name="correction_text_of_a_length",
                violation_error_message=_("What is wrong: expected 10 to 4,000 characters."),
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.DRAFT, handled_at=None)
                | Q(state=CorrectionState.HANDLED, handled_at__isnull=False),
                name="correction_handled_at_a_time",
                violation_error_message=_("State: a handled correction has a time at which it was handled."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["sender", "sent_at"], name="correction_by_sender")]

    def __str__(self) -> str:
        return f"{self.page}: {self.text[:80]}"
