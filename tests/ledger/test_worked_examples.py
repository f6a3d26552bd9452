"""The worked examples of DOMAIN.md through ``/charts/spending.json``."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from investments.models import Deal, ExchangeRate
from tests.builders import a_company, a_deal, an_announcement

BN = 10**9
pytestmark = pytest.mark.django_db


def spending(client: Client, **query: Any) -> dict[str, Any]:
    """Return the chart's data, checked to add up."""
    answer = client.get("/charts/spending.json", query)
    assert answer.status_code == 200, answer.content
    data = answer.json()
    if query.get("cumulative") != "1":
        assert sum(Decimal(row["amount"]) for row in data["series"]) == Decimal(data["total"])
    assert sum(map(Decimal, data["by_layer"].values())) == Decimal(data["total"])
    return data


def series(data: dict[str, Any]) -> dict[tuple[str, str], Decimal]:
    return {(row["period"], row["segment"]): Decimal(row["amount"]) for row in data["series"]}


def test_e1_an_increase_adds_the_difference(client: Client) -> None:
    deal = a_deal()
    an_announcement(deal, "2024-01-10", 4 * BN)
    an_announcement(deal, "2024-11-22", 8 * BN, event="increased")
    data = spending(client, by="month", split="none")
    assert series(data) == {("2024-01", "all"): 4 * BN, ("2024-11", "all"): 4 * BN}
    assert data["total"] == "8000000000.00"


def test_e2_a_cancelled_deal_is_exactly_zero(client: Client) -> None:
    deal = a_deal()
    an_announcement(deal, "2025-09-22", 100 * BN, basis="up_to")
    an_announcement(deal, "2026-02-01", event="cancelled")
    headline = spending(client, by="month", split="none")
    assert series(headline) == {("2025-09", "all"): 100 * BN, ("2026-02", "all"): -100 * BN}
    assert headline["total"] == "0.00"
    floor = spending(client, measure="floor")
    assert (floor["series"], floor["total"]) == ([], "0.00")
    deal.refresh_from_db()
    assert deal.status == "cancelled"


def test_e3_amounts_in_euros_count_at_the_rates_of_their_days(client: Client) -> None:
    for day, dollars in ((date(2025, 2, 10), "1.0312"), (date(2025, 6, 2), "1.1419"), (date(2025, 9, 1), "1.1715")):
        ExchangeRate.objects.update_or_create(
            currency="EUR", date=day, defaults={"rate": 1 / Decimal(dollars), "origin": "manual"}
        )
    deal = a_deal()
    an_announcement(deal, "2025-02-10", 10 * BN, currency="EUR")
    an_announcement(deal, "2025-06-02", 10 * BN, currency="EUR", event="confirmed")
    an_announcement(deal, "2025-09-01", 12 * BN, currency="EUR", event="increased")
    data = spending(client, by="month", split="none")
    assert series(data) == {("2025-02", "all"): Decimal("10312000000"), ("2025-09", "all"): Decimal("2343000000")}


def test_e4_a_contained_deal_counts_when_its_container_is_filtered_out(client: Client) -> None:
    openai, oracle, softbank = a_company("openai"), a_company("oracle"), a_company("softbank")
    stargate = a_deal("stargate", payers=[softbank], payees=[openai])
    an_announcement(stargate, "2025-01-21", 500 * BN)
    contract = a_deal("contract", kind="cloud_contract", part_of=stargate, payers=[openai], payees=[oracle])
    an_announcement(contract, "2025-09-10", 300 * BN)
    whole = spending(client)
    assert whole["total"] == "500000000000.00"
    assert whole["left_out"]["covered"] == {"deals": 1, "amount": "300000000000.00"}
    alone = spending(client, payee="oracle")
    assert alone["total"] == "300000000000.00"
    assert alone["left_out"]["covered"]["deals"] == 0
    assert spending(client, count="gross")["total"] == "800000000000.00"
    assert spending(client, count="leaves")["total"] == "300000000000.00"


def test_e5_reports_move_a_total_only_until_a_party_speaks(client: Client) -> None:
    deal = a_deal()
    an_announcement(deal, "2025-03-01", 30 * BN, event="reported")
    assert spending(client)["total"] == "0.00"
    assert spending(client)["left_out"]["rumoured"] == {"deals": 1, "amount": "30000000000.00"}
    assert spending(client, include="rumoured")["total"] == "30000000000.00"
    assert spending(client, status="rumoured")["total"] == "30000000000.00"
    an_announcement(deal, "2025-03-20", 40 * BN)
    assert series(spending(client, by="month", split="none")) == {("2025-03", "all"): 40 * BN}
    assert list(deal.entries.values_list("high_usd", flat=True)) == [0, 40 * BN]
    assert Deal.objects.get().status == "announced"


def test_e6_the_unshared_rest_is_divided_equally(client: Client) -> None:
    p, q, r = a_company("p"), a_company("q"), a_company("r")
    an_announcement(a_deal(payers=[(p, "0.7"), q, r]), "2025-01-01", 10 * BN)
    parts = series(spending(client, by="year", split="payer"))
    assert parts == {("2025", "p"): 7 * BN, ("2025", "q"): Decimal("1.5") * BN, ("2025", "r"): Decimal("1.5") * BN}


def test_e7_a_planned_total_is_spread_by_days(client: Client) -> None:
    deal = a_deal(window_start=date(2025, 7, 1), window_end=date(2026, 6, 30))
    an_announcement(deal, "2025-01-01", 365 * BN)
    data = spending(client, by="year", split="none", view="planned")
    assert series(data) == {("2025", "all"): 184 * BN, ("2026", "all"): 181 * BN}


def test_e8_a_container_without_an_amount_covers_nothing(client: Client) -> None:
    parent = a_deal()
    an_announcement(parent, "2025-01-01")
    an_announcement(a_deal(part_of=parent), "2025-01-01", 5 * BN)
    an_announcement(a_deal(part_of=parent), "2025-01-01", 7 * BN)
    assert spending(client)["total"] == "12000000000.00"
