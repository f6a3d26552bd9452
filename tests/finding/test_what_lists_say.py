"""What lists say of their rows and of a query: rows make up their foot, and a fault is told where it is seen."""

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from tests.builders import a_company, a_deal, an_announcement

pytestmark = pytest.mark.django_db
BN = 10**9


def results(client: Client, address: str) -> str:
    """Return the results beside the filters, as plain text."""
    page = client.get(address).content.decode()
    return " ".join(
        strip_tags(page[page.index('<section class="results"') :].replace("<span", " <span"))
        .replace("\xa0", " ")
        .split()
    )


def test_rows_of_rumours_left_out_show_what_their_foot_adds_up(client: Client) -> None:
    an_announcement(a_deal("talks", kind="debt"), "2026-01-05", 10 * BN, event="reported")
    told = results(client, "/announcements/?left_out=rumoured&after=2026")
    assert "Financing $10 bn" in told
    assert "+$10 bn" in told
    assert "±0" not in told


def test_a_row_of_deals_shows_its_part_in_a_segment_and_its_total(client: Client) -> None:
    first, second = a_company("first"), a_company("second")
    an_announcement(a_deal("round", kind="equity", payers=[first, second]), "2025-01-05", 10 * BN)
    told = results(client, "/deals/?slice=payer:first")
    assert "$5 bn of $10 bn" in told
    assert "Financing $5 bn" in told
    assert "A row shows the part" in told
    assert "A row shows the part" not in results(client, "/deals/?payer=first")


def test_what_is_left_out_of_a_segment_is_counted_in_that_segment(client: Client) -> None:
    one, other = a_company("one"), a_company("other")
    for payer in (one, other):
        whole = a_deal(payers=[payer], kind="capex_commitment")
        an_announcement(whole, "2025-01-05", 10 * BN)
        an_announcement(a_deal(payers=[payer], kind="capex_commitment", part_of=whole), "2025-01-05", 4 * BN)
    assert "1 deal lies inside another ($4 bn)" in results(client, "/deals/?slice=payer:one")
    assert results(client, "/deals/?slice=payer:one&left_out=covered").startswith("Deals 1 row · Build $4 bn")


def test_a_planned_deal_without_an_amount_is_not_written_as_nothing(client: Client) -> None:
    an_announcement(a_deal("silent", window_start="2026-01-01", window_end="2026-12-31"), "2025-05-01")
    told = results(client, "/deals/?view=planned&after=2026&before=2026")
    assert "no amount was stated" in told
    assert "$0 of" not in told


@pytest.mark.parametrize("address", ["/deals/?company=nope", "/projects/?discloses=water", "/impacts/?metric=nope",
                                     "/charts/spending/?kind=nope"])  # fmt: skip
def test_a_fault_is_told_beside_folded_filters_with_a_way_out(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    notice = re.search(r'<div class="notice bad" role="alert">(.*?)</div>', page[page.index('class="results"') :], re.S)
    assert notice
    assert ("nope" if "nope" in address else "water") in notice[1]
    assert f'href="{address.partition("?")[0]}"' in notice[1]


def test_values_of_a_vocabulary_may_stand_with_commas(client: Client) -> None:
    for kind in ("debt", "equity", "lease"):
        an_announcement(a_deal(kind=kind), "2025-01-05", BN)
    told = results(client, "/deals/?kind=debt,equity")
    assert told.startswith("Deals 2 rows")
    assert "Kind: Debt" in told
    page = client.get("/deals/?kind=debt,equity").content.decode()
    assert re.search(r'value="debt" checked', page)
    assert '<a class="chip" href="?kind=equity">' in page
    assert client.get("/api/v1/deals/?kind=debt,equity").json()["results"]
    assert client.get("/api/v1/deals/?kind=debt,nope").status_code == 400
