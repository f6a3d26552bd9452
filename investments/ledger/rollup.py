"""Sums over everything public, read from the rollup instead of added up entry by entry (ledger/sql/rollup.sql).

Only what a reader gets without a filter is answered here: the rollup knows coverage among all deals, and a filter
changes what covers what (rule 6). ledger/totals.py asks first, and adds up itself where the answer is no.
"""

from decimal import Decimal
from typing import Any, Literal

from investments.choices import LAYER_KINDS, DealStatus
from investments.ledger.remembered import remembered
from investments.ledger.selection import Dimension, Selection
from investments.values import Largest, SpendingRow, Tally

Part = Literal["counted", "covered", "rumoured"]

# The columns of a measure: amount, announcements, deals.
COLUMNS = {
    "headline": ("high_usd", "high_statements", "high_deals"),
    "floor": ("low_usd", "low_statements", "low_deals"),
}
SPLITS = {None: "'all'", "layer": "k.layer", "kind": "r.kind", "status": "r.status"}
# Kinds and their layers, side by side.
LAYERED = [(kind.value, layer.value) for layer, kinds in LAYER_KINDS.items() for kind in kinds]


def answers(selection: Selection, split: Dimension | None = None) -> bool:
    """Return whether the rollup holds what is asked: everything public, in US dollars, by day of announcement."""
    return (
        selection.whole
        and not selection.with_rumoured
        and selection.count in ("net", "gross")
        and selection.measure in COLUMNS
        and selection.currency == "USD"
        and selection.view == "announced"
        and not (selection.after or selection.before or selection.events or selection.slices)
        and not (selection.first_after or selection.first_before)
        and split in SPLITS
    )


def by_layer(selection: Selection, part: Part = "counted") -> dict[str, tuple[Decimal, Tally]]:
    """Return the money of a part of everything by layer, each with its deals and announcements that have money."""
    amount, statements, deals = COLUMNS[selection.measure]
    rows = _run(
        selection, part, f"k.layer, sum(r.{amount}), sum(r.{deals})::bigint, sum(r.{statements})::bigint", "GROUP BY 1"
    )
    return {layer: (money, Tally(holding, told, money)) for layer, money, holding, told in rows}


def spending(selection: Selection, period: str, split: Dimension | None) -> list[SpendingRow]:
    """Return what each segment adds in each period, oldest first; ``period`` is a format of to_char."""
    amount = COLUMNS[selection.measure][0]
    rows = _run(
        selection, "counted", f"to_char(r.month, %s) AS period, {SPLITS[split]} AS segment, k.layer, sum(r.{amount})",
        f"GROUP BY 1, 2, 3 HAVING sum(r.{amount}) <> 0 ORDER BY 1, 2, 3", period,
    )  # fmt: skip
    return [SpendingRow(*row) for row in rows]


def deals(selection: Selection, part: Part = "counted", *, unpriced: bool = False) -> int:
    """Return the number of deals of a part of everything, or of those without a total."""
    column = "unpriced_deals" if unpriced else "deals"
    return int(_run(selection, part, f"coalesce(sum(r.{column}), 0)", "")[0][0])


def largest(selection: Selection, most: int) -> list[Largest]:
    """Return the announcements of everything that add most, the largest first; an index holds them in this order."""
    amount = COLUMNS[selection.measure][0]
    coverage = "true" if selection.count == "gross" else "NOT e.is_covered"
    rows = remembered(
        selection.matching.db,
        f"""SELECT e.announcement_id, e.date, e.{amount} FROM investments_ledgerentry e
            WHERE e.status <> %s AND {coverage} AND e.{amount} > 0
            ORDER BY e.{amount} DESC, e.announcement_id LIMIT %s""",
        (DealStatus.RUMOURED.value, most),
    )
    return [Largest(*row) for row in rows]


def _run(selection: Selection, part: Part, columns: str, grouping: str, *params: Any) -> list[tuple[Any, ...]]:
    kinds, layers = zip(*LAYERED, strict=True)
    if part == "rumoured":
        condition = "r.status = %s"
    elif selection.count == "gross":
        condition = "r.status <> %s" + (" AND false" if part == "covered" else "")
    else:
        condition = "r.status <> %s AND " + ("r.is_covered" if part == "covered" else "NOT r.is_covered")
    return remembered(
        selection.matching.db,
        f"""SELECT {columns} FROM investments_spendingrollup r
            JOIN unnest(%s::text[], %s::text[]) AS k (kind, layer) ON k.kind = r.kind
            WHERE {condition} {grouping}""",
        (*params, list(kinds), list(layers), DealStatus.RUMOURED.value),
    )
