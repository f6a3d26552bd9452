"""What a reader has chosen, as labels that can be taken off one by one."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from investments.ledger.selection import Slice
from investments.resources.base import Resource, StrictFilterSet
from investments.resources.fields import CodesField, SlugsField
from investments.templatetags.display import address, colon, country, option
from investments.views.charts.words import segment_labels

# Parameters that are no choice of rows.
UNCHIPPED = {"sort", "page", "per_page", "count", "measure", "currency", "show", "units"}


@dataclass(frozen=True)
class Chip:
    """One chosen value: what it says, and the query without it."""

    text: str
    without: str


def chips(resource: Resource, filters: StrictFilterSet, query: QueryDict) -> list[Chip]:
    """Return a chip for each chosen value, in the order of the filters."""
    made = []
    for name, values in filters.active.items():
        if name in UNCHIPPED or name in filters.problems:
            continue
        for value in values:
            rest = [other for other in values if other != value]
            made.append(
                Chip(f"{colon(filters.filters[name].label)} {_said(filters, name, value)}", _without(query, name, rest))
            )
    return made


def _without(query: QueryDict, name: str, rest: list[str]) -> str:
    changes: dict[str, Any] = {name: rest or None, "page": None}
    return address("", query, **changes) or "?"


def _said(filters: StrictFilterSet, name: str, value: str) -> str:
    """Return a chosen value in the reader's words."""
    field = filters.form.fields[name]
    if isinstance(field, SlugsField):
        # A name or several slugs may have been typed; what was understood is said.
        rows = field.model._default_manager.filter(slug__in=field.to_python([value]))
        return ", ".join(sorted(str(row) for row in rows))
    if isinstance(field, CodesField) and name == "country":
        return ", ".join(country(code) for code in field.to_python([value]))
    if name == "slice":
        part = Slice.parse(value)
        names = ", ".join(map(segment_labels(part.dimension, part.values), part.values))
        segment = f"{colon(option(part.dimension, 'split'))} {names}"
        return _("all but %(segment)s") % {"segment": segment} if part.without else segment
    if name == "view":
        return option(value, name)
    if name == "has":
        return HAS_WORDS[value]()
    return str(dict(getattr(field, "choices", [])).get(value, value))


HAS_WORDS = {
    "amount": lambda: _("an amount"), "-amount": lambda: _("no amount"),
    "source": lambda: _("a source"), "-source": lambda: _("no source"),
    "window": lambda: _("a spending window"), "-window": lambda: _("no spending window"),
    "project": lambda: _("a site"), "-project": lambda: _("no site"),
    "conflict": lambda: _("a dispute"), "-conflict": lambda: _("no dispute"),
}  # fmt: skip
