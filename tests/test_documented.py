"""What can be typed stands in the documentation: parameters, addresses, commands, variables; and every fact can be read."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Field, Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RoutePattern

from investments.models import Announcement, Company, DataCenterProject, Deal, Forecast, Impact
from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.companies import COMPANIES
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.resources.projects import PROJECTS
from investments.resources.sites import IMPACTS
from investments.views.charts.registry import CHARTS

REPO = Path(__file__).parents[1]
DOCUMENTED = "\n".join(path.read_text() for path in [REPO / "README.md", *sorted((REPO / "docs").rglob("*.md"))])
RESOURCES = {Announcement: ANNOUNCEMENTS, Company: COMPANIES, DataCenterProject: PROJECTS, Deal: DEALS,
             Forecast: FORECASTS, Impact: IMPACTS}  # fmt: skip
FILTERSETS = [*(resource.filterset for resource in RESOURCES.values()), *(chart.filterset for chart in CHARTS.values())]
PARAMETERS = sorted({name for filterset in FILTERSETS for name in filterset.base_filters})
COMMANDS = sorted(path.stem for path in (REPO / "investments/management/commands").glob("[!_]*.py"))
READS = re.compile(r'(?:env_flag|env_number|env_list|environ\.get)\(\s*"([A-Z_]+)"')
VARIABLES = sorted({name for path in (REPO / "tracker").glob("*.py") for name in READS.findall(path.read_text())})
# What only forms of ours send, and what browsers and crawlers look for by themselves.
UNWRITTEN = {"favicon.ico", "robots.txt", "sitemap.xml", "sitemap-<section>.xml", "preferences/", "tour/", "signin/",
             "signout/", "corrections/sent/", "keys/<number>/drop/", "views/<token>/looked/", "views/<token>/drop/"}  # fmt: skip
# No facts of their own: keys, what only public rows are shown by, and what other columns are made of. The API adds what
# an estimate disputes to its row.
INNER = {
    "disputes",
    "id",
    "search",
    "sort_name",
    "review",
    "is_public",
    "has_money",
    "companies",
    "delivered_low_usd",
    "forecaster_name",
}


def addresses() -> list[str]:
    """Return the addresses of the site as the documentation writes them, such as ``deals/<slug>/``."""
    found = []
    for one in get_resolver().url_patterns:
        inside: list[Any] = [one]
        if isinstance(one, URLResolver) and isinstance(one.pattern, LocalePrefixPattern):
            inside = one.url_patterns
        for pattern in inside:
            if isinstance(pattern, URLPattern) and isinstance(pattern.pattern, RoutePattern):
                found.append(re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern.pattern)))
    return sorted(set(found) - UNWRITTEN)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_is_documented(name: str) -> None:
    assert re.search(rf"`{name}`|[?&`]{name}=", DOCUMENTED)


@pytest.mark.parametrize("address", addresses())
def test_an_address_is_documented(address: str) -> None:
    assert f"/{address}" in DOCUMENTED


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented(name: str) -> None:
    assert f"manage.py {name}" in DOCUMENTED


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCUMENTED


@pytest.mark.parametrize("model", RESOURCES, ids=lambda model: model.__name__)
def test_every_fact_is_a_column_or_a_filter(model: type[Model]) -> None:
    resource = RESOURCES[model]
    said = {column.name for column in resource.columns} | set(resource.filterset.base_filters)
    said |= {column.source for column in resource.columns if isinstance(column.source, str)}
    fields = {field.name for field in model._meta.get_fields() if isinstance(field, Field)} - INNER
    assert {name for name in fields if name not in said and not name.endswith("_precision")} == set()
