"""How many statements each address costs, at two sizes of the facts: as written in query_counts.json.

A count that grows with rows fails; one that changes shows in the diff. Write them anew with
``QUERY_COUNTS=write make test`` (or this file alone), and look at the difference before committing it.
"""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from investments.models import ProjectParty
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

WRITTEN = Path(__file__).with_name("query_counts.json")
NOUNS = {
    "announcements": "deal-0-1",
    "deals": "deal-0",
    "companies": "company-0",
    "projects": "site-0",
    "impacts": "",
    "forecasts": "forecast-0",
}
CHARTS = ("spending", "followthrough", "flows", "capacity", "map", "impacts", "forecasts")
FORMS = ("csv", "xlsx", "json")
ADDRESSES = [
    "/", "/charts/", "/search/?q=deal", "/search/suggest.json?q=deal", "/about/", "/glossary/", "/sitemap.xml", "/dataset.zip",
    "/deals/?kind=debt&q=deal&company=company-0&currency=EUR", "/deals/?view=planned", "/announcements/?after=2025&slice=payer:company-0",
    "/projects/?show=map", "/deals/feed.atom", "/announcements/feed.atom", "/projects/export.geojson",
    "/charts/spending.json?by=month&split=kind&company=company-0", "/charts/spending.json?split=payer&view=planned&currency=EUR",
    "/deals/deal-0/steps.json", "/projects/site-0/growth.json", "/projects/site-0/place.json",
    *(f"/{noun}/" for noun in NOUNS),
    *(f"/{noun}/{slug}/" for noun, slug in NOUNS.items() if slug and noun != "announcements"),
    *(f"/{noun}/export.{form}" for noun in NOUNS for form in FORMS),
    *(f"/charts/{name}/" for name in CHARTS), *(f"/charts/{name}.json" for name in CHARTS),
    *(f"/charts/{name}.csv" for name in CHARTS), *(f"/charts/{name}/embed/" for name in CHARTS),
    *(f"/api/v1/{noun}/" for noun in (*NOUNS, "milestones", "sources")),
    *(f"/api/v1/{noun}/{slug}/" for noun, slug in NOUNS.items() if slug), "/api/v1/spending/",
]  # fmt: skip


def grow(first: int, last: int) -> None:
    """Add facts of every kind, each kind as often as numbers from ``first`` up to ``last``."""
    for number in range(first, last):
        company, other = a_company(f"company-{number}", country="US"), a_company(f"other-{number}")
        site = a_project(f"site-{number}", country="US", latitude="32.5", longitude="-99.7", planned_mw=100 + number)
        ProjectParty.objects.create(project=site, company=company, role="operator")
        milestone = a_milestone(site, "2025-01", "operational", 50, source=a_source())
        a_milestone(site, "2027", "expanded", 100, source=milestone.source)
        an_impact(site, "water_m3_per_year", "2025", 1000, source=a_source())
        an_energy_source(site, "gas_on_site", mw=Decimal(20))
        outer = a_deal(
            f"deal-{number}",
            payers=[(company, "0.4"), other],
            payees=[other],
            window_start="2025-01-01",
            window_end="2026-12-31",
        )
        outer.projects.add(site)
        inner = a_deal(f"inner-{number}", kind="debt", payers=[other], payees=[company], part_of=outer)
        for deal, amount in ((outer, 9), (inner, 2)):
            for step, day in enumerate(("2025-01-10", "2025-03-20"), 1):
                event = "announced" if step == 1 else "increased"
                said = an_announcement(deal, day, (amount + step) * 10**9, key=f"{deal.slug}-{step}", event=event)
                a_source(said, publisher="Example Times")
        a_forecast(f"forecast-{number}", "USD/year", 10**11, 2 * 10**11, (2026, 2026), source=a_source())


def counted(client: Client) -> dict[str, int]:
    """Return the number of statements of each address; what is asked once in a process has been asked before."""
    found = {}
    for address in ADDRESSES:
        for _time in range(2):
            with CaptureQueriesContext(connection) as queries:
                answer: Any = client.get(address)
                assert answer.status_code == 200, address
                if answer.streaming:
                    list(answer.streaming_content)
        found[address] = len(queries)
    return found


@pytest.mark.django_db
def test_an_address_costs_what_is_written_whatever_the_size(client: Client) -> None:
    grow(0, 3)
    few = counted(client)
    grow(3, 12)
    many = counted(client)
    assert many == few
    if os.environ.get("QUERY_COUNTS") == "write":
        WRITTEN.write_text(json.dumps(few, indent=1) + "\n")
    assert few == json.loads(WRITTEN.read_text())
