"""How values read on a page: money, dates, power, labels. The active language decides; Babel has the data."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from django import template
from django.db.models import Choices
from django.http import HttpRequest, QueryDict
from django.urls import translate_url
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from investments import amounts, choices
from investments.choices import METRIC_UNITS
from investments.search import marks
from investments.values import Period

register = template.Library()

VOCABULARIES: dict[str, type[Choices]] = {
    "layer": choices.Layer,
    "kind": choices.DealKind,
    "stage": choices.DealStage,
    "status": choices.DealStatus,
    "event": choices.AnnouncementEvent,
    "role": choices.PartyRole,
    "basis": choices.Basis,
    "company_kind": choices.CompanyKind,
    "project_status": choices.ProjectStatus,
    "project_role": choices.ProjectRole,
    "milestone": choices.MilestoneKind,
    "metric": choices.ImpactMetric,
    "impact_basis": choices.ImpactBasis,
    "energy": choices.EnergyKind,
}
# How firmly a status stands: which of the three label styles it takes.
TONES = {
    "rumoured": "warn", "letter_of_intent": "warn", "cancelled": "bad", "paused": "warn", "signed": "ok",
    "under_way": "ok", "completed": "ok", "operational": "ok", "partly_operational": "ok", "under_construction": "ok",
    "reduced": "bad", "delayed": "warn", "disputed": "warn", "reported": "warn",
}  # fmt: skip


def language() -> str:
    """Return the language that pages are written in: ``en`` or ``fr``."""
    return "fr" if get_language() == "fr" else "en"


@register.filter
def label(value: Any, vocabulary: str) -> str:
    """Return the translated label of a stored value of a vocabulary."""
    return _labels(vocabulary, language()).get(value, str(value))


@lru_cache(maxsize=64)
def _labels(vocabulary: str, spoken: str) -> dict[Any, str]:
    return {value: str(name) for value, name in VOCABULARIES[vocabulary].choices}


@register.filter
def tone(value: str) -> str:
    """Return the style of the label of a status or event."""
    return TONES.get(value, "")


def _money(amount: Any, currency: str) -> SafeString:
    """Return the amount as it reads, with the exact figure on hover."""
    amount = Decimal(amount)
    exact = amounts.money_exact(amount, currency, language())
    return format_html('<span title="{}">{}</span>', exact, amounts.money(amount, currency, language()))


@lru_cache(maxsize=64)
def missing(reason: str) -> SafeString:
    """Return an en dash where there is no figure, and why: on hover, and for those who do not see it."""
    return format_html('<span class="none" title="{0}">–<span class="visually-hidden"> {0}</span></span>', reason)


@register.filter
def money(amount: Any, currency: str = "USD") -> SafeString | str:
    """Write an amount of money compactly; a missing one is an en dash with the reason."""
    if amount is None:
        return missing(_("no amount was stated"))
    return _money(amount, currency)


@register.filter
def plain_money(amount: Any, currency: str = "USD") -> str:
    """Write an amount of money compactly, as mere text."""
    return amounts.money(Decimal(amount), currency, language())


@register.filter
def change(amount: Any, currency: str = "USD") -> SafeString:
    """Write what an announcement added, with its sign."""
    if not amount:
        return format_html('<span class="muted" title="{}">±0</span>', _("moves no total"))
    sign = "+" if amount > 0 else ""
    exact = amounts.money_exact(amount, currency, language())
    return format_html('<span title="{}{}">{}{}</span>', sign, exact, sign, amounts.money(amount, currency, language()))


@register.simple_tag
def money_range(low: Any, high: Any, currency: str = "USD") -> SafeString | str:
    """Write two bounds of an amount in one figure."""
    if high is None and low is None:
        return money(None)
    low = high if low is None else low
    high = low if high is None else high
    exact = amounts.money_exact(high, currency, language())
    if low != high:
        exact = f"{amounts.money_exact(low, currency, language())} – {exact}"
    return format_html('<span title="{}">{}</span>', exact, amounts.money_range(low, high, currency, language()))


@register.simple_tag
def stated(announcement: Any) -> SafeString | str:
    """Write the amounts of an announcement in its own currency; one bound counts as rule 1 says."""
    low, high = announcement.amount_low, announcement.amount_high
    if low is None and high is None:
        return money(None)
    known = high if high is not None else low
    if low is None or high is None:
        low, high = (0 if announcement.basis == "up_to" else known), known
    return money_range(low, high, announcement.currency)


@register.filter
def period(value: Period | date | None) -> str:
    """Write a date as precisely as it is known: 10 Sep 2025, Sep 2025, Q3 2025, 2025."""
    if value is None:
        return "–"
    return _period(value if isinstance(value, Period) else Period(value, "day"), language())


@lru_cache(maxsize=4096)
def _period(value: Period, spoken: str) -> str:
    match value.precision:
        case "day":
            return format_date(value.first, "d MMM y", locale=spoken)
        case "month":
            return format_skeleton("yMMM", value.first, locale=spoken)
        case "quarter":
            return format_skeleton("yQQQ", value.first, locale=spoken)
    return str(value.first.year)


@register.filter
def iso(value: Period | date | None) -> str:
    """Return a date as machines read it."""
    return str(value or "")


@register.filter
def number(value: Any, digits: int = 0) -> str:
    """Write a number with the language's separators."""
    if value is None:
        return "–"
    return _number(value, digits, language())


