"""What search engines are told: which pages there are, in both languages, and which are not for them."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import override

from investments.ledger.remembered import number_of
from investments.models import Company, DataCenterProject, Deal, Forecast
from investments.views.charts.registry import CHARTS

# Rows of a page; each is there once in every language. The format allows 50,000 addresses in a file.
PER_PAGE = 2500
PAGES = (
    "overview", "announcements", "deals", "companies", "projects", "impacts", "forecasts", "charts", "about", "glossary",
)  # fmt: skip
SLUG = "its-slug"
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /fr/admin/
Disallow: /signin/
Disallow: /fr/signin/
Disallow: /corrections/
Disallow: /fr/corrections/
Disallow: /search/
Disallow: /fr/search/
Disallow: /*?
Allow: /*?page=
Allow: /sitemap-*.xml?p=

Sitemap: {sitemap}
"""


class InEachLanguage(Sequence[tuple[Any, str]]):
    """Rows paired with each language; only the rows of a slice are read."""

    def __init__(self, rows: Any, number: int) -> None:
        self.rows, self.number = rows, number
        self.languages = [code for code, _name in settings.LANGUAGES]

    def __len__(self) -> int:
        return self.number * len(self.languages)

    def __getitem__(self, part: Any) -> Any:
        """Return a slice that begins and ends with a row, as pages do."""
        each = len(self.languages)
        rows = self.rows[part.start // each : -(-part.stop // each)]
        return [(row, language) for row in rows for language in self.languages]


class Everywhere(Sitemap):
    """Pages of one kind, in both languages, each naming the other."""

    i18n = alternates = x_default = True
    limit = PER_PAGE * len(settings.LANGUAGES)

    @property
    def paginator(self) -> Paginator:
        rows: Any = self.items()
        number = number_of(rows) if isinstance(rows, QuerySet) else len(rows)
        return Paginator(InEachLanguage(rows, number), self.limit)


class Pages(Everywhere):
    """Pages that are there whatever the facts."""

    def items(self) -> list[tuple[str, list[str]]]:
        return [*((name, []) for name in PAGES), *(("chart", [name]) for name in CHARTS)]

    def location(self, item: tuple[str, list[str]]) -> str:
        return reverse(item[0], args=item[1])


class Facts(Everywhere):
    """The pages of the public facts of one noun, by their slugs."""

    def __init__(self, name: str, rows: Any) -> None:
        self.name, self.rows = name, rows

    def items(self) -> Any:
        return self.rows().order_by("pk").values_list("slug", flat=True)

    def _location(self, item: tuple[str, str], force_lang_code: str | None = None) -> str:
        # A file names thousands of addresses, each in every language: working each out anew takes seconds.
        slug, language = item
        return self.patterns[force_lang_code or language].replace(SLUG, slug)

    @cached_property
    def patterns(self) -> dict[str, str]:
        """The address of a page of this noun in each language, with a stand-in for its slug."""
        made = {}
        for code, _name in settings.LANGUAGES:
            with override(code):
                made[code] = reverse(self.name, args=[SLUG])
        return made


SITEMAPS = {
    "pages": Pages(),
    "deals": Facts("deal", lambda: Deal.objects.public()),
    "companies": Facts("company", lambda: Company.objects.public()),
    "projects": Facts("project", lambda: DataCenterProject.objects.public()),
    "forecasts": Facts("forecast", lambda: Forecast.objects.published()),
}


def robots(request: HttpRequest) -> HttpResponse:
    """``/robots.txt``: what is not worth a search engine's while, and where the rest is listed."""
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return HttpResponse(ROBOTS.format(sitemap=sitemap), content_type="text/plain; charset=utf-8")
