"""What everything public comes to, read from the rollup instead of added up entry by entry (ledger/sql/rollup.sql).

Only what a reader gets without a filter is answered here: the rollup knows coverage among all deals, and a filter
changes what covers what (rule 6). ledger/account.py asks first, and adds up itself where the answer is no.
"""

from typing import Any

from investments.choices import DealStatus
from investments.ledger.selection import Selection


def answers(selection: Selection) -> bool:
    """Return whether the rollup holds the selection: everything public, all of its time, whatever it moved by."""
    return (
        selection.whole
        and not selection.with_rumoured
        and selection.count in ("net", "gross")
        and not (selection.after or selection.before or selection.events)
        and not (selection.first_after or selection.first_before)
    )


def steps(selection: Selection) -> tuple[str, list[Any]]:
    """Return the steps that read everything from the rollup, and their parameters (as ledger/account.py's own)."""
    # An index holds the announcements that add most in their order.
    coverage = "true" if selection.count == "gross" else "NOT is_covered"
    covered = "" if selection.count == "gross" else "WHEN is_covered THEN 'covered'"
    text = f"""
        cells AS MATERIALIZED (
            SELECT *, CASE WHEN status = %s THEN 'rumoured' {covered} ELSE 'counted' END AS part, true AS inside,
                   month AS date, high_usd AS high, low_usd AS low
            FROM investments_spendingrollup),
        parts AS (
            SELECT part, kind, sum(deals)::bigint AS deals, sum(unpriced_deals)::bigint AS unpriced,
                   sum(high)::text AS high, sum(low)::text AS low,
                   sum(high_statements)::bigint AS high_told, sum(low_statements)::bigint AS low_told,
                   sum(high_deals)::bigint AS high_deals, sum(low_deals)::bigint AS low_deals
            FROM cells GROUP BY part, kind),
        counted AS (
            SELECT announcement_id AS id, date, high_usd AS high, low_usd AS low
            FROM investments_ledgerentry WHERE status <> %s AND {coverage})"""
    return text, [DealStatus.RUMOURED.value, DealStatus.RUMOURED.value]
