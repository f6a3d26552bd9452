"""Answers that a reader has already: 304 without working them out, as long as no fact has changed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import condition

from investments.ledger.remembered import data_version, database, remembered

# What answers are made of, beside facts.
MADE_OF = ("investments/**/*.py", "investments/**/*.sql", "templates/**/*.html", "locale/**/*.mo")


@cache
def code_version() -> str:
    """Return a text that changes with the code: a new version of the site answers anew."""
    stamps = [path.stat().st_mtime_ns for pattern in MADE_OF for path in settings.BASE_DIR.glob(pattern)]
    return f"{max(stamps)}.{len(stamps)}"


def etag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    """Return the entity tag of an answer: of the facts, the code, the address, the language and the day."""
    today = timezone.now().date().isoformat()
    parts = (data_version(), code_version(), request.get_host(), request.get_full_path(), get_language(), today)
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def last_modified(request: HttpRequest, *args: Any, **kwargs: Any) -> datetime | None:
    """Return when facts last changed; None within that same second, which may still bring another change."""
    latest: datetime | None = remembered(database(), "SELECT max(at) FROM investments_datachange")[0][0]
    if latest is None or timezone.now() - latest < timedelta(seconds=2):
        return None
    # The running period and the day's own lines change at midnight.
    midnight = datetime.combine(timezone.now().date(), datetime.min.time(), UTC)
    return max(latest, midnight)


def conditional(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a view whose answer follows from facts and its address alone; a refusal is none and has no tag."""
    return without_tags_of_refusals(condition(etag_func=etag, last_modified_func=last_modified)(view))


def without_tags_of_refusals(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a view so that what it refuses, if only for now, cannot be taken for an answer that still holds."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = view(request, *args, **kwargs)
        if response.status_code >= 400:
            for name in ("ETag", "Last-Modified"):
                response.headers.pop(name, None)
        return response

    return wrapped
