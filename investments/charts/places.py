"""Sites on a map: size by planned capacity, shape by status; and one site on a small map. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, radians
from typing import Any

import plotly.graph_objects as go

from investments.charts import theme

# Diameters in pixels: of a site whose plan is not known, of the largest, and of one that is alone on its map.
SMALLEST, LARGEST, ALONE = 6, 34, 15
# How far the map of one site reaches from it, in degrees of latitude, so that its country can be told by its outline;
# its width for its height; and how far from the equator its middle may lie.
REACH, ASPECT, MIDDLE = 16, 1.4, 66.0


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
    data = theme.data(traces)
    geo = {"projection": {"type": "natural earth"}, "lataxis": {"range": [-55, 75]}}
    return {"data": data, "layout": _layout(geo, legend={"itemsizing": "constant"})}


def alone(place: Place) -> dict[str, Any]:
    """Return a small map of one site amid its surroundings."""
    latitude, longitude = float(place.latitude), float(place.longitude)
    tint = theme.colour(place.status, {})
    # A ring shows the place where a mark's own colour is close to that of the land.
    marks = (
        {"size": ALONE, "symbol": theme.SHAPES[place.status], "color": tint, "line": {"width": 2, "color": tint}},
        {"size": 2 * ALONE, "symbol": "circle-open", "color": theme.MUTED, "line": {"width": 2, "color": theme.MUTED}},
    )
    data = theme.data(
        go.Scattergeo(lat=[latitude], lon=[longitude], text=[f"{place.name}<br>{place.text}"], mode="markers", marker=mark,
                      hovertemplate="%{text}<extra></extra>")
        for mark in marks
    )  # fmt: skip
    # The projection widens degrees of latitude towards the poles, and ends before them.
    middle = max(-MIDDLE, min(MIDDLE, latitude))
    across = min(180.0, ASPECT * REACH / cos(radians(middle)))
    geo = {
        # Turned to the site, so that the date line is no edge.
        "projection": {"type": "mercator", "rotation": {"lon": longitude}},
        "center": {"lon": longitude, "lat": middle},
        "lonaxis": {"range": [longitude - across, longitude + across]},
        "lataxis": {"range": [middle - REACH, middle + REACH]},
    }
    return {"data": data, "layout": _layout(geo, showlegend=False, dragmode=False)}


def _layout(geo: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the layout that maps start from: the outlines of land and countries, and no axes."""
    layout = theme.layout(
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        geo={
            "showframe": False, "showcoastlines": True, "showcountries": True, "showland": True, "resolution": 110,
            "coastlinewidth": 0.6, "countrywidth": 0.6, **geo,
        },
        **more,
    )  # fmt: skip
    for axis in ("xaxis", "yaxis"):
        layout.pop(axis)
    return layout


def _size(planned: Decimal | None, most: Decimal) -> float:
    if not planned or not most:
        return SMALLEST
    return round(max(SMALLEST, LARGEST * float(planned / most) ** 0.5), 1)
