"""Who pays whom: a Sankey from payers to payees, a band for each kind of deal between them. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from investments.charts import theme

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Band:
    """Money from one company to another in deals of one kind."""

    payer: str
    payee: str
    kind: str
    amount: Decimal


def fold(bands: Sequence[Band], top: int) -> tuple[list[Band], list[Band]]:
    """Return the ``top`` largest bands, and the others with the companies that those do not name as ``other``.

    Only money that flows is drawn: a band below zero (more was taken back than stands) is left to the table.
    """
    flowing = sorted((band for band in bands if band.amount > 0), key=lambda b: (-b.amount, b.payer, b.payee, b.kind))
    kept, rest = flowing[:top], flowing[top:]
    payers, payees = {band.payer for band in kept}, {band.payee for band in kept}
    sums: dict[tuple[str, str, str], Decimal] = {}
    for band in rest:
        key = (
            band.payer if band.payer in payers else OTHER, band.payee if band.payee in payees else OTHER, band.kind,
        )  # fmt: skip
        sums[key] = sums.get(key, Decimal(0)) + band.amount
    named = {(band.payer, band.payee, band.kind): at for at, band in enumerate(kept)}
    folded = []
    for key, amount in sums.items():
        if key in named:
            kept[named[key]] = replace(kept[named[key]], amount=kept[named[key]].amount + amount)
        else:
            folded.append(Band(*key, amount))
    return kept, folded


def figure(
    bands: Sequence[Band],
    *,
    name: Callable[[str], str],
    kind: Callable[[str], str],
    money: Callable[[Decimal], str],
    link: Callable[[Band], str],
) -> dict[str, Any]:
    """Return the figure: payers to the left, payees to the right; a company may stand on both sides."""
    left = list(dict.fromkeys(band.payer for band in sorted(bands, key=_last)))
    right = list(dict.fromkeys(band.payee for band in sorted(bands, key=_last)))
    place = {("payer", company): at for at, company in enumerate(left)}
    place |= {("payee", company): at + len(left) for at, company in enumerate(right)}
    tints = [theme.colour(band.kind, {}) for band in bands]
    trace = go.Sankey(
        arrangement="snap",
        node={
            "label": [name(company) for company in (*left, *right)], "pad": 9, "thickness": 12, "color": theme.MUTED,
            "hovertemplate": "%{label}<extra></extra>",
        },
        link={
            "source": [place["payer", band.payer] for band in bands],
            "target": [place["payee", band.payee] for band in bands],
            "value": [float(band.amount) for band in bands],
            "color": [theme.faint(tint) for tint in tints],
            "label": [f"{kind(band.kind)} · {money(band.amount)}" for band in bands],
            "customdata": [link(band) for band in bands],
            "hovertemplate": "%{source.label} → %{target.label}<br>%{label}<extra></extra>",
        },
    )  # fmt: skip
    # A Sankey has no legend of its own: one entry for each kind, without points.
    kinds = dict.fromkeys(band.kind for band in sorted(bands, key=lambda band: -band.amount))
    keys = [
        go.Scatter(
            x=[None], y=[None], mode="markers", name=kind(one), hoverinfo="skip",
            marker={"symbol": "square", "size": 10, "color": theme.colour(one, {})},
        )
        for one in kinds
    ]  # fmt: skip
    data = theme.data([trace, *keys])
    hidden = {"visible": False}
    layout = theme.layout(xaxis=hidden, yaxis=hidden, showlegend=True, margin={"l": 8, "r": 8, "t": 8, "b": 12})
    layout["legend"] |= {"itemclick": False, "itemdoubleclick": False}
    return {"data": data, "layout": layout}


def _last(band: Band) -> tuple[bool, bool]:
    """Order ``other`` and ``unknown`` after the names."""
    return (band.payer in (OTHER, "unknown"), band.payee in (OTHER, "unknown"))
