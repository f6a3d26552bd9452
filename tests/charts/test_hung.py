"""Charts on pages about something else: each with its table, files, way to the rows, sources and finding."""

import csv
import re
from decimal import Decimal
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from tests.builders import (
    a_company,
    a_deal,
    a_milestone,
    a_project,
    a_source,
    an_announcement,
)

pytestmark = pytest.mark.django_db


def figures(client: Client, path: str) -> list[str]:
    """Return the figures of a page, as markup."""
    html = client.get(path).content.decode()
    return [unescape(part) for part in re.findall(r'<figure class="chart">(.*?)</figure>', html, re.DOTALL)]


def rows_of(figure: str) -> list[list[str]]:
    """Return the cells of the table under a figure, as text."""
    body = figure.split("<tbody>")[1].split("</tbody>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")[:-1]]
    return [[re.sub(r"<[^>]+>", "", cell).replace("\xa0", " ") for cell in row] for row in rows]


def file_of(client: Client, figure: str) -> list[dict[str, str]]:
    """Follow a figure's link to its CSV."""
    link = re.search(r'href="([^"]+)" download>CSV<', figure)
    assert link
    answer = client.get(link[1])
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(StringIO(answer.content.decode())))


def a_disputed_deal() -> Any:
    deal = a_deal("deal", title="A deal")
    first = an_announcement(deal, "2024-01-10", 4_000_000_000, headline="Four")
    a_source(first, publisher="First Paper")
    a_source(first, url="https://second.example/a")
    an_announcement(deal, "2024-11-22", 8_000_000_000, event="increased", headline="Eight")
    an_announcement(deal, "2025-02-01", 6_000_000_000, event="disputed", headline="Six, really")
    return deal


def test_a_deals_figure_has_its_table_and_leads_to_the_announcements(client: Client) -> None:
    a_disputed_deal()
    page = client.get("/deals/deal/").content.decode()
    [figure] = figures(client, "/deals/deal/")
    rows = rows_of(figure)
    assert [row[:4] for row in rows[:2]] == [
        ["10 Jan 2024", "$4 bn", "$4 bn", "–"], ["22 Nov 2024", "$8 bn", "$8 bn", "–"],
    ]  # fmt: skip
    assert rows[2][0] == "1 Feb 2025"
    assert rows[2][3:5] == ["$6 bn", "Disputed"]
    assert rows[0][5] == "First Paper, second.example"
    spots = re.findall(r'href="#(announcement-\d+)"', figure)
    assert len(spots) == 3
    assert all(f'<li id="{spot}"' in page for spot in spots)
    assert "went from $4 bn (10 Jan 2024) to $8 bn" in figure.replace("\xa0", " ")
    assert "1 figure contradicts it." in figure


def test_a_deals_data_and_file_say_what_contradicts_it(client: Client) -> None:
    a_disputed_deal()
    data = client.get("/deals/deal/steps.json").json()
    assert [(row["date"], row["amount_usd"]) for row in data["disputed"]] == [("2025-02-01", "6000000000.00")]
    rows = file_of(client, figures(client, "/deals/deal/")[0])
    assert [(row["date"], row["high_usd"], row["disputed_usd"]) for row in rows][:2] == [
        ("2024-01-10", "4000000000.00", ""), ("2024-11-22", "8000000000.00", ""),
    ]  # fmt: skip
    assert rows[2]["disputed_usd"] == "6000000000.00"
    assert rows[0]["sources"].count("https://") == 2


def test_a_mark_of_a_deal_names_who_says_it_and_leads_there(client: Client) -> None:
    a_disputed_deal()
    traces = {trace["name"]: trace for trace in client.get("/deals/deal/steps.json").json()["figure"]["data"]}
    assert traces["Headline"]["text"][0].endswith("<br>Source: First Paper, second.example")
    assert all(link.startswith("#announcement-") for link in traces["Headline"]["customdata"])
    assert traces["Disputed figures"]["customdata"][0].startswith("#announcement-")


def test_a_deal_without_money_has_no_figure(client: Client) -> None:
    an_announcement(a_deal("deal"), "2024-01-10")
    assert figures(client, "/deals/deal/") == []


def test_a_site_tells_its_steps_as_a_table_with_sources(client: Client) -> None:
    site = a_project("site", planned_mw=400)
    for when, kind, mw in (("2023-02", "announced", None), ("2024-06", "operational", 100), ("2099", "expanded", 400)):
        a_milestone(site, when, kind, mw, source=a_source(publisher=f"Paper of {when}"))
    page = client.get("/projects/site/").content.decode()
    figure = figures(client, "/projects/site/")[0]
    assert rows_of(figure) == [
        ["Feb 2023", "0 MW", "0%", "Announced", "Paper of 2023-02"],
        ["Jun 2024", "100 MW", "25%", "In service", "Paper of 2024-06"],
        ["2099", "400 MW", "100%", "Expanded (expected)", "Paper of 2099"],
    ]
    assert all(f'<li id="{spot}"' in page for spot in re.findall(r'href="#(milestone-\d+)"', figure))
    said = figure.replace("\xa0", " ")
    assert "100 MW are in service, 25% of 400 MW planned. 400 MW are expected by 2099." in said
    texts = [
        text for trace in client.get("/projects/site/growth.json").json()["figure"]["data"] for text in trace["text"]
    ]
    assert any(text.endswith("<br>Source: Paper of 2024-06") for text in texts)


