"""Pages that say what went wrong and what to do now. Those for a failing server ask no database and no session."""

import logging
import re
import sys
from urllib.parse import unquote

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import get_language_from_path, get_supported_language_variant, override
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from investments.views.search import suggestions

logger = logging.getLogger(__name__)
# How soon a reader, or a program, may try again, in seconds.
RETRY_AFTER = 30
SUGGESTED = 6


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what the words of the address find, the search, and the lists."""
    words = " ".join(re.findall(r"\w+", unquote(request.path).strip("/").split("/")[-1].rsplit(".", 1)[0])[:6])
    said = str(exception.args[0]) if exception.args and isinstance(exception.args[0], str) else ""
    context = {"words": words, "found": suggestions(words)[:SUGGESTED], "said": said if "“" in said else ""}
    return render(request, "404.html", context, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: what this account may not do."""
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that came without its cookie, or too late."""
    return render(request, "403.html", {"form": True}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database cannot be reached: a page made of files alone, in the language of the address."""
    status = status_of_failure()
    with override(spoken(request)):
        context = {"status": status, "detail": detail_of_failure(status), "SITE_NAME": settings.SITE_NAME}
        response = HttpResponse(loader.render_to_string("500.html", context), status=status)
    return for_now(response, status)


def status_of_failure() -> int:
    """Return the status of the failure that is being handled: 503 where the database cannot be reached."""
    return 503 if isinstance(sys.exception(), OperationalError | InterfaceError) else 500


def for_now(response: HttpResponse, status: int) -> HttpResponse:
    """Mark the answer to a failure as one that nobody keeps, and say when to come back."""
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def detail_of_failure(status: int) -> str:
    """Say what a failure means for whoever asked."""
    if status == 503:
        return _("The database cannot be reached just now. Nothing is lost; try again in half a minute.")
    return _("Something went wrong on our side, and it has been logged. Try again; if it stays, tell us the address.")


def spoken(request: HttpRequest) -> str:
    """Return the language of the address; addresses without one say it by what the browser asks for."""
    if found := get_language_from_path(request.path):
        return found
    if request.path.startswith("/api/"):
        return settings.LANGUAGE_CODE
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
