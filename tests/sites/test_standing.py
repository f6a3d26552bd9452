"""A site's status and its megawatts in service follow from its milestones, at any day."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.builders import a_milestone, a_project

pytestmark = pytest.mark.django_db


def shown(client: Client, slug: str, **query: str) -> tuple[str, str]:
    """Return the status that the page of a site shows, and its megawatts in service."""
    html = client.get(f"/projects/{slug}/", query).content.decode()
    labels = re.search(r'<p class="labels">(.*?)</p>', html, re.DOTALL)
    power = re.search(r'data-in-service="([^"]*)"', html)
    assert labels and power
    return re.findall(r">([^<>]+)</span>", labels[1])[1 if query.get("on") else 0], power[1]


@pytest.mark.parametrize(
    ("entered", "milestones", "status"),
    [
        ("announced", ["2024-01 announced"], "Announced"),
        ("announced", ["2024-01 announced", "2024-05 permit"], "Permitted"),
        ("announced", ["2024-01 permit", "2024-05 construction_start"], "Under construction"),
        # A permit for more turbines takes nothing back.
        ("announced", ["2024-01 operational 10", "2024-05 permit"], "Partly operational"),
        ("announced", ["2024-01 operational 99"], "Partly operational"),
        ("announced", ["2024-01 operational 100"], "Operational"),
        ("operational", ["2024-01 operational 30"], "Partly operational"),
        ("partly_operational", ["2024-01 operational"], "Partly operational"),
        ("under_construction", ["2024-01 operational"], "Operational"),
        ("under_construction", ["2024-01 first_power"], "Partly operational"),
        ("announced", ["2024-01 construction_start", "2024-05 paused"], "Paused"),
        ("announced", ["2024-01 construction_start", "2024-05 paused", "2024-06 resumed"], "Under construction"),
        ("announced", ["2024-01 permit", "2024-05 paused", "2024-06 construction_start"], "Under construction"),
        ("announced", ["2024-01 announced", "2024-05 cancelled"], "Cancelled"),
        # What is in service stays so when an extension is given up.
        ("partly_operational", ["2024-01 operational 40", "2024-05 cancelled"], "Partly operational"),
        ("paused", ["2024-01 operational 40", "2024-05 paused"], "Paused"),
        ("operational", ["2024-01 operational 100", "2024-05 closed"], "Cancelled"),
        # The record does not tell of the step, which the editor knows of.
        ("under_construction", ["2024-01 announced"], "Under construction"),
        ("paused", ["2024-01 announced"], "Paused"),
        ("paused", ["2024-01 paused", "2024-02 resumed", "2024-03 construction_start"], "Under construction"),
        ("rumoured", ["2024-01 opposition", "2024-02 lawsuit", "2024-03 delayed"], "Rumoured"),
    ],
)
def test_the_status_follows_the_milestones(client: Client, entered: str, milestones: list[str], status: str) -> None:
    site = a_project("site", status=entered, planned_mw=100)
    for text in milestones:
        when, kind, *mw = text.split()
        a_milestone(site, when, kind, *mw)
    assert shown(client, "site")[0] == status
    assert client.get("/api/v1/projects/site/").json()["status"] == status.lower().replace(" ", "_")


def test_status_and_megawatts_are_those_of_the_day(client: Client) -> None:
    site = a_project("site", status="operational", planned_mw=300)
    a_milestone(site, "2024-02", "announced")
    a_milestone(site, "2024-Q3", "construction_start")
    a_milestone(site, "2025-03-10", "operational", 100)
    a_milestone(site, "2025-06", "expanded", 200)
    a_milestone(site, "2025-07", "expanded", 250, review="draft")
    assert shown(client, "site", on="2024-01-31") == ("nothing recorded yet", "")
    assert shown(client, "site", on="2024-06-30") == ("Announced", "")
    # A quarter stands at its first day.
    assert shown(client, "site", on="2024-07-01") == ("Under construction", "")
    assert shown(client, "site", on="2025-03-09") == ("Under construction", "")
    assert shown(client, "site", on="2025-03-10") == ("Partly operational", "100.000")
    assert shown(client, "site", on="2025-06") == ("Partly operational", "200.000")
    assert shown(client, "site") == ("Partly operational", "200.000")


def test_what_is_expected_is_not_yet(client: Client) -> None:
    site = a_project("site", status="under_construction", planned_mw=300)
    a_milestone(site, "2024-02", "construction_start")
    a_milestone(site, str(timezone.now().year + 1), "operational", 300)
    assert shown(client, "site") == ("Under construction", "")
    assert "expected" in client.get("/projects/site/").content.decode()
    assert client.get("/api/v1/projects/?status=operational").json()["results"] == []


def test_a_closed_site_has_nothing_in_service(client: Client) -> None:
    site = a_project("site", status="operational")
    a_milestone(site, "2024-02", "operational", 80)
    a_milestone(site, "2025-02", "closed")
    assert shown(client, "site") == ("Cancelled", "0")


def test_a_day_that_is_none_is_said_and_today_shown(client: Client) -> None:
    a_milestone(a_project("site"), "2024-02", "announced")
    html = client.get("/projects/site/?on=soon&units=miles").content.decode()
    assert "“soon” is no date" in html
    assert "“miles” is not one of: metric, us." in html
    assert "There is no parameter “colour” here." in client.get("/projects/site/?colour=1").content.decode()


def test_lists_filter_and_sort_by_what_holds(client: Client) -> None:
    for slug, mw in (("small", 10), ("large", 90), ("none", None)):
        site = a_project(slug, status="announced", planned_mw=100)
        a_milestone(site, "2024-01", "announced")
        if mw:
            a_milestone(site, "2024-02", "operational", mw)

    def found(query: str) -> list[str]:
        return [row["slug"] for row in client.get(f"/api/v1/projects/?{query}").json()["results"]]

    assert found("status=partly_operational&sort=-in_service_mw") == ["large", "small"]
    assert found("status=announced") == ["none"]
    assert found("sort=in_service_mw") == ["small", "large", "none"]
    assert found("sort=-status")[-1] == "none"
