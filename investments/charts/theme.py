"""One look for every chart: palette, stable colours per segment, layout. Pure: no query, no request.

Colours are Paul Tol's bright scheme and four of his others, which readers with colour-vision deficiency can tell apart. Text and grid
take the page's own colours in the browser (static/js/charts.js), so one figure serves both themes.
"""

from collections.abc import Iterable
from typing import Any
from zlib import crc32

from plotly.basedatatypes import BaseTraceType

PALETTE = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#ee8866", "#44bb99", "#ddaa33", "#994455")
OTHER = "#9a9a9a"
# Segments that appear on many charts keep one colour; the others get one by their name.
FIXED = {
    "build": "#4477aa", "contract": "#228833", "financing": "#aa3377",
    "capex_commitment": "#4477aa", "joint_venture": "#66ccee", "public_programme": "#44bb99",
    "cloud_contract": "#228833", "chip_supply": "#ccbb44", "lease": "#ee8866", "power_purchase": "#ddaa33",
    "equity": "#aa3377", "debt": "#ee6677", "acquisition": "#994455",
    "other": OTHER, "unknown": "#bbbbbb", "all": "#4477aa",
    # Standings, from what is done to what came to nothing; those of deals and of sites share their colours.
    "delivered": "#225522", "completed": "#225522", "operational": "#225522",
    "under_way": "#228833", "partly_operational": "#228833", "signed": "#44bb99", "under_construction": "#44bb99",
    "permitted": "#66ccee", "announced": "#4477aa", "letter_of_intent": "#99aabb", "rumoured": "#ccbb44",
    "paused": "#ee8866", "cancelled": "#aa3377",
    # Estimates of the market, those that others contradict, and what has been announced beside them.
    "estimate": "#aa3377", "contradicted": "#ee8866", "announced_so_far": "#4477aa",
    # What a figure of a site rests on.
    "permit": "#4477aa", "company": "#228833", "regulator": "#66ccee", "press": "#ee8866",
}  # fmt: skip
# A site's shape on the map says its status too: never colour alone.
SHAPES = {
    "operational": "circle", "partly_operational": "circle-dot", "under_construction": "square",
    "permitted": "diamond", "announced": "diamond-open", "rumoured": "circle-open", "paused": "triangle-down",
    "cancelled": "x",
}  # fmt: skip
# Replaced in the browser by the page's own colour for text of little weight.
MUTED = "#777777"


def colour(segment: str, taken: dict[str, str]) -> str:
    """Return the colour of a segment; ``taken`` holds those already on this chart, and gets this one."""
    if segment not in taken:
        start = crc32(segment.encode()) % len(PALETTE)
        free = [c for c in (*PALETTE[start:], *PALETTE[:start]) if c not in taken.values()]
        taken[segment] = FIXED.get(segment) or (free[0] if free else PALETTE[start])
    return taken[segment]


# The part of a period between two bars.
BAR_GAP = 0.18


def faint(colour: str, opacity: float = 0.45) -> str:
    """Return a colour of the palette, see-through."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def data(traces: Iterable[BaseTraceType]) -> list[dict[str, Any]]:
    """Return the traces as the page's script takes them: each was checked when it was made, a Figure would check again."""
    return [trace.to_plotly_json() for trace in traces]


def trace(look: BaseTraceType, **values: list[Any]) -> dict[str, Any]:
    """Return a trace with its values: ``look`` is checked as it is made, the long lists are taken as they are."""
    return {**look.to_plotly_json(), **values}


def layout(**more: Any) -> dict[str, Any]:
    """Return the layout that every chart starts from."""
    base: dict[str, Any] = {
        "margin": {"l": 12, "r": 12, "t": 8, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12},
        "bargap": BAR_GAP,
        "hovermode": "closest",
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        "xaxis": {"showgrid": False, "zeroline": False, "fixedrange": True},
        "yaxis": {"rangemode": "tozero", "zeroline": True, "fixedrange": True, "nticks": 6},
    }
    for name, value in more.items():
        base[name] = {**base[name], **value} if isinstance(base.get(name), dict) and isinstance(value, dict) else value
    return base
