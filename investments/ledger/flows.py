"""Who pays whom: the counted money of a selection by payer, payee and kind (DOMAIN.md, rule 8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from investments.ledger.selection import UNKNOWN, Selection
from investments.ledger.steps import parts

SIDES = ("payer", "payee")


@dataclass(frozen=True, slots=True)
class FlowRow:
    """Money from one company to another in deals of one kind: ``amount`` in the reporting currency."""

    payer: str
    payee: str
    kind: str
    layer: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LinkDeal:
    """What one deal adds to the money from one company to another."""

    payer: str
    payee: str
    deal: int
    amount: Decimal


def flows(selection: Selection) -> list[FlowRow]:
    """Return the money between companies, the largest first; its sum is that of the selection.

    A side that nobody is named for is ``unknown``. Raise NoRate without a rate for the reporting currency.
    """
    steps = parts(selection, selection.counted, sides=SIDES)
    rows = steps.run(f"""
        SELECT payer, payee, kind, layer, sum(amount) AS amount FROM {steps.last}
        GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0 ORDER BY 5 DESC, 1, 2, 3""")  # fmt: skip
    return [FlowRow(*row) for row in rows]


def largest_flows(selection: Selection, most: int) -> list[tuple[str, str, Decimal]]:
    """Return payer, payee and amount of the companies, named on both sides, between which most money goes."""
    steps = parts(selection, selection.counted, sides=SIDES)
    return steps.run(
        f"""
        SELECT payer, payee, sum(amount) AS amount FROM {steps.last} WHERE '{UNKNOWN}' NOT IN (payer, payee)
        GROUP BY 1, 2 HAVING sum(amount) > 0 ORDER BY 3 DESC, 1, 2 LIMIT %s""",
        most,
    )


def deals_between(selection: Selection, pairs: Iterable[tuple[str, str]]) -> list[LinkDeal]:
    """Return the deals behind the money of some pairs of payer and payee, the largest first."""
    wanted = sorted(set(pairs))
    if not wanted:
        return []
    steps = parts(selection, selection.counted, sides=SIDES)
    payers, payees = [payer for payer, _payee in wanted], [payee for _payer, payee in wanted]
    rows = steps.run(f"""
        SELECT payer, payee, deal_id, sum(amount) AS amount FROM {steps.last}
        WHERE (payer, payee) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
        GROUP BY 1, 2, 3 HAVING sum(amount) <> 0 ORDER BY 4 DESC, 3""", payers, payees)  # fmt: skip
    return [LinkDeal(*row) for row in rows]
