"""What is answered to requests that go wrong: a page to people, problem details (RFC 9457) to programs."""

import re
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views import defaults

from investments.views import errors as pages
from investments.views.problems import problem

# Addresses that programs read: the API, and whatever ends like a file of data.
DATA = re.compile(r"(/fr)?/(api/v1/.*|(?!admin/|static/).*\.(json|csv|xlsx|geojson|atom|zip))", re.DOTALL)


def is_data(request: HttpRequest) -> bool:
    """Whether an address is one that programs read."""
    return bool(DATA.fullmatch(request.path))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 to a request that is not well formed."""
    if not is_data(request):
        return defaults.bad_request(request, exception)
    return problem(HTTPStatus.BAD_REQUEST, _("The request is not well formed."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    if not is_data(request):
        return pages.forbidden(request, exception)
    return problem(HTTPStatus.FORBIDDEN, _("This may not be read here."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    if not is_data(request):
        return pages.not_found(request, exception)
    return problem(HTTPStatus.NOT_FOUND, _("There is nothing at the address %(path)s.") % {"path": request.path})


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where the database cannot be reached; the log has the reason."""
    if not is_data(request):
        return pages.failed(request)
    status = pages.status_of_failure()
    with override(pages.spoken(request)):
        response = problem(HTTPStatus(status), pages.detail_of_failure(status))
    return pages.for_now(response, status)
