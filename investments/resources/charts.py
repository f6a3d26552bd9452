"""The queries of the charts: those of the lists behind them, and how the figures are cut."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from investments.choices import ImpactMetric
from investments.ledger.account import PERIOD_FORMATS
from investments.ledger.selection import DIMENSIONS, VIEWS, Selection
from investments.resources.announcements import AnnouncementFilters
from investments.resources.base import PlainChoice
from investments.resources.deals import DealFilters
from investments.resources.forecasts import ForecastFilters
from investments.resources.money import Choices
from investments.resources.projects import ProjectFilters

PERIODS = tuple(PERIOD_FORMATS)


def _options(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class SpendingFilters(AnnouncementFilters):
    """``/charts/spending.json``: every filter of the announcements, and how time and segments are cut."""

    defaults: ClassVar[dict[str, str]] = AnnouncementFilters.defaults | {
        "by": "quarter", "split": "layer", "view": "announced", "cumulative": "0", "top": "8", "scale": "linear",
        "estimates": "0",
    }  # fmt: skip

    # A chart says what it leaves out; the rows of that are a list's.
    left_out = None  # type: ignore[assignment]

    by = PlainChoice(label=_("By"), choices=_options(*PERIODS))
    split = PlainChoice(label=_("Split"), choices=_options("none", *DIMENSIONS))
    view = PlainChoice(label=_("View"), choices=_options(*VIEWS))
    cumulative = PlainChoice(label=_("Cumulative"), choices=_options("0", "1"))
    top = PlainChoice(label=_("Segments"), choices=_options(*map(str, range(1, 21))))
    scale = PlainChoice(label=_("Scale"), choices=_options("linear", "log"))
    estimates = PlainChoice(label=_("Estimates"), choices=_options("0", "1"))

    def selection(self, **reading: object) -> Selection:
        return super().selection(**{"view": self.reading("view"), **reading})


class FollowThroughFilters(DealFilters):
    """``/charts/followthrough.json``: every filter of the deals."""

    left_out = None  # type: ignore[assignment]  # how django-filter takes a filter away
    view = None  # type: ignore[assignment]  # how django-filter takes a filter away


class FlowFilters(DealFilters):
    """``/charts/flows.json``: every filter of the deals, and how many flows are drawn one by one."""

    defaults: ClassVar[dict[str, str]] = DealFilters.defaults | {"top": "30"}

    left_out = None  # type: ignore[assignment]  # how django-filter takes a filter away
    view = None  # type: ignore[assignment]  # how django-filter takes a filter away

    top = PlainChoice(label=_("Flows"), choices=_options(*map(str, range(10, 101, 10))))


class CapacityFilters(ProjectFilters):
    """``/charts/capacity.json``: every filter of the sites, and how time and segments are cut."""

    defaults: ClassVar[dict[str, str]] = {"by": "year", "split": "operator", "top": "8"}

    by = PlainChoice(label=_("By"), choices=_options(*PERIODS))
    split = PlainChoice(label=_("Split"), choices=_options("none", "operator", "country"))
    top = PlainChoice(label=_("Segments"), choices=_options(*map(str, range(1, 21))))


class ImpactChartFilters(ProjectFilters):
    """``/charts/impacts.json``: every filter of the sites, and the metrics drawn."""

    defaults: ClassVar[dict[str, str]] = {"metric": ImpactMetric.WATER.value}

    metric = Choices(label=_("Metric"), choices=ImpactMetric.choices)


class MapFilters(ProjectFilters):
    """``/charts/map.json``: every filter of the sites."""


class ForecastChartFilters(ForecastFilters):
    """``/charts/forecasts.json``: every filter of the estimates; without a unit, those in US dollars."""

    defaults: ClassVar[dict[str, str]] = {"unit": "USD USD/year"}
