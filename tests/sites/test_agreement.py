"""Table, map, GeoJSON, export and API hold the same sites, whatever is asked."""

import csv
import io
import json
import random
import re
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from investments.choices import EnergyKind, ImpactMetric, ProjectRole, ProjectStatus
from investments.models import Company, DataCenterProject
from investments.resources.projects import PROJECTS, with_milestones
from tests.builders import a_milestone, a_project

pytestmark = pytest.mark.django_db


def query_of(chance: random.Random, companies: list[str]) -> dict[str, Any]:
    """Return some of the parameters of the list of sites."""
    possible: dict[str, Any] = {
        "q": chance.choice(["data", "stargate", "texas", "france", "memphis", "campus ai"]),
        "status": chance.sample(ProjectStatus.values, 3),
        "country": chance.sample(["US", "FR", "GB", "AE", "JP", "NO", "CA", "IN"], 3),
        "company": chance.sample(companies, 4),
        "role": chance.sample(ProjectRole.values, 3),
        "energy": chance.sample(EnergyKind.values, 3),
        "discloses": chance.sample(ImpactMetric.values, 3),
        "min_mw": chance.choice(["50", "200", "1000"]),
        "max_mw": chance.choice(["300", "1.5e3", "5000"]),
        "after": chance.choice(["2024", "2025-06", "2025-01-15"]),
        "before": chance.choice(["2025", "2026-03"]),
        "sort": chance.choice(["-planned_mw", "build_usd", "-build_usd", "first_date", "-in_service_mw", "status", "name"]),
    }  # fmt: skip
    return {name: possible[name] for name in chance.sample(sorted(possible), chance.randint(0, 4))}


def api(client: Client, address: str) -> list[str]:
    found: list[str] = []
    following: str | None = f"/api/v1/projects/?per_page=100&fields=slug&{address}"
    while following:
        answer = client.get(following).json()
        found += [row["slug"] for row in answer["results"]]
        following = answer["next"]
    return found


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("tens", range(10))
def test_all_forms_hold_the_same_sites_in_the_same_order(client: Client, tens: int) -> None:
    companies = list(
        Company.objects.filter(project_parties__isnull=False).order_by("slug").values_list("slug", flat=True)
    )
    for number in range(10 * tens, 10 * tens + 10):
        address = urlencode(query_of(random.Random(number), companies), doseq=True)
        table = re.findall(
            r'class="row-title" href="/projects/([^/"]+)/"',
            client.get(f"/projects/?per_page=250&{address}").content.decode(),
        )
        drawn = re.findall(r'data-site="([^"]+)"', client.get(f"/projects/?show=map&{address}").content.decode())
        rows: Any = client.get(f"/projects/export.csv?{address}")
        exported = [row["slug"] for row in csv.DictReader(io.StringIO(b"".join(rows.streaming_content).decode()))]
        pieces: Any = client.get(f"/projects/export.geojson?{address}")
        collection = json.loads(b"".join(pieces.streaming_content))
        assert table == exported == [feature["id"] for feature in collection["features"]] == api(client, address)
        assert sorted(drawn) == sorted(table)
        shown = client.get(f"/charts/map.json?{address}").json()
        placed = {feature["id"] for feature in collection["features"] if feature["geometry"]}
        assert {site["slug"] for site in shown["sites"]} == placed
        assert shown["left_out"]["no_place"]["sites"] == len(table) - len(placed)


@pytest.mark.usefixtures("bundled")
def test_the_money_of_a_row_is_that_of_the_page_of_its_site(client: Client) -> None:
    sites = with_milestones().filter(build_usd__gt=0).order_by("-build_usd")
    assert sites.count() > 20
    for site in sites[:12]:
        html = client.get(f"/projects/{site.slug}/").content.decode()
        named = dict(re.findall(r'data-layer="(\w+)" data-headline="([-\d.]+)"', html))
        for layer in ("build", "contract", "financing"):
            assert (getattr(site, f"{layer}_usd") or 0) == Decimal(named.get(layer, 0)), (site.slug, layer)


def test_geojson_is_what_its_standard_asks(client: Client) -> None:
    here = a_project("here", name="“Here” — é", latitude="-33.45", longitude="151.2", country="AU", planned_mw="100.5")
    nowhere = a_project("nowhere")
    for site in (here, nowhere):
        a_milestone(site, "2024", "announced")
    pieces: Any = client.get("/projects/export.geojson?sort=name")
    assert pieces["Content-Type"] == "application/geo+json"
    assert re.fullmatch(r'attachment; filename="projects_.*\.geojson"', pieces["Content-Disposition"])
    told = json.loads(b"".join(pieces.streaming_content))
    assert (told["type"], told["query"], told["row_count"], told["licence"]) == (
        "FeatureCollection", "sort=name", 2, "CC-BY-4.0",
    )  # fmt: skip
    first, second = sorted(told["features"], key=lambda feature: feature["id"])
    assert first["geometry"] == {"type": "Point", "coordinates": [151.2, -33.45]}
    assert second["geometry"] is None
    properties = first["properties"]
    assert (properties["name"], properties["planned_mw"], properties["status"]) == (
        "“Here” — é",
        "100.500",
        "announced",
    )
    named = {column.name for column in PROJECTS.written} - {"latitude", "longitude"}
    assert properties.keys() == named


@pytest.mark.parametrize(
    ("query", "field"), [("energy=coal", "energy"), ("discloses=joy", "discloses"), ("show=globe", "show"), ("min_mw=-5", "min_mw")]
)  # fmt: skip
def test_a_query_that_is_not_understood_names_its_field(client: Client, query: str, field: str) -> None:
    for form in ("csv", "geojson"):
        answer = client.get(f"/projects/export.{form}?{query}")
        assert answer.status_code == 400
        assert answer.json()["errors"].keys() == {field}
    html = client.get(f"/projects/?{query}").content.decode()
    assert 'role="alert"' in html
    assert not DataCenterProject.objects.exists()


def test_the_switch_keeps_the_query_and_the_query_keeps_the_switch(client: Client) -> None:
    a_milestone(a_project("site", country="FR"), "2024", "announced")
    html = client.get("/projects/?country=FR&show=map").content.decode()
    assert 'href="/projects/?country=FR" ' in html or 'href="/projects/?country=FR"' in html
    assert '<input type="hidden" name="show" value="map">' in html
    assert 'href="/projects/?country=FR&amp;show=map"' in client.get("/projects/?country=FR").content.decode()
