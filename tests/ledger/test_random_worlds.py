"""The database against the slow reference, over random deals, events, currencies, shares, filters and readings."""

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from investments.ledger import keys
from investments.ledger.rebuild import rollup_holds
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
WORLDS_PER_CHUNK = 80
amounts = st.one_of(
    st.integers(0, 10**13).map(lambda n: Decimal(n) / 100),
    st.integers(0, 900).map(lambda n: Decimal(n) * 10**9),
    st.just(Decimal(0)),
)


@st.composite
def said(draw: Any, key: str) -> Said:
    low, high = draw(st.one_of(st.none(), amounts)), draw(st.one_of(st.none(), amounts))
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    return Said(
        key=key,
        day=draw(st.sampled_from(DAYS)),
        event=draw(st.sampled_from([*reference.MOVING, "cancelled", "reported", "reported", "delayed", "disputed", "delivered"])),
        low=low, high=high,
        currency=draw(st.sampled_from(["USD", "USD", "XOF", "NGN"])),
        basis=draw(st.sampled_from(["exact", "about", "up_to", "at_least"])),
        review=draw(st.sampled_from(["published", "published", "published", "draft", "withdrawn"])),
    )  # fmt: skip


@st.composite
def parties(draw: Any) -> list[Party]:
    made = []
    for roles in (PAYERS, PAYEES, ("partner",)):
        chosen = draw(
            st.lists(st.tuples(st.sampled_from(sorted(COMPANIES)), st.sampled_from(roles)), unique=True, max_size=3)
        )
        left = Decimal(1)
        for company, role in chosen:
            share = draw(
                st.one_of(
                    st.none(), st.sampled_from([Decimal("0.1"), Decimal("0.3"), Decimal("0.33333333"), Decimal(1)])
                )
            )
            if share is not None and share > left:
                share = None
            left -= share or 0
            made.append(Party(company, role, share))
    return made


@st.composite
def worlds(draw: Any) -> World:
    deals: dict[str, Deal] = {}
    for number in range(draw(st.integers(1, 6))):
        slug = f"deal-{number}"
        window = draw(
            st.one_of(st.none(), st.tuples(st.dates(date(2024, 1, 1), date(2025, 6, 30)), st.integers(0, 500)))
        )
        deals[slug] = Deal(
            slug=slug,
            kind=draw(st.sampled_from(sorted(LAYERS))),
            stage=draw(st.sampled_from(["announced", "signed"])),
            part_of=draw(st.one_of(st.none(), st.sampled_from(sorted(deals)))) if deals else None,
            start=window[0] if window else None,
            end=date.fromordinal(window[0].toordinal() + window[1]) if window else None,
            parties=draw(parties()),
            said=[draw(said(f"{slug}-{n}")) for n in range(draw(st.integers(0, 4)))],
        )
    return World(deals, COMPANIES, RATES)


companies = st.lists(st.sampled_from(sorted(COMPANIES)), max_size=2, unique=True)
readings = st.builds(
    Reading,
    kinds=st.one_of(st.just([]), st.lists(st.sampled_from(sorted(LAYERS)), min_size=3, max_size=8, unique=True)),
    layers=st.one_of(st.just([]), st.lists(st.sampled_from(["build", "contract", "financing"]), max_size=2, unique=True)),
    statuses=st.one_of(st.just([]), st.lists(st.sampled_from(["announced", "signed", "cancelled", "rumoured"]), min_size=1, unique=True)),
    companies=companies, payers=companies, payees=companies,
    roles=st.one_of(st.just([]), st.lists(st.sampled_from([*PAYERS, *PAYEES]), min_size=1, max_size=4, unique=True)),
    countries=st.one_of(st.just([]), st.just(["US"]), st.just(["FR", "DE"])),
    events=st.one_of(st.just([]), st.lists(st.sampled_from(reference.MOVING), min_size=1, max_size=2, unique=True)),
    smallest=st.one_of(st.none(), st.just(Decimal(10**9))), largest=st.one_of(st.none(), st.just(Decimal(5 * 10**11))),
    rumoured=st.booleans(), count=st.sampled_from(["net", "net", "gross", "leaves"]),
    measure=st.sampled_from(["headline", "floor"]), currency=st.sampled_from(["USD", "USD", "XOF"]),
    view=st.sampled_from(["announced", "announced", "planned"]), by=st.sampled_from(["month", "quarter", "year"]),
    split=st.sampled_from(["none", "layer", "kind", "payer", "payee", "country", "status"]),
    after=st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2025, 8, 1))),
    before=st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2025, 8, 1))),
    slice=st.one_of(
        st.none(), st.none(),
        st.tuples(st.sampled_from(["payer", "payee"]), st.sampled_from([*COMPANIES, "unknown"])),
        st.tuples(st.just("country"), st.sampled_from(["US", "unknown"])),
        st.tuples(st.just("kind"), st.sampled_from(sorted(LAYERS))),
    ),
)  # fmt: skip

# What a reader gets who filters nothing: answered from the rollup wherever it can be.
unfiltered = st.builds(
    Reading,
    count=st.sampled_from(["net", "gross", "leaves"]), measure=st.sampled_from(["headline", "floor"]),
    by=st.sampled_from(["month", "quarter", "year"]), split=st.sampled_from(["none", "layer", "kind", "status", "payer"]),
)  # fmt: skip

changes = st.one_of(
    st.tuples(st.just("kind"), st.integers(0, 5), st.sampled_from(sorted(LAYERS))),
    st.tuples(st.just("stage"), st.integers(0, 5), st.sampled_from(["announced", "signed", "completed"])),
    st.tuples(st.sampled_from(["withdrawn", "apart"]), st.integers(0, 5), st.just("")),
)


def move(world: World, what: str, number: int, value: str) -> None:
    """Change a deal of the world, in the database and in the reference alike; nothing where there is none."""
    slug = f"deal-{number}"
    if slug not in world.deals:
        return
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
        "slice": ":".join(reading.slice) if reading.slice else None, "top": 20,
    }  # fmt: skip
    return {name: value for name, value in asked.items() if value not in (None, [])}


def compare(client: Client, world: World, reading: Reading) -> None:
    """Assert that the chart's data is what the reference says."""
    answer = client.get("/charts/spending.json", query(reading))
    assert answer.status_code == 200, answer.content
    data = answer.json()
    wanted = reference.spending(world, reading)
    assert {(row["period"], row["segment"]): Decimal(row["amount"]) for row in data["series"]} == wanted
    assert Decimal(data["total"]) == sum(wanted.values(), Decimal(0))


@pytest.mark.django_db
@pytest.mark.parametrize("chunk", range(4))
def test_the_database_agrees_with_the_reference(chunk: int, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    if chunk % 2:
        # As where a query selects more deals than are named by their keys.
        monkeypatch.setattr(keys, "FEW", 0)
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
    rates = {c: {r.date: r.rate for r in ExchangeRate.objects.filter(currency=c)} for c in RATES}

    @seed(int(os.environ.get("TRACKER_TEST_SEED", "0")) * 4 + chunk)
    @settings(max_examples=WORLDS_PER_CHUNK, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(worlds(), st.lists(readings, min_size=2, max_size=4), unfiltered, st.lists(changes, max_size=3))
    def check(world: World, asked: list[Reading], plain: Reading, changed: list[tuple[str, int, str]]) -> None:
        world.rates = rates
        with transaction.atomic():
            store(world)
            for reading in [*asked, plain]:
                compare(client, world, reading)
            for change in changed:
                move(world, *change)
            compare(client, world, plain)
            assert rollup_holds()
            transaction.set_rollback(True)

    check()
