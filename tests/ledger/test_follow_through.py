"""How much of what was promised has happened (DOMAIN.md, rule 10)."""

import pytest
from django.http import QueryDict

from investments.ledger import totals
from investments.models import LedgerEntry
from investments.resources.deals import DEALS
from tests.builders import a_deal, an_announcement

BN = 10**9
pytestmark = pytest.mark.django_db


def followed(query: str = "") -> totals.FollowThrough:
    return totals.follow_through(DEALS.filter(QueryDict(query)).selection())


def test_delivered_is_kept_apart_and_a_silent_deal_is_unknown() -> None:
    told = a_deal(stage="under_way")
    an_announcement(told, "2025-01-01", 10 * BN)
    an_announcement(told, "2025-06-01", 2 * BN, event="delivered")
    an_announcement(told, "2025-12-01", 3 * BN, event="delivered")
    an_announcement(a_deal(), "2025-01-01", 5 * BN)
    cancelled = a_deal()
    an_announcement(cancelled, "2025-01-01", 7 * BN)
    an_announcement(cancelled, "2025-02-01", event="cancelled")
    result = followed()
    assert {name: getattr(result, name)["build"] for name in ("announced", "signed", "delivered", "cancelled", "unknown")} == {
        "announced": 22 * BN, "signed": 10 * BN, "delivered": 3 * BN, "cancelled": 7 * BN, "unknown": 5 * BN,
    }  # fmt: skip
    assert result.reporting == 1
    told.refresh_from_db()
    assert (told.headline_usd, told.delivered_high_usd) == (10 * BN, 3 * BN)
    assert list(
        LedgerEntry.objects.filter(deal=told).order_by("date").values_list("delivered_high_usd", flat=True)
    ) == [0, 2 * BN, BN]


def test_what_lies_inside_another_deal_is_not_told_twice() -> None:
    whole = a_deal(stage="signed")
    an_announcement(whole, "2025-01-01", 10 * BN)
    part = a_deal(stage="signed", part_of=whole)
    an_announcement(part, "2025-01-01", 4 * BN)
    assert followed().signed["build"] == 10 * BN
    assert followed("count=leaves").signed["build"] == 4 * BN
