"""Errors of the API as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"


class BadQuery(exceptions.ValidationError):
    """A query that was not understood; carries parameter -> messages."""


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error: ``type``, ``title``, ``status``, ``detail`` and, of a query, ``errors`` by parameter."""
    response = exception_handler(error, context)
    if response is None:
        return None
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
    }
    if isinstance(error, BadQuery):
        body["detail"] = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.detail.items())
        body["errors"] = error.detail
    elif isinstance(error, Http404):
        body["detail"] = str(error) or body["title"]
    elif isinstance(error, exceptions.APIException):
        body["detail"] = str(error.detail)
    response.data = body
    response.content_type = MEDIA_TYPE
    return response
