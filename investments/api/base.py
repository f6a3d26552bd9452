"""What every answer of the API carries: where its reader stands, and whether the address is going away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.cache import caches
from django.db import connections
from django.http import HttpResponse, HttpResponseBase
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from investments.api.keys import KeyAuthentication
from investments.api.limits import Limit, Standing
from investments.ledger.remembered import database
from investments.views.conditional import etag

# Bytes of the largest answer that is kept in memory; a process keeps at most so many (settings.CACHES).
LARGEST_KEPT = 256 * 1024


@dataclass(frozen=True)
class Retirement:
    """An address that goes away: deprecated from one day on, gone from another (docs/api.md)."""

    since: date
    gone: date
    # Where it is told what to ask instead.
    notice: str

    @property
    def headers(self) -> dict[str, str]:
        """The fields of RFC 9745 and RFC 8594."""
        return {
            "Deprecation": f"@{int(_midnight(self.since).timestamp())}",
            "Sunset": http_date(_midnight(self.gone).timestamp()),
            "Link": f'<{self.notice}>; rel="deprecation"; type="text/html"',
        }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


class ApiView(APIView):
    """A view of the API: read by anyone, more often with a key."""

    authentication_classes = (KeyAuthentication,)
    permission_classes = (AllowAny,)
    throttle_classes: Any = (Limit,)
    retires: Retirement | None = None

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        standing: Standing | None = getattr(request, "standing", None)
        for carried in (standing, self.retires):
            for name, value in carried.headers.items() if carried else ():
                answer[name] = value
        return answer


def kept(request: Request, make: Callable[[], Any]) -> HttpResponse:
    """Answer with what ``make`` returns as JSON, from memory where the same was asked since facts last changed.

    For answers that follow from facts and address alone: they are kept under their entity tag. What ``make`` raises
    goes to the reader and is not kept.
    """
    # Inside a transaction facts may change unseen by their version.
    memory = None if connections[database()].in_atomic_block else caches["bodies"]
    name = etag(request._request)
    body = memory.get(name) if memory else None
    if body is None:
        body = JSONRenderer().render(make())
        if memory and len(body) <= LARGEST_KEPT:
            memory.set(name, body)
    return HttpResponse(body, content_type="application/json")


def header_parameters(statuses: Iterable[int]) -> list[OpenApiParameter]:
    """Return the headers of answers as parameters of the schema."""
    text = OpenApiTypes.STR
    told = [
        ("RateLimit-Policy", "How many requests (q) are answered in a window of so many seconds (w).", statuses),
        ("RateLimit", "How many requests are left (r) in the window, which ends in so many seconds (t).", statuses),
        ("Retry-After", "Seconds until requests are answered again.", [429]),
    ]
    return [
        OpenApiParameter(name, text, OpenApiParameter.HEADER, response=list(codes), description=description)
        for name, description, codes in told
    ]
