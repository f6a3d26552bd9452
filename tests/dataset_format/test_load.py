"""Packages: all of it or nothing, twice changes nothing, out and in again byte-identical."""

import csv
import shutil
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from investments.dataset.export import export
from investments.dataset.format import BY_NAME
from investments.dataset.load import load
from investments.dataset.problems import PackageError
from investments.management.commands.serve import BUNDLED
from investments.models import Announcement, Company, Deal, DealParty, ExchangeRate, LedgerEntry

pytestmark = pytest.mark.django_db


def a_package(folder: Path, **files: list[dict[str, str]]) -> Path:
    """Write a package: rows of each file, whose columns are those of its first row."""
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as handle:
            writer = csv.DictWriter(handle, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    return folder


COMPANIES = [{"slug": "acme", "name": "Acme", "kind": "ai_lab"}, {"slug": "bolt", "name": "Bolt", "kind": "investor"}]
DEALS = [{"slug": "one", "title": "One", "kind": "equity", "stage": "signed", "part_of": ""}]
PARTIES = [{"deal": "one", "company": "bolt", "role": "investor", "share": "0.5"}]
SOURCES = [{"url": "https://example.org/1", "published_on": ""}, {"url": "https://example.org/2"}]
SAID = [
    {
        "key": "one-1", "deal": "one", "date": "2025-Q1", "event": "announced", "amount_low": "", "amount_high": "5000000000.50",
        "currency": "USD", "basis": "up_to", "headline": "Bolt may\npay", "sources": "https://example.org/2;https://example.org/1",
    }
]  # fmt: skip


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return a_package(
        tmp_path / "package",
        companies=COMPANIES,
        deals=DEALS,
        deal_parties=PARTIES,
        sources=SOURCES,
        announcements=SAID,
    )


def changed_cell(package: Path, file: str, column: str, value: str, row: int = 0) -> None:
    path = package / f"{file}.csv"
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    rows[row][column] = value
    a_package(package, **{file: rows})


def problems_of(package: Path) -> list[str]:
    with pytest.raises(PackageError) as caught:
        load(package)
    assert not Deal.objects.exists()
    assert not Company.objects.exists()
    return [str(problem) for problem in caught.value.problems]


def test_a_row_becomes_its_fact(package: Path) -> None:
    load(package)
    said = Announcement.objects.get()
    assert (said.deal and said.deal.slug, str(said.when), said.amount_low, said.amount_high) == (
        "one", "2025-Q1", None, Decimal("5000000000.50"),
    )  # fmt: skip
    assert said.headline == "Bolt may\npay"
    assert [citation.source.url[-1] for citation in said.citations.order_by("position")] == ["2", "1"]
    assert (LedgerEntry.objects.get().low_usd, LedgerEntry.objects.get().high_usd) == (0, Decimal("5000000000.50"))
    assert Deal.objects.get().headline_usd == Decimal("5000000000.50")


def test_loading_twice_changes_nothing_and_says_so(package: Path) -> None:
    call_command("load_dataset", package, stdout=StringIO())
    said = StringIO()
    call_command("load_dataset", package, stdout=said)
    assert said.getvalue().strip().endswith("\n0 changed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM investments_dealevent WHERE pgh_label = 'update'")
        assert cursor.fetchone() == (0,)


def test_a_changed_row_is_updated_and_its_history_kept(package: Path) -> None:
    load(package)
    changed_cell(package, "deals", "title", "Another")
    report = load(package)
    assert (report.changed, report.counts["deals"].changed) == (1, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM investments_dealevent ORDER BY pgh_id")
        assert cursor.fetchall() == [("One",), ("Another",)]


def test_the_bundled_package_goes_out_and_in_again_unchanged(tmp_path: Path) -> None:
    load(BUNDLED)
    export(tmp_path / "first")
    with connection.cursor() as cursor:
        tables = ", ".join(file.table for file in BY_NAME.values() if file.name != "exchange_rates")
        cursor.execute(f"TRUNCATE {tables} CASCADE")
    assert not LedgerEntry.objects.exists()
    load(tmp_path / "first")
    export(tmp_path / "second")
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("first", "second"))
    assert len(first) == 13
    assert first == second
    assert load(tmp_path / "first").changed == 0


def test_five_kinds_of_mistakes_are_listed_at_once_and_nothing_is_written(package: Path) -> None:
    changed_cell(package, "deal_parties", "company", "nobody")
    changed_cell(package, "announcements", "date", "2025-13")
    changed_cell(package, "announcements", "amount_low", "5bn")
    changed_cell(package, "deals", "kind", "gift")
    path = package / "companies.csv"
    path.write_text(path.read_text().replace("kind", "kinds", 1))
    told = problems_of(package)
    assert told == [
        "companies.csv, line 1, kinds: 'kinds': expected a column out of "
        "slug, name, aliases, kind, country, parent, ticker, website, wikidata, summary, summary_fr",
        "companies.csv, line 2, kind: '': expected a value",
        "companies.csv, line 3, kind: '': expected a value",
        "deals.csv, line 2, kind: 'gift': expected one of equity, cloud_contract, chip_supply, capex_commitment, debt, "
        "lease, joint_venture, acquisition, public_programme, power_purchase",
        "announcements.csv, line 2, date: '2025-13': expected a date YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY",
        "announcements.csv, line 2, amount_low: '5bn': expected a plain decimal number from 0, such as 1500000.5",
        "deal_parties.csv, line 2, company: 'nobody': expected the slug of a company in companies.csv or the database",
    ]


@pytest.mark.parametrize(
    ("file", "column", "value", "told"),
    [
        ("announcements", "amount_low", "6000000000", "announcements.csv, line 2, amount_low: '6000000000': expected at most amount_high"),
        ("announcements", "amount_low", "-1", "announcements.csv, line 2, amount_low: '-1': expected a plain decimal number from 0"),
        ("announcements", "amount_low", "٥", "announcements.csv, line 2, amount_low: '٥': expected a plain decimal number from 0"),
        ("announcements", "date", "٢٠٢٥-٠١", "announcements.csv, line 2, date: '٢٠٢٥-٠١': expected a date YYYY-MM-DD"),
        ("announcements", "date", "9999-12", "announcements.csv, line 2, date: '9999-12': expected a date from 1900 to 2100"),
        ("announcements", "date", "0999", "announcements.csv, line 2, date: '0999': expected a date from 1900 to 2100"),
        ("announcements", "date", "1899-12-31", "announcements.csv, line 2, date: '1899-12-31': expected a date from 1900 to 2100"),
        ("sources", "published_on", "2101-Q1", "sources.csv, line 2, published_on: '2101-Q1': expected a date from 1900 to 2100"),
        ("announcements", "currency", "", "announcements.csv, line 2, currency: '': expected the currency of the amount"),
        ("announcements", "currency", "DOLLAR", "announcements.csv, line 2, currency: 'DOLLAR': expected an ISO 4217 code"),
        ("announcements", "currency", "XOF", "announcements.csv, line 2, currency: 'XOF on 2025-01-01': expected a currency with an exchange rate"),
        ("announcements", "deal", "", "announcements.csv, line 2, deal: '': expected a deal or a project"),
        ("announcements", "headline", "", "announcements.csv, line 2, headline: '': expected a value"),
        ("announcements", "headline", "x" * 301, "expected at most 300 characters"),
        ("deals", "part_of", "one", "deals.csv, line 2, part_of: 'one': expected a deal that does not lie inside this one"),
        ("deal_parties", "share", "1.5", "deal_parties.csv, line 2, share: '1.5': expected a plain decimal number above 0 to 1"),
        ("deals", "slug", "One!", "deals.csv, line 2, slug: 'One!': expected a slug"),
        ("sources", "url", "example.org", "sources.csv, line 2, url: 'example.org': expected an address"),
        ("sources", "url", "https://example.org/2", "sources.csv, line 3, url: 'https://example.org/2': expected a row of its own: line 2 has the same key"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(package: Path, file: str, column: str, value: str, told: str) -> None:
    changed_cell(package, file, column, value)
    assert any(told in problem for problem in problems_of(package))


def test_shares_of_one_side_add_up_to_at_most_one(package: Path) -> None:
    more = [*PARTIES, {"deal": "one", "company": "acme", "role": "lender", "share": "0.6"}]
    a_package(package, deal_parties=more)
    assert "deal_parties.csv, line 3, share: '1.1 in all'" in problems_of(package)[0]


def test_a_circle_of_three_deals_is_refused(package: Path) -> None:
    circle = [
        DEALS[0] | {"slug": slug, "part_of": of} for slug, of in (("one", "two"), ("two", "three"), ("three", "one"))
    ]
    a_package(package, deals=circle)
    assert [problem.split(": expected")[0] for problem in problems_of(package)] == [
        "deals.csv, line 2, part_of: 'two'",
        "deals.csv, line 3, part_of: 'three'",
        "deals.csv, line 4, part_of: 'one'",
    ]


def test_the_line_of_a_row_is_that_of_an_editor(package: Path) -> None:
    a_package(package, announcements=[SAID[0], {**SAID[0], "key": "one-2", "event": "shouted"}])
    assert problems_of(package)[0].startswith("announcements.csv, line 4, event: 'shouted'")


def test_only_the_first_hundred_mistakes_are_shown_and_all_are_counted(package: Path) -> None:
    a_package(package, companies=[COMPANIES[0] | {"slug": f"c{n}", "kind": "club"} for n in range(150)])
    with pytest.raises(PackageError) as caught:
        load(package)
    assert len(caught.value.problems) == 100
    assert "and 5" in str(caught.value)
    assert str(caught.value).endswith("problems; nothing was written.")


def test_bytes_that_are_no_text_are_refused(package: Path) -> None:
    (package / "companies.csv").write_bytes(b"slug,name,kind\nacme,Acm\xe9,ai_lab\n")
    assert r"companies.csv, line 2, name: 'Acm\\xe9': expected text in UTF-8" in problems_of(package)[0]


def test_a_manual_rate_in_the_package_serves_its_announcements(package: Path) -> None:
    changed_cell(package, "announcements", "currency", "XOF")
    a_package(package, exchange_rates=[{"currency": "XOF", "date": "2024-12-31", "per_usd": "625", "origin": "manual"}])
    load(package)
    assert Deal.objects.get().headline_usd == Decimal("8000000.00")


def test_prune_removes_what_the_package_no_longer_has(package: Path) -> None:
    load(package)
    a_package(package, deals=[DEALS[0] | {"slug": "two"}], deal_parties=[PARTIES[0] | {"deal": "two"}])
    a_package(package, announcements=[SAID[0] | {"key": "two-1", "deal": "two", "sources": ""}], sources=SOURCES[:1])
    assert load(package).counts["deals"].removed == 0
    assert set(Deal.objects.values_list("slug", flat=True)) == {"one", "two"}
    report = load(package, prune=True)
    assert list(Deal.objects.values_list("slug", flat=True)) == ["two"]
    assert (
        report.counts["deals"].removed,
        report.counts["announcements"].removed,
        report.counts["sources"].removed,
    ) == (1, 1, 1)
    assert DealParty.objects.count() == 1
    assert ExchangeRate.objects.filter(origin="ecb").exists()
    call_command("rebuild_ledger", "--check", stdout=StringIO())


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="expected a folder with the package's CSV files"):
        call_command("load_dataset", tmp_path / "nowhere")


def test_a_file_that_belongs_to_no_package_is_named(package: Path) -> None:
    shutil.copy(package / "deals.csv", package / "dealz.csv")
    assert problems_of(package)[0].startswith("dealz.csv, file: 'dealz.csv': expected one of announcements.csv")
