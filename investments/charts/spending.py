"""Spending over time as a figure: stacked bars, a bar per period and segment. Pure: rows in, figure out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from investments.charts import axes, theme
from investments.charts.axes import ZERO, periods_between
from investments.values import Estimate, Period, SpendingRow

OTHER = "other"


@dataclass(frozen=True)
class Series:
    """Rows of one chart: the segments in the order in which they are drawn, and the periods without a gap."""

    rows: tuple[SpendingRow, ...]
    segments: tuple[str, ...]
    periods: tuple[str, ...]
    folded: tuple[str, ...]  # the segments that "other" stands for


@dataclass(frozen=True)
class Words:
    """What a figure says and where its marks lead: the reader's language and the page's addresses.

    ``label`` names a segment, ``period`` a period, ``money`` writes an amount, ``link`` is the address of the rows
    behind a bar.
    """

    label: Callable[[str], str]
    money: Callable[[Decimal], str]
    link: Callable[[str, str], str]
    period: Callable[[str], str]
    today: str = "today"
    floor: str = "floor"
    largest: str = "largest announcements"
    estimates: str = "estimates"


@dataclass(frozen=True)
class Extras:
    """What stands on the bars: the floor of each period, the largest announcements, estimates, today."""

    floor: Mapping[str, Decimal] = field(default_factory=dict)
    # Period -> what the largest announcements in it say, and where the largest of them leads.
    largest: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    estimates: Sequence[Estimate] = ()
    today: date | None = None


def arrange(rows: Sequence[SpendingRow], *, top: int, cumulative: bool, reach: Iterable[str] = ()) -> Series:
    """Fold the segments beyond the ``top`` largest into ``other``; run on the sums where ``cumulative``.

    The periods go as far as the rows, and as ``reach`` where there are rows.
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
    names = sorted({period for period, segment in cells} | set(reach if cells else ()))
    periods = periods_between(names[0], names[-1]) if names else ()
    if cumulative:
        cells = running(cells, periods, segments)
    made = tuple(
        SpendingRow(period, segment, "", cells[period, segment])
        for period in periods
        for segment in segments
        if cells.get((period, segment), ZERO)
    )
    return Series(made, segments, periods, tuple(folded))


def running(
    cells: Mapping[tuple[str, str], Decimal], periods: Sequence[str], segments: Sequence[str]
) -> dict[tuple[str, str], Decimal]:
    """Return the sums up to and including each period."""
    sums = dict.fromkeys(segments, ZERO)
    grown = {}
    for period in periods:
        for segment in segments:
            sums[segment] += cells.get((period, segment), ZERO)
            grown[period, segment] = sums[segment]
    return grown


def heights(series: Series) -> dict[str, list[Decimal]]:
    """Return how high and how low the bars of each period reach together."""
    reach: dict[str, list[Decimal]] = {period: [ZERO, ZERO] for period in series.periods}
    for row in series.rows:
        reach[row.period][row.amount < 0] += row.amount
    return reach


def figure(
    series: Series,
    words: Words,
    extras: Extras | None = None,
    *,
    may_grow: str | None = None,
    log: bool = False,
) -> dict[str, Any]:
    """Return the plotly figure (``data`` and ``layout``) of the series.

    ``may_grow`` is the period that is not over, drawn hatched. A logarithmic scale has no stacks: it gets lines.
    """
    extras = extras or Extras()
    amounts = {(row.period, row.segment): row.amount for row in series.rows}
    taken: dict[str, str] = {}
    drawn: list[dict[str, Any]] = []
    days, widths = axes.first_days(series.periods), axes.widths(series.periods)
    named = [words.period(period) for period in series.periods]
    hatched = ["/" if period == may_grow else "" for period in series.periods]
    for segment in series.segments:
        values = [amounts.get((period, segment), ZERO) for period in series.periods]
        shared = {
            "name": words.label(segment),
            **axes.spans(series.periods),
            "hovertemplate": "%{fullData.name}<br>%{hovertext} · %{text}<extra></extra>",
        }
        each = {
            "x": days,
            "text": [words.money(value) for value in values],
            "hovertext": named,
            "customdata": [
                words.link(period, segment) if value else ""
                for period, value in zip(series.periods, values, strict=True)
            ],
        }
        tint = theme.colour(segment, taken)
        if log:
            y: list[float | None] = [float(value) if value > 0 else None for value in values]
            drawn.append(theme.trace(go.Scatter(mode="lines+markers", line={"color": tint}, **shared), y=y, **each))
            continue
        y = [float(value) for value in values]
        bars = theme.trace(
            go.Bar(textposition="none", marker={"color": tint, "line": {"width": 0}}, **shared),
            y=y,
            width=widths,
            **each,
        )
        bars["marker"]["pattern"] = {"shape": hatched}
        drawn.append(bars)
    reach = heights(series)
    if not log:
        drawn += _marks(series, reach, words, extras)
    bounds = [bound for pair in reach.values() for bound in pair]
    bounds += [bound for one in extras.estimates for bound in (one.low, one.high)]
    if log:
        bounds = [row.amount for row in series.rows]
    more: dict[str, Any] = {}
    last = Period.parse(series.periods[-1]).last if series.periods else None
    if extras.today and last and last >= extras.today:
        more = axes.today_line(extras.today, words.today)
    more["shapes"] = [*more.get("shapes", []), *_bands(extras.estimates)]
    return {
        "data": drawn,
        "layout": theme.layout(
            barmode="relative",
            xaxis=axes.dates(series.periods),
            yaxis=axes.decades(bounds, words.money) if log else axes.money(bounds, words.money),
            showlegend=len(drawn) > 1,
            **more,
        ),
    }