@lru_cache(maxsize=4096)
def _number(value: Any, digits: int, spoken: str) -> str:
    return format_decimal(value, format="#,##0" if not digits else "#,##0." + "#" * digits, locale=spoken)


@register.filter
def percent(part: Any, whole: Any) -> str:
    """Write ``part`` of ``whole`` in per cent; nothing where the whole is zero."""
    return format_percent(Decimal(part) / Decimal(whole), locale=language()) if whole else "–"


@register.filter
def power(megawatts: Any) -> SafeString | str:
    """Write a capacity in MW, or GW from a thousand on."""
    if megawatts is None:
        return missing(_("not disclosed"))
    megawatts = Decimal(megawatts)
    exact = f"{format_decimal(megawatts, format='#,##0.###', locale=language())}\u00a0MW"
    if megawatts >= 1000:
        text = f"{format_decimal(round(megawatts / 1000, 2), format='#,##0.##', locale=language())}\u00a0GW"
        return format_html('<span title="{}">{}</span>', exact, text)
    return exact


@register.filter
def country(code: str) -> str:
    """Return the name of a country in the active language."""
    return Locale(language()).territories.get(code, code) if code else "–"


UNIT_NAMES = {
    "MW": lambda: "MW", "MWh/year": lambda: _("MWh a year"), "m3/year": lambda: _("m³ a year"), "ha": lambda: "ha",
    "t/year": lambda: _("t a year"), "turbines": lambda: _("turbines"), "jobs": lambda: _("jobs"),
    "homes": lambda: _("homes"), "GW": lambda: "GW", "TWh": lambda: "TWh", "TWh/year": lambda: _("TWh a year"),
    "percent": lambda: "%",
}  # fmt: skip


def _quantity(low: Any, high: Any, unit: str) -> str:
    values = [value for value in (low, high) if value is not None]
    texts = dict.fromkeys(format_decimal(value.normalize(), format="#,##0.##", locale=language()) for value in values)
    return "–".join(texts) + "\u00a0" + _unit_name(unit)


def _unit_name(unit: str) -> str:
    return UNIT_NAMES[unit]() if unit in UNIT_NAMES else unit


def quantity(value: Any, unit: str) -> str:
    """Write one figure with its unit; US dollars as money is written."""
    return amounts.money(Decimal(value), "USD", language()) if unit == "USD" else _quantity(value, None, unit)


def unit_name(unit: str) -> str:
    """Return what stands under an axis of figures; nothing for US dollars, which each tick names."""
    return "" if unit == "USD" else _unit_name(unit)


def tick(value: Any, unit: str) -> str:
    """Write a round figure of an axis, shortened (6M) and without its unit; US dollars as money is written."""
    if unit == "USD":
        return amounts.money(Decimal(value), "USD", language())
    return format_compact_decimal(Decimal(value), locale=language(), fraction_digits=1)


@register.simple_tag
def impact_value(impact: Any) -> str:
    """Write the figure of an impact, a range where there is one, with its unit."""
    if impact.unit == "USD":
        return money_range(impact.value_low, impact.value_high)
    return _quantity(impact.value_low, impact.value_high, METRIC_UNITS[impact.metric])


@register.simple_tag
def estimate(forecast: Any) -> str:
    """Write the figure of a forecast in its unit."""
    currency, _slash, rest = forecast.unit.partition("/")
    if len(currency) == 3 and currency.isupper() and currency != "TWh":
        text = money_range(forecast.amount_low, forecast.amount_high, currency)
        return format_html("{} {}", text, _("a year")) if rest else text
    if forecast.amount_low is None and forecast.amount_high is None:
        return money(None)
    return _quantity(forecast.amount_low, forecast.amount_high, forecast.unit)


@register.simple_tag(takes_context=True)
def other_language(context: dict[str, Any]) -> dict[str, str]:
    """Return the address of this page in the other language, its code and its name."""
    code = "en" if language() == "fr" else "fr"
    request: HttpRequest = context["request"]
    return {
        "code": code,
        "name": "English" if code == "en" else "Français",
        "url": translate_url(request.get_full_path(), code),
    }


