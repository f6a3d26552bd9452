"""What became of promises, by the year in which they were made (DOMAIN.md, rule 10)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from investments.choices import DealStatus
from investments.ledger.selection import Measure, Selection
from investments.ledger.steps import Steps, parts
from investments.ledger.totals import sums

# From what is done to what came to nothing; then what nobody has told.
FATES = ("delivered", "under_way", "signed", "announced", "letter_of_intent", "rumoured", "cancelled", "unknown")


@dataclass(frozen=True, slots=True)
class FateRow:
    """What of the promises of one year has come to one fate: ``amount`` in the reporting currency."""

    year: str
    fate: str
    layer: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """A deal that says what was delivered, and what it promised, both in the reporting currency."""

    deal: int
    promised: Decimal
    delivered: Decimal


def _per_deal(selection: Selection) -> tuple[str, Steps, str, tuple[Any, ...]]:
    """Return the SQL of what each counted deal promised and of what it has delivered, with their parameters."""
    measure: Measure = "delivered" if selection.measure == "headline" else "delivered_floor"
    # Says which rate is missing, before anything is added up without it.
    sums(replace(selection, measure=measure))
    promised, delivered = (
        parts(selection, selection.counted),
        parts(replace(selection, measure=measure), selection.counted),
    )
    # A cancelled deal promised what its cancellation took back.
    promised_sql = f"""
        SELECT p.deal_id, p.layer, p.status,
               CASE WHEN p.status = '{DealStatus.CANCELLED.value}'
                    THEN -coalesce(sum(p.amount) FILTER (WHERE a.event = 'cancelled'), 0)
                    ELSE sum(p.amount) END AS amount
        FROM {promised.last} p JOIN investments_announcement a ON a.id = p.announcement_id
        GROUP BY p.deal_id, p.layer, p.status"""
    delivered_sql = f"WITH {', '.join(delivered.texts)} SELECT deal_id, sum(amount) AS amount FROM {delivered.last} GROUP BY deal_id"
    return promised_sql, promised, delivered_sql, tuple(delivered.params)


def fates(selection: Selection) -> list[FateRow]:
    """Return what became of the promises of each year (the deal's first announcement), oldest first.

    Of a deal that says what was delivered, that much is ``delivered`` and the rest stands as the deal does; of one
    that does not, all of it does. A completed deal that does not say it, is ``unknown``, not delivered.
    """
    promised_sql, steps, delivered_sql, params = _per_deal(selection)
    rows = steps.run(f"""
        SELECT to_char(d.first_announced, 'YYYY') AS year, p.layer, p.status, sum(p.amount) AS promised,
               sum(least(greatest(coalesce(v.amount, 0), 0), p.amount)) AS delivered
        FROM ({promised_sql}) p JOIN investments_deal d ON d.id = p.deal_id
        LEFT JOIN ({delivered_sql}) v ON v.deal_id = p.deal_id
        WHERE p.amount > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""", *params)  # fmt: skip
    found: dict[tuple[str, str, str], Decimal] = {}
    for year, layer, status, amount, done in rows:
        rest = "unknown" if status == DealStatus.COMPLETED else status
        pieces = {"delivered": done, rest: amount - done}
        for fate, piece in pieces.items():
            key = (year, fate, layer)
            found[key] = found.get(key, Decimal(0)) + piece
    return [FateRow(*key, amount) for key, amount in sorted(found.items()) if amount]


def gaps(selection: Selection, most: int = 10) -> list[Gap]:
    """Return the deals that say what was delivered, those with the most still to come first."""
    promised_sql, steps, delivered_sql, params = _per_deal(selection)
    rows = steps.run(f"""
        SELECT p.deal_id, p.amount, v.amount FROM ({promised_sql}) p JOIN ({delivered_sql}) v ON v.deal_id = p.deal_id
        WHERE p.amount > v.amount ORDER BY p.amount - v.amount DESC, p.deal_id LIMIT %s""", *params, most)  # fmt: skip
    return [Gap(*row) for row in rows]
