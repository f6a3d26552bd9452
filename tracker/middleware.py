"""Middleware of our own."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

OPEN_PATHS = ("/healthz", "/readyz", "/static/", "/i18n/")


class RequireLoginMiddleware:
    """With ``TRACKER_REQUIRE_LOGIN=1`` nothing is public but the sign-in page and the health checks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_LOGIN:
            login = reverse("signin")
            # The path first: health checks answer without a database too.
            if not request.path.startswith((*OPEN_PATHS, login, reverse("admin:login"))) and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), login)
        return self.get_response(request)
