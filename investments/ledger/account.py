"""All that a page asks of a selection's money by one query: its sums, what they leave out, periods, the largest.

So is told what stands in US dollars by day of announcement and is divided among no parties; ledger/totals.py adds up
the rest from pieces (ledger/steps.py). Of everything public the rollup is read, not the entries (ledger/rollup.py).
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Value, When

from investments.choices import DealStatus, Layer
from investments.ledger import rollup
from investments.ledger.remembered import remembered
from investments.ledger.selection import Dimension, Selection, is_held_back
from investments.ledger.steps import window
from investments.values import Account, Largest, LeftOut, SpendingRow, Sums, Tally

PERIOD_FORMATS = {"month": "YYYY-MM", "quarter": 'YYYY"-Q"Q', "year": "YYYY"}
# The columns of the measures, and what divides money by what a deal is.
MEASURES = {"headline": "high", "floor": "low"}
SPLITS = {None: "'all'", "layer": "layer", "kind": "kind", "status": "status"}


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
    periods = largest = "NULL"
    if by:
        periods = f"""(SELECT json_agg(c) FROM (
            SELECT to_char(date, %s) AS period, {SPLITS[split]} AS segment, layer,
                   sum(high)::text AS high, sum(low)::text AS low
            FROM cells WHERE part = 'counted' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3) c)"""
        params.append(PERIOD_FORMATS[by])
    if most:
        largest = f"""(SELECT json_agg(l) FROM (
            SELECT id, date, {column}::text AS amount FROM counted WHERE {column} > 0
            ORDER BY {column} DESC, id LIMIT %s) l)"""
        params.append(most)
    sql = f"WITH {steps.strip()} SELECT (SELECT json_agg(p) FROM parts p), {periods}, {largest}"
    parts, cells, top = (rows or [] for rows in remembered(selection.matching.db, sql, params)[0])
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

    ``cells`` holds the entries with what their deals are and the part of the selection they stand in: counted, covered
    or rumoured; ``parts`` what each part comes to by layer; ``counted`` the announcements that are added.
    """
    part = Case(
        *([] if selection.with_rumoured else [When(status=DealStatus.RUMOURED, then=Value("rumoured"))]),
        *([] if selection.count == "gross" else [When(is_held_back(selection.selected, selection.count), then=Value("covered"))]),
        default=Value("counted"),
        output_field=CharField(),
    )  # fmt: skip
    deals = selection.within(selection.matching).order_by().annotate(part=part)
    columns = ("pk", "layer", "kind", "status", "headline_usd", "part")
    sql, params = deals.values_list(*columns).query.get_compiler(deals.db, elide_empty=False).as_sql()
    params = list(params)
    text = f"""
        deals (id, layer, kind, status, headline, part) AS MATERIALIZED ({sql}),
        cells AS MATERIALIZED (
            SELECT d.part, e.date, d.layer, d.kind, d.status, e.high_usd AS high, e.low_usd AS low,
                   e.deal_id, e.announcement_id
            FROM investments_ledgerentry e JOIN deals d ON d.id = e.deal_id
            WHERE (e.high_usd <> 0 OR e.low_usd <> 0) {window(selection, params)}),
        sums AS (
            SELECT deal_id, sum(high) AS high, sum(low) AS low,
                   count(*) FILTER (WHERE high <> 0) AS high_told, count(*) FILTER (WHERE low <> 0) AS low_told
            FROM cells GROUP BY deal_id),
        parts AS (
            SELECT d.part, d.layer, count(*) AS deals, count(*) FILTER (WHERE d.headline IS NULL) AS unpriced,
                   sum(s.high)::text AS high, sum(s.low)::text AS low,
                   sum(s.high_told) AS high_told, sum(s.low_told) AS low_told,
                   count(*) FILTER (WHERE s.high_told > 0) AS high_deals,
                   count(*) FILTER (WHERE s.low_told > 0) AS low_deals
            FROM deals d LEFT JOIN sums s ON s.deal_id = d.id GROUP BY d.part, d.layer),
        counted AS (SELECT announcement_id AS id, date, high, low FROM cells WHERE part = 'counted')"""
    return text, params


def _sums(parts: list[dict[str, Any]], column: str) -> Sums:
    """Return the sums of what is counted, by layer in the order of layers."""
    counted = {row["layer"]: row for row in parts if row["part"] == "counted"}
    by_layer = {layer.value: Decimal(counted.get(layer, {}).get(column) or "0.00") for layer in Layer}
    return Sums(
        by_layer,
        replace(_tally(parts, "counted", column), deals=sum(row[f"{column}_deals"] for row in counted.values())),
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
