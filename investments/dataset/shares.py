"""Shares of a deal: rounded to the places that are stored, and added up side by side."""

from typing import Any

from investments.choices import PAYEE_ROLES, PAYER_ROLES


def _roles(roles: tuple[Any, ...]) -> str:
    return ", ".join(f"'{role.value}'" for role in roles)


def _parties(*, prune: bool) -> str:
    """Return the query of the parties that the package's deals will have, each with its side of the deal."""
    # What the package does not name of a deal stays as it is stored, unless the load is to prune.
    stored = """
            UNION ALL
            SELECT d.slug, c.slug, p.role, p.share, NULL FROM investments_dealparty p
            JOIN investments_deal d ON d.id = p.deal_id JOIN investments_company c ON c.id = p.company_id
            WHERE NOT EXISTS (SELECT FROM draft_deal_parties x WHERE (x.deal, x.company, x.role) = (d.slug, c.slug, p.role))
              AND d.slug IN (SELECT deal FROM draft_deal_parties)"""
    return f"""
        SELECT deal, company, role, share, line,
               CASE WHEN role IN ({_roles(PAYER_ROLES)}) THEN 'payers' WHEN role IN ({_roles(PAYEE_ROLES)}) THEN 'payees' END AS side
        FROM (
            SELECT deal, company, role, share, line FROM draft_deal_parties{"" if prune else stored}
        ) told"""


def above_one(side: str, *, prune: bool) -> str:
    """Return the query of the deals whose shares of one side add up to more than 1: line and sum."""
    return f"""
        SELECT max(line) AS line, trim_scale(sum(share)) || ' in all' FROM ({_parties(prune=prune)}) parties WHERE side = '{side}'
        GROUP BY deal HAVING sum(share) > 1 AND max(line) IS NOT NULL"""


# Half to even: a tie lies in the middle between two whole numbers, and twice the rounded half is the even one.
_NEAR = "CASE WHEN abs(share * 1e8 % 1) = 0.5 THEN 2 * round(share * 1e8 / 2) ELSE round(share * 1e8) END"


def round_shares(cursor: Any, *, prune: bool) -> None:
    """Round the shares of the drafts to eight places, half to even.

    Where a side is no more than whole before and would be after, as with six sixths, those that were rounded up the
    most are rounded down instead.
    """
    cursor.execute("SELECT EXISTS (SELECT FROM draft_deal_parties WHERE share <> round(share, 8))")
    if not cursor.fetchone()[0]:
        return
    cursor.execute(f"""
        WITH near AS (
            SELECT line, deal, side, share * 1e8 AS exact, {_NEAR} AS near FROM ({_parties(prune=prune)}) parties
            WHERE share IS NOT NULL
        ), ranked AS (
            SELECT line, exact, near,
                   CASE WHEN side IS NOT NULL AND round(sum(exact) OVER one_side) <= 1e8
                        THEN sum(near) OVER one_side - 1e8 ELSE 0 END AS over,
                   row_number() OVER (PARTITION BY deal, side ORDER BY near = 1, near - exact DESC, line) AS place
            FROM near WINDOW one_side AS (PARTITION BY deal, side)
        )
        UPDATE draft_deal_parties d SET share = (r.near - CASE WHEN r.place <= r.over THEN 1 ELSE 0 END) / 1e8
        FROM ranked r WHERE d.line = r.line AND d.share * 1e8 <> r.near - CASE WHEN r.place <= r.over THEN 1 ELSE 0 END""")
