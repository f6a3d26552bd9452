"""Search: accents, case, beginnings and both languages; best first; what matched is marked."""

from typing import Any

import pytest
from django.test import Client

from investments.search import marks
from tests.builders import a_company, a_deal, a_project, an_announcement

pytestmark = pytest.mark.django_db


def suggested(client: Client, words: str) -> list[str]:
    return [one["name"] for one in client.get("/search/suggest.json", {"q": words}).json()["results"]]


@pytest.fixture
def facts() -> None:
    lab = a_company("societe-electrique", name="Société Électrique", aliases=["SEL"], country="FR", kind="energy")
    deal = a_deal("campus", title="Campus of turbines", title_fr="Campus à turbines", payers=[lab])
    an_announcement(deal, "2025-01-01", "5", headline="Loans granted", headline_fr="Des prêts accordés")
    site = a_project("riverside", name="Riverside One", city="Évry", country="FR")
    site.milestones.create(date="2025-01-01", kind="announced")


@pytest.mark.parametrize("words", ["societe", "SOCIÉTÉ elec", "sel", "électr société"])
def test_a_company_is_found_by_any_spelling_of_its_names(client: Client, facts: None, words: str) -> None:
    assert suggested(client, words)[0] == "Société Électrique"


@pytest.mark.parametrize("words", ["turbine", "campus turb", "loan", "prêt", "accorde"])
def test_words_are_found_in_both_languages_and_by_their_stems(client: Client, facts: None, words: str) -> None:
    assert "Campus of turbines" in suggested(client, words)


def test_every_word_must_match(client: Client, facts: None) -> None:
    assert suggested(client, "campus zeppelin") == []
    assert suggested(client, "evry") == ["Riverside One"]


def test_names_that_begin_with_the_words_stand_first(client: Client) -> None:
    for slug, name in (("a", "Great Nova"), ("b", "Nova Power"), ("c", "Nova")):
        an_announcement(a_deal(payers=[a_company(slug, name=name)]), "2025-01-01", "1")
    found = [name for name in suggested(client, "nova") if "Nova" in name]
    assert set(found[:2]) == {"Nova", "Nova Power"}
    assert found[2] == "Great Nova"


def test_mistyped_and_parted_names_are_offered(client: Client) -> None:
    for slug, name in (("microsoft", "Microsoft"), ("openai", "OpenAI")):
        an_announcement(a_deal(payers=[a_company(slug, name=name)], title="A deal with open air"), "2025-01-01", "1")

    def page(words: str) -> str:
        return client.get("/search/", {"q": words}).content.decode()

    assert 'href="/search/?q=Microsoft"' in page("micorsoft")
    assert 'href="/search/?q=OpenAI"' in page("open ai")
    assert "Did you mean" not in page("open")
    assert "Did you mean" not in page("zeppelin")


def test_a_draft_is_not_found(client: Client) -> None:
    an_announcement(a_deal(title="Secret campus"), "2025-01-01", "5", review="draft", headline="Secret words")
    assert suggested(client, "secret") == []


def test_the_page_groups_marks_and_leads_on(client: Client, facts: None) -> None:
    page = client.get("/search/?q=turb").content.decode()
    assert 'href="/deals/campus/"' in page
    assert "<mark>turb</mark>ines" in page
    assert "<mark>" in client.get("/fr/search/?q=campus").content.decode()


@pytest.mark.parametrize("words", ["", "   ", "!!!", "'", "a" * 500, "\x00", "a & b | !c", "<script>", "%"])
def test_odd_words_are_answered(client: Client, facts: None, words: str) -> None:
    assert client.get("/search/", {"q": words}).status_code == 200
    assert client.get("/search/suggest.json", {"q": words}).status_code == 200


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Société Générale", "soci gene", ["Soci", "Géné"]),
        ("Up to 3 GW", "up 3", ["Up", "3"]),
        ("Œuvre", "o", []),  # one letter that is two: not marked in part
        ("plain", "", []),
    ],
)
def test_what_is_marked(text: str, words: str, marked: list[str]) -> None:
    pieces = marks(text, words)
    assert [piece for piece, hit in pieces if hit] == marked
    assert "".join(piece for piece, _hit in pieces) == text


def test_the_pickers_find_companies_and_sites(client: Client, facts: None) -> None:
    answer: Any = client.get("/companies/picks.json?q=soci").json()
    assert answer["results"] == [{"slug": "societe-electrique", "name": "Société Électrique"}]
    assert client.get("/projects/picks.json?q=river").json()["results"][0]["slug"] == "riverside"
    assert client.get("/companies/picks.json?q=%00").json()["results"] == []
