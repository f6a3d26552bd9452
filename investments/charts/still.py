"""A figure over time as a picture that needs no script: what a page shows first. Pure: figure in, marks out.

Bars, floors, steps and marks over dates are drawn; positions are percentages of the picture, so that it fits any
width while its text keeps its size. Other figures have no still, and the script draws them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from investments.charts.theme import MUTED
from investments.values import Period

MOST_TICKS = 6
GLYPHS = {"triangle-down": "▼", "x": "✕"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: a ``rect``, a ``line`` from its corner to the opposite one, a ``dot`` or a ``glyph``; in per cent."""

    shape: str
    x: str
    y: str
    x2: str = ""
    y2: str = ""
    width: str = ""
    height: str = ""
    colour: str = ""
    text: str = ""
    faint: bool = False
    band: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick of an axis: where it is, in per cent, and what it says."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Still:
    """What the template draws: the legend (mark and name of each trace), both axes, the marks in their order."""

    legend: tuple[Mark, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Scale:
    """Dates and amounts as parts of the picture."""

    first: int
    last: int
    low: float
    high: float
    # How far the bars of a day reach already, up and down.
    reach: dict[tuple[str, bool], float] = field(default_factory=dict)
    # The line drawn last, which the band of the next one reaches down to.
    line: list[tuple[float, float]] = field(default_factory=list)

    def x(self, day: float) -> float:
        return (day - self.first) / max(self.last - self.first, 1) * 100

    def y(self, amount: float) -> float:
        return (self.high - amount) / (self.high - self.low) * 100


def still(figure: Mapping[str, Any]) -> Still | None:
    """Return the still of a figure; None where its kind has none."""
    layout, traces = figure["layout"], figure["data"]
    up = layout.get("yaxis", {})
    plain = all(_known(trace) for trace in traces)
    if (
        not traces
        or not plain
        or not up.get("tickvals")
        or up.get("type") == "log"
        or layout.get("xaxis", {}).get("type") != "date"
    ):
        return None
    starts = [_day(day) for trace in traces for day in trace["x"]]
    ends = [_end(trace, day) for trace in traces for day in trace["x"]]
    low, high = _reach(traces)
    # A tick below all that is drawn would only leave the ground empty.
    shown = [(at, text) for at, text in zip(up["tickvals"], up["ticktext"], strict=True) if at >= low]
    scale = Scale(min(starts), max(ends), low, max(high, *up["tickvals"]) * 1.04)
    marks = [mark for trace in traces for mark in _marks(trace, scale, layout)]
    # The line of zero needs no word, and would have it on top of the first bars.
    ticks = [Tick(_pc(scale.y(at)), text if at else "") for at, text in shown]
    legend = tuple(_key(trace) for trace in traces) if len(traces) > 1 else ()
    return Still(legend, tuple(_across(layout["xaxis"], scale)), tuple(ticks), tuple(marks))


def _known(trace: Mapping[str, Any]) -> bool:
    if trace.get("yaxis") or trace.get("error_y"):
        return False
    if trace["type"] == "bar":
        return trace.get("orientation") != "h"
    lines = "lines" in trace.get("mode", "")
    return trace["type"] == "scatter" and (not lines or trace.get("line", {}).get("shape") == "hv")


def _reach(traces: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Return how low and how high the marks reach, bars of one day on each other."""
    stacks: dict[tuple[str, bool], float] = defaultdict(float)
    for trace in traces:
        if trace["type"] == "bar":
            for day, value in zip(trace["x"], trace["y"], strict=True):
                stacks[day, value < 0] += value
    loose = [value for trace in traces if trace["type"] == "scatter" for value in trace["y"]]
    return min(*stacks.values(), *loose, 0.0, 0.0), max(*stacks.values(), *loose, 0.0, 0.0)


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _end(trace: Mapping[str, Any], day: str) -> int:
    """Return the day after the period that begins on ``day``, for traces of periods; else the day."""
    months = trace.get("xperiod")
    if not months:
        return _day(day)
    start = date.fromisoformat(day)
    number = start.year * 12 + start.month - 1 + int(months[1:])
    return date(number // 12, number % 12 + 1, 1).toordinal()


def _pc(value: float) -> str:
    return f"{value:.2f}%"


def _colour(trace: Mapping[str, Any]) -> str:
    colour = trace.get("marker", {}).get("color") or trace.get("line", {}).get("color") or MUTED
    return "currentColor" if colour == MUTED else colour


def _key(trace: Mapping[str, Any]) -> Mark:
    """Return the entry of the legend: the mark of a trace and its name."""
    symbol = trace.get("marker", {}).get("symbol", "")
    shape = "rect" if trace["type"] == "bar" else "glyph" if symbol in GLYPHS else "line"
    return Mark(shape, "0", "0", colour=_colour(trace), text=trace.get("name") or "", height=GLYPHS.get(symbol, ""))


def _marks(trace: Mapping[str, Any], scale: Scale, layout: Mapping[str, Any]) -> Iterator[Mark]:
    if trace["type"] == "bar":
        yield from _bars(trace, scale, layout["bargap"])
    elif "lines" in trace["mode"]:
        yield from _steps(trace, scale)
    else:
        yield from _points(trace, scale)


def _bars(trace: Mapping[str, Any], scale: Scale, gap: float) -> Iterator[Mark]:
    """Yield the bars of a trace, on top of those before it; what hangs below zero hangs below those that do."""
    hatched = trace.get("marker", {}).get("pattern", {}).get("shape") or ""
    for at, (day, value) in enumerate(zip(trace["x"], trace["y"], strict=True)):
        if not value:
            continue
        below = scale.reach.get((day, value < 0), 0.0)
        scale.reach[day, value < 0] = below + value
        left, right = scale.x(_day(day)), scale.x(_end(trace, day))
        top, foot = sorted((scale.y(below), scale.y(below + value)))
        faint = bool(hatched if isinstance(hatched, str) else hatched[at])
        yield Mark(
            "rect", _pc(left + (right - left) * gap / 2), _pc(top), width=_pc((right - left) * (1 - gap)),
            height=_pc(foot - top), colour=_colour(trace), faint=faint,
        )  # fmt: skip


def _steps(trace: Mapping[str, Any], scale: Scale) -> Iterator[Mark]:
    colour = _colour(trace)
    points = [(scale.x(_day(day)), scale.y(value)) for day, value in zip(trace["x"], trace["y"], strict=True)]
    if trace.get("fill") == "tonexty":
        for ((x, y), (x2, _y2)), (_x, under) in zip(pairwise(points), scale.line, strict=False):
            yield Mark(
                "rect", _pc(x), _pc(y), width=_pc(x2 - x), height=_pc(max(under - y, 0)), colour=colour, band=True
            )
    scale.line[:] = points
    for (x, y), (x2, y2) in pairwise(points):
        yield Mark("line", _pc(x), _pc(y), _pc(x2), _pc(y), colour=colour)
        yield Mark("line", _pc(x2), _pc(y), _pc(x2), _pc(y2), colour=colour)
    if "markers" in trace["mode"]:
        # The last point only carries the line on to today.
        yield from (Mark("dot", _pc(x), _pc(y), colour=colour) for x, y in points[:-1])


def _points(trace: Mapping[str, Any], scale: Scale) -> Iterator[Mark]:
    symbol = trace.get("marker", {}).get("symbol", "")
    for day, value in zip(trace["x"], trace["y"], strict=True):
        left, right, y = scale.x(_day(day)), scale.x(_end(trace, day)), _pc(scale.y(value))
        if symbol == "line-ew":
            yield Mark("line", _pc(left), y, _pc(right), y, colour=_colour(trace))
        elif symbol in GLYPHS:
            yield Mark("glyph", _pc((left + right) / 2), y, colour=_colour(trace), text=GLYPHS[symbol])
        else:
            yield Mark("dot", _pc((left + right) / 2), y, colour=_colour(trace))


def _across(axis: Mapping[str, Any], scale: Scale) -> Iterator[Tick]:
    """Yield the ticks of time: years in their middle, or months where the figure spans few of them."""
    first, last = date.fromordinal(scale.first), date.fromordinal(scale.last - 1)
    years: Sequence[int] = range(first.year, last.year + 1)
    if len(years) >= 4 or (axis.get("dtick") == "M12" and len(years) > 1):
        for year in years[:: -(-len(years) // MOST_TICKS)]:
            whole = Period.parse(str(year))
            middle = (max(whole.first, first).toordinal() + min(whole.last, last).toordinal() + 1) / 2
            if 3 < scale.x(middle) < 97:
                yield Tick(_pc(scale.x(middle)), str(year))
        return
    months = [
        date(first.year + (first.month - 1 + ahead) // 12, (first.month - 1 + ahead) % 12 + 1, 1)
        for ahead in range(1, 60)
    ]
    inside = [month for month in months if scale.first < month.toordinal() < scale.last]
    for month in inside[:: -(-len(inside) // (MOST_TICKS - 2)) or 1]:
        if 8 < scale.x(month.toordinal()) < 92:
            yield Tick(_pc(scale.x(month.toordinal())), month.strftime("%Y-%m"))
