"""French pages are French: no English word of ours is left, and what is printed follows French typography."""

import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.contrib.auth import get_user_model
from django.test import Client

from investments.models import (
    Announcement,
    Company,
    DataCenterProject,
    Deal,
    Forecast,
    Impact,
    Milestone,
    ProjectEnergy,
    Source,
)

CATALOGUE = Path(__file__).parents[2] / "locale" / "fr" / "LC_MESSAGES" / "django.po"
# Words that hold English sentences together and are no French words.
FUNCTION_WORDS = set("""
about above across after again against all also although among and any are as at be because been before being below between both
but by can cannot could did does doing each either every few for from further had has have having here him his how if in into
is it its itself just may might more most much must neither nor of off once only or other our out over own
shall she should some such than that the their them then there these they this those through to too under until up upon was we were what
when where whether which while who whom whose why will with within without would yet you your
""".split()) - set("a as but me on or off once but may out own sent".split())  # fmt: skip
# White space that a line may be broken at; a non-breaking one is none of it.
WHITE = re.compile(r"[ \t\r\n]+")
# Texts of the page that no reader reads as words of a sentence.
UNREAD = {"script", "style", "svg", "textarea", "template"}
READ_ATTRIBUTES = ("aria-label", "placeholder", "title", "alt", "content", "data-failed")
SPACED = re.compile(
    r"[^\s:/] [:;!?»%](?!\w)|« |\w[;!?](?=\s|$)|\w:(?=\s|$)|\.\.\.|(?<=[a-zà-ÿ])'(?=[a-zà-ÿ])|\d (?:Md|M)\b|Md \$|M \$"
)


