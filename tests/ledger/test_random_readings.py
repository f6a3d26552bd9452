"""What stands beside a sum, over random worlds: what it is made of and leaves out, the rows of lists, flows and fates."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.utils.http import urlencode

from investments.ledger import keys, totals
from investments.resources.deals import DEALS, DealFilters
from investments.views.listing import foot
from tests import reference_sums as reference
from tests.ledger.worlds import a_reading, a_world, chances, query, settle, store, unfiltered
from tests.reference import Reading, World

WORLDS_PER_CHUNK = 25
# Parameters of charts that lists do not take.
CHART_ONLY = ("by", "split", "top")


def told(answer: dict[str, Any]) -> dict[str, tuple[int, Decimal]]:
    return {reason: (tally["deals"], Decimal(tally["amount"])) for reason, tally in answer["left_out"].items()}


def compare_chart(client: Client, world: World, reading: Reading) -> None:
    """Assert that what the chart's data says of its sum is what the reference says."""
    data = client.get("/charts/spending.json", query(reading)).json()
    assert {layer: Decimal(amount) for layer, amount in data["by_layer"].items()} == reference.by_layer(world, reading)
    assert (data["counted"]["deals"], data["counted"]["announcements"]) == reference.made_of(world, reading)
    assert told(data) == reference.left_out(world, reading)


def deals(reading: Reading, **more: Any) -> DealFilters:
    asked = {name: value for name, value in (query(reading) | more).items() if name not in CHART_ONLY}
    filters: Any = DEALS.filter(QueryDict(urlencode(asked, doseq=True)))
    assert not filters.problems
    return filters


def compare_list(world: World, reading: Reading) -> None:
    """Assert that the list of deals has the rows, the sum under them, and the money in each, that the reference says."""
    reading = replace(reading, of_deals=True)
    whole = replace(reading, view="announced", after=None, before=None, slices=[])
    filters = deals(reading)
    selection = filters.selection()
    shown = {deal.pk: deal.slug for deal in filters.rows}
    assert set(shown.values()) == reference.shown(world, reading)
    under = foot(selection)
    for measure, sums in (("headline", under.headline), ("floor", under.floor)):
        assert sums.by_layer == reference.by_layer(world, replace(reading, measure=measure)), measure
    assert (under.headline.counted.deals, under.headline.counted.announcements) == reference.made_of(
        world, replace(reading, measure="headline")
    )
    for found, told in ((totals.whole_totals(selection, shown), whole), (totals.parts_of(selection, shown), reading)):
        for key, slug in shown.items():
            assert found.get(key, (0, 0)) == tuple(
                reference.money(world, replace(told, measure=measure), [slug]) for measure in ("floor", "headline")
            )
    for reason, (number, amount) in reference.left_out(world, reading).items():
        tally = getattr(under.left_out, reason)
        assert (tally.deals, tally.amount) == (number, amount), reason
        if not number:
            continue
        # Where its link leads: rows that are as many, and the same sum under them.
        unspread: dict[str, Any] = {"view": "announced", "after": None, "before": None} if reason == "no_window" else {}
        rows = deals(replace(reading, **unspread), left_out=reason)
        beneath = foot(rows.selection(), rows.summed)
        assert len(rows.rows) == number, reason
        assert (beneath.headline if reading.measure == "headline" else beneath.floor).total == amount, reason


def compare_charts_of_deals(client: Client, world: World, reading: Reading) -> None:
    """Assert that flows and fates are what the reference says."""
    reading = replace(reading, view="announced", of_deals=True)
    asked = {name: value for name, value in query(reading).items() if name not in (*CHART_ONLY, "view")}
    data = client.get("/charts/flows.json", asked).json()
    assert {
        (row["payer"], row["payee"], row["kind"]): Decimal(row["amount"]) for row in data["links"]
    } == reference.flows(world, reading)
    assert told(data) == reference.left_out(world, reading)
    data = client.get("/charts/followthrough.json", asked).json()
    series = {(row["period"], row["segment"], row["layer"]): Decimal(row["amount"]) for row in data["series"]}
    assert series == reference.fates(world, reading)


@pytest.mark.django_db
@pytest.mark.parametrize("chunk", range(2))
def test_what_stands_beside_a_sum_agrees_with_the_reference(
    chunk: int, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    if chunk % 2:
        # As where a query selects more deals than are named by their keys.
        monkeypatch.setattr(keys, "FEW", 0)
    rates = settle()

    for name, chance in chances(chunk, WORLDS_PER_CHUNK):
        world = a_world(chance)
        world.rates = rates
        with transaction.atomic():
            store(world)
            for reading in (a_reading(chance), a_reading(chance), unfiltered(chance)):
                try:
                    compare_chart(client, world, reading)
                    compare_list(world, reading)
                    compare_charts_of_deals(client, world, reading)
                except AssertionError as error:
                    error.add_note(f"World {name}, {reading}")
                    raise
            transaction.set_rollback(True)
