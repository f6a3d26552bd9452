"""What is asked about before an announcement is saved: each rule by the smallest facts that raise it."""

from datetime import date

import pytest

from investments.doubts import doubts_about
from investments.models import Announcement
from tests.builders import a_company, a_deal, a_source, an_announcement

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 1)


def codes(announcement: Announcement) -> set[str]:
    return {doubt.code for doubt in doubts_about([announcement.pk], TODAY)}


def test_nothing_is_odd_about_a_new_deal_with_a_source() -> None:
    one = an_announcement(a_deal(), "2025-01-01", "5e9")
    a_source(one)
    assert codes(one) == set()


def test_the_same_amount_on_the_deal_within_thirty_days_may_be_the_same_statement() -> None:
    deal = a_deal()
    first = an_announcement(deal, "2025-01-01", "5e9")
    assert "duplicate_in_deal" in codes(an_announcement(deal, "2025-01-31", "5.2e9", event="increased"))
    later = an_announcement(deal, "2025-03-15", "5e9", event="confirmed")
    assert "duplicate_in_deal" not in codes(later)
    assert "duplicate_in_deal" in codes(first)


def test_the_same_parties_with_the_same_amount_may_be_the_same_deal() -> None:
    payer, payee, third = a_company(), a_company(), a_company()
    an_announcement(a_deal(payers=[payer], payees=[payee]), "2025-01-01", "5e9")
    alike = an_announcement(a_deal(payers=[payer], payees=[payee]), "2025-01-20", "5.2e9")
    larger = an_announcement(a_deal(payers=[payer], payees=[payee]), "2025-01-20", "7e9")
    others = an_announcement(a_deal(payers=[payer], payees=[third]), "2025-01-20", "5e9")
    assert "duplicate_parties" in codes(alike)
    assert "duplicate_parties" not in codes(larger) | codes(others)


def test_a_source_that_another_announcement_cites_is_named() -> None:
    first, second = an_announcement(a_deal(), "2025-01-01", 1), an_announcement(a_deal(), "2025-09-01", 9)
    source = a_source(first)
    second.citations.create(source=source)
    assert codes(second) == {"same_source"}


def test_a_total_smaller_than_before_is_asked_about_unless_it_is_a_reduction() -> None:
    deal = a_deal()
    an_announcement(deal, "2025-01-01", "5e9")
    assert "smaller" in codes(an_announcement(deal, "2025-06-01", "4e9", event="confirmed"))
    assert "smaller" not in codes(an_announcement(deal, "2025-09-01", "3e9", event="reduced"))


def test_a_thousandfold_against_another_statement_is_asked_about() -> None:
    deal = a_deal()
    an_announcement(deal, "2025-01-01", "5e9")
    assert "jump" in codes(an_announcement(deal, "2025-06-01", "5e12", event="increased"))
    assert "jump" not in codes(an_announcement(a_deal(), "2025-06-01", "5e12"))


def test_parts_larger_than_their_container_are_asked_about() -> None:
    outer = a_deal()
    an_announcement(outer, "2025-01-01", "10e9")
    an_announcement(a_deal(part_of=outer), "2025-01-02", "6e9")
    inner = an_announcement(a_deal(part_of=outer), "2025-02-20", "4e9")
    assert "parts_larger" not in codes(inner)
    inner.amount_low = inner.amount_high = 5 * 10**9
    inner.save()
    doubt = next(one for one in doubts_about([inner.pk], TODAY) if one.code == "parts_larger")
    assert (doubt.other, doubt.this_usd, doubt.other_usd) == (outer.pk, 11 * 10**9, 10 * 10**9)
    # What states no amount is not to blame.
    assert "parts_larger" not in codes(an_announcement(outer, "2025-03-01", event="confirmed"))


def test_no_source_a_date_to_come_and_an_amount_on_a_delay_are_asked_about() -> None:
    late = an_announcement(a_deal(), "2026-07-02", "5e9", event="delayed")
    assert codes(late) == {"no_source", "future", "delayed_amount"}


def test_an_amount_on_a_cancellation_is_asked_about() -> None:
    deal = a_deal()
    an_announcement(deal, "2025-01-01", "5e9")
    assert "cancelled_amount" in codes(an_announcement(deal, "2025-06-01", "5e9", event="cancelled"))
    assert "cancelled_amount" not in codes(an_announcement(deal, "2025-07-01", event="cancelled"))
