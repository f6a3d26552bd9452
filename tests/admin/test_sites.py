"""What cannot be true of a site is refused, what is doubtful is said, each with its field named."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from investments.dataset.load import load
from investments.dataset.problems import PackageError
from investments.models import DataCenterProject, Deal, Impact, Milestone, ProjectEnergy
from tests.builders import a_milestone, a_project, an_energy_source, an_impact

pytestmark = pytest.mark.django_db
FORMSETS = ("parties", "milestones", "impacts", "energy")


def sent(**changes: Any) -> dict[str, Any]:
    """Return the form of a site as a browser sends it."""
    empty = {f"{name}-{part}_FORMS": "0" for name in FORMSETS for part in ("TOTAL", "INITIAL")}
    return {
        "name": "Site", "slug": "site", "status": "announced", "planned_mw": "100", "city": "", "region": "",
        "country": "US", "latitude": "35.1", "longitude": "-90.1", "location_precision": "city", "note": "", "note_fr": "",
        **empty, **changes,
    }  # fmt: skip


def said(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"latitude": "90.1"}, "latitude", "less than or equal to 90"),
        ({"latitude": "-91"}, "latitude", "greater than or equal to -90"),
        ({"longitude": "180.5"}, "longitude", "less than or equal to 180"),
        ({"longitude": "-181"}, "longitude", "greater than or equal to -180"),
        ({"latitude": "0", "longitude": "0"}, "__all__", "Latitude and longitude: expected -90 to 90 and -180 to 180"),
        ({"latitude": ""}, "__all__", "both or neither"),
        ({"planned_mw": "-1"}, "planned_mw", "Planned, MW: “-1”: expected a power such as 300, 300 MW or 1.2 GW."),
        ({"country": "XX"}, "country", "Country: “XX”: expected a country, by its name or its code"),
        ({"status": "finished"}, "status", "finished is not one of the available choices"),
    ],
)
def test_what_cannot_be_true_of_a_site_is_refused(
    admin_client: Client, changes: dict[str, str], field: str, told: str
) -> None:
    answer = admin_client.post("/admin/investments/datacenterproject/add/", sent(**changes))
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert told in " ".join(errors[field])
    assert not DataCenterProject.objects.exists()


def test_a_milestone_below_zero_and_an_unknown_energy_source_are_refused(admin_client: Client) -> None:
    site = a_project("site")
    milestone = {"project": site.pk, "date": "2025-01-01", "date_precision": "day", "kind": "operational", "mw": "-5"}
    answer = admin_client.post("/admin/investments/milestone/add/", {**milestone, "review": "published"})
    assert "In service after it, MW: “-5”: expected a power such as 300" in said(answer)
    energy = {"project": site.pk, "source_kind": "coal", "as_of": "2025-01-01", "as_of_precision": "day", "mw": "5"}
    answer = admin_client.post("/admin/investments/projectenergy/add/", {**energy, "review": "published"})
    assert "source_kind" in answer.context["adminform"].form.errors
    assert "coal is not one of the available choices" in said(answer)
    assert not ProjectEnergy.objects.exists()


def figure(site: DataCenterProject, **changes: Any) -> dict[str, Any]:
    return {
        "project": site.pk, "metric": "land_ha", "value_low": "1000", "value_high": "2250", "unit": "", "basis": "press",
        "as_of": "2025-01-01", "as_of_precision": "year", "note": "", "note_fr": "", "source": "", "review": "published",
        **changes,
    }  # fmt: skip


def test_a_figure_is_converted_from_the_unit_of_its_source(admin_client: Client) -> None:
    site = a_project("site")
    assert admin_client.post("/admin/investments/impact/add/", figure(site, unit="acre")).status_code == 302
    stored = Impact.objects.get()
    # An acre is 0.40468726 ha.
    assert (str(stored.value_low), str(stored.value_high), stored.unit) == ("404.6873", "910.5463", "ha")
    answer = admin_client.post("/admin/investments/impact/add/", figure(site, metric="jobs_permanent"))
    assert answer.status_code == 302
    assert Impact.objects.get(metric="jobs_permanent").unit == "jobs"


@pytest.mark.parametrize("unit", ["furlong", "gallon/day", "9**9**9"])
def test_an_unknown_unit_is_refused_with_those_that_are_known(admin_client: Client, unit: str) -> None:
    answer = admin_client.post("/admin/investments/impact/add/", figure(a_project("site"), unit=unit))
    errors = answer.context["adminform"].form.errors
    assert errors["unit"] == [
        f"Unit: “{unit}” is not known for this metric. Expected one of: ha, m2, km2, acre, ft2, mi2."
    ]
    assert not Impact.objects.exists()


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"latitude": 0, "longitude": 0}, "project_coordinates_on_earth"),
        ({"latitude": 91, "longitude": 5}, "project_coordinates_on_earth"),
        ({"latitude": 9, "longitude": -181}, "project_coordinates_on_earth"),
        ({"latitude": 9}, "project_coordinates_on_earth"),
        ({"planned_mw": -1}, "project_power_not_negative"),
    ],
)
def test_the_database_refuses_it_too(columns: dict[str, int], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        a_project("site", **columns)
    site = a_project("site")
    with pytest.raises(IntegrityError, match="project_energy_kind_known"), transaction.atomic():
        an_energy_source(site, "coal")
    with pytest.raises(IntegrityError, match="impact_metric_in_its_unit"), transaction.atomic():
        Impact.objects.filter(pk=an_impact(site, "land_ha", "2025", 1).pk).update(unit="acre")


@pytest.mark.parametrize(
    ("entered", "milestones", "told"),
    [
        ("under_construction", [("2024", "operational", 100)],
         "Status: entered as “Under construction”, but the milestones up to today say “Operational”."),
        ("operational", [("2024", "operational", 40)],
         "Status: entered as “Operational”, but the milestones up to today say “Partly operational”."),
        ("under_construction", [("2024", "announced", None)],
         "Status: entered as “Under construction”, while the milestones say no more than “Announced”."),
        ("permitted", [], "Status: entered as “Permitted”; no milestone says since when."),
        ("operational", [("2024-05", "operational", 100.5)],
         "In service, MW: 100.5 on 2024-05 is more than the 100 planned (Planned, MW)."),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_said_above_the_form(
    admin_client: Client, entered: str, milestones: list[Any], told: str
) -> None:
    site = a_project("site", status=entered, planned_mw=100, latitude=1, longitude=1)
    for when, kind, mw in milestones:
        a_milestone(site, when, kind, mw)
    address = f"/admin/investments/datacenterproject/{site.pk}/change/"
    assert told in said(admin_client.get(address))
    saved = admin_client.post(address, sent(status=entered), follow=True)
    assert told in said(saved)
    # What is doubtful is not refused.
    assert "was changed successfully" in said(saved)


def test_nothing_is_said_where_facts_and_status_agree(admin_client: Client) -> None:
    site = a_project("site", status="partly_operational", planned_mw=100, latitude=1, longitude=1)
    a_milestone(site, "2024", "operational")
    answer = admin_client.get(f"/admin/investments/datacenterproject/{site.pk}/change/")
    assert list(answer.context["messages"]) == []
    assert "Partly operational" in said(admin_client.get("/admin/investments/datacenterproject/"))


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("projects.csv", "latitude", "91"), ("projects.csv", "longitude", "-180.5"), ("projects.csv", "planned_mw", "-5"),
        ("milestones.csv", "mw", "-1"), ("impacts.csv", "unit", "acre"), ("energy.csv", "source_kind", "coal"),
        ("energy.csv", "mw", "-2"),
    ],
)  # fmt: skip
def test_a_package_is_refused_with_file_and_column_named(tmp_path: Any, name: str, column: str, value: str) -> None:
    site = a_project("site", latitude=1, longitude=1, planned_mw=5)
    a_milestone(site, "2024", "operational", 5)
    an_impact(site, "land_ha", "2024", 5)
    an_energy_source(site, "grid", mw=5)
    call_command("export_dataset", str(tmp_path))
    head, row = (tmp_path / name).read_text().splitlines()[:2]
    cells = row.split(",")
    cells[head.split(",").index(column)] = value
    (tmp_path / name).write_text(f"{head}\r\n{','.join(cells)}\r\n")
    with pytest.raises(PackageError, match=rf"(?s){re.escape(name)}.*2.*{column}.*{re.escape(value)}"):
        load(tmp_path)


def test_the_date_of_a_milestone_carries_its_precision(admin_client: Client) -> None:
    site = a_project("site")
    form = {"project": site.pk, "date": "Q3 2026", "date_precision": "day", "kind": "operational", "mw": "1.2 GW"}
    assert admin_client.post("/admin/investments/milestone/add/", {**form, "review": "published"}).status_code == 302
    made = Milestone.objects.get()
    assert (str(made.when), made.mw) == ("2026-Q3", 1200)
    for text, told in (
        ("03/04/2026", "Date: “03/04/2026” can be read in two ways. Write YYYY-MM-DD."),
        ("2026-02-30", "Date: “2026-02-30”: there is no such day."),
    ):
        answer = admin_client.post("/admin/investments/milestone/add/", {**form, "date": text, "review": "published"})
        assert told in said(answer)


def test_a_day_in_french_is_typed_as_the_page_writes_it(admin_client: Client) -> None:
    form = {
        "project": a_project("site").pk, "date": "03/04/2026", "date_precision": "month", "kind": "permit",
        "review": "published",
    }  # fmt: skip
    assert admin_client.post("/fr/admin/investments/milestone/add/", form).status_code == 302
    assert str(Milestone.objects.get().when) == "2026-04"


def test_spending_ends_on_the_last_day_of_what_was_typed(admin_client: Client) -> None:
    form = {
        "title": "Deal", "slug": "deal", "kind": "debt", "stage": "signed", "window_start": "2026", "window_end": "Q1 2027",
        "window_start_precision": "day", "window_end_precision": "day", "parties-TOTAL_FORMS": "0",
        "parties-INITIAL_FORMS": "0", "announcements-TOTAL_FORMS": "0", "announcements-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert admin_client.post("/admin/investments/deal/add/", form).status_code == 302
    made = Deal.objects.get()
    assert (str(made.window_start), made.window_start_precision) == ("2026-01-01", "year")
    assert (str(made.window_end), made.window_end_precision) == ("2027-03-31", "quarter")
