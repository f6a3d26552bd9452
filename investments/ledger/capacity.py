"""Megawatts over time, from the milestones of sites: what is in service, and what was planned when."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.db.models import QuerySet

from investments.ledger.account import PERIOD_FORMATS
from investments.ledger.remembered import compiled, remembered
from investments.ledger.selection import UNKNOWN

Owner = Literal["operator", "country"]

SEGMENTS = {
    None: "'all'",
    "country": f"coalesce(nullif(s.country, ''), '{UNKNOWN}')",
    # A site of several operators is divided evenly among them.
    "operator": f"coalesce(o.slug, '{UNKNOWN}')",
}
OPERATORS = """LEFT JOIN LATERAL (
    SELECT c.slug, count(*) OVER () AS parts FROM investments_projectparty p
    JOIN investments_company c ON c.id = p.company_id WHERE p.project_id = s.id AND p.role = 'operator'
) o ON true"""


@dataclass(frozen=True, slots=True)
class PowerRow:
    """By how many megawatts a segment's capacity changed in one period."""

    period: str
    segment: str
    mw: Decimal


def _run(sites: QuerySet, changes: str, by: str, split: Owner | None) -> list[PowerRow]:
    """Add up changes (project_id, date, mw) per period and segment."""
    sql, params = compiled(sites.order_by().values("pk"))
    joined, parts = (OPERATORS, "coalesce(o.parts, 1)") if split == "operator" else ("", "1")
    rows = remembered(
        sites.db,
        f"""WITH chosen (id) AS MATERIALIZED ({sql}), changes AS ({changes})
            SELECT to_char(x.date, %s), {SEGMENTS[split]}, sum(x.mw / {parts})
            FROM changes x JOIN investments_datacenterproject s ON s.id = x.project_id {joined}
            WHERE x.mw <> 0 GROUP BY 1, 2 ORDER BY 1, 2""",
        (*params, PERIOD_FORMATS[by]),
    )
    return [PowerRow(*row) for row in rows]


def served(sites: QuerySet, by: str, split: Owner | None) -> list[PowerRow]:
    """Return by how much the capacity in service has changed; a milestone says what is in service after it.

    A site that closes has nothing in service; milestones still ahead say what is planned, not what is.
    """
    changes = """SELECT m.project_id, m.date,
                        m.after - coalesce(lag(m.after) OVER (PARTITION BY m.project_id ORDER BY m.date, m.id), 0) AS mw
                 FROM (SELECT id, project_id, date, CASE WHEN kind = 'closed' THEN coalesce(mw, 0) ELSE mw END AS after
                       FROM investments_milestone WHERE review = 'published' AND date <= current_date) m
                 JOIN chosen c ON c.id = m.project_id WHERE m.after IS NOT NULL"""
    return _run(sites, changes, by, split)


def planned(sites: QuerySet, by: str) -> list[PowerRow]:
    """Return how many megawatts came to be planned: a site's whole plan, on the day it was first heard of.

    Sites that are cancelled now are left out: nothing is planned there.
    """
    changes = """SELECT s.id AS project_id, min(m.date) AS date, s.planned_mw AS mw
                 FROM investments_datacenterproject s JOIN chosen c ON c.id = s.id
                 JOIN investments_milestone m ON m.project_id = s.id AND m.review = 'published'
                 WHERE s.planned_mw IS NOT NULL AND s.status <> 'cancelled' GROUP BY s.id, s.planned_mw"""
    return _run(sites, changes, by, None)
