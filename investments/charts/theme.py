"""One look for every chart: palette, stable colours per segment, layout. Pure: no query, no request.

Colours are Paul Tol's bright scheme, which readers with colour-vision deficiency can tell apart. Text and grid
take the page's own colours in the browser (static/js/charts.js), so one figure serves both themes.
"""

from typing import Any
from zlib import crc32

PALETTE = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#ee8866", "#44bb99")
OTHER = "#9a9a9a"
# Segments that appear on many charts keep one colour; the others get one by their name.
FIXED = {
    "build": "#4477aa", "contract": "#228833", "financing": "#aa3377",
    "capex_commitment": "#4477aa", "joint_venture": "#66ccee", "public_programme": "#44bb99",
    "cloud_contract": "#228833", "chip_supply": "#ccbb44", "lease": "#ee8866", "power_purchase": "#ddaa33",
    "equity": "#aa3377", "debt": "#ee6677", "acquisition": "#994455",
    "other": OTHER, "unknown": "#bbbbbb", "all": "#4477aa",
}  # fmt: skip


def colour(segment: str, taken: dict[str, str]) -> str:
    """Return the colour of a segment; ``taken`` holds those already on this chart, and gets this one."""
    if segment not in taken:
        start = crc32(segment.encode()) % len(PALETTE)
        free = [c for c in (*PALETTE[start:], *PALETTE[:start]) if c not in taken.values()]
        taken[segment] = FIXED.get(segment) or (free[0] if free else PALETTE[start])
    return taken[segment]


def layout(**more: Any) -> dict[str, Any]:
    """Return the layout that every chart starts from."""
    base: dict[str, Any] = {
        "margin": {"l": 12, "r": 12, "t": 8, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12},
        "bargap": 0.18,
        "hovermode": "closest",
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        "xaxis": {"showgrid": False, "zeroline": False, "fixedrange": True},
        "yaxis": {"rangemode": "tozero", "zeroline": True, "fixedrange": True, "nticks": 6},
    }
    for name, value in more.items():
        base[name] = {**base[name], **value} if isinstance(base.get(name), dict) and isinstance(value, dict) else value
    return base
