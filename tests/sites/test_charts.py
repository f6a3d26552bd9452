"""The charts of one site: megawatts in service against the plan, and its place on a small map."""

from typing import Any

import pytest
from django.test import Client

from tests.builders import a_milestone, a_project

pytestmark = pytest.mark.django_db
STEPS = (
    ("2023-02", "announced", None), ("2024-01", "operational", None), ("2024-09", "expanded", 120),
    ("2025-08-01", "expanded", 300), ("2099-06", "expanded", 700), ("2099", "operational", 650),
)  # fmt: skip


def a_site(steps: Any = STEPS, **fields: Any) -> None:
    site = a_project("site", **fields)
    for when, kind, mw in steps:
        a_milestone(site, when, kind, mw)


def growth(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/projects/site/growth.json{query}")
    assert answer.status_code == 200
    data: dict[str, Any] = answer.json()
    return data


def levels(client: Client, query: str = "") -> list[tuple[str, str | None]]:
    return [(row["date"], row["mw"]) for row in growth(client, query)["in_service"]]


def traces(data: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the points of the figure by the name of their traces; those of one name one behind the other."""
    found: dict[str, list[Any]] = {}
    for trace in data["figure"]["data"]:
        found.setdefault(trace["name"], []).append(list(zip(trace["x"], trace["y"], strict=True)))
    return found


def test_growth_is_told_step_by_step_and_what_is_not_known_is_no_number(client: Client) -> None:
    a_site(planned_mw=900)
    data = growth(client)
    assert data["planned"] == "900"
    assert [(row["date"], row["mw"], row["expected"]) for row in data["in_service"]] == [
        ("2023-02", "0", False), ("2024-01", None, False), ("2024-09", "120", False), ("2025-08-01", "300", False),
        ("2099", "650", True), ("2099-06", "700", True),
    ]  # fmt: skip


def test_the_figure_has_a_gap_where_nothing_is_known_and_dashes_for_what_is_to_come(client: Client) -> None:
    a_site(planned_mw=900)
    drawn = traces(growth(client, "?on=2025-09-01"))
    assert drawn["Planned"] == [[("2023-02-01", 900), ("2099-06-01", 900)]]
    before, after = drawn["In service"]
    assert before == [("2023-02-01", 0), ("2024-01-01", 0)]
    assert after == [("2024-09-01", 120), ("2025-08-01", 300), ("2025-09-01", 300)]
    assert drawn["Expected"] == [
        [("2025-09-01", 300), ("2099-01-01", 650), ("2099-06-01", 700), ("2099-06-01", 700)],
    ]


def test_a_day_in_the_past_shows_what_lay_ahead_then(client: Client) -> None:
    a_site(planned_mw=900)
    rows = growth(client, "?on=2024-10")["in_service"]
    assert [row["date"] for row in rows if row["expected"]] == ["2025-08-01", "2099", "2099-06"]
    page = client.get("/projects/site/?on=2024-10&units=us").content.decode()
    assert 'data-chart="/projects/site/growth.json?on=2024-10"' in page


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        # A closed site has nothing in service unless it says so.
        ([("2024", "operational", 50), ("2025", "closed", None)], [("2024", "50"), ("2025", "0")]),
        # Of two figures of one date the highest holds, as in the list.
        ([("2024", "expanded", 80), ("2024", "operational", 50)], [("2024", "50"), ("2024", "80")]),
        # A stated figure is not taken back by a step without one.
        ([("2024", "first_power", 50), ("2025", "operational", None)], [("2024", "50")]),
        ([("2024", "lawsuit", None), ("2025", "permit", None)], [("2025", "0")]),
    ],
)
def test_levels_follow_the_rules_of_the_list(client: Client, steps: Any, told: Any) -> None:
    a_site(steps)
    assert levels(client) == told
    row = client.get("/api/v1/projects/site/").json()
    if any(mw for _when, _kind, mw in steps):
        assert float(row["in_service_mw"]) == float(told[-1][1])


def test_a_site_without_a_plan_or_a_figure_has_no_chart(client: Client) -> None:
    a_site([("2024", "announced", None)], latitude=None, longitude=None)
    page = client.get("/projects/site/").content.decode()
    assert "data-chart" not in page
    assert "No milestone states what is in service." in page


def test_a_site_that_is_planned_shows_its_plan(client: Client) -> None:
    a_site([("2024", "announced", None)], planned_mw=40)
    assert "/projects/site/growth.json" in client.get("/projects/site/").content.decode()


def test_the_map_is_turned_to_the_site_also_at_the_date_line(client: Client) -> None:
    a_site(latitude="-17.8", longitude="179.5", location_precision="city")
    data = client.get("/projects/site/place.json").json()
    assert (data["latitude"], data["longitude"], data["location_precision"]) == ("-17.80000", "179.50000", "city")
    assert {(trace["lat"][0], trace["lon"][0]) for trace in data["figure"]["data"]} == {(-17.8, 179.5)}
    geo = data["figure"]["layout"]["geo"]
    assert geo["projection"]["rotation"]["lon"] == 179.5
    west, east = geo["lonaxis"]["range"]
    assert west < 179.5 < east
    south, north = geo["lataxis"]["range"]
    assert south < -17.8 < north
    assert 'data-chart="/projects/site/place.json"' in client.get("/projects/site/").content.decode()


def test_what_is_not_there_or_not_understood_is_said(client: Client) -> None:
    a_site(latitude=None, longitude=None)
    a_milestone(a_project("hidden", latitude=1, longitude=1), "2025", "operational", 5, review="draft")
    assert client.get("/projects/site/place.json").status_code == 404
    assert client.get("/projects/hidden/place.json").status_code == 404
    assert client.get("/projects/hidden/growth.json").status_code == 404
    answer = client.get("/projects/site/growth.json?on=soon&nonsense=1")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"on", "nonsense"})
