"""What charts say of themselves: true of one period and of many, of one deal and of none, and of each layer alone."""

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from tests.builders import a_deal, a_milestone, a_project, an_announcement

pytestmark = pytest.mark.django_db
BN = 10**9


def said(client: Client, address: str) -> str:
    """Return the caption of the chart on a page, as plain text."""
    page = client.get(address).content.decode()
    caption = re.search(r"<figcaption>(.*?)<ul", page, re.S)
    assert caption
    return " ".join(strip_tags(caption[1].replace("</p>", " ")).replace("\xa0", " ").replace("\u202f", " ").split())


def test_one_period_is_not_called_a_span(client: Client) -> None:
    an_announcement(a_deal(kind="lease"), "2024-05-01", 2 * BN)
    told = said(client, "/charts/spending/?by=year&after=2024&before=2024")
    assert told == "2024: $2 bn. 1 deal counted, 1 announcement."
    told = said(client, "/fr/charts/spending/?by=year&after=2024&before=2024")
    assert told == "2024 : 2 Md $. 1 accord compté, 1 annonce."


def test_layers_are_not_added_in_a_sentence(client: Client) -> None:
    an_announcement(a_deal(kind="lease"), "2024-05-01", 2 * BN)
    an_announcement(a_deal(kind="capex_commitment", stage="signed"), "2025-05-01", 7 * BN)
    told = said(client, "/charts/spending/?by=year&before=2025")
    assert told.startswith("From 2024 to 2025: Build $7 bn, Contract $2 bn. The highest bar is 2025.")
    assert "$9 bn" not in told
    told = said(client, "/charts/followthrough/")
    assert told.startswith("Build, $7 bn promised: signed 100%. Contract, $2 bn promised: ")
    assert "$9 bn" not in told


def test_planned_money_counts_deals_alone(client: Client) -> None:
    an_announcement(a_deal(window_start="2025-01-01", window_end="2026-12-31"), "2024-05-01", 2 * BN)
    told = said(client, "/charts/spending/?view=planned&by=year")
    assert "1 deal counted." in told
    assert "announcement" not in told


def test_no_capacity_is_claimed_where_no_site_says_any(client: Client) -> None:
    a_milestone(a_project(planned_mw=400, country="FR"), "2025-01", "announced")
    assert said(client, "/charts/capacity/").startswith("No site says what is in service; 400 MW are planned.")


def test_nothing_is_drawn_of_nothing(client: Client) -> None:
    for chart in ("spending", "flows", "followthrough", "capacity", "map", "impacts", "forecasts"):
        page = client.get(f"/charts/{chart}/?q=nothing").content.decode()
        assert 'role="img"' not in page, chart
