"""How a reader likes lists: which columns, how dense. Kept in cookies of the reader's own, never in an address."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.base import Resource
from investments.resources.companies import COMPANIES
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.resources.projects import PROJECTS

RESOURCES = {resource.name: resource for resource in (ANNOUNCEMENTS, DEALS, COMPANIES, PROJECTS, FORECASTS)}
DENSITIES = ("comfortable", "compact")
YEAR = 365 * 24 * 3600


def preferences(request: HttpRequest, resource: Resource) -> dict[str, Any]:
    """Return the columns to show, those there are, and the density, as the reader's cookies have them."""
    wanted = request.COOKIES.get(f"columns_{resource.name}", "").split(".")
    drawable = resource.drawable
    names = heading(resource)
    chosen = [column for column in drawable if column.name in wanted]
    columns = chosen or resource.usual
    # The cell that names the row is always there.
    columns = [column for column in drawable if column in columns or column is names]
    density = request.COOKIES.get("density")
    return {
        "columns": columns,
        "chosen": bool(chosen),
        "drawable": [(column, column in columns, column is names) for column in drawable],
        "density": density if density in DENSITIES else DENSITIES[0],
        "densities": DENSITIES,
    }


def heading(resource: Resource) -> Any:
    """Return the column that names the rows."""
    names = ("title", "headline", "name")
    return next(column for column in resource.drawable if column.name in names)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """``/preferences/``: keep columns and density in cookies, and go back to the list."""
    there = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure()):
        there = reverse("overview")
    response = HttpResponseRedirect(there)
    resource = RESOURCES.get(request.POST.get("list", ""))
    if resource:
        known = [column.name for column in resource.drawable]
        columns = [name for name in request.POST.getlist("columns") if name in known]
        response.set_cookie(f"columns_{resource.name}", ".".join(columns), max_age=YEAR, samesite="Lax", httponly=True)
    if request.POST.get("density") in DENSITIES:
        response.set_cookie("density", request.POST["density"], max_age=YEAR, samesite="Lax", httponly=True)
    return response
