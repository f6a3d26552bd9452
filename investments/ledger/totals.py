"""The sums: what the entries of a selection come to (DOMAIN.md, rules 5 to 8 and 11).

Lists, charts, exports, feeds, the API and the pages of companies all call these functions. What one query can tell is
added up by ledger/account.py; the rest here, from the pieces that ledger/steps.py makes, as fates.py and flows.py beside
it add them up for their charts.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum, Window

from investments.choices import SIGNED_OR_FURTHER, AnnouncementEvent, DealStatus, Layer
from investments.ledger import account as one_query
from investments.ledger.account import PERIOD_FORMATS
from investments.ledger.remembered import number_of
from investments.ledger.selection import Dimension, Measure, Selection
from investments.ledger.steps import parts
from investments.models.deal import Deal, DealQuerySet
from investments.values import Account, FollowThrough, Largest, LeftOut, SpendingRow, Sums, Tally

ZERO = Decimal("0.00")


def account(selection: Selection, by: str | None = None, split: Dimension | None = None, most: int = 0) -> Account:
    """Return sums in both measures, what they leave out and, where asked for, periods and the largest announcements.

    ``by`` is month, quarter or year, ``split`` divides the periods, ``most`` is how many of the largest. By one query
    where that can be; raise NoRate without a rate.
    """
    if one_query.answers(selection, split):
        return one_query.account(selection, by, split, most)
    return Account(
        headline=sums(replace(selection, measure="headline")),
        floor=sums(replace(selection, measure="floor")),
        left_out=left_out(selection),
        periods=spending(selection, by, split) if by else [],
        # Beside floors themselves nobody asks for them again.
        floor_periods=spending(replace(selection, measure="floor"), by, None)
        if by and selection.measure != "floor"
        else [],
        largest=largest(selection, most) if most else [],
    )


def sums(selection: Selection, deals: DealQuerySet | None = None) -> Sums:
    """Return the sums of the counted deals (or of ``deals``) by layer; raise NoRate without a rate."""
    if deals is None and one_query.answers(selection):
        return one_query.account(selection).sums(selection.measure)
    steps = parts(selection, selection.counted if deals is None else deals)
    # A piece is an announcement, unless its money is divided among parties. A deal has one layer.
    statements = "count(DISTINCT announcement_id)" if steps.divided else "count(announcement_id)"
    rows = steps.run(f"""
        SELECT layer, sum(amount), count(*), sum(statements) FROM (
            SELECT deal_id, layer, sum(amount) AS amount, {statements} AS statements
            FROM {steps.last} WHERE amount <> 0 GROUP BY deal_id, layer
        ) per_deal GROUP BY layer""")
    return _sums({layer: (amount, Tally(holding, int(told), amount)) for layer, amount, holding, told in rows})


def _sums(layers: dict[str, tuple[Decimal, Tally]]) -> Sums:
    by_layer = {layer.value: layers[layer][0] if layer in layers else Decimal("0.00") for layer in Layer}
    tallies = [tally for _amount, tally in layers.values()]
    return Sums(
        by_layer,
        Tally(
            sum(tally.deals for tally in tallies),
            sum(tally.announcements for tally in tallies),
            sum(by_layer.values(), Decimal(0)),
        ),
    )


def spending(selection: Selection, by: str, split: Dimension | None) -> list[SpendingRow]:
    """Return what each segment of ``split`` adds in each period, oldest first; raise NoRate without a rate.

    ``by`` is month, quarter or year. Rows that come to zero are left out. Without a split the segment is ``all``.
    """
    if one_query.answers(selection, split):
        return one_query.account(selection, by, split).periods
    steps = parts(selection, selection.counted, split)
    rows = steps.run(f"""
        SELECT to_char(date, %s) AS period, {split or "'all'"} AS segment, layer, sum(amount) AS amount
        FROM {steps.last} GROUP BY 1, 2, 3 HAVING sum(amount) <> 0 ORDER BY 1, 2, 3""", PERIOD_FORMATS[by])  # fmt: skip
    return [SpendingRow(*row) for row in rows]


def amounts_of(selection: Selection, announcements: Iterable[int]) -> dict[int, Decimal]:
    """Return what each of the announcements adds under the selection's measure, currency and slices.

    Held-back deals are included, and rumoured ones: their rows are shown too, marked as not added.
    """
    steps = parts(selection, selection.matching, announcements=announcements)
    rows = steps.run(f"SELECT announcement_id, sum(amount) FROM {steps.last} GROUP BY 1")
    return dict(rows)


def whole_totals(selection: Selection, deals: Iterable[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """Return floor and headline of each of the deals in the reporting currency, whatever days and slices are asked for.

    A deal without money is left out; raise NoRate without a rate.
    """
    return parts_of(replace(_announced(selection), slices=()), deals)


def parts_of(selection: Selection, deals: Iterable[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """Return floor and headline of what each of the deals adds under the selection's view, days, slices and currency.

    A deal that adds nothing is left out; raise NoRate without a rate.
    """
    keys = list(deals)

    def of(measure: Measure) -> dict[int, Decimal]:
        steps = parts(replace(selection, measure=measure), Deal.objects.filter(pk__in=keys))
        return dict(steps.run(f"SELECT deal_id, sum(amount) FROM {steps.last} GROUP BY 1"))

    floors, headlines = of("floor"), of("headline")
    return {key: (floors.get(key, ZERO), headlines.get(key, ZERO)) for key in floors.keys() | headlines.keys()}


def largest(selection: Selection, most: int) -> list[Largest]:
    """Return the announcements that add most, the largest first; raise NoRate without a rate."""
    if one_query.answers(selection):
        return one_query.account(selection, most=most).largest
    steps = parts(selection, selection.counted)
    rows = steps.run(f"""
        SELECT announcement_id, date, sum(amount) FROM {steps.last} GROUP BY 1, 2 HAVING sum(amount) > 0
        ORDER BY 3 DESC, 1 LIMIT %s""", most)  # fmt: skip
    return [Largest(*row) for row in rows]


def left_out(selection: Selection) -> LeftOut:
    """Return what the selection names and its sums do not hold: how many deals, and their money.

    Slices cut that as they cut the sums.
    """
    if one_query.answers(selection):
        return one_query.account(selection).left_out
    return LeftOut(
        covered=_tally(selection, selection.in_slices(selection.held_back)),
        rumoured=_tally(selection, selection.in_slices(selection.rumoured)),
        no_window=no_window(selection) if selection.view == "planned" else Tally(),
        no_amount=Tally(deals=number_of(selection.in_slices(selection.counted.filter(headline_usd=None)))),
    )


def no_window(selection: Selection) -> Tally:
    """Return the counted deals without a spending window, which plans cannot spread, and their money (rule 7)."""
    deals = selection.in_slices(selection.counted.filter(Q(window_start=None) | Q(window_end=None)))
    return _tally(_announced(selection), deals)


def _announced(selection: Selection) -> Selection:
    """Return the selection read by announcement day, whole: no day or event cuts the money without a window."""
    return replace(selection, view="announced", after=None, before=None, events=())


def _tally(selection: Selection, deals: DealQuerySet) -> Tally:
    counted = sums(selection, deals).counted
    return Tally(number_of(deals), counted.announcements, counted.amount)


def _by_status(selection: Selection) -> Callable[..., dict[str, Decimal]]:
    """Return the function that gives the money of the counted deals of some statuses, by layer."""
    rows = spending(selection, "year", "status")

    def of(*statuses: str) -> dict[str, Decimal]:
        return {
            layer.value: sum((row.amount for row in rows if row.layer == layer and row.segment in statuses), ZERO)
            for layer in Layer
        }

    return of


def follow_through(selection: Selection) -> FollowThrough:
    """Return how much of what the selection promised has happened (rule 10), each part by layer.

    ``announced`` is what was promised at its height: the totals that stand, and those cancelled since. A deal without
    a ``delivered`` fact is unknown, not zero.
    """
    counted = selection.counted
    cancelled = counted.filter(status=DealStatus.CANCELLED)
    standing = _by_status(selection)
    taken_back = sums(replace(selection, events=(AnnouncementEvent.CANCELLED.value,)), cancelled)
    delivered = _by_status(
        replace(selection, measure="delivered" if selection.measure == "headline" else "delivered_floor")
    )
    # What a deal had delivered before it was cancelled stays delivered.
    done = delivered(DealStatus.CANCELLED)
    return FollowThrough(
        announced={layer: amount - taken_back.by_layer[layer] for layer, amount in standing(*DealStatus).items()},
        signed=standing(*SIGNED_OR_FURTHER),
        delivered=delivered(*DealStatus),
        cancelled={layer: max(-amount - done[layer], ZERO) for layer, amount in taken_back.by_layer.items()},
        unknown=sums(selection, counted.filter(delivered_high_usd=None).exclude(status=DealStatus.CANCELLED)).by_layer,
        reporting=number_of(counted.filter(delivered_high_usd__isnull=False)),
    )


def totals_through(deal: Deal) -> list[tuple[int, date, Decimal, Decimal]]:
    """Return announcement, day, floor and headline in US dollars of a deal's total after each of its entries."""
    order = ["date", "announcement__key"]
    rows = deal.entries.annotate(
        low=Window(Sum("low_usd"), order_by=order), high=Window(Sum("high_usd"), order_by=order)
    )
    rows = rows.order_by(*order)
    return list(rows.values_list("announcement_id", "date", "low", "high"))
