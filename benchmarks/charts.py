"""What a chart costs: ``python -m benchmarks.charts`` against the database in use (a made-up million: benchmarks.generate).

Announced spending by month and kind, of everything, of one company and of as many as a large one stands for: plain psycopg
grouping the same entries; our data when nothing is remembered (memory emptied before each run) and what of that is SQL;
our data when it is remembered, and a conditional request. Medians of one run, in milliseconds of server time (Django's test
client, no network).
"""

from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client

from benchmarks.lists import median, plain

# Companies that take part, together, in as many deals as one large company might.
MANY = 50
GROUPED = """
    SELECT to_char(e.date, 'YYYY-MM'), d.kind, d.layer, sum(e.high_usd), sum(e.low_usd)
    FROM investments_ledgerentry e JOIN investments_deal d ON d.id = e.deal_id
    WHERE d.is_public AND d.status <> 'rumoured' AND {condition} GROUP BY 1, 2, 3"""
NOT_COVERED = """NOT EXISTS (
    SELECT FROM investments_dealcontainment c JOIN investments_deal x ON x.id = c.container_id
    WHERE c.deal_id = d.id AND x.is_public AND x.status <> 'rumoured' AND x.has_money)"""
OF_COMPANY = """d.id IN (SELECT p.deal_id FROM investments_dealparty p JOIN investments_company c ON c.id = p.company_id
                         WHERE c.slug IN ({slugs}))"""
BUSIEST = """
    SELECT c.slug, count(DISTINCT p.deal_id) FROM investments_company c JOIN investments_dealparty p ON p.company_id = c.id
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {most}"""


def measured(client: Client, query: str, condition: str) -> tuple[float, ...]:
    """Return the milliseconds of plain SQL, of an answer not yet known and its SQL, of a known one, and of a 304."""
    address = f"/charts/spending.json?by=month&split=kind{query}"
    asked: list[float] = []

    def timed(execute: Any, *statement: Any) -> Any:
        start = perf_counter()
        try:
            return execute(*statement)
        finally:
            asked.append((perf_counter() - start) * 1000)

    def anew() -> None:
        caches["answers"].clear()
        caches["bodies"].clear()
        asked.clear()
        with connection.execute_wrapper(timed):
            client.get(address)

    grouped = median(lambda: plain(GROUPED.format(condition=condition)), 5)
    unknown, in_database = median(anew, 5), sum(asked)
    known = median(lambda: client.get(address))
    tag = client.get(address).headers["ETag"]
    return grouped, unknown, in_database, known, median(lambda: client.get(address, headers={"If-None-Match": tag}))


def main() -> None:
    """Run the cases and print their medians."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    busiest = plain(BUSIEST.format(most=MANY))
    slug, holds = busiest[0]
    entries = plain("SELECT count(*) FROM investments_ledgerentry")[0][0]
    print(f"{entries:,} announcements; {slug} takes part in {holds:,} deals; milliseconds")
    print(
        "{:16}{:>16}{:>15}{:>12}{:>10}{:>8}".format(
            "case", "plain group-by", "not yet known", "of it SQL", "known", "304"
        )
    )
    cases = [("everything", "", NOT_COVERED)]
    for name, slugs in (("one company", [slug]), (f"{MANY} companies", [slug for slug, _holds in busiest])):
        of = OF_COMPANY.format(slugs=", ".join(f"'{slug}'" for slug in slugs))
        cases.append((name, f"&company={','.join(slugs)}", f"{of} AND {NOT_COVERED}"))
    for name, query, condition in cases:
        print(
            "{:16}{:16.1f}{:15.1f}{:12.1f}{:10.1f}{:8.1f}".format(name, *measured(client, query, condition)), flush=True
        )


if __name__ == "__main__":
    main()
