"""A made-up dataset package of any size: ``python -m benchmarks.generate DIR [announcements]``. Seeded: the same every time."""

import csv
import random
import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from investments.choices import DealKind, DealStage

FIRST = date(2019, 1, 1)
DAYS = 2500
COMPANIES = 5000
WORDS = (
    "campus cluster cloud power nuclear solar turbine chips lease bond fund gateway harbour ridge valley delta".split()
)


def rows_of_companies() -> Iterator[list[str]]:
    for number in range(COMPANIES):
        yield [
            f"company-{number}",
            f"Company {number}",
            "investor" if number % 3 else "ai_lab",
            ("US", "FR", "JP", "")[number % 4],
        ]


def rows_of_deals(count: int, chance: random.Random) -> Iterator[list[str]]:
    kinds, stages = DealKind.values, DealStage.values
    for number in range(count):
        title = f"{chance.choice(WORDS).title()} {chance.choice(WORDS)} {number}"
        container = f"deal-{number // 20}" if number % 20 == 7 else ""
        yield [f"deal-{number}", title, chance.choice(kinds), chance.choice(stages), "2024", "2027", container]


def rows_of_parties(count: int, chance: random.Random) -> Iterator[list[str]]:
    for number in range(count):
        payer, payee = chance.sample(range(COMPANIES), 2)
        yield [f"deal-{number}", f"company-{payer}", "investor", ""]
        yield [f"deal-{number}", f"company-{payee}", "recipient", ""]


def rows_of_announcements(deals: int, count: int, chance: random.Random) -> Iterator[list[str]]:
    """Yield each deal's first announcement, then later ones of deals drawn by chance."""
    for number in range(count):
        deal = number if number < deals else chance.randrange(deals)
        event = (
            "announced"
            if number < deals
            else chance.choice(["increased", "reduced", "confirmed", "delivered", "delayed"])
        )
        amount = str(chance.randint(1, 9000) * 10**6)
        currency = "EUR" if number % 10 == 3 else "USD"
        day = FIRST + timedelta(days=chance.randrange(DAYS))
        yield [
            f"a-{number}",
            f"deal-{deal}",
            day.isoformat(),
            event,
            amount,
            amount,
            currency,
            "exact",
            "total",
            f"{event} {number}",
        ]


def write(path: Path, header: str, rows: Iterable[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(header.split())
        writer.writerows(rows)


def generate(folder: Path, announcements: int) -> None:
    """Write the package: seven deals to ten announcements, two parties to a deal."""
    folder.mkdir(parents=True, exist_ok=True)
    deals = max(1, announcements * 7 // 10)
    write(folder / "companies.csv", "slug name kind country", rows_of_companies())
    write(
        folder / "deals.csv",
        "slug title kind stage window_start window_end part_of",
        rows_of_deals(deals, random.Random(1)),
    )
    write(folder / "deal_parties.csv", "deal company role share", rows_of_parties(deals, random.Random(2)))
    write(
        folder / "announcements.csv",
        "key deal date event amount_low amount_high currency basis per headline",
        rows_of_announcements(deals, announcements, random.Random(3)),
    )


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
