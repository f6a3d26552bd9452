"""The list machine: any resource as a page of filters, totals and rows; htmx swaps its results."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from investments.choices import Layer
from investments.ledger import totals
from investments.ledger.rates import NoRate
from investments.ledger.remembered import number_of
from investments.ledger.selection import COUNTS, Selection, containers_in_force
from investments.models import Deal, DealContainment
from investments.models.deal import DealQuerySet
from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.base import DEFAULT_PAGE_SIZE, PAGE_SIZES, Resource, StrictFilterSet
from investments.resources.deals import DEALS
from investments.resources.money import MoneyFilters
from investments.values import LeftOut, Sums
from investments.views.chips import chips
from investments.views.panel import kept, panel
from investments.views.preferences import preferences
from investments.views.saved import shelf

# Rows of the list of deals on another noun's page; the whole list is one click away.
DEALS_SHOWN = 50
# Rows passed over on the way to a page that cost less, read whole, than a query more.
SHALLOW = 500


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


def foot(selection: Selection, deals: DealQuerySet | None = None) -> Foot:
    """Return the sums of a selection, or of some of its deals, in both measures; raise NoRate without a rate."""
    if deals is None:
        account = totals.account(selection)
        return Foot(account.headline, account.floor, account.left_out, selection.currency)
    return Foot(
        headline=totals.sums(replace(selection, measure="headline"), deals),
        floor=totals.sums(replace(selection, measure="floor"), deals),
        left_out=totals.left_out(selection),
        currency=selection.currency,
    )


def rows_left_out(resource: Resource, query: QueryDict) -> tuple[str, QueryDict]:
    """Return the list, and its query, that shows with ``left_out`` what the sums of a list or chart leave out.

    They are deals; where the reader's days or events cut announcements, the announcements of those deals, whose sum is
    cut alike.
    """
    if query.get("view") == "planned":
        return reverse("deals"), query
    query = query.copy()
    query.pop("view", None)
    cut = resource is ANNOUNCEMENTS and any(query.get(name) for name in ("after", "before", "event"))
    return reverse("announcements" if cut else "deals"), query


def deals_of(query: str, sort: str) -> tuple[list[Deal], dict[int, DealContainment]]:
    """Return the first deals of a query in an order, and what covers those that are not added."""
    filters = DEALS.filter(QueryDict(query))
    rows = list(DEALS.page(DEALS.ordered(filters.rows, sort))[:DEALS_SHOWN])
    return rows, containers_in_force(filters.selection(), [row.pk for row in rows])


def list_page(request: HttpRequest, resource: Resource, **extra: Any) -> HttpResponse:
    """Answer a list: its filters, totals and one page of rows."""
    filters = resource.filter(request.GET)
    problems = dict(filters.problems)
    context: dict[str, Any] = {"resource": resource, "filters": filters, "query": request.GET, **extra}
    shown = _page(resource, filters, problems)
    if isinstance(filters, MoneyFilters) and not problems:
        try:
            context |= _money_context(filters) | _row_context(filters.selection(), shown["rows"])
        except NoRate as missing:
            problems["currency"] = [no_rate(missing)]
            shown = _page(resource, filters, problems)
    controls = panel(resource, filters, request.path)
    context |= shown | preferences(request, resource)
    if "parts" in context:
        label = _("Planned") if context["selection"].view == "planned" else _("Part")
        context["columns"] = [
            replace(one, label=label, sort=None) if one.name == "headline_usd" else one for one in context["columns"]
        ]
    context |= {
        "problems": problems,
        "chips": chips(resource, filters, request.GET),
        "controls": controls,
        "kept": kept(controls, request.GET),
        "counts": COUNTS,
        "elsewhere": rows_left_out(resource, request.GET),
        "sizes": PAGE_SIZES,
        **shelf(request, resource),
    }
    return render(request, "investments/_results.html" if swaps(request) else "investments/list.html", context)


def swaps(request: HttpRequest) -> bool:
    """Whether the reader's page takes only the part that htmx swaps; going back asks for a whole page."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def no_rate(missing: NoRate) -> str:
    """Say that a reporting currency has no rate on a day that is counted."""
    return _("No exchange rate for %(currency)s on %(day)s or in the 7 days before.") % {
        "currency": missing.currency,
        "day": missing.day.isoformat(),
    }


class Pages(Paginator):
    """Pages whose rows are counted once for each state of the facts; those far down are found by their keys first.

    The keys of a deep page come out of an index; only the rows of that page are read whole.
    """

    def __init__(self, resource: Resource, rows: QuerySet, sort: str, per_page: int, *, by_index: bool = True) -> None:
        # Found words come in no order: all that match are sorted, which is cheaper of keys than of whole rows.
        self.resource, self.sort, self.by_index = resource, sort, by_index
        super().__init__(resource.ordered(rows, sort), per_page)

    @cached_property
    def count(self) -> int:
        return number_of(self.object_list)  # type: ignore[arg-type]

    def page(self, number: Any) -> Any:
        page: Any = super().page(number)
        if self.by_index and page.end_index() <= SHALLOW:
            page.object_list = list(self.resource.page(page.object_list))
            return page
        keys = list(page.object_list.values_list("pk", flat=True))
        whole = {row.pk: row for row in self.resource.page(self.resource.queryset().filter(pk__in=keys))}
        page.object_list = [whole[key] for key in keys if key in whole]
        return page


def _page(resource: Resource, filters: StrictFilterSet, problems: dict[str, list[str]]) -> dict[str, Any]:
    """Return one page of rows, ordered; no rows while the query is wrong."""
    cleaned = filters.cleaned
    sort = cleaned.get("sort") or resource.default_sort
    rows = filters.queryset.none() if problems else filters.rows
    size = int(cleaned.get("per_page") or DEFAULT_PAGE_SIZE)
    pages = Pages(resource, rows, sort, size, by_index=not cleaned.get("q"))
    page = pages.get_page(cleaned.get("page") or 1)
    return {"page": page, "rows": page.object_list, "sort": sort}


def _money_context(filters: MoneyFilters) -> dict[str, Any]:
    selection = filters.selection()
    return {"selection": selection, "foot": foot(selection, filters.summed)}


def _row_context(selection: Selection, rows: list[Any]) -> dict[str, Any]:
    """Return what the rows of a page say of their money: what each adds, and what contains it."""
    announcements = [row for row in rows if hasattr(row, "event")]
    deals = [row.deal_id for row in announcements if row.deal_id] or [row.pk for row in rows]
    covering = containers_in_force(selection, deals) if selection.count == "net" else {}
    context: dict[str, Any] = {"covering": covering}
    if announcements:
        context["increments"] = totals.amounts_of(selection, [row.pk for row in announcements])
    else:
        if selection.currency != "USD":
            # In US dollars the deals hold their totals themselves.
            context["totals"] = totals.whole_totals(selection, deals)
        if selection.view == "planned" or selection.slices:
            context["parts"] = totals.parts_of(selection, deals)
    return context
