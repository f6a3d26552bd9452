"""What a window and a reporting currency do to what is counted: never a silent zero, never another containment."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from investments.models import Deal, DealParty, ExchangeRate
from tests.builders import a_company, a_deal, an_announcement

pytestmark = pytest.mark.django_db


@pytest.fixture
def nested() -> None:
    """A container of 500 of 2024 with a part of 300 of 2025 inside."""
    whole = a_deal("whole")
    an_announcement(whole, "2024-06-01", 500)
    an_announcement(a_deal("part", part_of=whole), "2025-06-01", 300)


def exported(client: Client, address: str) -> Any:
    """Return an export, which comes as a stream."""
    return json.loads(client.get(address).getvalue())


def total(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.json()["total"]


@pytest.mark.usefixtures("nested")
def test_the_window_of_a_list_of_deals_does_not_change_what_covers_what(client: Client) -> None:
    told = exported(client, "/deals/export.json?after=2025")
    assert [(row["slug"], row["counted"]) for row in told["rows"]] == [("part", False)]
    assert Decimal(told["total"]) == 0
    assert client.get("/api/v1/deals/?after=2025").json()["results"][0]["counted"] is False
    assert total(client, "/charts/spending.json?after=2025") == "0.00"
    assert Decimal(exported(client, "/deals/export.json?before=2024")["total"]) == 500


@pytest.mark.usefixtures("nested")
@pytest.mark.parametrize("chart", ["spending", "followthrough", "flows"])
def test_a_currency_without_any_rate_is_refused(client: Client, chart: str) -> None:
    answer = client.get(f"/charts/{chart}.json?currency=VES")
    assert answer.status_code == 400
    assert "VES" in answer.json()["errors"]["currency"][0]


@pytest.mark.usefixtures("nested")
@pytest.mark.parametrize("path", ["/announcements/", "/deals/", "/fr/announcements/"])
def test_a_page_says_which_rate_is_missing(client: Client, path: str) -> None:
    page = client.get(f"{path}?currency=VES")
    assert page.status_code == 200
    # The day stands in the refusal alone: there are no rows.
    assert "VES" in page.content.decode()
    assert "2024-06-01" in page.content.decode()


@pytest.mark.usefixtures("nested")
def test_only_days_inside_the_window_need_a_rate(client: Client) -> None:
    ExchangeRate.objects.create(currency="VES", date="2024-06-01", rate=Decimal(2), origin="manual")
    assert total(client, "/charts/spending.json?currency=VES&before=2024") == "1000.00"
    assert client.get("/charts/spending.json?currency=VES&count=gross&after=2025").status_code == 400


@pytest.mark.usefixtures("nested")
@pytest.mark.parametrize("part", ["payer:nobody", "kind:nonsense", "country:XX", "layer:build;nonsense", "payer:%00"])
def test_a_segment_that_cannot_be_is_refused(client: Client, part: str) -> None:
    for address in (
        f"/charts/spending.json?slice={part}",
        f"/deals/export.json?slice={part}",
        f"/api/v1/deals/?slice={part}",
    ):
        answer = client.get(address)
        assert answer.status_code == 400, address
        assert "slice" in answer.json()["errors"]


def test_several_values_of_has_mean_any_of_them(client: Client) -> None:
    an_announcement(a_deal("priced"), "2025-01-01", 5)
    an_announcement(a_deal("windowed", window_start="2025-01-01", window_end="2025-12-31"), "2025-01-01")
    an_announcement(a_deal("neither"), "2025-01-01")
    rows = exported(client, "/deals/export.json?has=amount&has=window")["rows"]
    assert {row["slug"] for row in rows} == {"priced", "windowed"}


def test_what_was_delivered_before_a_cancellation_stays_delivered(client: Client) -> None:
    deal = a_deal("plan", payers=[a_company("payer")])
    an_announcement(deal, "2024-01-01", 100)
    an_announcement(deal, "2024-06-01", 20, event="delivered")
    an_announcement(deal, "2025-01-01", event="cancelled")
    rows = client.get("/charts/followthrough.json").json()["series"]
    assert {(row["segment"], row["amount"]) for row in rows} == {("delivered", "20.00"), ("cancelled", "80.00")}


@pytest.mark.usefixtures("nested")
def test_the_running_period_is_drawn_unless_the_window_ends_before(client: Client) -> None:
    this_year = str(timezone.now().year)

    def drawn(query: str) -> set[str]:
        data = client.get(f"/charts/spending.json?by=year&count=gross{query}").json()["figure"]["data"]
        return {day[:4] for trace in data if trace["type"] == "bar" for day in trace["x"]}

    assert this_year in drawn("")
    assert drawn("&before=2025") == {"2024", "2025"}


@pytest.mark.usefixtures("nested")
def test_a_disputed_figure_stands_beside_the_one_it_contradicts(client: Client) -> None:
    an_announcement(Deal.objects.get(slug="whole"), "2024-09-01", 90, event="disputed", headline="No, ninety")
    page = client.get("/deals/whole/").content.decode()
    notice = page[page.index('id="conflict-title"') : page.index("</aside>")]
    assert "No, ninety" in notice and "Statement of 2024-06-01" in notice
    assert "$90" in notice and "$500" in notice


@pytest.mark.usefixtures("nested")
def test_rows_of_deals_are_told_in_the_currency_of_the_sum_under_them(client: Client) -> None:
    for day, rate in (("2024-06-01", 2), ("2025-06-01", 3)):
        ExchangeRate.objects.create(currency="VES", date=day, rate=Decimal(rate), origin="manual")
    an_announcement(a_deal("silent"), "2025-06-01")
    an_announcement(Deal.objects.get(slug="whole"), "2025-06-01", 600, event="increased")
    late = a_deal("late")
    an_announcement(late, "2024-06-01", 100, basis="up_to")
    an_announcement(late, "2025-06-01", 100, event="confirmed")
    page = client.get("/deals/?currency=VES&sort=-headline_usd").content.decode()
    # 500 at 2 and 100 at 3; 300 at 3, which lies inside and is not added; 100 at 2, whose floor came at 3: one figure
    # in dollars is one figure here. A deal without a figure has none.
    assert re.findall(r'class="amount"><span title="VES\s?([\d,]+)"', page) == ["1,300", "900", "200"]
    assert 'data-headline="1500.00"' in page
    assert "$" not in re.sub(r"(?s).*<tbody>|</tbody>.*", "", page)


def planned(client: Client, query: str) -> list[str]:
    """Return what the cells of planned money say, each with the total under it."""
    page = client.get(f"/deals/?view=planned&sort=title{query}").content.decode()
    cells = re.findall(r'(?s)<td class="num" data-label="Planned">(.*?)</td>', page)
    return [re.sub(r"<[^>]*>", "|", cell).replace("\xa0", " ").strip("|") for cell in cells]


def test_a_plan_without_an_amount_is_no_plan_of_nothing(client: Client) -> None:
    days = {"window_start": "2025-01-01", "window_end": "2026-12-31"}
    an_announcement(a_deal("a", **days), "2024-06-01")
    an_announcement(a_deal("b", **days), "2024-06-01", 730)
    silent, told = planned(client, "&after=2025&before=2025")
    assert "$" not in silent and "no amount was stated" in silent and " of " not in f" {silent}"
    assert re.sub(r"[| ]+", " ", told) == "$365 of $730"


def test_planned_money_that_is_one_figure_in_dollars_is_one_at_any_rate(client: Client) -> None:
    for day, rate in (("2024-06-01", 2), ("2025-06-01", 3)):
        ExchangeRate.objects.create(currency="VES", date=day, rate=Decimal(rate), origin="manual")
    deal = a_deal("late", window_start="2025-01-01", window_end="2026-12-31")
    an_announcement(deal, "2024-06-01", 100, basis="up_to")
    an_announcement(deal, "2025-06-01", 100, event="confirmed")
    (cell,) = planned(client, "&currency=VES&before=2025")
    assert re.findall(r"[\d,]+", cell) == ["100", "200"]


def test_a_deal_without_a_window_is_told_whole_whatever_event_a_plan_names(client: Client) -> None:
    deal = a_deal("open-ended")
    an_announcement(deal, "2024-06-01", 5)
    an_announcement(deal, "2025-06-01", 8, event="increased")
    told = client.get("/charts/spending.json?view=planned&event=increased").json()["left_out"]["no_window"]
    assert told == {"deals": 1, "amount": "8.00"}


def test_a_payer_of_two_roles_of_which_one_has_a_share_leaves_the_rest_to_nobody(client: Client) -> None:
    payer, deal = a_company("payer"), a_deal("round")
    for role, share in (("sponsor", None), ("developer", Decimal("0.1"))):
        DealParty.objects.create(deal=deal, company=payer, role=role, share=share)
    an_announcement(deal, "2025-01-01", 10)
    assert total(client, "/charts/spending.json?slice=payer:unknown") == "9.00"
    told = exported(client, "/deals/export.json?slice=payer:unknown")
    assert ([row["slug"] for row in told["rows"]], Decimal(told["total"])) == (["round"], 9)


def test_a_plan_lists_the_deals_whose_days_of_spending_reach_into_the_readers(client: Client) -> None:
    for slug, start, end in (("ended", "2023-01-01", "2024-12-31"), ("across", "2024-01-01", "2027-12-31"),
                             ("first-day", "2024-01-01", "2025-01-01"), ("last-day", "2025-12-31", "2026-12-31"),
                             ("to-come", "2026-01-01", "2026-12-31")):  # fmt: skip
        an_announcement(a_deal(slug, window_start=start, window_end=end), "2024-06-01", 100)
    an_announcement(a_deal("open-ended"), "2025-06-01", 100)
    rows = exported(client, "/deals/export.json?view=planned&after=2025&before=2025")["rows"]
    assert {row["slug"] for row in rows} == {"across", "first-day", "last-day"}
