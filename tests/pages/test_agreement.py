"""One sum, wherever it is shown: lists' feet, company pages and bars agree with the chart's data."""

import json
import random
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from investments.models import Company, Deal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled")]
LAYERS = ("build", "contract", "financing")
FOOT = re.compile(r'data-layer="(\w+)" data-headline="([-\d.]+)" data-floor="([-\d.]+)"')
SPLITS = ("none", "layer", "kind", "payer", "payee", "country", "status")


def foot(page: str) -> dict[str, dict[str, Decimal]]:
    """Return headline and floor of each layer that a page names; layers without money are not named."""
    found = {layer: {"headline": Decimal(0), "floor": Decimal(0)} for layer in LAYERS}
    for layer, headline, floor in FOOT.findall(page):
        found[layer] = {"headline": Decimal(headline), "floor": Decimal(floor)}
    return found


def by_layer(client: Client, query: dict[str, Any]) -> dict[str, dict[str, Decimal]]:
    """Return the same from the chart's data."""
    answers = {
        m: client.get("/charts/spending.json", {**query, "measure": m}).json()["by_layer"]
        for m in ("headline", "floor")
    }
    return {layer: {m: Decimal(answers[m][layer]) for m in answers} for layer in LAYERS}


def random_query(chance: random.Random, companies: list[str]) -> dict[str, Any]:
    """Return some of the parameters that mean the same for deals and announcements."""
    possible: dict[str, Any] = {
        "kind": chance.sample(["capex_commitment", "joint_venture", "cloud_contract", "equity", "debt", "lease"], 3),
        "layer": [chance.choice(LAYERS)],
        "status": chance.sample(["announced", "signed", "under_way", "completed", "rumoured", "letter_of_intent"], 3),
        "q": chance.choice(["stargate", "openai", "data center", "france", "nvidia gpu"]),
        "company": chance.sample(companies, 3),
        "payer": chance.sample(companies, 6),
        "payee": ["openai", "anthropic", "oracle"],
        "country": chance.sample(["US", "FR", "AE", "JP", "GB"], 2),
        "min": chance.choice(["1bn", "500m"]),
        "max": "100bn",
        "has": [chance.choice(["source", "-project", "window", "amount"])],
        "include": "rumoured",
        "count": chance.choice(["net", "gross", "leaves"]),
        "currency": chance.choice(["EUR", "JPY"]),
        "slice": [chance.choice(["payer:openai", "payee:oracle", "country:US", "kind:equity", "payer:unknown"])],
    }
    return {name: possible[name] for name in chance.sample(sorted(possible), chance.randint(0, 4))}


@pytest.mark.parametrize("number", range(30))
def test_the_feet_of_lists_agree_with_the_chart(client: Client, number: int) -> None:
    companies = list(Company.objects.public().order_by("slug").values_list("slug", flat=True))
    query = random_query(random.Random(number), companies)
    wanted = by_layer(client, query)
    address = urlencode(query, doseq=True)
    for page in ("deals", "announcements"):
        shown = client.get(f"/{page}/?{address}").content.decode()
        assert 'role="alert"' not in shown
        rows = "<tbody>" in shown
        assert foot(shown) == (wanted if rows else foot("")), (page, address)


def rows_of(client: Client, address: str) -> Iterator[dict[str, Any]]:
    """Yield every row of a list of the API, page after page."""
    following: str | None = address
    while following:
        answer = client.get(following).json()
        yield from answer["results"]
        following = answer["next"]


@pytest.mark.parametrize("number", range(30))
def test_the_api_and_the_exports_agree_with_the_chart(client: Client, number: int) -> None:
    companies = list(Company.objects.public().order_by("slug").values_list("slug", flat=True))
    query = random_query(random.Random(number), companies)
    wanted = by_layer(client, query)
    address = urlencode(query, doseq=True)
    assert client.get(f"/api/v1/spending/?{address}").json() == client.get(f"/charts/spending.json?{address}").json()
    export: Any = client.get(f"/announcements/export.json?{address}")
    told = json.loads(b"".join(export.streaming_content))
    assert {layer: Decimal(amount) for layer, amount in told["by_layer"].items()} == {
        layer: sums["headline"] for layer, sums in wanted.items()
    }
    # The rows themselves: what each adds in US dollars, undivided.
    plain = {name: value for name, value in query.items() if name not in ("currency", "slice")}
    sums = {layer: {"headline": Decimal(0), "floor": Decimal(0)} for layer in LAYERS}
    found = list(rows_of(client, f"/api/v1/announcements/?per_page=250&{urlencode(plain, doseq=True)}"))
    for row in found:
        if row["counted"] and row["increment_usd"]:
            sums[row["layer"]]["headline"] += Decimal(row["increment_usd"])
            sums[row["layer"]]["floor"] += Decimal(row["increment_floor_usd"])
    assert sums == by_layer(client, plain)
    deals = {row["slug"]: row for row in rows_of(client, f"/api/v1/deals/?per_page=250&{urlencode(plain, doseq=True)}")}
    totals = {layer: Decimal(0) for layer in LAYERS}
    for deal in deals.values():
        if deal["counted"]:
            totals[deal["layer"]] += Decimal(deal["headline_usd"] or 0)
    assert totals == {layer: amounts["headline"] for layer, amounts in sums.items()}


