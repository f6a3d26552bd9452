"""Who asks: a key in ``Authorization: Bearer``, or nobody in particular."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from investments.models import ApiKey

SCHEME = "bearer"
CHALLENGE = 'Bearer realm="api"'


def key_of(request: HttpRequest) -> ApiKey | None:
    """Return the key that a request names, None without one; raise AuthenticationFailed for one that is not known."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME:
        return None
    key = ApiKey.objects.of(text.strip())
    if key is None:
        raise AuthenticationFailed(_("This API key is not known: it was mistyped or has been withdrawn."))
    return key


class KeyAuthentication(BaseAuthentication):
    """Reads the key of a request. What is public may be read without one."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        key = key_of(request)
        return (key.user, key) if key else None

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE
