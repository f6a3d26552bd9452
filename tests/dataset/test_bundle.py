"""The bundled facts: sourced, in two languages, in order, in sane ranges."""

import csv
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from investments.management.commands.serve import BUNDLED
from investments.values import Period


def rows(name: str) -> list[dict[str, str]]:
    with (BUNDLED / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def test_it_is_at_least_as_large_as_promised() -> None:
    least = {
        "companies": 200,
        "deals": 320,
        "announcements": 520,
        "projects": 100,
        "milestones": 220,
        "impacts": 160,
        "forecasts": 60,
    }
    assert {name: len(rows(name)) for name in least if len(rows(name)) < least[name]} == {}


@pytest.mark.django_db
def test_it_loads_and_the_ledger_is_right(bundled: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rebuild_ledger", "--check")
    assert "0 differences" in capsys.readouterr().out


def test_every_fact_has_a_source() -> None:
    known = {row["url"] for row in rows("sources")}
    for name, column in (
        ("announcements", "sources"),
        ("milestones", "source"),
        ("impacts", "source"),
        ("energy", "source"),
        ("forecasts", "source"),
    ):
        for row in rows(name):
            cited = [url for url in row[column].split(";") if url]
            assert cited, row
            assert set(cited) <= known, row


def test_every_title_headline_and_note_has_its_french() -> None:
    for name, columns in (
        ("deals", ("title", "note")), ("announcements", ("headline", "note")), ("forecasts", ("headline",)), ("milestones", ("note",)),
        ("impacts", ("note",)), ("energy", ("note",)), ("projects", ("note",)),
    ):  # fmt: skip
        missing = [row for row in rows(name) for column in columns if row[column] and not row[f"{column}_fr"]]
        assert missing == []


def test_no_event_comes_before_its_deals_first_announcement() -> None:
    said = defaultdict(list)
    for row in rows("announcements"):
        said[row["deal"]].append((Period.parse(row["date"]).last, row["event"], row["key"]))
    for deal, events in said.items():
        if deal and any(event in ("announced", "reported") for day, event, key in events):
            first = min(
                Period.parse(row["date"]).first
                for row in rows_of(deal)
                if row["event"] in ("announced", "reported", "disputed", "completed", "confirmed", "increased")
            )
            assert [
                key
                for day, event, key in events
                if day < first and event in ("increased", "reduced", "cancelled", "delayed", "delivered")
            ] == []


_BY_DEAL: dict[str, list[dict[str, str]]] = defaultdict(list)


def rows_of(deal: str) -> list[dict[str, str]]:
    if not _BY_DEAL:
        for row in rows("announcements"):
            _BY_DEAL[row["deal"]].append(row)
    return _BY_DEAL[deal]


def test_dates_amounts_megawatts_and_places_are_sane() -> None:
    for row in rows("announcements"):
        assert date(2015, 1, 1) <= Period.parse(row["date"]).first <= date(2026, 11, 30), row["key"]
        for column in ("amount_low", "amount_high"):
            if row[column] and row["currency"] in ("USD", "EUR", "GBP"):
                assert Decimal(row[column]) <= 10**12, row["key"]
                assert Decimal(row[column]) >= 10**6 or (column == "amount_low" and row["basis"] == "up_to"), row["key"]
        assert not row["mw"] or Decimal(row["mw"]) <= 30_000, row["key"]
    for row in rows("projects"):
        assert row["latitude"] and row["longitude"], row["slug"]
        assert not row["planned_mw"] or 1 <= Decimal(row["planned_mw"]) <= 15_000, row["slug"]
    for row in rows("milestones"):
        assert not row["mw"] or Decimal(row["mw"]) <= 10_000, row


def test_no_company_is_unused_and_names_are_unique() -> None:
    used = {row["company"] for name in ("deal_parties", "project_parties") for row in rows(name)}
    used |= {row["forecaster"] for row in rows("forecasts")} | {row["parent"] for row in rows("companies")}
    assert [row["slug"] for row in rows("companies") if row["slug"] not in used] == []
    for name, column in (("companies", "name"), ("deals", "title"), ("projects", "name")):
        counts = Counter(folded(row[column]) for row in rows(name))
        assert [text for text, number in counts.items() if number > 1] == [], name


def test_sources_are_well_formed_and_unique() -> None:
    urls = [row["url"] for row in rows("sources")]
    assert len(urls) == len(set(urls))
    assert [url for url in urls if not url.startswith(("http://", "https://", "urn:")) or " " in url] == []


@pytest.mark.django_db
def test_the_report_counts_what_the_package_holds(bundled: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("dataset_report")
    counted = dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line.startswith("  "))
    assert int(counted["  deals"]) == len(rows("deals"))
    assert int(counted["  announcements"]) == len(rows("announcements"))
    assert int(counted["  milestones"]) == len(rows("milestones"))
    assert int(counted["  delivered"]) == sum(row["event"] == "delivered" for row in rows("announcements"))
