"""What every list shares: a filter set that is always bound and refuses unknown names, and columns said once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django.db.models import F, Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from investments.resources.fields import ChoiceField, ChoicesField, PageField, RepeatedWidget, values_of

PAGE_SIZES = (25, 50, 100, 250)
DEFAULT_PAGE_SIZE = 50


class Plain(django_filters.Filter):
    """A parameter that says how to read the rows, not which: it filters nothing by itself."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs


class PlainChoice(Plain):
    field_class = ChoiceField


class PageNumber(Plain):
    field_class = PageField


class StrictFilterSet(django_filters.FilterSet):
    """A filter set of the query language.

    Unlike django-filter's own it is bound even to an empty query, and a name it does not know is an error
    (``unknown``), as is a parameter given twice that takes one value.
    """

    # What a reading option means when the reader does not choose.
    defaults: ClassVar[dict[str, str]] = {}

    class Meta:
        fields: list[str] = []

    def __init__(self, data: QueryDict | None = None, queryset: QuerySet | None = None, **options: Any) -> None:
        super().__init__(QueryDict() if data is None else data, queryset, **options)
        self.is_bound = True

    @property
    def problems(self) -> dict[str, list[str]]:
        """What is wrong with the query: parameter -> messages; empty when all is understood."""
        if not hasattr(self, "_problems"):
            problems = {name: [str(message) for message in messages] for name, messages in self.form.errors.items()}
            for name in self.data:
                if name not in self.filters:
                    known = ", ".join(sorted(self.filters))
                    problems[name] = [
                        _("There is no parameter “%(name)s” here. Known: %(known)s.") % {"name": name, "known": known}
                    ]
                elif len(self.data.getlist(name)) > 1 and not isinstance(self.form.fields[name].widget, RepeatedWidget):
                    problems[name] = [_("“%(name)s” takes one value.") % {"name": name}]
            self._problems = problems
        return self._problems

    @property
    def cleaned(self) -> dict[str, Any]:
        """The values understood so far, by parameter."""
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def rows(self) -> QuerySet:
        """The rows that the query selects; none while anything in it is wrong."""
        if self.problems:
            return self.queryset.none()
        return self.filter_queryset(self.queryset)

    def reading(self, name: str) -> str:
        """Return the value in force of a reading option: what the reader chose, else the default."""
        return str(self.cleaned.get(name) or self.defaults.get(name, ""))

    @property
    def active(self) -> dict[str, list[str]]:
        """The parameters given, in the order of the filters: parameter -> values as typed, those of a vocabulary parted."""
        given = {name: [value for value in self.data.getlist(name) if value != ""] for name in self.filters}
        for name, field in self.form.fields.items():
            if isinstance(field, ChoicesField):
                given[name] = values_of(given.get(name, []))
        return {name: values for name, values in given.items() if values}


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a list, said once for page, export and API.

    ``kind`` says how a value is shown and written: text, choice, date, period, money, power, number, count, flag,
    labels (a list), or one of the drawn cells of a page. ``source`` is the field or expression that holds the value
    (``name`` when not given); None for a cell that only a page draws. ``sort`` is the field that orders by the
    column; ``shown`` says whether a page shows it unasked, ``page`` whether it can at all,
    ``always`` that every row has a value.
    """

    name: str
    label: Any
    kind: str = "text"
    source: Any = ""
    sort: str | None = None
    shown: bool = False
    page: bool = False
    always: bool = False

    def expression(self, filters: StrictFilterSet) -> Any:
        """Return the expression of the value; some depend on the reader's query."""
        if isinstance(self.source, str):
            return F(self.source or self.name)
        return self.source if hasattr(self.source, "resolve_expression") else self.source(filters)

    @property
    def written(self) -> bool:
        """Whether exports and the API have the column."""
        return self.source is not None


@dataclass(frozen=True)
class Resource:
    """A noun of the tracker as a list: its rows, its filters, its columns."""

    name: str
    label: Any
    model: type[Model]
    filterset: type[StrictFilterSet]
    columns: tuple[Column, ...]
    default_sort: str
    queryset: Callable[[], QuerySet]
    # The filters beside the list, from top to bottom: how each is drawn, and its name.
    panel: tuple[tuple[str, str], ...] = ()
    related: tuple[str, ...] = ()
    prefetched: tuple[Any, ...] = ()
    # What else the cells of a page read with a row, in the same query.
    whole: Callable[[QuerySet], QuerySet] | None = None

    def filter(self, data: QueryDict | None) -> StrictFilterSet:
        """Return the filter set bound to a query string."""
        return self.filterset(data, self.queryset())

    def ordered(self, rows: QuerySet, sort: str) -> QuerySet:
        """Return the rows in the order of the column ``sort`` (``-`` for descending), stable."""
        column = self.column(sort.removeprefix("-"))
        return rows.order_by(*ordering(column.sort or "pk", descending=sort.startswith("-")))

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)

    def page(self, rows: QuerySet) -> QuerySet:
        """Return the rows with what their columns read from other tables."""
        rows = rows.select_related(*self.related).prefetch_related(*self.prefetched)
        return self.whole(rows) if self.whole else rows

    @property
    def written(self) -> tuple[Column, ...]:
        """The columns of exports and of the API."""
        return tuple(column for column in self.columns if column.written)

    @property
    def usual(self) -> tuple[Column, ...]:
        """The columns that a page shows unasked."""
        return tuple(column for column in self.columns if column.shown)

    @property
    def drawable(self) -> tuple[Column, ...]:
        """The columns that a page can show."""
        return tuple(column for column in self.columns if column.page)

    def values(self, filters: StrictFilterSet, rows: QuerySet, columns: Iterable[Column] | None = None) -> QuerySet:
        """Return the rows as tuples of their written columns, or of the given ones."""
        named = {f"c_{column.name}": column.expression(filters) for column in columns or self.written}
        return rows.annotate(**named).values_list(*named)


def ordering(name: str, *, descending: bool) -> Iterable[Any]:
    """Return the terms that order by a field, unknown values last, ties by key in the same direction."""
    if descending:
        return F(name).desc(nulls_last=True), F("pk").desc()
    return F(name).asc(nulls_last=True), F("pk").asc()


def sort_choices(columns: Iterable[Column]) -> list[tuple[str, Any]]:
    """Return the values that ``sort`` takes for these columns."""
    names = [column.name for column in columns if column.sort]
    return [(name, name) for name in (*names, *(f"-{name}" for name in names))]


class PagingFilters(StrictFilterSet):
    """The parameters that every list takes beside its filters."""

    sort = PlainChoice(label=gettext_lazy("Order"))
    page = PageNumber(label=gettext_lazy("Page"))
    per_page = PlainChoice(label=gettext_lazy("Rows per page"), choices=[(str(n), str(n)) for n in PAGE_SIZES])
