"""``/dataset.zip``: all that is public and nothing else, valid, countable, and never held whole."""

import csv
import io
import subprocess
import sys
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from investments.dataset.archive import pieces
from investments.dataset.format import FILES
from investments.dataset.load import load
from investments.models import Deal, Forecast, LedgerEntry
from tests import databases
from tests.builders import (
    a_company,
    a_deal,
    a_forecast,
    a_milestone,
    a_project,
    a_source,
    an_announcement,
    an_energy_source,
    an_impact,
)

BN = 10**9
TOLD = {"name": "Buildout", "homepage": "http://localhost/", "address": "http://localhost/dataset.zip"}


def downloaded(client: Client) -> zipfile.ZipFile:
    """Return the package as a reader gets it."""
    response: Any = client.get("/dataset.zip")
    assert (response.status_code, response["Content-Type"]) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def rows(package: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(package.read(f"{name}.csv").decode(), newline="")))


def totals(client: Client) -> dict[str, Any]:
    """Return what the site says of its money and megawatts, read in many ways."""
    told: dict[str, Any] = {}
    for count in ("net", "gross", "leaves"):
        for reading in ("", "&measure=floor", "&view=planned", "&split=payer", "&include=rumoured", "&currency=EUR"):
            data = client.get(f"/charts/spending.json?by=year&count={count}{reading}").json()
            told[f"{count}{reading}"] = [data[name] for name in ("total", "by_layer", "series", "counted", "left_out")]
    for name in ("followthrough", "capacity", "flows"):
        data = client.get(f"/charts/{name}.json").json()
        told[name] = data["series"] if "series" in data else data["links"]
    return told


@pytest.mark.django_db
def test_the_package_is_valid_and_counts_the_same_in_an_empty_database(
    client: Client, bundled: None, tmp_path: Path
) -> None:
    before = totals(client)
    assert Decimal(before["net"][0]) > 10**12
    package = downloaded(client)
    assert package.testzip() is None
    (tmp_path / "dataset.zip").write_bytes(package.fp.getvalue())  # type: ignore[union-attr]
    checked = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "dataset.zip"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count("VALID") == len(FILES)
    assert "INVALID" not in checked.stdout
    package.extractall(tmp_path / "folder")
    databases.empty()
    assert not LedgerEntry.objects.exists()
    assert client.get("/charts/spending.json").json()["total"] == "0.00"
    load(tmp_path / "folder")
    assert totals(client) == before


@pytest.mark.django_db
def test_what_is_not_public_is_in_no_file_and_in_no_reference(client: Client) -> None:
    shown, hidden = a_project("shown"), a_project("secret-site", name="Secret site", note="Secret")
    a_milestone(shown, "2024", "announced")
    for review in ("draft", "withdrawn"):
        told = {"review": review, "note": "Secret"}
        a_milestone(
            shown,
            "2025" if review == "draft" else "2026",
            "permit",
            source=a_source(url=f"urn:secret:1{review}"),
            **told,
        )
        an_impact(shown, "land_ha", "2025", 5, source=a_source(url=f"urn:secret:2{review}"), **told)
        an_energy_source(
            shown, "grid", "2025" if review == "draft" else "2026", source=a_source(url=f"urn:secret:3{review}"), **told
        )
        a_forecast(f"secret-{review}", "USD", 1, 2, (2025, 2026), review=review, headline_fr="Secret")
    an_energy_source(hidden, "wind", note="Secret")
    owner = a_company("secret-owner", name="Secret owner", summary="Secret")
    lab, bank = a_company("lab", parent=owner), a_company("a-bank", name="A bank")
    outer = a_deal("outer", payers=[lab])
    an_announcement(outer, "2025-01-01", 10 * BN)
    between = a_deal("secret-between", part_of=outer, title="Secret")
    between.projects.add(hidden)
    inner = a_deal("inner", part_of=between, kind="lease")
    an_announcement(inner, "2025-02-01", 4 * BN)
    secret = an_announcement(inner, "2025-03-01", 999 * BN, event="increased", headline="Secret", review="draft")
    a_source(secret, "https://example.org/secret")
    an_announcement(a_deal("secret-deal", payers=[owner]), "2025-03-01", 5, headline="Secret", review="withdrawn")
    open_one = a_forecast("open", "USD", 1, 2, (2025, 2026))
    open_one.disputes.add(Forecast.objects.get(slug="secret-draft"))
    Forecast.objects.filter(pk=open_one.pk).update(forecaster=bank, forecaster_name="")

    package = downloaded(client)
    for name in package.namelist():
        assert "secret" not in package.read(name).decode().lower(), name
    assert [(row["slug"], row["parent"]) for row in rows(package, "companies")] == [("lab", "")]
    # The container that is not public is passed over, so that the lease is still counted inside the outer deal.
    assert {row["slug"]: row["part_of"] for row in rows(package, "deals")} == {"outer": "", "inner": "outer"}
    assert [(row["slug"], row["forecaster"], row["disputes"]) for row in rows(package, "forecasts")] == [
        ("open", "A bank", "")
    ]
    assert [row["slug"] for row in rows(package, "projects")] == ["shown"]


@pytest.mark.django_db
def test_licence_and_citation_are_inside(client: Client) -> None:
    an_announcement(a_deal("one"), "2025-01-01", 5)
    package = downloaded(client)
    assert package.namelist()[:3] == ["datapackage.json", "LICENSE.txt", "CITATION.cff"]
    assert {f"{file.name}.csv" for file in FILES} == set(package.namelist()[3:])
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in package.read("LICENSE.txt").decode()
    citation = yaml.safe_load(package.read("CITATION.cff"))
    assert citation.keys() >= {"cff-version", "message", "title", "authors"}
    assert (citation["type"], citation["license"]) == ("dataset", "CC-BY-4.0")
    assert (citation["url"], citation["repository-artifact"]) == ("http://testserver/", "http://testserver/dataset.zip")
    assert package.read("datapackage.json").decode().count("CC-BY-4.0") == 1


@pytest.mark.django_db(transaction=True)
def test_it_is_sent_again_only_once_a_fact_has_changed(client: Client) -> None:
    an_announcement(a_deal(), "2025-01-01", "5")
    first: Any = client.get("/dataset.zip")
    content = b"".join(first.streaming_content)
    assert content == b"".join(client.get("/dataset.zip").streaming_content)  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/dataset.zip", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(queries) <= 2
    head = client.head("/dataset.zip")
    assert (head.status_code, head["ETag"], head.content) == (200, first["ETag"], b"")
    an_announcement(a_deal(), "2025-01-02", "7")
    changed = client.get("/dataset.zip", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert client.post("/dataset.zip").status_code == 405


@pytest.mark.django_db
def test_it_may_be_read_by_any_page_and_is_not_compressed_twice(client: Client) -> None:
    response = client.get("/dataset.zip", headers={"Accept-Encoding": "gzip"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Content-Encoding" not in response


@pytest.mark.django_db(transaction=True)
def test_all_files_are_of_one_moment(client: Client) -> None:
    deal = a_deal("one", payers=[a_company("lab")])
    an_announcement(deal, "2025-01-01", "5")
    # More rates than one piece holds: the package is under way when another program changes the facts.
    many(20_000)
    sending = pieces(**TOLD)
    sent = [next(sending)]

    def write() -> None:
        an_announcement(a_deal("two"), "2025-01-02", "7")
        connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(write).result()
    package = zipfile.ZipFile(io.BytesIO(b"".join([*sent, *sending])))
    assert [row["slug"] for row in rows(package, "deals")] == ["one"]
    assert Deal.objects.count() == 2


@pytest.mark.django_db
def test_memory_does_not_grow_with_the_package(client: Client) -> None:
    an_announcement(a_deal("one"), "2025-01-01", "5")

    def peak() -> tuple[int, int]:
        tracemalloc.start()
        length = sum(len(piece) for piece in pieces(**TOLD))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return length, highest

    many(4_000)
    peak()
    small = peak()
    many(60_000)
    large = peak()
    assert large[0] > 10 * small[0]
    assert large[1] < small[1] + 500_000


def many(number: int) -> None:
    """Store so many exchange rates of a currency that no fact is told in."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM investments_exchangerate WHERE currency = 'XOF' AND origin = 'manual'")
        cursor.execute(
            "INSERT INTO investments_exchangerate (currency, date, rate, origin) "
            "SELECT 'XOF', date '1500-01-01' + n, 500 + random()::numeric, 'manual' FROM generate_series(1, %s) n",
            [number],
        )
