"""How a column of a list is drawn: one function for each kind of cell."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from investments.choices import PAYEE_ROLES, PAYER_ROLES
from investments.templatetags import display

register = template.Library()

# Cells with figures stand to the right.
NUMERIC = {"money", "count", "number", "power", "stated", "increment", "estimate", "beside"}
# Cells that a phone leaves out, where the row's heading says enough and the reader has not chosen them.
SPARE = {"choice", "count", "date", "labels", "floor"}
# Cells of which a phone says what they are, but for the row's main figure.
LABELLED, MAIN = {"money", "power", "stated", "increment"}, {"headline_usd"}
ROLES = {"payers": PAYER_ROLES, "payees": PAYEE_ROLES}
# Columns that list what the facts of a site name: the facts, their field, its vocabulary.
FACTS = {"energy": ("energy", "source_kind", "energy"), "discloses": ("impacts", "metric", "metric")}


@register.simple_tag(takes_context=True)
def cells(context: dict[str, Any], row: Any) -> SafeString:
    """Return the cells of a row, in the order of the page's columns."""
    spoken = display.language()
    made = []
    for column in context["columns"]:
        before, after = _around(column, context.get("chosen", False), spoken)
        made.append(f"{before}{conditional_escape(DRAWN[column.kind](context, row, column))}{after}")
    # Every piece is escaped by now: what stands around a cell is format_html's, its content is escaped above.
    return mark_safe("".join(made))


@register.filter
def numeric(column: Any) -> bool:
    """Whether the column holds figures."""
    return column.kind in NUMERIC


def _under(*parts: Any) -> SafeString:
    """Return the small line under a cell's figure; nothing where there are no parts."""
    told = [part for part in parts if part]
    return (
        format_html('<span class="under">{}</span>', format_html_join(" ", "{}", ((part,) for part in told)))
        if told
        else SafeString("")
    )


def tag(text: Any, tone: str = "") -> SafeString:
    """Return a small text label."""
    return _tag(str(text), tone)


@lru_cache(maxsize=512)
def _tag(text: str, tone: str) -> SafeString:
    return format_html('<span class="tag {}">{}</span>', tone, text)


@lru_cache(maxsize=512)
def _around(column: Any, chosen: bool, spoken: str) -> tuple[str, str]:
    """Return what stands before and after the content of a column's cells; on a phone those chosen have their name."""
    if column.kind in HEADINGS:
        return '<th scope="row" class="wide">', "</th>"
    classes = ["num"] if column.kind in NUMERIC else []
    if column.kind in {"date", "period"}:
        classes.append("nowrap")
    if chosen or (column.kind in LABELLED and column.name not in MAIN):
        classes.append("labelled chosen" if chosen else "labelled")
    elif column.kind in SPARE:
        classes.append("narrow-hide")
    return format_html('<td class="{}" data-label="{}">', " ".join(classes), str(column.label)), "</td>"


@lru_cache(maxsize=8192)
def _address(name: str, slug: str, spoken: str) -> str:
    """Return the address of a page of a row; the language is part of it."""
    return reverse(name, args=[slug])


def _covered(context: dict[str, Any], deal: int | None) -> SafeString | None:
    """Say which deal the row's money lies inside of, where that keeps it out of the sum."""
    link = (context.get("covering") or {}).get(deal)
    if not link:
        return None
    container = conditional_escape(display.text(link.container, "title"))
    # format_html knows no place that has a name: sentence and title are escaped each, then put together.
    words = mark_safe(conditional_escape(_("inside %(container)s, not added")) % {"container": container})
    return format_html('<span class="tag wrap-text">{}</span>', words)


def _qualities(row: Any) -> list[SafeString]:
    """Return the labels that say how firm a figure is."""
    made = []
    if row.basis and row.basis != "exact" and (row.amount_high is not None or row.amount_low is not None):
        made.append(tag(display.label(row.basis, "basis")))
    if row.per == "year":
        made.append(tag(_("a year")))
    return made


def _link(name: str, slug: str, text: Any) -> SafeString:
    return format_html('<a class="row-title" href="{}">{}</a>', _address(name, slug, display.language()), text)


def _deal(context: dict[str, Any], row: Any, column: Any) -> SafeString:
    return _link("deal", row.slug, display.text(row, "title")) + _under(display.who(row))