@register.simple_tag
def address(path: str, query: QueryDict | None = None, **changes: Any) -> str:
    """Return an address with the query, some of its parameters set anew; None removes one."""
    query = query.copy() if query is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query.setlist(name, value if isinstance(value, list) else [str(value)])
    text = query.urlencode(safe=":;")
    return f"{path}?{text}" if text else path


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Return the value under a key of a mapping; None where there is none."""
    return mapping.get(key)


@register.filter
def counted(tally: Any) -> str:
    """Say a number of deals."""
    return pgettext("tally", "%(number)s deals") % {"number": number(tally.deals)}


@register.filter
def get_field(form: Any, name: str) -> Any:
    """Return the bound field of that name."""
    return form[name]


@register.filter
def as_typed(value: Any) -> str:
    """Return what a reader typed into a field, several values separated by commas."""
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


@register.filter
def values(query: QueryDict, name: str) -> list[str]:
    """Return every value of a repeated parameter."""
    return query.getlist(name)


@register.filter
def who(deal: Any) -> str:
    """Say who pays whom in a deal: payers → payees."""
    sides = []
    for roles in (choices.PAYER_ROLES, choices.PAYEE_ROLES):
        names = list(dict.fromkeys(party["name"] for party in deal.named if party["role"] in roles))
        sides.append(", ".join(names[:4]) + (f" +{len(names) - 4}" if len(names) > 4 else ""))
    return " → ".join(side for side in sides if side)


@register.filter
def text(row: Any, name: str) -> str:
    """Write a fact's text in the active language; where there is none in French the English one, marked as such."""
    english = getattr(row, name)
    if language() != "fr" or not english:
        return english
    return getattr(row, f"{name}_fr", "") or format_html('<span lang="en">{}</span>', english)


@register.filter
def colon(name: Any) -> str:
    """Write what a value is, before it: French has a space before the colon."""
    return _("%(name)s:") % {"name": name}


@register.filter
def plain(amount: Any) -> str:
    """Write a number as machines read it."""
    return f"{amount:f}"


@register.filter
def words(names: str) -> list[str]:
    """Return names separated by spaces as a list."""
    return names.split()


OPTION_WORDS = {
    "by": {"month": gettext_lazy("month"), "quarter": gettext_lazy("quarter"), "year": gettext_lazy("year")},
    "split": {
        "none": gettext_lazy("nothing"), "layer": gettext_lazy("layer"), "kind": gettext_lazy("kind of deal"), "status": gettext_lazy("status"),
        "operator": gettext_lazy("operator"), "payer": gettext_lazy("payer"), "payee": gettext_lazy("payee"), "country": gettext_lazy("payer’s country"),
    },
    "view": {"announced": gettext_lazy("by announcement"), "planned": gettext_lazy("spread over spending windows")},
    "count": {"net": gettext_lazy("net: what lies inside is not added"), "gross": gettext_lazy("gross: everything"), "leaves": gettext_lazy("leaves: only the innermost")},
    "measure": {"headline": gettext_lazy("headline"), "floor": gettext_lazy("floor")},
    "show": {"table": gettext_lazy("Table"), "map": gettext_lazy("Map")},
    "units": {"metric": pgettext_lazy("units", "Metric"), "us": gettext_lazy("US customary")},
    "density": {"comfortable": gettext_lazy("comfortable"), "compact": gettext_lazy("compact")},
    "scale": {"linear": gettext_lazy("linear"), "log": gettext_lazy("logarithmic")},
    "estimates": {"0": gettext_lazy("hidden"), "1": gettext_lazy("shown")},
    "cumulative": {"0": gettext_lazy("each period"), "1": gettext_lazy("running sum")},
}  # fmt: skip


@register.filter
def option(value: Any, name: str) -> str:
    """Return the words for a value of a reading option."""
    return str(OPTION_WORDS.get(name, {}).get(str(value), value))


@register.filter
def reading(filters: Any, name: str) -> str:
    """Return the value in force of a reading option: what the reader chose, else the default."""
    return str(filters.reading(name))


COUNT_NAMES = {"net": gettext_lazy("Net"), "gross": gettext_lazy("Gross"), "leaves": gettext_lazy("Leaves")}


@register.filter
def count_name(value: str) -> str:
    """Return the short name of a counting rule."""
    return str(COUNT_NAMES[value])


@register.filter
def around(page: Any) -> list[int | None]:
    """Return the numbers of the pages to offer beside a page; None for those left out between."""
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in pages]


@register.filter
def marked(text: str, words: str) -> SafeString:
    """Write a text with what begins like one of the words marked."""
    pieces = ((format_html("<mark>{}</mark>", piece) if hit else piece,) for piece, hit in marks(str(text), words))
    return format_html_join("", "{}", pieces)
