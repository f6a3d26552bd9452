"""Read-only resources: the rows that a query selects, by the same filters as the pages (INTERFACE.md)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from investments.api.base import ApiView, kept
from investments.api.errors import BadQuery
from investments.api.nested import NESTED, text
from investments.api.schema import ResourceSchema
from investments.resources.announcements import ANNOUNCEMENTS
from investments.resources.base import DEFAULT_PAGE_SIZE, Column, Resource, StrictFilterSet
from investments.resources.companies import COMPANIES
from investments.resources.deals import DEALS
from investments.resources.forecasts import FORECASTS
from investments.resources.keyset import BadCursor, Cursor, take
from investments.resources.projects import PROJECTS
from investments.resources.sites import IMPACTS, MILESTONES, SOURCES

# Parameters of the API itself, beside the filters of a resource.
OWN = ("cursor", "fields")
# The page that shows a row, by resource: its route, and the column of the row that names it; the first that does.
# Sources have an address of their own.
PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "announcements": (("deal", "deal__slug"), ("project", "project__slug")),
    "deals": (("deal", "slug"),),
    "companies": (("company", "slug"),),
    "projects": (("project", "slug"),),
    "milestones": (("project", "project__slug"),),
    "impacts": (("project", "project__slug"),),
    "forecasts": (("forecast", "slug"),),
}


class ResourceViewSet(ViewSetMixin, ApiView):
    """One resource: a list in pages, and where rows have names, single rows."""

    resource: Resource
    lookup_field = "slug"
    # The name of a row of the bundled facts, for the documentation.
    example = ""
    schema = ResourceSchema()

    @property
    def nested_names(self) -> list[str]:
        """The names of what hangs on a row."""
        return list(NESTED.get(self.resource.name, {}))

    @property
    def has_page(self) -> bool:
        """Whether each row is shown on a page."""
        return self.resource.name in PAGES

    @property
    def known_fields(self) -> list[str]:
        """What ``fields`` can name."""
        nested = self.nested_names
        plain = [column.name for column in self.resource.written if column.name not in nested]
        return [*plain, *nested, *(["url"] if self.has_page else [])]

    @property
    def first_cursor(self) -> str:
        """A cursor of the usual order, for the documentation."""
        return str(Cursor(self.token(self.resource.default_sort), None, 0))

    def token(self, sort: str) -> str:
        """Return the order of a column as cursors name it."""
        field = self.resource.column(sort.removeprefix("-")).sort or "pk"
        return f"-{field}" if sort.startswith("-") else field

    def rows(self, request: Request) -> HttpResponse:
        """Answer one page of the selected rows and the addresses of the pages beside it."""
        return kept(request, lambda: self.slice(request))

    def slice(self, request: Request) -> dict[str, Any]:
        """Return one page of the selected rows and the addresses of the pages beside it."""
        filters = self.filters(request)
        columns, nested = self.fields(request)
        sort = filters.cleaned.get("sort") or self.resource.default_sort
        size = int(filters.cleaned.get("per_page") or DEFAULT_PAGE_SIZE)
        always = self.resource.column(sort.removeprefix("-")).always
        token = self.token(sort)
        field, descending = token.removeprefix("-"), token.startswith("-")
        cursor = self.cursor(request, token, filters)
        beside = take(filters.rows, field, descending=descending, cursor=cursor, size=size, always=always)
        ends = list(beside.values_list(field, "pk"))
        more, ends = len(ends) > size, ends[:size]
        if cursor and cursor.back:
            ends.reverse()
        keys = [pk for _value, pk in ends]
        results = self.results(request, self.values(filters, keys, columns), keys, columns, nested)
        ahead, behind = (True, more) if cursor and cursor.back else (more, bool(cursor))
        first, last = (Cursor(token, *ends[0]), Cursor(token, *ends[-1])) if ends else (None, None)
        return {
            "next": self.address(request, last) if last and ahead else None,
            "previous": self.address(request, first, back=True) if first and behind else None,
            "results": results,
        }

    def row(self, request: Request, slug: str) -> Response:
        """Answer one row by its name."""
        filters = self.resource.filter(QueryDict())
        columns, nested = self.fields(request)
        if unknown := set(request.query_params) - {"fields"}:
            raise BadQuery({name: [_("There is no such parameter here. Known: fields.")] for name in sorted(unknown)})
        # No text in the database holds a NUL, and none can be asked for one.
        rows = self.resource.queryset().filter(**{self.lookup_field: slug.replace("\x00", "\ufffd")})
        keys = list(rows.values_list("pk", flat=True))
        if not keys:
            raise Http404(_("Nothing here has the name “%(name)s”.") % {"name": slug})
        return Response(self.results(request, self.values(filters, keys, columns), keys, columns, nested)[0])

    def values(self, filters: StrictFilterSet, keys: list[int], columns: tuple[Column, ...]) -> dict[int, Any]:
        """Return the rows of these keys by key: the columns, then the names of their pages. Only these are worked out."""
        rows = self.resource.queryset().filter(pk__in=keys)
        names = [f"c_{column.name}" for column in columns]
        pages = [column for _route, column in PAGES.get(self.resource.name, ())]
        found = self.resource.values(filters, rows, columns).values_list("pk", *names, *pages)
        return {row[0]: row[1:] for row in found}

    def filters(self, request: Request) -> StrictFilterSet:
        """Return the filters of the query; raise BadQuery when it is not understood."""
        query = request.query_params.copy()
        for name in OWN:
            query.pop(name, None)
        filters = self.resource.filter(query)
        problems = dict(filters.problems)
        if "page" in query:
            problems["page"] = [_("Pages have no numbers here: follow “next”.")]
        for name in OWN:
            if len(request.query_params.getlist(name)) > 1:
                problems[name] = [_("“%(name)s” takes one value.") % {"name": name}]
        if problems:
            raise BadQuery(problems)
        return filters

    def fields(self, request: Request) -> tuple[tuple[Column, ...], list[str]]:
        """Return the columns and the nested values that ``fields`` names; all of them without it."""
        nested = self.nested_names
        columns = tuple(column for column in self.resource.written if column.name not in nested)
        if "fields" not in request.query_params:
            return columns, nested
        wanted, known = request.query_params["fields"].split(","), self.known_fields
        if unknown := [name for name in wanted if name not in known]:
            message = _("“%(value)s” is not one of: %(known)s.") % {"value": unknown[0], "known": ", ".join(known)}
            raise BadQuery({"fields": [message]})
        return tuple(c for c in columns if c.name in wanted), [name for name in nested if name in wanted]

    def cursor(self, request: Request, order: str, filters: StrictFilterSet) -> Cursor | None:
        """Return the position that the query asks for; raise BadQuery when it is none of this list."""
        if "cursor" not in request.query_params:
            return None
        try:
            return Cursor.parse(request.query_params["cursor"], order, filters.queryset)
        except BadCursor as error:
            raise BadQuery({"cursor": [str(error)]}) from error

    def results(
        self, request: Request, rows: dict[int, Any], keys: list[int], columns: tuple[Column, ...], nested: list[str]
    ) -> list[dict[str, Any]]:
        """Return the rows as JSON objects with what hangs on them and the address of their page."""
        hung = {name: NESTED[self.resource.name][name](keys) for name in nested}
        wanted = request.query_params.get("fields")
        with_url = self.has_page and (not wanted or "url" in wanted.split(","))
        made = []
        # A row that went away since its key was read is left out.
        for key in (key for key in keys if key in rows):
            row = rows[key]
            one = {column.name: _plain(value) for column, value in zip(columns, row, strict=False)}
            one |= {name: values.get(key, []) for name, values in hung.items()}
            if with_url:
                one["url"] = self.page(request, row[len(columns) :])
            made.append(one)
        return made

    def page(self, request: Request, names: Sequence[str | None]) -> str:
        """Return the address of the page that shows a row, out of the names that the row has for it."""
        routes = [route for route, _column in PAGES[self.resource.name]]
        route, name = next((route, name) for route, name in zip(routes, names, strict=True) if name)
        return request.build_absolute_uri(reverse(route, args=[name]))

    def address(self, request: Request, cursor: Cursor, *, back: bool = False) -> str:
        """Return the address of the page beside."""
        query = request.query_params.copy()
        query["cursor"] = str(Cursor(cursor.order, cursor.value, cursor.pk, back))
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: numbers with a fraction as decimal strings, dates as text."""
    if isinstance(value, Decimal):
        return text(value)
    return value.isoformat() if isinstance(value, date) else value


class AnnouncementsView(ResourceViewSet):
    resource = ANNOUNCEMENTS
    lookup_field = "key"
    example = "abernathy-notes-1"


class DealsView(ResourceViewSet):
    resource = DEALS
    example = "abernathy-notes"


class CompaniesView(ResourceViewSet):
    resource = COMPANIES
    example = "openai"


class ProjectsView(ResourceViewSet):
    resource = PROJECTS
    example = "stargate-abilene"


class MilestonesView(ResourceViewSet):
    resource = MILESTONES


class ImpactsView(ResourceViewSet):
    resource = IMPACTS


class ForecastsView(ResourceViewSet):
    resource = FORECASTS
    example = "amd-1t-2030"


class SourcesView(ResourceViewSet):
    resource = SOURCES
