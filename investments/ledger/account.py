"""All that a page asks of a selection's money by one query: its sums, what they leave out, periods, the largest.

So is told what stands in US dollars by day of announcement and is divided among no parties; ledger/totals.py adds up
the rest from pieces (ledger/steps.py). Of everything public the rollup is read, not the entries (ledger/rollup.py).
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, CharField, ExpressionWrapper, Q, Value, When
from django.db.models.expressions import RawSQL

from investments.choices import LAYER_KINDS, DealStatus, Layer
from investments.ledger import rollup
from investments.ledger.remembered import compiled, remembered
from investments.ledger.selection import Dimension, Selection, is_held_back
from investments.models import LedgerEntry
from investments.values import Account, Largest, LeftOut, SpendingRow, Sums, Tally

PERIOD_FORMATS = {"month": "YYYY-MM", "quarter": 'YYYY"-Q"Q', "year": "YYYY"}
# The columns of the measures, and what divides money by what a deal is.
MEASURES = {"headline": "high", "floor": "low"}
SPLITS = {None: "'all'", "layer": "layer", "kind": "kind", "status": "status"}
# Kinds and their layers, side by side.
LAYERED = [(kind.value, layer.value) for layer, kinds in LAYER_KINDS.items() for kind in kinds]
# Of the deals chosen: those that a list shows, and those that can cover others.
LISTED = RawSQL("SELECT id FROM chosen WHERE listed", ())
HOLDING = RawSQL("SELECT id FROM chosen WHERE holds", ())
ENTRY_COLUMNS = (
    "part", "inside", "announcement_id", "deal_id", "date", "kind", "status", "high_usd", "low_usd", "is_priced",
    "opens", "opens_high", "opens_low",
)  # fmt: skip
# How many deals have money: each entry knows whether it is the first of its deal; of a window that must be asked.
MOVED = """
    SELECT part, kind, count(*) FILTER (WHERE opens_high) AS high_deals, count(*) FILTER (WHERE opens_low) AS low_deals
    FROM cells GROUP BY part, kind"""
MOVED_INSIDE = """
    SELECT part, kind, count(*) FILTER (WHERE high) AS high_deals, count(*) FILTER (WHERE low) AS low_deals FROM (
        SELECT part, kind, bool_or(high <> 0) AS high, bool_or(low <> 0) AS low
        FROM cells WHERE inside GROUP BY deal_id, part, kind
    ) of_deal GROUP BY part, kind"""


def answers(selection: Selection, split: Dimension | None = None) -> bool:
    """Return whether one query can tell what is asked."""
    return (
        selection.view == "announced"
        and selection.currency == "USD"
        and selection.measure in MEASURES
        and not selection.slices
        and split in SPLITS
    )


def account(selection: Selection, by: str | None = None, split: Dimension | None = None, most: int = 0) -> Account:
    """Return what a selection's money comes to, in US dollars; only where ``answers`` says yes.

    ``by`` (month, quarter, year) asks for periods, which ``split`` divides; ``most`` asks for that many of the
    announcements that add most.
    """
    column = MEASURES[selection.measure]
    steps, params = rollup.steps(selection) if rollup.answers(selection) else _steps(selection)
    kinds, layers = zip(*LAYERED, strict=True)
    periods = largest = "NULL"
    if by:
        segment, own = SPLITS[split], "kind, status" if split == "status" else "kind"
        # Added up by kind first: there are few kinds to look up the layers of.
        periods = f"""(SELECT json_agg(p) FROM (
            SELECT to_char(start, %s) AS period, {segment} AS segment, layer, sum(high)::text AS high, sum(low)::text AS low
            FROM (
                SELECT date_trunc(%s, date::timestamp) AS start, {own}, sum(high) AS high, sum(low) AS low
                FROM cells WHERE part = 'counted' AND inside GROUP BY 1, {own}
            ) c JOIN layers USING (kind) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3) p)"""
        params += [PERIOD_FORMATS[by], by]
    if most:
        largest = f"""(SELECT json_agg(l) FROM (
            SELECT id, date, {column}::text AS amount FROM counted WHERE {column} > 0
            ORDER BY {column} DESC, id LIMIT %s) l)"""
        params.append(most)
    sql = f"""WITH layers AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS k (kind, layer)), {steps.strip()}
        SELECT (SELECT json_agg(p) FROM (SELECT * FROM parts JOIN layers USING (kind)) p), {periods}, {largest}"""
    answer = remembered(selection.matching.db, sql, [list(kinds), list(layers), *params])[0]
    parts, cells, top = (rows or [] for rows in answer)
    return Account(
        headline=_sums(parts, "high"),
        floor=_sums(parts, "low"),
        left_out=LeftOut(
            covered=_tally(parts, "covered", column),
            rumoured=_tally(parts, "rumoured", column),
            no_window=Tally(),
            no_amount=Tally(deals=sum(row["unpriced"] for row in parts if row["part"] == "counted")),
        ),
        periods=_periods(cells, column),
        floor_periods=_periods(cells, "low"),
        largest=[Largest(row["id"], date.fromisoformat(row["date"]), Decimal(row["amount"])) for row in top],
    )


def _steps(selection: Selection) -> tuple[str, list[Any]]:
    """Return the steps that add up a selection's entries, and their parameters.

    ``cells`` holds the entries with the part of the selection they stand in (counted, covered or rumoured) and whether
    they lie inside the reader's window; ``parts`` what each part comes to by kind; ``counted`` the announcements that
    are added. Entries say what their deals are, so that no deal is read but to be found.
    """
    chosen = selection.matching.order_by().annotate(
        holds=ExpressionWrapper(selection.holding, BooleanField()),
        listed=ExpressionWrapper(selection.between or Value(True), BooleanField()),
    )
    part = Case(
        *([] if selection.with_rumoured else [When(status=DealStatus.RUMOURED, then=Value("rumoured"))]),
        *([] if selection.count == "gross" else [When(is_held_back(HOLDING, selection.count, "deal_id"), then=Value("covered"))]),
        default=Value("counted"),
        output_field=CharField(),
    )  # fmt: skip
    window = _window(selection)
    entries = LedgerEntry.objects.using(selection.matching.db).filter(deal__in=LISTED).order_by().annotate(
        part=part, inside=ExpressionWrapper(window or Value(True), BooleanField()),
    )  # fmt: skip
    of_chosen, chosen_params = compiled(chosen.values_list("pk", "holds", "listed"))
    of_entries, entry_params = compiled(entries.values_list(*ENTRY_COLUMNS))
    text = f"""
        chosen (id, holds, listed) AS MATERIALIZED ({of_chosen}),
        cells (part, inside, id, deal_id, date, kind, status, high, low, is_priced, opens, opens_high, opens_low)
            AS MATERIALIZED ({of_entries}),
        told AS (
            SELECT part, kind, count(*) FILTER (WHERE opens) AS deals,
                   count(*) FILTER (WHERE opens AND NOT is_priced) AS unpriced,
                   sum(high) FILTER (WHERE inside)::text AS high, sum(low) FILTER (WHERE inside)::text AS low,
                   count(*) FILTER (WHERE inside AND high <> 0) AS high_told,
                   count(*) FILTER (WHERE inside AND low <> 0) AS low_told
            FROM cells GROUP BY part, kind),
        moved AS ({MOVED_INSIDE if window else MOVED}),
        parts AS (SELECT * FROM told LEFT JOIN moved USING (part, kind)),
        counted AS (SELECT id, date, high, low FROM cells WHERE part = 'counted' AND inside)"""
    return text, [*chosen_params, *entry_params]


def _window(selection: Selection) -> Q:
    """Return the condition that an entry lies in the reader's window of announcement days and events."""
    window = Q()
    if selection.after:
        window &= Q(date__gte=selection.after)
    if selection.before:
        window &= Q(date__lte=selection.before)
    if selection.events:
        window &= Q(announcement__event__in=selection.events)
    return window


def _sums(parts: list[dict[str, Any]], column: str) -> Sums:
    """Return the sums of what is counted, by layer in the order of layers."""
    counted = [row for row in parts if row["part"] == "counted"]
    by_layer = dict.fromkeys(Layer.values, Decimal("0.00"))
    for row in counted:
        by_layer[row["layer"]] += Decimal(row[column] or 0)
    return Sums(
        by_layer,
        replace(_tally(parts, "counted", column), deals=sum(row[f"{column}_deals"] or 0 for row in counted)),
    )


def _tally(parts: list[dict[str, Any]], part: str, column: str) -> Tally:
    """Return the deals of a part, its announcements that move the measure, and its money."""
    rows = [row for row in parts if row["part"] == part]
    return Tally(
        sum(row["deals"] for row in rows),
        sum(row[f"{column}_told"] or 0 for row in rows),
        sum((Decimal(row[column] or 0) for row in rows), Decimal("0.00")),
    )


def _periods(cells: list[dict[str, Any]], column: str) -> list[SpendingRow]:
    """Return the rows of one measure; those that come to zero are left out."""
    rows = (SpendingRow(row["period"], row["segment"], row["layer"], Decimal(row[column])) for row in cells)
    return [row for row in rows if row.amount]
