"""The served schema against the answers: schemathesis asks what the schema allows and what it forbids, with all checks.

``make fuzz`` asks more often than a test run does and says how many cases there were.
"""

import csv
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import negative_data_rejection

from investments.api import views
from investments.management.commands.serve import BUNDLED
from investments.resources.keyset import Cursor
from tracker.wsgi import application

# Random cases of each address; when asked for, also the many that schemathesis derives from the schema one by one.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "15"))
COVERAGE = "FUZZ_EXAMPLES" in os.environ
# Reporting currencies with a rate on every day that the bundled facts name.
QUOTED = {"USD", "EUR", "GBP", "JPY"}
LISTS = (
    views.AnnouncementsView, views.DealsView, views.CompaniesView, views.ProjectsView, views.MilestonesView,
    views.ImpactsView, views.ForecastsView, views.SourcesView,
)  # fmt: skip
asked: list[str] = []

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled")]


def names(table: str, column: str | None = None) -> list[str]:
    """Return the different values in a column of a bundled table, its first one unless told."""
    with (BUNDLED / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return list(dict.fromkeys(row[column or next(iter(row))] for row in rows))


def cursors(view: views.ResourceViewSet) -> st.SearchStrategy[str]:
    """Return cursors of a list in its usual order."""
    order = view.token(view.resource.default_sort)
    return st.builds(lambda pk, back: str(Cursor(order, None, pk, back)), st.integers(0, 10**6), st.booleans())


# What the formats of the schema stand for.
FORECASTERS = [name for name in names("forecasts", "forecaster") if name in names("companies")]
schemathesis.openapi.format("company", st.sampled_from(names("deal_parties", "company")))
schemathesis.openapi.format("forecaster", st.sampled_from(FORECASTERS))
schemathesis.openapi.format(
    "segment",
    st.builds(
        lambda side, without, company: f"{side}:{without}{company}",
        st.sampled_from(["payer", "payee"]), st.sampled_from(["", "-"]), st.sampled_from(names("deal_parties", "company")),
    ),
)  # fmt: skip
schemathesis.openapi.format("site", st.sampled_from(names("projects")))
for table in ("announcements", "deals", "companies", "projects", "forecasts"):
    schemathesis.openapi.format(f"{table}-name", st.sampled_from(names(table)))
for view in LISTS:
    schemathesis.openapi.format(f"{view.resource.name}-cursor", cursors(view()))

config = schemathesis.Config.from_dict(
    {"seed": 9, "generation": {"deterministic": True}, "phases": {"coverage": {"enabled": COVERAGE}}}
)
schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application, config=config)


def mend(case: Any) -> None:
    """Keep apart what no schema can say: a cursor belongs to one order, and few currencies have a rate on every day."""
    query = case.query or {}
    known = {parameter.name: parameter.definition["schema"].get("enum", []) for parameter in case.operation.query}
    if "cursor" in query and query.get("sort") in known.get("sort", []):
        del query["sort"]
    if query.get("currency") in [code for code in known.get("currency", []) if code and code not in QUOTED]:
        query["currency"] = "EUR"


def names_none(case: Any) -> bool:
    """Whether a parameter is given and empty: the schema allows it beside a format, which the tool takes for broken."""
    given = (case.query or {}).values()
    return any("" in (value if isinstance(value, list) else [value]) for value in given)


@pytest.fixture(scope="session", autouse=True)
def told() -> Iterator[None]:
    """Say how many cases there were."""
    yield
    print(f"\n{len(asked)} cases over {len(set(asked))} addresses")


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Leave the test's connection open between requests, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_every_answer_is_what_the_schema_says(case: Any) -> None:
    asked.append(case.operation.label)
    mend(case)
    # Its client does not unpack what is compressed.
    case.call_and_validate(
        headers={"Accept-Encoding": "identity"}, excluded_checks=[negative_data_rejection] if names_none(case) else []
    )
