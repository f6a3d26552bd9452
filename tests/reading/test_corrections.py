"""A reader reports an error: a draft for editors with its page and text, without an account, and not too many."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from investments.models import Correction
from tests.builders import a_company, a_deal, a_project, an_announcement

pytestmark = pytest.mark.django_db

TOLD = {
    "page": "/deals/stargate/",
    "text": "The date is the 21st of January, not the 22nd.",
    "source": "",
    "website": "",
}


def send(client: Client, path: str = "/corrections/", **changes: Any) -> Any:
    more = {name: changes.pop(name) for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR") if name in changes}
    return client.post(path, {**TOLD, **changes}, **more)


def test_a_report_arrives_as_a_draft_with_its_page_and_text(client: Client) -> None:
    response = send(client, page="/deals/?kind=equity", source="https://example.org/release")
    assert (response.status_code, response["Location"]) == (302, "/corrections/sent/?page=%2Fdeals%2F%3Fkind%3Dequity")
    kept = Correction.objects.get()
    assert (kept.state, kept.page, kept.text) == ("draft", "/deals/?kind=equity", TOLD["text"])
    assert (kept.source, kept.language) == ("https://example.org/release", "en")
    assert 'href="/deals/?kind=equity"' in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("path", ["/deals/?kind=equity&page=1", "/fr/projects/?country=US", "/impacts/?units=us", "/"])
def test_every_page_reports_its_own_address_with_its_query(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    links = re.findall(r'<a class="report" rel="nofollow" href="([^"]+)"', page)
    assert [QueryDict(unescape(link).partition("?")[2])["page"] for link in links] == [path]


def test_a_hundred_in_a_row_from_one_address_are_limited(client: Client) -> None:
    answers = [send(client, text=f"Report {number} of a row of a hundred.") for number in range(100)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 95
    assert Correction.objects.count() == 5
    last = answers[-1]
    assert 3500 < int(last["Retry-After"]) <= 3600
    page = last.content.decode()
    assert "5 corrections came from your network within the last hour, and no more are taken." in page
    assert "send it again in 60 minutes." in page
    # What was typed is kept.
    assert "Report 99 of a row of a hundred." in page


def test_the_limit_reads_in_french(client: Client) -> None:
    for _number in range(5):
        send(client)
    page = send(client, "/fr/corrections/").content.decode()
    assert "5 corrections sont venues de votre réseau dans la dernière heure\u00a0; il n’en est plus accepté." in page


def test_another_address_is_not_limited_and_time_lifts_the_limit(client: Client) -> None:
    for _number in range(5):
        send(client)
    assert send(client, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert send(client).status_code == 429
    Correction.objects.update(sent_at=timezone.now() - timedelta(minutes=61))
    assert send(client).status_code == 302


def test_a_day_has_a_limit_of_its_own(client: Client) -> None:
    for hours in range(2, 22):
        send(client)
        Correction.objects.filter(sent_at__gt=timezone.now() - timedelta(minutes=1)).update(
            sent_at=timezone.now() - timedelta(hours=hours)
        )
    response = send(client)
    assert response.status_code == 429
    # The oldest of the day's twenty is 21 hours old.
    assert int(response["Retry-After"]) == pytest.approx(3 * 3600, abs=60)


def test_one_ipv6_network_is_one_sender(client: Client) -> None:
    answers = [send(client, REMOTE_ADDR=f"2001:db8:1:2::{number}").status_code for number in range(1, 8)]
    assert answers == [302] * 5 + [429] * 2
    assert send(client, REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_a_made_up_forwarding_changes_nothing_without_a_proxy(client: Client) -> None:
    answers = [send(client, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}").status_code for number in range(7)]
    assert answers == [302] * 5 + [429] * 2


def test_behind_the_proxy_the_address_that_it_adds_counts(client: Client, settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    answers = [send(client, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}, 198.51.100.1").status_code for n in range(7)]
    assert answers == [302] * 5 + [429] * 2
    assert send(client, HTTP_X_FORWARDED_FOR="198.51.100.2").status_code == 302


def test_the_sender_is_a_digest_and_is_forgotten_after_a_day(client: Client) -> None:
    send(client)
    assert len(Correction.objects.get().sender) == 64
    Correction.objects.update(sent_at=timezone.now() - timedelta(hours=25))
    send(client)
    assert [bool(kept.sender) for kept in Correction.objects.order_by("sent_at")] == [False, True]


def test_what_fills_in_the_hidden_field_is_thanked_and_not_kept(client: Client) -> None:
    assert send(client, website="https://example.com").status_code == 302
    assert not Correction.objects.exists()


def test_without_its_token_nothing_is_taken() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict).status_code == 403
    strict.get("/corrections/")
    assert send(strict, csrfmiddlewaretoken=strict.cookies["csrftoken"].value).status_code == 302
    assert Correction.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said", "said_in_french"),
    [
        ({"text": "short"}, "What is wrong: 5 characters; expected 10 to 4,000.",
         "Ce qui est faux\u00a0: 5 caractères\u00a0; de 10 à 4\u202f000 attendus."),
        ({"text": "x" * 4001}, "What is wrong: 4,001 characters; expected 10 to 4,000.",
         "Ce qui est faux\u00a0: 4\u202f001 caractères\u00a0; de 10 à 4\u202f000 attendus."),
        ({"text": "   "}, "What is wrong: nothing is typed. Say which figure, date or name.",
         "Ce qui est faux\u00a0: rien n’est saisi. Dites quel chiffre, quelle date ou quel nom."),
        ({"page": "/nowhere/"}, "Page: “/nowhere/” is no page of this site. Expected an address such as /deals/stargate/.",
         "Page\u00a0: «\u00a0/nowhere/\u00a0» n’est pas une page de ce site. Une adresse est attendue, comme /fr/deals/stargate/."),
        ({"source": "https://example.org/" + "x" * 981}, "Where it is said: 1,001 characters; expected at most 1,000.",
         "Où c’est dit\u00a0: 1\u202f001 caractères\u00a0; 1\u202f000 au plus attendus."),
    ],
)  # fmt: skip
def test_an_error_names_field_value_and_expectation(
    client: Client, wrong: dict[str, str], said: str, said_in_french: str
) -> None:
    for path, words in (("/corrections/", said), ("/fr/corrections/", said_in_french)):
        response = send(client, path, **wrong)
        page = response.content.decode()
        assert response.status_code == 400
        assert words in page
        # The rest of what was typed is kept.
        assert ({**TOLD, **wrong}["page"]) in page
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    "page", ["https://example.com/deals/", "//example.com/deals/", "/admin/", "/metrics", "/deals/export.csv", "javascript:1", ""]
)  # fmt: skip
def test_only_public_pages_of_this_site_are_taken(client: Client, page: str) -> None:
    assert send(client, page=page).status_code == 400
    assert client.get("/corrections/sent/", {"page": page}).content.decode().count("Back to the page") == 0


def test_the_whole_address_of_a_page_is_taken_too(client: Client) -> None:
    send(client, page="http://testserver/fr/charts/flows/?top=5")
    assert Correction.objects.get().page == "/fr/charts/flows/?top=5"


@pytest.mark.parametrize(
    "path", ["/deals/d/", "/companies/c/", "/projects/s/", "/announcements/?kind=equity", "/charts/flows/?top=5"]
)
def test_every_page_leads_to_the_form_and_carries_itself(client: Client, path: str, small_world: None) -> None:
    page = client.get(path).content.decode()
    carried = path.replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")
    assert f'href="/corrections/?page={carried}"' in page
    shown = client.get(f"/corrections/?page={carried}").content.decode()
    assert f'value="{path}"' in shown


def test_an_announcement_on_the_page_of_its_deal_has_a_link_of_its_own(client: Client, small_world: None) -> None:
    deal = a_deal("told-twice")
    one = an_announcement(deal, "2025-01-21", "5e9")
    page = client.get("/deals/told-twice/").content.decode()
    assert f'id="announcement-{one.pk}"' in page
    assert f"/corrections/?page=%2Fdeals%2Ftold-twice%2F%23announcement-{one.pk}" in page
    send(client, page=f"/deals/told-twice/#announcement-{one.pk}")
    desk = signed_in(Client(), "Editor")
    kept = Correction.objects.get()
    shown = desk.get(f"/admin/investments/correction/{kept.pk}/change/").content.decode()
    assert f"/admin/investments/announcement/{one.pk}/change/" in shown


def signed_in(client: Client, group: str) -> Client:
    user = get_user_model().objects.create_user(group.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client


def test_editors_find_it_on_the_desk_with_its_page_and_mark_it_handled(client: Client) -> None:
    deal = a_deal("stargate")
    an_announcement(deal, "2025-01-21", "5e11")
    send(client)
    desk = signed_in(client, "Editor")
    front = desk.get("/admin/").content.decode()
    assert '<a href="/admin/investments/correction/?state__exact=draft">Corrections from readers: 1</a>' in front
    kept = Correction.objects.get()
    listed = desk.get("/admin/investments/correction/?state__exact=draft").content.decode()
    assert '<a href="/deals/stargate/">/deals/stargate/</a>' in listed
    shown = desk.get(f"/admin/investments/correction/{kept.pk}/change/").content.decode()
    assert '<a href="/deals/stargate/">/deals/stargate/</a>' in shown
    assert f'<a href="/admin/investments/deal/{deal.pk}/change/">' in shown
    desk.post("/admin/investments/correction/", {"action": "mark_handled", "_selected_action": [kept.pk]}, follow=True)
    kept.refresh_from_db()
    assert (kept.state, str(kept.handled_by)) == ("handled", "editor")
    assert "Corrections from readers: 1" not in desk.get("/admin/").content.decode()
    # The form does the same, both ways.
    desk.post(f"/admin/investments/correction/{kept.pk}/change/", {"state": "draft", "remark": "Not yet."})
    kept.refresh_from_db()
    assert (kept.state, kept.handled_by, kept.remark) == ("draft", None, "Not yet.")
    desk.post(f"/admin/investments/correction/{kept.pk}/change/", {"state": "handled", "remark": "Day corrected."})
    kept.refresh_from_db()
    assert (kept.state, str(kept.handled_by), kept.remark) == ("handled", "editor", "Day corrected.")


def test_what_a_reader_types_stays_text_in_the_admin(client: Client) -> None:
    send(client, text="<script>alert(1)</script> is wrong", source="javascript:alert(1)")
    desk = signed_in(client, "Editor")
    for path in ("", f"{Correction.objects.get().pk}/change/"):
        page = desk.get(f"/admin/investments/correction/{path}").content.decode()
        assert "<script>alert(1)" not in page and 'href="javascript' not in page


@pytest.fixture
def small_world() -> None:
    company, site = a_company("c"), a_project("s")
    an_announcement(a_deal("d", payers=[company]), "2025-01-21", "5e9", project=site)
