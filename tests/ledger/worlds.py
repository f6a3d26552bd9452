"""Random worlds of deals, events, currencies and shares; random readings of them; and how both reach the app."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from investments.models import (
    Announcement,
    Company,
    DataCenterProject,
    DealParty,
    ExchangeRate,
    Milestone,
    ProjectParty,
)
from investments.models import Deal as StoredDeal
from tests import reference
from tests.reference import LAYERS, PAYEES, PAYERS, Deal, Party, Reading, Said, World

COMPANIES = {"alfa": "US", "bravo": "FR", "charlie": "", "delta": "US"}
DAYS = [date(2024, 1, 10), date(2024, 2, 29), date(2024, 3, 31), date(2024, 6, 3), date(2024, 12, 31), date(2025, 1, 1),
        date(2025, 1, 8), date(2025, 5, 5), date(2025, 7, 1)]  # fmt: skip
# Currencies without a reference rate, so that every rate is the test's own.
RATES = {
    "XOF": {day: Decimal(600 + 7 * n) / 3 for n, day in enumerate(DAYS)},
    "NGN": {day: Decimal(1500 - 11 * n) for n, day in enumerate(DAYS)},
}


def some(chance: Random, values: Iterable[str], least: int, most: int) -> list[str]:
    return chance.sample(sorted(values), chance.randint(least, most))


def an_amount(chance: Random) -> Decimal | None:
    return chance.choice([
        None, Decimal(0), Decimal(chance.randrange(10**13)) / 100, Decimal(chance.randrange(900)) * 10**9,
        Decimal(chance.randrange(900)) * 10**9,
    ])  # fmt: skip


def a_statement(chance: Random, key: str) -> Said:
    low, high = an_amount(chance), an_amount(chance)
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    events = [
        *reference.MOVING,
        "announced",
        "cancelled",
        "reported",
        "reported",
        "delayed",
        "disputed",
        "delivered",
        "delivered",
    ]
    return Said(
        key=key, day=chance.choice(DAYS), event=chance.choice(events), low=low, high=high,
        currency=chance.choice(["USD", "USD", "XOF", "NGN"]), basis=chance.choice(["exact", "about", "up_to", "at_least"]),
        review=chance.choice(["published", "published", "published", "published", "draft", "withdrawn"]),
    )  # fmt: skip


def parties(chance: Random) -> list[Party]:
    made = []
    for roles in (PAYERS, PAYEES, ("partner",)):
        # Few companies, so that one may have two roles of a side.
        pairs = [(company, role) for company in some(chance, COMPANIES, 0, 3) for role in some(chance, roles, 1, 1)]
        pairs += [(company, chance.choice(roles)) for company, _role in pairs[:1]]
        left = Decimal(1)
        for company, role in dict.fromkeys(pairs):
            share = chance.choice([None, None, Decimal("0.1"), Decimal("0.3"), Decimal("0.33333333"), Decimal(1)])
            if share is not None and share > left:
                share = None
            left -= share or 0
            made.append(Party(company, role, share))
    return made


def a_world(chance: Random) -> World:
    deals: dict[str, Deal] = {}
    for number in range(chance.randint(1, 7)):
        slug = f"deal-{number}"
        start = date(2024, 1, 1) + timedelta(days=chance.randrange(547)) if chance.random() < 0.6 else None
        deals[slug] = Deal(
            slug=slug,
            kind=chance.choice(sorted(LAYERS)),
            stage=chance.choice(["announced", "signed", "completed"]),
            part_of=chance.choice([None, None, *deals]),
            start=start,
            end=start + timedelta(days=chance.choice([0, chance.randrange(500)])) if start else None,
            parties=parties(chance),
            said=[a_statement(chance, f"{slug}-{n}") for n in range(chance.choice([0, 1, 2, 2, 3, 4]))],
        )
    return World(deals, COMPANIES, RATES)


def a_day(chance: Random) -> date:
    return date(2024, 1, 1) + timedelta(days=chance.randrange(580))


SEGMENTS = {
    "payer": [*COMPANIES, "unknown"], "payee": [*COMPANIES, "unknown"], "country": ["US", "FR", "unknown"], "kind": [*LAYERS],
    "layer": ["build", "contract", "financing"], "status": ["announced", "signed", "cancelled", "rumoured"],
}  # fmt: skip


def segments(chance: Random) -> list[tuple[str, tuple[str, ...], bool]]:
    """Return up to three segments, each of some values, or of all but those."""
    named = (chance.choice(["payer", "payee", *SEGMENTS]) for _number in range(chance.randint(1, 3)))
    return [(name, tuple(some(chance, SEGMENTS[name], 1, 3)), chance.random() < 0.6) for name in named]


# What a reader can ask of deals. More than three at once leave few of them.
FILTERS: dict[str, Callable[[Random], Any]] = {
    "kinds": lambda chance: some(chance, LAYERS, 4, 8),
    "layers": lambda chance: some(chance, SEGMENTS["layer"], 1, 2),
    "statuses": lambda chance: some(chance, SEGMENTS["status"], 1, 3),
    "companies": lambda chance: some(chance, COMPANIES, 1, 2),
    "payers": lambda chance: some(chance, COMPANIES, 1, 2),
    "payees": lambda chance: some(chance, COMPANIES, 1, 2),
    "roles": lambda chance: some(chance, [*PAYERS, *PAYEES], 1, 4),
    "countries": lambda chance: chance.choice([["US"], ["FR", "DE"]]),
    "events": lambda chance: some(chance, reference.MOVING, 1, 3),
    "smallest": lambda chance: Decimal(10**9),
    "largest": lambda chance: Decimal(5 * 10**11),
    "slices": segments,
}
# Of these more depends on each other than on the rest: days and events cut sums, and not what covers what.
CUTS: dict[str, Callable[[Random], Any]] = {"after": a_day, "before": a_day, "events": FILTERS["events"]}


def a_reading(chance: Random) -> Reading:
    """Return a reading of few filters, so that deals are left, and of any way to tell their money."""
    asked = {name: FILTERS[name](chance) for name in chance.sample([*FILTERS], chance.choice([0, 0, 1, 1, 2, 3]))}
    asked |= {name: draw(chance) for name, draw in CUTS.items() if chance.random() < 0.25}
    return Reading(
        **asked,
        rumoured=chance.random() < 0.4, count=chance.choice(["net", "net", "gross", "leaves"]),
        measure=chance.choice(["headline", "floor"]), currency=chance.choice(["USD", "USD", "XOF"]),
        view=chance.choice(["announced", "announced", "planned"]), by=chance.choice(["month", "quarter", "year"]),
        split=chance.choice(["none", "layer", "kind", "payer", "payee", "country", "status"]),
    )  # fmt: skip


def unfiltered(chance: Random) -> Reading:
    """Return what a reader gets who filters nothing: answered from the rollup wherever it can be."""
    return Reading(
        count=chance.choice(["net", "gross", "leaves"]), measure=chance.choice(["headline", "floor"]),
        by=chance.choice(["month", "quarter", "year"]), split=chance.choice(["none", "layer", "kind", "status", "payer"]),
    )  # fmt: skip


def a_change(chance: Random) -> tuple[str, str]:
    return chance.choice([
        ("kind", chance.choice(sorted(LAYERS))), ("stage", chance.choice(["announced", "signed", "completed"])),
        ("withdrawn", ""), ("apart", ""),
    ])  # fmt: skip


def move(world: World, slug: str, what: str, value: str) -> None:
    """Change a deal of the world, in the database and in the reference alike."""
    deal, stored = world.deals[slug], StoredDeal.objects.filter(slug=slug)
    if what == "withdrawn":
        Announcement.objects.filter(deal__slug=slug).update(review="withdrawn")
        deal.said = [replace(said, review="withdrawn") for said in deal.said]
    elif what == "apart":
        stored.update(part_of=None)
        deal.part_of = None
    else:
        stored.update(**{what: value})
        setattr(deal, what, value)


def store(world: World) -> None:
    """Write a world by bulk writes, in an order of its own."""
    company = {c.slug: c for c in Company.objects.all()}
    deals: dict[str, StoredDeal] = {}
    for deal in world.deals.values():
        deals[deal.slug] = StoredDeal.objects.create(
            slug=deal.slug, title=deal.slug, kind=deal.kind, stage=deal.stage, window_start=deal.start, window_end=deal.end,
            part_of=deals.get(deal.part_of or ""),
        )  # fmt: skip
    Announcement.objects.bulk_create(
        Announcement(
            key=s.key, deal=deals[deal.slug], date=s.day, event=s.event, amount_low=s.low, amount_high=s.high, currency=s.currency,
            basis=s.basis, review=s.review, headline=s.key,
        )
        for deal in world.deals.values() for s in deal.said
    )  # fmt: skip
    DealParty.objects.bulk_create(
        DealParty(deal=deals[deal.slug], company=company[p.company], role=p.role, share=p.share)
        for deal in world.deals.values() for p in deal.parties
    )  # fmt: skip


def query(reading: Reading) -> dict[str, Any]:
    """Return the query string that asks for a reading."""
    asked: dict[str, Any] = {
        "kind": reading.kinds, "layer": reading.layers, "status": reading.statuses, "company": reading.companies,
        "role": reading.roles, "payer": reading.payers, "payee": reading.payees, "country": reading.countries,
        "event": reading.events, "min": reading.smallest, "max": reading.largest, "count": reading.count,
        "include": "rumoured" if reading.rumoured else None, "measure": reading.measure, "currency": reading.currency,
        "view": reading.view, "by": reading.by, "split": reading.split, "after": reading.after, "before": reading.before,
        "slice": [f"{name}:{'-' if without else ''}{';'.join(values)}" for name, values, without in reading.slices],
        "top": 20,
    }  # fmt: skip
    return {name: value for name, value in asked.items() if value not in (None, [])}


def settle() -> dict[str, dict[date, Decimal]]:
    """Write what all worlds share, companies and rates; return the rates as they are stored."""
    Company.objects.bulk_create(Company(slug=slug, name=slug, country=country) for slug, country in COMPANIES.items())
    # A site makes every company public, so that any may be asked for whatever its deals are.
    site = DataCenterProject.objects.create(slug="campus", name="campus")
    Milestone.objects.create(project=site, date=DAYS[0], kind="announced", review="published")
    ProjectParty.objects.bulk_create(
        ProjectParty(project=site, company=company, role="operator") for company in Company.objects.all()
    )
    ExchangeRate.objects.bulk_create(
        ExchangeRate(currency=currency, date=day, rate=rate)
        for currency, days in RATES.items()
        for day, rate in days.items()
    )
    return {c: {r.date: r.rate for r in ExchangeRate.objects.filter(currency=c)} for c in RATES}


def chances(chunk: int, worlds: int) -> Iterator[tuple[str, Random]]:
    """Yield a name for each random world and what decides it; other worlds with another TRACKER_TEST_SEED."""
    for number in range(worlds):
        name = f"{os.environ.get('TRACKER_TEST_SEED', '0')}/{chunk}/{number}"
        yield name, Random(name)
