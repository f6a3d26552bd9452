"""The statements that take a package's rows into the database: one to add and change, one to remove, per table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from investments.dataset.format import BY_NAME, Cell, File

# Lists of keys that stand in one cell and are kept in a table of their own:
# file and cell -> table, column of the row, column of the thing listed, column of the position
LINKS: dict[tuple[str, str], tuple[str, str, str, str | None]] = {
    ("deals", "projects"): ("investments_deal_projects", "deal_id", "datacenterproject_id", None),
    ("announcements", "sources"): ("investments_announcementsource", "announcement_id", "source_id", "position"),
    ("forecasts", "disputes"): ("investments_forecast_disputes", "from_forecast_id", "to_forecast_id", None),
}


# Rows written to a table from which on its statistics are made anew at once.
PLANNED_ANEW = 500


@dataclass(frozen=True)
class Counts:
    """What a load did to the rows of one file."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def without(self, removed: int) -> "Counts":
        return replace(self, removed=self.removed + removed)


def write(cursor: Any, file: File) -> Counts:
    """Add the rows of a file that are new and change those that differ; return how many."""
    cursor.execute(f"DROP TABLE IF EXISTS touched_{file.name}")
    cursor.execute(f"CREATE TEMP TABLE touched_{file.name} (id bigint, added boolean) ON COMMIT DROP")
    cursor.execute(_upsert(file))
    for cell in file.cells:
        if cell.refers == file.name and not cell.many:
            cursor.execute(_link_to_self(file, cell))
        if cell.many:
            for statement in _relink(file, cell):
                cursor.execute(statement)
    cursor.execute(
        f"SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added), (SELECT count(*) FROM {file.draft}) "
        f"FROM (SELECT id, bool_or(added) AS added FROM touched_{file.name} GROUP BY id) x"
    )
    added, changed, total = cursor.fetchone()
    if added + changed > PLANNED_ANEW:
        # The files that follow look their references up here: by the index, once the planner knows the size.
        cursor.execute(f"ANALYZE {file.table}")
    return Counts(added, changed, total - added - changed)


def _columns(file: File) -> list[tuple[str, str]]:
    """Return the table's columns that a file fills, each with the expression that fills it from the draft ``d``."""
    made: list[tuple[str, str]] = []
    for cell in file.cells:
        column = cell.columns[0][0]
        if cell.many or cell.refers == file.name:
            continue
        if cell.refers:
            target = BY_NAME[cell.refers]
            made.append((f"{column}_id", f"(SELECT t.id FROM {target.table} t WHERE t.{target.key[0]} = d.{column})"))
        elif (file.name, column) in SPECIAL:
            made += SPECIAL[file.name, column]
        else:
            made += [(name, f"d.{name}") for name, kind in cell.columns]
    return made


_HAS_AMOUNT = "(d.amount_low IS NOT NULL OR d.amount_high IS NOT NULL)"
# Columns that more than their own cell decides.
SPECIAL: dict[tuple[str, str], list[tuple[str, str]]] = {
    # An amount whose basis nobody stated is taken as exact, and as a total.
    ("announcements", "basis"): [("basis", f"CASE WHEN d.basis = '' AND {_HAS_AMOUNT} THEN 'exact' ELSE d.basis END")],
    ("announcements", "per"): [("per", f"CASE WHEN d.per = '' AND {_HAS_AMOUNT} THEN 'total' ELSE d.per END")],
    # A forecaster is a company of the tracker, or else any other body by its name.
    ("forecasts", "forecaster"): [
        ("forecaster_id", "(SELECT c.id FROM investments_company c WHERE c.slug = d.forecaster)"),
        ("forecaster_name", "CASE WHEN EXISTS (SELECT FROM investments_company c WHERE c.slug = d.forecaster)"
                            " THEN '' ELSE d.forecaster END"),
    ],
}  # fmt: skip


def _key_columns(file: File) -> list[str]:
    names: list[str] = []
    for key in file.key:
        cell = file.cell(key)
        names += [f"{cell.columns[0][0]}_id"] if cell.refers else [name for name, kind in cell.columns]
    return names


def _upsert(file: File) -> str:
    columns = _columns(file)
    names = [name for name, expression in columns]
    rest = [name for name in names if name not in _key_columns(file)]
    changes = ", ".join(f"{name} = excluded.{name}" for name in rest)
    stored, offered = (", ".join(f"{row}.{name}" for name in rest) for row in ("x", "excluded"))
    conflict = f"DO UPDATE SET {changes} WHERE ({stored}) IS DISTINCT FROM ({offered})" if rest else "DO NOTHING"
    return f"""
        WITH done AS (
            INSERT INTO {file.table} AS x ({", ".join(names)})
            SELECT {", ".join(expression for name, expression in columns)} FROM {file.draft} d ORDER BY d.line
            ON CONFLICT ({", ".join(_key_columns(file))}) {conflict}
            RETURNING x.id, x.xmax = 0 AS added
        )
        INSERT INTO touched_{file.name} SELECT id, added FROM done"""


