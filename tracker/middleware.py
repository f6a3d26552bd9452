"""Middleware of our own."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse

# Data that a page of any other site may read.
SHARED_PATHS = ("/api/v1/", "/charts/", "/fr/charts/", "/dataset.zip")
COMPRESSED_TYPES = (
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
OPEN_PATHS = ("/healthz", "/readyz", "/static/", "/i18n/")


class RequireLoginMiddleware:
    """With ``TRACKER_REQUIRE_LOGIN=1`` nothing is public but the sign-in pages and the health checks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_LOGIN:
            open_paths = (*OPEN_PATHS, reverse("signin"), reverse("admin:login"))
            # The path first: health checks answer without a database too.
            if not request.path.startswith(open_paths) and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("signin"))
        return self.get_response(request)


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
        response = self.get_response(request)
        if request.path.startswith(SHARED_PATHS) and request.method in {"GET", "HEAD"}:
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
        return response
