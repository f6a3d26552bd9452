"""Drafts are nowhere: every address that the public can ask for says the same with and without them.

Addresses are taken from the URL resolver, so that a new one is walked by itself; one with a parameter of an unknown
kind fails here until it is said what to put in.
"""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import LocalePrefixPattern, Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils.regex_helper import normalize

from investments.actions import done_by
from investments.models import Company, DataCenterProject, Deal, Forecast, ProjectParty, SavedView
from investments.models.fields import Reviewed
from investments.views.charts.registry import CHARTS
from investments.views.sitemaps import SITEMAPS
from tests.builders import (
    a_company,
    a_deal,
    a_forecast,
    a_milestone,
    a_project,
    a_source,
    an_announcement,
    an_energy_source,
    an_impact,
)

pytestmark = pytest.mark.django_db

# In the slug, name or text of each draft; PLAIN also in what hidden rows are called, which no slug repeats.
SECRET, PLAIN = "xyzzy", "plugh"
AMOUNT = "987654321"
TOLD = re.compile(rf"{SECRET}|{PLAIN}|{AMOUNT}|987[ ,.\u202f]654", re.IGNORECASE)
# What is not for the public, and what tells of the server and not of facts.
ELSEWHERE = ("admin/", "metrics")
# What may stand for each parameter of an address; combinations that lead nowhere are left out.
NAMES: dict[str, list[str]] = {
    "slug": ["open-deal", "open-lab", "open-cloud", "open-site", "open-forecast", "open-1"],
    "name": [*CHARTS, "announcements", "deals", "companies", "projects", "milestones", "impacts", "forecasts"],
    "form": ["csv", "xlsx", "json", "geojson"],
    "token": ["kept"],
    "number": ["1"],
    "section": [*SITEMAPS],
}
QUERIES = (
    "", "q=xyz", "q=plu", "per_page=250&include=rumoured&count=gross&measure=floor", "left_out=covered",
    "by=year&view=planned", "by=year&estimates=1&split=payer", "metric=jobs_permanent", "fields=slug,sources,url",
)  # fmt: skip
# A page in French, and that of one row, read the same facts whatever is asked.
FEW = re.compile(r"/fr/|.*(open-|kept)")
# By the names of what is hidden: an error may repeat what was typed, and nothing may say what it is called.
HIDDEN_QUERIES = tuple(
    f"{name}={value}"
    for name, value in (
        ("company", f"{SECRET}-firm"), ("payer", f"{SECRET}-firm"), ("company", f"{SECRET}-holding"),
        ("project", f"{SECRET}-place"), ("forecaster", f"{SECRET}-firm"), ("slice", f"payer:{SECRET}-firm"),
    )
)  # fmt: skip
# What differs from one moment to the next.
PASSING = (
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(rb'"exported_at": ?"[^"]*"'),
    re.compile(rb"<updated>[^<]*[.][0-9]{6}[^<]*<"),  # of a feed without entries
    re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*<"),
)


