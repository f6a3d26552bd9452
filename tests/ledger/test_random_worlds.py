"""The database against the slow reference, over random deals, events, currencies, shares, filters and readings."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from investments.ledger import keys
from investments.ledger.rebuild import rollup_holds
from tests import reference
from tests.ledger.worlds import a_change, a_reading, a_world, chances, move, query, settle, store, unfiltered
from tests.reference import Reading, World

WORLDS_PER_CHUNK = 80


def compare(client: Client, world: World, reading: Reading, name: str) -> None:
    """Assert that the chart's data is what the reference says."""
    answer = client.get("/charts/spending.json", query(reading))
    assert answer.status_code == 200, answer.content
    data = answer.json()
    wanted = reference.spending(world, reading)
    assert {(row["period"], row["segment"]): Decimal(row["amount"]) for row in data["series"]} == wanted, (
        name,
        reading,
    )
    assert Decimal(data["total"]) == sum(wanted.values(), Decimal(0))


@pytest.mark.django_db
@pytest.mark.parametrize("chunk", range(4))
def test_the_database_agrees_with_the_reference(chunk: int, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    if chunk % 2:
        # As where a query selects more deals than are named by their keys.
        monkeypatch.setattr(keys, "FEW", 0)
    rates = settle()

    for name, chance in chances(chunk, WORLDS_PER_CHUNK):
        world, plain = a_world(chance), unfiltered(chance)
        world.rates = rates
        with transaction.atomic():
            store(world)
            for reading in [*(a_reading(chance) for _number in range(3)), plain]:
                compare(client, world, reading, name)
            for _number in range(chance.randint(0, 3)):
                move(world, chance.choice([*world.deals]), *a_change(chance))
            compare(client, world, plain, name)
            assert rollup_holds(), name
            transaction.set_rollback(True)
