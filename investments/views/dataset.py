"""``/dataset.zip``: every public fact as one package."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from investments.dataset.archive import pieces
from investments.ledger.remembered import database

TYPE = "application/zip"


@require_safe
def package(request: HttpRequest) -> HttpResponseBase:
    """``/dataset.zip``: the published package of docs/dataset.md, made as it is sent."""
    homepage = request.build_absolute_uri(reverse("overview"))
    address = request.build_absolute_uri(request.path)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(
            pieces(name=settings.SITE_NAME, homepage=homepage, address=address, db=database())
        )
    response["Content-Type"] = TYPE
    response["Content-Disposition"] = 'attachment; filename="dataset.zip"'
    return response