def test_a_sites_file_follows_the_day_and_refuses_other_formats(client: Client) -> None:
    site = a_project("site", planned_mw=400)
    a_milestone(site, "2024-06", "operational", 100)
    figure = figures(client, "/projects/site/?on=2024-01&units=us")[0]
    assert [(row["date"], row["mw"], row["expected"]) for row in file_of(client, figure)] == [
        ("2024-06", "100", "True")
    ]
    assert client.get("/projects/site/growth.pdf").status_code == 404


def test_a_company_has_a_figure_of_each_side_and_never_adds_layers(client: Client) -> None:
    payer, payee = a_company("payer", name="Payer"), a_company("payee", name="Payee")
    for day, kind, amount in (
        ("2024-05-01", "capex_commitment", 3),
        ("2025-05-01", "capex_commitment", 5),
        ("2025-06-01", "lease", 2),
    ):
        an_announcement(a_deal(payers=[payer], payees=[payee], kind=kind), day, amount * 10**9)
    [paid] = figures(client, "/companies/payer/")
    assert "Money Payer pledges per year, by layer" in paid
    said = paid.replace("\xa0", " ")
    assert "Build: $8 bn, the most in 2025 ($5 bn). Contract: $2 bn, all of it in 2025." in said
    assert "$10 bn" not in said
    # The running year stands first, and has nothing yet.
    assert [row[0] for row in rows_of(paid)][-2:] == ["2025", "2024"]
    assert sum(Decimal(row["amount"]) for row in file_of(client, paid)) == 10 * 10**9
    links = re.findall(r'<td class="num"><a href="([^"]+)"', paid)
    assert len(links) == 3
    assert all(client.get(link).status_code == 200 for link in links)
    room = re.search(r'href="([^"]+)">More in the chart room', paid)
    assert room
    assert "Payer" in client.get(room[1]).content.decode()


@pytest.mark.usefixtures("bundled")
class TestBundled:
    """Charts of a selection, on the page of the selection."""

    @pytest.mark.parametrize(
        "path", ["/impacts/?country=US", "/forecasts/?q=nvidia", "/companies/openai/", "/deals/stargate/"]
    )
    @pytest.mark.parametrize("prefix", ["", "/fr"])
    def test_a_figure_has_files_and_a_table(self, client: Client, path: str, prefix: str) -> None:
        for figure in figures(client, prefix + path):
            assert rows_of(figure)
            assert file_of(client, figure)
            assert all(f'data-save="{form}"' in figure for form in ("png", "svg"))
            spoken = re.search(r'aria-label="([^"]+)"', figure)
            assert spoken
            assert len(spoken[1].split(". ")) > 1

    def test_the_table_and_the_file_of_a_selection_hold_the_same_rows(self, client: Client) -> None:
        for path in ("/impacts/?country=US", "/forecasts/"):
            [figure] = figures(client, path)
            assert len(rows_of(figure)) == len(file_of(client, figure)) > 3
            assert all(row[-1] for row in rows_of(figure))

    def test_the_map_of_sites_has_files_and_the_page_its_table(self, client: Client) -> None:
        [figure] = figures(client, "/projects/?show=map&country=FR&sort=-planned_mw")
        assert "<table" not in figure
        sites = {row["slug"] for row in file_of(client, figure)}
        html = client.get("/projects/?show=map&country=FR").content.decode()
        assert sites <= set(re.findall(r'data-site="([^"]+)"', html))
        assert "sites in France. The largest is planned with" in figure

    def test_the_chart_of_impacts_says_which_filters_it_does_not_follow(self, client: Client) -> None:
        narrowed = "narrow only the figures below it"
        assert narrowed in figures(client, "/impacts/?basis=permit")[0]
        assert narrowed not in figures(client, "/impacts/?country=US&units=us")[0]

    @pytest.mark.parametrize(
        "path", ["/impacts/?metric=nonsense", "/forecasts/?unit=nonsense", "/projects/?show=map&min_mw=x"]
    )
    def test_a_query_that_is_not_understood_draws_nothing(self, client: Client, path: str) -> None:
        assert figures(client, path) == []

    def test_marks_of_estimates_and_impacts_name_their_source(self, client: Client) -> None:
        for name in ("impacts", "forecasts"):
            traces = client.get(f"/charts/{name}.json").json()["figure"]["data"]
            assert any("<br>Source: " in text for trace in traces for text in trace["text"])
