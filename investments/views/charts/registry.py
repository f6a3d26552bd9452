"""The charts there are, in the order of the room's tabs."""

from django.utils.translation import gettext_lazy as _

from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.charts import (
    CapacityFilters,
    FlowFilters,
    FollowThroughFilters,
    ForecastChartFilters,
    ImpactChartFilters,
    MapFilters,
    SpendingFilters,
)
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.resources.projects import PROJECTS
from investments.views.charts import capacity, flows, followthrough, forecasts, impacts, places, spending
from investments.views.charts.frame import Chart

CHARTS = {
    chart.name: chart
    for chart in (
        Chart(
            "spending", _("Spending"), spending.read, SpendingFilters, ANNOUNCEMENTS,
            ("by", "split", "view", "measure", "cumulative", "scale", "estimates", "include"), DEALS,
        ),
        Chart(
            "followthrough", _("Follow-through"), followthrough.read, FollowThroughFilters, DEALS, ("measure", "include"),
        ),
        Chart("flows", _("Flows"), flows.read, FlowFilters, DEALS, ("top", "measure", "include")),
        Chart("map", _("Map"), places.read, MapFilters, PROJECTS),
        Chart("capacity", _("Capacity"), capacity.read, CapacityFilters, PROJECTS, ("by", "split")),
        Chart("impacts", _("Impact"), impacts.read, ImpactChartFilters, PROJECTS, ("metric",)),
        Chart("forecasts", _("Forecasts"), forecasts.read, ForecastChartFilters, FORECASTS),
    )
}  # fmt: skip
