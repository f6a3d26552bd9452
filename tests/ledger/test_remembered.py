"""Answers that are kept: never out of date, whatever path a fact changes by."""

import csv
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from investments.ledger.remembered import data_version
from investments.models import Announcement, Company, Deal, ExchangeRate, Source
from tests.builders import a_company, a_deal, a_source, an_announcement

pytestmark = pytest.mark.django_db(transaction=True)


def total(client: Client) -> str:
    """Return a filtered sum: an unfiltered one is read from the rollup, and the data of charts is kept whole."""
    sheet = client.get("/charts/spending.csv?min=1").content.decode().splitlines()
    return str(sum(Decimal(row["amount"]) for row in csv.DictReader(sheet)))


def test_a_sum_is_worked_out_once_for_each_state_of_the_facts(client: Client) -> None:
    deal = a_deal()
    an_announcement(deal, "2025-01-01", "5")
    assert total(client) == "5.00"
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert total(client) == "5.00"
    assert not [query for query in queries if "investments_ledgerentry" in query["sql"]]
    an_announcement(deal, "2025-02-01", "7", event="increased")
    assert total(client) == "7.00"


def test_every_change_of_a_fact_makes_another_version(client: Client) -> None:
    deal = a_deal()
    changes = [
        lambda: a_company("lab"),
        lambda: an_announcement(deal, "2025-01-01", "5"),
        lambda: Announcement.objects.update(amount_low=6, amount_high=6),
        lambda: Deal.objects.update(stage="signed"),
        lambda: a_source(Announcement.objects.get()),
        lambda: Source.objects.update(publisher="Example"),
        lambda: ExchangeRate.objects.create(currency="SAR", date="1990-01-01", rate="3.75", origin="manual"),
        lambda: ExchangeRate.objects.filter(date="1990-01-01").delete(),
        lambda: connection.cursor().execute("UPDATE investments_company SET name = 'Other'"),
        lambda: Announcement.objects.all().delete(),
        lambda: connection.cursor().execute("TRUNCATE investments_company CASCADE"),
        lambda: Company.objects.bulk_create([Company(slug="a", name="A", kind="other")]),
    ]
    versions = [data_version()]
    for change in changes:
        change()
        versions.append(data_version())
    assert len(set(versions)) == len(versions)


def test_a_change_that_is_taken_back_leaves_the_version(client: Client) -> None:
    before = data_version()
    with transaction.atomic():
        a_company()
        transaction.set_rollback(True)
    assert data_version() == before


def test_inside_a_transaction_its_own_changes_are_seen(client: Client) -> None:
    deal = a_deal()
    an_announcement(deal, "2025-01-01", "5")
    assert total(client) == "5.00"
    with transaction.atomic():
        an_announcement(deal, "2025-02-01", "9", event="increased")
        assert total(client) == "9.00"
        transaction.set_rollback(True)
    assert total(client) == "5.00"
