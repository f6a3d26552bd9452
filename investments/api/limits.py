"""How often a program may ask: so many requests a minute by address, or by key where it names one.

Requests are counted in windows of a minute that all workers of a machine share (the cache ``limits``). Two that come
at the same instant may count as one: a limit here keeps the site quick for others and is no border.
"""

from dataclasses import dataclass
from math import ceil
from time import time

from django.conf import settings
from django.core.cache import caches
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from investments.views.readers import network_of

WINDOW = 60  # seconds


@dataclass(frozen=True)
class Standing:
    """Where a reader stands in the running window: ``quota`` requests in all, ``used`` so far, ``ends`` in seconds."""

    policy: str
    quota: int
    used: int
    ends: int

    @property
    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers."""
        left = max(0, self.quota - self.used)
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w={WINDOW}',
            "RateLimit": f'"{self.policy}";r={left};t={self.ends}',
        }


class Limit(BaseThrottle):
    """Refuses what goes beyond the limit of a key or an address, and notes the standing for the answer's headers."""

    standing: Standing | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.auth:
            policy, who, quota = "key", str(request.auth.pk), settings.API_PER_MINUTE_BY_KEY
        else:
            policy, who, quota = "address", network_of(request._request), settings.API_PER_MINUTE
        if not quota:
            return True
        self.standing = count(policy, who, quota, time())
        request._request.standing = self.standing
        return self.standing.used <= quota

    def wait(self) -> float | None:
        return self.standing.ends if self.standing else None


def count(policy: str, who: str, quota: int, now: float) -> Standing:
    """Count one request more of this reader and return where they stand."""
    window = int(now // WINDOW)
    name = f"{policy}:{who}"
    known, used = caches["limits"].get(name) or (window, 0)
    used = used + 1 if known == window else 1
    # Those who go on asking need not be counted on.
    if used <= quota + 1:
        caches["limits"].set(name, (window, used), 2 * WINDOW)
    return Standing(policy, quota, used, ceil((window + 1) * WINDOW - now))
