"""Pages of errors: what went wrong, what to do now, in the reader's language, and without what has failed."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils.translation import override

from investments.views.styleguide import styleguide

FAILING = "tests.pages.failing_urls"


@pytest.mark.django_db
@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize(
    ("prefix", "said"), [("", "There is no page at this address"), ("/fr", "Il n’y a pas de page à cette adresse")]
)
def test_a_missing_page_offers_what_the_words_of_its_address_find(client: Client, prefix: str, said: str) -> None:
    answer = client.get(f"{prefix}/deals/stargate-abilene/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert said in html
    assert 'value="stargate abilene"' in html
    assert f'href="{prefix}/projects/stargate-abilene/"' in html


@pytest.mark.django_db
def test_a_missing_chart_names_those_there_are(client: Client) -> None:
    answer = client.get("/charts/pie/")
    assert answer.status_code == 404
    assert "There is no chart “pie”. Known: spending, followthrough" in answer.content.decode()


@pytest.mark.django_db
def test_a_missing_page_writes_what_was_asked_as_text(client: Client) -> None:
    html = client.get("/%3Cscript%3Ealert(1)%3C/script%3E%00/").content.decode()
    assert "<script>alert" not in html


@pytest.mark.django_db
def test_a_form_without_its_cookie_is_told_why() -> None:
    answer = Client(enforce_csrf_checks=True).post("/fr/signin/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "Le formulaire n’a pas pu être accepté" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("prefix", "said"), [("", "An error on our side"), ("/fr", "Une erreur de notre côté")])
def test_a_mistake_in_code_gives_a_page_under_the_same_policy(settings: Any, prefix: str, said: str) -> None:
    settings.ROOT_URLCONF = FAILING
    answer = Client(raise_request_exception=False).get(f"{prefix}/mistaken/")
    assert answer.status_code == 500
    assert said in answer.content.decode()
    assert "style=" not in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("prefix", "said"), [("", "Back in a moment"), ("/fr", "De retour dans un instant")])
def test_a_database_that_hangs_up_asks_for_half_a_minute(settings: Any, prefix: str, said: str) -> None:
    settings.ROOT_URLCONF = FAILING
    client = Client(raise_request_exception=False)
    # The page itself must not read the session, which is in that database.
    client.cookies["sessionid"] = "a-session-that-could-be-read"
    answer = client.get(f"{prefix}/hung-up/")
    connection.close()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert said in answer.content.decode()


@pytest.mark.django_db
def test_a_program_is_told_of_a_failure_in_json(settings: Any) -> None:
    settings.ROOT_URLCONF = FAILING
    answer = Client(raise_request_exception=False).get("/api/v1/mistaken/")
    assert answer.status_code == 500
    assert answer.json()["status"] == 500


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.django_db
def test_the_style_guide_shows_every_part(client: Client, language: str) -> None:
    assert client.get("/styleguide/").status_code == 404
    request = RequestFactory().get("/styleguide/")
    request.user = None  # type: ignore[assignment]
    with override(language):
        html = styleguide(request).content.decode()
    for part in (
        "tag warn",
        "chip clear",
        "notice bad",
        "empty",
        "toast",
        "timeline",
        "rank",
        "figures",
        "pager",
        "still",
        "plot-wait",
    ):
        assert f'class="{part}' in html, part
