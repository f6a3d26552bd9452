"""What went wrong, told to programs: problem details (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse, JsonResponse

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, detail: str, errors: Mapping[str, list[str]] | None = None, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer with a problem; ``errors`` says of a query what is wrong with each parameter."""
    body: dict[str, object] = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail,
    }  # fmt: skip
    if errors is not None:
        body["errors"] = errors
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def bad_query(errors: Mapping[str, list[str]]) -> HttpResponse:
    """Answer 400 to a query that was not understood."""
    detail = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in errors.items())
    return problem(HTTPStatus.BAD_REQUEST, detail, errors)
