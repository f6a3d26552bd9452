"""What is refused and what is taken, cell by cell; how many mistakes are told."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from investments.dataset.format import FILES
from investments.dataset.load import load
from investments.dataset.problems import PackageError
from investments.models import Deal, Impact
from tests.dataset_format.test_load import COMPANIES, DEALS, PARTIES, a_package

pytestmark = pytest.mark.django_db


def refusal_of(package: Path, *, prune: bool = False) -> PackageError:
    with pytest.raises(PackageError) as caught:
        load(package, prune=prune)
    return caught.value


def test_mistakes_beyond_the_first_hundred_are_counted_whatever_they_are(tmp_path: Path) -> None:
    package = a_package(
        tmp_path / "package",
        companies=COMPANIES,
        # 120 of no known stage, 150 inside a deal that nobody knows, 130 of them twice
        deals=[DEALS[0] | {"slug": f"d{n}", "part_of": "nothing"} for n in range(150)]
        + [DEALS[0] | {"slug": f"d{n}"} for n in range(130)]
        + [DEALS[0] | {"slug": f"e{n}", "stage": "dreamt"} for n in range(120)],
    )
    refusal = refusal_of(package)
    assert (len(refusal.problems), refusal.count) == (100, 150 + 130 + 120)
    assert str(refusal).endswith("... and 300 more\n400 problems; nothing was written.")


def test_mistakes_of_one_kind_beyond_the_first_hundred_are_counted_the_first_by_line_listed(tmp_path: Path) -> None:
    deals = [DEALS[0] | {"slug": f"d{n}", "part_of": f"x{n}"} for n in range(150)]
    refusal = refusal_of(a_package(tmp_path / "package", deals=deals))
    assert [(problem.line, problem.value) for problem in refusal.problems] == [(n + 2, f"x{n}") for n in range(100)]
    assert str(refusal).endswith("... and 50 more\n150 problems; nothing was written.")


def test_shares_above_one_are_counted_for_every_deal(tmp_path: Path) -> None:
    deals = [DEALS[0] | {"slug": f"d{n}"} for n in range(150)]
    parties = [
        PARTIES[0] | {"deal": deal["slug"], "company": company, "share": "0.6"}
        for deal in deals
        for company in ("acme", "bolt")
    ]
    refusal = refusal_of(a_package(tmp_path / "package", companies=COMPANIES, deals=deals, deal_parties=parties))
    assert (len(refusal.problems), refusal.count) == (100, 150)


IMPACT = {"project": "park", "metric": "land_ha", "as_of": "2025", "value_low": "5", "unit": "ha", "basis": "permit"}
PARK = {"slug": "park", "name": "Park", "status": "operational"}


def test_a_column_that_no_row_needs_may_be_missing_even_from_the_key(tmp_path: Path) -> None:
    package = a_package(tmp_path / "package", projects=[PARK], impacts=[IMPACT])
    load(package)
    assert Impact.objects.get().source is None
    assert load(package).changed == 0


def test_a_column_that_identifies_each_row_may_not_be_missing(tmp_path: Path) -> None:
    package = a_package(tmp_path / "package", projects=[PARK], impacts=[{**IMPACT, "metric": ""}])
    (package / "impacts.csv").write_text("project,as_of,value_low,unit,basis\npark,2025,5,ha,permit\n")
    assert str(refusal_of(package).problems[0]) == (
        "impacts.csv, line 1, metric: '': expected this column: it identifies the row"
    )


def test_the_documented_columns_are_the_required_ones() -> None:
    text = (settings.BASE_DIR / "docs" / "dataset.md").read_text(encoding="utf-8")
    told = {
        name: columns.partition(";")[0].split(", ") for name, columns in re.findall(r"\| (\w+)\.csv \| (.+) \|", text)
    }
    assert told == {file.name: [cell.name for cell in file.cells if cell.required] for file in FILES}


def test_the_first_and_the_last_day_that_a_package_may_name_load(tmp_path: Path) -> None:
    deal = DEALS[0] | {"window_start": "1900", "window_end": "2100"}
    load(a_package(tmp_path / "package", deals=[deal]))
    assert Deal.objects.filter(window_start=date(1900, 1, 1), window_end=date(2100, 12, 31)).exists()


def test_each_line_with_bytes_that_are_no_utf_8_is_named_and_the_value_shortened(tmp_path: Path) -> None:
    rows = [f"c{n},Company {n},ai_lab,\n".encode() for n in range(500)]
    rows += [b"caf,Caf\xe9,ai_lab,\n", b"long,Long,ai_lab," + b"x" * 30 + b"\xff" + b"y" * 10_000 + b"\n"]
    package = a_package(tmp_path / "package", deals=DEALS)
    (package / "companies.csv").write_bytes(b"slug,name,kind,summary\n" + b"".join(rows))
    assert [str(problem) for problem in refusal_of(package).problems] == [
        r"companies.csv, line 502, name: 'Caf\\xe9': expected text in UTF-8",
        rf"companies.csv, line 503, summary: '{'x' * 20}\\xff{'y' * 19}': expected text in UTF-8",
    ]


def test_a_file_in_another_encoding_is_told_by_its_header(tmp_path: Path) -> None:
    package = a_package(tmp_path / "package", deals=DEALS)
    (package / "companies.csv").write_bytes("slug,name,kind\nacme,Acme,ai_lab\n".encode("utf-16"))
    told = [str(problem) for problem in refusal_of(package).problems]
    assert len(told) == 1
    assert told[0].startswith("companies.csv, line 1, header: ")
    assert told[0].endswith("expected text in UTF-8")


def test_a_forecast_that_disputes_itself_is_refused(tmp_path: Path) -> None:
    forecast = {
        "slug": "much", "forecaster": "Somebody", "published_on": "2025", "subject": "Spending", "unit": "USD",
        "headline": "Much", "disputes": "less;much",
    }  # fmt: skip
    other = forecast | {"slug": "less", "disputes": "much"}
    refusal = refusal_of(a_package(tmp_path / "package", forecasts=[forecast, other]))
    assert [str(problem) for problem in refusal.problems] == [
        "forecasts.csv, line 2, disputes: 'much': expected other forecasts"
    ]


def test_a_company_above_itself_is_refused(tmp_path: Path) -> None:
    parents = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "d"), ("e", "a"), ("f", "")]
    companies = [COMPANIES[0] | {"slug": slug, "parent": parent} for slug, parent in parents]
    refusal = refusal_of(a_package(tmp_path / "package", companies=companies))
    assert [str(problem) for problem in refusal.problems] == [
        f"companies.csv, line {line}, parent: '{parent}': expected another company, which does not lie under this one"
        for line, parent in ((2, "b"), (3, "c"), (4, "a"), (5, "d"))
    ]


def test_a_circle_of_parents_is_seen_through_what_is_stored(tmp_path: Path) -> None:
    bolt = COMPANIES[1] | {"parent": ""}
    load(a_package(tmp_path / "stored", companies=[bolt, COMPANIES[0] | {"parent": "bolt"}]))
    package = a_package(tmp_path / "package", companies=[bolt | {"parent": "acme"}])
    assert [(problem.line, problem.value) for problem in refusal_of(package).problems] == [(2, "acme")]
