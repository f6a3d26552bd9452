"""The list machine: any resource as a page of filters, totals and rows; htmx swaps its results."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from investments.choices import Layer
from investments.ledger import totals
from investments.ledger.rates import NoRate
from investments.ledger.selection import Selection, containers_in_force
from investments.resources.base import DEFAULT_PAGE_SIZE, Resource, StrictFilterSet
from investments.resources.money import MoneyFilters
from investments.values import LeftOut, Sums
from investments.views.chips import chips


@dataclass(frozen=True)
class Foot:
    """The sums under a list of money: both measures, and what they leave out."""

    headline: Sums
    floor: Sums
    left_out: LeftOut
    currency: str

    @property
    def layers(self) -> list[tuple[str, Any, Any]]:
        """Layer, headline and floor of every layer with money."""
        return [
            (layer.value, self.headline.by_layer[layer], self.floor.by_layer[layer])
            for layer in Layer
            if self.headline.by_layer[layer] or self.floor.by_layer[layer]
        ]


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet: how many rows it would leave, and whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


def foot(selection: Selection) -> Foot:
    """Return the sums of a selection in both measures; raise NoRate without a rate for its currency."""
    return Foot(
        headline=totals.sums(replace_measure(selection, "headline")),
        floor=totals.sums(replace_measure(selection, "floor")),
        left_out=totals.left_out(selection),
        currency=selection.currency,
    )


def list_page(request: HttpRequest, resource: Resource, **extra: Any) -> HttpResponse:
    """Answer a list: its filters, totals and one page of rows."""
    filters = resource.filter(request.GET)
    problems = dict(filters.problems)
    context: dict[str, Any] = {"resource": resource, "filters": filters, "query": request.GET, **extra}
    if isinstance(filters, MoneyFilters) and not problems:
        try:
            context |= _money_context(filters)
        except NoRate as missing:
            problems["currency"] = [no_rate(missing)]
    context |= _page(resource, filters, problems)
    if isinstance(filters, MoneyFilters) and not problems:
        context |= _row_context(filters.selection(), context["rows"])
    context |= {
        "problems": problems,
        "chips": chips(resource, filters, request.GET),
        "facets": facets(resource, filters),
    }
    response = render(
        request, "investments/_results.html" if request.headers.get("HX-Request") else "investments/list.html", context
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def no_rate(missing: NoRate) -> str:
    """Say that a reporting currency has no rate on a day that is counted."""
    return _("No exchange rate for %(currency)s on %(day)s or in the 7 days before.") % {
        "currency": missing.currency,
        "day": missing.day.isoformat(),
    }


def _page(resource: Resource, filters: StrictFilterSet, problems: dict[str, list[str]]) -> dict[str, Any]:
    """Return one page of rows, ordered; no rows while the query is wrong."""
    cleaned = filters.cleaned
    sort = cleaned.get("sort") or resource.default_sort
    rows = filters.queryset.none() if problems else resource.page(resource.ordered(filters.rows, sort))
    paginator = Paginator(rows, int(cleaned.get("per_page") or DEFAULT_PAGE_SIZE))
    page = paginator.get_page(cleaned.get("page") or 1)
    return {"page": page, "rows": list(page.object_list), "sort": sort, "columns": resource.columns}


def _money_context(filters: MoneyFilters) -> dict[str, Any]:
    selection = filters.selection()
    return {"selection": selection, "foot": foot(selection)}


def _row_context(selection: Selection, rows: list[Any]) -> dict[str, Any]:
    """Return what the rows of a page say of their money: what each adds, and what contains it."""
    announcements = [row for row in rows if hasattr(row, "event")]
    deals = [row.deal_id for row in announcements if row.deal_id] or [row.pk for row in rows]
    covering = containers_in_force(selection, deals) if selection.count == "net" else {}
    context: dict[str, Any] = {"covering": covering}
    if announcements:
        context["increments"] = totals.amounts_of(selection, [row.pk for row in announcements])
    return context


def facets(resource: Resource, filters: StrictFilterSet) -> dict[str, list[FacetValue]]:
    """Return, for each facet, its values with the number of rows each would leave, its own choice aside."""
    return {name: _facet(resource, filters, name) for name in resource.facets}


def _facet(resource: Resource, filters: StrictFilterSet, name: str) -> list[FacetValue]:
    data = filters.data.copy()
    chosen = data.pop(name, [])
    others = resource.filter(data)
    rows = others.rows.order_by()
    column = f"deal__{name}" if resource.name == "announcements" and name != "event" else name
    counts = dict(rows.values_list(column).annotate(number=Count("pk", distinct=True)))
    return [
        FacetValue(value, label, counts.get(value, 0), value in chosen)
        for value, label in filters.form.fields[name].choices
        if counts.get(value) or value in chosen
    ]


def replace_measure(selection: Selection, measure: Any) -> Selection:
    """Return the selection read in another measure."""
    return replace(selection, measure=measure)