def patterns(resolver: URLResolver, before: str = "", french: bool = False) -> Iterator[tuple[str, bool, set[str]]]:
    """Yield every address that the resolver knows: its template, whether it is there in French, its parameters."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            for template, names in normalize(one.pattern.regex.pattern):
                yield before + template, french, set(names)
        elif isinstance(one.pattern, LocalePrefixPattern):
            yield from patterns(one, before, french=True)
        else:
            ((template, _names),) = normalize(one.pattern.regex.pattern)
            yield from patterns(one, before + template, french)


def addresses() -> list[str]:
    """Return every public address, in both languages, with names of published rows put in."""
    found: list[str] = []
    for template, french, names in patterns(get_resolver()):
        if template.startswith(ELSEWHERE):
            continue
        assert names <= NAMES.keys(), f"Say in NAMES what to put into {template}."
        for values in itertools.product(*(NAMES[name] for name in sorted(names))):
            path = "/" + template % dict(zip(sorted(names), values, strict=True))
            try:
                resolve(path)
            except Resolver404:
                continue
            found += [path, f"/fr{path}"] if french else [path]
    return list(dict.fromkeys(found))


def body(client: Client, address: str) -> tuple[int, bytes]:
    """Return the status and the unpacked body of an answer, without what passes."""
    response: Any = client.get(address)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    content += response.headers.get("Location", "").encode()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(name.encode() + archive.read(name) for name in sorted(archive.namelist()))
    for passing in PASSING:
        content = passing.sub(b"", content)
    return response.status_code, content


def walk(client: Client, places: list[str], queries: tuple[str, ...] = QUERIES) -> dict[str, tuple[int, bytes]]:
    """Return every answer, by its address and query; what leads nowhere is asked once."""
    found = {}
    for place in places:
        for query in ("",) if FEW.match(place) else queries:
            address = f"{place}?{query}"
            found[address] = body(client, address)
            if not query and found[address][0] != 200:
                break
    return found


def publish_some() -> None:
    """Make published facts of every kind, for drafts to hang on."""
    lab, cloud = a_company("open-lab", country="US"), a_company("open-cloud", country="FR")
    site = a_project("open-site", country="US", latitude="32.5", longitude="-99.7", planned_mw="1200")
    ProjectParty.objects.create(project=site, company=cloud, role="operator")
    deal = a_deal("open-deal", payers=[lab], payees=[cloud], window_start="2025-01-01", window_end="2027-12-31")
    deal.projects.add(site)
    a_source(an_announcement(deal, "2025-02-01", "5000000000", key="open-1"), "https://example.org/open")
    a_milestone(site, "2025-03", "construction_start", mw=None)
    an_impact(site, "water_m3_per_year", "2025", "1000")
    an_energy_source(site, "gas_on_site", mw="100")
    a_forecast("open-forecast", "USD/year", "300000000000", "400000000000", (2026, 2026))
    reader = get_user_model().objects.create_user("reader")
    SavedView.objects.create(token="kept", user=reader, name="All", resource="deals", query="kind=capex_commitment")


def plant(review: str) -> list[Any]:
    """Make drafts of all that can be one: on published deals and sites, and of deals, sites and companies of their own."""
    text: dict[str, Any] = {"note": f"{SECRET} note", "note_fr": f"{SECRET} mot", "review": review}
    said: dict[str, Any] = {"headline": f"{SECRET} said", "headline_fr": f"{SECRET} dit"}
    deal, site = Deal.objects.get(slug="open-deal"), DataCenterProject.objects.get(slug="open-site")
    lab, public = Company.objects.get(slug="open-lab"), Forecast.objects.get(slug="open-forecast")
    holding = a_company(f"{SECRET}-holding", name=f"{PLAIN} {SECRET} Holding")
    firm = a_company(
        f"{SECRET}-firm", name=f"{PLAIN} {SECRET} Firm", summary=f"{SECRET} summary", country="BE", parent=holding
    )
    place = a_project(
        f"{SECRET}-place", name=f"{PLAIN} {SECRET} Place", city=f"{SECRET} City", country="BE", latitude="50.1", longitude="4.1",
        planned_mw=AMOUNT[:6], note=f"{SECRET} ground",
    )  # fmt: skip
    ProjectParty.objects.create(project=place, company=firm, role="operator")
    hidden = a_deal(
        f"{SECRET}-deal", payers=[firm], payees=[lab], title=f"{PLAIN} {SECRET} deal", note=f"{SECRET} terms"
    )
    hidden.projects.add(place)
    # A published deal may lie inside one that is still a draft, and hold another.
    Deal.objects.filter(pk=deal.pk).update(part_of=hidden)
    inner = a_deal(f"{SECRET}-inner", payers=[lab], title=f"{PLAIN} {SECRET} inner", part_of=deal)
    planted: list[Any] = []
    for one, event in (
        (deal, "increased"),
        (deal, "disputed"),
        (deal, "cancelled"),
        (hidden, "announced"),
        (inner, "announced"),
    ):
        planted.append(
            an_announcement(one, "2026-01-05", AMOUNT, key=f"{SECRET}-{one.pk}-{event}", event=event, **said, **text)
        )
    planted.append(
        an_announcement(None, "2026-01-06", project=site, mw=AMOUNT[:6], key=f"{SECRET}-of-site", **said, **text)
    )
    planted.append(an_announcement(None, "2026-01-06", project=place, key=f"{SECRET}-of-place", **said, **text))
    for number, announcement in enumerate(planted):
        a_source(
            announcement, f"https://example.org/{SECRET}/{number}", publisher=f"{SECRET} Press", title=f"{SECRET} scoop"
        )
    source = a_source(None, f"https://example.org/{SECRET}/figures", publisher=f"{SECRET} Office")
    for ground in (site, place):
        planted += [
            a_milestone(ground, "2026-01-07", "first_power", mw=AMOUNT[:6], source=source, **text),
            an_impact(ground, "water_m3_per_year", "2026", AMOUNT, source=source, **text),
            an_impact(ground, "jobs_permanent", "2026", AMOUNT, source=source, **text),
            an_energy_source(ground, "nuclear_ppa", "2026", mw=AMOUNT[:6], source=source, **text),
        ]
    for slug, by in (
        (f"{SECRET}-1", {"forecaster_name": f"{SECRET} Bank"}),
        (f"{SECRET}-2", {"forecaster": firm, "forecaster_name": ""}),
    ):
        guess = a_forecast(
            slug, "USD/year", AMOUNT, AMOUNT, (2026, 2026), subject=f"{SECRET} world", source=source, review=review, **said, **by,
        )  # fmt: skip
        guess.disputes.add(public)
        public.disputes.add(guess)
        planted.append(guess)
    return planted


def test_no_public_address_says_anything_of_a_draft(client: Client) -> None:
    publish_some()
    places = addresses()
    before = walk(client, places)
    planted = plant("draft")
    assert {type(one) for one in planted} == {model for model in apps.get_models() if issubclass(model, Reviewed)}
    # What a place does not understand it says as before.
    after = {address: body(client, address) for address, (status, _content) in before.items() if status != 400}
    for one in planted:
        type(one)._default_manager.filter(pk=one.pk).update(review="withdrawn")
    answers = [*after.items(), *walk(client, places, ("",)).items()]
    assert [address for address, (_status, content) in answers if TOLD.search(content.decode(errors="replace"))] == []
    assert [address for address, answer in answers if answer != before[address]] == []


def test_the_names_of_what_is_hidden_lead_nowhere(client: Client) -> None:
    publish_some()
    places = [
        address.rstrip("?") for address, (status, _content) in walk(client, addresses(), ("",)).items() if status == 200
    ]
    plant("draft")
    for place, query in itertools.product(
        [place for place in places if not re.match("/fr|.*open-", place)], HIDDEN_QUERIES
    ):
        _status, content = body(client, f"{place}?{query}")
        assert PLAIN not in content.decode(errors="replace").lower(), (place, query)
    nouns = {
        "deals": ("deal", "inner"),
        "companies": ("firm", "holding"),
        "projects": ("place",),
        "forecasts": ("1", "2"),
    }
    for name, slugs in nouns.items():
        for slug, start in itertools.product(slugs, ("", "/fr", "/api/v1")):
            assert client.get(f"{start}/{name}/{SECRET}-{slug}/").status_code == 404


def test_the_walk_sees_all_of_it_once_it_is_published(client: Client) -> None:
    publish_some()
    for one in plant("draft"):
        type(one)._default_manager.filter(pk=one.pk).update(review="published")
    seen = b"\n".join(content for _status, content in walk(client, addresses(), ("",)).values())
    lines = seen.decode(errors="replace").lower()
    for word in ("note", "said", "summary", "city", "ground", "terms", "press", "scoop", "office", "bank", "world"):
        assert f"{SECRET} {word}" in lines, word
    assert AMOUNT in lines


def test_what_a_published_fact_said_while_it_was_a_draft_stays_unsaid(client: Client) -> None:
    publish_some()
    deal, editor = Deal.objects.get(slug="open-deal"), get_user_model().objects.create_user("editor")
    one = an_announcement(deal, "2025-05-01", AMOUNT, headline=f"{SECRET} slip", review="draft", event="increased")
    with done_by(editor, f"{SECRET} reason"):
        one.amount_low = one.amount_high = 6 * 10**9
        one.headline = "Statement of May"
        one.save()
    with done_by(editor, "Checked"):
        one.review = "published"
        one.save()
    for address, (_status, content) in walk(client, addresses(), ("",)).items():
        assert not TOLD.search(content.decode(errors="replace")), address
