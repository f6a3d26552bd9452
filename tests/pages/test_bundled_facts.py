"""The seed's facts are found through the pages' search and filters, and the pages agree with the chart."""

import re
from html import unescape

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled")]


def page(client: Client, address: str) -> str:
    """Return a page's text, white space folded."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ").split())


def test_microsofts_first_stake_in_openai(client: Client) -> None:
    found = page(client, "/deals/?payer=microsoft&payee=openai&kind=equity&before=2019")
    assert "Microsoft invests in OpenAI" in found
    assert "$1 bn" in found


def test_amazons_stake_in_anthropic_as_it_grew(client: Client) -> None:
    assert "$8 bn" in page(client, "/deals/?q=amazon+anthropic&kind=equity")
    steps = page(client, "/deals/amazon-anthropic/")
    assert [step for step in ("$1.25–4 bn", "$4 bn", "$8 bn") if step in steps] == ["$1.25–4 bn", "$4 bn", "$8 bn"]


def test_metas_pledge_through_2028(client: Client) -> None:
    found = page(client, "/deals/?company=meta&min=600bn")
    assert "Meta: infrastructure in the United States through 2028" in found
    assert "$600 bn" in found
    assert "at least" in found


def test_stargate_and_the_oracle_contract_inside_it(client: Client) -> None:
    assert "$100–500 bn" in page(client, "/deals/?q=stargate&kind=joint_venture")
    contract = page(client, "/deals/oracle-openai-cloud/")
    assert "inside Stargate" in contract
    assert "$30 bn at least a year" in contract
    assert "$300 bn" in contract
    assert "inside Stargate, not added" in page(client, "/deals/?q=openai&min=290bn")


def test_nvidias_estimate_and_the_figure_that_contradicts_it(client: Client) -> None:
    found = page(client, "/forecasts/?forecaster=nvidia")
    assert "$3–4 tn" in found
    assert "$3–4 bn" in found
    assert "disputed" in found
    one = page(client, "/forecasts/nvidia-2030/")
    assert "Disputed figures" in one
    assert "$3–4 bn" in one


def test_the_memphis_site_with_its_turbines_and_emissions(client: Client) -> None:
    assert "Colossus" in page(client, "/projects/?q=memphis&company=xai")
    site = page(client, "/projects/colossus-memphis/")
    assert "Gas turbines" in site
    assert "35 turbines" in site
    assert "15 turbines" in site
    assert "Nitrogen oxides" in site
    assert "Lawsuit" in site


@pytest.mark.parametrize("measure", ["headline", "floor"])
def test_the_overview_names_the_figures_of_the_chart(client: Client, measure: str) -> None:
    by_layer = client.get("/charts/spending.json", {"measure": measure}).json()["by_layer"]
    html = client.get("/").content.decode()
    named = dict(re.findall(rf'data-layer="(\w+)"[^>]*data-{measure}="([-\d.]+)"', html))
    assert named == by_layer
    assert all(float(amount) > 0 for amount in by_layer.values())


ADDRESSES = [
    "/", "/announcements/", "/deals/", "/companies/", "/projects/", "/impacts/", "/forecasts/", "/charts/", "/search/?q=oracle",
    "/deals/stargate/", "/companies/openai/", "/projects/stargate-abilene/", "/forecasts/nvidia-2030/",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_answers_in_french_and_names_its_language(client: Client, address: str) -> None:
    html = client.get(f"/fr{address}").content.decode()
    assert '<html lang="fr">' in html
    assert "Vue d’ensemble" in html
    english = html.replace(f'href="{address}"', "")
    assert "Skip to the content" not in english


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_asks_more_queries_than_its_due(client: Client, address: str, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(40):
        client.get(address)