def _announcement(context: dict[str, Any], row: Any, column: Any) -> SafeString:
    about: Any = SafeString("")
    if row.deal:
        about = format_html(
            '<a href="{}">{}</a>', reverse("deal", args=[row.deal.slug]), display.text(row.deal, "title")
        )
    elif row.project:
        about = format_html('<a href="{}">{}</a>', reverse("project", args=[row.project.slug]), row.project.name)
    cited = format_html_join(
        ", ",
        '<a href="{}" rel="noopener nofollow">{}</a>',
        ((c.source.url, (c.source.publisher or c.source.url)[:60]) for c in row.citations.all()),
    )
    if cited:
        cited = format_html("· {} {}", _("Source:"), cited)
    return format_html("{}{}", display.text(row, "headline"), _under(about, cited))


def _company(context: dict[str, Any], row: Any, column: Any) -> SafeString:
    return _link("company", row.slug, row.name) + _under(", ".join(row.aliases))


def _project(context: dict[str, Any], row: Any, column: Any) -> SafeString:
    place = ", ".join(dict.fromkeys(part for part in (row.city, row.region) if part))
    return _link("project", row.slug, row.name) + _under(place)


def _forecast(context: dict[str, Any], row: Any, column: Any) -> SafeString:
    against = [
        format_html(
            "{} {}", tag(_("disputed"), "warn"), _("against: %(headline)s") % {"headline": other.local_headline}
        )
        for other in [*row.disputes.all(), *row.disputed_by.all()]
    ]
    return format_html(
        "{}{}",
        _link("forecast", row.slug, display.text(row, "headline")),
        format_html_join("", "{}", ((_under(one),) for one in against)),
    )


def _read(row: Any, column: Any) -> Any:
    """Return the stored value of a plain column; a path leads over related rows."""
    value: Any = row
    for name in (column.sort or column.name).split("__"):
        value = getattr(value, name, None)
    return value


def _choice(context: dict[str, Any], row: Any, column: Any) -> str:
    owner = row.deal if hasattr(row, "event") else row
    if owner is None:
        return "–"
    value = getattr(owner, column.name)
    # A field that the database derives keeps no labels.
    if column.name == "layer":
        return display.label(value, "layer")
    labels = _choices(owner.__class__, column.name, display.language())
    return labels.get(value, str(value))


@lru_cache(maxsize=64)
def _choices(model: Any, name: str, spoken: str) -> dict[Any, str]:
    """Return the labels of a field's values in a language: Django's own look-up translates them all each time."""
    return {value: str(label) for value, label in model._meta.get_field(name).flatchoices}


def _status(context: dict[str, Any], row: Any, column: Any) -> SafeString | str:
    owner = row.deal if hasattr(row, "event") else row
    return tag(display.label(owner.status, "status"), display.tone(owner.status)) if owner else "–"


def _project_status(context: dict[str, Any], row: Any, column: Any) -> SafeString:
    return tag(display.label(row.standing, "project_status"), display.tone(row.standing))


def _event(context: dict[str, Any], row: Any, column: Any) -> SafeString:
    return tag(display.label(row.event, "event"), display.tone(row.event))


PERIODS = {"date": "when", "window_start": "window_starts", "window_end": "window_ends", "published_on": "when",
           "horizon_end": "horizon_ends"}  # fmt: skip


def _period(context: dict[str, Any], row: Any, column: Any) -> str:
    return display.period(getattr(row, PERIODS[column.name]))


def _date(context: dict[str, Any], row: Any, column: Any) -> str:
    return display.period(getattr(row, column.name))


def _money(context: dict[str, Any], row: Any, column: Any) -> SafeString | str:
    if column.name != "headline_usd":
        amount = display.money(_read(row, column))
        return format_html('<span class="amount">{}</span>', amount)
    under = [*_qualities(row), tag(_("disputed"), "warn") if row.has_conflict else "", _covered(context, row.pk)]
    currency = context["selection"].currency if "totals" in context else "USD"
    low, high = _bounds(context, row)
    figure = display.money_range(low, high, currency)
    if "parts" in context and high is not None:
        # What of the total falls in the reader's planned days and segments; the total stands under it.
        under.insert(0, format_html(_("of {total}"), total=figure))
        low, high = _in_order(row, *context["parts"].get(row.pk, (0, 0)))
        figure = display.money_range(low, high, currency)
    return format_html('<span class="amount">{}</span>', figure) + _under(*under)


def _bounds(context: dict[str, Any], row: Any) -> tuple[Any, Any]:
    """Return floor and headline of a deal's total in the reporting currency."""
    if "totals" not in context or row.headline_usd is None:
        return row.floor_usd, row.headline_usd
    return _in_order(row, *context["totals"].get(row.pk, (0, 0)))


