"""The admin says in words what the database would refuse, and writes nothing then."""

import pytest
from django.test import Client

from investments.models import Announcement, Deal, DealParty
from tests.builders import a_company, a_deal

pytestmark = pytest.mark.django_db


def sent(deal: Deal, **changes: str) -> dict[str, str]:
    """Return the form of a new announcement as a browser sends it."""
    return {
        "key": "k-1", "deal": str(deal.pk), "project": "", "date": "2025-03-03", "date_precision": "day", "event": "announced",
        "amount_low": "", "amount_high": "5000000000", "currency": "USD", "basis": "exact", "per": "total", "mw": "",
        "headline": "Five billion", "headline_fr": "", "note": "", "note_fr": "", "review": "published",
        "citations-TOTAL_FORMS": "0", "citations-INITIAL_FORMS": "0", **changes,
    }  # fmt: skip


def test_a_currency_without_a_rate_on_the_day_is_refused(admin_client: Client) -> None:
    answer = admin_client.post("/admin/investments/announcement/add/", sent(a_deal(), currency="xof"))
    assert answer.status_code == 200
    assert (
        "No exchange rate for XOF on 2025-03-03 or in the 7 days before. Add a manual exchange rate"
        in answer.content.decode()
    )
    assert not Announcement.objects.exists()


def test_an_announcement_moves_its_deal(admin_client: Client) -> None:
    deal = a_deal()
    assert admin_client.post("/admin/investments/announcement/add/", sent(deal, currency="eur")).status_code == 302
    deal.refresh_from_db()
    assert deal.is_public
    assert deal.headline_usd and 5 * 10**9 < deal.headline_usd < 6 * 10**9


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"amount_low": "6000000000"}, "Amount, low: expected at most the high amount."),
        ({"currency": ""}, "Currency: an amount needs its currency and its basis."),
        ({"currency": "ABC"}, "Currency: expected an ISO 4217 code of three letters"),
        ({"deal": ""}, "Deal: an announcement needs a deal or a data-center project."),
        ({"amount_high": "-5"}, "Amounts and capacity: expected zero or more."),
    ],
)
def test_a_mistake_is_said_and_nothing_written(admin_client: Client, changes: dict[str, str], told: str) -> None:
    answer = admin_client.post("/admin/investments/announcement/add/", sent(a_deal()) | changes)
    assert told in answer.content.decode()
    assert not Announcement.objects.exists()


def test_a_deal_cannot_be_put_inside_what_it_contains(admin_client: Client) -> None:
    outer = a_deal("outer")
    middle = a_deal("middle", part_of=outer)
    inner = a_deal("inner", part_of=middle)
    form = {
        "title": "Outer", "slug": "outer", "kind": "debt", "stage": "signed", "part_of": str(inner.pk),
        "window_start_precision": "day", "window_end_precision": "day",
        "parties-TOTAL_FORMS": "0", "parties-INITIAL_FORMS": "0",
        "announcements-TOTAL_FORMS": "0", "announcements-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = admin_client.post(f"/admin/investments/deal/{outer.pk}/change/", form)
    assert "“Inner” lies inside this deal: this deal cannot lie inside it." in answer.content.decode()


def test_shares_over_one_are_refused(admin_client: Client) -> None:
    deal = a_deal("deal")
    form = {
        "title": "Deal", "slug": "deal", "kind": "debt", "stage": "signed", "window_start_precision": "day",
        "window_end_precision": "day", "parties-TOTAL_FORMS": "2", "parties-INITIAL_FORMS": "0",
        "announcements-TOTAL_FORMS": "0", "announcements-INITIAL_FORMS": "0",
    }  # fmt: skip
    for number, share in enumerate(("0.7", "0.6")):
        form |= {
            f"parties-{number}-company": str(a_company().pk), f"parties-{number}-role": "lender",
            f"parties-{number}-share": share, f"parties-{number}-deal": str(deal.pk),
        }  # fmt: skip
    answer = admin_client.post(f"/admin/investments/deal/{deal.pk}/change/", form)
    assert "the shares of the payers add up to 1.3, more than 1." in answer.content.decode()
    assert not DealParty.objects.exists()


MODELS = (
    "announcement", "company", "datacenterproject", "deal", "dealparty", "exchangerate", "forecast", "impact", "ledgerentry",
    "milestone", "projectenergy", "projectparty", "source",
)  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.usefixtures("bundled")
def test_every_model_has_its_list_and_search(admin_client: Client, model: str) -> None:
    assert admin_client.get(f"/admin/investments/{model}/").status_code == 200
    assert admin_client.get(f"/admin/investments/{model}/?q=o").status_code == 200


def test_anonymous_readers_get_the_sign_in_page(client: Client) -> None:
    for model in MODELS:
        assert client.get(f"/admin/investments/{model}/").status_code == 302