def _link_to_self(file: File, cell: Cell) -> str:
    """Return the statement that sets a reference to another row of the same table, once all rows are there."""
    column, key = f"{cell.columns[0][0]}_id", file.key[0]
    return f"""
        WITH done AS (
            UPDATE {file.table} x SET {column} = t.id
            FROM {file.draft} d LEFT JOIN {file.table} t ON t.{key} = d.{cell.columns[0][0]}
            WHERE x.{key} = d.{key} AND x.{column} IS DISTINCT FROM t.id
            RETURNING x.id
        )
        INSERT INTO touched_{file.name} SELECT id, false FROM done"""


def _relink(file: File, cell: Cell) -> list[str]:
    """Return the statements that make a row's links those of its cell, in its order where order counts."""
    table, own, other, position = LINKS[file.name, cell.name]
    target = BY_NAME[str(cell.refers)]
    wanted = f"""
        SELECT x.id AS own, t.id AS other, l.place - 1 AS position
        FROM {file.draft} d JOIN {file.table} x ON x.{file.key[0]} = d.{file.key[0]},
             unnest(d.{cell.columns[0][0]}) WITH ORDINALITY AS l (key, place)
        JOIN {target.table} t ON t.{target.key[0]} = l.key"""
    draft = f"links_{file.name}_{cell.name}"
    more, place = (f", {position}", ", position") if position else ("", "")
    conflict = (
        f"DO UPDATE SET {position} = excluded.{position} WHERE y.{position} <> excluded.{position}"
        if position
        else "DO NOTHING"
    )
    return [
        f"DROP TABLE IF EXISTS {draft}",
        f"CREATE TEMP TABLE {draft} ON COMMIT DROP AS {wanted}",
        f"CREATE INDEX ON {draft} (own, other)",
        f"ANALYZE {draft}",
        f"""
        WITH gone AS (
            DELETE FROM {table} y USING {file.table} x, {file.draft} d
            WHERE x.{file.key[0]} = d.{file.key[0]} AND y.{own} = x.id
              AND NOT EXISTS (SELECT FROM {draft} w WHERE w.own = y.{own} AND w.other = y.{other})
            RETURNING y.{own} AS id
        )
        INSERT INTO touched_{file.name} SELECT id, false FROM gone""",
        f"""
        WITH made AS (
            INSERT INTO {table} AS y ({own}, {other}{more}) SELECT own, other{place} FROM {draft} ORDER BY own, position
            ON CONFLICT ({own}, {other}) {conflict}
            RETURNING y.{own} AS id
        )
        INSERT INTO touched_{file.name} SELECT id, false FROM made""",
    ]


# Files whose rows nothing refers to and whose keys stand before anything is written: they are pruned first, so that the
# triggers on writing see no row that is about to go.
FIRST_TO_GO = (BY_NAME["announcements"], BY_NAME["deal_parties"])


def prune_files(cursor: Any, files: Iterable[File]) -> dict[str, int]:
    """Remove what the package does not name of files in the given order, dependants first; return how many rows per file."""
    removed = {}
    for file in files:
        # Only what may be empty is compared as such: a million rows are then told apart by their keys, not one by one.
        empty = {field.column for field in file.model._meta.concrete_fields if field.null}
        same = " AND ".join(
            f"x.{name} {'IS NOT DISTINCT FROM' if name in empty else '='} {expression}"
            for name, expression in _columns(file)
            if name in _key_columns(file)
        )
        condition = f"NOT EXISTS (SELECT FROM {file.draft} d WHERE {same})"
        if file.name == "exchange_rates":
            condition += " AND x.origin <> 'ecb'"
        cursor.execute(f"DROP TABLE IF EXISTS gone_{file.name}")
        cursor.execute(
            f"CREATE TEMP TABLE gone_{file.name} ON COMMIT DROP AS SELECT x.id FROM {file.table} x WHERE {condition}"
        )
        for statement in _loosen(file):
            cursor.execute(statement)
        cursor.execute(f"DELETE FROM {file.table} x USING gone_{file.name} g WHERE x.id = g.id")
        removed[file.name] = cursor.rowcount
    return removed


def _loosen(file: File) -> list[str]:
    """Return the statements that cut the ties to rows about to go."""
    gone = f"(SELECT id FROM gone_{file.name})"
    cuts = []
    if file.name == "companies":
        # A forecaster for whom the package has no company is a body by that name, as in an empty database.
        cuts.append(f"""
            UPDATE investments_forecast f SET forecaster_id = NULL, forecaster_name = c.slug
            FROM investments_company c WHERE c.id = f.forecaster_id AND c.id IN {gone}""")
    for (name, listed), (table, own, other, _position) in LINKS.items():
        if name == file.name:
            cuts.append(f"DELETE FROM {table} WHERE {own} IN {gone}")
        if BY_NAME[name].cell(listed).refers == file.name:
            cuts.append(f"DELETE FROM {table} WHERE {other} IN {gone}")
    for cell in file.cells:
        if cell.refers == file.name and not cell.many:
            column = f"{cell.columns[0][0]}_id"
            cuts.append(f"UPDATE {file.table} SET {column} = NULL WHERE {column} IN {gone}")
    return cuts
