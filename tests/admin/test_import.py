"""Tables that editors bring: the columns are shown, all is tried out, and all of it is loaded or nothing."""

import csv
import re
import time
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from openpyxl import Workbook, load_workbook

from investments.history import timeline
from investments.models import Announcement, Company, Deal, Upload
from tests.builders import a_company, a_deal, a_source, an_announcement

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "/admin/investments/upload/add/"
Bring = Callable[..., str]


def as_csv(rows: list[list[str]]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def bring(admin_client: Client) -> Bring:
    """Upload a file, try it out or load it, and return the page that tells the outcome."""

    def do(table: str, content: bytes, name: str = "rows.csv", *, load: bool = False, **columns: str) -> str:
        file = SimpleUploadedFile(name, content)
        answer = admin_client.post(ADD, {"table": table, "file": file, "reason": "From the desk"})
        if answer.status_code != 302:
            return unescape(answer.content.decode())
        step = answer["Location"]
        began = time.monotonic()
        page = finished(admin_client, step, {"try": "1", **columns})
        tried = time.monotonic()
        if load and "Load all of it" in page:
            page = finished(admin_client, step, {"load": "1"})
        print(f"tried out in {tried - began:.1f} s, loaded in {time.monotonic() - tried:.1f} s")
        return page

    return do


def finished(client: Client, step: str, form: dict[str, str]) -> str:
    """Take a step, wait until its work is done, and return its page."""
    answer = client.post(step, form)
    if answer.status_code == 200:
        return unescape(answer.content.decode())
    progress = step.replace("/change/", "/progress/")
    for _attempt in range(900):
        if b"every 1s" not in client.get(progress).content:
            break
        time.sleep(0.2)
    return unescape(client.get(step).content.decode())


HEADER = ["key", "deal", "date", "event", "amount_low", "amount_high", "currency", "headline", "sources"]


def test_a_table_is_tried_out_before_it_is_loaded(bring: Bring) -> None:
    a_deal("campus", kind="capex_commitment")
    a_source(url="https://example.org/a")
    rows = [
        HEADER,
        ["k1", "campus", "2025-01", "announced", "5e9".replace("e9", "0" * 9), "5000000000", "USD", "Five", ""],
    ]
    page = bring("announcements", as_csv(rows))
    assert "1 rows added, 0 changed, 0 unchanged." in page and "There is no source." in page
    assert re.search(r"<th scope=\"row\">Build</th>\s*<td title=\"0.00\">.*?<td title=\"5000000000.00\">", page, re.S)
    assert not Announcement.objects.exists()
    bring("announcements", as_csv(rows), load=True)
    made = Announcement.objects.get()
    assert (made.amount_high, str(made.when)) == (5 * 10**9, "2025-01")
    change = timeline(made)[0]
    assert (change.who, change.reason) == ("admin", "From the desk")
    assert change.where.startswith("/admin/investments/upload/")


def test_columns_that_are_not_read_keep_what_is_stored(bring: Bring) -> None:
    a_company("acme", name="Acme", ticker="ACM", aliases=["A", "B"], kind="energy")
    bring("companies", as_csv([["Slug", "NAME", "kind", "Comment"], ["acme", "Acme Inc", "energy", "x"]]), load=True)
    acme = Company.objects.get()
    assert (acme.name, acme.ticker, acme.aliases) == ("Acme Inc", "ACM", ["A", "B"])


def test_a_workbook_with_foreign_headers_is_read_by_its_mapping(bring: Bring) -> None:
    book = Workbook()
    assert book.active
    for row in (["Kürzel", "Firma", "Art"], ["acme", "Acme", "energy"]):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    name = "firms.xlsx"
    assert "Columns: expected one for each of slug, name, kind." in bring("companies", content.getvalue(), name)
    bring(
        "companies", content.getvalue(), name, load=True, **{"column-0": "slug", "column-1": "name", "column-2": "kind"}
    )
    assert Company.objects.get().name == "Acme"


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"\xff\xfe\x00", "a.csv", "is not UTF-8"),
        (b"PK nonsense", "a.xlsx", "not an Excel workbook"),
        (b"", "a.csv", "The submitted file is empty."),
        (b"\n", "a.csv", "there is no header"),
        (b'a,b\n"x', "a.csv", "not CSV"),
    ],
)
def test_what_is_no_table_is_refused(bring: Bring, content: bytes, name: str, told: str) -> None:
    assert told in bring("companies", content, name)
    assert not Upload.objects.exists()


def test_a_selection_is_exported_as_the_import_reads_it(admin_client: Client, bring: Bring) -> None:
    deal = a_deal("campus", payers=[a_company("acme")])
    one, two = an_announcement(deal, "2025-01-01", "5e9", key="a"), an_announcement(deal, "2025-06-01", "6e9", key="b")
    address = "/admin/investments/announcement/"
    for action, rows in (("export_csv", 1), ("export_xlsx", 1)):
        answer = admin_client.post(address, {"action": action, "_selected_action": [two.pk]})
        if action == "export_csv":
            assert [row["key"] for row in csv.DictReader(StringIO(answer.content.decode()))] == ["b"]
            assert "0 rows added, 0 changed, 1 unchanged." in bring("announcements", answer.content)
        else:
            sheet = load_workbook(BytesIO(answer.content)).active
            assert sheet and sheet.max_row == rows + 1 and sheet["A2"].value == "b"
    assert one.pk


def test_fifty_thousand_rows_with_three_bad_ones_write_nothing_and_then_all(
    bring: Bring, django_db_blocker: object
) -> None:
    number = 50_000
    bring(
        "deals",
        as_csv([["slug", "title", "kind", "stage"], *([f"d{n}", f"Deal {n}", "debt", "signed"] for n in range(5_000))]),
        load=True,
    )
    assert Deal.objects.count() == 5_000
    a_source(url="https://example.org/all")
    rows = [HEADER]
    for n in range(number):
        # Ten statements on each deal, in ten months, of 1 to 10 million.
        amount = str((n // 5_000 + 1) * 10**6)
        rows.append(
            [
                f"k{n}",
                f"d{n % 5000}",
                f"2025-{n // 5000 + 1:02}-01",
                "increased",
                amount,
                amount,
                "USD",
                f"Row {n}",
                "https://example.org/all",
            ]
        )
    bad = [list(row) for row in rows]
    bad[10][2], bad[25_000][5], bad[50_000][1] = "yesterday", "much", "nowhere"
    page = bring("announcements", as_csv(bad), load=True)
    assert "3 errors; nothing was written" in page
    problems = re.findall(r"<td>(\d+)</td>\s*<td>(\w+)</td>\s*<td>(\w+)</td>", page)
    assert problems == [("11", "date", "yesterday"), ("25001", "amount_high", "much"), ("50001", "deal", "nowhere")]
    assert not Announcement.objects.exists()

    page = bring("announcements", as_csv(rows), load=True)
    assert "50000 rows added, 0 changed, 0 unchanged." in page
    assert Deal.objects.filter(headline_usd=Decimal(10**7)).count() == 5_000
    said = StringIO()
    call_command("rebuild_ledger", check=True, stdout=said)
    assert "0 differences" in said.getvalue()
