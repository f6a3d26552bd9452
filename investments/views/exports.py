"""Lists as files and feeds: exactly the rows that the query selects."""

import re
import tempfile
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from investments import amounts
from investments.exports import feeds, geojson, rows, workbook
from investments.ledger import totals
from investments.ledger.rates import NoRate
from investments.ledger.remembered import number_of
from investments.models import Announcement, Deal
from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.base import Resource, StrictFilterSet
from investments.resources.companies import COMPANIES
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.resources.money import MoneyFilters
from investments.resources.projects import PROJECTS
from investments.resources.sites import IMPACTS
from investments.templatetags.display import address, label, language
from investments.views.listing import no_rate
from investments.views.problems import bad_query

RESOURCES = {resource.name: resource for resource in (ANNOUNCEMENTS, DEALS, COMPANIES, PROJECTS, IMPACTS, FORECASTS)}
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "geojson": "application/geo+json",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip
LONGEST_NAME = 120


def export(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """``/<list>/export.csv``, ``.xlsx``, ``.json``, of sites ``.geojson`` too: every row that the filter selects."""
    resource = RESOURCES[name]
    filters = resource.filter(request.GET)
    problems = dict(filters.problems)
    envelope: dict[str, Any] = {}
    if form in ("json", "geojson") and not problems:
        try:
            envelope = _envelope(resource, filters, request)
        except NoRate as missing:
            problems["currency"] = [no_rate(missing)]
    if problems:
        return bad_query(problems)
    match form:
        case "csv":
            response: HttpResponseBase = StreamingHttpResponse(rows.csv_pieces(resource, filters))
        case "json":
            response = StreamingHttpResponse(rows.json_pieces(resource, filters, envelope))
        case "geojson":
            response = StreamingHttpResponse(geojson.pieces(resource, filters, envelope))
        case _:
            handle = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
            workbook.write(resource, filters, request.GET.urlencode(), handle, settings.SITE_NAME)
            handle.seek(0)
            response = FileResponse(handle)
    response["Content-Type"] = TYPES[form]
    response["Content-Disposition"] = f'attachment; filename="{file_name(resource, request)}.{form}"'
    return response


def file_name(resource: Resource, request: HttpRequest) -> str:
    """Return the name of an export: the list, its query and the day."""
    words = re.sub(r"[^\w.-]+", "-", request.GET.urlencode().replace("=", "-").replace("&", "_"), flags=re.ASCII)
    today = timezone.now().date().isoformat()
    return "_".join(part for part in (resource.name, words[:LONGEST_NAME].strip("-_."), today) if part)


def _envelope(resource: Resource, filters: StrictFilterSet, request: HttpRequest) -> dict[str, Any]:
    """Return what a JSON export says of its rows: the query, the moment, their number and their sums."""
    told: dict[str, Any] = {
        "resource": resource.name,
        "query": request.GET.urlencode(),
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "licence": "CC-BY-4.0",
        "row_count": number_of(filters.rows),
    }
    if isinstance(filters, MoneyFilters):
        selection = filters.selection()
        sums = totals.sums(selection, filters.summed)
        told |= {
            "currency": selection.currency, "measure": selection.measure, "count": selection.count,
            "total": f"{sums.total:.2f}",
            "by_layer": {layer: f"{amount:.2f}" for layer, amount in sums.by_layer.items()},
        }  # fmt: skip
    return told


def feed(request: HttpRequest, name: str) -> HttpResponse:
    """``/announcements/feed.atom``, ``/deals/feed.atom``: the newest of the rows that the filter selects."""
    resource = RESOURCES[name]
    filters = resource.filter(request.GET)
    if filters.problems:
        return bad_query(filters.problems)
    newest = resource.page(resource.ordered(filters.rows, filters.cleaned.get("sort") or resource.default_sort))
    size = int(filters.cleaned.get("per_page") or feeds.ENTRIES)
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    entry = _deal_entry if name == "deals" else _announcement_entry
    feeds.write(
        [entry(row, request) for row in newest[:size]],
        title=f"{settings.SITE_NAME}: {resource.label}",
        link=request.build_absolute_uri(address(reverse(name), request.GET)),
        feed_url=request.build_absolute_uri(),
        language=language(),
        handle=response,  # type: ignore[arg-type]
    )
    return response


def _deal_entry(deal: Deal, request: HttpRequest) -> feeds.Entry:
    money = amounts.money(deal.headline_usd, "USD", language()) if deal.headline_usd is not None else _("no amount")
    assert deal.last_announced
    return feeds.Entry(
        key=f"urn:deal:{deal.slug}:{deal.last_announced}",
        title=deal.local_title,
        link=request.build_absolute_uri(reverse("deal", args=[deal.slug])),
        text=f"{label(deal.kind, 'kind')}, {label(deal.status, 'status')}, {money}",
        day=deal.last_announced,
    )


def _announcement_entry(row: Announcement, request: HttpRequest) -> feeds.Entry:
    about: Any = row.deal or row.project
    title = row.deal.local_title if row.deal else str(row.project)
    page = reverse("deal" if row.deal else "project", args=[about.slug])
    return feeds.Entry(
        key=f"urn:announcement:{row.key}",
        title=row.local_headline,
        link=request.build_absolute_uri(page),
        text=f"{title}: {label(row.event, 'event')}",
        day=row.date,
    )
