"""What a reader gets who filters nothing is read from the rollup, which is what the entries come to at any time."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from investments.ledger.rebuild import rollup_holds
from investments.models import Announcement, Deal, SpendingRollup
from tests.builders import a_deal, an_announcement

pytestmark = pytest.mark.django_db
BN = 10**9


@pytest.fixture
def nested() -> None:
    """A debt of 2 bn inside a pledge of 9 bn that grew from 5, and a rumour."""
    outer = a_deal("outer")
    an_announcement(outer, "2025-01-10", 5 * BN)
    an_announcement(outer, "2025-02-10", 9 * BN, event="increased")
    an_announcement(a_deal("inner", kind="debt", part_of=outer), "2025-02-20", 2 * BN)
    an_announcement(a_deal("rumour"), "2025-03-01", BN, event="reported")


def asked(client: Client, address: str) -> tuple[dict, list[str]]:
    """Return a chart's data, and the statements that added up other than what the rollup holds."""
    with CaptureQueriesContext(connection) as queries:
        data = client.get(address).json()
    return data, [query["sql"] for query in queries if "sum(" in query["sql"] and "spendingrollup" not in query["sql"]]


@pytest.mark.parametrize(("count", "total"), [("net", "9000000000.00"), ("gross", "11000000000.00")])
def test_nothing_is_added_up_for_who_filters_nothing(client: Client, nested: None, count: str, total: str) -> None:
    data, added = asked(client, f"/charts/spending.json?by=month&split=kind&count={count}")
    assert (data["total"], added) == (total, [])
    assert data["left_out"]["rumoured"] == {"deals": 1, "amount": "1000000000.00"}
    covered = {"net": {"deals": 1, "amount": "2000000000.00"}, "gross": {"deals": 0, "amount": "0.00"}}
    assert data["left_out"]["covered"] == covered[count]


@pytest.mark.parametrize(
    "query", ["kind=debt", "min=0", "after=2025-02-01", "include=rumoured", "currency=EUR", "count=leaves"]
)
def test_what_a_filter_changes_is_added_up(client: Client, nested: None, query: str) -> None:
    assert asked(client, f"/charts/spending.json?{query}")[1] != []


def test_it_follows_what_contains_and_what_is_withdrawn(client: Client, nested: None) -> None:
    Deal.objects.filter(slug="inner").update(part_of=None)
    assert asked(client, "/charts/spending.json")[0]["total"] == "11000000000.00"
    Announcement.objects.filter(deal__slug="outer").update(review="withdrawn")
    assert asked(client, "/charts/spending.json")[0]["total"] == "2000000000.00"
    Deal.objects.filter(slug="inner").update(kind="equity")
    assert rollup_holds()


def test_added_up_rows_come_to_the_same(client: Client, nested: None) -> None:
    Announcement.objects.filter(deal__slug="rumour").delete()
    before, rows = asked(client, "/charts/spending.json")[0], SpendingRollup.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rollup_compact()")
    # The pledge in January and in February, the debt in February.
    assert SpendingRollup.objects.count() == 3 < rows
    assert rollup_holds()
    assert asked(client, "/charts/spending.json")[0] == before


def test_a_row_that_was_tampered_with_is_found(nested: None) -> None:
    SpendingRollup.objects.filter(pk=SpendingRollup.objects.earliest("pk").pk).delete()
    assert not rollup_holds()
