"""Axes that many charts share: real dates by period, and round amounts written as elsewhere on the page."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor
from typing import Any

from investments.charts.theme import BAR_GAP, MUTED
from investments.values import Period

ZERO = Decimal("0.00")
# Of a day: what plotly measures time in.
MILLISECONDS = 24 * 60 * 60 * 1000
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def periods_between(first: str, last: str) -> tuple[str, ...]:
    """Return every period from the first to the last, both included."""
    period, end = Period.parse(first), Period.parse(last)
    names = [str(period)]
    while period.first < end.first:
        period = period.next()
        names.append(str(period))
    return tuple(names)


def first_days(periods: Iterable[str]) -> list[str]:
    """Return the first day of each period, as the axis takes it."""
    return [Period.parse(period).first.isoformat() for period in periods]


def spans(periods: Sequence[str]) -> dict[str, Any]:
    """Return what a trace says of its dates: each stands for a whole period, and is drawn in its middle."""
    precision = Period.parse(periods[0]).precision if periods else "year"
    return {"xperiod": f"M{MONTHS[precision]}", "xperiodalignment": "middle"}


def dates(periods: Sequence[str]) -> dict[str, Any]:
    """Return a time axis for the periods: years named, or shorter periods where there are few of them."""
    if not periods:
        return {"type": "date"}
    precision = Period.parse(periods[0]).precision
    first, last = Period.parse(periods[0]).first, Period.parse(periods[-1]).last
    years = last.year - first.year + 1
    if precision == "month" and len(periods) <= 8:
        step, words = 1, "%Y-%m"
    elif precision == "quarter" and len(periods) <= 6:
        step, words = 3, "%Y-Q%q"
    else:
        step, words = 12 * max(1, -(-years // 10)), "%Y"
    return {
        "type": "date", "ticklabelmode": "period", "dtick": f"M{step}", "tick0": f"{first.year}-01-01",
        "tickformat": words, "tickangle": 0, "range": [first.isoformat(), (last + timedelta(days=1)).isoformat()],
    }  # fmt: skip


def widths(periods: Sequence[str]) -> list[float]:
    """Return the widths of the periods' bars, in milliseconds: left to itself plotly draws one bar alone as a hair."""
    spans = [Period.parse(period) for period in periods]
    return [((one.last - one.first).days + 1) * MILLISECONDS * (1 - BAR_GAP) for one in spans]


def money(heights: Iterable[Decimal], write: Callable[[Decimal], str]) -> dict[str, Any]:
    """Return an axis whose ticks are round amounts, from zero to beyond the highest of ``heights``."""
    known = [*heights, ZERO]
    high, low = max(known), min(known)
    if high == low:
        return {}
    rough = (high - low) / 5
    power = Decimal(10) ** rough.adjusted()
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first, last = floor(low / step), ceil(high / step)
    values = [step * number for number in range(first, last + 1)]
    return {"tickvals": [float(value) for value in values], "ticktext": [write(value) for value in values]}


def decades(heights: Iterable[Decimal], write: Callable[[Decimal], str]) -> dict[str, Any]:
    """Return a logarithmic axis with a tick at each power of ten."""
    known = [height for height in heights if height > 0]
    axis: dict[str, Any] = {"type": "log", "rangemode": "normal"}
    if known:
        values = [Decimal(10) ** power for power in range(min(known).adjusted(), max(known).adjusted() + 2)]
        axis |= {"tickvals": [float(value) for value in values], "ticktext": [write(value) for value in values]}
    return axis


def today_line(today: date, word: str) -> dict[str, Any]:
    """Return the line that parts what has been from what is still to come."""
    return {
        "shapes": [{
            "type": "line", "x0": today.isoformat(), "x1": today.isoformat(), "y0": 0, "y1": 1, "yref": "paper",
            "line": {"dash": "dot", "width": 1, "color": MUTED},
        }],
        "annotations": [{
            "x": today.isoformat(), "y": 1, "yref": "paper", "text": word, "showarrow": False, "xanchor": "right",
            "yanchor": "top", "xshift": -4, "font": {"size": 11, "color": MUTED},
        }],
    }  # fmt: skip
