"""Figures that come as ranges, one to a line: impacts of sites by metric, estimates of the market by horizon. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from investments.charts import axes, theme


@dataclass(frozen=True, slots=True)
class Range:
    """One figure with its bounds (equal where it is exact), in the unit of its panel.

    Ranges of one ``name`` share a line; ``shown`` is what stands beside the line, where that is not the name.
    """

    name: str
    low: Decimal
    high: Decimal
    text: str
    link: str
    group: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Ranges that share a unit, on an axis of their own; ``axis`` stands under it where its ticks are bare numbers."""

    title: str
    ranges: Sequence[Range]
    unit: str
    axis: str = ""

    @property
    def lines(self) -> dict[str, str]:
        """The name of each line, from the top, and what stands beside it."""
        return {one.name: one.shown or one.name for one in self.ranges}


# Height of a line and of what stands around a panel, as parts of each other.
AROUND = 3.6
# Heights that the style sheet knows (static/css/charts.css), in lines.
SIZES = (10, 20, 30, 45, 60, 80, 110)


def size(panels: Sequence[Panel]) -> str:
    """Return the style that reserves enough height for the panels."""
    lines = sum(len(panel.lines) + AROUND for panel in panels)
    return f"lines-{next((size for size in SIZES if size >= lines), SIZES[-1])}"


def figure(
    panels: Sequence[Panel], *, label: Callable[[str], str], write: Callable[[Panel, Decimal], str]
) -> dict[str, Any]:
    """Return the figure: the panels under each other, their lines from the top in the order given; zero on each axis.

    ``group`` colours a mark and stands in the legend.
    """
    weights = [len(panel.lines) + AROUND for panel in panels]
    whole = sum(weights)
    traces: list[Any] = []
    notes: list[dict[str, Any]] = []
    more: dict[str, Any] = {}
    shown: dict[str, str] = {}
    top = 1.0
    for number, panel in enumerate(panels, 1):
        suffix = "" if number == 1 else str(number)
        bottom = top - weights[number - 1] / whole
        first = top - 1.4 / whole
        names = list(panel.lines)[::-1]
        for group in dict.fromkeys(one.group for one in panel.ranges):
            inside = [one for one in panel.ranges if one.group == group]
            tint = shown.get(group) or theme.colour(group, shown)
            known = any(trace.name == label(group) for trace in traces)
            traces.append(_trace(inside, label(group), tint, suffix, showlegend=not known))
        notes.append({
            "xref": "paper", "yref": "paper", "x": 0, "y": top, "xanchor": "left", "yanchor": "top", "showarrow": False,
            "text": panel.title, "font": {"weight": 700},
        })  # fmt: skip
        bounds = [one.high for one in panel.ranges]
        ticks = axes.money(bounds, lambda value, panel=panel: write(panel, value))  # type: ignore[misc]
        more[f"xaxis{suffix}"] = {
            **ticks, "anchor": f"y{suffix}", "rangemode": "tozero", "fixedrange": True, "showgrid": True, "zeroline": True,
            "automargin": False, "title": {"text": panel.axis, "standoff": 6},
        }  # fmt: skip
        more[f"yaxis{suffix}"] = {
            "domain": [max(bottom + 1.6 / whole, 0), first], "anchor": f"x{suffix}", "type": "category",
            "categoryorder": "array", "categoryarray": names, "fixedrange": True, "automargin": True,
            "showgrid": False, "zeroline": False, "range": [-0.6, len(names) - 0.4], "tickvals": names,
            "ticktext": list(panel.lines.values())[::-1],
        }  # fmt: skip
        top = bottom
    data = theme.data(traces)
    layout = theme.layout(annotations=notes, **more)
    return {"data": data, "layout": layout}


def _trace(inside: Sequence[Range], name: str, tint: str, suffix: str, *, showlegend: bool) -> Any:
    middles = [(one.low + one.high) / 2 for one in inside]
    return go.Scatter(
        name=name, legendgroup=name, showlegend=showlegend, xaxis=f"x{suffix}", yaxis=f"y{suffix}", mode="markers",
        x=[float(middle) for middle in middles], y=[one.name for one in inside],
        error_x={"type": "data", "array": [float((one.high - one.low) / 2) for one in inside], "color": tint,
                 "thickness": 5, "width": 0},
        marker={"size": 9, "color": tint}, text=[one.text for one in inside],
        customdata=[one.link for one in inside], hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
