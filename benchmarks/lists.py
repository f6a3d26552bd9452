"""What finding costs: ``python -m benchmarks.lists`` against the database in use (a made-up million: benchmarks.generate).

Every figure is a median of the same run, in milliseconds of server time (Django's test client, no network): plain
psycopg for the rows of a page; ours for the same rows, fetched and drawn; plain psycopg for count, sums and facets;
our whole page with those in memory, and once when they are not. Then the export of every deal as CSV beside COPY, with
what it adds to the memory of the process.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import QueryDict
from django.template import engines
from django.test import Client

from investments.exports import rows as export
from investments.ledger.selection import containers_in_force
from investments.resources.deals import DEALS
from investments.views.listing import Pages

RUNS = 15
LISTED = "is_public AND status <> 'rumoured'"
ORDER = "ORDER BY first_announced DESC NULLS LAST, id DESC"
FOUND = "tracker_query('nuclear campus')"
# Name, query of the page, and in plain SQL what a row must be for each filter.
CASES: tuple[tuple[str, str, dict[str, str], int], ...] = (
    ("first page", "", {}, 0),
    ("kind, years, minimum", "kind=equity&after=2023&before=2024&min=1bn",
     {"kind": "kind = 'equity'", "year": "first_announced BETWEEN '2023-01-01' AND '2024-12-31'", "amount": "headline_usd >= 1e9"}, 0),
    ("two words, kind", "q=nuclear+campus&kind=debt",
     {"kind": "kind = 'debt'", "words": f"id IN (SELECT deal_id FROM investments_dealdocument WHERE search @@ {FOUND})"}, 0),
    ("page 1,000", "page=1000", {}, 49_950),
)  # fmt: skip
# The filter that a facet sets aside, its own, and its counts.
OWN_FACETS = (
    ("kind", "SELECT kind, count(*) FROM d GROUP BY 1"),
    ("year", "SELECT extract(year FROM first_announced), count(*) FROM d GROUP BY 1"),
    ("amount", "SELECT width_bucket(headline_usd, ARRAY[1e8, 1e9, 1e10, 1e11]), count(*) FROM d GROUP BY 1"),
)
FACETS = (
    "SELECT layer, count(*) FROM d GROUP BY 1", "SELECT status, count(*) FROM d GROUP BY 1",
    "SELECT p.role, count(DISTINCT d.id) FROM d JOIN investments_dealparty p ON p.deal_id = d.id GROUP BY 1",
    """SELECT c.slug, count(DISTINCT d.id) FROM d JOIN investments_dealparty p ON p.deal_id = d.id
       JOIN investments_company c ON c.id = p.company_id GROUP BY 1 ORDER BY 2 DESC LIMIT 10""",
    """SELECT c.country, count(DISTINCT d.id) FROM d JOIN investments_dealparty p ON p.deal_id = d.id
       JOIN investments_company c ON c.id = p.company_id GROUP BY 1 ORDER BY 2 DESC LIMIT 10""",
    """SELECT s.slug, count(DISTINCT d.id) FROM d JOIN investments_deal_projects l ON l.deal_id = d.id
       JOIN investments_datacenterproject s ON s.id = l.datacenterproject_id GROUP BY 1 ORDER BY 2 DESC LIMIT 10""",
    """SELECT count(*), count(headline_usd), count(*) FILTER (WHERE has_conflict),
              count(*) FILTER (WHERE window_start IS NOT NULL AND window_end IS NOT NULL),
              count(*) FILTER (WHERE EXISTS (SELECT FROM investments_deal_projects l WHERE l.deal_id = d.id)),
              count(*) FILTER (WHERE EXISTS (SELECT FROM investments_announcement a JOIN investments_announcementsource s
                                             ON s.announcement_id = a.id WHERE a.deal_id = d.id)) FROM d""",
)  # fmt: skip
# What net counting adds, and what it leaves out because another of the deals contains it: by layer, both measures.
SUMS = """
    SELECT d.layer, held.back, count(DISTINCT d.id), sum(e.high_usd), sum(e.low_usd)
    FROM d JOIN investments_ledgerentry e ON e.deal_id = d.id,
         LATERAL (SELECT EXISTS (SELECT FROM investments_dealcontainment c JOIN d x ON x.id = c.container_id
                                 WHERE c.deal_id = d.id AND x.has_money) AS back) held GROUP BY 1, 2"""
DRAW = "{% load cells %}{% for row in rows %}<tr>{% cells row %}</tr>{% endfor %}"
ROWS = engines["django"].from_string(DRAW)  # compiled once, as the loader keeps a page's templates


def median(job: Callable[[], Any], runs: int = RUNS) -> float:
    """Return the median milliseconds of a job, after one run to warm up."""
    job()
    times = []
    for _run in range(runs):
        began = time.perf_counter()
        job()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def plain(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def rows_of_page(query: str) -> str:
    """Fetch and draw the rows of a page, as the list does."""
    filters = DEALS.filter(QueryDict(query))
    page = Pages(DEALS, filters.rows, DEALS.default_sort, 50, by_index=not filters.cleaned.get("q")).get_page(
        filters.cleaned.get("page") or 1
    )
    rows = list(page.object_list)
    covering = containers_in_force(filters.selection(), [row.pk for row in rows])
    return ROWS.render({"rows": rows, "columns": DEALS.usual, "covering": covering})


def selected(conditions: dict[str, str], aside: str = "") -> str:
    """Return what a row must be for all filters, or for all but one."""
    return " AND ".join([LISTED, *(one for name, one in conditions.items() if name != aside)])


def measured(client: Client, query: str, conditions: dict[str, str], offset: int) -> tuple[float, ...]:
    """Return the milliseconds of a case: plain rows, ours, the difference, plain sums, our page, and not yet known."""
    sql = f"SELECT * FROM investments_deal WHERE {selected(conditions)} {ORDER} LIMIT 50 OFFSET {offset}"
    raw, ours = median(lambda: plain(sql)), median(lambda: rows_of_page(query))
    wanted = [*OWN_FACETS, *(("", one) for one in (*FACETS, SUMS))]
    table = "WITH d AS MATERIALIZED (SELECT * FROM investments_deal WHERE {}) {}"
    sums = median(lambda: [plain(table.format(selected(conditions, own), one)) for own, one in wanted], 1)
    caches["answers"].clear()
    began = time.perf_counter()
    client.get(f"/deals/?{query}")
    cold = (time.perf_counter() - began) * 1000
    return raw, ours, ours - raw, sums, median(lambda: client.get(f"/deals/?{query}")), cold


def main() -> None:
    """Run every case and print its medians."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    print(f"{plain('SELECT count(*) FROM investments_deal')[0][0]:,} deals; milliseconds, median of {RUNS}")
    head = ("case", "plain rows", "our rows", "more", "plain sums", "our page", "not yet known")
    print("{:22}{:>12}{:>10}{:>8}{:>12}{:>10}{:>15}".format(*head))
    for name, query, conditions, offset in CASES:
        figures = measured(client, query, conditions, offset)
        print("{:22}{:12.1f}{:10.1f}{:8.1f}{:12.1f}{:10.1f}{:15.1f}".format(name, *figures))
    one = "SELECT * FROM investments_deal WHERE is_public AND status <> 'rumoured' AND kind = 'equity'"
    raw = median(lambda: plain(f"{one} {ORDER} LIMIT 50"))
    known = median(lambda: client.get("/api/v1/deals/?kind=equity"))

    def anew() -> None:
        caches["bodies"].clear()
        client.get("/api/v1/deals/?kind=equity")

    print(f"{'API, kind':22}{raw:12.1f}{known:10.1f}{known - raw:8.1f}; not yet known {median(anew):.1f}")
    # In a process of its own: what the pages above took would hide what the export takes.
    subprocess.run([sys.executable, "-m", "benchmarks.lists", "csv"], check=True)


def export_csv() -> None:
    """Write every deal as CSV to nowhere, by COPY of the same columns and by the export."""
    filters = DEALS.filter(QueryDict(""))
    rows = DEALS.values(filters, filters.rows.order_by())
    sql, params = rows.query.sql_with_params()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with connection.cursor() as cursor:
        began = time.perf_counter()
        size = 0
        with cursor.copy(connection.ops.compose_sql(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", params)) as copy:  # type: ignore[attr-defined]
            for piece in copy:
                size += len(piece)
        copied = time.perf_counter() - began
    began = time.perf_counter()
    exported = sum(len(piece) for piece in export.csv_pieces(DEALS, filters))
    took = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"CSV of every deal: COPY {copied:.1f} s ({size / 1e6:.0f} MB), export {took:.1f} s ({exported / 1e6:.0f} MB), "
          f"speed {exported / took / (size / copied):.2f} of COPY, memory +{grown:.0f} MB")  # fmt: skip


if __name__ == "__main__":
    export_csv() if sys.argv[1:] == ["csv"] else main()
