"""Lists as files: the same rows as the page, safe to open, and honest about what they are."""

import csv
import io
import json
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.builders import a_company, a_deal, a_project, a_source, an_announcement

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def content(client: Client, address: str) -> bytes:
    """Return the body of a streamed answer."""
    response: Any = client.get(address)
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def csv_rows(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(client, address).decode())))


@pytest.fixture
def facts() -> None:
    """Three deals: one inside another, one whose name looks like a formula."""
    lab, cloud = a_company("lab", country="US"), a_company("cloud")
    pledge = a_deal("pledge", payers=[lab], payees=[cloud], window_start="2025-01-01", window_start_precision="quarter")
    inside = a_deal("inside", kind="cloud_contract", part_of=pledge)
    formula = a_deal("formula", title="=1+1", kind="equity")
    first = an_announcement(pledge, "2025-02-01", "500")
    an_announcement(inside, "2025-03-01", "20.50", date_precision="month")
    an_announcement(formula, "2025-04-01", headline="@risk; with, commas")
    a_source(first, "https://example.org/b")
    a_source(first, "https://example.org/a")


def test_csv_holds_the_selected_rows_with_every_column(client: Client, facts: None) -> None:
    rows = {row["slug"]: row for row in csv_rows(client, "/deals/export.csv?sort=title")}
    assert list(rows) == ["formula", "inside", "pledge"]
    assert rows["pledge"]["payers"] == "lab"
    assert rows["pledge"]["window_start"] == "2025-Q1"
    assert rows["pledge"]["headline_usd"] == "500.00"
    assert (rows["pledge"]["counted"], rows["inside"]["counted"]) == ("true", "false")
    assert rows["formula"]["headline_usd"] == ""
    assert [row["slug"] for row in csv_rows(client, "/deals/export.csv?kind=cloud_contract")] == ["inside"]


def test_announcements_carry_their_change_and_their_sources(client: Client, facts: None) -> None:
    first, second, third = csv_rows(client, "/announcements/export.csv?sort=date")
    assert first["sources"] == "https://example.org/b;https://example.org/a"
    assert (first["increment_usd"], first["increment_floor_usd"], first["date"]) == ("500.00", "500.00", "2025-02-01")
    assert (second["date"], second["counted"]) == ("2025-03", "false")
    assert third["increment_usd"] == "0.00"


def test_a_cell_that_looks_like_a_formula_stays_text(client: Client, facts: None) -> None:
    assert csv_rows(client, "/deals/export.csv?kind=equity")[0]["title"] == "'=1+1"
    assert csv_rows(client, "/announcements/export.csv?kind=equity")[0]["headline"] == "'@risk; with, commas"
    sheet = load_workbook(io.BytesIO(content(client, "/deals/export.xlsx?kind=equity"))).active
    assert sheet is not None
    assert "'=1+1" in [cell.value for cell in sheet[2]]


def test_a_workbook_holds_the_same_rows_and_says_where_they_are_from(client: Client, facts: None) -> None:
    book = load_workbook(io.BytesIO(content(client, "/deals/export.xlsx?layer=build&sort=title")))
    sheet = book.active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    row = dict(zip(head, rows[0], strict=True))
    assert (len(rows), row["slug"], row["headline_usd"], row["counted"]) == (1, "pledge", 500, True)
    assert book.properties.description == "/deals/?layer=build&sort=title"


def test_json_says_what_it_holds(client: Client, facts: None) -> None:
    told = json.loads(content(client, "/deals/export.json?measure=floor&count=gross"))
    assert (told["query"], told["row_count"], told["currency"]) == ("measure=floor&count=gross", 3, "USD")
    assert told["by_layer"] == {"build": "500.00", "contract": "20.50", "financing": "0.00"}
    assert {row["slug"]: row["headline_usd"] for row in told["rows"]} == {
        "pledge": "500.00", "inside": "20.50", "formula": None,
    }  # fmt: skip
    assert told["rows"][0]["payers"] == []
    assert json.loads(content(client, "/deals/export.json?q=nowhere"))["rows"] == []


def test_the_file_name_holds_the_query_and_the_day(client: Client, facts: None) -> None:
    response = client.get("/deals/export.csv?kind=equity&q=a b/../c")
    today = timezone.now().date().isoformat()
    assert response["Content-Disposition"] == f'attachment; filename="deals_kind-equity_q-a-b-2F..-2Fc_{today}.csv"'


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("name", ["announcements", "deals", "companies", "projects", "forecasts"])
def test_every_list_is_exported_in_every_form(client: Client, facts: None, name: str, form: str) -> None:
    a_project("site", latitude=Decimal("1.5"), longitude=Decimal("2.5"))
    assert content(client, f"/{name}/export.{form}")
    assert client.get(f"/{name}/export.{form}?nonsense=1").json()["errors"].keys() == {"nonsense"}
    assert client.get(f"/{name}/export.{form}?nonsense=1").status_code == 400


def test_a_draft_is_in_no_export(client: Client) -> None:
    an_announcement(a_deal("hidden"), "2025-01-01", "1", review="draft")
    assert csv_rows(client, "/deals/export.csv") == csv_rows(client, "/announcements/export.csv") == []


def test_a_feed_holds_the_newest_rows_first(client: Client, facts: None) -> None:
    feed = ElementTree.fromstring(client.get("/announcements/feed.atom?layer=build&layer=contract").content)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert titles == ["Statement of 2025-03-01", "Statement of 2025-02-01"]
    deals = ElementTree.fromstring(client.get("/fr/deals/feed.atom?kind=equity").content)
    assert [entry.findtext(f"{ATOM}title") for entry in deals.findall(f"{ATOM}entry")] == ["=1+1"]
    assert client.get("/deals/feed.atom?kind=nothing").status_code == 400
