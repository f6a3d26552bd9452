"""Megawatts over time: what is in service by the end of each period, and what is planned. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from investments.charts import axes, theme
from investments.charts.axes import ZERO


def figure(
    served: Mapping[tuple[str, str], Decimal],
    planned: Mapping[str, Decimal],
    periods: Sequence[str],
    segments: Sequence[str],
    *,
    label: Callable[[str], str],
    power: Callable[[Decimal], str],
    period: Callable[[str], str],
    link: Callable[[str], str],
    plan: str,
    today: date,
    word: str,
) -> dict[str, Any]:
    """Return the figure of ``(period, segment) -> MW in service`` as bars and ``period -> MW planned`` as a line.

    The line has its own scale to the right: plans are many times what is in service.
    """
    taken: dict[str, str] = {}
    traces: list[Any] = [
        go.Bar(
            name=label(segment), x=axes.first_days(periods), **axes.spans(periods), width=axes.widths(periods), textposition="none",
            y=[float(served.get((one, segment), ZERO)) for one in periods],
            text=[power(served.get((one, segment), ZERO)) for one in periods],
            hovertext=[period(one) for one in periods], customdata=[link(segment)] * len(periods),
            marker={"color": theme.colour(segment, taken), "line": {"width": 0}},
            hovertemplate="%{fullData.name}<br>%{hovertext} · %{text}<extra></extra>",
        )
        for segment in segments
    ]  # fmt: skip
    if planned:
        traces.append(go.Scatter(
            name=plan, x=axes.first_days(periods), **axes.spans(periods), yaxis="y2", mode="lines+markers",
            y=[float(planned.get(one, ZERO)) for one in periods], text=[power(planned.get(one, ZERO)) for one in periods],
            hovertext=[period(one) for one in periods], line={"color": theme.MUTED, "dash": "dot"},
            hovertemplate="%{fullData.name}<br>%{hovertext} · %{text}<extra></extra>",
        ))  # fmt: skip
    heights = [sum((served.get((one, segment), ZERO) for segment in segments), ZERO) for one in periods]
    data = theme.data(traces)
    right = {
        **axes.money(planned.values(), power), "overlaying": "y", "side": "right", "showgrid": False,
        "rangemode": "tozero", "fixedrange": True, "automargin": True,
    }  # fmt: skip
    more = axes.today_line(today, word) if periods and axes.Period.parse(periods[-1]).last > today else {}
    return {
        "data": data,
        "layout": theme.layout(
            barmode="stack", xaxis=axes.dates(periods), yaxis=axes.money(heights, power), yaxis2=right, **more
        ),
    }
