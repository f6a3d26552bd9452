"""The filters beside a list: what each offers for the current selection, and what the reader has chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from investments import amounts
from investments.resources.base import Resource, StrictFilterSet
from investments.resources.facets import AMOUNT_STEPS, Tally, tallies
from investments.resources.fields import SlugsField
from investments.templatetags.display import address, country, language
from investments.views.chips import HAS_WORDS


@dataclass(frozen=True)
class Choice:
    """One value of a filter: how many rows it would leave, whether it is chosen, and the address that chooses it."""

    value: str
    label: str
    count: int | None
    chosen: bool
    address: str = ""


@dataclass(frozen=True)
class Control:
    """One filter as it is drawn: ``shape`` names its template."""

    shape: str
    name: str
    label: str
    choices: list[Choice]
    typed: dict[str, str]
    errors: list[str]

    @property
    def template(self) -> str:
        return f"components/filters/{self.shape}.html"

    @property
    def largest(self) -> int:
        """The largest count, by which bars are drawn."""
        return max((choice.count or 0 for choice in self.choices), default=0)


# Returns the address of the page with parameters of its query changed.
Place = Callable[..., str]


def panel(resource: Resource, filters: StrictFilterSet, path: str, query: QueryDict | None = None) -> list[Control]:
    """Return the filters of a list, from top to bottom.

    ``query`` is that of the page, where it holds more than the list's own parameters.
    """

    def place(**changes: Any) -> str:
        return address(path, filters.data if query is None else query, **{"page": None, **changes})

    return [DRAWN[shape](resource, filters, name, place) for shape, name in resource.panel]


def kept(controls: list[Control], query: QueryDict) -> list[tuple[str, str]]:
    """Return the parameters that no control holds, so that applying a filter keeps them."""
    held = {name for control in controls for name in (control.name, *control.typed)} | {"page"}
    return [(name, value) for name, values in query.lists() if name not in held for value in values if value]


def _errors(filters: StrictFilterSet, *names: str) -> list[str]:
    return [message for name in names for message in filters.problems.get(name, [])]


def _label(filters: StrictFilterSet, name: str) -> str:
    return str(filters.filters[name].label)


def _words(resource: Resource, filters: StrictFilterSet, name: str, place: Place) -> Control:
    typed = {name: filters.data.get(name, "")}
    return Control("words", name, _label(filters, name), [], typed, _errors(filters, name))


def _choices(resource: Resource, filters: StrictFilterSet, name: str, place: Place) -> Control:
    found = {tally.value: tally.count for tally in tallies(resource, filters, name)}
    picked = filters.active.get(name, [])
    field: Any = filters.form.fields[name]
    offered = [
        Choice(value, _said(name, value, label), found.get(value, 0), value in picked)
        for value, label in field.choices
        if found.get(value) or value in picked
    ]
    return Control("choices", name, _label(filters, name), offered, {}, _errors(filters, name))


def _said(name: str, value: str, label: Any) -> str:
    if name == "has":
        words = HAS_WORDS[value]()
        return words[:1].upper() + words[1:]
    return str(label)


def _codes(resource: Resource, filters: StrictFilterSet, name: str, place: Place) -> Control:
    picked = [code.strip().upper() for text in filters.active.get(name, []) for code in text.split(",")]
    found = tallies(resource, filters, name)
    found += [Tally(code, 0) for code in picked if code not in {tally.value for tally in found}]
    offered = [Choice(t.value, country(t.value), t.count, t.value in picked) for t in found if len(t.value) == 2]
    return Control("codes", name, _label(filters, name), offered, {}, _errors(filters, name))


def _picker(resource: Resource, filters: StrictFilterSet, name: str, place: Place) -> Control:
    """Return a filter by named things: the most frequent ones, the chosen ones, and a box to find others by typing."""
    field = filters.form.fields[name]
    assert isinstance(field, SlugsField)
    errors = _errors(filters, name)
    picked = filters.cleaned.get(name) or []
    found = tallies(resource, filters, name)
    others = [slug for slug in picked if slug not in {tally.value for tally in found}]
    names = dict(field.model._default_manager.filter(slug__in=others).values_list("slug", "name"))
    found += [Tally(slug, 0, names.get(slug, slug)) for slug in others]
    offered = [Choice(t.value, t.name, t.count, t.value in picked) for t in found]
    typed = {"resource": {"project": "projects"}.get(name, "companies")}
    return Control("picker", name, _label(filters, name), offered, typed, errors)


def _years(resource: Resource, filters: StrictFilterSet, name: str, place: Place) -> Control:
    given = (filters.data.get("after", ""), filters.data.get("before", ""))
    # Deals read by the days of spending are not counted by the year in which they were announced.
    planned = resource.name == "deals" and filters.reading("view") == "planned"
    offered = (
        []
        if planned
        else [
            Choice(t.value, t.value, t.count, given == (t.value, t.value), place(after=t.value, before=t.value))
            for t in tallies(resource, filters, name)
        ]
    )
    typed = {"after": given[0], "before": given[1]}
    return Control(
        "years",
        name,
        _("Planned for") if planned else _("Announced"),
        offered,
        typed,
        _errors(filters, "after", "before"),
    )


def _amounts(resource: Resource, filters: StrictFilterSet, name: str, place: Place) -> Control:
    given = (filters.data.get("min", ""), filters.data.get("max", ""))
    upper = dict(zip((Decimal(0), *AMOUNT_STEPS), (*AMOUNT_STEPS, None), strict=True))
    offered = []
    for tally in tallies(resource, filters, name):
        low, high = Decimal(tally.value), upper[Decimal(tally.value)]
        bounds = (f"{low:f}" if low else "", f"{high - Decimal('0.01'):f}" if high else "")
        link = place(min=bounds[0] or None, max=bounds[1] or None)
        offered.append(Choice(tally.value, _between(low, high), tally.count, given == bounds, link))
    return Control(
        "amounts", name, _("Total, in USD"), offered, {"min": given[0], "max": given[1]}, _errors(filters, "min", "max")
    )


def _between(low: Decimal, high: Decimal | None) -> str:
    """Say a step of amounts in USD."""
    if high and not low:
        return _("under %(amount)s") % {"amount": amounts.money(high, "USD", language())}
    if high is None:
        return _("%(amount)s and more") % {"amount": amounts.money(low, "USD", language())}
    return amounts.money_range(low, high, "USD", language())


def _bounds(resource: Resource, filters: StrictFilterSet, name: str, place: Place) -> Control:
    first, last, label = {
        "mw": ("min_mw", "max_mw", _("Planned capacity, MW")),
        "dates": ("after", "before", _("First heard of")),
        "horizon": ("after", "before", _("Horizon ends")),
    }[name]
    typed = {first: filters.data.get(first, ""), last: filters.data.get(last, "")}
    return Control("bounds", name, label, [], typed, _errors(filters, first, last))


def _reading(resource: Resource, filters: StrictFilterSet, name: str, place: Place) -> Control:
    typed = {"currency": filters.data.get("currency", "")}
    offered = [Choice(code, code, None, code == (typed["currency"].upper() or "USD")) for code in CURRENCIES]
    if typed["currency"] and typed["currency"].upper() not in CURRENCIES:
        offered.append(Choice(typed["currency"], typed["currency"], None, True))
    return Control("reading", name, _label(filters, name), offered, typed, _errors(filters, name))


CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CNY", "CAD", "CHF", "INR", "KRW")


DRAWN = {
    "words": _words, "choices": _choices, "codes": _codes, "picker": _picker, "years": _years, "amounts": _amounts,
    "bounds": _bounds, "reading": _reading,
}  # fmt: skip
