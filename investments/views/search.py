"""Search over everything at once: companies, deals, sites, announcements (INTERFACE.md)."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from investments.models import Announcement, Company, DataCenterProject, Deal
from investments.models.fields import Fold
from investments.resources.companies import with_counts
from investments.resources.deals import with_named
from investments.search import WordQuery, fold, matches, words_of
from investments.templatetags import display

FOUND_PER_GROUP = 20
SUGGESTED_PER_GROUP = 4
# Common words match much: the ranking looks at no more rows than these, the newest or largest first.
RANKED = 1000
# Shorter words are near too many names.
SHORTEST_NEAR = 4


@dataclass(frozen=True)
class Found:
    """One thing found: its name, a line that tells what it is, and its page."""

    name: str
    under: str
    url: str
    # The language of the name, where it is not that of the page.
    lang: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one noun; ``more`` is the list of all of it."""

    name: str
    title: Any
    found: list[Found]
    more: str


def search(request: HttpRequest) -> HttpResponse:
    """``/search/?q=``: what holds every word, by noun, best first."""
    text = _asked(request)
    groups = _groups(text, FOUND_PER_GROUP)
    near = [] if any(group.name == "companies" for group in groups) else near_names(text, exact=bool(groups))
    return render(
        request,
        "investments/search.html",
        {"text": text, "groups": groups, "near": near, "per_group": FOUND_PER_GROUP},
    )


def near_names(text: str, *, exact: bool = False) -> list[str]:
    """Return names of companies that a reader may have mistyped; ``exact``: only by where words are parted."""
    wanted = fold(words_of(text)).replace(" ", "")
    if len(wanted) < SHORTEST_NEAR:
        return []
    named = Company.objects.filter(sort_name__startswith=wanted[0]).order_by("sort_name")
    names = {fold(words_of(name)).replace(" ", ""): name for name in named.values_list("name", flat=True)[:RANKED]}
    return [names[one] for one in get_close_matches(wanted, names, n=3, cutoff=1 if exact else 0.8)]


def suggest(request: HttpRequest) -> JsonResponse:
    """``/search/suggest.json?q=``: the best of each noun, for the box of every page."""
    return JsonResponse({"results": suggestions(_asked(request))})


def suggestions(text: str) -> list[dict[str, str]]:
    """Return the best of each noun that hold every word: name, what it is, and its page."""
    return [
        {"name": one.name, "under": f"{group.title} · {one.under}" if one.under else str(group.title), "url": one.url}
        for group in _groups(text, SUGGESTED_PER_GROUP)
        for one in group.found
    ]


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:200]


def _groups(text: str, most: int) -> list[Group]:
    if not words_of(text):
        return []
    companies = _best(with_counts(), "search", text, "-deal_count", name="sort_name")
    deals = _best(
        Deal.objects.public().select_related("document"),
        "document__search",
        text,
        F("headline_usd").desc(nulls_last=True),
    )
    deals = with_named(deals)
    sites = _best(
        DataCenterProject.objects.public(), "search", text, F("planned_mw").desc(nulls_last=True), name="sort_name"
    )
    statements = _best(
        Announcement.objects.published().select_related("deal", "project"), "search", text, F("date").desc()
    )
    groups = [
        ("companies", _("Companies"), [_company(row) for row in companies[:most]]),
        ("deals", _("Deals"), [_deal(row) for row in deals[:most]]),
        ("projects", _("Data centers"), [_site(row) for row in sites[:most]]),
        ("announcements", _("Announcements"), [_statement(row) for row in statements[:most]]),
    ]
    return [
        Group(name, title, found, display.address(reverse(name), None, q=text))
        for name, title, found in groups
        if found
    ]


def _best(rows: QuerySet, column: str, text: str, first: Any, *, name: str | None = None) -> QuerySet:
    """Return the rows that hold every word: names that begin with them first, then by rank, then as ``first`` says."""
    matching = rows.filter(matches(column, text)).order_by(first, "-pk")
    considered = rows.model._default_manager.filter(pk__in=matching.values("pk")[:RANKED])
    ranked = rows.filter(Q(pk__in=considered.values("pk"))).annotate(
        rank=SearchRank(F(column), WordQuery(words_of(text)))
    )
    if name is None:
        return ranked.order_by("-rank", first, "-pk")
    starts = Case(
        When(**{f"{name}__startswith": Fold(Value(text))}, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return ranked.annotate(starts=starts).order_by("-starts", first, "-rank", "-pk")


def _company(row: Any) -> Found:
    kind, place = row.get_kind_display(), display.country(row.country)
    return Found(row.name, f"{kind}, {place}" if row.country else str(kind), reverse("company", args=[row.slug]))


def _deal(row: Deal) -> Found:
    money = display.plain_money(row.headline_usd) if row.headline_usd is not None else ""
    told = [display.who(row), money]
    under = " · ".join(part for part in told if part)
    return Found(row.local_title, under, reverse("deal", args=[row.slug]), _fallback(row.title_fr))


def _site(row: DataCenterProject) -> Found:
    place = ", ".join(dict.fromkeys(part for part in (row.city, row.region) if part))
    if row.country:
        place = f"{place}, {display.country(row.country)}" if place else display.country(row.country)
    return Found(row.name, place, reverse("project", args=[row.slug]))


def _statement(row: Announcement) -> Found:
    about: Any = row.deal or row.project
    url = reverse("deal" if row.deal else "project", args=[about.slug])
    title = row.deal.local_title if row.deal else about.name
    return Found(row.local_headline, f"{display.period(row.when)} · {title}", url, _fallback(row.headline_fr))


def _fallback(french: str) -> str:
    """Return the language of a text that is shown in English for want of a French one."""
    return "en" if display.language() == "fr" and not french else ""
