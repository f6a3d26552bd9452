"""The megawatts of one site over time: in service after each milestone, expected, and planned. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from investments.charts import axes, theme


@dataclass(frozen=True, slots=True)
class Level:
    """What is in service from a day on, in megawatts, and where that is told; None where it is not known from then on."""

    day: date
    mw: Decimal | None
    text: str
    ahead: bool
    link: str = ""


def figure(
    levels: Sequence[Level],
    planned: Decimal | None,
    *,
    power: Callable[[Decimal], str],
    served: str,
    expected: str,
    plan: str,
    since: date,
    until: date,
) -> dict[str, Any]:
    """Return the figure: steps up to ``until``, dashed beyond, under the line of what is planned."""
    past, ahead = [one for one in levels if not one.ahead], [one for one in levels if one.ahead]
    end = max([until, *(one.day for one in ahead)])
    tint = theme.FIXED["all"]
    traces: list[Any] = []
    if planned is not None:
        traces.append(go.Scatter(
            name=plan, x=[since.isoformat(), end.isoformat()], y=[float(planned)] * 2, mode="lines", text=[power(planned)] * 2,
            line={"color": theme.MUTED, "dash": "dot", "width": 2}, hovertemplate="%{fullData.name} · %{text}<extra></extra>",
        ))  # fmt: skip
    traces += _steps(past, until, served, {"color": tint, "width": 2.5}, theme.faint(tint, 0.18))
    now = [Level(until, past[-1].mw, past[-1].text, ahead=True, link=past[-1].link)] if past and ahead else []
    traces += _steps([*now, *ahead], end, expected, {"color": tint, "width": 2, "dash": "dash"})
    heights = [one.mw for one in levels if one.mw is not None] + ([planned] if planned is not None else [])
    data = theme.data(traces)
    return {
        "data": data,
        "layout": theme.layout(
            xaxis={"type": "date", "tickformat": "%Y-%m"}, yaxis=axes.money(heights, power), showlegend=True
        ),
    }


def _steps(levels: Sequence[Level], end: date, name: str, line: dict[str, Any], fill: str = "") -> list[go.Scatter]:
    """Return the steps of known levels, one trace for each stretch without a gap; the last runs on to ``end``."""
    traces: list[go.Scatter] = []
    for known, stretch in groupby(
        zip(levels, [*levels, None][1:], strict=True), key=lambda pair: pair[0].mw is not None
    ):
        pairs = list(stretch)
        if not known:
            continue
        following = pairs[-1][1]
        points = [one for one, _next in pairs]
        traces.append(go.Scatter(
            name=name, legendgroup=name, showlegend=not traces, mode="lines+markers", line={"shape": "hv", **line},
            x=[*(one.day.isoformat() for one in points), (following.day if following else end).isoformat()],
            y=[*(float(one.mw or 0) for one in points), float(points[-1].mw or 0)],
            text=[*(one.text for one in points), points[-1].text], marker={"size": [8] * len(points) + [0]},
            customdata=[*(one.link for one in points), points[-1].link],
            hovertemplate="%{text}<extra></extra>", **({"fill": "tozeroy", "fillcolor": fill} if fill else {}),
        ))  # fmt: skip
    return traces
