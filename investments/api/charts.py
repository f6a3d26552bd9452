"""The data of every chart, as its page draws it."""

from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from investments.api.answers import Json
from investments.api.base import ApiView, kept
from investments.api.chart_answers import CHART_ANSWERS
from investments.api.errors import BadQuery
from investments.api.parameters import parameters
from investments.api.schema import ApiSchema
from investments.views.charts.frame import Chart
from investments.views.charts.registry import CHARTS
from investments.views.charts.rooms import answer_of, unknown_chart


class ChartSchema(ApiSchema):
    """What the schema says of a chart's data."""

    ok = "The chart's data."

    def get_operation_id(self) -> str:
        return "spending" if self.path.startswith("/api/") else f"charts_{self.view.chart}"

    def get_tags(self) -> list[str]:
        return ["charts"]

    def get_description(self) -> str:
        chart = CHARTS[self.view.chart]
        return f"Data of the chart “{chart.label}”, with its figure for plotly. {chart.read.__doc__}"

    def own_parameters(self) -> list[Any]:
        chart = CHARTS[self.view.chart]
        return parameters(chart.filterset(None, chart.resource.queryset()), without=("page", "per_page", "sort"))

    def answer(self) -> Json:
        return CHART_ANSWERS[self.view.chart]


class ChartView(ApiView):
    """``/charts/<name>.json``, and of spending ``/api/v1/spending/``.

    Pages draw their charts from these, so the charts' own addresses are not counted among a reader's requests.
    """

    chart = ""
    throttle_classes = ()
    schema = ChartSchema()

    def get(self, request: Request, name: str = "") -> HttpResponse:
        """Answer a chart's data; the keys that all charts of money share are those of INTERFACE.md."""
        name = self.chart or name
        if name not in CHARTS:
            raise Http404(unknown_chart(name))
        return kept(request, lambda: _answer(CHARTS[name], request))


def _answer(chart: Chart, request: Request) -> dict[str, Any]:
    answer = answer_of(chart, request.query_params)
    if "errors" in answer:
        raise BadQuery(answer["errors"])
    return answer


def each_chart(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Put an endpoint for each chart in place of the one for all (a hook of the schema's generator)."""
    made = []
    for path, regex, method, callback in endpoints:
        if path == "/charts/{name}.json":
            for name in CHARTS:
                made.append((path.replace("{name}", name), regex, method, ChartView.as_view(chart=name)))
        else:
            made.append((path, regex, method, callback))
    return made
