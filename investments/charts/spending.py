"""Spending over time as a figure: stacked bars, a bar per period and segment. Pure: rows in, figure out."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from investments.charts import theme
from investments.values import Period, SpendingRow

OTHER = "other"
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Series:
    """Rows of one chart: the segments in the order in which they are drawn, and the periods without a gap."""

    rows: tuple[SpendingRow, ...]
    segments: tuple[str, ...]
    periods: tuple[str, ...]
    folded: tuple[str, ...]  # the segments that "other" stands for


def periods_between(first: str, last: str) -> tuple[str, ...]:
    """Return every period from the first to the last, both included."""
    period, end = Period.parse(first), Period.parse(last)
    names = [str(period)]
    while period.first < end.first:
        period = period.next()
        names.append(str(period))
    return tuple(names)


def arrange(rows: Sequence[SpendingRow], *, top: int, cumulative: bool) -> Series:
    """Fold the segments beyond the ``top`` largest into ``other``; run on the sums where ``cumulative``.

    Amounts are added per period and segment over layers; rows that come to zero are left out, but a cumulative
    series carries on to the last period, where its segments add up to the total.
    """
    sizes: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sizes[row.segment] += row.amount
    ranked = sorted(sizes, key=lambda segment: (-sizes[segment], segment))
    kept, folded = (ranked[:top], ranked[top:]) if len(ranked) > top else (ranked, [])
    cells: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        cells[row.period, OTHER if row.segment in folded else row.segment] += row.amount
    segments = tuple(kept) + ((OTHER,) if folded else ())
    names = sorted({period for period, segment in cells})
    periods = periods_between(names[0], names[-1]) if names else ()
    if cumulative:
        cells = _running(cells, periods, segments)
    made = tuple(
        SpendingRow(period, segment, "", cells[period, segment])
        for period in periods
        for segment in segments
        if cells.get((period, segment), ZERO)
    )
    return Series(made, segments, periods, tuple(folded))


def _running(
    cells: Mapping[tuple[str, str], Decimal], periods: Sequence[str], segments: Sequence[str]
) -> dict[tuple[str, str], Decimal]:
    """Return the sums up to and including each period."""
    sums = dict.fromkeys(segments, ZERO)
    running = {}
    for period in periods:
        for segment in segments:
            sums[segment] += cells.get((period, segment), ZERO)
            running[period, segment] = sums[segment]
    return running


def ticks(rows: Sequence[SpendingRow], money: Callable[[Decimal], str]) -> dict[str, Any]:
    """Return an axis whose ticks are round amounts, written as money is written elsewhere on the page."""
    heights: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for row in rows:
        heights[row.period][row.amount < 0] += row.amount
    high = max((up for up, down in heights.values()), default=ZERO)
    low = min((down for up, down in heights.values()), default=ZERO)
    if high == low:
        return {}
    rough = (high - low) / 5
    power = Decimal(10) ** rough.adjusted()
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first, last = int(low // step), int(-(-high // step))
    values = [step * number for number in range(first, last + 1)]
    return {"tickvals": [float(value) for value in values], "ticktext": [money(value) for value in values]}


def figure(
    series: Series,
    *,
    label: Callable[[str], str],
    money: Callable[[Decimal], str],
    link: Callable[[str, str], str],
    running: str | None = None,
    cumulative: bool = False,
) -> dict[str, Any]:
    """Return the plotly figure (``data`` and ``layout``) of the series.

    ``label`` names a segment, ``money`` writes an amount, ``link`` is the address of the rows behind a bar;
    ``running`` is the period that may still grow, drawn hatched.
    """
    amounts = {(row.period, row.segment): row.amount for row in series.rows}
    taken: dict[str, str] = {}
    bars = []
    for segment in series.segments:
        values = [amounts.get((period, segment), ZERO) for period in series.periods]
        bars.append(
            go.Bar(
                name=label(segment),
                x=list(series.periods),
                y=[float(value) for value in values],
                text=[money(value) for value in values],
                textposition="none",
                customdata=[
                    link(period, segment) if value else "" for period, value in zip(series.periods, values, strict=True)
                ],
                hovertemplate="<b>%{fullData.name}</b><br>%{x}: %{text}<extra></extra>",
                marker={
                    "color": theme.colour(segment, taken),
                    "line": {"width": 0},
                    "pattern": {
                        "shape": ["/" if period == running and not cumulative else "" for period in series.periods]
                    },
                },
            )
        )
    drawn = go.Figure(bars).to_plotly_json()
    return {
        "data": drawn["data"],
        "layout": theme.layout(
            barmode="relative",
            xaxis={"type": "category", "tickangle": 0, "nticks": 10},
            yaxis=ticks(series.rows, money),
            showlegend=len(series.segments) > 1,
        ),
    }
