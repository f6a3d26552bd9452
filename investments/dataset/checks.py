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


def check(cursor: Any, problems: Problems, *, prune: bool) -> None:
    """Add to ``problems`` what is wrong between rows of the drafts, and between them and what stays stored.

    Where the load is to ``prune``, nothing stays that the package does not have.
    """
    round_shares(cursor, prune=prune)
    for file in FILES:
        _repeated(cursor, file, problems)
        for cell in file.cells:
            if cell.refers:
                _unknown(cursor, file, cell, problems, prune=prune)
    for name, column, query, expected in _rules(prune=prune):
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


def _unknown(cursor: Any, file: File, cell: Cell, problems: Problems, *, prune: bool) -> None:
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
          AND NOT EXISTS (SELECT FROM {target.draft} t WHERE t.{key} = wanted)"""
    places = target.path
    if not prune:
        query += f" AND NOT EXISTS (SELECT FROM {target.table} t WHERE t.{key} = wanted)"
        places += " or the database"
    for line, value in _found(cursor, query, problems):
        problems.add(file.path, line, cell.name, value, f"the {key} of a {NOUNS[target.name]} in {places}")


def _circles(name: str, column: str, *, prune: bool) -> str:
    """Return the query of the rows that lie above themselves, by a column that refers to its own file."""
    file = BY_NAME[name]
    stored = f"""
        UNION ALL
        SELECT x.slug, y.slug, NULL FROM {file.table} x LEFT JOIN {file.table} y ON y.id = x.{column}_id
        WHERE NOT EXISTS (SELECT FROM {file.draft} d WHERE d.slug = x.slug)"""
    return f"""
    WITH RECURSIVE links (slug, up, line) AS (
        SELECT slug, {column}, line FROM {file.draft}{"" if prune else stored}
    ), above (line, slug, container) AS (
        SELECT line, slug, up FROM links WHERE up IS NOT NULL AND line IS NOT NULL
        UNION ALL
        SELECT a.line, a.slug, l.up FROM above a JOIN links l ON l.slug = a.container
        WHERE l.up IS NOT NULL AND a.container <> a.slug
    ) CYCLE container SET looped USING path
    SELECT line, {column} FROM {file.draft} WHERE line IN (SELECT line FROM above WHERE container = slug)"""


def _rates(*, prune: bool) -> str:
    # A stored rate that the package does not have goes with a prune, but for the reference rates.
    stored = """EXISTS (SELECT FROM investments_exchangerate r WHERE r.currency = a.currency AND r.date <= a.date
                      AND r.origin = 'ecb' AND r.date >= a.date - 7)"""
    return f"""
    SELECT a.line, a.currency || ' on ' || a.date FROM draft_announcements a
    WHERE NOT a.bad AND a.currency NOT IN ('', 'USD') AND (a.amount_low IS NOT NULL OR a.amount_high IS NOT NULL)
      AND {f"NOT {stored}" if prune else "tracker_rate(a.currency, a.date) IS NULL"}
      AND NOT EXISTS (SELECT FROM draft_exchange_rates r WHERE r.currency = a.currency AND r.date <= a.date
                      AND (r.origin = 'peg' OR r.date >= a.date - 7))"""


_UNITS = " OR ".join(f"metric = '{metric.value}' AND unit = '{unit}'" for metric, unit in METRIC_UNITS.items())


def _where(draft: str, value: str, condition: str) -> str:
    return f"SELECT line, {value} FROM {draft} WHERE NOT bad AND ({condition})"


_AMOUNT = "(amount_low IS NOT NULL OR amount_high IS NOT NULL)"


def _rules(*, prune: bool) -> tuple[tuple[str, str, str, str], ...]:
    """Return the rules: file, column, query for line and value, what was expected."""
    return (
        ("announcements", "deal", _where("draft_announcements", "''", "deal IS NULL AND project IS NULL"), "a deal or a project"),
        ("announcements", "currency", _where("draft_announcements", "''", f"{_AMOUNT} AND currency = ''"),
         "the currency of the amount"),
        ("announcements", "amount_low", _where("draft_announcements", "amount_low", "amount_low > amount_high"),
         "at most amount_high"),
        ("announcements", "currency", _rates(prune=prune),
         "a currency with an exchange rate on that day or in the 7 days before; a manual rate can be added in exchange_rates.csv"),
        ("impacts", "value_low", _where("draft_impacts", "value_low", "value_low > value_high"), "at most value_high"),
        ("impacts", "value_low", _where("draft_impacts", "''", "value_low IS NULL AND value_high IS NULL"), "a low or a high value"),
        ("impacts", "unit", _where("draft_impacts", "unit", f"NOT ({_UNITS})"), "the unit in which the metric is kept"),
        ("forecasts", "amount_low", _where("draft_forecasts", "amount_low", "amount_low > amount_high"), "at most amount_high"),
        ("forecasts", "horizon_end", _where("draft_forecasts", "horizon_end", "horizon_end < horizon_start"),
         "a date on or after horizon_start"),
        ("deals", "window_end", _where("draft_deals", "window_end", "window_end < window_start"), "a date on or after window_start"),
        ("deals", "part_of", _circles("deals", "part_of", prune=prune), "a deal that does not lie inside this one"),
        ("projects", "latitude", _where("draft_projects", "concat_ws(', ', latitude, longitude)",
         "(latitude IS NULL) <> (longitude IS NULL) OR latitude = 0 AND longitude = 0"), "both coordinates or neither, and not 0, 0"),
        ("companies", "parent", _circles("companies", "parent", prune=prune), "another company, which does not lie under this one"),
        ("forecasts", "disputes", _where("draft_forecasts", "slug", "slug = ANY (disputes)"), "other forecasts"),
        ("deal_parties", "share", above_one("payers", prune=prune), "shares of the deal's payers that add up to at most 1"),
        ("deal_parties", "share", above_one("payees", prune=prune), "shares of the deal's payees that add up to at most 1"),
    )  # fmt: skip
