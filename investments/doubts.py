"""What is odd about announcements, though it may be true: asked about before they are saved, never refused.

Each rule is one query over the announcements in question as they stand in the database, so that the entry form, which
saves on trial, and an import of many thousands of rows are asked the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

# Two amounts this close, stated within this many days of each other, may be one statement told twice.
ALIKE = Decimal("0.05")
DAYS_APART = 30
# Ratio between two statements on one deal from which on a slip is more likely than a change.
JUMP = 10


@dataclass(frozen=True)
class Doubt:
    """One oddity of an announcement: ``other`` is the row it is compared with, the figures are US dollars."""

    announcement: int
    code: str
    other: int | None = None
    this_usd: Decimal | None = None
    other_usd: Decimal | None = None

    @property
    def token(self) -> str:
        """What a tick confirms: another oddity needs another tick."""
        figures = (None if usd is None else round(usd) for usd in (self.this_usd, self.other_usd))
        return "-".join(str(part) for part in (self.code, self.other or "", *figures))


_COLUMNS = """a.id, a.deal_id, a.date, a.key, a.event, a.currency, coalesce(a.amount_high, a.amount_low) AS amount,
    CASE WHEN coalesce(a.amount_high, a.amount_low) IS NOT NULL AND a.currency <> ''
         THEN coalesce(a.amount_high, a.amount_low) / tracker_rate(a.currency, a.date) END AS usd"""
_MINE = f"mine AS MATERIALIZED (SELECT {_COLUMNS} FROM investments_announcement a WHERE a.id = ANY (%(ids)s))"
_TOTALS = "('announced', 'increased', 'reduced', 'confirmed', 'completed', 'reported', 'disputed')"
_LIKE = f"o.id <> m.id AND abs(o.usd - m.usd) <= {ALIKE} * greatest(o.usd, m.usd) AND m.usd > 0"
_NEAR = f"o.date BETWEEN m.date - {DAYS_APART} AND m.date + {DAYS_APART}"

# code -> query for announcement, other, this_usd, other_usd
RULES: dict[str, str] = {
    "duplicate_in_deal": f"""
        WITH {_MINE}, others AS MATERIALIZED (
            SELECT {_COLUMNS} FROM investments_announcement a
            WHERE a.deal_id IN (SELECT deal_id FROM mine) AND a.review <> 'withdrawn' AND a.event IN {_TOTALS}
        )
        SELECT m.id, min(o.id), NULL::numeric, NULL::numeric FROM mine m JOIN others o ON o.deal_id = m.deal_id
        WHERE m.event IN {_TOTALS} AND {_LIKE} AND {_NEAR} GROUP BY m.id""",
    # The same companies, no more and no fewer; amounts are brought together by the size of their logarithm.
    "duplicate_parties": f"""
        WITH {_MINE}, near AS MATERIALIZED (
            SELECT DISTINCT q.deal_id FROM investments_dealparty p JOIN investments_dealparty q USING (company_id)
            WHERE p.deal_id IN (SELECT deal_id FROM mine)
        ), sets AS MATERIALIZED (
            SELECT deal_id, array_agg(DISTINCT company_id ORDER BY company_id) AS who FROM investments_dealparty
            WHERE deal_id IN (SELECT deal_id FROM near) GROUP BY deal_id
        ), others AS MATERIALIZED (
            SELECT o.*, s.who, floor(ln(o.usd) / 0.05) AS size FROM (
                SELECT {_COLUMNS} FROM investments_announcement a
                WHERE a.deal_id IN (SELECT deal_id FROM near) AND a.review <> 'withdrawn' AND a.event IN {_TOTALS}
                  AND a.date BETWEEN (SELECT min(date) FROM mine) - {DAYS_APART} AND (SELECT max(date) FROM mine) + {DAYS_APART}
            ) o JOIN sets s USING (deal_id) WHERE o.usd > 0
        )
        SELECT m.id, min(o.id), NULL::numeric, NULL::numeric
        FROM mine m JOIN sets s ON s.deal_id = m.deal_id
             CROSS JOIN LATERAL (VALUES (-1), (0), (1)) AS beside (step)
             JOIN others o ON o.who = s.who AND o.size = floor(ln(nullif(m.usd, 0)) / 0.05) + beside.step
        WHERE o.deal_id <> m.deal_id AND m.event IN {_TOTALS} AND {_LIKE} AND {_NEAR} GROUP BY m.id""",
    # One source may be cited by many thousands of rows of an import: the first and the last of them will do.
    "same_source": """
        WITH cited AS MATERIALIZED (
            SELECT source_id, min(announcement_id) AS first, max(announcement_id) AS last
            FROM investments_announcementsource
            WHERE source_id IN (SELECT source_id FROM investments_announcementsource WHERE announcement_id = ANY (%(ids)s))
            GROUP BY source_id HAVING count(*) > 1
        )
        SELECT c.announcement_id, min(CASE WHEN d.first = c.announcement_id THEN d.last ELSE d.first END),
               NULL::numeric, NULL::numeric
        FROM investments_announcementsource c JOIN cited d USING (source_id)
        WHERE c.announcement_id = ANY (%(ids)s) GROUP BY c.announcement_id""",
    "smaller": f"""
        WITH {_MINE}
        SELECT m.id, o.id, m.usd, o.usd FROM mine m JOIN LATERAL (
            SELECT {_COLUMNS} FROM investments_announcement a
            WHERE a.deal_id = m.deal_id AND a.review = 'published' AND a.id <> m.id
              AND a.event IN ('announced', 'increased', 'reduced', 'confirmed', 'completed')
              AND coalesce(a.amount_high, a.amount_low) IS NOT NULL
              AND (a.date, a.key COLLATE "C") < (m.date, m.key COLLATE "C")
            ORDER BY a.date DESC, a.key COLLATE "C" DESC LIMIT 1
        ) o ON true
        WHERE m.event IN ('announced', 'increased', 'confirmed', 'completed')
          AND CASE WHEN o.currency = m.currency THEN m.amount < o.amount ELSE m.usd < o.usd * 0.98 END""",
    "jump": f"""
        WITH {_MINE}, others AS MATERIALIZED (
            SELECT {_COLUMNS} FROM investments_announcement a
            WHERE a.deal_id IN (SELECT deal_id FROM mine) AND a.review <> 'withdrawn' AND a.event IN {_TOTALS}
        )
        SELECT DISTINCT ON (m.id) m.id, o.id, m.usd, o.usd FROM mine m JOIN others o ON o.deal_id = m.deal_id
        WHERE o.id <> m.id AND o.usd > 0 AND m.usd > 0 AND m.event IN {_TOTALS}
          AND (m.usd >= {JUMP} * o.usd OR o.usd >= {JUMP} * m.usd)
        ORDER BY m.id, greatest(m.usd / o.usd, o.usd / m.usd) DESC""",
    "parts_larger": """
        WITH containers AS (
            SELECT a.id AS announcement, c.id, c.headline_usd
            FROM investments_announcement a JOIN investments_deal d ON d.id = a.deal_id
            JOIN investments_deal c ON c.id IN (d.id, d.part_of_id)
            WHERE a.id = ANY (%(ids)s) AND c.headline_usd > 0
              -- What states no amount makes no part larger: it would be asked about for nothing, each time.
              AND coalesce(a.amount_high, a.amount_low) IS NOT NULL
        )
        SELECT c.announcement, min(p.part_of_id), sum(p.headline_usd), min(c.headline_usd)
        FROM containers c JOIN investments_deal p ON p.part_of_id = c.id
        WHERE p.status <> 'rumoured' GROUP BY c.announcement, c.id
        HAVING sum(p.headline_usd) > min(c.headline_usd)""",
    "no_source": """
        SELECT a.id, NULL::bigint, NULL::numeric, NULL::numeric FROM investments_announcement a
        WHERE a.id = ANY (%(ids)s)
          AND NOT EXISTS (SELECT FROM investments_announcementsource c WHERE c.announcement_id = a.id)""",
    "future": """
        SELECT a.id, NULL::bigint, NULL::numeric, NULL::numeric FROM investments_announcement a
        WHERE a.id = ANY (%(ids)s) AND a.date > %(today)s""",
    "cancelled_amount": """
        SELECT a.id, NULL::bigint, NULL::numeric, NULL::numeric FROM investments_announcement a
        WHERE a.id = ANY (%(ids)s) AND a.event = 'cancelled'
          AND coalesce(a.amount_low, a.amount_high) IS NOT NULL""",
    "delayed_amount": """
        SELECT a.id, NULL::bigint, NULL::numeric, NULL::numeric FROM investments_announcement a
        WHERE a.id = ANY (%(ids)s) AND a.event = 'delayed'
          AND (a.amount_low IS NOT NULL OR a.amount_high IS NOT NULL)""",
}


def doubts_about(announcements: Iterable[int], today: date) -> list[Doubt]:
    """Return what is odd about the announcements, in their order; rule by rule for each."""
    ids = list(announcements)
    found: list[Doubt] = []
    with connection.cursor() as cursor:
        for code, query in RULES.items():
            cursor.execute(query, {"ids": ids, "today": today} if "%(today)s" in query else {"ids": ids})
            found += [Doubt(row[0], code, *row[1:]) for row in cursor.fetchall()]
    place = {pk: number for number, pk in enumerate(ids)}
    return sorted(found, key=lambda doubt: place[doubt.announcement])