class Texts(HTMLParser):
    """The texts of a page in its own language: those that say to be in another one are left out."""

    VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    @property
    def reading(self) -> bool:
        return all(read for _tag, read in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        read = tag not in UNREAD and (given.get("lang") or "fr") == "fr"
        if self.reading and read:
            kept = READ_ATTRIBUTES if tag != "meta" or given.get("name") == "description" else ()
            self.found += [value for name in kept if (value := given.get(name))]
            if tag == "input" and given.get("type") in {"submit", "button"}:
                self.found.append(given.get("value") or "")
        if tag not in self.VOID:
            self.open.append((tag, read))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if self.reading and data.strip():
            self.found.append(data.strip(" \t\r\n"))


def texts(page: str) -> list[str]:
    parser = Texts()
    parser.feed(page)
    return parser.found


def words_of(text: str) -> set[str]:
    """Return the words of a text in lower case; codes such as IN and IT are none."""
    return {word.lower() for word in re.findall(r"[A-Za-z]+", text) if len(word) == 1 or not word.isupper()}


def english_messages() -> set[str]:
    """Return what the interface says in English and says otherwise in French."""
    with CATALOGUE.open("rb") as file:
        messages = list(read_po(file, locale="fr"))
    pairs = [
        (one, other)
        for message in messages
        for one, other in zip(
            message.id if isinstance(message.id, tuple | list) else (message.id,),
            message.string if isinstance(message.string, tuple | list) else (message.string,),
            strict=False,
        )
    ]
    french = {str(other) for _one, other in pairs}
    # One English word may have a French reading that is spelled the same, in another context.
    return {str(one) for one, other in pairs if one and one != other and str(one) not in french}


def names() -> list[str]:
    """Return what is called so in every language: names of companies, sites, places, publishers and documents."""
    found: set[str] = set()
    for name, aliases in Company.objects.values_list("name", "aliases"):
        found |= {name, *aliases}
    for row in DataCenterProject.objects.values_list("name", "city", "region"):
        found |= set(row)
    for publisher, title in Source.objects.values_list("publisher", "title"):
        # Long ones are cut.
        found |= {publisher, publisher[:60], publisher[:59], title, title[:109]}
    found |= set(Forecast.objects.values_list("forecaster_name", flat=True))
    return sorted((name for name in found if len(name) > 2), key=len, reverse=True)


def facts(language: str) -> set[str]:
    """Return the texts of facts in a language, ``_fr`` or English, whose wording is the editors'."""
    found: set[str] = set()
    for model, fields in (
        (Deal, ("title", "note")), (Announcement, ("headline", "note")), (Forecast, ("headline",)),
        (DataCenterProject, ("note",)), (Milestone, ("note",)), (Impact, ("note",)), (ProjectEnergy, ("note",)),
    ):  # fmt: skip
        for name in fields:
            found |= set(model._default_manager.values_list(f"{name}{language}", flat=True))
    return {WHITE.sub(" ", text).strip() for text in found if text}


def public_pages() -> Iterator[str]:
    """Return an address of every kind of page, with facts of every kind on them."""
    yield from (
        "/fr/", "/fr/about/", "/fr/glossary/", "/fr/corrections/", "/fr/corrections/sent/?page=/fr/", "/fr/signin/",
        "/fr/announcements/", "/fr/announcements/?q=zzzz&kind=equity", "/fr/announcements/?kind=nothing&min=x&unknown=1",
        "/fr/deals/", "/fr/deals/?count=gross&include=rumoured&per_page=100", "/fr/deals/?left_out=covered", "/fr/deals/?min=abc",
        "/fr/companies/", "/fr/projects/", "/fr/projects/?show=map", "/fr/impacts/", "/fr/impacts/?units=us", "/fr/forecasts/",
        "/fr/search/?q=stargate", "/fr/search/?q=zzzz", "/fr/search/",
    )  # fmt: skip
    for chart in ("spending", "followthrough", "flows", "map", "capacity", "impacts", "forecasts"):
        yield f"/fr/charts/{chart}/"
        yield f"/fr/charts/{chart}/embed/"
        yield f"/fr/charts/{chart}/?unknown=1"
    yield "/fr/charts/spending/?view=planned&split=country&by=year&estimates=1"
    for model, name in ((Deal, "deals"), (Company, "companies"), (DataCenterProject, "projects")):
        slugs = list(model._default_manager.public().order_by("slug").values_list("slug", flat=True))
        yield from (f"/fr/{name}/{slug}/" for slug in slugs[:: max(1, len(slugs) // 6)])
    yield "/fr/deals/stargate/"
    slugs = list(Forecast.objects.published().order_by("slug").values_list("slug", flat=True))
    yield from (f"/fr/forecasts/{slug}/" for slug in slugs[:: max(1, len(slugs) // 3)])
    yield "/fr/nowhere/"


def admin_pages() -> Iterator[str]:
    """Return the pages of the admin that hold words of ours."""
    models = (
        "announcement", "company", "correction", "datacenterproject", "deal", "dealparty", "exchangerate", "forecast", "impact",
        "ledgerentry", "milestone", "projectenergy", "projectparty", "savedview", "source", "upload",
    )  # fmt: skip
    yield "/fr/admin/"
    yield from (f"/fr/admin/investments/{model}/" for model in models)
    yield from (f"/fr/admin/investments/{model}/add/" for model in models if model not in {"correction", "ledgerentry"})
    for model in (Announcement, Company, DataCenterProject, Deal, Forecast):
        yield f"/fr/admin/investments/{model._meta.model_name}/{model._default_manager.order_by('pk')[0].pk}/change/"


@pytest.fixture
def cleaned(bundled: None) -> "Cleaner":
    return Cleaner()


# What programs are told, the same in every language.
CODES = re.compile(r"https?://\S+|CC BY 4\.0|Connus\u00a0: .*|\bunknown\b")
# In the admin: a word of Django's own template, stored values, and a sample of what may be typed in either language.
NOT_OURS = {"Search", "homes", "jobs", "turbines", "$30B, 500 milliards d’euros, up to 100 bn USD"}


class Cleaner:
    """Takes names and the facts' own texts out of what a page says."""

    def __init__(self) -> None:
        self.names = re.compile("|".join(re.escape(name) for name in names()))
        self.facts = facts("_fr")
        self.messages = english_messages()

    def said(self, page: str) -> list[str]:
        whole = page.replace("<mark>", "").replace("</mark>", "")
        told = (WHITE.sub(" ", text).strip(" (") for text in texts(whole))
        return [CODES.sub("", self.names.sub("", one)) for one in told if one not in self.facts]

    def english(self, page: str) -> list[str]:
        """Return the texts of a page that are English: a message of ours, or held together by English words."""
        return [one for one in self.said(page) if one in self.messages or FUNCTION_WORDS & words_of(one)]

    def badly_set(self, page: str) -> list[str]:
        return [one for one in self.said(page) if SPACED.search(one)]


def test_public_pages_are_french_and_set_as_french_is(client: Client, cleaned: Cleaner) -> None:
    left, wrong = {}, {}
    for path in public_pages():
        page = client.get(path).content.decode()
        assert '<html lang="fr">' in page, path
        if found := cleaned.english(page):
            left[path] = found[:5]
        if found := cleaned.badly_set(page):
            wrong[path] = found[:5]
    assert left == {}
    assert wrong == {}


def test_no_english_word_of_ours_is_left_in_the_admin(client: Client, cleaned: Cleaner) -> None:
    client.force_login(get_user_model().objects.create_superuser("chef"))
    # Editors read the facts in both languages; they may be cut, and stand within other texts.
    beginnings = re.compile("|".join(re.escape(fact[:30]) for fact in facts("")))
    left = {}
    for path in admin_pages():
        page = client.get(path).content.decode()
        told = "".join(
            f"<p>{escape(text)}</p>" for text in texts(page) if not beginnings.search(text) and len(text) > 2
        )
        if found := set(cleaned.english(told)) - NOT_OURS:
            left[path] = sorted(found)[:5]
    assert left == {}


def test_the_walk_finds_what_it_looks_for(cleaned: Cleaner) -> None:
    assert cleaned.english("<p>All of its deals</p>") == ["All of its deals"]
    assert cleaned.english('<p lang="en">All of its deals</p><p>Tous ses accords</p>') == []
    assert cleaned.english('<input placeholder="Type a name">') == ["Type a name"]
    assert cleaned.badly_set("<p>Attention : 5 %, « oui »</p>") == ["Attention : 5 %, « oui »"]
    assert cleaned.badly_set("<p>Attention\u00a0: 5\u00a0%, «\u00a0oui\u00a0», 3\u00a0Md\u00a0$</p>") == []


def test_every_french_message_is_set_as_french_is() -> None:
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="fr") if message.id]
    wrong = []
    for message in messages:
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wrong += [
            text
            for text in map(str, strings)
            if SPACED.search(re.sub(r"%(?=\()|<[^>]+>|urn:|Authorization: Bearer", "", text))
        ]
    assert wrong == []
