"""Saved views: one's own, shared by address, and honest about what is new."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from investments.models import SavedView
from tests.builders import a_deal, an_announcement

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> User:
    user = User.objects.create_user("reader")
    client.force_login(user)
    return user


def keep(client: Client, name: str = "Equity", query: str = "kind=equity&page=3", **extra: str) -> SavedView:
    client.post("/views/", {"list": "deals", "name": name, "query": query, **extra})
    return SavedView.objects.get(name=name)


def test_a_reader_keeps_a_query_and_finds_it_over_the_list(client: Client, reader: User) -> None:
    view = keep(client, query="kind=equity&page=3&after=2025")
    assert view.query == "after=2025&kind=equity"
    page = client.get("/deals/").content.decode()
    assert f"/views/{view.token}/looked/" in page
    assert f"/views/{view.token}/looked/" not in client.get("/companies/").content.decode()


def test_the_same_name_takes_the_new_query(client: Client, reader: User) -> None:
    keep(client)
    assert keep(client, query="kind=debt").query == "kind=debt"


def test_its_address_leads_anyone_to_the_list(client: Client, reader: User) -> None:
    view = keep(client)
    response = Client().get(f"/views/{view.token}/")
    assert (response.status_code, response["Location"]) == (302, "/deals/?kind=equity")


def test_new_is_what_became_public_since_the_last_look(client: Client, reader: User) -> None:
    deal = a_deal(kind="equity")
    an_announcement(deal, "2025-01-01", "5")
    draft = an_announcement(a_deal(kind="equity"), "2025-01-01", "5", review="draft")
    view = keep(client)
    # Before and after a moment: history keeps the time at which its transaction began.
    SavedView.objects.update(looked_at=timezone.now())
    assert ">1 new<" not in client.get("/deals/").content.decode()
    SavedView.objects.update(looked_at="2020-01-01T00:00Z")
    assert ">1 new<" in client.get("/deals/").content.decode()
    draft.review = "published"
    draft.save()
    assert ">2 new<" in client.get("/deals/").content.decode()
    response = client.post(f"/views/{view.token}/looked/")
    assert response["Location"] == "/deals/?kind=equity"
    assert " new<" not in client.get("/deals/").content.decode()


def test_others_views_are_out_of_reach(client: Client, reader: User) -> None:
    view = keep(client)
    other = Client()
    other.force_login(User.objects.create_user("other"))
    assert other.post(f"/views/{view.token}/drop/").status_code == 404
    assert view.token not in other.get("/deals/").content.decode()
    assert Client().post("/views/", {"list": "deals", "name": "x", "query": ""})["Location"].startswith("/signin/")
    client.post(f"/views/{view.token}/drop/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("bad", [{"name": "  "}, {"query": "kind=nothing"}, {"list": "nowhere"}])
def test_what_cannot_be_kept_is_said_and_not_kept(client: Client, reader: User, bad: dict[str, str]) -> None:
    client.post("/views/", {"list": "deals", "name": "x", "query": "kind=equity", **bad})
    assert not SavedView.objects.exists()


def test_signing_in_again_on_the_way_leads_to_a_list(client: Client, reader: User) -> None:
    assert client.get("/views/").headers["Location"] == "/deals/"
