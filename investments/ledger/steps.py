"""The steps of a sum: a query built of named parts (common table expressions), each worked out once.

Entries of a set of deals, or pieces of their spend windows -> divided among payers -> divided among payees -> cut to
the slices. What comes last is added up by ledger/totals.py, fates.py and flows.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from investments.choices import PAYEE_ROLES, PAYER_ROLES
from investments.ledger.rates import NoRate
from investments.ledger.remembered import compiled, remembered
from investments.ledger.selection import UNKNOWN, Dimension, Selection
from investments.models.deal import DealQuerySet

# The party whose attribution each dimension needs; a country is the payer's (INTERFACE.md).
SIDE_OF: dict[str, str] = {"payer": "payer", "country": "payer", "payee": "payee"}
ROLES_OF = {"payer": PAYER_ROLES, "payee": PAYEE_ROLES}
MEASURE_COLUMNS = {
    "headline": "high_usd", "floor": "low_usd",
    "delivered": "delivered_high_usd", "delivered_floor": "delivered_low_usd",
}  # fmt: skip


@dataclass
class Steps:
    """A query under construction: named steps, their parameters, and the columns of the last one."""

    selection: Selection
    texts: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    last: str = ""

    @property
    def divided(self) -> bool:
        """Whether amounts have been divided among parties, so that an announcement may have several pieces."""
        return "payer" in self.columns or "payee" in self.columns

    def add(self, name: str, sql: str, *params: Any) -> None:
        # Materialized: a step is worked out once, whatever the planner believes of its size.
        self.texts.append(f"{name} AS MATERIALIZED ({sql})")
        self.params += params
        self.last = name

    def run(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Run ``sql`` over the steps; raise NoRate when a day has no rate for the reporting currency."""
        steps = f"WITH {', '.join(self.texts)}"
        parameters = (*self.params, *params)
        if self.selection.currency == "USD":
            return remembered(self.selection.matching.db, f"{steps} {sql}", parameters)
        # A day without a rate leaves no row of its own: it is told beside the rows, or in their place.
        rows = remembered(
            self.selection.matching.db,
            f"""{steps} SELECT missing.day, x.* FROM (SELECT min(date) AS day FROM days WHERE rate IS NULL) missing
                LEFT JOIN (SELECT true AS found, y.* FROM ({sql}) y) x ON true""",
            parameters,
        )
        if rows[0][0]:
            raise NoRate(self.selection.currency, rows[0][0])
        return [row[2:] for row in rows if row[1]]


def parts(
    selection: Selection,
    deals: DealQuerySet,
    split: Dimension | None = None,
    announcements: Iterable[int] | None = None,
    sides: Iterable[str] = (),
) -> Steps:
    """Return the steps whose last one holds the pieces of money that a sum adds up.

    Its columns: part (unique), announcement_id (NULL in the planned view), deal_id, date, layer, kind, status,
    amount, and those of the attributions that the split and the slices ask for.
    """
    steps = Steps(selection)
    _entries(steps, deals, announcements)
    if selection.view == "planned":
        _spread(steps)
    else:
        steps.add(
            "amounts",
            """
            SELECT e.announcement_id AS part, e.announcement_id, e.deal_id, e.date, e.layer, e.kind, e.status, e.amount
            FROM entries e""",
        )
    steps.columns = ["announcement_id", "deal_id", "date", "layer", "kind", "status"]
    wanted = {SIDE_OF.get(dimension) for dimension in (split, *(s.dimension for s in selection.slices)) if dimension}
    wanted |= set(sides)
    for side in ("payer", "payee"):
        if side in wanted:
            _attribute(steps, side)
    for number, part in enumerate(selection.slices):
        name = "cut" if not number else f"cut_{number}"
        test = "<> ALL" if part.without else "= ANY"
        steps.add(name, f"SELECT * FROM {steps.last} WHERE {part.dimension} {test} (%s)", list(part.values))
    return steps


def _entries(steps: Steps, deals: DealQuerySet, announcements: Iterable[int] | None) -> None:
    """Add the entries of the deals in the reporting currency, each rounded to cents (rule 5)."""
    columns = ("pk", "layer", "kind", "status", "window_start", "window_end")
    sql, of_deals = compiled(deals.order_by().values_list(*columns))
    steps.add("deals (id, layer, kind, status, window_start, window_end)", sql, *of_deals)
    column = MEASURE_COLUMNS[steps.selection.measure]
    params: list[Any] = []
    plain = f"""
        SELECT e.announcement_id, e.deal_id, e.date, d.layer, d.kind, d.status, d.window_start, d.window_end,
               e.{column} AS amount
        FROM investments_ledgerentry e JOIN deals d ON d.id = e.deal_id WHERE e.{column} <> 0"""
    if announcements is not None:
        plain += " AND e.announcement_id = ANY (%s)"
        params.append(list(announcements))
    if steps.selection.view == "announced":
        plain += _window(steps.selection, params)
    if steps.selection.currency == "USD":
        steps.add("entries", plain, *params)
        return
    # Each day's rate is looked up once, and only of days that are counted.
    steps.add("plain", plain, *params)
    days = "SELECT x.date, tracker_rate(%s, x.date) AS rate FROM (SELECT DISTINCT date FROM plain) x"
    steps.add("days", days, steps.selection.currency)
    steps.add("entries", """
        SELECT p.announcement_id, p.deal_id, p.date, p.layer, p.kind, p.status, p.window_start, p.window_end,
               round(p.amount * r.rate, 2) AS amount
        FROM plain p JOIN days r ON r.date = p.date""")  # fmt: skip