def _in_order(row: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """Return the bounds of a deal's money: those that moved on other days went by other rates.

    One figure in US dollars stays one, and the lower bound the lower.
    """
    return (high if row.floor_usd == row.headline_usd else min(low, high)), high


def _stated(context: dict[str, Any], row: Any, column: Any) -> SafeString:
    return format_html("{}", display.stated(row)) + _under(*_qualities(row))


def _increment(context: dict[str, Any], row: Any, column: Any) -> SafeString:
    change = display.change(context["increments"].get(row.pk), context["selection"].currency)
    rumoured = tag(_("rumoured"), "warn") if row.deal and row.deal.status == "rumoured" else ""
    return format_html('<span class="amount">{}</span>', change) + _under(rumoured, _covered(context, row.deal_id))


def _labels(context: dict[str, Any], row: Any, column: Any) -> SafeString | str:
    if column.name in FACTS:
        facts, name, vocabulary = FACTS[column.name]
        values = dict.fromkeys(getattr(fact, name) for fact in getattr(row, facts).all())
        return format_html("{}", ", ".join(display.label(value, vocabulary) for value in values) or "–")
    companies = {p["slug"]: p["name"] for p in row.named if p["role"] in ROLES[column.name]}
    links = ((_address("company", slug, display.language()), name) for slug, name in companies.items())
    return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"


def _text(context: dict[str, Any], row: Any, column: Any) -> str:
    # What an estimate is about is told in English alone.
    told = display.text(row, column.name) if column.name == "subject" else _read(row, column)
    return told or "–"


def _forecaster(context: dict[str, Any], row: Any, column: Any) -> SafeString | str:
    if not row.forecaster:
        return str(row.by)
    return format_html('<a href="{}">{}</a>', reverse("company", args=[row.forecaster.slug]), row.by)


def _beside(context: dict[str, Any], row: Any, column: Any) -> SafeString | str:
    """Say what has been announced for the years of an estimate, and what part of it that is."""
    found = context["so_far"].of(row)
    if found is None:
        return display.missing(_("the tracker counts nothing of this kind"))
    if found.kind == "power":
        figure: Any = in_unit(found.first[1], row.unit)
        told = _("in service; %(planned)s planned") % {"planned": in_unit(found.second[1], row.unit)}
    else:
        figure = display.money_range(found.first[0], found.first[1], found.currency)
        told = _("planned for %(years)s") % {"years": "–".join(dict.fromkeys(str(year) for year in found.years))}
    return format_html('<span class="amount">{}</span>', figure) + _under(
        " · ".join(part for part in (told, shares(found)) if part)
    )


@register.filter
def shares(found: Any) -> str:
    """Say what part of an estimate the tracker's figure is, of its high and of its low bound."""
    if not found.shares:
        return ""
    return "–".join(dict.fromkeys(display.percent(part, 1) for part in found.shares))


@register.filter
def in_unit(value: Any, unit: str) -> str:
    """Write a capacity in the unit of an estimate."""
    return f"{display.number(value, 1)}\u00a0{unit}"


@register.filter
def apart(rows: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Return estimates by what they count, money first; the order within stays."""
    found: dict[str, list[Any]] = {name: [] for name in QUANTITY_NAMES}
    for row in rows:
        found[row.quantity].append(row)
    return [(name, inside) for name, inside in found.items() if inside]


QUANTITY_NAMES = {
    "money": gettext_lazy("Money"), "power": gettext_lazy("Power"), "energy": gettext_lazy("Electricity use"),
    "water": gettext_lazy("Water use"), "emissions": gettext_lazy("Emissions"), "share": gettext_lazy("Shares"),
}  # fmt: skip


@register.filter
def quantity_name(name: str) -> str:
    """Name what an estimate counts."""
    return str(QUANTITY_NAMES[name])


Draw = Callable[[dict[str, Any], Any, Any], Any]
# The kinds of cell that name the row.
HEADINGS = {"deal", "announcement", "company", "project", "forecast"}
DRAWN: dict[str, Draw] = {
    "deal": _deal, "announcement": _announcement, "company": _company, "project": _project, "forecast": _forecast,
    "choice": _choice, "status": _status, "project_status": _project_status, "event": _event, "period": _period,
    "date": _date, "money": _money, "stated": _stated, "increment": _increment, "labels": _labels,
    "text": _text, "forecaster": _forecaster, "beside": _beside,
    "country": lambda context, row, column: display.country(row.country),
    "count": lambda context, row, column: display.number(_read(row, column)),
    "power": lambda context, row, column: display.power(_read(row, column)),
    "estimate": lambda context, row, column: display.estimate(row),
}  # fmt: skip
