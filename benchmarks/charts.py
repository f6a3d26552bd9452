"""What a chart costs: ``python -m benchmarks.charts`` against the database in use (a made-up million: benchmarks.generate).

Announced spending by month and kind, of everything and of one company: plain psycopg grouping the same entries; our data
when nothing is remembered (memory emptied before each run), our data when it is, and a conditional request. Medians of
one run, in milliseconds of server time (Django's test client, no network).
"""

from django.conf import settings
from django.core.cache import caches
from django.test import Client

from benchmarks.lists import median, plain

GROUPED = """
    SELECT to_char(e.date, 'YYYY-MM'), d.kind, d.layer, sum(e.high_usd), sum(e.low_usd)
    FROM investments_ledgerentry e JOIN investments_deal d ON d.id = e.deal_id
    WHERE d.is_public AND d.status <> 'rumoured' AND {condition} GROUP BY 1, 2, 3"""
NOT_COVERED = """NOT EXISTS (
    SELECT FROM investments_dealcontainment c JOIN investments_deal x ON x.id = c.container_id
    WHERE c.deal_id = d.id AND x.is_public AND x.status <> 'rumoured' AND x.has_money)"""
OF_COMPANY = """d.id IN (SELECT p.deal_id FROM investments_dealparty p JOIN investments_company c ON c.id = p.company_id
                         WHERE c.slug = '{slug}')"""
BUSIEST = """
    SELECT c.slug, count(DISTINCT p.deal_id) FROM investments_company c JOIN investments_dealparty p ON p.company_id = c.id
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"""


def measured(client: Client, query: str, condition: str) -> tuple[float, ...]:
    """Return the milliseconds of plain SQL, of an answer not yet known, of a known one, and of a conditional request."""
    address = f"/charts/spending.json?by=month&split=kind{query}"

    def anew() -> None:
        caches["answers"].clear()
        caches["bodies"].clear()
        client.get(address)

    grouped = median(lambda: plain(GROUPED.format(condition=condition)), 5)
    unknown, known = median(anew, 5), median(lambda: client.get(address))
    tag = client.get(address).headers["ETag"]
    return grouped, unknown, known, median(lambda: client.get(address, headers={"If-None-Match": tag}))


def main() -> None:
    """Run both cases and print their medians."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    slug, holds = plain(BUSIEST)[0]
    entries = plain("SELECT count(*) FROM investments_ledgerentry")[0][0]
    print(f"{entries:,} announcements; {slug} takes part in {holds:,} deals; milliseconds")
    head = ("case", "plain group-by", "not yet known", "known", "304")
    print("{:16}{:>16}{:>15}{:>10}{:>8}".format(*head))
    for name, query, condition in (
        ("everything", "", NOT_COVERED),
        ("one company", f"&company={slug}", f"{OF_COMPANY.format(slug=slug)} AND {NOT_COVERED}"),
    ):
        print("{:16}{:16.1f}{:15.1f}{:10.1f}{:8.1f}".format(name, *measured(client, query, condition)))


if __name__ == "__main__":
    main()
