"""Sites on a map: size by planned capacity, shape by status. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from investments.charts import theme

# Diameters in pixels: of a site whose plan is not known, and of the largest.
SMALLEST, LARGEST = 6, 34


@dataclass(frozen=True, slots=True)
class Place:
    """A site as the map draws it; ``planned_mw`` in megawatts."""

    name: str
    status: str
    latitude: Decimal
    longitude: Decimal
    planned_mw: Decimal | None
    text: str
    link: str


def figure(places: Sequence[Place], *, label: Callable[[str], str], statuses: Sequence[str]) -> dict[str, Any]:
    """Return the map: the area of a mark grows with the megawatts planned; small marks lie on large ones."""
    most = max((place.planned_mw or Decimal(0) for place in places), default=Decimal(0))
    traces = []
    for status in statuses:
        shown = sorted((one for one in places if one.status == status), key=lambda one: -(one.planned_mw or 0))
        if not shown:
            continue
        tint = theme.colour(status, {})
        traces.append(go.Scattergeo(
            name=label(status), lat=[float(one.latitude) for one in shown], lon=[float(one.longitude) for one in shown],
            text=[f"{one.name}<br>{one.text}" for one in shown], customdata=[one.link for one in shown],
            mode="markers", hovertemplate="%{text}<extra></extra>",
            marker={"size": [_size(one.planned_mw, most) for one in shown], "symbol": theme.SHAPES[status],
                    "color": tint, "opacity": 0.8, "line": {"width": 1.2, "color": tint}},
        ))  # fmt: skip
    drawn = go.Figure(traces).to_plotly_json()
    layout = theme.layout(
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        legend={"itemsizing": "constant"},
        geo={
            "projection": {"type": "natural earth"}, "showframe": False, "showcoastlines": True, "showcountries": True,
            "showland": True, "resolution": 110, "lataxis": {"range": [-55, 75]}, "coastlinewidth": 0.6,
            "countrywidth": 0.6,
        },
    )  # fmt: skip
    for axis in ("xaxis", "yaxis"):
        layout.pop(axis)
    return {"data": drawn["data"], "layout": layout}


def _size(planned: Decimal | None, most: Decimal) -> float:
    if not planned or not most:
        return SMALLEST
    return round(max(SMALLEST, LARGEST * float(planned / most) ** 0.5), 1)
