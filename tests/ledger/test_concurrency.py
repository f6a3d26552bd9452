"""Two people change announcements of one deal at the same moment: the ledger is that of some serial order."""

import threading
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from investments.ledger.rebuild import rollup_holds
from investments.models import Announcement, Deal, ExchangeRate
from tests.builders import a_deal, an_announcement

BN = 10**9
pytestmark = pytest.mark.django_db(transaction=True)


def side_by_side(*writers: Callable[[threading.Barrier], None]) -> None:
    """Run each writer in a thread with a connection of its own; fail if one raises."""
    barrier = threading.Barrier(len(writers), timeout=20)
    errors: list[BaseException] = []

    def run(writer: Callable[[threading.Barrier], None]) -> None:
        try:
            writer(barrier)
        except BaseException as error:  # told to the test below
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def in_step(change: Callable[[], object]) -> Callable[[threading.Barrier], None]:
    """Return a writer that makes its change in a transaction open at the same time as the others'."""

    def writer(barrier: threading.Barrier) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM investments_deal")  # both have begun and read
            barrier.wait()
            change()

    return writer


def test_two_announcements_of_one_deal_at_once_both_count() -> None:
    deal = a_deal()
    an_announcement(deal, "2025-01-01", BN)
    side_by_side(
        in_step(lambda: an_announcement(deal, "2025-02-01", 3 * BN, event="increased")),
        in_step(lambda: an_announcement(deal, "2025-03-01", 7 * BN, event="increased")),
    )
    assert list(deal.entries.order_by("date").values_list("high_usd", flat=True)) == [BN, 2 * BN, 4 * BN]
    assert Deal.objects.get().headline_usd == 7 * BN
    call_command("rebuild_ledger", "--check", stdout=StringIO())


def test_a_rate_and_an_announcement_in_it_at_once() -> None:
    deal = a_deal()
    rate = ExchangeRate.objects.get(currency="EUR", date="2025-02-03")
    side_by_side(
        in_step(lambda: ExchangeRate.objects.filter(pk=rate.pk).update(rate=2)),
        in_step(lambda: an_announcement(deal, "2025-02-03", BN, currency="EUR")),
    )
    assert Deal.objects.get().headline_usd == BN // 2
    call_command("rebuild_ledger", "--check", stdout=StringIO())


def test_a_stage_and_an_announcement_at_once() -> None:
    deal = a_deal()
    side_by_side(
        in_step(lambda: Deal.objects.filter(pk=deal.pk).update(stage="signed")),
        in_step(lambda: an_announcement(deal, "2025-02-03", BN)),
    )
    assert (Deal.objects.get().status, Deal.objects.get().headline_usd) == ("signed", BN)


def test_many_writers_of_many_deals_end_without_deadlock() -> None:
    deals = [a_deal() for _ in range(6)]

    def change(turn: int) -> None:
        for step in range(4):
            Announcement.objects.bulk_create(
                Announcement(
                    deal=deal,
                    date=f"2025-0{1 + turn}-0{1 + step}",
                    amount_high=(turn + 1) * BN,
                    currency="USD",
                    headline="x",
                )
                for deal in (deals if turn % 2 else reversed(deals))
            )

    side_by_side(*(in_step(lambda turn=turn: change(turn)) for turn in range(4)))  # type: ignore[misc]
    assert Announcement.objects.count() == 96
    call_command("rebuild_ledger", "--check", stdout=StringIO())


def test_two_links_that_would_close_a_circle_are_not_both_made() -> None:
    one, two = a_deal("one"), a_deal("two")
    refused: list[Exception] = []

    def link(inner: Deal, outer: Deal) -> None:
        Deal.objects.filter(pk=inner.pk).update(part_of=outer)

    def either(inner: Deal, outer: Deal) -> Callable[[threading.Barrier], None]:
        def writer(barrier: threading.Barrier) -> None:
            try:
                in_step(lambda: link(inner, outer))(barrier)
            except Exception as error:  # one of the two is refused, by the constraint or as a deadlock
                refused.append(error)

        return writer

    side_by_side(either(one, two), either(two, one))
    assert len(refused) == 1
    assert Deal.objects.filter(part_of=None).count() == 1


def test_two_containers_withdrawn_at_once_leave_their_part_on_its_own() -> None:
    outer, middle = a_deal("outer"), a_deal("middle")
    Deal.objects.filter(slug="middle").update(part_of=outer)
    inner = a_deal("inner", part_of=middle)
    for deal in (outer, middle, inner):
        an_announcement(deal, "2025-01-01", BN)
    withdraw = [
        lambda slug=slug: Announcement.objects.filter(deal__slug=slug).update(review="withdrawn")
        for slug in ("outer", "middle")
    ]
    side_by_side(*(in_step(change) for change in withdraw))
    assert list(inner.entries.values_list("is_covered", flat=True)) == [False]
    assert rollup_holds()