def test_company_pages_agree_with_the_chart(client: Client) -> None:
    for slug in ("openai", "microsoft", "oracle", "softbank", "nvidia", "anthropic"):
        html = client.get(f"/companies/{slug}/").content.decode()
        for side in ("payer", "payee"):
            part = re.search(rf'data-side="{side}">(.*?)</section>', html, re.DOTALL)
            assert part
            assert foot(part[1]) == by_layer(client, {side: slug, "slice": f"{side}:{slug}"}), (slug, side)


@pytest.mark.parametrize("number", range(60))
def test_every_bar_leads_to_rows_whose_foot_is_the_bar(client: Client, number: int) -> None:
    chance = random.Random(1000 + number)
    companies = list(Company.objects.public().order_by("slug").values_list("slug", flat=True))
    query = random_query(chance, companies) | {
        "split": SPLITS[number % len(SPLITS)],
        "by": chance.choice(["quarter", "year"]),
        "view": chance.choice(["announced", "planned"]),
        "cumulative": chance.choice(["0", "0", "1"]),
        "top": 4,
    }
    if number % 3 == 0:
        # Days that cut the first and the last bar.
        query |= {"after": chance.choice(["2024-11-20", "2025-02"]), "before": "2026-08-09"}
    data = client.get("/charts/spending.json", query).json()
    series = {}
    for bars in data["figure"]["data"]:
        if bars["type"] != "bar":
            continue
        for period, height, link in zip(bars["x"], bars["y"], bars["customdata"], strict=True):
            if link:
                series[period, bars["name"]] = (height, link)
    assert len(series) == len(data["series"])
    for height, link in chance.sample(sorted(series.values()), min(2, len(series))):
        html = client.get(link).content.decode()
        assert float(sum(layer["headline"] for layer in foot(html).values())) == pytest.approx(height, abs=0.01), link


@pytest.mark.parametrize("number", range(20))
def test_what_a_chart_leaves_out_leads_to_those_rows(client: Client, number: int) -> None:
    chance = random.Random(2000 + number)
    companies = list(Company.objects.public().order_by("slug").values_list("slug", flat=True))
    query = random_query(chance, companies) | {"by": "year", "view": chance.choice(["announced", "planned"])}
    if number % 2:
        query["after"] = "2025-02"
    told = client.get("/charts/spending.json", query).json()["left_out"]
    page = unescape(client.get("/charts/", query).content.decode())
    links = dict(re.findall(r'href="(/[^"]*left_out=(\w+)[^"]*)"', page))
    assert {reason for reason in told if told[reason]["deals"]} == set(links.values())
    for link, reason in links.items():
        rows = client.get(link).content.decode()
        assert 'role="alert"' not in rows
        assert sum(layer[query.get("measure", "headline")] for layer in foot(rows).values()) == Decimal(
            told[reason]["amount"]
        ), link
        if link.startswith("/deals/"):
            (shown,) = re.findall(r"data-said><strong>([\d,]+) row", rows)
            assert int(shown.replace(",", "")) == told[reason]["deals"], link


@pytest.mark.parametrize("split", SPLITS)
def test_every_split_adds_up_to_the_same_total(client: Client, split: str) -> None:
    for view in ("announced", "planned"):
        whole = client.get("/charts/spending.json", {"split": "none", "view": view}).json()["total"]
        data = client.get("/charts/spending.json", {"split": split, "view": view, "by": "month"}).json()
        assert data["total"] == whole
        assert sum(Decimal(row["amount"]) for row in data["series"]) == Decimal(whole)


def test_renaming_changes_no_total(client: Client) -> None:
    before = client.get("/charts/spending.json").json()["by_layer"]
    Company.objects.update(name="Same")
    Deal.objects.update(title="Same", title_fr="Pareil")
    assert client.get("/charts/spending.json").json()["by_layer"] == before
