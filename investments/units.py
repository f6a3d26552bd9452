"""Physical units, by pint: from those that figures are kept in to those that a reader or a source uses.

Pure functions. Nothing is converted that is not of the same dimension.
"""

import re
from decimal import Decimal, localcontext
from functools import cache
from typing import Any, Literal

import pint

System = Literal["metric", "us"]
SYSTEMS: tuple[System, ...] = ("metric", "us")

# The units that figures are kept in, as pint names them.
KEPT = {
    "MW": "megawatt", "GW": "gigawatt", "MWh/year": "megawatt_hour / year", "TWh": "terawatt_hour",
    "TWh/year": "terawatt_hour / year", "m3/year": "meter ** 3 / year", "ha": "hectare", "t/year": "metric_ton / year",
    "m3/MWh": "meter ** 3 / megawatt_hour",
}  # fmt: skip
# What those of other countries are read in by US readers; the rest reads the same.
CUSTOMARY = {
    "m3/year": ("Mgal/year", "megagallon / year"),
    "ha": ("acre", "acre"),
    "t/year": ("short_ton/year", "short_ton / year"),
    "m3/MWh": ("gal/MWh", "gallon / megawatt_hour"),
}
# What sources state figures in, beside the unit that each is kept in; only these are read.
STATED = {
    "MW": ("kW", "GW"),
    "MWh/year": ("kWh/year", "GWh/year", "TWh/year"),
    "m3/year": ("L/year", "L/day", "m3/day", "gallon/year", "gallon/day"),
    "ha": ("m2", "km2", "acre", "ft2", "mi2"),
    "t/year": ("kg/year", "lb/year", "short_ton/year"),
}
# A converted figure is no more exact than the one it comes from.
DIGITS = 3


class UnitError(ValueError):
    """A unit that is not known, or not of the kind that is wanted; carries the text."""


@cache
def _registry() -> Any:
    # Without a cache folder: nothing is written outside the data folder.
    return pint.UnitRegistry(non_int_type=Decimal, cache_folder=None)


@cache
def _factor(source: str, target: str) -> Decimal:
    """Return by what a figure in the unit ``source`` is multiplied to be one in ``target``."""
    return Decimal(str(_registry().Quantity(Decimal(1), source).to(target).magnitude))


def shown_in(unit: str, system: System) -> str:
    """Return the name of the unit in which readers of a system see figures kept in ``unit``."""
    return CUSTOMARY[unit][0] if system == "us" and unit in CUSTOMARY else unit


def shown(value: Decimal, unit: str, system: System) -> Decimal:
    """Return a figure kept in ``unit`` as readers of a system see it; converted ones to three significant digits."""
    if shown_in(unit, system) == unit:
        return value
    whole = value * _factor(KEPT[unit], CUSTOMARY[unit][1])
    with localcontext() as context:
        context.prec = DIGITS
        return +whole


def kept(value: Decimal, stated: str, unit: str) -> Decimal:
    """Return a figure that a source states in the unit ``stated`` in the unit that it is kept in; raise UnitError."""
    if stated not in STATED.get(unit, ()):
        raise UnitError(stated)
    return (value * _factor(re.sub(r"(?<=[a-z])(?=\d)", "**", stated), KEPT[unit])).quantize(Decimal("0.0001"))
