"""How figures of sites read: in the units of the reader's choice, as ranges, with what changed."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from investments import units
from investments.templatetags import display

register = template.Library()

NAMES = {
    **display.UNIT_NAMES,
    "Mgal/year": lambda: _("million gallons a year"), "acre": lambda: _("acres"),
    "short_ton/year": lambda: _("short tons a year"), "m3/MWh": lambda: _("m³ per MWh"),
    "gal/MWh": lambda: _("gallons per MWh"),
}  # fmt: skip


MILLION = 10**6


def _figure(value: Decimal) -> str:
    return format_decimal(value, format="#,##0" if value >= 100 else "#,##0.##", locale=display.language())


def _written(low: Decimal, high: Decimal, unit: str, system: units.System) -> str:
    """Write one or two bounds with their unit, in millions from a million on."""
    name = units.shown_in(unit, system)
    said = NAMES[name]() if name in NAMES else name
    bounds = [units.shown(value, unit, system) for value in (low, high)]
    if bounds[1] < MILLION:
        return f"{'–'.join(dict.fromkeys(map(_figure, bounds)))}\u00a0{said}"
    figures = "–".join(dict.fromkeys(_figure(value / MILLION) for value in bounds))
    return ngettext("%(figures)s million %(unit)s", "%(figures)s million %(unit)s", int(bounds[1] / MILLION)) % {
        "figures": figures,
        "unit": said,
    }


@register.simple_tag
def measured(low: Any, high: Any, unit: str, system: str = "") -> SafeString | str:
    """Write a figure, or its two bounds, in the reader's units; a converted one says on hover what was stated."""
    if unit == "USD":
        return display.money_range(low, high)
    chosen: units.System = "us" if system == "us" else "metric"
    text = _written(low, high, unit, chosen)
    if units.shown_in(unit, chosen) == unit:
        return text
    return format_html('<span title="{}">{}</span>', _written(low, high, unit, "metric"), text)


@register.simple_tag
def per(intensity: Any, system: str = "") -> SafeString | str:
    """Write one figure per unit of another."""
    match intensity.name:
        case "money_per_mw":
            bounds = dict.fromkeys(_fine(value / 10**9) for value in (intensity.low, intensity.high))
            exact = _("%(figures)s bn USD per MW") % {"figures": "–".join(bounds)}
            text = display.money_range(intensity.low, intensity.high)
            return format_html('{} <span class="under" title="{}">{}</span>', text, exact, _("per MW planned"))
        case "incentive_per_job":
            text = display.money_range(intensity.low, intensity.high)
            return format_html('{} <span class="under">{}</span>', text, _("per permanent job"))
    return measured(intensity.low, intensity.high, "m3/MWh", system)


def _fine(value: Decimal) -> str:
    return format_decimal(value, format="0.####", locale=display.language())


@register.filter
def intensity_name(name: str) -> str:
    """Say what an intensity divides by what."""
    return {
        "money_per_mw": _("Money to build, per megawatt planned"),
        "water_per_mwh": _("Water, per megawatt-hour used"),
        "incentive_per_job": _("Tax incentives, per permanent job"),
    }[name]


@register.filter
def trend_words(trend: str) -> str:
    """Say how a figure compares with the one before."""
    return {"up": _("up from"), "down": _("down from"), "same": _("unchanged since")}.get(trend, _("before:"))


@register.filter
def share(part: Any, whole: Any) -> Decimal | None:
    """Return a part of a whole in per cent, at most 100, as a bar shows it; None where either is unknown."""
    return min(Decimal(100), Decimal(part) * 100 / Decimal(whole)) if part is not None and whole else None


@register.filter
def with_sources(facts: Iterable[Any]) -> list[Any]:
    """Return the facts that name a source."""
    return [fact for fact in facts if fact.source]
