"""Middleware of our own."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed

from investments.api.keys import CHALLENGE, key_of
from investments.views.problems import problem
from tracker.errors import is_data

# Beside data, what a page of any other site may read.
SHARED_PATHS = ("/charts/", "/fr/charts/")
COMPRESSED_TYPES = (
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
OPEN_PATHS = ("/healthz", "/readyz", "/static/", "/i18n/")
EXPOSED = (
    "ETag, Last-Modified, Content-Disposition, RateLimit, RateLimit-Policy, Retry-After, Deprecation, Sunset, Link"
)
READING = {"GET", "HEAD"}


class RequireLoginMiddleware:
    """With ``TRACKER_REQUIRE_LOGIN=1`` nothing is public but the sign-in pages and the health checks.

    Programs read data with an API key instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_LOGIN:
            open_paths = (*OPEN_PATHS, reverse("signin"), reverse("admin:login"))
            # The path first: health checks answer without a database too.
            if not request.path.startswith(open_paths) and not request.user.is_authenticated:
                refused = without_key(request) if is_data(request) else to_sign_in(request)
                if refused is not None:
                    return refused
        return self.get_response(request)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a reader to the sign-in page."""
    return redirect_to_login(request.get_full_path(), reverse("signin"))


def without_key(request: HttpRequest) -> HttpResponse | None:
    """Answer 401 to a program without a key that is known; None where it has one."""
    try:
        if request.method in READING and key_of(request):
            return None
        detail = _("This site asks for an API key: send it as Authorization: Bearer.")
    except AuthenticationFailed as error:
        detail = str(error.detail)
    return problem(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": CHALLENGE})


class CompressTextMiddleware(GZipMiddleware):
    """Compresses answers for those who take gzip, but for files that are compressed already."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type") in COMPRESSED_TYPES:
            return response
        return super().process_response(request, response)


class CrossOriginMiddleware:
    """Lets pages of other sites read public data by GET; nothing that needs a session is shared."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        shared = is_data(request) or request.path.startswith(SHARED_PATHS)
        if shared and request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            # A browser asks first before it sends a key, or a tag that it has kept.
            response = HttpResponse(status=HTTPStatus.NO_CONTENT)
            response["Access-Control-Allow-Methods"] = "GET, HEAD"
            response["Access-Control-Allow-Headers"] = "Authorization, If-None-Match, If-Modified-Since"
            response["Access-Control-Max-Age"] = "86400"
        else:
            response = self.get_response(request)
        if shared and request.method in READING | {"OPTIONS"}:
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = EXPOSED
        return response
