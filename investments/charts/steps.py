"""A deal's total through its announcements as steps with the band from floor to headline. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from investments.charts import axes, theme


@dataclass(frozen=True, slots=True)
class Step:
    """The total after one announcement, and where that is told; amounts in the reporting currency."""

    day: date
    low: Decimal
    high: Decimal
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A figure that contradicts the total, and where that is told."""

    day: date
    amount: Decimal
    text: str
    link: str = ""


def figure(
    steps: Sequence[Step],
    conflicts: Sequence[Conflict],
    *,
    money: Callable[[Decimal], str],
    headline: str,
    floor: str,
    disputed: str,
    until: date,
) -> dict[str, Any]:
    """Return the figure; the last total runs on to ``until``."""
    days = [one.day.isoformat() for one in steps] + [max(until, steps[-1].day).isoformat()] if steps else []
    tint = theme.FIXED["all"]
    low, high = ([*(float(one.low) for one in steps)], [*(float(one.high) for one in steps)])
    text, links = [one.text for one in steps], [one.link for one in steps]
    traces: list[Any] = []
    if steps:
        line = {"shape": "hv", "color": tint}
        traces = [
            go.Scatter(
                name=floor, x=days, y=[*low, low[-1]], mode="lines", line={**line, "width": 1}, hoverinfo="skip",
            ),
            go.Scatter(
                name=headline, x=days, y=[*high, high[-1]], mode="lines+markers", line={**line, "width": 2.5},
                fill="tonexty", fillcolor=theme.faint(tint, 0.18), text=[*text, text[-1]],
                customdata=[*links, links[-1]], marker={"size": [8] * len(steps) + [0]}, hovertemplate="%{text}<extra></extra>",
            ),
        ]  # fmt: skip
    if conflicts:
        traces.append(go.Scatter(
            name=disputed, x=[one.day.isoformat() for one in conflicts], y=[float(one.amount) for one in conflicts],
            mode="markers", text=[one.text for one in conflicts], hovertemplate="%{text}<extra></extra>",
            customdata=[one.link for one in conflicts],
            marker={"symbol": "x", "size": 10, "color": theme.FIXED["cancelled"]},
        ))  # fmt: skip
    bounds = [one.high for one in steps] + [one.amount for one in conflicts]
    data = theme.data(traces)
    return {
        "data": data,
        "layout": theme.layout(
            xaxis={"type": "date", "tickformat": "%Y-%m"}, yaxis=axes.money(bounds, money), showlegend=True
        ),
    }