def _window(selection: Selection, params: list[Any]) -> str:
    """Return the conditions of the reader's window of announcement days and events; add their parameters."""
    conditions = ""
    if selection.after:
        conditions += " AND e.date >= %s"
        params.append(selection.after)
    if selection.before:
        conditions += " AND e.date <= %s"
        params.append(selection.before)
    if selection.events:
        conditions += " AND e.announcement_id IN (SELECT id FROM investments_announcement WHERE event = ANY (%s))"
        params.append(list(selection.events))
    return conditions


def _spread(steps: Steps) -> None:
    """Add each deal's final total spread over its spend window by days, a piece a month (rule 7).

    What is spent up to a day is rounded to cents, and a month gets the difference of two such figures, so that
    months, quarters and years add up to the same total.
    """
    steps.add("finals", """
        SELECT e.deal_id, e.layer, e.kind, e.status, sum(e.amount) AS total, e.window_start AS begins,
               e.window_end - e.window_start + 1 AS days,
               greatest(e.window_start, %s::date) AS since, least(e.window_end, %s::date) AS upto
        FROM entries e WHERE e.window_start IS NOT NULL AND e.window_end IS NOT NULL
        GROUP BY e.deal_id, e.layer, e.kind, e.status, e.window_start, e.window_end""",
        steps.selection.after, steps.selection.before)  # fmt: skip
    steps.add("months", """
        SELECT f.deal_id, f.layer, f.kind, f.status, f.total, f.begins, f.days,
               greatest(m.month::date, f.since) AS since,
               least((m.month + interval '1 month')::date - 1, f.upto) AS upto
        FROM finals f, generate_series(date_trunc('month', f.since::timestamp), f.upto::timestamp,
                                       interval '1 month') AS m (month)
        WHERE f.since <= f.upto""")  # fmt: skip
    steps.add("amounts", """
        SELECT row_number() OVER () AS part, NULL::bigint AS announcement_id, m.deal_id, m.since AS date,
               m.layer, m.kind, m.status,
               ledger_fraction(m.total, m.upto - m.begins + 1, m.days)
               - ledger_fraction(m.total, m.since - m.begins, m.days) AS amount
        FROM months m""")  # fmt: skip


def _attribute(steps: Steps, side: str) -> None:
    """Divide the amounts among the deals' payers or payees by share (rule 8).

    Without shares: equally; with some: the rest equally among the others; a rest that nobody is named for, and a
    deal without such a party, go to ``unknown``. The last in alphabetical order absorbs the rounding.
    """
    source, carried = steps.last, ", ".join(f"a.{column}" for column in steps.columns)
    steps.add(f"{side}_named", """
        SELECT p.deal_id, c.slug, c.country, sum(p.share) AS share
        FROM investments_dealparty p JOIN investments_company c ON c.id = p.company_id
        WHERE p.role = ANY (%s) AND p.deal_id IN (SELECT id FROM deals)
        GROUP BY p.deal_id, c.slug, c.country""", [role.value for role in ROLES_OF[side]])  # fmt: skip
    steps.add(f"{side}_rest", f"""
        SELECT deal_id, 1 - coalesce(sum(share), 0) AS rest, count(*) FILTER (WHERE share IS NULL) AS others
        FROM {side}_named GROUP BY deal_id""")  # fmt: skip
    steps.add(f"{side}_shares", f"""
        SELECT n.deal_id, n.slug, n.country, coalesce(n.share, r.rest) AS share,
               CASE WHEN n.share IS NULL THEN r.others ELSE 1 END AS among, 0 AS place
        FROM {side}_named n JOIN {side}_rest r ON r.deal_id = n.deal_id
        UNION ALL
        SELECT r.deal_id, '{UNKNOWN}', '', r.rest, 1, 1 FROM {side}_rest r WHERE r.others = 0 AND r.rest > 0""")  # fmt: skip
    steps.add(f"{side}_pieces", f"""
        SELECT a.part, {carried}, a.amount, coalesce(s.slug, '{UNKNOWN}') AS slug, coalesce(s.country, '') AS land,
               p.piece, sum(p.piece) OVER (in_order ROWS UNBOUNDED PRECEDING) AS so_far,
               lead(a.part) OVER in_order IS NULL AS is_last
        FROM {source} a LEFT JOIN {side}_shares s ON s.deal_id = a.deal_id,
             LATERAL (SELECT ledger_fraction(a.amount, coalesce(s.share, 1), coalesce(s.among, 1)) AS piece) p
        WINDOW in_order AS (PARTITION BY a.part ORDER BY s.place, s.slug COLLATE "C")""")  # fmt: skip
    own = f"a.slug AS {side}"
    if side == "payer":
        own += f", coalesce(nullif(a.land, ''), '{UNKNOWN}') AS country"
    steps.add(f"{side}s", f"""
        SELECT row_number() OVER () AS part, {carried}, {own},
               CASE WHEN a.is_last THEN a.amount - (a.so_far - a.piece) ELSE a.piece END AS amount
        FROM {side}_pieces a""")  # fmt: skip
    steps.columns += [side, "country"] if side == "payer" else [side]
