"""What the cells of a list say, and where a phone says it."""

import re

import pytest
from django.test import Client

from tests.builders import a_deal, an_announcement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("prefix", "layer"), [("", "Build"), ("/fr", "Construction")])
def test_the_layer_of_a_deal_is_named(client: Client, prefix: str, layer: str) -> None:
    an_announcement(a_deal("d"), "2025-01-21", "5e9")
    for name in ("deals", "announcements"):
        client.cookies[f"columns_{name}"] = "layer"
        page = client.get(f"{prefix}/{name}/").content.decode()
        assert f">{layer}</td>" in page


@pytest.mark.parametrize(("prefix", "why"), [("", "no amount was stated"), ("/fr", "aucun montant n’a été donné")])
def test_a_missing_amount_says_why_without_a_mouse(client: Client, prefix: str, why: str) -> None:
    an_announcement(a_deal("d"), "2025-01-21")
    client.cookies["columns_deals"] = "headline_usd.floor_usd.delivered_usd"
    page = client.get(f"{prefix}/deals/").content.decode()
    assert page.count(f'title="{why}">–<span class="visually-hidden"> {why}</span>') == 3


def classes(page: str) -> dict[str, str]:
    """Return the classes of a row's cells by the name that a phone writes before them."""
    return {name: given for given, name in re.findall(r'<td class="([^"]*)" data-label="([^"]*)">', page)}


def test_a_phone_names_figures_and_whatever_a_reader_has_chosen(client: Client) -> None:
    an_announcement(a_deal("d"), "2025-01-21", "5e9")
    usual = classes(client.get("/announcements/").content.decode())
    assert {name for name, given in usual.items() if "labelled" in given} == {"Total after it", "Change"}
    assert "narrow-hide" in classes(client.get("/deals/").content.decode())["Steps"]
    client.cookies["columns_deals"] = "kind.layer.status.payers.first_announced.headline_usd.steps"
    chosen = classes(client.get("/deals/").content.decode())
    assert len(chosen) == 7
    assert all("labelled" in given and "narrow-hide" not in given for given in chosen.values())
