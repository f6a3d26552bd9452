"""Keys by which a reader's programs name themselves to the API."""

import secrets
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# What a key begins with, so that it is known for one where it was left lying about.
PREFIX = "buildout_"


def digest_of(text: str) -> str:
    """Return what is kept of a key; keys are random and long, so that a plain digest cannot be turned round."""
    return sha256(text.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys as they are made and asked for."""

    def make(self, *, user: AbstractBaseUser, name: str) -> tuple["ApiKey", str]:
        """Store a new key of a user; return it and its text, which is kept nowhere."""
        text = PREFIX + secrets.token_urlsafe(32)
        return self.create(user=user, name=name, digest=digest_of(text), ending=text[-4:]), text

    def of(self, text: str) -> "ApiKey | None":
        """Return the key of that text whose user may still sign in."""
        return self.select_related("user").filter(digest=digest_of(text), user__is_active=True).first()


class ApiKey(models.Model):
    """A key of one user. Of its text the digest and the last four characters are kept, to tell keys apart."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    ending = models.CharField(_("ends with"), max_length=4, editable=False)
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""), name="api_key_named", violation_error_message=_("Name: expected some text.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (…{self.ending})"
