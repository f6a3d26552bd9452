"""What became of promises: a bar for the promises of each year, cut by what they have come to. Pure."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from investments.charts import axes, theme
from investments.charts.axes import ZERO


def figure(
    amounts: Mapping[tuple[str, str], Decimal],
    years: Sequence[str],
    fates: Sequence[str],
    *,
    label: Callable[[str], str],
    money: Callable[[Decimal], str],
    share: Callable[[Decimal, Decimal], str],
    link: Callable[[str, str], str],
) -> dict[str, Any]:
    """Return the figure of ``(year, fate) -> amount``; what came to nothing is hatched, so colour does not say it alone."""
    totals = {year: sum((amounts.get((year, fate), ZERO) for fate in fates), ZERO) for year in years}
    traces = []
    for fate in fates:
        values = [amounts.get((year, fate), ZERO) for year in years]
        if not any(values):
            continue
        traces.append(go.Bar(
            name=label(fate), x=axes.first_days(years), y=[float(value) for value in values], **axes.spans(years), width=axes.widths(years),
            marker={"color": theme.colour(fate, {}), "line": {"width": 0},
                    "pattern": {"shape": "x" if fate == "cancelled" else "." if fate == "unknown" else ""}},
            text=[f"{money(value)} ({share(value, totals[year])})" for year, value in zip(years, values, strict=True)],
            hovertext=list(years), textposition="none",
            customdata=[link(year, fate) if value else "" for year, value in zip(years, values, strict=True)],
            hovertemplate="%{fullData.name}<br>%{hovertext} · %{text}<extra></extra>",
        ))  # fmt: skip
    data = theme.data(traces)
    layout = theme.layout(barmode="stack", xaxis=axes.dates(years), yaxis=axes.money(totals.values(), money))
    return {"data": data, "layout": layout}
