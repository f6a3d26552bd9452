"""What can only be seen once all files are read: references, repeated keys, shares, cycles, rates."""

from typing import Any

from investments.choices import METRIC_UNITS
from investments.dataset.format import BY_NAME, FILES, Cell, File
from investments.dataset.problems import SHOWN, Problems
from investments.dataset.shares import above_one, round_shares

NOUNS = {
    "companies": "company",
    "projects": "data-center project",
    "deals": "deal",
    "sources": "source",
    "forecasts": "forecast",
}


def check(cursor: Any, problems: Problems) -> None:
    """Add to ``problems`` what is wrong between rows of the drafts, and between them and what is stored."""
    round_shares(cursor)
    for file in FILES:
        _repeated(cursor, file, problems)
        for cell in file.cells:
            if cell.refers:
                _unknown(cursor, file, cell, problems)
    for name, column, query, expected in RULES:
        for line, value in _found(cursor, query, problems):
            problems.add(BY_NAME[name].path, line, column, value, expected)


def _found(cursor: Any, query: str, problems: Problems) -> list[Any]:
    """Return the first rows of a query by line, its first column; all the others are counted as problems."""
    cursor.execute(f"""
        WITH found AS MATERIALIZED ({query})
        SELECT count(*) OVER (), found.* FROM found ORDER BY 2 LIMIT {SHOWN}""")
    shown = cursor.fetchall()
    if shown:
        problems.count += shown[0][0] - len(shown)
    return [row[1:] for row in shown]


def _repeated(cursor: Any, file: File, problems: Problems) -> None:
    columns = [name for key in file.key for name, kind in file.cell(key).columns]
    query = f"""
        SELECT line, concat_ws(', ', {", ".join(columns)}), first FROM (
            SELECT *, min(line) OVER (PARTITION BY {", ".join(columns)}) AS first FROM {file.draft} WHERE NOT bad
        ) x WHERE line > first"""
    for line, value, first in _found(cursor, query, problems):
        problems.add(file.path, line, "+".join(file.key), value, f"a row of its own: line {first} has the same key")


def _unknown(cursor: Any, file: File, cell: Cell, problems: Problems) -> None:
    target = BY_NAME[str(cell.refers)]
    key = target.key[0]
    column = cell.columns[0][0]
    source = (
        f"{file.draft} d, unnest(d.{column}) AS wanted"
        if cell.many
        else f"{file.draft} d, LATERAL (SELECT d.{column}) AS w (wanted)"
    )
    query = f"""
        SELECT d.line, wanted FROM {source} WHERE wanted IS NOT NULL
          AND NOT EXISTS (SELECT FROM {target.draft} t WHERE t.{key} = wanted)
          AND NOT EXISTS (SELECT FROM {target.table} t WHERE t.{key} = wanted)"""
    for line, value in _found(cursor, query, problems):
        problems.add(
            file.path, line, cell.name, value, f"the {key} of a {NOUNS[target.name]} in {target.path} or the database"
        )


_CYCLES = """
    WITH RECURSIVE links AS (
        SELECT slug, part_of, line FROM draft_deals
        UNION ALL
        SELECT d.slug, c.slug, NULL FROM investments_deal d LEFT JOIN investments_deal c ON c.id = d.part_of_id
        WHERE NOT EXISTS (SELECT FROM draft_deals x WHERE x.slug = d.slug)
    ), above (line, slug, container) AS (
        SELECT line, slug, part_of FROM links WHERE part_of IS NOT NULL AND line IS NOT NULL
        UNION ALL
        SELECT a.line, a.slug, l.part_of FROM above a JOIN links l ON l.slug = a.container
        WHERE l.part_of IS NOT NULL AND a.container <> a.slug
    ) CYCLE container SET looped USING path
    SELECT DISTINCT line, slug FROM above WHERE container = slug"""

_RATES = """
    SELECT a.line, a.currency || ' on ' || a.date FROM draft_announcements a
    WHERE NOT a.bad AND a.currency NOT IN ('', 'USD') AND (a.amount_low IS NOT NULL OR a.amount_high IS NOT NULL)
      AND tracker_rate(a.currency, a.date) IS NULL
      AND NOT EXISTS (SELECT FROM draft_exchange_rates r WHERE r.currency = a.currency AND r.date <= a.date
                      AND (r.origin = 'peg' OR r.date >= a.date - 7))"""

_UNITS = " OR ".join(f"metric = '{metric.value}' AND unit = '{unit}'" for metric, unit in METRIC_UNITS.items())


def _where(draft: str, value: str, condition: str) -> str:
    return f"SELECT line, {value} FROM {draft} WHERE NOT bad AND ({condition})"


_AMOUNT = "(amount_low IS NOT NULL OR amount_high IS NOT NULL)"

# file, column, query for line and value, what was expected
RULES: tuple[tuple[str, str, str, str], ...] = (
    ("announcements", "deal", _where("draft_announcements", "''", "deal IS NULL AND project IS NULL"), "a deal or a project"),
    ("announcements", "currency", _where("draft_announcements", "''", f"{_AMOUNT} AND currency = ''"),
     "the currency of the amount"),
    ("announcements", "amount_low", _where("draft_announcements", "amount_low", "amount_low > amount_high"),
     "at most amount_high"),
    ("announcements", "currency", _RATES,
     "a currency with an exchange rate on that day or in the 7 days before; a manual rate can be added in exchange_rates.csv"),
    ("impacts", "value_low", _where("draft_impacts", "value_low", "value_low > value_high"), "at most value_high"),
    ("impacts", "value_low", _where("draft_impacts", "''", "value_low IS NULL AND value_high IS NULL"), "a low or a high value"),
    ("impacts", "unit", _where("draft_impacts", "unit", f"NOT ({_UNITS})"), "the unit in which the metric is kept"),
    ("forecasts", "amount_low", _where("draft_forecasts", "amount_low", "amount_low > amount_high"), "at most amount_high"),
    ("forecasts", "horizon_end", _where("draft_forecasts", "horizon_end", "horizon_end < horizon_start"),
     "a date on or after horizon_start"),
    ("deals", "window_end", _where("draft_deals", "window_end", "window_end < window_start"), "a date on or after window_start"),
    ("deals", "part_of", _CYCLES, "a deal that does not lie inside this one"),
    ("projects", "latitude", _where("draft_projects", "concat_ws(', ', latitude, longitude)",
     "(latitude IS NULL) <> (longitude IS NULL) OR latitude = 0 AND longitude = 0"), "both coordinates or neither, and not 0, 0"),
    ("companies", "parent", _where("draft_companies", "parent", "parent = slug"), "another company"),
    ("deal_parties", "share", above_one("payers"), "shares of the deal's payers that add up to at most 1"),
    ("deal_parties", "share", above_one("payees"), "shares of the deal's payees that add up to at most 1"),
)  # fmt: skip