def _marks(series: Series, reach: Mapping[str, list[Decimal]], words: Words, extras: Extras) -> list[dict[str, Any]]:
    """Return the marks on the bars: floors, the largest announcements, estimates."""
    made: list[dict[str, Any]] = []
    floors = [period for period in series.periods if extras.floor.get(period)]
    if floors:
        look = go.Scatter(
            name=words.floor, **axes.spans(floors), mode="markers",
            marker={"symbol": "line-ew", "size": 16, "color": theme.MUTED, "line": {"width": 2.5, "color": theme.MUTED}},
            hovertemplate="%{fullData.name}<br>%{hovertext} · %{text}<extra></extra>",
        )  # fmt: skip
        made.append(theme.trace(
            look, x=axes.first_days(floors), y=[float(extras.floor[period]) for period in floors],
            text=[words.money(extras.floor[period]) for period in floors],
            hovertext=[words.period(period) for period in floors],
        ))  # fmt: skip
    tops = [period for period in series.periods if period in extras.largest]
    if tops:
        # Just above the bars.
        above = max(high for high, _low in reach.values()) / 30
        made += theme.data([go.Scatter(
            name=words.largest, x=axes.first_days(tops), y=[float(reach[period][0] + above) for period in tops],
            **axes.spans(tops), mode="markers", cliponaxis=False,
            marker={"symbol": "triangle-down", "size": 10, "color": theme.MUTED},
            text=[extras.largest[period][0] for period in tops],
            customdata=[extras.largest[period][1] for period in tops],
            hovertemplate="%{text}<extra></extra>",
        )])  # fmt: skip
    if extras.estimates:
        made += theme.data([go.Scatter(
            name=words.estimates, x=[_middle(one) for one in extras.estimates],
            y=[float((one.low + one.high) / 2) for one in extras.estimates], mode="markers",
            marker={"symbol": "diamond-tall-open", "size": 9, "color": theme.MUTED},
            error_y={"type": "data", "array": [float((one.high - one.low) / 2) for one in extras.estimates],
                     "color": theme.MUTED, "thickness": 1.2, "width": 3},
            text=[one.text for one in extras.estimates], customdata=[one.link for one in extras.estimates],
            hovertemplate="%{text}<extra></extra>",
        )])  # fmt: skip
    return made


def _middle(one: Estimate) -> str:
    return f"{one.year}-07-01"


def _bands(estimates: Sequence[Estimate]) -> list[dict[str, Any]]:
    """Return, for each year that estimates name, the band from the lowest to the highest of them."""
    years: dict[int, list[Decimal]] = defaultdict(list)
    for one in estimates:
        years[one.year] += [one.low, one.high]
    return [
        {
            "type": "rect", "x0": f"{year}-01-01", "x1": f"{year}-12-31", "y0": float(min(bounds)),
            "y1": float(max(bounds)), "fillcolor": theme.faint(theme.OTHER, 0.22), "line": {"width": 0},
            "layer": "below",
        }
        for year, bounds in sorted(years.items())
    ]  # fmt: skip
