"""Words are explained where they stand and all together; the tour comes once; what is told in English says so."""

import re

import pytest
from django.test import Client

from investments.glossary import TERMS
from tests.builders import a_company, a_deal, a_forecast, an_announcement

pytestmark = pytest.mark.django_db


def test_the_glossary_explains_every_word_under_its_own_address(client: Client) -> None:
    for path in ("/glossary/", "/fr/glossary/"):
        page = client.get(path).content.decode()
        assert re.findall(r'<div id="([a-z_]+)"><dt>', page) != []
        assert set(re.findall(r'<div id="([a-z_]+)"><dt>', page)) == {term.slug for term in TERMS}


def test_the_glossary_follows_the_alphabet_of_its_language(client: Client) -> None:
    first = {
        path: re.findall(r"<dt>(.*?)</dt>", client.get(path).content.decode())[0]
        for path in ("/glossary/", "/fr/glossary/")
    }
    assert first == {"/glossary/": "A year", "/fr/glossary/": "Boucle d’argent"}


@pytest.mark.parametrize("path", ["/", "/deals/", "/deals/d/", "/companies/c/", "/charts/followthrough/", "/impacts/"])
def test_each_word_of_a_page_opens_a_note_of_its_own(client: Client, path: str) -> None:
    an_announcement(a_deal("d", payers=[a_company("c")], stage="letter_of_intent"), "2025-01-21", "5e9", basis="up_to")
    page = client.get(path).content.decode()
    opened = re.findall(r'popovertarget="([a-z0-9_-]+)"', page)
    assert opened and len(set(opened)) == len(opened)
    assert all(page.count(f'id="{name}"') == 1 for name in opened)


def test_the_tour_is_shown_until_it_is_closed_and_when_it_is_asked_for(client: Client) -> None:
    assert 'id="tour"' in client.get("/").content.decode()
    response = client.post("/tour/")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert 'id="tour"' not in client.get("/").content.decode()
    assert 'id="tour"' not in client.get("/fr/").content.decode()
    assert 'id="tour"' in client.get("/?tour=1").content.decode()
    assert client.get("/tour/").status_code == 405


def test_what_has_no_french_is_marked_as_english(client: Client) -> None:
    bare = a_deal("bare", title="A plan without a French name")
    an_announcement(bare, "2025-01-21", "5e9", headline="It was said in English alone")
    named = a_deal("named", title="A plan", title_fr="Un plan")
    an_announcement(named, "2025-01-22", "5e9", headline="It was said", headline_fr="Cela fut dit")
    a_forecast("estimate", "USD", 1, 2, (2025, 2026), headline="So much", headline_fr="Tant")
    for path in ("/fr/deals/bare/", "/fr/deals/", "/fr/announcements/"):
        assert '<span lang="en">A plan without a French name</span>' in client.get(path).content.decode()
    assert '<span lang="en">It was said in English alone</span>' in client.get("/fr/announcements/").content.decode()
    assert '<span lang="en">Spending worldwide</span>' in client.get("/fr/forecasts/estimate/").content.decode()
    assert re.search(r'<a href="/fr/deals/bare/" lang="en">', client.get("/fr/search/?q=french").content.decode())
    page = client.get("/fr/deals/named/").content.decode()
    assert "<h1>Un plan</h1>" in page and 'lang="en">Un plan' not in page
    assert '<span lang="en">' not in client.get("/deals/bare/").content.decode()


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/deals/?kind=equity&sort=-headline_usd", "/fr/deals/?kind=equity&amp;sort=-headline_usd"),
        ("/fr/charts/flows/?top=5", "/charts/flows/?top=5"),
        ("/fr/about/", "/about/"),
        ("/corrections/?page=/deals/", "/fr/corrections/?page=/deals/"),
    ],
)
def test_the_language_switch_keeps_page_and_query(client: Client, here: str, there: str) -> None:
    page = client.get(here).content.decode()
    switch = re.search(r'<a [^>]*href="([^"]*)"[^>]*hreflang="(?:en|fr)"[^>]*>(?:English|Français)</a>', page)
    assert switch and switch[1] == there
