"""A package that is loaded with --prune is judged, and written, as if what it does not have were gone already."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from investments.dataset.load import load
from investments.models import Announcement, Company, Deal, DealParty, ExchangeRate, Forecast, Impact
from tests.dataset_format.test_load import COMPANIES, DEALS, PARTIES, SAID, SOURCES, a_package
from tests.dataset_format.test_mistakes import IMPACT, PARK, refusal_of

pytestmark = pytest.mark.django_db

FORECAST = {
    "slug": "much", "forecaster": "acme", "published_on": "2025", "subject": "Spending", "amount_high": "5",
    "unit": "USD", "headline": "Much", "source": "", "disputes": "",
}  # fmt: skip
MILESTONE = {"project": "park", "date": "2025", "kind": "operational", "source": "https://example.org/1"}


def everything() -> dict[str, list[dict[str, str]]]:
    return {
        "companies": [COMPANIES[0] | {"parent": "bolt"}, COMPANIES[1]],
        "sources": SOURCES,
        "projects": [PARK],
        "deals": [DEALS[0] | {"projects": "park"}, DEALS[0] | {"slug": "two", "part_of": "one", "projects": ""}],
        "deal_parties": PARTIES,
        "project_parties": [{"project": "park", "company": "bolt", "role": "owner"}],
        "announcements": [SAID[0] | {"project": "park"}],
        "milestones": [MILESTONE],
        "impacts": [IMPACT],
        "forecasts": [FORECAST, FORECAST | {"slug": "less", "disputes": "much"}],
    }


@pytest.fixture
def stored(tmp_path: Path) -> dict[str, list[dict[str, str]]]:
    """Load one of everything; give the rows."""
    files = everything()
    load(a_package(tmp_path / "stored", **files))
    return files


@pytest.mark.parametrize(
    ("file", "slug", "told"),
    [
        ("companies", "bolt", [
            "companies.csv, line 2, parent: 'bolt': expected the slug of a company in companies.csv",
            "deal_parties.csv, line 2, company: 'bolt': expected the slug of a company in companies.csv",
            "project_parties.csv, line 2, company: 'bolt': expected the slug of a company in companies.csv",
        ]),
        ("projects", "park", [
            "deals.csv, line 2, projects: 'park': expected the slug of a data-center project in projects.csv",
            "project_parties.csv, line 2, project: 'park': expected the slug of a data-center project in projects.csv",
            "announcements.csv, line 2, project: 'park': expected the slug of a data-center project in projects.csv",
            "milestones.csv, line 2, project: 'park': expected the slug of a data-center project in projects.csv",
            "impacts.csv, line 2, project: 'park': expected the slug of a data-center project in projects.csv",
        ]),
        ("deals", "one", [
            "deals.csv, line 2, part_of: 'one': expected the slug of a deal in deals.csv",
            "deal_parties.csv, line 2, deal: 'one': expected the slug of a deal in deals.csv",
            "announcements.csv, line 2, deal: 'one': expected the slug of a deal in deals.csv",
        ]),
        ("sources", "https://example.org/1", [
            "announcements.csv, line 2, sources: 'https://example.org/1': expected the url of a source in sources.csv",
            "milestones.csv, line 2, source: 'https://example.org/1': expected the url of a source in sources.csv",
        ]),
        ("forecasts", "much", [
            "forecasts.csv, line 2, disputes: 'much': expected the slug of a forecast in forecasts.csv",
        ]),
    ],
)  # fmt: skip
def test_what_the_prune_removes_cannot_be_referred_to(
    tmp_path: Path, stored: dict[str, list[dict[str, str]]], file: str, slug: str, told: list[str]
) -> None:
    rows = [row for row in stored[file] if slug not in (row.get("slug"), row.get("url"))]
    left = {name: rows for name, rows in {**stored, file: rows}.items() if rows}
    package = a_package(tmp_path / "package", **left)
    assert [str(problem) for problem in refusal_of(package, prune=True).problems] == told
    assert Company.objects.count() == 2
    load(package)


def test_shares_that_the_prune_removes_do_not_count(tmp_path: Path, stored: dict[str, list[dict[str, str]]]) -> None:
    lender = PARTIES[0] | {"role": "lender", "share": "0.7"}
    package = a_package(tmp_path / "package", **{**stored, "deal_parties": [lender]})
    assert "share: '1.2 in all'" in str(refusal_of(package))
    report = load(package, prune=True)
    assert list(DealParty.objects.values_list("role", "share")) == [("lender", Decimal("0.7"))]
    assert (report.counts["deal_parties"].added, report.counts["deal_parties"].removed) == (1, 1)
    assert load(package, prune=True).changed == 0


def test_links_of_deals_that_the_prune_removes_close_no_circle(
    tmp_path: Path, stored: dict[str, list[dict[str, str]]]
) -> None:
    # Stored, two lies in one. Only that two is not in the package is wrong with one lying in two.
    package = a_package(tmp_path / "package", deals=[DEALS[0] | {"part_of": "two"}])
    assert [str(problem) for problem in refusal_of(package, prune=True).problems] == [
        "deals.csv, line 2, part_of: 'two': expected the slug of a deal in deals.csv"
    ]


def test_containers_may_change_places(tmp_path: Path, stored: dict[str, list[dict[str, str]]]) -> None:
    deals = [DEALS[0] | {"part_of": "two"}, DEALS[0] | {"slug": "two"}]
    load(a_package(tmp_path / "package", deals=deals), prune=True)
    assert list(Deal.objects.order_by("slug").values_list("slug", "part_of__slug")) == [("one", "two"), ("two", None)]
    call_command("rebuild_ledger", "--check", stdout=StringIO())


def test_a_manual_rate_that_the_prune_removes_serves_no_announcement(tmp_path: Path) -> None:
    said = [SAID[0] | {"currency": "XOF", "sources": ""}]
    rate = {"currency": "XOF", "date": "2024-12-31", "per_usd": "625", "origin": "manual"}
    facts = {"companies": COMPANIES, "deals": DEALS, "announcements": said}
    load(a_package(tmp_path / "stored", exchange_rates=[rate], **facts))
    package = a_package(tmp_path / "package", **facts)
    assert str(refusal_of(package, prune=True).problems[0]).startswith(
        "announcements.csv, line 2, currency: 'XOF on 2025-01-01': expected a currency with an exchange rate"
    )
    # The announcement goes with its rate, and so need not be valued without it; euros have a reference rate.
    other = [said[0] | {"key": "one-2", "currency": "EUR", "date": "2025-01-21"}]
    load(a_package(tmp_path / "other", **{**facts, "announcements": other}), prune=True)
    assert not ExchangeRate.objects.exclude(origin="ecb").exists()
    assert list(Announcement.objects.values_list("key", flat=True)) == ["one-2"]
    call_command("rebuild_ledger", "--check", stdout=StringIO())


def test_a_forecaster_who_is_pruned_as_a_company_is_a_body_by_that_name(
    tmp_path: Path, stored: dict[str, list[dict[str, str]]]
) -> None:
    package = a_package(tmp_path / "package", forecasts=[FORECAST])
    load(package, prune=True)
    assert not Company.objects.exists()
    assert list(Forecast.objects.values_list("forecaster", "forecaster_name")) == [(None, "acme")]
    assert load(package, prune=True).changed == 0


def test_an_impact_that_gets_a_new_source_replaces_the_one_without(
    tmp_path: Path, stored: dict[str, list[dict[str, str]]]
) -> None:
    new = "https://example.org/3"
    files = {**stored, "sources": [*SOURCES, {"url": new}], "impacts": [IMPACT | {"source": new}]}
    load(a_package(tmp_path / "package", **files), prune=True)
    assert [impact.source and impact.source.url for impact in Impact.objects.all()] == [new]


def test_a_reference_rate_stands_again_when_the_one_by_hand_goes(tmp_path: Path) -> None:
    day = {"currency": "EUR", "date": "2025-02-10"}
    reference = ExchangeRate.objects.get(**day).rate
    rates = [{**day, "per_usd": "0.5", "origin": "manual"}]
    load(a_package(tmp_path / "with", companies=COMPANIES, exchange_rates=rates))
    assert ExchangeRate.objects.get(**day).rate == Decimal("0.5")
    load(a_package(tmp_path / "without", companies=COMPANIES), prune=True)
    assert (ExchangeRate.objects.get(**day).rate, ExchangeRate.objects.get(**day).origin) == (reference, "ecb")
