"""The chart room: every chart as a page, as data, as CSV, and as a frame for other pages."""

from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from investments.ledger.selection import COUNTS, Selection
from investments.templatetags.display import address
from investments.views.charts.frame import Chart, Drawn, Hung
from investments.views.charts.registry import CHARTS
from investments.views.charts.sheets import csv_of
from investments.views.chips import chips
from investments.views.listing import Foot, rows_left_out, swaps
from investments.views.panel import kept, panel
from investments.views.problems import bad_query


def room(request: HttpRequest, name: str = "spending") -> HttpResponse:
    """``/charts/``, ``/charts/<name>/``: a chart, what it can be asked, its finding, its table and its rows."""
    chart = _chart(name)
    query = request.GET
    listed = chart.resource.filter(chart.of_list(query))
    controls = panel(*chart.offering(query), request.path, query)
    answer = chart.read(query)
    held = {*chart.controls, *(name for control in controls for name in control.typed)}
    context: dict[str, Any] = {
        "chart": chart,
        "charts": [(one, _tab(chart, one, query)) for one in CHARTS.values()],
        "filters": chart.filters(query),
        "controls": controls,
        "kept": [(name, value) for name, value in kept(controls, query) if name not in held],
        "chips": chips(chart.resource, listed, query),
        "query": query,
        "counts": COUNTS,
    }
    if isinstance(answer, Drawn):
        context |= drawn_context(chart, answer, query)
        context["embed"] = request.build_absolute_uri(address(reverse("chart-embed", args=[chart.name]), query))
    else:
        context["problems"] = answer
    context["swapped"] = swaps(request)
    template = "investments/charts/_room.html" if context["swapped"] else "investments/charts/room.html"
    return render(request, template, context)


def drawn_context(chart: Chart, drawn: Drawn, query: QueryDict) -> dict[str, Any]:
    """Return what _figure.html needs to show a chart."""
    return {
        "chart": chart,
        "drawn": drawn,
        "selection": drawn.selection,
        "elsewhere": rows_left_out(chart.resource, chart.of_list(query, "view")),
        "links": {
            "data": address(reverse("chart-data", args=[chart.name]), query),
            "csv": address(reverse("chart-csv", args=[chart.name]), query),
            "page": address(reverse("chart", args=[chart.name]), query),
        },
    }


def hung(name: str, query: QueryDict, style: str = "") -> Hung | None:
    """Return a chart of the room for another page; None where the chart does not understand the query.

    ``style`` reserves its height where that is not the room's.
    """
    drawn = CHARTS[name].read(query)
    return hung_drawn(name, drawn, query, style) if isinstance(drawn, Drawn) else None


def hung_drawn(name: str, drawn: Drawn, query: QueryDict, style: str = "") -> Hung:
    """Return a chart of the room, drawn already, for another page."""
    context = drawn_context(CHARTS[name], drawn, query)
    return Hung(style or name, drawn, **context["links"], elsewhere=context["elsewhere"])


def foot_of(drawn: Drawn, selection: Selection) -> Foot:
    """Return both sums of a selection, and what they leave out, as its chart has worked them out."""
    assert drawn.account is not None
    return Foot(drawn.account.headline, drawn.account.floor, drawn.account.left_out, selection.currency)


def _tab(here: Chart, other: Chart, query: QueryDict) -> str:
    """Return the address of another chart with what of this one's query it understands."""
    path = reverse("chart", args=[other.name])
    if here.resource.model is not other.resource.model and "kind" not in other.filterset.base_filters:
        return path
    known = other.filterset.base_filters
    return address(path, query, **{name: None for name in query if name not in known or name in here.own})


def answer_of(chart: Chart, query: QueryDict) -> dict[str, Any]:
    """Return the data of a chart, or under ``errors`` what is wrong with the query."""
    drawn = chart.read(query)
    return {**drawn.answer, "figure": drawn.figure} if isinstance(drawn, Drawn) else {"errors": drawn}


def sheet(request: HttpRequest, name: str) -> HttpResponse:
    """``/charts/<name>.csv``: the figures of the chart, one to a row."""
    drawn = _chart(name).read(request.GET)
    if not isinstance(drawn, Drawn):
        return bad_query(drawn)
    return csv_of(drawn.sheet, name)


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embed(request: HttpRequest, name: str) -> HttpResponse:
    """``/charts/<name>/embed/``: the chart alone, for a frame on any page."""
    chart = _chart(name)
    drawn = chart.read(request.GET)
    context: dict[str, Any] = {"chart": chart, "query": request.GET}
    if not isinstance(drawn, Drawn):
        return render(request, "investments/charts/embed.html", {**context, "problems": drawn}, status=400)
    return render(request, "investments/charts/embed.html", context | drawn_context(chart, drawn, request.GET))


def _chart(name: str) -> Chart:
    if name not in CHARTS:
        raise Http404(unknown_chart(name))
    return CHARTS[name]


def unknown_chart(name: str) -> str:
    return _("There is no chart “%(name)s”. Known: %(known)s.") % {"name": name, "known": ", ".join(CHARTS)}
