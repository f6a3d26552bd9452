"""Errors of the API as problem details (RFC 9457)."""

from typing import Any

from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.views import exception_handler

from investments.views.problems import bad_query, problem

# What the protocol asks of an answer beside its body.
KEPT = ("Retry-After", "WWW-Authenticate")


class BadQuery(exceptions.ValidationError):
    """A query that was not understood; carries parameter -> messages."""


def answer(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Answer an error of the reader's; None for one of ours, which Django logs and tracker/errors.py answers."""
    if isinstance(error, BadQuery):
        return bad_query({name: [str(one) for one in messages] for name, messages in error.detail.items()})
    response = exception_handler(error, context)
    if response is None:
        return None
    detail = str(error) if isinstance(error, Http404) else str(getattr(error, "detail", ""))
    return problem(
        response.status_code,
        detail or response.reason_phrase,
        headers={name: response[name] for name in KEPT if name in response},
    )
