"""Whatever plain SQL does to the facts, the ledger is what they say."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from investments.models import Deal, ExchangeRate, LedgerEntry
from tests.builders import a_company, a_deal, an_announcement

BN = 10**9
pytestmark = pytest.mark.django_db

# Twelve kinds of change, each a name and the statements that make it.
CHANGES = {
    "insert an announcement": """
        INSERT INTO investments_announcement (key, deal_id, date, date_precision, event, amount_high, currency, basis, per,
            headline, headline_fr, note, note_fr, review)
        SELECT 'raw', id, '2025-05-01', 'day', 'increased', 9e9, 'USD', 'exact', 'total', 'x', '', '', '', 'published'
        FROM investments_deal WHERE slug = 'one'""",
    "change amounts": "UPDATE investments_announcement SET amount_low = amount_low * 2, amount_high = amount_high * 2",
    "change a currency": "UPDATE investments_announcement SET currency = 'EUR' WHERE key = 'one-2'",
    "change dates, and so the order": "UPDATE investments_announcement SET date = '2024-01-01' WHERE key = 'one-2'",
    "change an event": "UPDATE investments_announcement SET event = 'cancelled' WHERE key = 'one-2'",
    "withdraw and draft": "UPDATE investments_announcement SET review = CASE key WHEN 'one-1' THEN 'withdrawn' ELSE 'draft' END",
    "move an announcement to another deal": """
        UPDATE investments_announcement SET deal_id = (SELECT id FROM investments_deal WHERE slug = 'two') WHERE key = 'one-1'""",
    "delete announcements": "DELETE FROM investments_announcement WHERE key IN ('one-2', 'two-1')",
    "truncate announcements": "TRUNCATE investments_announcement CASCADE",
    "change a stage": "UPDATE investments_deal SET stage = 'completed'",
    "write over derived columns": "UPDATE investments_deal SET headline_usd = 1, status = 'rumoured', steps = 99, has_money = false",
    "put a deal inside another": """
        UPDATE investments_deal SET part_of_id = (SELECT id FROM investments_deal WHERE slug = 'two') WHERE slug = 'one'""",
    "take a deal out again": "UPDATE investments_deal SET part_of_id = NULL",
    "change a rate": "UPDATE investments_exchangerate SET rate = rate * 2 WHERE currency = 'GBP'",
    "delete a rate that an earlier one replaces": "DELETE FROM investments_exchangerate WHERE currency = 'GBP' AND date = '2025-03-03'",
    "add a rate": """
        DELETE FROM investments_exchangerate WHERE currency = 'GBP' AND date BETWEEN '2025-02-25' AND '2025-03-03';
        INSERT INTO investments_exchangerate (currency, date, rate, origin) VALUES ('GBP', '2025-03-02', 0.5, 'manual')""",
    "delete a deal with all it has": """
        DELETE FROM investments_announcement WHERE deal_id = (SELECT id FROM investments_deal WHERE slug = 'three');
        DELETE FROM investments_dealparty WHERE deal_id = (SELECT id FROM investments_deal WHERE slug = 'three');
        DELETE FROM investments_deal WHERE slug = 'three'""",
}  # fmt: skip


def check() -> str:
    said = StringIO()
    call_command("rebuild_ledger", "--check", stdout=said)
    return said.getvalue()


@pytest.fixture
def facts() -> None:
    """Three deals: dollars that grow, pounds, and one inside another."""
    one = a_deal("one", payers=[a_company()])
    an_announcement(one, "2025-01-10", 4 * BN, key="one-1")
    an_announcement(one, "2025-03-03", 8 * BN, key="one-2", event="increased")
    two = a_deal("two")
    an_announcement(two, "2025-03-03", 3 * BN, key="two-1", currency="GBP")
    an_announcement(two, "2025-04-01", 2 * BN, key="two-2", currency="GBP", event="reduced")
    three = a_deal("three", part_of=two, payers=[a_company()])
    an_announcement(three, "2025-03-10", 1 * BN, key="three-1", event="reported")


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("change", CHANGES)
def test_the_ledger_follows_raw_sql(change: str) -> None:
    before = list(LedgerEntry.objects.order_by("pk").values_list("pk", "high_usd", "deal", "date"))
    state = list(Deal.objects.order_by("pk").values_list("slug", "headline_usd", "status", "steps", "containers"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(CHANGES[change])
    assert check().strip() == "0 differences: the ledger is what the facts say."
    changed = (
        list(LedgerEntry.objects.order_by("pk").values_list("pk", "high_usd", "deal", "date")),
        list(Deal.objects.order_by("pk").values_list("slug", "headline_usd", "status", "steps", "containers")),
    )
    untouched = {"write over derived columns"}
    assert ((before, state) == changed) == (change in untouched)


@pytest.mark.usefixtures("facts")
def test_taking_a_contained_deal_out_frees_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute(CHANGES["take a deal out again"])
    assert not Deal.objects.filter(containers__isnull=False).exists()


@pytest.mark.usefixtures("facts")
def test_a_rate_that_entries_need_cannot_go() -> None:
    with pytest.raises(IntegrityError, match=r"No exchange rate for GBP on 2025-03-03"), transaction.atomic():
        ExchangeRate.objects.filter(currency="GBP").delete()
    assert check()


@pytest.mark.usefixtures("facts")
def test_the_check_names_what_was_tampered_with_and_the_rebuild_mends_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE investments_ledgerentry SET high_usd = high_usd + 1 WHERE announcement_id IN (SELECT id FROM investments_announcement WHERE key = 'one-1')"
        )
        cursor.execute(
            "DELETE FROM investments_ledgerentry WHERE announcement_id IN (SELECT id FROM investments_announcement WHERE key = 'two-2')"
        )
    said = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("rebuild_ledger", "--check", stdout=said)
    assert caught.value.returncode == 1
    assert [line.split(":")[0] for line in said.getvalue().splitlines()] == ["one", "two"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE investments_spendingrollup SET deals = deals + 1")
    with pytest.raises(CommandError):
        call_command("rebuild_ledger", "--check", stdout=said)
    assert said.getvalue().splitlines()[-1].startswith("rollup: ")
    call_command("rebuild_ledger", stdout=StringIO())
    assert check()


@pytest.mark.usefixtures("facts")
def test_dropped_entries_come_out_identical_from_a_rebuild() -> None:
    before = list(LedgerEntry.objects.order_by("pk").values())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM investments_ledgerentry")
    call_command("rebuild_ledger", stdout=StringIO())
    assert list(LedgerEntry.objects.order_by("pk").values()) == before


def test_bulk_writes_and_query_updates_are_followed() -> None:
    deals = Deal.objects.bulk_create(
        [Deal(slug=f"d{n}", title="d", kind="debt", headline_usd=5, is_public=True) for n in range(3)]
    )
    assert not Deal.objects.public().exists()
    for deal in deals:
        an_announcement(deal, "2025-01-01", BN)
    Deal.objects.filter(slug="d1").update(stage="signed", headline_usd=7)
    assert check()
    assert Deal.objects.get(slug="d1").status == "signed"
    assert Deal.objects.get(slug="d1").headline_usd == BN


def test_a_stale_save_of_a_deal_leaves_its_totals() -> None:
    deal = a_deal()
    stale = Deal.objects.get(pk=deal.pk)
    an_announcement(deal, "2025-01-01", BN)
    stale.title = "Renamed"
    stale.save()
    assert (Deal.objects.get().headline_usd, Deal.objects.get().title) == (BN, "Renamed")
    assert check()


def test_a_circle_of_containment_is_refused() -> None:
    one = a_deal("one")
    two = a_deal("two", part_of=one)
    three = a_deal("three", part_of=two)
    with pytest.raises(IntegrityError, match="would lie inside itself"), transaction.atomic():
        Deal.objects.filter(pk=one.pk).update(part_of=three)
    assert check()
