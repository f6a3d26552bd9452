"""What machines are told of pages: addresses, languages, previews, the dataset, which pages there are."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from investments.models import DataCenterProject
from investments.views import sitemaps
from tests.builders import a_company, a_deal, a_project, an_announcement

pytestmark = pytest.mark.django_db
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


class Head(HTMLParser):
    """The links and the meta elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[tuple[str | None, str | None, str | None]] = []
        self.meta: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") in {"canonical", "alternate"}:
            self.links.append((given.get("rel"), given.get("hreflang"), given.get("href")))
        if tag == "meta":
            self.meta[given.get("property") or given.get("name") or ""] = given.get("content") or ""


@pytest.fixture
def small_world() -> None:
    payer, site = a_company("c"), a_project("s")
    deal = a_deal("d", title='Deal "of" <a> & b', payers=[payer], kind="equity")
    an_announcement(deal, "2025-01-21", "5e9", project=site)


@pytest.mark.parametrize(
    "path", ["/", "/deals/", "/deals/d/", "/companies/c/", "/projects/s/", "/charts/flows/", "/about/", "/glossary/"]
)
def test_a_page_names_its_address_in_both_languages(client: Client, small_world: None, path: str) -> None:
    here = f"http://testserver{path}"
    there = f"http://testserver/fr{path}"
    both = [("alternate", "en", here), ("alternate", "fr", there), ("alternate", "x-default", here)]
    for asked, own in ((path, here), (f"/fr{path}", there)):
        links = Head(client.get(asked).content.decode()).links
        assert links[0] == ("canonical", None, own)
        assert links[1:4] == both


def test_a_filtered_list_stands_for_the_whole_one_and_a_further_page_for_itself(client: Client) -> None:
    def canonical(path: str) -> str | None:
        return Head(client.get(path).content.decode()).links[0][2]

    assert canonical("/deals/?kind=equity&page=2") == "http://testserver/deals/"
    assert canonical("/deals/?page=2") == "http://testserver/deals/?page=2"
    assert canonical("/deals/?page=1") == "http://testserver/deals/"
    assert canonical("/deals/?page=<script>") == "http://testserver/deals/"


def test_what_is_not_there_has_no_address(client: Client) -> None:
    assert Head(client.get("/nowhere/").content.decode()).links == []


def test_previews_say_what_the_page_says(client: Client, small_world: None) -> None:
    meta = Head(client.get("/deals/d/").content.decode()).meta
    assert meta["og:title"] == meta["twitter:title"] == 'Deal "of" <a> & b'
    assert meta["og:description"] == meta["description"] == 'Deal "of" <a> & b: C · $5\u00a0bn · Equity · 21 Jan 2025'
    assert meta["og:locale"] == "en_US"
    assert meta["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_titles_and_descriptions_hold_no_markup(client: Client, small_world: None, prefix: str) -> None:
    DataCenterProject.objects.update(planned_mw=2000)
    parts = locations(client.get("/sitemap.xml").content)
    pages = [page for part in parts for page in locations(client.get(part).content)]
    pages = [page for page in pages if page.startswith("http://testserver/fr/") == bool(prefix)]
    assert len(pages) > 10
    for page in pages:
        head = client.get(page).content.decode().partition("</head>")[0]
        assert re.search(r"<title>[^<]+</title>", head), page
        told = re.search(r'<meta name="description" content="([^"<>]+)">\n', head)
        assert told, page
        assert "<span" not in unescape(told[1])


@pytest.mark.parametrize(("path", "language"), [("/", "en"), ("/fr/", "fr")])
def test_the_picture_of_previews_is_there(client: Client, path: str, language: str) -> None:
    meta = Head(client.get(path).content.decode()).meta
    assert meta["og:image"] == f"http://testserver/static/img/preview_{language}.png"
    found = finders.find(f"img/preview_{language}.png")
    assert isinstance(found, str)
    start = Path(found).read_bytes()[:24]
    assert start.startswith(b"\x89PNG")
    assert (int.from_bytes(start[16:20], "big"), int.from_bytes(start[20:24], "big")) == (1200, 630)


def dataset(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/", "/fr/about/"])
def test_the_dataset_is_described_with_downloads_that_answer(client: Client, small_world: None, path: str) -> None:
    told = dataset(client.get(path).content.decode())
    assert (told["@context"], told["@type"]) == ("https://schema.org", "Dataset")
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert told["temporalCoverage"] == "2025-01-21/2025-01-21"
    assert 50 <= len(told["description"]) <= 5000
    assert len(told["distribution"]) == 16
    for download in told["distribution"]:
        response: Any = client.get(download["contentUrl"])
        assert response.status_code == 200
        assert response["Content-Type"].startswith(download["encodingFormat"])
        assert response.getvalue()
        response.close()


def test_structured_data_cannot_end_its_element(client: Client, settings: Any) -> None:
    settings.SITE_NAME = "</script><script>alert(1)</script>"
    page = client.get("/about/").content.decode()
    assert "<script>alert(1)" not in page
    assert dataset(page)["publisher"]["name"] == settings.SITE_NAME


def locations(page: bytes) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(page).iterfind(".//s:loc", SITEMAP)]


def test_robots_are_told_where_pages_are_listed(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    text = response.content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /admin/" in text and "Disallow: /fr/admin/" in text


def test_every_page_of_a_sitemap_answers_in_both_languages(client: Client, small_world: None) -> None:
    parts = locations(client.get("/sitemap.xml").content)
    pages = [page for part in parts for page in locations(client.get(part).content)]
    assert {"http://testserver/deals/d/", "http://testserver/fr/deals/d/", "http://testserver/fr/projects/s/"} < set(
        pages
    )
    assert len(pages) == len(set(pages))
    assert [page for page in pages if client.get(page).status_code != 200] == []
    tree = ElementTree.fromstring(client.get("/sitemap-deals.xml").content)
    links = [(a.get("hreflang"), a.get("href")) for a in tree.iterfind("s:url[1]/x:link", SITEMAP)]
    assert links == [
        ("en", "http://testserver/deals/d/"), ("fr", "http://testserver/fr/deals/d/"),
        ("x-default", "http://testserver/deals/d/"),
    ]  # fmt: skip


def test_what_is_not_public_is_in_no_sitemap(client: Client) -> None:
    an_announcement(a_deal("hidden"), "2025-01-21", "5e9", review="draft")
    assert locations(client.get("/sitemap-deals.xml").content) == []


def test_sitemaps_are_paged_and_ask_the_same_however_many_deals_there_are(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps.Everywhere, "limit", 4)

    def asked(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    def grow(number: int, start: int) -> None:
        for one in range(start, start + number):
            an_announcement(a_deal(f"deal-no-{one}"), "2025-01-21", "5e9")

    grow(3, 0)
    few = (asked("/sitemap.xml"), asked("/sitemap-deals.xml"))
    grow(8, 3)
    assert (asked("/sitemap.xml"), asked("/sitemap-deals.xml")) == few
    # Eleven deals in two languages, four addresses a file.
    parts = [part for part in locations(client.get("/sitemap.xml").content) if "deals" in part]
    assert parts == [
        "http://testserver/sitemap-deals.xml",
        *(f"http://testserver/sitemap-deals.xml?p={n}" for n in range(2, 7)),
    ]
    pages = [page for part in parts for page in locations(client.get(part).content)]
    assert sorted(pages) == sorted(
        f"http://testserver{prefix}/deals/deal-no-{one}/" for prefix in ("", "/fr") for one in range(11)
    )
    assert client.get("/sitemap-deals.xml?p=7").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404
